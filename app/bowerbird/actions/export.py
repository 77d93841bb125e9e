"""Copies originals into a folder, never over a file that is there."""

from __future__ import annotations

import errno
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

from bowerbird.errors import SourceDeniedError, StorageFullError
from bowerbird.types import Progress


def copy_files(
    files: Iterable[tuple[str, Path | None]], total: int, folder: Path
) -> Iterator[Progress]:
    """Copy each `(name, path)` into `folder`; a path of None counts as failed.

    A name that is taken gets a number: `beach.jpg`, `beach (2).jpg`.

    Raises:
        StorageFullError: No space is left; the copy that was cut short is removed.
        SourceDeniedError: The folder may not be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SourceDeniedError(
            f"{folder} cannot be made: {error.strerror}. Choose another folder."
        ) from error
    failed = 0
    for done, (name, path) in enumerate(files, 1):
        if path is None or not _copy(path, folder, name):
            failed += 1
        yield Progress("exporting", done, total, failed, current=name)


def _copy(path: Path, folder: Path, name: str) -> bool:
    """Copy one file under a free name; False when it cannot be read any more."""
    try:
        source = path.open("rb")
    except OSError:
        return False
    with source:
        target = claim(folder, name)
        try:
            with target.open("wb") as copy:
                shutil.copyfileobj(source, copy, 1 << 20)
            shutil.copystat(path, target)
        except OSError as error:
            target.unlink(missing_ok=True)
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise StorageFullError(
                    f"No space is left in {folder}. Free some and export again."
                ) from error
            return False
    return True


def claim(folder: Path, name: str) -> Path:
    """Make an empty file of a free name, so that nobody else takes it meanwhile.

    Raises:
        SourceDeniedError: The folder may not be written.
    """
    stem, suffix = Path(name).stem, Path(name).suffix
    number = 1
    while True:
        target = folder / (name if number == 1 else f"{stem} ({number}){suffix}")
        try:
            target.touch(exist_ok=False)
        except FileExistsError:
            number += 1
        except OSError as error:
            raise SourceDeniedError(
                f"{folder} cannot be written: {error.strerror}. Choose another folder."
            ) from error
        else:
            return target
