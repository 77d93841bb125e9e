"""Both digests, by whole and by head and tail."""

import hashlib
import io

import pytest

from bowerbird.decode.fingerprint import HEAD, TAIL, fingerprint, head_tail


@pytest.mark.parametrize("size", [0, 1, TAIL - 1, TAIL, HEAD - 1, HEAD, HEAD + 1, 3 * HEAD + 17])
def test_cheap_and_whole_agree(size: int) -> None:
    data = bytes(n * 7 % 251 for n in range(997)) * (size // 997 + 1)
    data = data[:size]
    whole = fingerprint(io.BytesIO(data))
    assert whole.md5 == hashlib.md5(data).hexdigest()
    assert whole.head_tail == head_tail(io.BytesIO(data))


def test_what_the_cheap_one_sees() -> None:
    data = bytearray(3 * HEAD)
    before = head_tail(io.BytesIO(data))
    data[2 * HEAD] = 1  # between head and tail
    assert head_tail(io.BytesIO(data)) == before
    for at in (0, HEAD - 1, len(data) - 1, len(data) - TAIL):
        changed = bytearray(data)
        changed[at] = 9
        assert head_tail(io.BytesIO(changed)) != before
    assert head_tail(io.BytesIO(data + b"\0")) != before
