"""Looking through videos and opening their frames, in this process."""

import io
from datetime import datetime

import av
import numpy as np
import pytest
from PIL import Image

from bowerbird.decode import video
from bowerbird.decode.formats import VIDEOS, Format, recognise_video
from bowerbird.decode.picture import Picture
from bowerbird.decode.video import Survey, frames, survey
from bowerbird.errors import DecodeError, TooLargeError
from helpers import films

FORMS = {
    "mov": ("mov", "mpeg4"),
    "mp4": ("mp4", "libx264"),
    "webm": ("webm", "libvpx"),
    "mkv": ("matroska", "libx264"),
    "avi": ("avi", "mpeg4"),
    "mpeg": ("mpeg", "mpeg2video"),
    "m2ts": ("mpegts", "mpeg2video"),
    "flv": ("flv", "flv1"),
    "wmv": ("asf", "wmv2"),
    "3gp": ("3gp", "mpeg4"),
}


def kind_of(data: bytes) -> Format:
    found = recognise_video(data[:4096])
    assert found is not None
    return found


def looked(data: bytes, most: int = 10**7) -> Survey:
    *_, found = survey(io.BytesIO(data), kind_of(data), most)
    assert found is not None
    return found


def opened(data: bytes, *times: float, straight: bool = False) -> list[tuple[float, Picture]]:
    how = {"times": times, "straight": straight, "side": 64, "max_pixels": 10**7}
    return [one for one in frames(io.BytesIO(data), kind_of(data), **how) if one is not None]  # type: ignore[arg-type]


def like(picture: Picture, seed: int) -> bool:
    """Whether a picture is that scene, but for what compression does."""
    wanted = np.asarray(films.scene(seed).resize(picture.image.size), float)
    return bool(np.abs(np.asarray(picture.image, float) - wanted).mean() < 16)


@pytest.mark.parametrize("name", FORMS)
def test_reads_containers(name: str) -> None:
    form, codec = FORMS[name]
    data = films.scenes(1, 2, seconds=1.0, form=form, codec=codec, rate=25)
    assert kind_of(data).name == name
    found = looked(data)
    assert found.times == sorted(found.times)
    assert found.times[0] < 0.1
    assert 1.0 <= found.times[-1] < 2.0
    assert len(found.pixels) == len(found.times) * 32 * 32 * 3
    (_, early), (_, late) = opened(data, found.times[0], found.times[-1])
    assert like(early, 1)
    assert like(late, 2)


def test_every_video_format_can_be_demuxed() -> None:
    for row in VIDEOS:
        assert av.format.ContainerFormat(row.demuxer, "r").is_input


@pytest.mark.parametrize("straight", [False, True])
def test_frames_are_those_of_their_times(straight: bool) -> None:
    data = films.scenes(1, 2, 3)
    found = opened(data, 0.0, 1.9, 2.0, 3.9, 4.1, straight=straight)
    assert [time for time, _ in found] == [0.0, 1.9, 2.0, 3.9, 4.1]
    seeds = (1, 1, 2, 2, 3)
    assert all(like(one, seed) for (_, one), seed in zip(found, seeds, strict=True))


def test_a_time_behind_the_end_has_no_frame() -> None:
    assert opened(films.scenes(1), 0.0, 99.0)[1:] == []


def test_what_a_header_turns_is_turned() -> None:
    data = films.turned(films.scenes(1))
    ((_, picture),) = opened(data, 0.0)
    assert (picture.width, picture.height) == (96, 160)
    upright = np.asarray(picture.image)
    # The white corner goes from the left to the right with the clock.
    assert upright[3:10, -10:-3].mean() > 225
    assert upright[3:10, 3:10].mean() < 225


def test_rates_may_vary() -> None:
    times = [0.0, 0.1, 0.2, 3.0, 3.05, 8.0, 8.5]
    images = [films.scene(seed) for seed in (1, 1, 1, 2, 2, 3, 3)]
    data = films.film(images, times=times)
    found = looked(data)
    assert found.times == [0.0, 3.0, 8.0, 8.5]
    shown = [picture for _, picture in opened(data, 0, 3, 8)]
    assert [like(one, seed) for one, seed in zip(shown, (1, 2, 3), strict=True)] == [True] * 3


def test_clocks_that_do_not_begin_at_nought_are_set() -> None:
    times = [7.0 + at / 10 for at in range(40)]
    images = [films.scene(1)] * 20 + [films.scene(2)] * 20
    data = films.film(images, times=times, form="matroska")
    found = looked(data)
    assert found.times[0] == 0.0
    assert found.times[-1] < 4.1
    assert like(opened(data, 3.0)[0][1], 2)


