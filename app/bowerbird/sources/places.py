"""Tells whether two addresses are of one file, which links and other spellings of a path are."""

from __future__ import annotations

import contextlib
import os
import unicodedata
from collections.abc import Hashable

from bowerbird.sources.web import is_address


def place_of(address: str) -> Hashable:
    """Return what is the same for all addresses of one file, and for no two files.

    Hard links are files of their own: each can go without the others.

    Args:
        address: An http(s) or s3 address, or a path.
    """
    if is_address(address):
        return address.partition("#")[0]
    if address.startswith("s3://"):
        return address
    try:
        facts = os.stat(address)  # noqa: PTH116  (thousands: a Path for each costs more)
    except (OSError, ValueError):
        return _spelt(address)
    if not facts.st_ino:
        return _spelt(address)
    # A file of one name is one file, mounted wherever.
    same = (facts.st_dev, facts.st_ino)
    return same if facts.st_nlink == 1 else (*same, _spelt(address))


def _spelt(path: str) -> str:
    """Return a path in one spelling: drives that ignore case, and macOS, know several."""
    with contextlib.suppress(OSError, ValueError):  # no file can have that name
        path = os.path.realpath(path)
    return unicodedata.normalize("NFC", path).casefold()
