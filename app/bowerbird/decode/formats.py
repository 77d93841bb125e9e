"""The tables of picture and video formats: how each is named, recognised and opened.

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
        demuxer: For a video, what FFmpeg calls its container. It is asked for by this name alone:
            left to guess, FFmpeg would take a playlist for a video, and open what that names.
    """

    name: str
    extensions: tuple[str, ...]
    mark: re.Pattern[bytes]
    opener: str = "pillow"
    pillow: tuple[str, ...] = ()
    isolated: bool = False
    demuxer: str = ""


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


def _video(name: str, endings: str, demuxer: str, mark: bytes) -> Format:
    return Format(name, tuple(endings.split()), _mark(mark), "video", (), True, demuxer)


# Of several that match, the first is taken. MPEG's transport streams are only known by the endings
# of cameras: `.ts` is a program's source more often.
VIDEOS = (
    _video("3gp", ".3gp .3g2", "mov", _ISO + rb"3g"),
    _video("mov", ".mov .qt", "mov", _ISO + rb"qt  |....(moov|mdat|wide|free|skip)"),
    _video("mp4", ".mp4 .m4v", "mov", _ISO),
    _video("webm", ".webm", "matroska", rb"\x1a\x45\xdf\xa3.{0,60}webm"),
    _video("mkv", ".mkv", "matroska", rb"\x1a\x45\xdf\xa3"),
    _video("avi", ".avi", "avi", rb"RIFF....AVI "),
    _video("mpeg", ".mpg .mpeg .vob", "mpeg", rb"\x00\x00\x01\xba"),
    _video("m2ts", ".mts .m2ts", "mpegts", rb"G.{187}G|....G.{191}G"),
    _video("wmv", ".wmv .asf", "asf", rb"\x30\x26\xb2\x75\x8e\x66\xcf\x11"),
    _video("flv", ".flv", "flv", rb"FLV\x01"),
    _video("ogv", ".ogv", "ogg", rb"OggS"),
)

EXTENSIONS = frozenset(ending for row in FORMATS for ending in row.extensions)
VIDEO_EXTENSIONS = frozenset(ending for row in VIDEOS for ending in row.extensions)


def file_name(name: str, kind: str | None) -> str:
    """Return a name with an ending by which programs know the file; most have one already.

    Args:
        name: As it is known, such as the id of a record.
        kind: The name of its format.
    """
    if PurePosixPath(name).suffix.lower() in EXTENSIONS | VIDEO_EXTENSIONS:
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


def recognise_video(head: bytes) -> Format | None:
    """Return the format of the video that begins with `head`, or None."""
    return next((row for row in VIDEOS if row.mark.match(head)), None)


def may_be_video(name: str) -> bool:
    """Whether a file is a video by its ending; what it is, its content decides."""
    return PurePosixPath(name).suffix.lower() in VIDEO_EXTENSIONS
