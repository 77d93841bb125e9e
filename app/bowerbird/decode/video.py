"""Reads videos with FFmpeg, in a worker: looks through one, and opens frames of it."""

from __future__ import annotations

import contextlib
import math
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any, BinaryIO

from PIL import Image

from bowerbird.decode.formats import Format
from bowerbird.decode.picture import DAMAGED, Picture, check_size, needed
from bowerbird.errors import DecodeError
from bowerbird.types import Exif

if TYPE_CHECKING:
    from av import VideoFrame, VideoStream
    from av.container import InputContainer

INSTALL = 'pip install "bowerbird[video]"'
MISSING = f"needs PyAV to be read: {INSTALL}"
NO_PICTURES = "has no moving pictures"
# Side of the small squares by which frames are compared, pixels.
SAMPLE_SIDE = 32
# A film is sampled twice a second at most; when there are so many samples, every other one is
# dropped and the distance doubled, so that hours take no more memory than minutes.
LEAST_GAP_S, MOST_SAMPLES = 0.5, 2048
# Encoders begin scenes with a keyframe, and decoding these alone is many times as fast. Where they
# are further apart than the second number (x264 puts one every 10.4 s at the latest), or the film
# is so short that it costs little and they are further apart than the first, all is decoded.
CLOSE_S, APART_S, SHORT_S = 1.0, 10.5, 120.0
# Seconds that looking through one file takes at most; what comes after is not looked at.
SURVEY_S = 60.0
# Seconds between two signs of life, at each of which the work can be stopped.
BEAT_S = 0.5
# Packets that cannot be decoded, before the rest is given up.
MOST_DAMAGE = 100
# A time is kept in milliseconds: half of one, and a little for what rounding does to it.
_ROUND_S = 0.0006
# Containers whose seeking lands behind the time that was asked for are asked for earlier ones.
_BACK_S = (0.0, 10.0, math.inf)
# The moments of cameras that have no clock.
_FIRST_YEAR = 1990
_HD_LINES = 720
_UNSPECIFIED = 2


@dataclass(slots=True)
class Survey:
    """What looking through a video found.

    Attributes:
        times: Seconds from the beginning, ascending.
        straight: Whether its frames are better reached by decoding all before them than by seeking.
        parts: For each time the frame as RGB, `SAMPLE_SIDE` squared.
    """

    times: list[float] = field(default_factory=list)
    straight: bool = False
    parts: list[bytes] = field(default_factory=list)
    gap: float = LEAST_GAP_S

    @property
    def pixels(self) -> bytes:
        """All samples, uint8 [n, SAMPLE_SIDE, SAMPLE_SIDE, 3]."""
        return b"".join(self.parts)

    @property
    def due(self) -> float:
        """When the next sample is due, seconds."""
        return self.times[-1] + self.gap if self.times else 0.0

    def add(self, moment: float, frame: VideoFrame) -> None:
        """Take a frame as a sample, if one is due."""
        if moment < self.due:
            return
        side = SAMPLE_SIDE
        small = frame.reformat(side, side, "rgb24", interpolation="AREA")
        self.times.append(moment)
        self.parts.append(small.to_ndarray().tobytes())
        if len(self.times) >= MOST_SAMPLES:
            self.times, self.parts, self.gap = self.times[::2], self.parts[::2], 2 * self.gap


def survey(stream: BinaryIO, kind: Format, max_pixels: int) -> Iterator[Survey | None]:
    """Sample a video; yields None now and then, and lastly what was found.

    Raises:
        DecodeError: It has no pictures, or none that can be decoded.
    """
    found, until = Survey(), time.monotonic() + SURVEY_S
    with _opened(stream, kind, max_pixels) as film:
        film.stream.codec_context.skip_frame = "NONKEY"
        yield from _sampled(film, found, until, keys=True)
        length = film.length or (found.times[-1] if found.times else 0.0)
        apart = length / max(1, len(found.times))
    if apart > (CLOSE_S if length <= SHORT_S else APART_S) or not found.times:
        stream.seek(0)
        whole = Survey(straight=apart > APART_S)
        with _opened(stream, kind, max_pixels) as film:
            if length > SHORT_S:
                film.stream.codec_context.skip_frame = "NONREF"
            yield from _sampled(film, whole, until, keys=False)
        if whole.times:
            # What keyframes showed of the part that there was no time to decode.
            rest = [at for at, moment in enumerate(found.times) if moment >= whole.due]
            whole.times += [found.times[at] for at in rest]
            whole.parts += [found.parts[at] for at in rest]
            found = whole
    if not found.times:
        raise DecodeError(DAMAGED)
    yield found


