"""Cuts the subjects out of many files, each into a new one."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from PIL import Image

from bowerbird.actions.background import Cutout, Ground, cut_out, read_ground
from bowerbird.actions.export import save
from bowerbird.decode.decoder import load_whole
from bowerbird.errors import DecodeError
from bowerbird.types import CutoutFile

if TYPE_CHECKING:
    from bowerbird.engines.segmenter import Segmenter
    from bowerbird.types import Pixels

# Pictures that are worked on at once.
_AT_ONCE = 2
# Pixels a side that WebP holds.
_WEBP_MOST = 16383
# Share of a picture below which what was found is no subject.
_NOTHING = 0.001
# Levels from clear and from opaque that are neither, and the share of them, of what is to be seen,
# from which a matte is in doubt: of ECSSD's kept out pictures 5 in 96, all of poor overlap.
_FAINT, _UNSURE = 26, 0.4


def cut_out_files(
    files: Iterable[Path],
    segmenter: Segmenter,
    folder: Path | None,
    *,
    kind: Literal["png", "webp"],
    mask_only: bool,
    behind: str,
    max_pixels: int,
) -> Iterator[CutoutFile]:
    """Write NAME-cutout.png or .webp for every file, never over a file that is there.

    A file that cannot be read is reported, and the rest goes on.

    Args:
        files: The pictures.
        segmenter: Finds the subjects.
        folder: Where to write; None for beside each picture.
        kind: The format, which keeps every colour and all of alpha.
        mask_only: Write the matte alone, as a grey picture NAME-mask.
        behind: What is to stand behind the subject: `#rrggbb`, `blur`, or the path of a picture;
            empty for nothing, which alpha says.
        max_pixels: A picture with more is refused.

    Raises:
        UsageError: What is to stand behind is none of these.
        ModelError: The segmenter cannot be loaded or run.
        SourceDeniedError: The folder may not be written.
        StorageFullError: No space is left; the file that was cut short is removed.
    """
    ground = read_ground(behind, max_pixels)

    def one(file: Path) -> CutoutFile:
        return cut_out_file(
            file,
            lambda picture: cut_out(picture, segmenter),
            folder,
            kind=kind,
            mask_only=mask_only,
            ground=ground,
            max_pixels=max_pixels,
        )

    # One is written while the next is looked at; no more, since each may be very large.
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="cut out") as pool:
        waiting: deque[Future[CutoutFile]] = deque()
        try:
            for file in files:
                waiting.append(pool.submit(one, file))
                if len(waiting) >= _AT_ONCE:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def cut_out_file(
    file: Path,
    find: Callable[[Pixels], Cutout],
    folder: Path | None,
    *,
    kind: Literal["png", "webp"],
    mask_only: bool,
    ground: Ground | None,
    max_pixels: int,
) -> CutoutFile:
    """Write NAME-cutout.png or .webp for one file, never over a file that is there.

    Args:
        file: The picture.
        find: Separates its subject from its background.
        folder: Where to write; None for beside it.
        kind: The format, which keeps every colour and all of alpha.
        mask_only: Write the matte alone, as a grey picture NAME-mask.
        ground: Makes what is to stand behind the subject; None for nothing, which alpha says.
        max_pixels: A picture with more is refused.

    Raises:
        ModelError: The segmenter cannot be loaded or run.
        SourceDeniedError: The folder may not be written.
        StorageFullError: No space is left; the file that was cut short is removed.
    """
    try:
        with file.open("rb") as stream:
            picture = load_whole(stream, file.name, max_pixels=max_pixels)
        if kind == "webp" and max(picture.shape) > _WEBP_MOST:
            raise DecodeError(f"has a side of more than {_WEBP_MOST} pixels: save it as PNG")
        cutout = find(picture)
    except DecodeError as error:
        return CutoutFile(file, None, reason=str(error))
    except IsADirectoryError:
        return CutoutFile(file, None, reason=f"is a folder; name its pictures, as in {file}/*.jpg")
    except OSError as error:
        return CutoutFile(file, None, reason=f"cannot be read: {error.strerror}")
    if mask_only:
        image = Image.fromarray(cutout.alpha)
    elif ground is not None:
        image = cutout.before(ground(picture, cutout.alpha))
    else:
        image = cutout.image()
    name = f"{file.stem}-{'mask' if mask_only else 'cutout'}.{kind}"
    target = save(image, folder or file.parent, name)
    coverage = float(cutout.alpha.mean()) / 255
    return CutoutFile(file, target, coverage, doubt=_doubt(cutout.alpha))


def _doubt(alpha: Pixels) -> str:
    """Say why a matte should be looked at; nothing where most of it is sure."""
    levels = np.bincount(alpha.ravel(), minlength=256)
    if levels[128:].sum() < _NOTHING * alpha.size:
        return "no subject was found"
    seen = levels[_FAINT:].sum()
    if levels[_FAINT:-_FAINT].sum() > _UNSURE * seen:
        return "what the subject is was not clear"
    return ""
