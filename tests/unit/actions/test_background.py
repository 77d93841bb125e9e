import errno
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter

from bowerbird.actions.background import cut_out, own_colours, read_ground, refine
from bowerbird.actions.cutouts import cut_out_files
from bowerbird.actions.export import save
from bowerbird.engines.segmenter import BuiltinSegmenter
from bowerbird.errors import SourceDeniedError, StorageFullError, UsageError
from helpers.segmenters import write_segmenter

GROUND, THING = (20, 160, 60), (230, 40, 40)


@pytest.fixture(params=[0.0, 0.3], ids=["one look", "two looks"])
def segmenter(request: pytest.FixtureRequest, tmp_path: Path) -> BuiltinSegmenter:
    return BuiltinSegmenter(write_segmenter(tmp_path / "segmenter", closer=request.param))


def scene(width: int = 600, height: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """Return a red disc on green with soft edges, and its true alpha."""
    mask = Image.new("L", (width, height), 0)
    ImageDraw.Draw(mask).ellipse((width * 0.3, height * 0.2, width * 0.7, height * 0.8), fill=255)
    alpha = np.asarray(mask.filter(ImageFilter.GaussianBlur(2)), np.float32)[..., None] / 255
    mixed = np.array(THING) * alpha + np.array(GROUND) * (1 - alpha)
    return np.rint(mixed).astype(np.uint8), alpha[..., 0]


def small(alpha: np.ndarray, side: int = 128) -> np.ndarray:
    image = Image.fromarray(alpha.astype(np.float32)).resize((side, side), Image.Resampling.BOX)
    return np.asarray(image, np.float32)


def test_refining_finds_the_pictures_edges() -> None:
    picture, alpha = scene()
    coarse = small(alpha)
    blown_up = Image.fromarray(coarse).resize((600, 400), Image.Resampling.BILINEAR)
    before = np.abs(np.asarray(blown_up) - alpha).mean()
    after = np.abs(refine(picture, coarse) / 255 - alpha).mean()
    assert after < 0.5 * before


def test_edges_have_the_subjects_colour() -> None:
    picture, alpha = scene()
    edge = (alpha > 0.3) & (alpha < 0.7)
    colours = own_colours(picture, np.rint(alpha * 255).astype(np.uint8))
    assert np.abs(colours[edge].astype(int) - THING).mean() < 12
    assert np.abs(picture[edge].astype(int) - THING).mean() > 50
    assert not colours[alpha == 0].any()
    np.testing.assert_array_equal(colours[alpha == 1], picture[alpha == 1])


@pytest.mark.parametrize("level", [0.0, 1.0])
def test_nothing_and_everything(level: float) -> None:
    picture, _ = scene(80, 50)
    alpha = refine(picture, np.full((32, 32), level, np.float32))
    np.testing.assert_array_equal(alpha, np.full((50, 80), level * 255, np.uint8))
    np.testing.assert_array_equal(own_colours(picture, alpha), picture * np.uint8(level))


@pytest.mark.parametrize("size", [(1, 1), (1, 900), (3000, 2), (7, 5)])
def test_odd_shapes(segmenter: BuiltinSegmenter, size: tuple[int, int]) -> None:
    picture = np.random.default_rng(1).integers(0, 256, (size[1], size[0], 3), np.uint8)
    cutout = cut_out(picture, segmenter)
    assert cutout.alpha.shape == picture.shape[:2]
    assert cutout.image().size == size
    assert cutout.image().mode == "RGBA"


def test_files_of_every_mode(segmenter: BuiltinSegmenter, tmp_path: Path) -> None:
    picture, _ = scene(120, 80)
    whole = Image.fromarray(picture)
    files = []
    for mode, suffix in (
        ("L", "png"),
        ("RGBA", "png"),
        ("CMYK", "jpg"),
        ("P", "gif"),
        ("1", "png"),
    ):
        files.append(tmp_path / f"{mode}.{suffix}")
        whole.convert(mode).save(files[-1])
    deep = tmp_path / "deep.png"
    Image.fromarray(picture[..., 0].astype(np.uint16) * 257).save(deep)
    done = list(run(segmenter, [*files, deep]))
    assert [d.reason for d in done] == [""] * 6
    for cut in done:
        with Image.open(cut.target) as image:
            assert (image.mode, image.size, image.format) == ("RGBA", (120, 80), "PNG")


def run(segmenter: BuiltinSegmenter, files: list[Path], folder: Path | None = None, **how: object):
    options = {"kind": "png", "mask_only": False, "behind": "", "max_pixels": 10**8, **how}
    return cut_out_files(files, segmenter, folder, **options)


def test_nothing_is_overwritten_and_the_picture_stays(
    segmenter: BuiltinSegmenter, tmp_path: Path
) -> None:
    picture = tmp_path / "disc.png"
    Image.fromarray(scene()[0]).save(picture)
    before = picture.read_bytes()
    names = [next(run(segmenter, [picture])).target.name for _ in range(2)]
    assert names == ["disc-cutout.png", "disc-cutout (2).png"]
    (mask,) = run(segmenter, [picture], tmp_path / "new" / "out", kind="webp", mask_only=True)
    assert mask.target == tmp_path / "new" / "out" / "disc-mask.webp"
    assert mask.coverage == pytest.approx(np.pi * 0.2 * 0.3, abs=0.01)
    assert picture.read_bytes() == before


def test_something_else_stands_behind(segmenter: BuiltinSegmenter, tmp_path: Path) -> None:
    picture = tmp_path / "disc.png"
    Image.fromarray(scene()[0]).save(picture)
    other = tmp_path / "other.jpg"
    Image.new("RGB", (40, 90), (10, 200, 30)).save(other)
    before = Image.open(picture).convert("RGB")
    for behind, corner in (
        ("#1020C0", (16, 32, 192)),
        ("#fa0", (255, 170, 0)),
        ("Teal", (0, 128, 128)),
        (str(other), (10, 200, 30)),
    ):
        (done,) = run(segmenter, [picture], tmp_path / "out", behind=behind)
        with Image.open(done.target) as image:
            assert (image.mode, image.size) == ("RGB", before.size)
            middle = (before.width // 2, before.height // 2)
            assert np.abs(np.subtract(image.getpixel(middle), before.getpixel(middle))).max() < 12
            assert np.abs(np.subtract(image.getpixel((1, 1)), corner)).max() < 12


def test_an_own_background_out_of_focus_has_no_glow(segmenter: BuiltinSegmenter) -> None:
    picture, _ = scene()
    ground = read_ground("blur", 10**8)
    assert ground is not None
    alpha = cut_out(picture, segmenter).alpha
    behind = ground(picture, alpha)
    assert behind.shape == picture.shape
    # The disc is red, and what was behind it is not: none of it is left.
    plain = picture[alpha == 0].astype(int)
    assert behind[..., 0].max() <= plain[:, 0].max() + 25
    assert ground(picture, np.full_like(alpha, 255)).shape == picture.shape


@pytest.mark.parametrize("behind", ["#12345", "reddish", "/nowhere.png", "#12345g"])
def test_what_cannot_stand_behind(behind: str) -> None:
    with pytest.raises(UsageError, match="cannot stand behind"):
        read_ground(behind, 10**8)


def test_a_bad_file_does_not_stop_the_others(segmenter: BuiltinSegmenter, tmp_path: Path) -> None:
    good, cut, text = tmp_path / "a.png", tmp_path / "b.png", tmp_path / "c.jpg"
    Image.fromarray(scene()[0]).save(good)
    cut.write_bytes(good.read_bytes()[:300])
    text.write_text("no picture")
    found = list(run(segmenter, [cut, tmp_path / "gone.png", text, tmp_path, good]))
    assert [bool(d.target) for d in found] == [False] * 4 + [True]
    assert all(d.reason for d in found[:4])
    (large,) = run(segmenter, [good], max_pixels=1000)
    assert "max_pixels" in large.reason


def test_what_webp_cannot_hold_does_not_stop_the_others(
    segmenter: BuiltinSegmenter, tmp_path: Path
) -> None:
    wide, good = tmp_path / "wide.png", tmp_path / "good.png"
    Image.new("RGB", (16384, 2)).save(wide)
    Image.fromarray(scene()[0]).save(good)
    first, second = run(segmenter, [wide, good], tmp_path / "out", kind="webp")
    assert first.reason == "has a side of more than 16383 pixels: save it as PNG"
    assert second.target == tmp_path / "out" / "good-cutout.webp"
    assert list((tmp_path / "out").iterdir()) == [second.target]
    assert all(done.target for done in run(segmenter, [wide], tmp_path / "out"))


def test_a_picture_that_cannot_be_encoded_leaves_no_half_file(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="16383"):
        save(Image.new("RGB", (16384, 2)), tmp_path, "wide.webp")
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_no_half_file(
    segmenter: BuiltinSegmenter, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = tmp_path / "disc.png"
    Image.fromarray(scene()[0]).save(picture)

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Image.Image, "save", full)
    with pytest.raises(StorageFullError, match="No space"):
        list(run(segmenter, [picture], tmp_path / "out"))
    assert list((tmp_path / "out").iterdir()) == []


def test_a_folder_that_cannot_be(segmenter: BuiltinSegmenter, tmp_path: Path) -> None:
    picture = tmp_path / "disc.png"
    Image.fromarray(scene()[0]).save(picture)
    with pytest.raises(SourceDeniedError, match="Choose another folder"):
        list(run(segmenter, [picture], picture / "below"))
