"""Openers that run in a worker: raw, PSD, PDF, SVG, and Pillow's less trusted formats."""

from __future__ import annotations

import importlib
import io
import math
import sys
from collections.abc import Callable
from typing import Any, BinaryIO
from xml.etree import ElementTree

from PIL import Image

from bowerbird.decode import exif as facts
from bowerbird.decode.formats import Format
from bowerbird.decode.picture import THUMBNAIL, Picture, check_size, needed
from bowerbird.decode.raster import finish, open_raster
from bowerbird.errors import DecodeError
from bowerbird.types import Exif

# Where there is no Arial or Times, text without a font of its own would not be drawn at all.
FONTS = (
    {
        "font_family": "DejaVu Sans",
        "serif_family": "DejaVu Serif",
        "sans_serif_family": "DejaVu Sans",
        "monospace_family": "DejaVu Sans Mono",
    }
    if sys.platform.startswith("linux")
    else {}
)
# libraw's flips as EXIF orientations.
_FLIPS = {3: 3, 5: 8, 6: 6}
# Vector pictures have no pixels of their own: this is what their longest side is counted as.
VECTOR_SIDE = 1024
# No page is drawn with more points than a poster has.
_MAX_SVG_BYTES = 32 << 20


def open_exotic(stream: BinaryIO, kind: Format, side: int, max_pixels: int) -> Picture:
    """Open a picture of an isolated format, as `raster.open_raster` does."""
    if kind.opener != "pillow":
        return _OPENERS[kind.opener](stream, side, max_pixels)
    if kind.name == "heic":
        _plugin("pillow_heif").register_heif_opener()
    elif kind.name == "jxl":
        _plugin("pillow_jxl")
    return open_raster(stream, kind.pillow, side, max_pixels)


def _plugin(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise DecodeError(f"needs the package {name.replace('_', '-')} to be read") from error


def _raw(stream: BinaryIO, side: int, max_pixels: int) -> Picture:
    """Open the preview that the camera embedded, or develop at half size where it is too small."""
    rawpy = _plugin("rawpy")
    with rawpy.imread(stream) as raw:
        width, height = raw.sizes.width, raw.sizes.height
        check_size(width, height, max_pixels)
        turn = _FLIPS.get(raw.sizes.flip, 1)
        if turn >= 5:
            width, height = height, width
        exif = _tiff_exif(stream)
        try:
            preview = raw.extract_thumb()
        except rawpy.LibRawError:  # none, of an unknown kind, or broken: there is still the sensor
            preview = None
        if preview is not None and preview.format == rawpy.ThumbFormat.JPEG:
            found = _preview(preview.data, turn, side, max_pixels)
            least = needed(width, height, side)
            if found is not None and found.width >= least[0] and found.height >= least[1]:
                exif = exif if exif != Exif() else found.exif
                return Picture(width, height, found.image, exif)
        pixels = raw.postprocess(half_size=True, use_camera_wb=True, output_bps=8)
    image = Image.fromarray(pixels)
    return Picture(width, height, finish(image, side, max_pixels).image, exif)


def _preview(data: bytes, turn: int, side: int, max_pixels: int) -> Picture | None:
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "MPO")) as image:
            told = facts.orientation(image.getexif())
            return finish(image, side, max_pixels, upright=told if told > 1 else turn)
    except (OSError, ValueError, DecodeError):
        return None


def _tiff_exif(stream: BinaryIO) -> Exif:
    stream.seek(0)
    found = Image.Exif()
    try:
        found.load_from_fp(stream)
    except Exception:  # noqa: BLE001  # not all raw files are TIFFs
        return Exif()
    return facts.read(found)


def _psd(stream: BinaryIO, side: int, max_pixels: int) -> Picture:
    """Open the composite that Photoshop stores; Pillow reads the usual ones, without layers."""
    head = stream.read(26)
    height, width = (int.from_bytes(head[at : at + 4], "big") for at in (14, 18))
    check_size(width, height, max_pixels)
    stream.seek(0)
    try:
        return open_raster(stream, ("PSD",), side, max_pixels)
    except DecodeError:
        stream.seek(0)
    document = _plugin("psd_tools").PSDImage.open(stream)
    image = document.topil()
    if image is None:
        raise DecodeError("holds no merged picture; save it with maximised compatibility")
    return finish(image, side, max_pixels)


def _pdf(stream: BinaryIO, side: int, max_pixels: int) -> Picture:
    pdfium = _plugin("pypdfium2")
    try:
        document = pdfium.PdfDocument(stream.read())
    except pdfium.PdfiumError as error:
        locked = "password" in str(error).lower()
        raise DecodeError("is locked by a password" if locked else "is damaged") from error
    try:
        page = document[0]
        width, height = page.get_size()
        full = _vector_size(width, height)
        check_size(*full, max_pixels)
        scale = max(
            least / have for least, have in zip(needed(*full, side), (width, height), strict=True)
        )
        image = page.render(scale=_bounded(scale, width, height)).to_pil().convert("RGB")
    finally:
        document.close()
    return Picture(*full, image)


def _vector_size(width: float, height: float) -> tuple[int, int]:
    longest = max(width, height)
    if not math.isfinite(longest) or min(width, height) <= 0:
        raise DecodeError("is damaged")
    scale = VECTOR_SIDE / longest
    return max(1, round(width * scale)), max(1, round(height * scale))


def _bounded(scale: float, width: float, height: float) -> float:
    """Keep extremely long pages from asking for more than 16 million pixels."""
    return min(scale, math.sqrt((1 << 24) / (width * height)))


def _svg(stream: BinaryIO, side: int, max_pixels: int) -> Picture:
    """Draw an SVG that may refer to nothing outside of itself."""
    data = stream.read(_MAX_SVG_BYTES + 1)
    if len(data) > _MAX_SVG_BYTES:
        raise DecodeError(f"is an SVG of more than {_MAX_SVG_BYTES >> 20} MiB")
    resvg = _plugin("resvg_py")
    root = ElementTree.fromstring(data)
    _cut_links(root)
    text = ElementTree.tostring(root, encoding="unicode")
    # Both sides given, it fits inside of them: a thread a mile long does not take a mile.
    edge = max(2 * side, 2 * THUMBNAIL)
    drawn = resvg.svg_to_bytes(svg_string=text, **FONTS, width=edge, height=edge)
    with Image.open(io.BytesIO(drawn), formats=("PNG",)) as image:
        picture = finish(image, side, max_pixels)
    full = _vector_size(picture.width, picture.height)
    check_size(*full, max_pixels)
    return Picture(*full, picture.image)


def _cut_links(root: ElementTree.Element) -> None:
    for element in root.iter():
        for name in [name for name in element.attrib if name.rpartition("}")[2] == "href"]:
            if not element.attrib[name].strip().startswith(("#", "data:")):
                del element.attrib[name]


_OPENERS: dict[str, Callable[[BinaryIO, int, int], Picture]] = {
    "raw": _raw,
    "psd": _psd,
    "pdf": _pdf,
    "svg": _svg,
}
