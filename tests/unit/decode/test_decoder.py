"""Every format to the same picture; orientation, colour and alpha; and what fails how."""

import contextlib
import io
import random
import struct
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image, ImageCms

from bowerbird.decode import isolation
from bowerbird.decode.decoder import decode, load_pixels
from bowerbird.decode.raster import open_raster
from bowerbird.errors import DecodeError, TooLargeError
from bowerbird.types import Decoded, PixelSpec
from helpers.images import CORNERS, SIZE, SVG, dng, encoded, png_header_of, quarters, samples

SPEC = PixelSpec(16)
LIMIT = 500_000_000
SAMPLES = samples()


@pytest.fixture(scope="module", autouse=True)
def _no_workers_stay() -> Iterator[None]:
    yield
    isolation.shut_down()


def run(data: bytes, name: str, **options: object) -> Decoded:
    return decode(io.BytesIO(data), name, SPEC, **{"max_pixels": LIMIT, **options})  # type: ignore[arg-type]


def corners(pixels: np.ndarray) -> list[tuple[int, ...]]:
    """The colours in the middle of the four quarters."""
    at = (len(pixels) // 4, len(pixels) * 3 // 4)
    return [tuple(int(v) for v in pixels[y, x]) for y in at for x in at]


def close(found: list[tuple[int, ...]], wanted: object, within: int = 24) -> bool:
    return bool(np.abs(np.array(found) - np.array(wanted)).max() <= within)


@pytest.mark.parametrize("ending", SAMPLES)
def test_every_format_gives_the_same_picture(ending: str) -> None:
    made = run(SAMPLES[ending], f"a{ending}")
    assert close(corners(made.pixels), CORNERS), corners(made.pixels)
    assert made.pixels.shape == (16, 16, 3)
    if ending not in (".ico", ".svg", ".pdf"):
        assert (made.width, made.height) == SIZE
    with Image.open(io.BytesIO(made.thumbnail)) as small:
        assert small.format == "WEBP"
        assert max(small.size) <= 320
    assert sum(colour.weight for colour in made.colours) == pytest.approx(1.0)


def test_raw_without_a_preview_is_developed_upright() -> None:
    red, green, blue, yellow = CORNERS
    for turn, wanted in ((1, (red, yellow)), (3, (yellow, red)), (6, (blue, green))):
        made = run(dng(quarters((960, 640)), turn), "a.dng")
        assert (made.format, made.exif.camera) == ("raw", "Test Mosaic")
        assert (made.width, made.height) == ((640, 960) if turn == 6 else (960, 640))
        # The sensor's own colours are purer than the screen's: only which is which is asked.
        found = np.array(corners(made.pixels))[[0, -1]]
        assert ((found > 128) == (np.array(wanted) > 128)).all()


def test_raw_that_is_mangled_fails_as_such_or_not_at_all() -> None:
    data, chance = dng(quarters()), random.Random(3)
    for _ in range(12):
        mangled = bytearray(data)
        for _ in range(4):
            mangled[chance.randrange(len(data) - 600, len(data))] = chance.randrange(256)
        with contextlib.suppress(DecodeError):
            run(bytes(mangled), "a.dng", max_pixels=1_000_000)
    with pytest.raises(DecodeError):
        run(data[:3000], "a.dng")


def test_content_decides_not_the_name() -> None:
    assert run(SAMPLES[".png"], "lying.jpg").format == "png"
    assert run(SAMPLES[".jpg"], "lying.psd").format == "jpeg"
    assert run(SAMPLES[".tif"], "photo.tif").format == "tiff"


@pytest.mark.parametrize("turn", range(1, 9))
def test_exif_orientation_is_applied(turn: int) -> None:
    upright = quarters((1600, 1200))  # large enough for a reduced decode
    inverse = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(inverse[turn]) if turn > 1 else upright
    exif = Image.Exif()
    exif[0x112] = turn
    made = run(encoded(stored, "JPEG", exif=exif, quality=95), "a.jpg")
    assert (made.width, made.height) == (1600, 1200)
    assert close(corners(made.pixels), CORNERS)


def test_colour_profile_is_converted() -> None:
    image = quarters()
    plain = corners(run(encoded(image, "PNG"), "a.png").pixels)
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # The same profile under another name, with the primaries of red and green swapped.
    swapped = srgb.replace("sRGB".encode("utf-16-be"), "test".encode("utf-16-be"))
    swapped = swapped.replace(b"rXYZ", b"tmpX").replace(b"gXYZ", b"rXYZ").replace(b"tmpX", b"gXYZ")
    for profile, same in ((srgb, True), (b"no profile at all", True), (swapped, False)):
        found = corners(run(encoded(image, "PNG", icc_profile=profile), "a.png").pixels)
        assert close(found, plain, within=2) == same
    red, green = found[:2]
    assert red[1] > 180 > red[0]
    assert green[0] > 130 > green[1]


def test_sixteen_bits_are_scaled_not_clipped() -> None:
    ramp = np.tile(np.linspace(0, 65535, 64).astype(np.uint16), (64, 1))
    made = run(encoded(Image.fromarray(ramp), "PNG"), "a.png")
    row = made.pixels[8, :, 0].astype(int)
    assert row[0] < 12
    assert row[-1] > 243
    assert (np.diff(row) > 0).all()


def tiff_of_twelve_bits() -> bytes:
    """A ramp of 64 x 64 samples, packed two to three bytes, as scientific cameras write it."""
    row = np.linspace(0, 4095, 64).astype(int)
    packed = b"".join(
        bytes((a >> 4, (a & 15) << 4 | b >> 8, b & 255))
        for a, b in zip(row[::2].tolist(), row[1::2].tolist(), strict=True)
    )
    data = packed * 64
    tags = {256: 64, 257: 64, 258: 12, 259: 1, 262: 1, 273: 8, 277: 1, 278: 64, 279: len(data)}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    start = 8 + len(data)
    return (
        struct.pack("<2sHI", b"II", 42, start)
        + data
        + struct.pack("<H", len(tags))
        + entries
        + bytes(4)
    )


def test_twelve_bits_and_white_is_zero() -> None:
    row = run(tiff_of_twelve_bits(), "a.tif").pixels[8, :, 0].astype(int)
    assert row[0] < 20
    assert row[-1] > 235
    full = np.tile(np.linspace(0, 65535, 64).astype(np.uint16), (64, 1))
    inverted = encoded(Image.fromarray(full), "TIFF").replace(
        struct.pack("<HHIH", 262, 3, 1, 1), struct.pack("<HHIH", 262, 3, 1, 0)
    )
    row = run(inverted, "a.tif").pixels[8, :, 0].astype(int)
    assert row[0] > 240 > 20 > row[-1]


def test_text_of_an_svg_is_drawn() -> None:
    text = '<text x="4" y="26" font-size="24" fill="#000">W</text></svg>'
    plain, written = run(SVG.encode(), "a.svg"), run(SVG.replace("</svg>", text).encode(), "a.svg")
    assert (plain.pixels != written.pixels).any()


def test_a_page_with_a_drawing_is_not_a_drawing() -> None:
    page = b"<!DOCTYPE html><html><body><svg viewBox='0 0 1 1'></svg></body></html>"
    with pytest.raises(DecodeError, match="is not a picture"):
        run(page, "a.svg")
    doctype = '<!-- made by hand -->\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x.dtd">\n'
    made = run(SVG.replace("<svg", doctype + "<svg").encode(), "a.svg")
    assert made.format == "svg"


def test_cmyk_is_not_inverted() -> None:
    for form, options in (("JPEG", {"quality": 95}), ("TIFF", {})):
        made = run(encoded(quarters().convert("CMYK"), form, **options), "a")
        assert close(corners(made.pixels), CORNERS, within=40), form


def test_transparent_ground_becomes_white_and_white_shapes_stay_visible() -> None:
    dark = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    dark.paste((10, 10, 10, 255), (10, 10, 30, 30))
    assert corners_of_edge(run(encoded(dark, "PNG"), "a.png")) > 240
    pale = Image.new("RGBA", (40, 40), (255, 255, 255, 0))
    pale.paste((255, 255, 255, 255), (10, 10, 30, 30))
    made = run(encoded(pale, "PNG"), "a.png")
    assert corners_of_edge(made) < 200
    assert made.pixels[8, 8].min() > 240


def corners_of_edge(made: Decoded) -> int:
    return int(made.pixels[0, 0].min())


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "F"])
def test_every_mode_becomes_rgb(mode: str) -> None:
    image = quarters().convert(mode)
    made = run(encoded(image, "TIFF"), "a.tif")
    assert made.pixels.shape == (16, 16, 3)
    assert made.pixels.std() > 10


