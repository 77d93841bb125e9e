"""Which folders become collections, and which are refused with what words."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bowerbird.errors import ConflictError, NotFoundError, UsageError
from bowerbird.indexing.adding import add_folder
from bowerbird.store.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store.open(tmp_path / "library")
    yield made
    made.close()


def folder(tmp_path: Path, name: str) -> Path:
    path = tmp_path / name
    path.mkdir(parents=True)
    return path


def test_same_folder_is_the_same_collection(store: Store, tmp_path: Path) -> None:
    photos = folder(tmp_path, "photos")
    first = add_folder(store, tmp_path / "library", photos, None)
    assert (first.name, first.location) == ("photos", str(photos))
    again = add_folder(store, tmp_path / "library", photos / ".." / "photos", None)
    assert again.id == first.id
    (tmp_path / "link").symlink_to(photos)
    assert add_folder(store, tmp_path / "library", tmp_path / "link", None).id == first.id


def test_folders_of_one_name_get_numbers(store: Store, tmp_path: Path) -> None:
    for parent in ("a", "b", "c"):
        add_folder(store, tmp_path / "library", folder(tmp_path, f"{parent}/photos"), None)
    assert [c.name for c in store.collections()] == ["photos", "photos 2", "photos 3"]
    with pytest.raises(ConflictError, match="another name"):
        add_folder(store, tmp_path / "library", folder(tmp_path, "d"), "photos")


def test_overlap_is_refused(store: Store, tmp_path: Path) -> None:
    photos = folder(tmp_path, "photos")
    add_folder(store, tmp_path / "library", photos, None)
    with pytest.raises(ConflictError, match="part of the collection 'photos'"):
        add_folder(store, tmp_path / "library", folder(tmp_path, "photos/2020"), None)
    with pytest.raises(ConflictError, match="contains the collection 'photos'"):
        add_folder(store, tmp_path / "library", tmp_path, None)
    add_folder(store, tmp_path / "library", folder(tmp_path, "photos-2"), None)


def test_what_is_no_folder_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no folder"):
        add_folder(store, tmp_path / "library", tmp_path / "none", None)
    (tmp_path / "file.jpg").touch()
    with pytest.raises(UsageError, match="is a file"):
        add_folder(store, tmp_path / "library", tmp_path / "file.jpg", None)
    with pytest.raises(UsageError, match="inside the library"):
        add_folder(store, tmp_path / "library", tmp_path / "library", None)
    assert store.collections() == []
