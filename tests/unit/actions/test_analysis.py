"""Colours, shapes, likeness and tags of single pictures."""

import io
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from bowerbird import paths
from bowerbird.actions import tags
from bowerbird.actions.compare import compare
from bowerbird.actions.palette import palette
from bowerbird.actions.silhouette import DIM, silhouette
from bowerbird.actions.tags import Tagger, Usual, Word, read_usual, read_vocabulary
from bowerbird.errors import DecodeError, UsageError
from bowerbird.library import Library
from helpers.encoders import FakeEncoder

Pixels = NDArray[np.uint8]


def striped(*parts: tuple[str, int]) -> Pixels:
    """A picture of upright stripes, each so many pixels wide."""
    image = Image.new("RGB", (sum(width for _, width in parts), 50))
    left = 0
    for colour, width in parts:
        image.paste(colour, (left, 0, left + width, 50))
        left += width
    return np.asarray(image)


# --- colours ------------------------------------------------------------------------------------


def test_colours_have_their_shares() -> None:
    found = palette(striped(("#d01010", 60), ("#1020c0", 30), ("#f0f0f0", 10)), 3)
    assert [one.hex for one in found.colours] == ["#d01010", "#1020c0", "#f0f0f0"]
    assert [one.weight for one in found.colours] == pytest.approx([0.6, 0.3, 0.1], abs=0.03)
    assert sum(one.weight for one in found.colours) == pytest.approx(1)


@pytest.mark.parametrize("count", range(1, 11))
def test_as_many_as_are_wanted_and_seen(count: int) -> None:
    rng = np.random.default_rng(0)
    busy = rng.integers(0, 256, (60, 80, 3), np.uint8)
    assert len(palette(busy, count).colours) == count
    assert palette(busy, count) == palette(busy, count)
    assert len(palette(striped(("red", 9)), count).colours) == 1


@pytest.mark.parametrize("count", [0, 11, -1])
def test_other_numbers_are_refused(count: int) -> None:
    with pytest.raises(UsageError, match="1 to 10"):
        palette(striped(("red", 9)), count)


@pytest.mark.parametrize(
    ("colour", "temperature"),
    [
        ("#e05020", "warm"),
        ("#e0b020", "warm"),
        ("#c02040", "warm"),
        ("#2050c0", "cool"),
        ("#20a0c0", "cool"),
        ("#808080", "neutral"),
        ("#101010", "neutral"),
        ("#fafafa", "neutral"),
    ],
)
def test_temperature(colour: str, temperature: str) -> None:
    assert palette(striped((colour, 20))).temperature == temperature


# --- shapes -------------------------------------------------------------------------------------


