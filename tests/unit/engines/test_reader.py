"""What crashes or hangs the reader's process takes it along, and nothing else."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from bowerbird.engines import reader as module
from bowerbird.engines.reader import RapidReader
from bowerbird.errors import DecodeError, ModelError, ModelMissingError
from helpers.readers import (
    BABBLE,
    CRASH,
    HANG,
    NONSENSE,
    ONCE,
    REFUSE,
    is_running,
    picture,
    program,
)

posix = pytest.mark.skipif(os.name != "posix", reason="kill -9 is of POSIX")


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[RapidReader]:
    made = RapidReader(0, lambda: program(tmp_path / "mark"))
    yield made
    made.close()


def test_lines_come_back_and_the_process_stays(reader: RapidReader) -> None:
    assert reader.pid is None
    (line,) = reader.read(picture(width=5, height=7))
    assert (line.text, line.confidence, line.box) == ("7 x 5", 0.5, (0.0, 0.0, 1.0, 1.0))
    first = reader.pid
    reader.read(picture())
    assert reader.pid == first


def test_turned_and_cut_pixels_are_sent_as_they_are_seen(reader: RapidReader) -> None:
    seen = np.rot90(picture(width=9, height=3))[1:, ::-1]
    assert reader.read(seen)[0].text == "8 x 3"


@pytest.mark.parametrize("shape", [(3, 3), (3, 3, 4)])
def test_pixels_that_are_none(reader: RapidReader, shape: tuple[int, ...]) -> None:
    with pytest.raises(ModelError):
        reader.read(np.zeros(shape, np.uint8))
    with pytest.raises(ModelError):
        reader.read(picture().astype(np.float32))


@pytest.mark.parametrize("what", [CRASH, BABBLE, NONSENSE])
def test_a_picture_that_crashes_it_twice_is_to_blame(reader: RapidReader, what: int) -> None:
    with pytest.raises(DecodeError, match="crashed what reads text"):
        reader.read(picture(what))
    assert reader.pid is None
    assert reader.read(picture())[0].text == "3 x 4"


def test_a_crash_by_chance_is_tried_again(reader: RapidReader) -> None:
    assert reader.read(picture(ONCE))[0].text == "3 x 4"


@posix
def test_a_killed_process_is_replaced(reader: RapidReader) -> None:
    reader.read(picture())
    first = reader.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    assert reader.read(picture())[0].text == "3 x 4"
    assert reader.pid != first


def test_a_picture_that_hangs_it_is_ended(
    reader: RapidReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader.read(picture())
    with monkeypatch.context() as patch:
        patch.setattr(module, "TIME_LIMIT_S", 0.2)
        with pytest.raises(DecodeError, match="too long"):
            reader.read(picture(HANG))
    assert reader.read(picture())[0].text == "3 x 4"


def test_what_it_refuses_is_a_reason_and_no_crash(reader: RapidReader) -> None:
    reader.read(picture())
    first = reader.pid
    with pytest.raises(DecodeError, match="MemoryError"):
        reader.read(picture(REFUSE))
    assert reader.read(picture())
    assert first is not None


def test_it_can_be_given_up(reader: RapidReader) -> None:
    reader.read(picture())
    gone = threading.Event()
    threading.Timer(0.1, gone.set).start()
    begun = time.monotonic()
    with pytest.raises(ModelError, match="given up"):
        reader.read(picture(HANG), gone)
    assert time.monotonic() - begun < 60
    with pytest.raises(ModelError, match="given up"):
        reader.read(picture(), gone)
    assert reader.read(picture())


@pytest.mark.parametrize(
    ("hello", "why"),
    [
        ("sys.exit(1)", "ended at once"),
        ("send(answers, {'error': 'ImportError: libGL.so.1'})", "libGL.so.1"),
        ("answers.write(b'no message at all, but a long one'); answers.flush()", "ended at once"),
    ],
)
def test_a_process_that_cannot_begin_is_no_pictures_fault(
    tmp_path: Path, hello: str, why: str
) -> None:
    reader = RapidReader(0, lambda: program(tmp_path / "mark", hello))
    with pytest.raises(ModelError, match=why) as caught:
        reader.read(picture())
    assert "pip install" in str(caught.value)
    assert reader.pid is None
    reader.close()


def test_a_process_that_takes_for_ever_to_begin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "START_LIMIT_S", 0.2)
    reader = RapidReader(0, lambda: program(tmp_path / "mark", "time.sleep(600)"))
    with pytest.raises(ModelError, match="too long"):
        reader.read(picture())
    reader.close()


def test_no_process_at_all(tmp_path: Path) -> None:
    reader = RapidReader(0, lambda: [str(tmp_path / "nothing")])
    with pytest.raises(ModelError, match="try again"):
        reader.read(picture())
    reader.close()


@posix
def test_it_is_let_go_when_idle(tmp_path: Path) -> None:
    reader = RapidReader(0.05, lambda: program(tmp_path / "mark"))
    gone: Callable[[], bool] = lambda: reader.pid is None  # noqa: E731
    reader.read(picture())
    deadline = time.monotonic() + 20
    while not gone() and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    assert gone()
    assert reader.read(picture())
    reader.close()


@posix
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="/proc says what runs")
def test_its_own_process_ends_with_its_parent_even_while_it_reads() -> None:
    """The real worker, whose reading is replaced by a sleep."""
    worker = (
        "from bowerbird.engines import reading_worker as w; import time\n"
        "w.load = lambda: (lambda pixels: time.sleep(600))\n"
        "w.main()"
    )
    script = (
        f"import sys, threading, time; sys.path[:] = {sys.path!r}\n"
        "import numpy as np\n"
        "from bowerbird.engines.reader import RapidReader\n"
        f"code = 'import sys; sys.path[:] = ' + repr(sys.path) + chr(10) + {worker!r}\n"
        "reader = RapidReader(0, lambda: [sys.executable, '-c', code])\n"
        "pixels = np.zeros((9, 9, 3), np.uint8)\n"
        "threading.Thread(target=reader.read, args=(pixels,), daemon=True).start()\n"
        "while reader.pid is None: time.sleep(0.01)\n"
        "time.sleep(0.5)\n"
        "print(reader.pid, flush=True)\n"
        "time.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert is_running(child)
        parent.kill()
    deadline = time.monotonic() + 30
    while is_running(child) and time.monotonic() < deadline:
        threading.Event().wait(0.05)
    assert not is_running(child), "the process outlived its parent"


def test_missing_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "installed", lambda: False)
    assert module.check() == []
    error = module.missing()
    assert isinstance(error, ModelMissingError)
    assert 'pip install "bowerbird[ocr]"' in str(error)


def test_check_says_what_is_wrong(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "installed", lambda: True)
    monkeypatch.setattr(module, "_command", lambda: program(tmp_path / "mark"))
    assert [line.ok for line in module.check()] == [True]
    monkeypatch.setattr(module, "_command", lambda: program(tmp_path / "mark", "sys.exit(1)"))
    (line,) = module.check()
    assert not line.ok
    assert "could not be started" in line.detail
