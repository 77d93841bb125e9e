"""All records of a collection: in an answer that is streamed, or in a file to be read again."""

from __future__ import annotations

import base64
import errno
import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi.responses import StreamingResponse

from bowerbird.errors import StorageFullError
from bowerbird.server.refusal import RefusedError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from bowerbird.library import Library
    from bowerbird.server.ximilar.shelf import Shelf

FOLDER = "answers"


def stream(
    shelf: Shelf,
    ids: NDArray[np.int64],
    fields: Sequence[str],
    name: str,
    took: Callable[[], int],
) -> StreamingResponse:
    """Return an answer that is made while it is sent, so that memory holds a page of it.

    Args:
        shelf: The collection.
        ids: Its assets, in order.
        fields: What of each record.
        name: Of its file.
        took: Gives the milliseconds since the request came.
    """

    def parts() -> Iterator[str]:
        count = 0
        yield '{"status": {"code": 200, "text": "OK"}, "answer_records": ['
        for page in shelf.pages(ids, fields):
            text = ", ".join(json.dumps(record) for record in page)
            yield (", " if count and page else "") + text
            count += len(page)
        rest = {
            "answer_count": count,
            "output_file_name": name,
            "statistics": {"OperationTime": took()},
        }
        yield "], " + json.dumps(rest)[1:]

    return StreamingResponse(parts(), media_type="application/json")


def write(
    library: Library,
    shelf: Shelf,
    ids: NDArray[np.int64],
    name: str,
    fields: Sequence[str],
) -> None:
    """Write records to a file of the library, one a line.

    Raises:
        StorageFullError: No space is left; nothing is kept.
    """
    folder = library.path / FOLDER
    partial = folder / f".{uuid.uuid4().hex}.partial"
    try:
        folder.mkdir(exist_ok=True)
        with partial.open("w", encoding="utf-8") as file:
            for page in shelf.pages(ids, fields):
                kept = shelf.kept([record["_id"] for record in page]) if "*" in fields else {}
                for record in page:
                    if record["_id"] in kept:
                        data = kept[record["_id"]].read_bytes()
                        record["_base64"] = base64.b64encode(data).decode("ascii")
                    file.write(json.dumps(record) + "\n")
        partial.replace(folder / name)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise StorageFullError("There is no space left for the file.") from error
        raise
    finally:
        partial.unlink(missing_ok=True)


def named(asked: str | None) -> str:
    """Return the name of a file: the one asked for, which is nothing else, or a new one.

    Raises:
        RefusedError: It is none.
    """
    name = asked or f"all-records-{uuid.uuid4().hex}.json"
    if name.startswith(".") or Path(name).name != name or "\\" in name or "\0" in name:
        raise RefusedError(400, "output_file_name is the name of a file, without folders.")
    return name
