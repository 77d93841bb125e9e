"""Tells whether two addresses are of one file, which links and other spellings of a path are."""

from __future__ import annotations

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
    # Paths can be spelt in several ways on drives that ignore case, and on those of macOS.
    path = unicodedata.normalize("NFC", os.path.realpath(address)).casefold()
    try:
        facts = os.stat(address)  # noqa: PTH116  (thousands: a Path for each costs more)
    except (OSError, ValueError):
        return path
    if not facts.st_ino:
        return path
    # A file of one name is one file, mounted wherever.
    same = (facts.st_dev, facts.st_ino)
    return same if facts.st_nlink == 1 else (*same, path)
