"""`bowerbird read`: of files to the terminal, of the library into its search."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bowerbird.engines import reader as module
from bowerbird.engines.models import Models
from bowerbird.errors import DecodeError
from bowerbird.library import Library
from bowerbird.types import Progress
from helpers.readers import FakeReader, need_reading, page

Run = Callable[..., int]
Capture = pytest.CaptureFixture[str]
RED, GREEN = (220, 30, 30), (30, 180, 40)


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> FakeReader:
    fake = FakeReader({RED: ("Invoice 2023", "Total 5"), GREEN: ("Garden",)})
    monkeypatch.setattr(Models, "reader", lambda _: fake)
    return fake


def test_files(run: Run, photos: Path, reader: FakeReader, capsys: Capture) -> None:
    assert run("read", photos / "red.png") == 0
    assert capsys.readouterr().out == "Invoice 2023\nTotal 5\n"
    assert run("read", photos / "red.png", photos / "sea" / "blue.png") == 0
    assert capsys.readouterr().out.splitlines() == [
        str(photos / "red.png"),
        "Invoice 2023",
        "Total 5",
        str(photos / "sea" / "blue.png"),
    ]
    assert run("read", "--json", photos / "red.png") == 0
    row = json.loads(capsys.readouterr().out)
    assert row["text"] == "Invoice 2023\nTotal 5"
    assert row["lines"][0] == {
        "text": "Invoice 2023",
        "confidence": 0.9,
        "box": [0.0, 0.0, 1.0, 0.5],
    }


def test_files_that_cannot_be_read(
    run: Run, photos: Path, reader: FakeReader, capsys: Capture
) -> None:
    (photos / "bad.png").write_bytes(b"x")
    assert run("read", photos / "bad.png", photos / "red.png") == 1
    said = capsys.readouterr()
    assert "bad.png cannot be used: it is not a picture" in said.err
    assert "Invoice 2023" in said.out
    assert run("read", photos / "none.png") == 1
    reader.fail = DecodeError("crashed what reads text")
    assert run("read", photos / "red.png") == 1
    assert "red.png cannot be used: it crashed what reads text." in capsys.readouterr().err


def test_control_characters_do_not_reach_the_terminal(
    run: Run, photos: Path, reader: FakeReader, capsys: Capture
) -> None:
    reader.says[RED] = ("\x1b[31mred",)
    run("read", photos / "red.png")
    assert capsys.readouterr().out == "\\x1b[31mred\n"


def test_all_is_read_once_and_found(
    run: Run, indexed: Path, reader: FakeReader, capsys: Capture
) -> None:
    assert run("read") == 0
    assert capsys.readouterr().out.startswith("3 pictures read in ")
    assert run("search", "invoice 2023", "--limit", "1", "--paths") == 0
    assert capsys.readouterr().out == f"{indexed / 'red.png'}\n"
    assert run("search", "--where", "text exists", "--paths", "--sort", "name") == 0
    assert capsys.readouterr().out.splitlines() == [
        str(indexed / "green.png"),
        str(indexed / "red.png"),
    ]
    assert run("search", "--where", "text contains garden", "--paths") == 0
    assert capsys.readouterr().out == f"{indexed / 'green.png'}\n"
    before = len(reader.sizes)
    assert run("read", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"read": 0, "failed": 0, "with_text": 2}
    assert len(reader.sizes) == before
    assert run("read", "--again", "--where", "name = red.png") == 0
    assert len(reader.sizes) == before + 1
    assert "1 hold text" in capsys.readouterr().out


def test_what_crashes_is_named_and_not_asked_again(
    run: Run, indexed: Path, reader: FakeReader, capsys: Capture
) -> None:
    reader.fail = DecodeError("crashed what reads text")
    assert run("read") == 1
    said = capsys.readouterr()
    assert said.err.endswith(".png: it crashed what reads text.\n")
    assert "2 pictures read" in said.out
    assert "1 could not be" in said.out
    assert run("read") == 0
    assert "0 pictures read" in capsys.readouterr().out


def test_a_stopped_run_keeps_what_is_done_and_goes_on(
    run: Run, indexed: Path, reader: FakeReader, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Library.read_all

    def stopped(*words: object, **how: object) -> Iterator[Progress]:
        for step in whole(*words, **how):  # type: ignore[arg-type]
            yield step
            if step.done == 1:
                raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Library, "read_all", stopped)
        assert run("read") == 130
    assert "goes on from here" in capsys.readouterr().err
    assert run("read") == 0
    assert "2 pictures read" in capsys.readouterr().out


def test_a_changed_file_is_read_again(
    run: Run, indexed: Path, reader: FakeReader, capsys: Capture
) -> None:
    assert run("read") == 0
    page("anything", size=(60, 40)).save(indexed / "red.png")
    assert run("read") == 0, "what is not synced is not looked at"
    assert run("index", indexed) == 0
    assert run("search", "invoice", "--where", "text exists", "--paths") == 0
    capsys.readouterr()
    assert run("read") == 0
    assert "1 pictures read" in capsys.readouterr().out
    assert run("search", "--where", "text contains invoice") == 1


@pytest.mark.parametrize("words", [("--in", "photos"), ("--where", "width > 1"), ("--again",)])
def test_choosing_is_for_what_is_indexed(
    run: Run, photos: Path, reader: FakeReader, words: tuple[str, ...]
) -> None:
    assert run("read", photos / "red.png", *words) == 2


def test_where_nothing_can_read(
    run: Run, indexed: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "installed", lambda: False)
    for words in ((), (indexed / "red.png",), (indexed / "red.png", indexed / "green.png")):
        assert run("read", *words) == 1
        assert 'pip install "bowerbird[ocr]"' in capsys.readouterr().err


def test_a_person_is_not_told_that_nothing_matches(
    run: Run, indexed: Path, reader: FakeReader, terminal: Callable[[], str]
) -> None:
    assert run("read") == 0
    terminal()
    assert run("search", "invoice") == 0
    assert "matches well" not in terminal()


def test_really(run: Run, photos: Path, capsys: Capture) -> None:
    """From rendered pages to the hit, with the package, its process and all."""
    need_reading()
    page("ACME Ltd.", "Invoice number 2023-0417").save(photos / "scan_a.png")
    page("Minutes of the meeting", "Gardens and bees").save(photos / "scan_b.jpg")
    assert run("index", photos) == 0
    assert run("read") == 0
    assert "2 hold text" in capsys.readouterr().out
    assert run("search", "invoice 2023", "--limit", "1", "--paths") == 0
    assert capsys.readouterr().out == f"{photos / 'scan_a.png'}\n"
    assert run("search", "bees", "--limit", "1", "--paths") == 0
    assert capsys.readouterr().out == f"{photos / 'scan_b.jpg'}\n"


def test_a_drive_that_is_not_there_is_said_and_tried_again(
    run: Run, indexed: Path, reader: FakeReader, capsys: Capture
) -> None:
    away = indexed.with_name("away")
    indexed.rename(away)
    assert run("read") == 1
    said = capsys.readouterr()
    assert "0 pictures read" in said.out
    assert len(said.err.splitlines()) == 3
    assert ".." not in said.err
    away.rename(indexed)
    assert run("read") == 0
    assert "3 pictures read" in capsys.readouterr().out
