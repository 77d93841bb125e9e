"""Local copies of what lies elsewhere."""

import io
from pathlib import Path

import pytest

from bowerbird.errors import SourceError, StorageFullError
from bowerbird.sources.originals import Originals


def test_fetched_once_and_the_longest_unused_go(tmp_path: Path) -> None:
    kept = Originals(tmp_path / "originals", 25)
    asked: list[str] = []

    def get(name: str) -> Path:
        def fetch() -> io.BytesIO:
            asked.append(name)
            return io.BytesIO(name[0].encode() * 10)

        return kept.get(f"md5-{name}", f"../{name}", fetch)

    first = get("a.jpg")
    assert first == tmp_path / "originals" / "md5-a.jpg" / "a.jpg", "it stays where it belongs"
    assert first.read_bytes() == b"a" * 10
    second = get("b.jpg")
    for path, when in ((first, 2000), (second, 1000)):
        import os

        os.utime(path, (when, when))
    third = get("c.jpg")
    assert [path.exists() for path in (first, second, third)] == [True, False, True]
    get("a.jpg")
    assert asked == ["a.jpg", "b.jpg", "c.jpg"]


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    kept = Originals(tmp_path / "originals", 1000)

    class Full(io.BytesIO):
        def read(self, *_: object) -> bytes:
            raise OSError(28, "No space left on device")

    with pytest.raises(StorageFullError, match="no space left"):
        kept.get("m", "a.jpg", Full)

    def gone() -> io.BytesIO:
        raise SourceError("it is not there any more")

    with pytest.raises(SourceError):
        kept.get("n", "a.jpg", gone)
    assert not [path for path in (tmp_path / "originals").rglob("*") if path.is_file()]
