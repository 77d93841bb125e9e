"""Videos from the terminal: asked for, searched, listed, taken elsewhere."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from bowerbird.decode import film
from bowerbird.engines.models import Models
from bowerbird.indexing import adding
from helpers import films
from helpers.readers import FakeReader

Capture = pytest.CaptureFixture[str]
Run = Callable[..., int]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "holiday"
    films.put(made, "clips/party.mp4", films.scenes(1, 2, 3))
    Image.new("RGB", (60, 40), "red").save(made / "red.png")
    return made


@pytest.fixture
def indexed(run: Run, folder: Path, capsys: Capture) -> Path:
    assert run("index", folder, "--video") == 0
    capsys.readouterr()
    return folder


def test_videos_are_passed_over_until_they_are_asked_for(
    run: Run, folder: Path, capsys: Capture
) -> None:
    assert run("index", folder) == 0
    assert "holiday: 1 pictures" in capsys.readouterr().out
    assert run("index", folder, "--video") == 0
    assert "holiday: 4 pictures; 1 worked on" in capsys.readouterr().out
    assert run("index") == 0
    assert "holiday: 4 pictures; 0 worked on" in capsys.readouterr().out
    assert run("index", "holiday", "--no-video") == 0
    assert "holiday: 1 pictures, 3 missing" in capsys.readouterr().out
    assert run("index", "holiday", "--video") == 0
    assert "holiday: 4 pictures; 0 worked on" in capsys.readouterr().out


def test_hits_say_when(run: Run, indexed: Path, capsys: Capture) -> None:
    assert run("search", "--where", "kind = video", "--sort", "name") == 0
    lines = [line.split("\t")[-1] for line in capsys.readouterr().out.splitlines()]
    party = str(indexed / "clips" / "party.mp4")
    assert lines == [f"{party} at 0:00", f"{party} at 0:02", f"{party} at 0:04"]
    assert run("search", "--where", "time >= 2", "--sort", "name", "--json") == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {row["path"] for row in rows} == {party}
    assert [row["key"] for row in rows] == [f"clips/party.mp4#t={row['time']:.3f}" for row in rows]
    assert [int(row["time"]) for row in rows] == [2, 4]


def test_the_text_in_all_frames_is_read(
    run: Run, indexed: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    monkeypatch.setattr(Models, "reader", lambda _: FakeReader())
    assert run("read") == 0
    assert capsys.readouterr().out.startswith("4 pictures read")
    with (indexed / "clips" / "party.mp4").open("ab") as film:
        film.write(b"more")
    assert run("read", "--again") == 1
    assert capsys.readouterr().err.count("party.mp4: it changed, sync first.") == 3


def test_paths_are_files_each_once(run: Run, indexed: Path, capsys: Capture) -> None:
    assert run("search", "--in", "holiday", "--paths", "--sort", "name") == 0
    found = [Path(line) for line in capsys.readouterr().out.splitlines()]
    assert sorted(found) == [indexed / "clips" / "party.mp4", indexed / "red.png"]


def test_hits_can_be_grouped_by_file(run: Run, indexed: Path, capsys: Capture) -> None:
    assert run("search", "--in", "holiday", "--group-by", "file", "--json") == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_a_video_is_exported_once(run: Run, indexed: Path, tmp_path: Path, capsys: Capture) -> None:
    target = tmp_path / "out"
    assert run("export", "--in", "holiday", "--to", target) == 0
    assert sorted(path.name for path in target.iterdir()) == ["party.mp4", "red.png"]
    assert (target / "party.mp4").read_bytes() == (indexed / "clips/party.mp4").read_bytes()


def test_a_frame_is_found_by_a_picture(run: Run, indexed: Path, capsys: Capture) -> None:
    assert run("search", "--where", "time > 3", "--json") == 0
    row = json.loads(capsys.readouterr().out)
    assert run("similar", indexed / "red.png", "--where", "kind = video", "--json") == 0
    assert row["uuid"] in capsys.readouterr().out


def test_without_the_package_a_sentence_says_how_to_get_it(
    run: Run, folder: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "can_read", lambda: False)
    monkeypatch.setattr(film, "can_read", lambda: False)
    assert run("index", folder, "--video") == 2
    assert 'pip install "bowerbird[video]"' in capsys.readouterr().err
    assert run("index", folder) == 0
    capsys.readouterr()
    run("doctor", "--json")
    checks = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    (videos,) = [check for check in checks if check["name"] == "videos"]
    assert videos["ok"]
    assert "pip install" in videos["advice"]


def test_videos_are_asked_for_by_folder(run: Run, indexed: Path, capsys: Capture) -> None:
    assert run("index", "--video") == 2
    assert "PATH" in capsys.readouterr().err
    assert run("collections", "add", "shop") == 0
    assert run("index", "shop", "--video") == 2
    assert "only looked into in folders" in capsys.readouterr().err


def test_collections_say_where_videos_are_looked_into(
    run: Run, indexed: Path, capsys: Capture
) -> None:
    assert run("collections", "--json") == 0
    assert json.loads(capsys.readouterr().out)["videos"] is True