def test_sound_alone_and_its_cover_are_no_film() -> None:
    for data in (films.sound(), films.covered(films.sound())):
        with pytest.raises(DecodeError, match="no moving pictures"):
            looked(data)


def test_what_was_cut_off_is_read_as_far_as_it_goes() -> None:
    data = films.scenes(1, 2, 3, 4, form="matroska", options={"bf": "0"})
    found = looked(data[: len(data) * 2 // 3])
    assert found.times[0] == 0.0
    assert found.times[-1] < 7.5
    assert like(opened(data[: len(data) * 2 // 3], 0.0)[0][1], 1)


def test_noise_in_the_middle_ends_nothing() -> None:
    data = bytearray(films.scenes(1, 2, 3, form="avi", codec="mpeg4"))
    middle = len(data) // 2
    data[middle : middle + 300] = bytes(np.random.default_rng(0).integers(0, 256, 300, np.uint8))
    assert looked(bytes(data)).times[0] == 0.0


def test_too_large_frames_are_refused_by_their_header() -> None:
    with pytest.raises(TooLargeError):
        looked(films.scenes(1), most=160 * 96 - 1)


def test_long_films_take_no_more_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video, "MOST_SAMPLES", 8)
    found = looked(films.scenes(1, 2, 3, seconds=5.0, options={"g": "5"}))
    assert 4 <= len(found.times) <= 8
    assert found.times[0] == 0.0
    assert found.times[-1] > 10


def test_what_there_is_no_time_for_is_sampled_by_its_keyframes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = films.scenes(1, 2, seconds=3.0, options={"g": "15", "sc_threshold": "0"})
    whole = len(looked(data).times)
    now = iter(range(10**6))
    monkeypatch.setattr(video, "SURVEY_S", 12.0)
    monkeypatch.setattr(video.time, "monotonic", lambda: float(next(now)))
    found = looked(data)
    assert 0 < len(found.times) < whole


def test_says_now_and_then_that_it_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video, "BEAT_S", 0.0)
    data = films.scenes(1)
    steps = [*survey(io.BytesIO(data), kind_of(data), 10**7)]
    assert steps.count(None) > 5
    how = {"times": [1.5], "straight": True, "side": 8, "max_pixels": 10**7}
    assert None in [*frames(io.BytesIO(data), kind_of(data), **how)]  # type: ignore[arg-type]


def test_lists_of_other_files_are_no_videos() -> None:
    assert recognise_video(b"#EXTM3U\n#EXTINF:1,\nhttp://127.0.0.1/x\n") is None
    assert recognise_video(b"ffconcat version 1.0\nfile /etc/passwd\n") is None


def test_frames_need_not_be_larger_than_is_asked_for() -> None:
    data = films.film([films.scene(1, (1280, 720))] * 3)
    ((_, picture),) = opened(data, 0.0)
    assert (picture.width, picture.height) == (1280, 720)
    assert picture.image.size == (320, 180)


def test_pixels_that_are_not_square_are_made_so() -> None:
    target = io.BytesIO()
    with av.open(target, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=10)
        stream.width, stream.height, stream.pix_fmt = 160, 96, "yuv420p"
        stream.codec_context.sample_aspect_ratio = 2
        for _ in range(3):
            container.mux(stream.encode(av.VideoFrame.from_image(films.scene(1))))
        container.mux(stream.encode(None))
    ((_, picture),) = opened(target.getvalue(), 0.0)
    assert (picture.width, picture.height) == (320, 96)


def test_what_a_camera_wrote_is_read() -> None:
    said = {
        "com.apple.quicktime.creationdate": "2024-05-01T12:30:00+02:00",
        "com.apple.quicktime.location.ISO6709": "+48.8577+002.2950+035/",
        "com.apple.quicktime.make": "Apple",
        "com.apple.quicktime.model": "iPhone 15",
    }
    exif = video._facts(said)
    assert exif.taken == datetime(2024, 5, 1, 12, 30)
    assert (exif.latitude, exif.longitude, exif.camera) == (48.8577, 2.295, "Apple iPhone 15")


@pytest.mark.parametrize("said", ["", "1904-01-01T00:00:00Z", "yesterday", "2024-13-45T00:00:00Z"])
def test_moments_that_are_none_are_left_out(said: str) -> None:
    assert video._facts({"creation_time": said}).taken is None


def test_without_the_package_a_sentence_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    data = films.scenes(1)
    monkeypatch.setitem(__import__("sys").modules, "av", None)
    with pytest.raises(DecodeError, match=r"pip install \"bowerbird\[video\]\""):
        looked(data)


def test_pictures_that_move_stay_pictures() -> None:
    target = io.BytesIO()
    Image.new("RGB", (8, 8)).save(target, "GIF")
    assert recognise_video(target.getvalue()) is None
