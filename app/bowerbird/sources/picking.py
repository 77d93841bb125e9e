"""Which names are worth looking at: endings of pictures, and what nobody looks for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fnmatch import translate
from os.path import splitext


class Picker:
    """Chooses by names alone, the same way for every kind of source.

    Args:
        extensions: Lower-case endings of what may be a picture, with their dots.
        ignore: Globs that are never listed: of names, or of whole keys when they hold a `/`.
        hidden: Whether names that begin with a dot are listed.
    """

    def __init__(
        self, extensions: frozenset[str], ignore: Sequence[str] = (), *, hidden: bool = False
    ) -> None:
        self._extensions = extensions
        self._hidden = hidden
        self._ignored_name = _matcher([glob for glob in ignore if "/" not in glob])
        self._ignored_key = _matcher([glob.strip("/") for glob in ignore if "/" in glob])

    def is_ignored(self, name: str, key: str) -> bool:
        """Whether a file or a folder is passed over, with all that is in it."""
        if not self._hidden and name.startswith("."):
            return True
        if self._ignored_name is not None and self._ignored_name.match(name):
            return True
        return self._ignored_key is not None and self._ignored_key.match(key) is not None

    def is_picture(self, name: str) -> bool:
        """Whether a file may be a picture."""
        return splitext(name)[1].lower() in self._extensions  # noqa: PTH122  # on the hot path

    def wants(self, key: str) -> bool:
        """Whether a key is a picture, and neither it nor a folder above it is passed over."""
        parts = key.split("/")
        return self.is_picture(parts[-1]) and not any(
            self.is_ignored(part, "/".join(parts[: depth + 1])) for depth, part in enumerate(parts)
        )


def _matcher(globs: Sequence[str]) -> re.Pattern[str] | None:
    """Return one expression for all globs, as `fnmatch` understands them, in any case."""
    if not globs:
        return None
    return re.compile("|".join(translate(glob) for glob in globs), re.IGNORECASE)
