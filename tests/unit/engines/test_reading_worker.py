"""What the process says of pictures: with an engine of our own making, and with the real one."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image

from bowerbird.engines.reader import RapidReader
from bowerbird.engines.reading_worker import LOOKED_AT, Spaced, Upright, answer
from helpers.readers import need_reading, page

LINES = ("ACME Ltd., 12 Harbour Street", "Invoice number 2023-0417", "Total 56.10 EUR")


def ask(engine: Any, width: int = 20, height: int = 10) -> dict[str, Any]:
    data = np.zeros((height, width, 3), np.uint8)
    data[..., 0] = 200
    return answer(engine, {"shape": [height, width]}, data.tobytes())


def test_corners_become_shares() -> None:
    corners = [[2, 1], [12, 2], [12, 6], [2, 5]]
    found = ask(lambda _: ([[corners, " two \n words ", 0.75], [corners, "  ", 0.9]], None))
    assert found == {"lines": [["two words", 0.75, 0.1, 0.1, 0.6, 0.6]]}


def test_the_engine_gets_blue_first() -> None:
    seen: list[np.ndarray] = []
    assert ask(lambda pixels: (seen.append(pixels), None)) == {"lines": []}
    assert seen[0].shape == (10, 20, 3)
    assert seen[0][0, 0].tolist() == [0, 0, 200]
    assert seen[0].flags.c_contiguous


def test_what_it_cannot_do_is_an_error() -> None:
    def fail(_: object) -> None:
        raise MemoryError

    assert ask(fail) == {"error": "MemoryError"}
    assert answer(fail, {"shape": [5, 5]}, b"short") == {"error": "ValueError"}


def test_blanks_are_kept_and_characters_are_not_lost() -> None:
    """Nothing, `a` and a blank: what is nearly a blank becomes one, what is an `a` stays it."""
    got: list[np.ndarray] = []
    spaced = Spaced(lambda chances, *_, **__: got.append(chances))
    chances = np.array([[[0.9, 0.02, 0.08], [0.0, 0.9, 0.1], [0.99, 0.005, 0.005]]], np.float32)
    spaced(chances, False, wh_ratio_list=[1])
    assert got[0].argmax(-1).tolist() == [[2, 1, 0]]
    assert got[0].max() <= 1
    assert chances[0, 0, 2] == np.float32(0.08), "what was given is left alone"


def test_lines_are_turned_by_a_look_at_their_middles() -> None:
    class Classifier:
        cls_thresh = 0.9

        def __call__(self, lines: list[np.ndarray]) -> tuple[Any, Any, float]:
            assert [line.shape for line in lines] == [(10, 10 * LOOKED_AT, 3), (10, 7, 3)] * 2
            assert {int(line.max()) for line in lines[::2]} == {5}, "the ends are not seen"
            return None, [["180", 0.95], ["180", 0.8], ["0", 0.99], ["180", 0.99]], 0.1

    long, short = np.full((10, 200, 3), 9, np.uint8), np.zeros((10, 7, 3), np.uint8)
    long[:, 60:140] = 5
    short[0, 0] = 7
    upright, _, _ = Upright(Classifier())([long, short, long, short])
    assert [line[0, 0, 0] for line in upright] == [9, 7, 9, 0]
    assert upright[3][-1, -1, 0] == 7


@pytest.fixture(scope="module")
def real() -> Iterator[RapidReader]:
    need_reading()
    made = RapidReader()
    yield made
    made.close()


def test_a_page_is_read_with_its_blanks(real: RapidReader) -> None:
    found = real.read(np.asarray(page(*LINES)))
    assert [line.text for line in found] == list(LINES)
    assert all(line.confidence > 0.8 for line in found)
    tops = [line.box[1] for line in found]
    assert tops == sorted(tops)
    first = found[0].box
    assert first[0] == pytest.approx(40 / 900, abs=0.02)
    assert first[1] < 54 / 500 < first[3]


def test_white_on_dark_and_chinese_punctuation_do_no_harm(real: RapidReader) -> None:
    image = np.asarray(page("File Edit View Help", "Settings are saved"))
    found = real.read(255 - image)
    assert [line.text for line in found] == ["File Edit View Help", "Settings are saved"]


def test_long_lines_are_read_either_way_up(real: RapidReader) -> None:
    lines = [
        f"{number} reproduction and distribution as defined by Sections one through nine of "
        "this document, and all other entities"
        for number in range(11, 14)
    ]
    image = page(*lines, size=(1500, 200), points=20)
    for turned in (image, image.rotate(180)):
        found = {line.text for line in real.read(np.asarray(turned))}
        assert len(found & set(lines)) >= 2


@pytest.mark.parametrize("size", [(32, 32), (500, 125), (125, 500)])
def test_nothing_is_found_where_nothing_is(real: RapidReader, size: tuple[int, int]) -> None:
    assert real.read(np.asarray(Image.new("RGB", size, "red"))) == []
