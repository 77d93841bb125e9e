"""Writes variations of pictures as a task, picture by picture."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from bowerbird.errors import BowerbirdError, DecodeError, SourceError
from bowerbird.gui.reimagine_dialog import How
from bowerbird.types import Asset, Progress

if TYPE_CHECKING:
    from bowerbird.library import Library


def reimagine_all(
    library: Library, ids: Sequence[int], how: How, written: list[Path]
) -> Iterator[Progress]:
    """Write variations; a picture that cannot be read spares the others.

    Args:
        library: Makes them.
        ids: Of the pictures.
        how: How many, how far, by what, and where to.
        written: Gets the files.

    Raises:
        BowerbirdError: The model cannot be loaded or run, or nothing can be written.
    """
    failed = 0
    yield Progress("drawing", 0, 100)
    for at, asset in enumerate(library.assets(ids)):
        try:
            for step in _variations(library, asset, how, written):
                done = round(100 * (at + step.done / 100) / len(ids))
                left = step.remaining_s if len(ids) == 1 else None
                yield Progress("drawing", done, 100, failed, remaining_s=left, current=step.current)
        except (SourceError, DecodeError) as error:
            # Alone, it is what the task says.
            if len(ids) == 1:
                raise
            failed += 1
            done = round(100 * (at + 1) / len(ids))
            yield Progress("drawing", done, 100, failed, current=_told(asset, error))


def _variations(
    library: Library, asset: Asset, how: How, written: list[Path]
) -> Iterator[Progress]:
    path = library.cutout_source(asset, how.folder)
    steps = library.reimagine(
        path, how.folder, count=how.count, seed=how.seed, strength=how.strength, model=how.model
    )
    with contextlib.closing(steps):  # type: ignore[type-var]  # it is a generator
        for step in steps:
            if step.path is not None:
                written.append(step.path)
            name = "" if step.path is None else step.path.name
            done = round(100 * step.done)
            yield Progress("drawing", done, 100, remaining_s=step.remaining_s, current=name)


def _told(asset: Asset, error: BowerbirdError) -> str:
    text = str(error)
    return text if asset.name in text else f"{asset.name}: {text}"
