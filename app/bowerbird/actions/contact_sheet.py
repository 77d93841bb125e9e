"""Pictures small and many on pages, with their names: an HTML file, a PDF, or PNG pages."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TextIO

from PIL import Image, ImageDraw, ImageFont

from bowerbird.types import Asset

# A4 upright at 150 dots an inch, and how it is divided.
_PAGE, _MARGIN, _COLUMNS, _ROWS = (1240, 1754), 60, 4, 5
_NAME = 34
_INK, _PAPER, _PALE = (30, 30, 30), (255, 255, 255), (235, 235, 232)

_HEAD = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ font: 13px system-ui, sans-serif; margin: 24px; background: Canvas; color: CanvasText; }}
main {{ display: grid; grid-template-columns: repeat(auto-fill, minmax(180px, 1fr)); gap: 20px; }}
figure {{ margin: 0; }}
img {{ width: 100%; height: 180px; object-fit: contain; }}
figcaption {{ text-align: center; overflow-wrap: anywhere; opacity: .7; margin-top: 6px; }}
</style>
<h1>{title}</h1>
<main>
"""


def write_html(
    pictures: Iterable[tuple[Asset, bytes | None]], stream: TextIO, title: str
) -> Iterator[str]:
    """Write one page with the thumbnails in it, so that it can be sent as one file.

    Args:
        pictures: Each with its encoded WebP thumbnail, or None where there is none.
        stream: Gets the page.
        title: Its heading.

    Yields:
        The name of each picture that is written.
    """
    stream.write(_HEAD.format(title=html.escape(title)))
    for asset, thumbnail in pictures:
        name = html.escape(asset.name, quote=True)
        data = base64.b64encode(thumbnail or b"").decode()
        stream.write(
            f'<figure><img loading="lazy" alt="{name}" src="data:image/webp;base64,{data}">'
            f"<figcaption>{name}</figcaption></figure>\n"
        )
        yield asset.name
    stream.write("</main></html>\n")


def pages(pictures: Iterable[tuple[Asset, bytes | None]], *, paper: bool) -> Iterator[Image.Image]:
    """Draw pictures onto pages, RGB, and yield each page when it is full.

    Args:
        pictures: Each with its encoded thumbnail, or None where there is none.
        paper: Whether all pages are as high; else the last one ends below its pictures.

    Yields:
        The pages.
    """
    font = ImageFont.load_default(18)
    page: Image.Image | None = None
    at = 0
    for asset, thumbnail in pictures:
        if page is None:
            page, at = Image.new("RGB", _PAGE, _PAPER), 0
        _draw(page, at, asset.name, thumbnail, font)
        at += 1
        if at == _COLUMNS * _ROWS:
            yield page
            page = None
    if page is not None:
        used = 2 * _MARGIN + -(-at // _COLUMNS) * _row()
        yield page if paper else page.crop((0, 0, _PAGE[0], used))


def _row() -> int:
    return (_PAGE[1] - 2 * _MARGIN) // _ROWS


PER_PAGE = _COLUMNS * _ROWS


def write_pdf(drawn: Iterable[Image.Image], target: Path) -> Iterator[None]:
    """Write pages into a PDF, one in memory at a time."""
    for number, page in enumerate(drawn):
        page.save(target, "PDF", resolution=150, append=number > 0)
        yield


def page_files(target: Path, count: int) -> list[Path]:
    """Return where the pages of `count` pictures lie: NAME.png, NAME-2.png and so on."""
    numbers = range(2, -(-count // PER_PAGE) + 1)
    return [target, *(target.with_stem(f"{target.stem}-{number}") for number in numbers)]


def write_png(drawn: Iterable[Image.Image], places: Iterable[Path]) -> Iterator[None]:
    """Write every page into a file of its own."""
    for page, place in zip(drawn, places, strict=False):
        page.save(place, "PNG")
        yield


def _draw(
    page: Image.Image,
    at: int,
    name: str,
    thumbnail: bytes | None,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
) -> None:
    width = (_PAGE[0] - 2 * _MARGIN) // _COLUMNS
    height = _row()
    left, top = _MARGIN + at % _COLUMNS * width, _MARGIN + at // _COLUMNS * height
    room = (width - 16, height - _NAME - 16)
    draw = ImageDraw.Draw(page)
    if thumbnail is None:
        draw.rectangle((left + 8, top + 8, left + room[0], top + room[1]), fill=_PALE)
    else:
        with Image.open(io.BytesIO(thumbnail)) as opened:
            small = opened.convert("RGB")
        small.thumbnail(room, Image.Resampling.LANCZOS)
        page.paste(small, (left + (width - small.width) // 2, top + 8 + (room[1] - small.height)))
    shown = _cut(draw, name, font, room[0])
    middle = left + width / 2
    draw.text((middle, top + height - _NAME), shown, _INK, font, anchor="ma")


def _cut(
    draw: ImageDraw.ImageDraw,
    name: str,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
    room: int,
) -> str:
    """Leave out the middle of a name that is too long."""
    shown, keep = name, len(name)
    while draw.textlength(shown, font) > room and keep > 6:
        keep -= 2
        shown = name[: keep // 2] + "…" + name[-(keep // 2) :]
    return shown