def frames(
    stream: BinaryIO,
    kind: Format,
    *,
    times: Sequence[float],
    straight: bool,
    side: int,
    max_pixels: int,
) -> Iterator[tuple[float, Picture] | None]:
    """Open the frames at some times, ascending; yields None now and then.

    Args:
        stream: The video.
        kind: Its format.
        times: Seconds from the beginning.
        straight: Reach them by decoding all before them.
        side: As in `raster.open_raster`.
        max_pixels: A frame with more is refused.

    Raises:
        DecodeError: It has no pictures, or a frame is too large.
    """
    import av

    with _opened(stream, kind, max_pixels) as film:
        decoded = film.decoded() if straight else None
        for moment in times:
            try:
                for frame in film.reached(moment) if decoded is None else decoded:
                    if frame is None:
                        yield None
                    elif film.time_of(frame) >= moment - _ROUND_S:
                        yield moment, film.picture(frame, side, max_pixels)
                        break
            except av.FFmpegError:
                continue  # what can be shown of the rest still is


@dataclass(slots=True)
class _Film:
    """An open video."""

    container: InputContainer
    stream: VideoStream
    exif: Exif
    beat: float = 0.0

    @property
    def begin(self) -> float:
        """The time at which its own clock begins, seconds."""
        base = self.stream.time_base
        return float((self.stream.start_time or 0) * base) if base else 0.0

    @property
    def length(self) -> float:
        """How long it says it is, seconds; 0 where it does not say."""
        if self.stream.duration and self.stream.time_base:
            return max(0.0, float(self.stream.duration * self.stream.time_base))
        return max(0, self.container.duration or 0) / 1e6

    def time_of(self, frame: VideoFrame) -> float:
        """Return when a frame is shown, to the millisecond; -1 where it does not say."""
        if frame.time is not None:
            return round(frame.time - self.begin, 3)
        return -1.0

    def beats(self) -> bool:
        """Whether a sign of life is due."""
        now = time.monotonic()
        if now < self.beat:
            return False
        self.beat = now + BEAT_S
        return True

    def decoded(self) -> Iterator[VideoFrame | None]:
        """Yield all frames from here on, and None now and then."""
        for frame in self.container.decode(self.stream):
            if self.beats():
                yield None
            yield frame

    def reached(self, moment: float) -> Iterator[VideoFrame | None]:
        """Yield frames from the last keyframe on that is not behind a time."""
        base = self.stream.time_base or Fraction(1, 1000)
        for back in _BACK_S:
            at = max(self.begin, self.begin + moment - back)
            self.container.seek(math.floor(at / base), stream=self.stream)
            found = self.decoded()
            first = next((frame for frame in found if frame is not None), None)
            if first is not None and (self.time_of(first) <= moment + _ROUND_S or at <= self.begin):
                yield first
                yield from found
                return

    def picture(self, frame: VideoFrame, side: int, max_pixels: int) -> Picture:
        """Return a frame upright, with square pixels, no smaller than is needed."""
        check_size(frame.width, frame.height, max_pixels)
        shape = self.stream.sample_aspect_ratio or Fraction(1)
        # Numbers that no camera has are a damaged header's.
        width = round(frame.width * shape) if Fraction(1, 4) <= shape <= 4 else frame.width
        check_size(width, frame.height, max_pixels)
        least = needed(width, frame.height, side)
        scale = min(1.0, max(least[0] / width, least[1] / frame.height))
        how: dict[str, Any] = {}
        if frame.colorspace == _UNSPECIFIED and frame.height >= _HD_LINES:
            how = {"src_colorspace": "ITU709", "dst_colorspace": "ITU709"}
        size = (max(1, round(width * scale)), max(1, round(frame.height * scale)))
        made = frame.reformat(*size, "rgb24", interpolation="BICUBIC", **how)
        image = Image.fromarray(made.to_ndarray())
        turn = round(frame.rotation / 90) % 4
        if turn:
            image = image.rotate(90 * turn, expand=True)
        full = (frame.height, width) if turn % 2 else (width, frame.height)
        return Picture(*full, image, self.exif)


