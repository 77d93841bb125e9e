"""Small films, made anew for the tests by the same library that reads them."""

import io
import struct
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from PIL import Image, ImageDraw

SIZE = (160, 96)
RATE = 10
# A turn by 90 degrees to the right, as telephones write it into a track's header.
TURNED = (0, 65536, 0, -65536, 0, 0, 0, 0, 1 << 30)


def scene(seed: int, size: tuple[int, int] = SIZE) -> Image.Image:
    """A picture of large patches, another for every seed; white in its left upper corner."""
    patches = np.random.default_rng(seed).integers(0, 230, (3, 4, 3), np.uint8)
    image = Image.fromarray(patches).resize(size, Image.Resampling.NEAREST)
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 5, size[1] // 5), "white")
    return image


def film(
    images: Iterable[Image.Image],
    *,
    form: str = "mp4",
    codec: str = "libx264",
    times: Sequence[float] | None = None,
    rate: int = RATE,
    options: dict[str, str] | None = None,
) -> bytes:
    """The bytes of a film that shows `images` one after the other, or at `times`, in seconds."""
    target = io.BytesIO()
    base = Fraction(1, rate) if times is None else Fraction(1, 1000)
    with av.open(target, "w", format=form) as container:
        stream = None
        for number, image in enumerate(images):
            if stream is None:
                stream = container.add_stream(codec, rate=rate, options=options or {})
                stream.width, stream.height = image.size
                stream.pix_fmt = "yuv420p"
                stream.codec_context.time_base = base
            frame = av.VideoFrame.from_image(image)
            frame.pts = number if times is None else round(times[number] * 1000)
            frame.time_base = base
            container.mux(stream.encode(frame))
        assert stream is not None
        container.mux(stream.encode(None))
    return target.getvalue()


def scenes(*seeds: int, seconds: float = 2.0, **options: Any) -> bytes:
    """A film of several scenes of equal length."""
    each = round(seconds * int(options.get("rate", RATE)))
    images = (image for seed in seeds for image in [scene(seed)] * each)
    return film(images, **options)


def turned(data: bytes) -> bytes:
    """An MP4 whose header says that it is to be shown turned to the right."""
    at = data.index(b"tkhd") + 44
    return data[:at] + struct.pack(">9i", *TURNED) + data[at + 36 :]


def sound() -> bytes:
    """An MP4 without pictures."""
    target = io.BytesIO()
    with av.open(target, "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=44100)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        frame.sample_rate = 44100
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return target.getvalue()


def covered(data: bytes) -> bytes:
    """A sound file with a cover: a picture that does not move."""
    target = io.BytesIO()
    with av.open(io.BytesIO(data)) as source, av.open(target, "w", format="mp4") as container:
        sound = container.add_stream_from_template(source.streams.audio[0])
        cover = container.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 16, 16, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        for packet in source.demux(source.streams.audio[0]):
            if packet.dts is not None:
                packet.stream = sound
                container.mux(packet)
        container.mux(cover.encode(av.VideoFrame.from_image(Image.new("RGB", (16, 16), "red"))))
        container.mux(cover.encode(None))
    return target.getvalue()


def put(folder: Path, name: str, data: bytes) -> Path:
    """Write a film into a folder."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
