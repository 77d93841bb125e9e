"""Where `bowerbird serve` listens, and where it refuses to."""

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from bowerbird.errors import UsageError
from bowerbird.server import run as serving
from bowerbird.server.run import Options

Run = Callable[..., int]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.com"])
def test_others_are_only_served_encrypted(host: str) -> None:
    with pytest.raises(UsageError, match=r"--tls-certificate.*--unencrypted"):
        serving.check(Options(host=host))
    serving.check(Options(host=host, unencrypted=True))


def test_what_is_no_certificate(tmp_path: Path) -> None:
    file = tmp_path / "a.pem"
    for text in (None, "no certificate"):
        if text is not None:
            file.write_text(text)
        with pytest.raises(UsageError, match="PEM"):
            serving.check(Options(host="0.0.0.0", certificate=file))


def test_an_address_that_is_taken(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    with serving.listen(Options(port=0)) as taken:
        port = taken.getsockname()[1]
        assert run("serve", "--port", str(port)) == 2
    error = capsys.readouterr().err
    assert str(port) in error
    assert "--port" in error


@pytest.mark.parametrize("words", [("--port", "70000"), ("--host", "192.0.2.1", "--unencrypted")])
def test_an_address_that_is_none_of_this_machine(run: Run, words: tuple[str, ...]) -> None:
    assert run("serve", *words) == 2


def test_the_names_that_it_is_called_by() -> None:
    own = {"localhost", "127.0.0.1", "::1"}
    assert set(serving._hosts(Options())) == own
    assert set(serving._hosts(Options(host="0.0.0.0", names=("Photos.Example",)))) == {
        *own,
        "photos.example",
    }
    assert "192.0.2.1" in serving._hosts(Options(host="192.0.2.1"))


def test_small_answers_are_sent_at_once() -> None:
    """Asyncio only sets TCP_NODELAY where the socket names its protocol."""
    with serving.listen(Options(port=0)) as listening:
        assert listening.proto == socket.IPPROTO_TCP
