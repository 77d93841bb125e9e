"""Names exported files by a template such as `{n} {date} {name}`."""

from __future__ import annotations

import re
import string
from pathlib import PurePath

from bowerbird.decode.formats import file_name
from bowerbird.errors import UsageError
from bowerbird.types import Asset

PLAIN = "{name}"
FIELDS = ("name", "stem", "n", "date", "folder", "width", "height")
# What no file system takes in a name, or takes for a way to another folder.
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f]')


def check(template: str) -> None:
    """Look at a template before anything is written.

    Raises:
        UsageError: It is empty, names an unknown field, or cannot be read.
    """
    known = ", ".join(f"{{{name}}}" for name in FIELDS)
    try:
        parts = [part[1:] for part in string.Formatter().parse(template) if part[1] is not None]
    except ValueError as error:
        raise UsageError(f"The name {template!r} cannot be read: {error}. Use {known}.") from error
    # Widths and attributes are refused as well: they could ask for gigabytes of blanks.
    if unknown := [name for name, spec, turn in parts if name not in FIELDS or spec or turn]:
        raise UsageError(f"There is no {{{unknown[0]}}} of that kind for a name. Use {known}.")
    if not parts:
        raise UsageError(f"All files would be named {template!r}. Use one of {known}.")


def named(template: str, asset: Asset, number: int, total: int) -> str:
    """Return the file name of the `number`-th of `total` pictures; its ending stays its own.

    Args:
        template: `{name}` and `{stem}` with and without the ending, `{n}` the number with zeros
            before it, `{date}` the day it was taken or changed, `{folder}` the last folder,
            `{width}` and `{height}` in pixels.
        asset: The picture.
        number: From 1.
        total: How many there are.
    """
    path = PurePath(file_name(asset.name, asset.format))
    day = asset.exif.taken or asset.modified
    text = template.format(
        name=path.stem,
        stem=path.stem,
        n=f"{number:0{len(str(total))}}",
        date=day.strftime("%Y-%m-%d"),
        folder=asset.folder.rpartition("/")[2],
        width=asset.width or 0,
        height=asset.height or 0,
    )
    stem = _FORBIDDEN.sub("_", text).strip(" .")[:180] or "picture"
    return stem + path.suffix