def shape(kind: str, box: tuple[int, int, int, int], size: tuple[int, int] = (300, 300)) -> Pixels:
    image = Image.new("L", size)
    draw = ImageDraw.Draw(image)
    left, top, right, bottom = box
    if kind == "disc":
        draw.ellipse(box, fill=255)
    elif kind == "bar":
        middle = (top + bottom) // 2
        draw.rectangle(
            (left, middle - (bottom - top) // 8, right, middle + (bottom - top) // 8), 255
        )
    elif kind == "star":
        at = [(0.5, 0), (0.62, 0.38), (1, 0.38), (0.7, 0.6), (0.8, 1), (0.5, 0.75), (0.2, 1)]
        at += [(0.3, 0.6), (0, 0.38), (0.38, 0.38)]
        wide, high = right - left, bottom - top
        draw.polygon([(left + x * wide, top + y * high) for x, y in at], fill=255)
    else:
        draw.polygon([(left, top), (right, bottom), (left, bottom)], fill=255)
    return np.asarray(image)


KINDS = ("disc", "bar", "star", "corner")
HERE, THERE, SMALL = (20, 30, 140, 150), (150, 120, 270, 240), (40, 200, 100, 260)


@pytest.mark.parametrize("turned", [False, True])
def test_a_shape_is_itself_wherever_and_however_large_it_is(turned: bool) -> None:
    for kind in KINDS:
        first = silhouette(shape(kind, HERE), turned=turned).embedding
        assert first.shape == (DIM,)
        assert np.linalg.norm(first) == pytest.approx(1, abs=1e-5)
        for box, size in ((THERE, (300, 300)), (SMALL, (300, 300)), (HERE, (700, 400))):
            again = silhouette(shape(kind, box, size), turned=turned).embedding
            assert float(first @ again) > 0.96, (kind, box)
        for other in set(KINDS) - {kind}:
            assert float(first @ silhouette(shape(other, HERE), turned=turned).embedding) < 0.95


def test_turned_and_mirrored_shapes_are_the_same_where_that_is_wanted() -> None:
    upright = shape("corner", HERE)
    for other in (np.rot90(upright), upright[:, ::-1], np.rot90(upright, 2)):
        found = np.ascontiguousarray(other)
        near = silhouette(upright, turned=True).embedding @ silhouette(found, turned=True).embedding
        plain = silhouette(upright).embedding @ silhouette(found).embedding
        assert float(near) > 0.97
        assert float(plain) < 0.9


def test_what_encloses_a_shape() -> None:
    found = silhouette(shape("disc", (100, 100, 199, 149)))
    assert found.aspect_ratio == pytest.approx(2.0, abs=0.05)
    assert found.coverage == pytest.approx(np.pi / 4 * 100 * 50 / 90_000, rel=0.05)


@pytest.mark.parametrize("size", [(300, 300), (1, 1), (1, 500)])
def test_no_subject_is_said(size: tuple[int, int]) -> None:
    with pytest.raises(DecodeError, match="nothing that stands out"):
        silhouette(np.zeros(size, np.uint8))


@pytest.mark.parametrize("size", [(300, 300), (1, 1), (2, 500)])
@pytest.mark.parametrize("turned", [False, True])
def test_nothing_but_subject_is_a_shape_as_well(size: tuple[int, int], turned: bool) -> None:
    found = silhouette(np.full(size, 255, np.uint8), turned=turned)
    assert found.coverage == 1
    assert np.isfinite(found.embedding).all()
    assert np.linalg.norm(found.embedding) == pytest.approx(1, abs=1e-4)


# --- likeness -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cosine", "level"),
    [
        (1.0, "high"),
        (0.851, "high"),
        (0.84, "medium"),
        (0.701, "medium"),
        (0.6, "low"),
        (0.3, "none"),
    ],
)
def test_levels(cosine: float, level: str) -> None:
    one = np.array([3, 0], np.float32)
    other = np.array([cosine, (1 - cosine**2) ** 0.5], np.float32)
    found = compare(one, other)
    assert found.score == pytest.approx(cosine, abs=1e-3)
    assert found.level == level


@pytest.mark.parametrize(
    "other",
    [np.zeros(2), np.ones(3), np.array([np.nan, 1]), np.ones((1, 2)), np.array([np.inf, 0])],
)
def test_what_cannot_be_compared(other: NDArray[np.float64]) -> None:
    with pytest.raises(UsageError):
        compare(np.ones(2, np.float32), other.astype(np.float32))


# --- tags ---------------------------------------------------------------------------------------


def test_the_shipped_vocabulary_is_known_through_and_through() -> None:
    words, usual = read_vocabulary(Path("none")), read_usual()
    assert {word.name for word in words} == set(usual.words)
    assert len(words) == len({word.name for word in words}) > 100
    assert 0 < usual.threshold < 1


def test_own_words_are_added_and_types_taken_away(tmp_path: Path) -> None:
    own = tmp_path / "vocabulary.toml"
    own.write_text('[clothing]\nsneaker = ["trainers"]\n[style]\n')
    words = {word.name: word for word in read_vocabulary(own)}
    assert words["sneaker"] == Word("sneaker", "clothing", ("sneaker", "trainers"))
    assert "dress" in words
    assert "logo" not in words
    for broken in ("[a", "a = 1", "[a]\nb = 1", "[a]\nb = [1]", "[a.b]\nc = []"):
        own.write_text(broken)
        with pytest.raises(UsageError, match="Correct or delete"):
            read_vocabulary(own)


def usual(encoder: str, **words: tuple[float, float, float]) -> Usual:
    return Usual(encoder, 1.0, 1.0, 0.0, -2.0, 0.6, words)


def test_what_is_nearer_than_usual_is_suggested() -> None:
    encoder = FakeEncoder()
    words = [Word("red", "colour", ("red",)), Word("own", "mine", ("own",))]
    none = np.empty((0, encoder.dim), np.float32)
    tagger = Tagger(encoder, words, usual(encoder.id, red=(0.0, 0.1, -1.0)), none)
    vector = tagger._vectors[:1]
    (found,) = tagger.suggest(vector)
    assert [(tag.name, tag.kind) for tag in found] == [("red", "colour")]
    assert found[0].confidence > 0.99
    assert tagger.suggest(-vector) == [()]
    assert tagger.suggest(np.concatenate([vector, -vector]), least=0.0)[1][0].confidence < 0.01
    # A word of which nothing is known needs pictures to compare with.
    rng = np.random.default_rng(0)
    sample = rng.standard_normal((200, encoder.dim)).astype(np.float32)
    sample /= np.linalg.norm(sample, axis=1, keepdims=True)
    taught = Tagger(encoder, words, usual("another"), sample)
    assert len(taught._words) == 2
    assert Tagger(encoder, words, usual("another"), none).suggest(vector) == [()]
    assert Tagger(encoder, [], usual("another"), none).suggest(vector) == [()]


