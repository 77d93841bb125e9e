"""The way of a user through the terminal, and every bad input that the program must survive."""

import json
import os
import resource
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

APP = Path(__file__).resolve().parents[2] / "app"
Run = Callable[..., "subprocess.CompletedProcess[str]"]


def library() -> Path:
    return Path(os.environ["BOWERBIRD_LIBRARY"])


def rows(done: "subprocess.CompletedProcess[str]") -> list[dict[str, object]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def refused(done: "subprocess.CompletedProcess[str]", code: int, *words: str) -> None:
    """One sentence on stderr, the right exit code, nothing on stdout."""
    assert done.returncode == code, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith("bowerbird: "), done.stderr
    for word in words:
        assert word in done.stderr


# --- the way of a user --------------------------------------------------------------------------


def test_index_search_similar(run: Run, photos: Path) -> None:
    done = run("index", photos)
    assert done.returncode == 0, done.stderr
    assert "6 pictures" in done.stdout
    found = rows(run("similar", photos / "a" / "white-red.jpg", "--json", "--limit", 3))
    assert [row["rank"] for row in found] == [1, 2, 3]
    best = found[0]
    assert set(best) == {
        "rank",
        "score",
        "distance",
        "good",
        "worded",
        "uuid",
        "collection",
        "key",
        "path",
        "time",
        "width",
        "height",
        "metadata",
    }
    assert best["path"] == str(photos / "a" / "white-red.jpg")
    assert best["key"] == "a/white-red.jpg"
    assert best["collection"] == "photos"
    assert (best["width"], best["height"]) == (320, 240)
    assert best["score"] == pytest.approx(1.0, abs=0.01)
    assert best["distance"] == pytest.approx(1.0 - float(str(best["score"])), abs=1e-5)
    plain = run("search", "a red circle", "--limit", 2)
    assert plain.returncode == 0
    assert len(plain.stdout.splitlines()) == 2


def test_paths_and_null(run: Run, photos: Path) -> None:
    run("index", photos)
    paths = run("search", "circle", "--paths").stdout.splitlines()
    assert sorted(paths) == sorted(str(path) for path in photos.rglob("*.jpg"))
    ended = run("search", "circle", "--null").stdout
    assert ended.endswith("\0")
    assert ended.split("\0")[:-1] == paths


def test_filters_and_pages(run: Run, photos: Path) -> None:
    run("index", photos)
    found = rows(run("search", "--where", "folder = a and height > 250", "--json"))
    assert {row["key"] for row in found} == {"a/white-yellow.jpg", "a/navy-red.jpg"}
    pages = [
        row["key"]
        for offset in (0, 4)
        for row in rows(run("search", "dot", "--json", "--limit", 4, "--offset", offset))
    ]
    assert len(set(pages)) == 6
    grouped = rows(run("search", "dot", "--json", "--group-by", "folder"))
    assert len(grouped) == 2
    nothing = run("search", "dot", "--where", "width > 10000")
    assert nothing.returncode == 1
    assert nothing.stdout == ""


def test_not_and_mixed_terms(run: Run, photos: Path) -> None:
    run("index", photos)
    white = photos / "a" / "white-red.jpg"
    plain = rows(run("search", "--image", white, "--json"))
    without = rows(run("search", "--image", white, "--not", white.parent / "white-yellow.jpg",
                       "--json"))  # fmt: skip
    place = {str(row["key"]): row["rank"] for row in plain}["a/white-yellow.jpg"]
    assert {str(row["key"]): row["rank"] for row in without}["a/white-yellow.jpg"] > place
    assert run("search", "yellow", "--image", white, "--not", "night").returncode == 0


def test_second_index_does_nothing_and_finds_changes(run: Run, photos: Path) -> None:
    run("index", photos)
    assert "0 worked on" in run("index").stdout
    (photos / "a" / "white-red.jpg").rename(photos / "renamed.jpg")
    (photos / "b" / "black-red.jpg").unlink()
    done = run("index", "photos")
    assert "5 pictures, 1 missing" in done.stdout
    keys = {row["key"] for row in rows(run("search", "--where", "width > 0", "--json"))}
    assert "renamed.jpg" in keys
    assert "b/black-red.jpg" not in keys


def test_failures_are_listed_with_reasons(run: Run, photos: Path) -> None:
    (photos / "broken.jpg").write_bytes(b"\xff\xd8\xff nothing")
    (photos / "text.png").write_text("hello")
    done = run("index", photos)
    assert done.returncode == 0
    assert "2 failed" in done.stdout
    listed = run("failures").stdout
    assert "broken.jpg" in listed
    assert "is not a picture" in listed


def test_collections_status_doctor_models(run: Run, photos: Path) -> None:
    run("index", photos, "--name", "Dots")
    assert "Dots" in run("collections").stdout
    status = run("status", "--json")
    assert status.returncode == 0
    doctor = run("doctor")
    assert doctor.returncode == 0, doctor.stdout
    assert "database" in doctor.stdout
    assert "builtin" in run("models", "list").stdout
    done = run("collections", "remove", "Dots")
    assert done.returncode == 0
    assert len(list(photos.rglob("*.jpg"))) == 6
    assert run("search", "dot").returncode == 1


def test_export(run: Run, photos: Path, tmp_path: Path) -> None:
    run("index", photos)
    out = tmp_path / "out"
    assert run("export", "--where", "folder = a", "--to", out).returncode == 0
    assert sorted(path.name for path in out.iterdir()) == [
        "navy-red.jpg",
        "white-red.jpg",
        "white-yellow.jpg",
    ]
    listed = tmp_path / "list.csv"
    assert run("export", "dot", "--csv", listed).returncode == 0
    assert len(listed.read_text().splitlines()) == 7


def test_completion_and_version_need_no_library(run: Run) -> None:
    for shell in ("bash", "zsh", "tcsh"):
        assert "bowerbird" in run("completion", shell).stdout
    assert run("--version").stdout.startswith("bowerbird ")
    assert not library().exists()


def test_odd_names_survive(run: Run, photos: Path) -> None:
    source = photos / "a" / "white-red.jpg"
    for name in ("new\nline.jpg", "ü 日本 🐦.jpg", "-dash.jpg", "quote'\".jpg"):
        (photos / name).write_bytes(source.read_bytes())
    assert run("index", photos).returncode == 0
    paths = run("search", "dot", "--null").stdout.split("\0")
    assert str(photos / "new\nline.jpg") in paths
    assert str(photos / "ü 日本 🐦.jpg") in paths


# --- bad input ----------------------------------------------------------------------------------


def test_wrong_queries(run: Run, photos: Path, tmp_path: Path) -> None:
    run("index", photos)
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff nothing")
    refused(run("search"), 2)
    refused(run("search", "  "), 2, "empty")
    refused(run("search", "a", "--where", "width >>> 3"), 2, "filter")
    refused(run("search", "a", "--where", "colour_of_sky = 1"), 2, "colour_of_sky")
    refused(run("search", "a", "--where", "width > many"), 2, "width")
    refused(run("search", "a", "--in", "nowhere"), 2, "nowhere", "photos")
    refused(run("search", "--image", tmp_path / "none.jpg"), 1, "none.jpg")
    refused(run("search", "--image", broken), 1, "broken.jpg", "cannot be used")
    refused(run("search", "--image", tmp_path), 1, "cannot be read")
    refused(run("search", "--image", "http://127.0.0.1:1/a.jpg"), 1, "cannot be fetched")
    refused(run("similar", tmp_path / "none.jpg"), 1, "none.jpg")
    assert run("search", "dot").returncode == 0


def test_wrong_folders(run: Run, photos: Path, tmp_path: Path) -> None:
    refused(run("index"), 2, "bowerbird index")
    refused(run("index", tmp_path / "none"), 2, "none")
    refused(run("index", photos / "a" / "white-red.jpg"), 2, "is a file")
    run("index", photos)
    refused(run("index", photos / "a"), 2, "photos")
    refused(run("index", tmp_path), 2, "photos")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_folder_without_rights(run: Run, tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o000)
    refused(run("index", locked), 1, "may not be read")


def test_unknown_model(run: Run) -> None:
    refused(run("models", "use", "vit-gigantic"), 2, "vit-gigantic", "models list")
    refused(run("models", "get", "vit-gigantic"), 2, "vit-gigantic")


def test_damaged_library_is_said_and_left_alone(run: Run, photos: Path) -> None:
    run("index", photos)
    database = library() / "library.sqlite"
    for left in library().glob("library.sqlite-*"):
        left.unlink()
    database.write_bytes(b"this is no database" * 1000)
    before = database.read_bytes()
    refused(run("search", "dot"), 1, "damaged")
    refused(run("index", photos), 1, "damaged")
    assert database.read_bytes() == before


def test_newer_library_is_refused(run: Run, photos: Path) -> None:
    run("index", photos)
    with sqlite3.connect(library() / "library.sqlite") as connection:
        connection.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) "
            "SELECT migration_set, 'from_the_future', applied_at FROM _sqlite_migrations LIMIT 1"
        )
    connection.close()
    refused(run("search", "dot"), 1, "newer")


