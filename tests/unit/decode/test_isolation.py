"""Workers that die or hang take their file along, and nothing else."""

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from bowerbird.decode import isolation
from bowerbird.decode.decoder import decode
from bowerbird.errors import DecodeError
from bowerbird.types import PixelSpec
from helpers.images import SVG


@pytest.fixture(autouse=True)
def _no_workers_stay() -> Iterator[None]:
    isolation.shut_down()
    yield
    isolation.shut_down()


def draw() -> object:
    return decode(io.BytesIO(SVG.encode()), "a.svg", PixelSpec(8), max_pixels=10**8)


def test_worker_is_kept_for_the_next_file() -> None:
    draw()
    (first,) = [worker.pid for worker in isolation._idle]
    draw()
    assert [worker.pid for worker in isolation._idle] == [first]


def test_killed_worker_is_replaced() -> None:
    draw()
    (worker,) = isolation._idle
    os.kill(worker.pid, signal.SIGKILL)
    worker._process.wait()
    draw()
    assert [again.pid for again in isolation._idle] != [worker.pid]


def test_crash_in_the_middle_is_a_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    crash = "import os, sys; sys.stdin.buffer.read(1); os.abort()"
    monkeypatch.setattr(isolation, "_command", lambda: [sys.executable, "-c", crash])
    with pytest.raises(DecodeError, match="crashed its decoder"):
        draw()
    assert isolation._idle == []
    monkeypatch.undo()
    draw()


def test_hang_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    hang = "import time; time.sleep(600)"
    monkeypatch.setattr(isolation, "_command", lambda: [sys.executable, "-c", hang])
    monkeypatch.setattr(isolation, "TIME_LIMIT_S", 0.3)
    with pytest.raises(DecodeError, match="too long"):
        draw()
    assert isolation._idle == []


def test_nonsense_from_a_worker_is_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    babble = "import sys; sys.stdin.buffer.read(1); print('x' * 100)"
    monkeypatch.setattr(isolation, "_command", lambda: [sys.executable, "-c", babble])
    with pytest.raises(DecodeError, match="crashed its decoder"):
        draw()


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is of POSIX")
def test_worker_ends_when_its_parent_is_killed() -> None:
    script = (
        "import io, sys, os, signal\n"
        "from bowerbird.decode import isolation\n"
        "from bowerbird.decode.decoder import decode\n"
        "from bowerbird.types import PixelSpec\n"
        f"decode(io.BytesIO({SVG.encode()!r}), 'a.svg', PixelSpec(8), max_pixels=10**8)\n"
        "print(isolation._idle[0].pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, env=environment, check=False
    )
    pid = int(done.stdout)
    for _ in range(100):
        try:
            with open(f"/proc/{pid}/stat") as stat:  # noqa: PTH123
                if stat.read().split()[2] == "Z":
                    return
        except FileNotFoundError:
            return
        subprocess.run(["sleep", "0.05"], check=True)
    pytest.fail("the worker outlived its parent")
