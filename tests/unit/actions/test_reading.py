"""From a file to its text: pieces of what is long, margins of what is slim, all of a library."""

import contextlib
import io
import itertools
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pytest
from PIL import Image

from bowerbird.actions.reading import LEAST, PIECES, SHARED, SIDE, pieces, read_all, read_text
from bowerbird.decode.fingerprint import fingerprint
from bowerbird.engines.reader import RapidReader
from bowerbird.errors import DecodeError, ModelError, SourceOfflineError, TooLargeError
from bowerbird.indexing.meter import Meter
from bowerbird.types import Asset, Progress, Reading, Status, TextLine
from helpers.readers import FakeReader, need_reading, page

RED, BLUE = (255, 0, 0), (0, 0, 255)


def encoded(image: Image.Image, kind: str = "PNG", **how: object) -> io.BytesIO:
    stream = io.BytesIO()
    image.save(stream, kind, **how)
    stream.seek(0)
    return stream


def read(image: Image.Image, reader: object, kind: str = "PNG", **how: object) -> Reading:
    stream = encoded(image, kind, **how)
    return read_text(stream, f"a.{kind.lower()}", reader, max_pixels=10**8)  # type: ignore[arg-type]


def test_a_picture_is_read_whole() -> None:
    reader = FakeReader({RED: ("stop",)})
    (line,) = read(Image.new("RGB", (400, 300), RED), reader).lines
    assert (line.text, line.box) == ("stop", (0.0, 0.0, 1.0, 0.5))
    assert reader.sizes == [(400, 300)]