def test_library_that_is_a_file(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused(run("--library", tmp_path / "file", "status"), 1)


def test_full_disk_is_said_and_loses_nothing(run: Run, photos: Path) -> None:
    run("index", photos)
    for number in range(40):
        data = (photos / "a" / "white-red.jpg").read_bytes()
        (photos / f"more-{number}.jpg").write_bytes(data + bytes([number]))

    def no_room() -> None:
        # Writes past this size fail as on a full disk.
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    done = run("index", photos, preexec_fn=no_room)
    assert done.returncode == 1, done.stderr
    assert done.stderr.startswith("bowerbird: ")
    assert run("search", "dot", "--limit", 3).returncode == 0
    assert "46 pictures" in run("index", photos).stdout
    assert run("doctor").returncode == 0


# --- interruptions ------------------------------------------------------------------------------


def start(*arguments: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "bowerbird", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(APP)},
    )


def many(photos: Path, count: int) -> None:
    data = (photos / "a" / "white-red.jpg").read_bytes()
    for number in range(count):
        (photos / f"copy-{number:04d}.jpg").write_bytes(data + bytes(number % 251 + 1))


def until_some_are_written() -> None:
    """Wait until the first batch is in the database."""
    for _ in range(600):
        try:
            uri = f"file:{library() / 'library.sqlite'}?mode=ro"
            with sqlite3.connect(uri, uri=True) as connection:
                (count,) = connection.execute("SELECT count(*) FROM assets").fetchone()
            connection.close()
        except sqlite3.OperationalError:
            count = 0
        if count:
            return
        time.sleep(0.02)
    pytest.fail("nothing was indexed")


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_stopped_index_goes_on(run: Run, photos: Path, how: signal.Signals) -> None:
    many(photos, 400)
    with start("index", photos) as indexing:
        until_some_are_written()
        indexing.send_signal(how)
        _, said = indexing.communicate()
    if how is signal.SIGINT and indexing.returncode != 0:
        assert indexing.returncode == 130
        assert "Traceback" not in said
    assert run("doctor").returncode == 0
    assert "406 pictures" in run("index").stdout


def test_search_while_another_process_indexes(run: Run, photos: Path) -> None:
    many(photos, 400)
    with start("index", photos) as indexing:
        until_some_are_written()
        assert run("search", "dot", "--limit", 1).returncode == 0
        second = run("index")
        if indexing.poll() is None:
            assert second.returncode == 2
            assert "already" in second.stderr or "being synced" in second.stderr
        indexing.communicate()
    assert indexing.returncode == 0
    assert "406 pictures" in run("index").stdout


def test_reader_that_has_enough(photos: Path, run: Run) -> None:
    many(photos, 300)
    run("index", photos)
    command = f'"{sys.executable}" -m bowerbird search dot --limit 300 --json | head -1'
    done = subprocess.run(
        command,
        shell=True,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(APP)},
    )
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr == ""
