"""Takes pictures elsewhere: copies, hard links, a ZIP, lists, galleries, contact sheets."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TextIO

from PIL import Image

from bowerbird.actions import contact_sheet, listing, naming
from bowerbird.errors import ConflictError, SourceDeniedError, StorageFullError
from bowerbird.types import Asset, ExportForm, Listed, Progress

_ODD = "surrogateescape"  # file names need not be text
FOLDERS = frozenset({"copy", "link"})  # forms that fill a folder; the others write one file


@dataclass(frozen=True, slots=True)
class Export:
    """What is to be exported, and how.

    Attributes:
        hits: The pictures in their order; asked for one by one.
        total: How many.
        locate: Returns the local file of a picture, or None where there is none.
        thumbnail: Returns the encoded thumbnail of a picture, or None.
        template: Names the files, see `naming.named`.
        keys: Those of the metadata that have a column in a list for spreadsheets.
    """

    hits: Iterable[Listed]
    total: int
    locate: Callable[[Asset], Path | None]
    thumbnail: Callable[[Asset], bytes | None]
    template: str = naming.PLAIN
    keys: Sequence[str] = ()


def export(wanted: Export, target: Path | TextIO, form: ExportForm) -> Iterator[Progress]:
    """Write pictures to `target`: a folder for copies and links, else a file.

    Lists and galleries may go to an open stream as well.

    No file of a folder is ever written over: a name that is taken gets a number. A target file
    takes its name only when it is whole.

    Raises:
        UsageError: The template cannot be used.
        ConflictError: A further page would be written over a file.
        StorageFullError: No space is left; what was cut short is removed.
        SourceDeniedError: The target may not be written.
    """
    naming.check(wanted.template)
    if not isinstance(target, Path):
        yield from _text(wanted, target, "", form)
    elif form in FOLDERS:
        yield from _fill(wanted, target, link=form == "link")
    else:
        with _whole(target) as partial:
            if form == "zip":
                yield from _zip(wanted, partial)
            elif form == "pdf" or form == "png":
                yield from _sheets(wanted, partial, target, form)
            else:
                with partial.open("w", encoding="utf-8", errors=_ODD, newline="") as stream:
                    yield from _text(wanted, stream, target.stem, form)


def _fill(wanted: Export, folder: Path, *, link: bool) -> Iterator[Progress]:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SourceDeniedError(
            f"{folder} cannot be made: {error.strerror}. Choose another folder."
        ) from error
    failed = 0
    for done, (asset, path) in enumerate(_located(wanted), 1):
        name = naming.named(wanted.template, asset, done, wanted.total)
        linked = path is not None and link and _link(path, folder, name)
        if not linked and (path is None or not _copy(path, folder, name)):
            failed += 1
        yield Progress("exporting", done, wanted.total, failed, current=asset.name)


def _located(wanted: Export) -> Iterator[tuple[Asset, Path | None]]:
    """Yield every file once: frames of a video share theirs."""
    taken: set[tuple[int, str]] = set()
    for hit in wanted.hits:
        file = (hit.asset.collection_id, hit.asset.file_key)
        if hit.asset.time is None or file not in taken:
            yield hit.asset, wanted.locate(hit.asset)
        taken.add(file)


def _link(path: Path, folder: Path, name: str) -> bool:
    """Link a file under a free name; False where the file system cannot, and it is copied."""
    target = claim(folder, name)
    partial = target.with_name(f".{target.name}.link")
    try:
        os.link(path, partial)
        partial.replace(target)
    except OSError:
        partial.unlink(missing_ok=True)
        target.unlink(missing_ok=True)
        return False
    return True


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
                raise _full(folder) from error
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
            raise _denied(folder, error) from error
        else:
            return target


def save(image: Image.Image, folder: Path, name: str) -> Path:
    """Write a picture under a free name, and return its path.

    Raises:
        SourceDeniedError: The folder may not be written.
        StorageFullError: No space is left; a file that was cut short is removed, why ever.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SourceDeniedError(
            f"{folder} cannot be made: {error.strerror}. Choose another folder."
        ) from error
    target = claim(folder, name)
    try:
        # A third of PNG's usual time for a fifth more bytes; WebP takes what it needs.
        image.save(target, lossless=True, compress_level=3)
    except BaseException as error:
        target.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFullError(f"No space is left in {folder}. Free some and go on.") from error
        raise
    return target


def _zip(wanted: Export, target: Path) -> Iterator[Progress]:
    """Pack the files as they are: pictures do not shrink."""
    failed, taken = 0, set[str]()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, strict_timestamps=False) as archive:
        for done, (asset, path) in enumerate(_located(wanted), 1):
            name = _free(naming.named(wanted.template, asset, done, wanted.total), taken)
            # Only a file that opens gets an entry: a half one would spoil the archive.
            if path is None or not os.access(path, os.R_OK):
                failed += 1
            else:
                archive.write(path, name)
            yield Progress("exporting", done, wanted.total, failed, current=asset.name)


def _free(name: str, taken: set[str]) -> str:
    stem, suffix = Path(name).stem, Path(name).suffix
    number, free = 1, name
    while free.casefold() in taken:
        number += 1
        free = f"{stem} ({number}){suffix}"
    taken.add(free.casefold())
    return free


def _sheets(
    wanted: Export, partial: Path, target: Path, form: Literal["pdf", "png"]
) -> Iterator[Progress]:
    pictures = ((hit.asset, wanted.thumbnail(hit.asset)) for hit in wanted.hits)
    drawn = contact_sheet.pages(pictures, paper=form == "pdf")
    if form == "pdf":
        written = contact_sheet.write_pdf(drawn, partial)
    else:
        places = contact_sheet.page_files(target, wanted.total)
        for place in places[1:]:
            if place.exists():
                raise ConflictError(
                    f"{place}, where the next page belongs, is there already. Choose another "
                    "name, or move it away."
                )
        written = contact_sheet.write_png(drawn, places)
    for number, _ in enumerate(written, 1):
        done = min(number * contact_sheet.PER_PAGE, wanted.total)
        yield Progress("exporting", done, wanted.total)


def _text(wanted: Export, stream: TextIO, title: str, form: ExportForm) -> Iterator[Progress]:
    if form == "html":
        pictures = ((hit.asset, wanted.thumbnail(hit.asset)) for hit in wanted.hits)
        names = contact_sheet.write_html(pictures, stream, title)
    elif form in ("csv", "jsonl"):
        if form == "csv":
            names = listing.write_csv(wanted.hits, stream, wanted.keys)
        else:
            names = listing.write_jsonl(wanted.hits, stream)
    else:
        raise ValueError(f"{form} is no text")
    for done, name in enumerate(names, 1):
        yield Progress("exporting", done, wanted.total, current=name)


@contextlib.contextmanager
def _whole(target: Path) -> Iterator[Path]:
    """Lend a file beside the target that takes its name at the end.

    A pipe or a device, as in `--csv /dev/stdout`, is written as it is and never replaced.
    """
    special = target.exists() and not target.is_file()
    partial = target if special else target.with_name(f".{target.name}.partial")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if not special:
            partial.touch()
        yield partial
        if not special and partial.stat().st_size:
            partial.replace(target)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _full(target.parent) from error
        raise _denied(target.parent, error) from error
    finally:
        if not special:
            with contextlib.suppress(OSError):
                partial.unlink()


def _full(folder: Path) -> StorageFullError:
    return StorageFullError(f"No space is left in {folder}. Free some and export again.")


def _denied(folder: Path, error: OSError) -> SourceDeniedError:
    return SourceDeniedError(
        f"{folder} cannot be written: {error.strerror}. Choose another folder."
    )
