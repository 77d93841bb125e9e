"""EXIF facts: dates, cameras, places; and that nothing in a hostile block raises."""

import random
from datetime import datetime

import pytest
from PIL import Image

from bowerbird.decode import exif as facts
from bowerbird.types import Exif
from helpers.images import encoded, quarters


def block(root: dict[int, object], detail: dict[int, object], gps: dict[int, object]) -> Image.Exif:
    made = Image.Exif()
    made.update(root)
    made.get_ifd(0x8769).update(detail)
    made.get_ifd(0x8825).update(gps)
    return made


def test_facts() -> None:
    made = block(
        {0x10F: "NIKON CORPORATION", 0x110: "NIKON D90", 0x132: "2020:01:01 00:00:00"},
        {0x9003: "2019:07:14 18:30:05"},
        {1: "S", 2: (33.0, 51.0, 30.0), 3: "E", 4: (151.0, 12.0, 36.0)},
    )
    found = facts.read(made)
    assert found.taken == datetime(2019, 7, 14, 18, 30, 5)
    assert found.camera == "NIKON D90"
    assert found.latitude == pytest.approx(-33.858333, abs=1e-4)
    assert found.longitude == pytest.approx(151.21, abs=1e-4)


@pytest.mark.parametrize(
    ("make", "model", "camera"),
    [
        ("Canon", "Canon EOS 5D", "Canon EOS 5D"),
        ("Apple", "iPhone 15 Pro", "Apple iPhone 15 Pro"),
        ("SONY", "ILCE-7M3", "SONY ILCE-7M3"),
        ("FUJIFILM Corporation", "", "FUJIFILM"),
        ("", "X100", "X100"),
        ("", "", None),
    ],
)
def test_cameras(make: str, model: str, camera: str | None) -> None:
    assert facts.read(block({0x10F: make, 0x110: model}, {}, {})).camera == camera


@pytest.mark.parametrize(
    "text", ["", "0000:00:00 00:00:00", "2020:13:01 00:00:00", "yesterday", "2020:02:30 1:1:1"]
)
def test_dates_that_make_no_sense_are_left_out(text: str) -> None:
    assert facts.read(block({}, {0x9003: text}, {})).taken is None


@pytest.mark.parametrize(
    "gps",
    [
        {1: "N", 2: (91.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)},
        {1: "N", 2: (0.0, 0.0, 0.0), 3: "E", 4: (0.0, 0.0, 0.0)},
        {1: "N", 2: (float("nan"), 0.0, 0.0), 3: "E", 4: (5.0, 0.0, 0.0)},
        {1: "N", 2: "north", 3: "E", 4: 7},
        {1: "N", 2: (10.0, 0.0, 0.0)},
    ],
)
def test_places_that_make_no_sense_are_left_out(gps: dict[int, object]) -> None:
    found = facts.read(block({}, {}, gps))
    assert (found.latitude, found.longitude) == (None, None)


def test_mangled_blocks_never_raise() -> None:
    made = block(
        {0x10F: "Canon", 0x110: "EOS", 0x112: 6},
        {0x9003: "2019:07:14 18:30:05"},
        {1: "N", 2: (3.0, 5.0, 3.0), 3: "E", 4: (1.0, 2.0, 3.0)},
    )
    data = made.tobytes()
    chance = random.Random(5)
    for _ in range(300):
        mangled = bytearray(data)
        for _ in range(chance.randint(1, 6)):
            mangled[chance.randrange(6, len(mangled))] = chance.randrange(256)
        found = Image.Exif()
        try:
            found.load(bytes(mangled))
        except Exception:  # noqa: BLE001  # Pillow's own parser; ours is asked below
            continue
        assert isinstance(facts.read(found), Exif)
        assert 1 <= facts.orientation(found) <= 8


def test_block_survives_the_file() -> None:
    made = block({0x10F: "Canon", 0x110: "EOS R5"}, {0x9003: "2021:05:06 07:08:09"}, {})
    import io

    with Image.open(io.BytesIO(encoded(quarters(), "JPEG", exif=made))) as image:
        found = facts.read(image.getexif())
    assert found == Exif(datetime(2021, 5, 6, 7, 8, 9), "Canon EOS R5")
