"""Writes cut-outs as tasks: one as hands have corrected it, and many one by one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from bowerbird.errors import DecodeError, SourceError
from bowerbird.gui.corrections import Strokes
from bowerbird.gui.retouching import SIDE
from bowerbird.types import Asset, CutoutFile, Progress

if TYPE_CHECKING:
    from bowerbird.library import Draft, Library


@dataclass(frozen=True, slots=True)
class How:
    """How cut-outs are written.

    Attributes:
        behind: What stands behind the subject, as the library takes it.
        folder: Where to; None for beside each picture.
        kind: The format.
        model: What finds the subjects; None for what the settings say.
    """

    behind: str = ""
    folder: Path | None = None
    kind: Literal["png", "webp"] = "png"
    model: str | None = None


def save_one(
    library: Library,
    asset: Asset,
    draft: Draft,
    strokes: Strokes,
    how: How,
    written: list[Path],
) -> Iterator[Progress]:
    """Write a picture as its draft looks; the last step names the file, `written` gets it."""
    yield Progress("exporting", 0, 1)
    done = library.save_cutout(asset, draft, strokes, how.folder, kind=how.kind, behind=how.behind)
    if done.target is None:
        raise DecodeError(f"{asset.name} cannot be used: it {done.reason}.")
    written.append(done.target)
    yield Progress("exporting", 1, 1, current=done.target.name)


def save_all(
    library: Library,
    ids: Sequence[int],
    strokes: Mapping[int, Strokes],
    how: How,
    written: list[Path],
) -> Iterator[Progress]:
    """Write pictures one by one; those without a file that can be read count as failed.

    Args:
        library: Cuts them out.
        ids: Of the pictures.
        strokes: The corrections of those that have some.
        how: How they are written.
        written: Gets the files.
    """
    failed = 0
    for done, asset_id in enumerate(ids, 1):
        found = library.assets([asset_id])
        name = found[0].name if found else ""
        saved = _saved(library, found[0], strokes.get(asset_id, ()), how) if found else None
        if saved is None or saved.target is None:
            failed += 1
        else:
            written.append(saved.target)
        yield Progress("exporting", done, len(ids), failed, current=name)


def _saved(library: Library, asset: Asset, strokes: Strokes, how: How) -> CutoutFile | None:
    """Write one of many; None where its file is not there."""
    try:
        path = library.cutout_source(asset, how.folder)
        draft = library.draft_cutout(asset, SIDE, how.model) if strokes else None
    except (SourceError, DecodeError):
        return None
    if draft is not None:
        return library.save_cutout(
            asset, draft, strokes, how.folder, kind=how.kind, behind=how.behind
        )
    written = library.cut_out([path], how.folder, kind=how.kind, behind=how.behind, model=how.model)
    return next(iter(written))
