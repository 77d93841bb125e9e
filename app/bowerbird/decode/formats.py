"""The table of picture formats: how each is named, recognised and opened.

What a file is, its first bytes decide; its ending only tells a camera's raw file, which is a TIFF
by its bytes, from a plain one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

# A text before the root element of an SVG (declaration, comments, doctype) is rarely longer.
HEAD_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Format:
    """One row of the table.

    Attributes:
        name: Short lower-case name, as it is stored with an asset.
        extensions: Endings of its files.
        mark: Matches the first bytes of its files.
        opener: `pillow`, or the name of an opener in `exotic`.
        pillow: The names that Pillow has for it.
        isolated: Whether its decoder runs in a process of its own.
    """

    name: str
    extensions: tuple[str, ...]
    mark: re.Pattern[bytes]
    opener: str = "pillow"
    pillow: tuple[str, ...] = ()
    isolated: bool = False


def _mark(expression: bytes) -> re.Pattern[bytes]:
    return re.compile(expression, re.DOTALL)


_TIFF = rb"II[\x2a\x2b]\0|MM\0[\x2a\x2b]"
_ISO = rb"....ftyp"
# Declaration, comments and doctype may stand before the root element.
_SVG = (
    rb"(\xef\xbb\xbf)?\s*(<\?[^>]*>\s*|<!--.{0,2000}?-->\s*|<!DOCTYPE[^>\[]*(\[[^\]]*\])?\s*>\s*){0,16}"
    rb"<(\w{1,20}:)?svg[\s>]"
)
_RAW_TIFF = (".arw", ".cr2", ".dng", ".nef", ".nrw", ".pef", ".srw")

FORMATS = (
    Format("jpeg", (".jpg", ".jpeg", ".jpe", ".jfif", ".mpo"), _mark(rb"\xff\xd8\xff"),
           pillow=("JPEG", "MPO")),
    Format("png", (".png", ".apng"), _mark(rb"\x89PNG\r\n\x1a\n"), pillow=("PNG",)),
    Format("webp", (".webp",), _mark(rb"RIFF....WEBP"), pillow=("WEBP",)),
    Format("gif", (".gif",), _mark(rb"GIF8[79]a"), pillow=("GIF",)),
    Format("raw", _RAW_TIFF, _mark(_TIFF), opener="raw", isolated=True),
    Format("raw", (".cr2",), _mark(rb"II\x2a\0....CR"), opener="raw", isolated=True),
    Format("raw", (".cr3",), _mark(_ISO + rb"crx "), opener="raw", isolated=True),
    Format("raw", (".orf",), _mark(rb"IIR[OS]|MMOR"), opener="raw", isolated=True),
    Format("raw", (".rw2",), _mark(rb"IIU\0"), opener="raw", isolated=True),
    Format("raw", (".raf",), _mark(rb"FUJIFILMCCD-RAW"), opener="raw", isolated=True),
    # libtiff prints what it dislikes on the terminal, straight from C.
    Format("tiff", (".tif", ".tiff"), _mark(_TIFF), pillow=("TIFF",), isolated=True),
    Format("bmp", (".bmp", ".dib"), _mark(rb"BM"), pillow=("BMP",)),
    # The pictures inside an icon have sizes of their own, which its header does not bind.
    Format("ico", (".ico",), _mark(rb"\x00\x00\x01\x00"), pillow=("ICO",), isolated=True),
    Format("pnm", (".ppm", ".pgm", ".pbm", ".pnm", ".pfm"), _mark(rb"P[1-6f]\s"),
           pillow=("PPM",)),
    Format("jp2", (".jp2", ".j2k", ".jpx", ".jpf", ".j2c"),
           _mark(rb"\0\0\0\x0cjP  \r\n\x87\n|\xff\x4f\xff\x51"),
           pillow=("JPEG2000",), isolated=True),
    Format("avif", (".avif", ".avifs"), _mark(_ISO + rb"(avi[fs]|mi[fa][f1].{4,32}avif)"),
           pillow=("AVIF",), isolated=True),
    Format("heic", (".heic", ".heif", ".hif"), _mark(_ISO + rb"(he[iv][cxms]|hev[cx]|m[is]f1)"),
           pillow=("HEIF",), isolated=True),
    Format("jxl", (".jxl",), _mark(rb"\xff\x0a|\0\0\0\x0cJXL \r\n\x87\n"),
           pillow=("JXL",), isolated=True),
    Format("psd", (".psd", ".psb"), _mark(rb"8BPS\0[\1\2]"), opener="psd", isolated=True),
    Format("pdf", (".pdf",), _mark(rb"\s*%PDF-"), opener="pdf", isolated=True),
    Format("svg", (".svg",), _mark(_SVG),
           opener="svg", isolated=True),
)  # fmt: skip

EXTENSIONS = frozenset(ending for row in FORMATS for ending in row.extensions)


def file_name(name: str, kind: str | None) -> str:
    """Return a name with an ending by which programs know the file; most have one already.

    Args:
        name: As it is known, such as the id of a record.
        kind: The name of its format.
    """
    if PurePosixPath(name).suffix.lower() in EXTENSIONS:
        return name
    endings = (row.extensions[0] for row in FORMATS if row.name == kind)
    return name + next(endings, "")


def recognise(head: bytes, name: str) -> Format | None:
    """Return the format of the file that begins with `head`, or None.

    Args:
        head: The first `HEAD_BYTES` bytes.
        name: The file's name or key.
    """
    ending = PurePosixPath(name).suffix.lower()
    for row in FORMATS:
        if row.mark.match(head) and (row.extensions is not _RAW_TIFF or ending in _RAW_TIFF):
            return row
    return None
