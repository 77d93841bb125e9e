"""Videos through their worker: what is kept of them, and what must not harm."""

import io
import os
import signal
from collections.abc import Callable, Iterator

import pytest

from bowerbird.decode import film, isolation
from bowerbird.decode.decoder import decode, load_within
from bowerbird.decode.film import check, decode_film
from bowerbird.errors import DecodeError, TooLargeError
from bowerbird.types import Decoded, PixelSpec
from helpers import films
from helpers.images import encoded, quarters

SPEC = PixelSpec(32)


@pytest.fixture(autouse=True)
def _no_workers_stay() -> Iterator[None]:
    isolation.shut_down()
    yield
    isolation.shut_down()


def kept(
    data: bytes, name: str = "a.mp4", stopped: Callable[[], bool] = lambda: False
) -> list[tuple[float | None, Decoded]]:
    return decode_film(io.BytesIO(data), name, SPEC, max_pixels=10**7, stopped=stopped)


def test_a_frame_of_every_scene_is_kept() -> None:
    found = kept(films.scenes(1, 2, 3))
    times = [time for time, _ in found]
    assert times[0] == 0.0
    assert len(times) == 3
    assert all(abs(time - at) < 0.6 for time, at in zip(times[1:], (2, 4), strict=True) if time)
    assert len({decoded.phash for _, decoded in found}) == 3
    one = found[1][1]
    assert (one.width, one.height, one.format) == (*films.SIZE, "mp4")
    assert one.pixels.shape == (32, 32, 3)
    assert one.thumbnail[8:12] == b"WEBP"


def test_the_same_file_gives_the_same_times() -> None:
    data = films.scenes(1, 2, 3)
    assert [time for time, _ in kept(data)] == [time for time, _ in kept(data)]


def test_a_picture_by_the_name_of_a_video_is_a_picture() -> None:
    ((time, decoded),) = kept(encoded(quarters(), "PNG"))
    assert time is None
    assert decoded.format == "png"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "is empty"),
        (b"no film at all\n" * 50, "is not a video Bowerbird can read"),
        (b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n", "is not a video Bowerbird can read"),
        (b"\0\0\0\x18ftypisom" + bytes(4000), "is damaged"),
        (b"\x1a\x45\xdf\xa3" + b"\xff" * 4000, "is damaged"),
        (b"RIFF\xff\xff\xff\x7fAVI LIST" + b"\xff" * 4000, "is damaged"),
        (films.scenes(1)[:700], "is damaged"),
    ],
)
def test_what_is_no_film_has_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(DecodeError) as caught:
        kept(data)
    assert str(caught.value) in (reason, "has no moving pictures", "is cut short")
    if "not a" in reason or "empty" in reason:
        assert str(caught.value) == reason


def test_too_many_pixels_are_refused() -> None:
    with pytest.raises(TooLargeError):
        decode_film(io.BytesIO(films.scenes(1)), "a.mp4", SPEC, max_pixels=100)


def test_a_worker_that_is_killed_takes_this_file_alone() -> None:
    data = films.scenes(1, 2)
    kept(data)
    (worker,) = isolation._idle
    taken: list[bool] = []

    def kill() -> bool:
        if not taken:
            os.kill(worker.pid, signal.SIGKILL)
            taken.append(True)
        return False

    with pytest.raises(DecodeError, match="crashed its decoder"):
        kept(data, stopped=kill)
    assert isolation._idle == []
    assert len(kept(data)) == 2


def test_it_can_be_left_half_way() -> None:
    with pytest.raises(DecodeError, match="left half-way"):
        kept(films.scenes(1, 2), stopped=lambda: True)
    assert len(kept(films.scenes(1, 2))) == 2


def test_a_frame_is_opened_again_by_the_time_in_its_name() -> None:
    data = films.scenes(1, 2)
    pixels = load_within(io.BytesIO(data), "a.mp4#t=2.500", 500, max_pixels=10**7)
    wanted = kept(data)[1][1]
    assert pixels.shape == (96, 160, 3)
    again = decode(io.BytesIO(data), "a.mp4#t=2.500", SPEC, max_pixels=10**7)
    assert bin(again.phash ^ wanted.phash).count("1") <= 4


@pytest.mark.parametrize("name", ["a.mp4", "a.mp4#t=", "a.mp4#t=x.5", "a.mp4#t=-1.000"])
def test_a_video_alone_is_no_picture(name: str) -> None:
    with pytest.raises(DecodeError, match="is not a picture"):
        decode(io.BytesIO(films.scenes(1)), name, SPEC, max_pixels=10**7)


def test_a_time_that_the_film_has_not_is_a_reason() -> None:
    with pytest.raises(DecodeError, match="is damaged"):
        decode(io.BytesIO(films.scenes(1)), "a.mp4#t=99.000", SPEC, max_pixels=10**7)


def test_doctor_says_how_to_get_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    assert check(wanted=True).ok
    monkeypatch.setattr(film, "can_read", lambda: False)
    assert check(wanted=False).ok
    missing = check(wanted=True)
    assert not missing.ok
    assert 'pip install "bowerbird[video]"' in missing.advice