# --- all at once --------------------------------------------------------------------------------


@pytest.fixture
def library(tmp_path: Path) -> Library:
    if not paths.resource("models/builtin/config.json").exists():
        pytest.skip("the built-in model is not in resources")
    return Library.open(tmp_path / "library")


def test_a_look_at_a_picture(library: Library, tmp_path: Path) -> None:
    image = Image.new("RGB", (400, 300), "#f4f4f4")
    ImageDraw.Draw(image).ellipse((120, 70, 280, 230), fill="#c02020")
    image.save(tmp_path / "a.png")
    with library:
        found = library.analyse(tmp_path / "a.png", colours=2)
        assert (found.width, found.height) == (400, 300)
        assert {one.hex for one in found.palette.colours} == {"#f4f4f4", "#c02020"}
        assert found.silhouette is not None
        assert found.silhouette.aspect_ratio == pytest.approx(1, abs=0.15)
        assert found.silhouette.coverage == pytest.approx(0.1676, abs=0.05)
        for _ in library.sync(library.add_folder(tmp_path)):
            pass
        (asset,) = library.assets([1])
        again = library.analyse(asset, colours=2)
        assert again.palette == found.palette
        assert library.suggest_tags([1, 99]).keys() == {1}
        assert library.compare(tmp_path / "a.png", asset).level == "high"


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
@pytest.mark.parametrize("size", [(1, 1), (3, 900), (64, 64)])
def test_odd_pictures_give_something(library: Library, mode: str, size: tuple[int, int]) -> None:
    stream = io.BytesIO()
    Image.new("L", size, 90).convert(mode).save(stream, "TIFF" if mode == "CMYK" else "PNG")
    with library:
        found = library.analyse(stream.getvalue())
    assert (found.width, found.height) == size
    assert found.palette.colours


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (300, 200)])
@pytest.mark.parametrize("colour", ["white", "black", "#d02020"])
def test_a_picture_with_nothing_in_it_tells_nothing(
    library: Library, tmp_path: Path, size: tuple[int, int], colour: str
) -> None:
    image = Image.new("RGB", size, colour)
    image.save(tmp_path / "nothing.png")
    data = (tmp_path / "nothing.png").read_bytes()
    with library:
        found = library.analyse(data)
        assert (found.tags, found.silhouette, found.quality.overall) == ((), None, 0)
        assert library.shown(data).tags() == ()
        assert library.shown(data).silhouette() is None
        with Image.open(io.BytesIO(library.shown(data).cutout())) as cutout:
            assert cutout.getchannel("A").getextrema() == (0, 0)
        assert library.attributes("", picture=data) == {}
        for _ in library.sync(library.add_folder(tmp_path)):
            pass
        assert library.suggest_tags([1]) == {}


def test_own_words_are_suggested_once_there_are_pictures_to_compare_with(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tags, "ENOUGH", 3)
    own = tmp_path / "config" / "vocabulary.toml"
    own.parent.mkdir()
    own.write_text("[mine]\nstripes = []\n")
    monkeypatch.setattr(paths, "config_file", lambda: own.with_name("settings.toml"))
    noise = np.random.default_rng(0)
    folder = tmp_path / "photos"
    folder.mkdir()
    for number in range(3):
        rough = Image.fromarray(noise.integers(0, 255, (4, 6, 3), np.uint8))
        rough.resize((300, 200)).save(folder / f"{number}.png")

    def known(asset: int) -> set[str]:
        return {tag.name for tag in library.suggest_tags([asset], least=0)[asset]}

    with library:
        collection = library.add_folder(folder)
        (folder / "2.png").rename(tmp_path / "2.png")
        for _ in library.sync(collection):
            pass
        assert "stripes" not in known(1)
        (tmp_path / "2.png").rename(folder / "2.png")
        for _ in library.sync(collection):
            pass
        assert "stripes" in known(1)
        own.write_text("[mine]\ndots = []\n[people]\n")
        assert "dots" in known(1)
        assert not known(1) & {"stripes", "person"}
