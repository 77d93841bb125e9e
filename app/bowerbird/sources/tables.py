"""Reads the records of catalogues: TSV, CSV, JSON lines and Parquet, row by row."""

from __future__ import annotations

import datetime
import decimal
import itertools
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn, TextIO
from urllib.parse import unquote, urlsplit

from bowerbird.errors import NotFoundError, UsageError
from bowerbird.sources.rows import MOST_CHARACTERS, Split, split
from bowerbird.types import CATALOGUES, Item

# What columns are called that hold ids and pictures, the surest first.
IDS = ("id", "external_id", "externalid", "_id", "sku", "product_id", "item_id", "handle", "key")
IMAGES = (
    "image",
    "image_url",
    "imageurl",
    "image_link",
    "image_src",
    "_url",
    "url",
    "picture",
    "photo",
    "path",
    "file",
    "filename",
)
# Cells that are not UTF-8 are kept apart from those that are.
_ODD = "surrogateescape"
# An id that is longer is a mistake or malice.
MOST_ID = 500
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,15})?")
# What an address or a path of a picture has and the name of a column has not.
_PICTURE = re.compile(r"[/\\]|\.\w+$")
# Prices as feeds write them: a currency, and a number that can be read in one way only.
_CURRENCY = r"(?P<{}>[A-Z]{{3}}|[$€£¥])"
_MONEY = re.compile(
    rf"(?:{_CURRENCY.format('before')}\s?)?"
    r"(?:(?P<point>\d{1,12}\.\d{2}|\d{1,3}(?:,\d{3})+\.\d{2})"
    r"|(?P<comma>\d{1,12},\d{2}|\d{1,3}(?:\.\d{3})+,\d{2})|(?P<whole>\d{1,12}))"
    rf"(?:\s?{_CURRENCY.format('behind')})?"
)
_PRICED = ("price", "cost")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that is no record; `reason` is to be read after "row 12"."""

    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns with ids and with pictures are called; empty to find out."""

    id: str = ""
    image: str = ""


