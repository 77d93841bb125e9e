"""What goes over the pipes to worker processes."""

import io
import subprocess
import sys

import pytest

from bowerbird import workers


def test_what_is_sent_is_received() -> None:
    pipe = io.BytesIO()
    workers.send(pipe, {"path": "ä"}, b"data")
    workers.send(pipe, {"n": 1})
    pipe.seek(0)
    assert workers.receive(pipe) == ({"path": "ä"}, b"data")
    assert workers.receive(pipe) == ({"n": 1}, b"")
    with pytest.raises(EOFError):
        workers.receive(pipe)


def test_half_a_message_and_none() -> None:
    pipe = io.BytesIO()
    workers.send(pipe, {}, b"data")
    with pytest.raises(EOFError):
        workers.receive(io.BytesIO(pipe.getvalue()[:-1]))
    with pytest.raises(ValueError, match="no message"):
        workers.receive(io.BytesIO(b"x" * 100))


def test_what_prints_is_not_taken_for_an_answer() -> None:
    code = (
        f"import os, sys; sys.path[:] = {sys.path!r}\n"
        "from bowerbird.workers import answers_alone, send\n"
        "answers = answers_alone()\n"
        "os.write(1, b'printed from C'); print('printed', flush=True)\n"
        "send(answers, {'ok': True})\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert workers.receive(io.BytesIO(done.stdout)) == ({"ok": True}, b"")
    assert len(done.stdout) == 12 + len(b'{"ok": true}')


@pytest.mark.skipif(sys.platform == "win32", reason="limits are of POSIX")
def test_memory_has_a_limit() -> None:
    code = (
        f"import sys; sys.path[:] = {sys.path!r}\n"
        "from bowerbird.workers import limit_memory\n"
        "limit_memory(1 << 30)\n"
        "try: bytearray(2 << 30)\n"
        "except MemoryError: print('refused')\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout.strip() == b"refused"


def test_the_command_runs_main_of_a_module(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "from bowerbird.apart import main" in workers.command("bowerbird.apart", "--x")[-1]
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert workers.command("bowerbird.apart", "--x") == [sys.executable, "--x"]
