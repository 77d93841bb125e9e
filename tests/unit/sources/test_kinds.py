"""Each kind of collection gets its source."""

from pathlib import Path
from typing import cast

import pytest

from bowerbird.settings import Settings
from bowerbird.sources.catalogue import Records
from bowerbird.sources.kinds import open_source
from bowerbird.types import Collection, SourceKind

NONE = cast("Records", None)


def test_folder(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").touch()
    (tmp_path / "b.jpg").touch()
    collection = Collection(1, "u", "pictures", SourceKind.FOLDER, str(tmp_path))
    source = open_source(collection, Settings(ignore=("b.*",)), frozenset({".jpg"}), NONE, tmp_path)
    assert [entry.key for entry in source.entries()] == ["a.jpg"]


@pytest.mark.parametrize("kind", list(SourceKind))
def test_every_kind_has_a_source(tmp_path: Path, kind: SourceKind) -> None:
    collection = Collection(1, "u", "some", kind, "s3://some" if kind is SourceKind.S3 else "/some")
    source = open_source(collection, Settings(), frozenset({".jpg"}), NONE, tmp_path)
    assert source.readers >= 0