def read_items(path: Path, columns: Columns) -> Iterator[Item | Rejected]:
    """Yield the records of a file, and what is none of one.

    Rows are counted from 1, as lines of a text file are. The first row of TSV and CSV names the
    columns; where none of its cells is a known name, rows are id, picture and metadata as JSON.
    Pictures are addresses, or paths that begin where the file lies. What further columns hold is
    metadata, numbers as numbers; a column of JSON objects is taken apart.

    Raises:
        NotFoundError: There is no such file.
        UsageError: It is none of the kinds, or has no columns for ids or pictures.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        raise UsageError(
            f"{path.name} is no catalogue. Use a file that ends in {', '.join(CATALOGUES)}."
        )
    try:
        for number, row in reader(path, columns):
            yield row if isinstance(row, Rejected) else _item(number, row, path.parent, columns)
    except FileNotFoundError as error:
        raise NotFoundError(f"There is no file {path}. Check the path.") from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}.") from error


def _item(number: int, row: Row, folder: Path, columns: Columns) -> Item | Rejected:
    try:
        names = {str(name).strip().casefold(): name for name in row}
        id_name = _column(names, columns.id, IDS)
        image_name = _column(names, columns.image, IMAGES)
        key = "" if id_name is None else _identity(row[id_name])
        if not key:
            raise ValueError("names no id")
        image = "" if image_name is None else _place(row[image_name], folder)
        rest = {name: row[name] for name in row if name not in (id_name, image_name)}
        return Item(key, image, _metadata(rest))
    except (ValueError, RecursionError) as error:
        return Rejected(number, str(error))


def _column(names: Mapping[str, str], wanted: str, usual: Sequence[str]) -> str | None:
    """Return the name of a column as the file writes it."""
    if wanted:
        return names.get(wanted.casefold())
    return next((names[name] for name in usual if name in names), None)


def _identity(value: Any) -> str:
    if isinstance(value, bool | float | list | dict):
        raise ValueError("has no text for an id")
    key = "" if value is None else str(value).strip()
    if len(key) > MOST_ID or not key.isprintable():
        raise ValueError("has an id that is too long or cannot be printed")
    return key


def _place(value: Any, folder: Path) -> str:
    """Return where a picture lies: an address, or a whole path."""
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ValueError("has a picture that is neither an address nor a path")
    image = value.strip()
    if not image or image.lower().startswith(("http://", "https://")):
        return image
    if image.lower().startswith("file://"):
        image = unquote(urlsplit(image).path)
    if "://" in image or "\0" in image:
        raise ValueError(f"has a picture that is neither an http address nor a path: {image!r}")
    try:
        return str(folder.absolute() / Path(image).expanduser())
    except RuntimeError as error:
        raise ValueError(f"has a picture in the home of nobody: {image!r}") from error


def _metadata(rest: Row) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in rest.items():
        plain = _plain(value)
        if isinstance(plain, dict):
            found.update(plain)
        elif plain is not None and plain != "":
            found.update(_priced(str(name).strip(), plain))
    return found


def _priced(name: str, value: Any) -> dict[str, Any]:
    """Return a value under its name; of a price the number there, its currency apart.

    Only columns that are called prices are looked at, and only what can mean one number.
    """
    if not isinstance(value, str) or not name.casefold().endswith(_PRICED):
        return {name: value}
    money = _MONEY.fullmatch(value.strip())
    currencies = [money[side] for side in ("before", "behind") if money[side]] if money else []
    if money is None or len(currencies) != 1:
        return {name: value}
    digits = (money["point"] or money["whole"] or "").replace(",", "")
    digits = digits or money["comma"].replace(".", "").replace(",", ".")
    return {name: float(digits), f"{name} currency": currencies[0]}


def _plain(value: Any) -> Any:
    """Return a value as JSON has it; None where JSON has nothing like it.

    Raises:
        ValueError: It is a number that JSON has not.
    """
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if value is None or isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return None


# --- texts --------------------------------------------------------------------------------------


def _separated(separator: str) -> Callable[[Path, Columns], Iterator[tuple[int, Row | Rejected]]]:
    def read(path: Path, columns: Columns) -> Iterator[tuple[int, Row | Rejected]]:
        with path.open(encoding="utf-8-sig", errors=_ODD, newline="") as stream:
            rows = _cells(stream, separator or _separator(stream))
            first = next(rows, None)
            if first is None:
                return
            header = _header(first[1], columns, path.name)
            if header is None:
                header, rows = ["id", "image", "metadata"], itertools.chain((first,), rows)
            for row, cells in rows:
                if isinstance(cells, Rejected):
                    yield row.line, cells
                elif any(cells):
                    yield row.line, _named(row, cells, header)

    return read


def _cells(stream: TextIO, separator: str) -> Iterator[tuple[Split, list[str] | Rejected]]:
    # Quotes of JSON in TSV are its own, not the table's, unless a cell begins with one.
    for row in split(stream, separator):
        try:
            "".join(row.cells).encode()
        except UnicodeEncodeError:
            yield row, Rejected(row.line, "is not UTF-8; save the file as UTF-8")
        else:
            yield row, Rejected(row.line, row.fault) if row.fault else row.cells


def _separator(stream: TextIO) -> str:
    """Return what stands between the cells of a file: programs of some countries use others."""
    first = stream.readline(MOST_CHARACTERS)
    stream.seek(0)
    return max(",;\t", key=first.count)


def _header(cells: list[str] | Rejected, columns: Columns, file: str) -> list[str] | None:
    """Return the names of the columns, or None where the first row is a record itself.

    Raises:
        UsageError: A column that was asked for is not there, or the row is neither.
    """
    if isinstance(cells, Rejected):
        raise UsageError(f"{file}: the first row {cells.reason}. Put that right first.")
    names = [cell.strip() for cell in cells]
    lower = {name.casefold() for name in names}
    for wanted in (columns.id, columns.image):
        if wanted and wanted.casefold() not in lower:
            raise UsageError(f"There is no column {wanted!r}. There are {', '.join(names)}.")
    if columns.id or lower & {*IDS}:
        return names
    if columns.image or not _is_record(names):
        raise UsageError(
            f"{file}: none of its columns is known to hold ids. "
            f"There are {', '.join(names)[:500]}. Say which with --id COLUMN "
            "and --image COLUMN, or call them id and image."
        )
    return None


def _is_record(cells: list[str]) -> bool:
    """Return whether a row without names above it is an id, a picture and metadata as JSON."""
    key, image, metadata = [*cells, "", ""][:3]
    if metadata:
        return metadata.startswith("{")
    return bool(key) and bool(_PICTURE.search(image))


def _named(row: Split, cells: list[str], header: list[str]) -> Row | Rejected:
    number = row.line
    if len(cells) > len(header):
        return Rejected(number, f"has {len(cells)} cells where there are {len(header)} columns")
    if row.doubtful and len(cells) < len(header):
        return Rejected(
            number,
            "is left out: a row above it could not be read, and it has fewer "
            f"cells ({len(cells)}) than there are columns ({len(header)})",
        )
    try:
        return {
            name: cell if name.casefold() in (*IDS, *IMAGES) else _read(cell)
            for name, cell in zip(header, cells, strict=False)
        }
    except (ValueError, RecursionError) as error:
        return Rejected(number, f"holds JSON that cannot be read: {error}")


def _read(cell: str) -> Any:
    """Return what a cell says: a number, true or false, what JSON in brackets holds, or a text."""
    text = cell.strip()
    if _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    if text.startswith(("{", "[")) and text.endswith(("}", "]")):
        return json.loads(text, parse_constant=_no_constant)
    return text


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _json_lines(path: Path, _: Columns) -> Iterator[tuple[int, Row | Rejected]]:
    with path.open("rb") as stream:
        for number in itertools.count(1):
            line = stream.readline(MOST_CHARACTERS)
            if not line:
                return
            if len(line) == MOST_CHARACTERS:
                yield (
                    number,
                    Rejected(number, "is too long to be a record; nothing behind it is read"),
                )
                return
            if line.strip():
                yield number, _object(number, line)


def _object(number: int, line: bytes) -> Row | Rejected:
    try:
        found = json.loads(line.decode("utf-8-sig"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        return Rejected(number, f"is no JSON: {error}")
    return found if isinstance(found, dict) else Rejected(number, "is no JSON object")


def _parquet(path: Path, _: Columns) -> Iterator[tuple[int, Row | Rejected]]:
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise UsageError(
            "Parquet needs a library that is not installed. Run `pip install pyarrow`, or save the "
            "catalogue as CSV."
        ) from error
    number = 0
    with path.open("rb") as stream:
        try:
            for batch in ParquetFile(stream).iter_batches(1000):
                for row in batch.to_pylist():
                    number += 1
                    yield number, row
        except (ArrowException, OSError) as error:
            raise UsageError(
                f"{path} cannot be read as Parquet behind row {number}: {error}"
            ) from error


_SEPARATED = (_separated("\t"), _separated("\t"), _separated(""))
_READERS = dict(zip(CATALOGUES, (*_SEPARATED, _json_lines, _json_lines, _parquet), strict=True))