def test_first_frame_of_many() -> None:
    frames = [quarters(), Image.new("RGB", SIZE, "black")]
    data = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert close(corners(run(data, "a.gif").pixels), CORNERS)
    data = encoded(frames[0], "TIFF", save_all=True, append_images=frames[1:])
    assert close(corners(run(data, "a.tif").pixels), CORNERS)


@pytest.mark.parametrize("resize", ["squash", "crop", "pad"])
def test_pixels_as_the_encoder_wants_them(resize: str) -> None:
    spec = PixelSpec(32, resize, fill=7)  # type: ignore[arg-type]
    image = quarters((64, 32))
    pixels = load_pixels(io.BytesIO(encoded(image, "PNG")), "a.png", spec, max_pixels=LIMIT)
    assert pixels.shape == (32, 32, 3)
    padded = bool((pixels[0] == 7).all())
    assert padded == (resize == "pad")
    assert close(corners(pixels[8:24] if resize == "pad" else pixels), CORNERS) or resize == "pad"


def test_large_jpeg_is_decoded_at_reduced_scale() -> None:
    data = encoded(quarters((4000, 3000)), "JPEG")
    picture = open_raster(io.BytesIO(data), ("JPEG",), 224, LIMIT)
    assert (picture.width, picture.height) == (4000, 3000)
    assert 320 <= picture.image.width <= 1000


