"""What the machine around refuses: rights, room, a display, an encoding."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]
on_linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="is so on Linux alone")


def test_a_folder_without_rights(run: Run, photos: Path, without_rights: tuple[str, ...]) -> None:
    photos.chmod(0)
    done = run("index", photos, through=without_rights)
    photos.chmod(0o755)
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith(f"bowerbird: {photos} may not be read.")


def test_pictures_in_a_folder_that_lost_its_rights_are_kept(
    run: Run, photos: Path, without_rights: tuple[str, ...]
) -> None:
    run("index", photos)
    (photos / "a").chmod(0)
    done = run("index", through=without_rights)
    (photos / "a").chmod(0o755)
    assert done.returncode == 0, done.stderr
    assert "6 pictures, 1 failed" in done.stdout  # the folder itself, with its reason
    assert "missing" not in done.stdout
    assert run("failures").stdout.startswith(f"{photos}/a\t")
    assert "6 pictures; 0 worked on" in run("index").stdout


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_no_room_for_an_export(run: Run, photos: Path) -> None:
    run("index", photos)
    done = run("export", "dot", "--csv", "/dev/full")
    assert done.returncode == 1
    assert "No space is left in /dev. Free some and export again." in done.stderr
    assert not Path("/dev/full").is_file()


def test_damage_within_the_database(run: Run, photos: Path) -> None:
    run("index", photos)
    database = Path(os.environ["BOWERBIRD_LIBRARY"]) / "library.sqlite"
    size = database.stat().st_size
    with database.open("r+b") as stream:
        stream.seek(4096)
        stream.write(b"\xa5" * (size - 4096))
    for words in (("search", "dot"), ("index",), ("status",)):
        done = run(*words)
        assert done.returncode == 1
        assert done.stderr.startswith("bowerbird: ")
    doctor = run("doctor")
    assert doctor.returncode == 1
    assert "BAD\t" in doctor.stdout


def test_wrong_settings(run: Run) -> None:
    settings = Path(os.environ["XDG_CONFIG_HOME"]) / "bowerbird" / "settings.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("max_pixels = 'many'\n", "utf-8")
    done = run("status")
    assert done.returncode == 2
    assert f"{settings}: max_pixels must be" in done.stderr


@on_linux
def test_no_display(run: Run) -> None:
    hidden = dict.fromkeys(("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"), "")
    done = run(variables=hidden)
    assert done.returncode == 1
    assert done.stderr.startswith("bowerbird: There is no display")


@on_linux
def test_an_encoding_without_the_letters_of_a_name(run: Run, photos: Path) -> None:
    (photos / "a" / "white-red.jpg").rename(photos / "größe.jpg")
    run("index", photos)
    done = run(
        "search",
        "--paths",
        "--where",
        "name contains gr",
        variables={"PYTHONUTF8": "0", "PYTHONIOENCODING": "ascii"},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout == f"{photos}/gr\\xf6\\xdfe.jpg\n"


@on_linux
def test_models_tell_nobody_that_they_run(
    run: Run, photos: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    # What ONNX Runtime takes for a test of somebody's, it tells nothing of anyhow.
    for name in ("CI", "GITHUB_ACTIONS", "TF_BUILD", "PYTEST_CURRENT_TEST", "PYTEST_VERSION"):
        monkeypatch.delenv(name, raising=False)
    assert run("analyse", next((photos / "a").iterdir())).returncode == 0
    found = {p.name for p in tmp_path.rglob("*")}
    assert not {name for name in found if "onnx" in name.lower() or name == "Microsoft"}
