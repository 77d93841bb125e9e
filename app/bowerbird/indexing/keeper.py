"""Suggests which of several copies or similar shots to keep, and says why."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal

from bowerbird.types import Asset, DuplicateGroup

# Formats that keep every pixel as it was.
_LOSSLESS = frozenset({"raw", "tiff", "png", "psd", "bmp"})

# What speaks for a copy, the weightiest first: a word, and a value of which more is better.
_REASONS: tuple[tuple[str, Callable[[Asset], Any]], ...] = (
    ("most pixels", lambda asset: (asset.width or 0) * (asset.height or 0)),
    ("a format without loss", lambda asset: asset.format in _LOSSLESS),
    ("largest file", lambda asset: asset.size),
    ("knows when it was taken", lambda asset: asset.exif.taken is not None),
    ("most tags", lambda asset: len(asset.tags)),
    ("best quality", lambda asset: asset.quality.overall if asset.quality else 0.0),
    ("oldest", lambda asset: -asset.modified.timestamp()),
    ("first found", lambda asset: -asset.id),
)
# What tells similar shots apart is the picture before the file.
_SHOT_REASONS = (_REASONS[0], _REASONS[5], *_REASONS[1:5], *_REASONS[6:])
# Copies whose pixels differ by less were made by the same camera and the same crop.
_NEARLY = 0.02


def suggest(
    assets: Sequence[Asset], preferred: Callable[[Asset], bool], *, similar: bool = False
) -> DuplicateGroup:
    """Return a group with the copy to keep first.

    Args:
        assets: At least one.
        preferred: Whether a copy lies where pictures are to be kept; that outweighs all else.
        similar: Whether they are similar shots; the quality then comes before the file.
    """
    left, reason = list(assets), ""
    if any(map(preferred, left)) and not all(map(preferred, left)):
        left, reason = [asset for asset in left if preferred(asset)], "lies where you keep pictures"
    for why, value in _SHOT_REASONS if similar else _REASONS:
        if len(left) == 1:
            break
        best = max(map(value, left))
        least = best * (1 - _NEARLY) if why == "most pixels" else best
        winners = [asset for asset in left if value(asset) >= least]
        if len(winners) < len(left):
            left, reason = winners, reason or why
    keeper = left[0]
    rest = tuple(asset for asset in assets if asset is not keeper)
    same = len({asset.md5 for asset in assets}) == 1
    kind: Literal["identical", "copies", "similar"] = "identical" if same else "copies"
    return DuplicateGroup("similar" if similar else kind, (keeper, *rest), reason)
