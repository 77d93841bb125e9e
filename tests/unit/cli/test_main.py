import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bowerbird import __version__
from bowerbird.cli import search, status
from bowerbird.errors import LibraryCorruptError, NotFoundError
from bowerbird.library import Library

Capture = pytest.CaptureFixture[str]
Run = Callable[..., int]


def fail(error: BaseException) -> Callable[..., int]:
    def run(*_: object) -> int:
        raise error

    return run


def test_help_and_version(run: Run, capsys: Capture) -> None:
    assert run("--help") == 0
    assert "exit codes" in capsys.readouterr().out
    assert run("--version") == 0
    assert capsys.readouterr().out == f"bowerbird {__version__}\n"


@pytest.mark.parametrize(
    "words",
    [("nonsense",), ("search", "--limit", "-1"), ("search", "a", "--sideways"), ("similar",)],
)
def test_arguments_that_do_not_parse(run: Run, capsys: Capture, words: tuple[str, ...]) -> None:
    assert run(*words) == 2
    assert "usage: bowerbird" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("word", "advice"), [("serch", "Did you mean search?"), ("blah", "--help lists all.")]
)
def test_a_mistyped_command_is_told_which_is_near(
    run: Run, capsys: Capture, word: str, advice: str
) -> None:
    assert run(word, "dog") == 2
    shown = capsys.readouterr().err
    assert f"there is no command '{word}'. " in shown
    assert advice in shown


def test_global_options_stand_before_or_after_the_command(
    run: Run, tmp_path: Path, capsys: Capture
) -> None:
    for number, words in enumerate((("--library", "{}", "status"), ("status", "--library", "{}"))):
        folder = tmp_path / str(number)
        Library.open(folder).close()
        assert run(*(word.format(folder) for word in words)) == 0
        assert str(folder) in capsys.readouterr().out


@pytest.mark.parametrize(
    "words",
    [
        ("status",),
        ("search", "red"),
        ("collections",),
        ("keys",),
        ("sync",),
        ("duplicates",),
        ("doctor",),
        ("failures",),
    ],
)
def test_a_mistyped_library_is_not_made(
    run: Run, tmp_path: Path, capsys: Capture, words: tuple[str, ...]
) -> None:
    typo = tmp_path / "nope" / "lib"
    assert run("--library", typo, *words) == 2
    assert f"bowerbird --library {typo} index FOLDER" in capsys.readouterr().err
    assert not typo.parent.exists()


def test_commands_that_fill_a_library_make_it(run: Run, photos: Path, tmp_path: Path) -> None:
    assert run("--library", tmp_path / "a", "index", photos) == 0
    assert run("--library", tmp_path / "b", "collections", "add", "shop") == 0
    assert run("--library", tmp_path / "c", "keys", "make", "laptop") == 0
    assert run("--library", tmp_path / "a", "status") == 0


def test_a_minus_outside_of_quotes_gets_a_hint(run: Run, capsys: Capture) -> None:
    assert run("search", "dog", "-people") == 2
    assert "quote it all: 'dog -people', or say --not people" in capsys.readouterr().err
    assert run("search", "-people") == 2
    assert "say --not people, or ' -people' with a space before" in capsys.readouterr().err


def test_texts_may_follow_options(run: Run, indexed: Path, capsys: Capture) -> None:
    assert run("search", "red", "--paths", "--limit", "1", "red") == 0
    assert capsys.readouterr().out.endswith("red.png\n")


@pytest.mark.parametrize(
    ("error", "code"), [(NotFoundError("Look here."), 2), (LibraryCorruptError("Look here."), 1)]
)
def test_known_errors_are_sentences(
    run: Run, capsys: Capture, monkeypatch: pytest.MonkeyPatch, error: Exception, code: int
) -> None:
    monkeypatch.setattr(status, "run", fail(error))
    assert run("status") == code
    assert capsys.readouterr().err == "bowerbird: Look here.\n"


@pytest.mark.logs_expected
def test_unexpected_errors_go_to_the_log(
    run: Run, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status, "run", fail(ZeroDivisionError("a secret of ours")))
    assert run("status") == 1
    error = capsys.readouterr().err
    assert "ZeroDivisionError" in error
    assert "Traceback" not in error
    log = Path(error.split("; ")[1].removesuffix(" has the details.\n"))
    assert "a secret of ours" in log.read_text("utf-8")
    assert "Traceback" in log.read_text("utf-8")


@pytest.mark.logs_expected
def test_a_full_disk_is_a_sentence(
    run: Run, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = OSError(errno.ENOSPC, "No space left on device", "hits.csv")
    monkeypatch.setattr(status, "run", fail(full))
    assert run("status") == 1
    expected = "bowerbird: hits.csv: No space left on device. Free some space and try again.\n"
    assert capsys.readouterr().err == expected


def test_interrupted(run: Run, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "run", fail(KeyboardInterrupt()))
    assert run("search", "red") == 130
    assert "goes on from here" in capsys.readouterr().err


def test_a_reader_that_leaves_is_no_error(indexed: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "wb") as gone:
        done = subprocess.run(
            [sys.executable, "-m", "bowerbird", "collections"],
            stdout=gone,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )
    assert done.stderr == ""
    assert done.returncode == 141