@contextlib.contextmanager
def _opened(stream: BinaryIO, kind: Format, max_pixels: int) -> Iterator[_Film]:
    try:
        import av
    except ImportError as error:
        raise DecodeError(MISSING) from error
    # Nothing but this stream is read, whatever the file refers to.
    only = {"protocol_whitelist": "none", "enable_drefs": "0"}
    how: dict[str, Any] = {"format": kind.demuxer, "options": only, "buffer_size": 1 << 18}
    with av.open(stream, "r", **how) as container:
        cover = av.stream.Disposition.attached_pic
        moving = [one for one in container.streams.video if not one.disposition & cover]
        if not moving:
            raise DecodeError(NO_PICTURES)
        first = moving[0]
        if first.codec_context is None:
            raise DecodeError("has a kind of picture that PyAV cannot decode")
        if first.codec_context.width > 0:
            check_size(first.codec_context.width, first.codec_context.height, max_pixels)
        first.thread_type = "AUTO"
        yield _Film(container, first, _facts(container.metadata))


def _sampled(film: _Film, found: Survey, until: float, *, keys: bool) -> Iterator[None]:
    """Sample a film until its end, or until there is no time left."""
    import av

    damage = 0
    try:
        for packet in film.container.demux(film.stream):
            if film.beats():
                yield None
            if (found.times and time.monotonic() > until) or damage > MOST_DAMAGE:
                return
            if keys and packet.size and not _is_due(packet, film, found):
                continue
            try:
                for frame in packet.decode():
                    found.add(film.time_of(frame), frame)
            except av.FFmpegError:
                damage += 1
    except av.FFmpegError:
        return  # cut short: what was found so far is there


def _is_due(packet: Any, film: _Film, found: Survey) -> bool:
    """Whether a packet is a keyframe that a sample may be made of."""
    if not packet.is_keyframe:
        return False
    if packet.pts is None or packet.time_base is None:
        return True
    return float(packet.pts * packet.time_base) - film.begin + _ROUND_S >= found.due


def _facts(metadata: dict[str, str]) -> Exif:
    """Return what a camera wrote into a video: when, where, with what."""
    apple = "com.apple.quicktime."
    said = metadata.get(f"{apple}creationdate") or metadata.get("creation_time") or ""
    place = metadata.get(f"{apple}location.ISO6709") or metadata.get("location") or ""
    camera = " ".join(filter(None, (metadata.get(f"{apple}make"), metadata.get(f"{apple}model"))))
    latitude, longitude = _place(place)
    return Exif(_moment(said), camera[:100] or None, latitude, longitude)


def _moment(said: str) -> datetime | None:
    """Return when it was taken, in the time of that place, or else of this machine."""
    try:
        moment = datetime.fromisoformat(said)
        if said.endswith("Z"):
            moment = moment.astimezone()
    except (ValueError, OverflowError, OSError):
        return None
    return moment.replace(tzinfo=None) if moment.year >= _FIRST_YEAR else None


def _place(said: str) -> tuple[float | None, float | None]:
    match = re.match(r"([+-]\d{1,2}(?:\.\d+)?)([+-]\d{1,3}(?:\.\d+)?)", said)
    if match is None:
        return None, None
    latitude, longitude = float(match[1]), float(match[2])
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else (None, None)