def test_a_large_one_is_made_smaller() -> None:
    reader = FakeReader()
    read(Image.new("RGB", (4000, 3000), RED), reader)
    assert reader.sizes == [(SIDE, SIDE * 3 // 4)]


def test_a_turned_one_is_read_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    reader = FakeReader()
    read(Image.new("RGB", (400, 300), RED), reader, exif=exif)
    assert reader.sizes == [(300, 400)]


@pytest.mark.parametrize("size", [(1, 1), (LEAST - 1, 600), (600, LEAST - 1)])
def test_nothing_can_be_written_in_so_little(size: tuple[int, int]) -> None:
    reader = FakeReader({RED: ("stop",)})
    assert read(Image.new("RGB", size, RED), reader) == Reading()
    assert reader.sizes == []


def test_a_slim_one_gets_a_margin_and_right_boxes() -> None:
    reader = FakeReader({RED: ("stop",)})
    (line,) = read(Image.new("RGB", (400, 20), RED), reader).lines
    assert reader.sizes == [(400, 100)]
    assert line.box == (0.0, 0.0, 1.0, 1.0), "half of the piece is more than the picture"
    reader = FakeReader({RED: ("stop",)})
    (line,) = read(Image.new("RGB", (20, 20), RED), reader).lines
    assert reader.sizes == [(32, 32)]


@pytest.mark.parametrize("long", [SIDE, SIDE + 1, 2 * SIDE - SHARED, 5000, 21_800])
def test_pieces_cover_all_and_share_enough(long: int) -> None:
    for wide, high, axis in ((500, long, 1), (long, 500, 0)):
        found = pieces(wide, high)
        assert len(found) <= PIECES
        assert found[0][:2] == (0, 0)
        assert found[-1][2:] == (wide, high)
        assert all(box[axis + 2] - box[axis] <= SIDE for box in found)
        for one, other in itertools.pairwise(found):
            assert one[axis + 2] - other[axis] >= SHARED - 1


def test_a_long_receipt_is_read_in_pieces_and_no_line_twice() -> None:
    class Rows(FakeReader):
        """Sees a line wherever a row of pixels is blue."""

        def read(self, pixels: np.ndarray, given_up: object = None) -> list[TextLine]:
            super().read(pixels)
            rows = np.flatnonzero(pixels[:, 0, 2] > 200)
            starts = rows[np.flatnonzero(np.diff(rows, prepend=-9) > 1)]
            high = len(pixels)
            return [TextLine("row", 0.9, (0, s / high, 1, (s + 20) / high)) for s in starts]

    image = Image.new("RGB", (600, 7000), "black")
    for number in range(140):
        image.paste(BLUE, (0, number * 50, 600, number * 50 + 20))
    reader = Rows()
    lines = read(image, reader).lines
    assert len(reader.sizes) == 4
    assert [round(line.box[1] * 7000) for line in lines] == [50 * n for n in range(140)]


def test_a_hostile_shape_stays_small() -> None:
    reader = FakeReader()
    read(Image.new("RGB", (60_000, 300), RED), reader)
    assert len(reader.sizes) <= PIECES
    assert all(max(size) <= SIDE for size in reader.sizes)


def test_what_is_no_picture_or_too_large_is_refused() -> None:
    with pytest.raises(DecodeError):
        read_text(io.BytesIO(b"nothing"), "a.png", FakeReader(), max_pixels=100)
    with pytest.raises(TooLargeError):
        read_text(encoded(Image.new("L", (40, 40))), "a.png", FakeReader(), max_pixels=100)


# --- all of a library ---------------------------------------------------------------------------


class Shelf:
    """Assets whose files lie in memory."""

    def __init__(self, *colours: tuple[int, int, int]) -> None:
        self.files = {
            n: encoded(Image.new("RGB", (40, 30), c)).getvalue() for n, c in enumerate(colours, 1)
        }
        self.marks = {n: fingerprint(io.BytesIO(data)).md5 for n, data in self.files.items()}
        self.kept: dict[str, Reading] = {}
        self.away: set[int] = set()
        self.opened: list[int] = []

    def assets(self, ids: object) -> list[Asset]:
        now = datetime.now(UTC)
        return [
            Asset(n, f"u{n}", n % 2, f"{n}.png", f"{n}.png", 1, now, Status.OK, md5=self.marks[n])
            for n in ids  # type: ignore[attr-defined]
        ]

    @contextlib.contextmanager
    def lend(self, asset: Asset) -> Iterator[tuple[BinaryIO, str]]:
        self.opened.append(asset.id)
        if asset.collection_id in self.away:
            raise SourceOfflineError("its drive is not there")
        if not self.files[asset.id]:
            raise FileNotFoundError(2, "No such file")
        yield io.BytesIO(self.files[asset.id]), asset.name

    def all(self, reader: object) -> Iterator[Progress]:
        return read_all(
            sorted(self.files),
            self.assets,
            self.lend,
            reader,  # type: ignore[arg-type]
            self.kept.__setitem__,
            Meter("reading", len(self.files)),
            max_pixels=10**6,
        )


def test_all_are_read_and_kept_by_content() -> None:
    shelf = Shelf(RED, BLUE, (1, 2, 3))
    steps = list(shelf.all(FakeReader({RED: ("stop", "now")})))
    assert [step.done for step in steps] == [0, 1, 2, 3]
    assert (steps[-1].total, steps[-1].failed, steps[-1].phase) == (3, 0, "reading")
    assert shelf.kept[shelf.marks[1]].text == "stop\nnow"
    assert shelf.kept[shelf.marks[2]] == Reading()
    assert len(shelf.kept) == 3


def test_what_crashes_the_reader_is_kept_as_such() -> None:
    shelf = Shelf(RED, BLUE)
    reader = FakeReader({BLUE: ("sea",)})
    reader.fail = DecodeError("crashed what reads text")
    steps = list(shelf.all(reader))
    assert steps[-1].failed == 1
    assert {shelf.kept[mark].trouble for mark in shelf.marks.values()} == {
        "",
        "crashed what reads text",
    }


def test_a_file_that_is_gone_or_another_is_left_for_later() -> None:
    shelf = Shelf(RED, BLUE, (1, 2, 3))
    shelf.files[1] = b""
    shelf.files[2] += b"more"
    steps = list(shelf.all(FakeReader()))
    assert [step.current for step in steps[1:]] == [
        "1.png: No such file",
        "2.png: it changed, sync first",
        "3.png",
    ]
    assert list(shelf.kept) == [shelf.marks[3]]


def test_a_source_that_is_away_is_not_asked_for_every_picture() -> None:
    shelf = Shelf(*[(n, n, n) for n in range(20)])
    shelf.away = {1}
    *_, last = shelf.all(FakeReader())
    assert (last.done, last.failed, len(shelf.kept)) == (20, 10, 10)
    assert len([n for n in shelf.opened if n % 2]) <= 3


def test_when_nothing_can_be_read_it_ends_and_keeps_what_is_done() -> None:
    shelf = Shelf(RED, BLUE)

    class Ends(FakeReader):
        def read(self, pixels: np.ndarray, given_up: object = None) -> list[TextLine]:
            if self.sizes:
                raise ModelError("it cannot be started")
            return super().read(pixels)

    with pytest.raises(ModelError, match="cannot be started"):
        list(shelf.all(Ends()))
    assert len(shelf.kept) <= 1


def test_leaving_it_gives_up_what_is_read_now() -> None:
    shelf = Shelf(RED, BLUE, (1, 2, 3))

    class Waits(FakeReader):
        def read(self, pixels: np.ndarray, given_up: object = None) -> list[TextLine]:
            assert given_up.wait(60)  # type: ignore[attr-defined]
            raise ModelError("given up")

    steps = shelf.all(Waits())
    assert [next(steps).done, next(steps).done] == [0, 0], "a sign of life while a page takes long"
    steps.close()  # type: ignore[attr-defined]
    assert shelf.kept == {}


# --- with the real reader -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def real() -> Iterator[RapidReader]:
    need_reading()
    made = RapidReader()
    yield made
    made.close()


INVOICE = ("Invoice number 2023", "Total 56.10 EUR")


def test_files_of_every_kind(real: RapidReader) -> None:
    image = page(*INVOICE, size=(600, 200))
    said = "\n".join(INVOICE)
    assert read(image, real).text == said
    assert read(image.convert("CMYK"), real, "JPEG", quality=90).text == said
    grey = np.asarray(image.convert("L"), np.uint16) * 257
    assert read(Image.fromarray(grey), real).text == said
    other = page("another page", size=(600, 200))
    assert read(image, real, "GIF", save_all=True, append_images=[other]).text == said
    exif = Image.Exif()
    exif[0x0112] = 8
    turned = image.transpose(Image.Transpose.ROTATE_270)
    assert read(turned, real, "JPEG", exif=exif, quality=92).text == said


def test_a_page_that_lies_on_its_side(real: RapidReader) -> None:
    image = page(*INVOICE, size=(600, 300)).transpose(Image.Transpose.ROTATE_90)
    assert set(read(image, real).lines[0].text.split()) <= set(" ".join(INVOICE).split())


def test_a_real_receipt_in_pieces(real: RapidReader) -> None:
    lines = [f"{number} sheets of paper" for number in range(10, 38)]
    image = page(*(part for line in lines for part in (line, "")), size=(500, 2600))
    found = [line.text for line in read(image, real).lines]
    assert len(found) == len(lines)
    assert sum(one == other for one, other in zip(found, lines, strict=True)) >= 27


def test_a_photo_holds_no_text(real: RapidReader, shared: Path) -> None:
    photo = shared / "data" / "scenes"
    first = min(photo.rglob("*.jpg"))
    with first.open("rb") as stream:
        assert len(read_text(stream, first.name, real, max_pixels=10**8).text) < 20
