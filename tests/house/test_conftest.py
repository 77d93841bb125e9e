"""The fixtures that catch leaks and noise do catch them."""

import pytest

pytest_plugins = ["pytester"]

NOISY = """
import logging, threading, pytest

def test_logs():
    logging.getLogger("bowerbird.store").warning("odd")

@pytest.mark.logs_expected
def test_logs_on_purpose():
    logging.getLogger("bowerbird.store").warning("odd")

stop = threading.Event()

def test_leaks():
    threading.Thread(target=stop.wait, name="leaky", daemon=True).start()

def test_ends_its_thread():
    stop.set()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    thread.join()
"""


@pytest.mark.logs_expected  # those of the tests within
def test_leaks_and_noise_fail(pytester: pytest.Pytester, request: pytest.FixtureRequest) -> None:
    conftest = request.config.rootpath / "tests" / "conftest.py"
    pytester.makeconftest(conftest.read_text("utf-8").replace("GRACE_S = 2.0", "GRACE_S = 0.05"))
    pytester.makepyfile(NOISY)
    result = pytester.runpytest_inprocess("-p", "no:pytest-qt", "-p", "no:cacheprovider")
    # A fixture that fails after its test makes an error, beside the test that passed.
    result.assert_outcomes(passed=4, errors=2)
    result.stdout.fnmatch_lines(["*logged:*odd*", "*threads left running: leaky*"])
