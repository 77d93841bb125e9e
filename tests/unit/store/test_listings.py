"""Listings in the making: what was listed and how far it came always agree."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bowerbird.store.listings import FRESH_S, Listing
from bowerbird.types import Entry, Page

APP = Path(__file__).resolve().parents[3] / "app"
WRITER = """
import sys
from pathlib import Path
from bowerbird.store.listings import Listing
from bowerbird.types import Entry, Page

listing = Listing(Path(sys.argv[1]))
number = len(listing.marks())
print("ready", flush=True)
while True:
    entries = tuple(Entry(f"{number:05d}-{row:03d}", row, 1, "e") for row in range(200))
    listing.add(Page(entries, f"{number:05d}", entries[-1].key))
    number += 1
"""


def read(listing: Listing) -> list[Entry]:
    return [entry for batch in listing.entries() for entry in batch]


def page(part: str, *keys: str, done: bool = False) -> Page:
    entries = tuple(Entry(key, 1, 2, "e") for key in keys)
    return Page(entries, part, None if done else keys[-1])


def test_what_was_listed_is_there_again(tmp_path: Path) -> None:
    path = tmp_path / "listings" / "a.sqlite"
    listing = Listing(path)
    assert (listing.marks(), read(listing)) == ({}, [])
    listing.add(page("", "a", "b"))
    listing.add(page("", "c"))
    listing.add(page("m", "n", done=True))
    listing.close(complete=False)
    again = Listing(path)
    assert again.marks() == {"": "c", "m": None}
    assert [entry.key for entry in read(again)] == ["a", "b", "c", "n"]
    again.close(complete=True)
    assert list(path.parent.iterdir()) == []


def test_an_old_listing_is_begun_anew(tmp_path: Path) -> None:
    path = tmp_path / "listings" / "a.sqlite"
    listing = Listing(path)
    listing.add(page("", "a"))
    listing.close(complete=False)
    old = time.time() - FRESH_S - 60
    os.utime(path, (old, old))
    listing = Listing(path)
    assert listing.marks() == {}
    listing.close(complete=True)


@pytest.mark.parametrize(
    "damage", [b"", b"no database at all" * 99, b"SQLite format 3\0" + bytes(999)]
)
def test_a_damaged_listing_is_begun_anew(tmp_path: Path, damage: bytes) -> None:
    path = tmp_path / "listings" / "a.sqlite"
    path.parent.mkdir()
    path.write_bytes(damage)
    listing = Listing(path)
    assert listing.marks() == {}
    listing.add(page("", "a"))
    listing.close(complete=True)


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_a_kill_loses_no_page_that_is_marked(tmp_path: Path) -> None:
    path = tmp_path / "listings" / "a.sqlite"
    rng, before = random.Random(1), 0
    for _ in range(6):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path)],
            env={**os.environ, "PYTHONPATH": str(APP)},
            stdout=subprocess.PIPE,
        )
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(rng.uniform(0.01, 0.15))
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
        listing = Listing(path)
        marks, entries = listing.marks(), read(listing)
        listing.close(complete=False)
        assert len(entries) == 200 * len(marks)
        assert {entry.key[:5] for entry in entries} == set(marks)
        assert len(marks) >= before
        before = len(marks)
    assert before
