"""Digests that identify a file's content, read in one pass."""

from __future__ import annotations

import hashlib
import io
from typing import BinaryIO

from bowerbird.types import Asset, Fingerprint, fragment

HEAD = 1 << 20
TAIL = 1 << 10


def fingerprint(stream: BinaryIO) -> Fingerprint:
    """Read the whole of `stream` and return its digests; the stream is left at its end.

    Raises:
        OSError: The stream cannot be read.
    """
    # Not for security: a name for content, in the form that other programs use too.
    whole = hashlib.md5(usedforsecurity=False)
    stream.seek(0)
    head = block = _read(stream, HEAD)
    tail = b""
    size = 0
    while block:
        whole.update(block)
        size += len(block)
        tail = (tail + block)[-TAIL:] if len(block) < TAIL else block[-TAIL:]
        block = stream.read(HEAD)
    return Fingerprint(whole.hexdigest(), _digest(size, head, tail))


def head_tail(stream: BinaryIO) -> str:
    """Return the cheap digest alone: SHA-256 over size, first MiB and last KiB.

    Raises:
        OSError: The stream cannot be read.
    """
    size = stream.seek(0, 2)
    stream.seek(0)
    head = _read(stream, HEAD)
    stream.seek(max(0, size - TAIL))
    return _digest(size, head, _read(stream, TAIL))


def is_known(asset: Asset, stream: BinaryIO) -> bool:
    """Whether a file, to which `stream` is open, still has the content that is known of an asset.

    Raises:
        OSError: The stream cannot be read.
    """
    if asset.time is not None:  # films are too long to be read whole for each of their frames
        return stream.seek(0, io.SEEK_END) == asset.size
    return fingerprint(stream).md5 == asset.md5


def _read(stream: BinaryIO, count: int) -> bytes:
    """Read `count` bytes, or what there is; raw streams may give less at a time."""
    parts = []
    while count and (block := stream.read(count)):
        parts.append(block)
        count -= len(block)
    return b"".join(parts)


def _digest(size: int, head: bytes, tail: bytes) -> str:
    return hashlib.sha256(size.to_bytes(8, "big") + head + tail).hexdigest()


def frame_md5(md5: str, time: float) -> str:
    """Return what stands for the content of a frame: the same in files of the same content."""
    return hashlib.md5(f"{md5}{fragment(time)}".encode(), usedforsecurity=False).hexdigest()
