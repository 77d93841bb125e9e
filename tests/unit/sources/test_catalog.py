"""Each kind of collection gets its source, or a sentence."""

from pathlib import Path

import pytest

from bowerbird.errors import SourceError
from bowerbird.settings import Settings
from bowerbird.sources.catalog import open_source
from bowerbird.types import Collection, SourceKind


def test_folder(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").touch()
    (tmp_path / "b.jpg").touch()
    collection = Collection(1, "u", "pictures", SourceKind.FOLDER, str(tmp_path))
    source = open_source(collection, Settings(ignore=("b.*",)), frozenset({".jpg"}))
    assert [entry.key for entry in source.entries()] == ["a.jpg"]


def test_kind_of_a_later_version_says_so() -> None:
    collection = Collection(1, "u", "bucket", SourceKind.URLS, "s3://bucket")
    with pytest.raises(SourceError, match="Update Bowerbird"):
        open_source(collection, Settings(), frozenset())
