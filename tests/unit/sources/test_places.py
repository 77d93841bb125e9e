"""One file has one place, however it is named; two files never share one."""

import os
from pathlib import Path

import pytest

from bowerbird.sources.places import place_of


def test_links_and_other_spellings_are_of_one_file(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    folder.mkdir()
    one, other = folder / "one.jpg", folder / "other.jpg"
    for path in (one, other):
        path.write_bytes(b"the same")
    (tmp_path / "link").symlink_to(folder)
    (tmp_path / "link.jpg").symlink_to(one)
    own = place_of(str(one))
    for same in (folder / ".." / "pictures" / "one.jpg", tmp_path / "link" / "one.jpg"):
        assert place_of(str(same)) == own
    assert place_of(str(tmp_path / "link.jpg")) == own
    assert place_of(str(other)) != own


def test_hard_links_are_files_of_their_own(tmp_path: Path) -> None:
    one, other = tmp_path / "one.jpg", tmp_path / "other.jpg"
    one.write_bytes(b"the same")
    os.link(one, other)
    (tmp_path / "link.jpg").symlink_to(other)
    assert place_of(str(one)) != place_of(str(other))
    assert place_of(str(tmp_path / "link.jpg")) == place_of(str(other))


def test_a_file_that_is_not_there_has_the_place_of_its_path(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)
    gone = place_of(str(tmp_path / "gone.jpg"))
    assert gone == place_of(str(tmp_path / "link" / "gone.jpg"))
    assert gone != place_of(str(tmp_path / "went.jpg"))
    assert place_of("no\0file.jpg") == "no\0file.jpg"


@pytest.mark.parametrize("address", ["http://a/b.jpg", "https://a/B.jpg", "s3://a/b#1.jpg"])
def test_an_address_is_its_own_place(address: str) -> None:
    assert place_of(address) == address
    assert place_of(f"{address}?w=2") != address


def test_what_stands_behind_a_cross_is_never_sent() -> None:
    assert place_of("http://a/b.jpg#top") == place_of("http://a/b.jpg")
