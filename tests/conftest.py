"""What every test runs under: a home of its own, no leaked threads, no unexpected log records."""

import gc
import logging
import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
# Executors end their threads at once, but not always within the same microsecond.
GRACE_S = 2.0


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", "logs_expected: this test makes bowerbird log warnings or errors on purpose"
    )
    config.addinivalue_line("markers", "threads_expected(reason): a library keeps a thread")


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep every test away from the user's library, settings, models and log."""
    home = tmp_path / "home"
    monkeypatch.setenv("BOWERBIRD_LIBRARY", str(home / "library"))
    monkeypatch.setenv("BOWERBIRD_MODELS", str(home / "models"))
    for variable in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(variable, str(home / variable.lower()))


@pytest.fixture(autouse=True)
def _no_leaked_threads(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a thread running: the next one would fail for it."""
    before = set(threading.enumerate())
    yield
    if request.node.get_closest_marker("threads_expected"):
        return
    leaked = [thread for thread in threading.enumerate() if thread not in before]
    if leaked:
        gc.collect()  # an executor that is garbage ends its threads
    for thread in leaked:
        thread.join(GRACE_S)
    still = [thread.name for thread in leaked if thread.is_alive()]
    assert not still, f"threads left running: {', '.join(still)}"


class _Records(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.seen.append(f"{record.levelname} {record.name}: {record.getMessage()}")


@pytest.fixture(autouse=True)
def _no_unexpected_logs(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test in which bowerbird logs a warning or worse without the test saying so.

    Use `caplog` or the mark `logs_expected` to say so.
    """
    records = _Records()
    logger = logging.getLogger("bowerbird")
    logger.addHandler(records)
    yield
    logger.removeHandler(records)
    if "caplog" in request.fixturenames or request.node.get_closest_marker("logs_expected"):
        return
    assert not records.seen, f"logged: {records.seen}"


@pytest.fixture
def shared() -> Path:
    """The folder of real pictures beside the checkout."""
    if not (SHARED / "data").is_dir():
        pytest.skip(f"needs the real pictures of {SHARED / 'data'}, which are not there")
    return SHARED
