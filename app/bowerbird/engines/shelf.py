"""Models of the catalog that are no encoders: which are on disk, fetching and checking one."""

from __future__ import annotations

import builtins
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Generic, TypeVar

from bowerbird.engines import catalog
from bowerbird.engines.catalog import Offered
from bowerbird.engines.download import (
    RemoteFile,
    complete,
    fetch,
    hub_url,
    release_url,
    verify,
)
from bowerbird.errors import ModelMissingError
from bowerbird.types import Check, ModelInfo, ModelKind, Progress

Row = TypeVar("Row", bound=Offered)


class Shelf(Generic[Row]):
    """The rows of one kind, and the folders that their files lie in.

    Args:
        cache: Where downloaded weights are kept; made when needed.
        rows: What is offered.
        kind: What they are for.
    """

    def __init__(self, cache: Path, rows: Sequence[Row], kind: ModelKind) -> None:
        self._cache = cache
        self._rows = {row.id: row for row in rows}
        self._kind = kind

    def __contains__(self, model_id: str) -> bool:
        return model_id in self._rows

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows.values())

    def row(self, model_id: str) -> Row:
        """Return the row of an id.

        Raises:
            NotFoundError: There is none.
        """
        try:
            return self._rows[model_id]
        except KeyError:
            raise catalog.unknown(model_id, self._rows) from None

    def list(self, needs: str = "") -> list[ModelInfo]:
        """Return every row as front ends show it.

        Args:
            needs: What has to be installed before one can run; empty where nothing is missing.
        """
        return [
            ModelInfo(
                id=row.id,
                title=row.title,
                dim=0,
                download_size=row.download_size,
                licence=row.licence,
                languages="",
                note=row.note,
                installed=self.installed(row.id),
                active=False,
                kind=self._kind,
                needs=needs,
            )
            for row in self
        ]

    def installed(self, model_id: str) -> bool:
        """Return whether all files of a model that is offered arrived."""
        return complete(self._cache / model_id, self._rows[model_id].files)

    def folder(self, model_id: str) -> Path:
        """Return where the files of a model lie.

        Raises:
            NotFoundError: There is no such model.
            ModelMissingError: It is not here, or only in part.
        """
        row = self.row(model_id)
        if not self.installed(row.id):
            raise ModelMissingError(
                f"The model {row.id} is not on this machine yet, or only in part. "
                f"Run `bowerbird models get {row.id}`."
            )
        return self._cache / row.id

    def get(self, model_id: str) -> Iterator[Progress]:
        """Fetch a model as `download.fetch` does; closing the iterator cancels.

        Raises:
            NotFoundError: There is no such model.
            ConflictError: Another process is fetching it.
            StorageFullError: The disk is full, or would be.
            DownloadError: It failed for good, or after its retries.
        """
        row = self.row(model_id)
        files = [RemoteFile(name, _url(row, name), row.sha256.get(name, "")) for name in row.files]
        yield from fetch(files, self._cache / row.id, title=row.title)

    def check(self) -> builtins.list[Check]:
        """Return a line for each model that is here; its files are read whole."""
        lines = []
        for row in self:
            if not self.installed(row.id):
                continue
            damaged = verify(self._cache / row.id, row.files)
            if damaged:
                cure = f"Run `bowerbird models get {row.id}`: it fetches what is damaged."
                lines.append(Check(row.id, False, f"damaged: {', '.join(damaged)}", cure))
            else:
                lines.append(Check(row.id, True, f"{len(row.files)} files, digests right"))
        return lines


def _url(row: Offered, name: str) -> str:
    if row.release:
        return release_url(row.repo, row.release, name)
    return hub_url(row.repo, name)
