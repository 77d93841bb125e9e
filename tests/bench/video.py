"""How quickly films are looked through, and how many of their scenes are found.

    python tests/bench/video.py ../shared/data/flickr8k [--films 4] [--side 960]

Films are cut from photos that a camera slowly wanders over, with noise and a shaking hand; half of
them by x264 as it comes, half with a keyframe every ten seconds wherever the cuts are. The last
line is JSON: film_s_per_s (seconds of film a second, decoding and thumbnails of the frames that
are kept included), long_film_s_per_s (the same of an hour, of which only keyframes are decoded),
cuts_found (share of the scenes after a cut of which a frame was kept; also
`_fixed`, of the films with keyframes at fixed distances), frames_per_scene, and peak_mb of this
process.
"""

import argparse
import io
import json
import resource
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from PIL import Image

from bowerbird.decode.film import decode_film
from bowerbird.types import PixelSpec

RATE = 25
# Seconds that a scene lasts, and how many a film has.
SHORTEST, LONGEST, SCENES = 1.5, 8.0, 12
NOISE = 4.0
HOUR_S = 3600
FIXED = {"x264-params": "keyint=250:min-keyint=250:scenecut=0"}


@dataclass
class Made:
    """A film, when its scenes begin, and how long it is."""

    data: bytes
    begins: list[float]
    length: float


def make(photos: list[Path], side: int, rng: np.random.Generator, *, fixed: bool) -> Made:
    """Cut a film of one scene a photo."""
    size = (side, side * 9 // 16 // 2 * 2)
    target, begins, shown = io.BytesIO(), [], 0
    with av.open(target, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=RATE, options=FIXED if fixed else {})
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        stream.codec_context.options |= {"preset": "veryfast"}
        for photo in photos:
            begins.append(shown / RATE)
            for image in wander(photo, size, round(rng.uniform(SHORTEST, LONGEST) * RATE), rng):
                frame = av.VideoFrame.from_ndarray(image, "rgb24")
                frame.pts, frame.time_base = shown, Fraction(1, RATE)
                container.mux(stream.encode(frame))
                shown += 1
        container.mux(stream.encode(None))
    return Made(target.getvalue(), begins, shown / RATE)


def wander(
    photo: Path, size: tuple[int, int], count: int, rng: np.random.Generator
) -> Iterator[np.ndarray]:
    """Yield what a camera sees that moves over a photo, uint8 [height, width, 3]."""
    with Image.open(photo) as opened:
        image = opened.convert("RGB")
    scale = 1.25 * max(size[0] / image.width, size[1] / image.height)
    image = image.resize((round(image.width * scale) + 1, round(image.height * scale) + 1))
    pixels = np.asarray(image)
    room = np.array([image.width - size[0], image.height - size[1]])
    begin, end = rng.uniform(0, 1, 2) * room, rng.uniform(0, 1, 2) * room
    noise = rng.normal(0, NOISE, (8, size[1], size[0], 1)).astype(np.int16)
    for number in range(count):
        at = begin + (end - begin) * number / count + rng.normal(0, 1.5, 2)
        x, y = np.clip(at, 0, room).astype(int)
        part = pixels[y : y + size[1], x : x + size[0]]
        yield np.clip(part + noise[number % 8], 0, 255).astype(np.uint8)


def prolonged(data: bytes, target: Path) -> float:
    """Write a film over and over until it is an hour long; return its seconds."""
    base, length, stream = 0, 0.0, None
    with av.open(str(target), "w", format="mp4") as container:
        while length < HOUR_S:
            with av.open(io.BytesIO(data)) as source:
                shown = source.streams.video[0]
                stream = stream or container.add_stream_from_template(shown)
                for packet in source.demux(shown):
                    if packet.dts is None:
                        continue
                    packet.pts, packet.dts = packet.pts + base, packet.dts + base
                    packet.stream = stream
                    container.mux(packet)
                base += shown.duration
                length = float(base * shown.time_base)
    return length


def found(made: Made, times: list[float]) -> list[bool]:
    """Say for each scene after a cut whether a frame of it was kept."""
    ends = [*made.begins[1:], made.length]
    return [
        any(begin - 0.02 <= moment < end for moment in times)
        for begin, end in zip(made.begins[1:], ends[1:], strict=True)
    ]


def timed(path: Path) -> tuple[list[float], float]:
    """Return the times of the frames that are kept, and how long that took."""
    begun = time.perf_counter()
    with path.open("rb") as stream:
        kept = decode_film(stream, path.name, PixelSpec(256), max_pixels=1 << 28)
    spent = time.perf_counter() - begun
    return [moment for moment, _ in kept if moment is not None], spent


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("photos", type=Path)
    parser.add_argument("--films", type=int, default=4)
    parser.add_argument("--side", type=int, default=960)
    options = parser.parse_args()
    photos = sorted(p for p in options.photos.rglob("*") if p.suffix.lower() in (".jpg", ".jpeg"))
    rng = np.random.default_rng(0)
    hits: dict[bool, list[bool]] = {False: [], True: []}
    seconds = length = 0.0
    frames = scenes = 0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(options.films):
            fixed = bool(number % 2)
            chosen = rng.choice(len(photos), SCENES, replace=False)
            made = make([photos[at] for at in chosen], options.side, rng, fixed=fixed)
            path = Path(folder, "film.mp4")
            path.write_bytes(made.data)
            times, spent = timed(path)
            seconds += spent
            here = found(made, times)
            print(f"{made.length:.0f} s, {sum(here)} of {len(here)} cuts, {len(times)} frames")
            hits[fixed] += here
            length += made.length
            frames += len(times)
            scenes += len(made.begins)
            if number == 0:
                hour = prolonged(made.data, path)
                long_rate = hour / timed(path)[1]
    print(
        json.dumps(
            {
                "film_s_per_s": round(length / seconds, 1),
                "long_film_s_per_s": round(long_rate),
                "cuts_found": round(float(np.mean(hits[False])), 3),
                "cuts_found_fixed": round(float(np.mean(hits[True])), 3) if hits[True] else None,
                "frames_per_scene": round(frames / scenes, 2),
                "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
            }
        )
    )


if __name__ == "__main__":
    main()
