"""The shipped models where they were installed: in a folder that may not be written, or damaged."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFilter

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., "subprocess.CompletedProcess[str]"]
FILES = {
    "builtin/image.onnx": ("similar", "photos/0.png"),
    "builtin/text.onnx": ("search", "something red"),
    "builtin/tokenizer.json": ("search", "something red"),
    "builtin/config.json": ("search", "something red"),
    "segmenter/segmenter.onnx": ("cutout", "photos/0.png"),
    "segmenter/config.json": ("cutout", "photos/0.png"),
    "detector/detector.onnx": ("detect", "photos/0.png"),
    "detector/config.json": ("detect", "photos/0.png"),
}


@pytest.fixture
def installed(tmp_path: Path) -> Iterator[Path]:
    """A copy of the program and what it ships, as an installer would lay it down."""
    place = tmp_path / "installed"
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(ROOT / "app", place / "app", ignore=ignore)
    shutil.copytree(ROOT / "resources", place / "resources", ignore=ignore)
    yield place
    for path in (place, *place.rglob("*")):
        if path.is_dir():
            path.chmod(0o755)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A red ball and a blue one, each on a plain ground."""
    folder = tmp_path / "photos"
    folder.mkdir()
    for number, colour in enumerate(((200, 30, 30), (30, 60, 200))):
        image = Image.new("RGB", (480, 360), (225, 222, 215))
        ImageDraw.Draw(image).ellipse((140, 80, 340, 280), fill=colour)
        image.filter(ImageFilter.GaussianBlur(1)).save(folder / f"{number}.png")
    return folder


def test_everything_works_from_a_folder_that_may_not_be_written(
    run: Run, installed: Path, photos: Path, without_rights: tuple[str, ...]
) -> None:
    before = sorted(installed.rglob("*"))
    for path in (installed, *before):
        path.chmod(0o555 if path.is_dir() else 0o444)
    how = {"through": without_rights, "variables": {"PYTHONPATH": str(installed / "app")}}
    assert run("index", photos, **how).returncode == 0
    found = run("search", "a red ball", "--paths", **how)
    assert found.stdout.splitlines()[0] == str(photos / "0.png")
    cut = run("cutout", photos / "0.png", **how)
    assert cut.returncode == 0, cut.stderr
    with Image.open(photos / "0-cutout.png") as image:
        alpha = image.getchannel("A")
    assert alpha.getpixel((240, 180)) > 240
    assert [alpha.getpixel(p) for p in ((5, 5), (470, 5), (5, 350), (470, 350))] == [0] * 4
    assert run("doctor", **how).returncode == 0
    assert sorted(installed.rglob("*")) == before


# One bit in a config.json may as well be another number: only what it says of other files is seen.
CASES = [
    (name, damage)
    for name in FILES
    for damage in ("gone", "cut short", "one bit")
    if not (damage == "one bit" and name.endswith("config.json"))
]


@pytest.mark.parametrize(("name", "damage"), CASES)
def test_a_damaged_file_is_named(
    run: Run, installed: Path, photos: Path, name: str, damage: str
) -> None:
    path = installed / "resources/models" / name
    content = bytearray(path.read_bytes())
    if damage == "gone":
        path.unlink()
    elif damage == "cut short":
        path.write_bytes(content[: len(content) // 2])
    else:
        content[len(content) // 2] ^= 64
        path.write_bytes(content)
    variables = {"PYTHONPATH": str(installed / "app")}
    checked = run("doctor", variables=variables)
    assert checked.returncode == 1
    assert str(path) in checked.stdout.replace("\n", "")
    run("index", photos)  # by the program in order, so that there is something to search
    done = run(*FILES[name], variables=variables)
    assert done.returncode == 1
    assert done.stderr.startswith("bowerbird: ")
    assert path.name in done.stderr
    assert "Install Bowerbird again" in done.stderr
