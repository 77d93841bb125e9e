"""The log file, and that a log is never worth failing for."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from bowerbird import logs


@pytest.fixture(autouse=True)
def quiet_again() -> Iterator[None]:
    logger = logging.getLogger("bowerbird")
    before, level = logger.handlers[:], logger.level
    yield
    for handler in logger.handlers[:]:
        if handler not in before:
            handler.close()
            logger.removeHandler(handler)
    logger.setLevel(level)


def test_records_go_to_the_file(tmp_path: Path) -> None:
    logs.set_up(tmp_path / "logs")
    logging.getLogger("bowerbird.test").info("something happened")
    text = (tmp_path / "logs" / "bowerbird.log").read_text()
    assert "INFO bowerbird.test: something happened" in text


def test_folder_that_cannot_be_made_leaves_stderr(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    logs.set_up(tmp_path / "file" / "logs")
    logging.getLogger("bowerbird.test").info("still said")
    assert "still said" in capsys.readouterr().err


@pytest.mark.logs_expected
def test_names_of_files_steer_no_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logs.set_up(tmp_path / "logs", verbose=True)
    try:
        raise OSError("\x1b[2J")
    except OSError:
        logging.getLogger("bowerbird.test").exception("a\x1b[31m\nb.png is none")
    said = capsys.readouterr().err
    kept = (tmp_path / "logs" / "bowerbird.log").read_text()
    assert "a\\x1b[31m\\x0ab.png is none\nTraceback" in kept
    assert "OSError: \\x1b[2J" in kept
    assert "\x1b" not in said + kept


def test_a_name_that_is_no_text_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    logs.set_up(tmp_path / "logs")
    logging.getLogger("bowerbird.test").info("b\udcff.png is none")
    assert r"b\udcff.png is none" in (tmp_path / "logs" / "bowerbird.log").read_text()
    assert "Logging error" not in capsys.readouterr().err