# --- bad files ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b"hello world", "is not a picture"),
        (b"\0" * 5000, "is not a picture"),
        (SAMPLES[".jpg"][: len(SAMPLES[".jpg"]) // 2], "is cut short"),
        (SAMPLES[".png"][:40], "is cut short|is damaged"),
        (b"<html><body>no</body></html>", "is not a picture"),
    ],
)
def test_bad_files_have_reasons(data: bytes, says: str) -> None:
    with pytest.raises(DecodeError, match=says):
        run(data, "a.jpg")


@pytest.mark.parametrize("ending", SAMPLES)
def test_limit_is_checked_for_every_format(ending: str) -> None:
    with pytest.raises(TooLargeError, match="max_pixels in the settings"):
        run(SAMPLES[ending], f"a{ending}", max_pixels=100)


def test_bomb_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(TooLargeError, match="100000 x 100000"):
        run(png_header_of(100_000, 100_000), "bomb.png")


@pytest.mark.parametrize("ending", SAMPLES)
def test_mangled_files_fail_as_such_or_not_at_all(ending: str) -> None:
    data = SAMPLES[ending]
    chance = random.Random(ending)
    exotic = ending in (".psd", ".svg", ".pdf", ".heic", ".avif", ".jp2", ".ico")
    for _ in range(8 if exotic else 40):
        mangled = bytearray(data)
        for _ in range(chance.randint(1, 8)):
            mangled[chance.randrange(len(mangled))] = chance.randrange(256)
        if chance.random() < 0.5:
            del mangled[chance.randrange(1, len(mangled)) :]
        with contextlib.suppress(DecodeError):
            made = run(bytes(mangled), f"a{ending}", max_pixels=1_000_000)
            assert made.pixels.shape == (16, 16, 3)


def test_svg_reads_nothing_outside_of_itself(tmp_path) -> None:  # type: ignore[no-untyped-def]
    secret = tmp_path / "secret.png"
    Image.new("RGB", (48, 32), (1, 2, 3)).save(secret)
    for link in (f"file://{secret}", str(secret), "http://127.0.0.1:1/a.png"):
        image = f'<image href="{link}" width="48" height="32"/></svg>'
        made = run(SVG.replace("</svg>", image).encode(), "a.svg")
        assert close(corners(made.pixels), CORNERS), link


def test_hostile_svgs_end() -> None:
    deep = "<g>" * 50_000 + "</g>" * 50_000
    laughs = (
        '<!DOCTYPE s [<!ENTITY a "aaaaaaaaaa">'
        + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(12))
        + "]>"
    )
    for text in (
        SVG.replace("</svg>", deep + "</svg>"),
        laughs + '<svg xmlns="http://www.w3.org/2000/svg"><text>&m;</text></svg>',
        SVG.replace('width="48" height="32" viewBox', 'width="1e9" height="1e9" viewBox'),
        SVG.replace("</svg>", '<use href="#x" id="x"/></svg>'),
        SVG.replace('width="48" height="32" viewBox', 'width="1" height="100000" data-x'),
    ):
        with contextlib.suppress(DecodeError):
            assert run(text.encode(), "a.svg").pixels.shape == (16, 16, 3)


def test_stream_that_fails_is_the_streams_fault() -> None:
    class Broken(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match="Input/output") as caught:
        decode(Broken(SAMPLES[".jpg"]), "a.jpg", SPEC, max_pixels=LIMIT)
    assert not isinstance(caught.value, DecodeError)


def test_same_picture_same_marks() -> None:
    first, again = run(SAMPLES[".png"], "a.png"), run(SAMPLES[".webp"], "b.webp")
    assert first.phash == again.phash
    assert first.dhash == again.dhash
    assert [c.hex for c in first.colours] == [c.hex for c in again.colours]
    assert replace(first, format="webp", thumbnail=b"", pixels=again.pixels) == replace(
        again, thumbnail=b""
    )
