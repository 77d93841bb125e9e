from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bowerbird.engines.builtin import BuiltinEncoder
from bowerbird.engines.shared import SharedEncoder

if TYPE_CHECKING:
    import pytest


def test_idle_image_towers_go_and_text_towers_stay(
    builtin: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = threading.Event()
    asked: list[bool] = []
    unload = BuiltinEncoder.unload

    def spy(self: BuiltinEncoder, *, keep_text: bool = False) -> None:
        unload(self, keep_text=keep_text)
        asked.append(keep_text)
        gone.set()

    monkeypatch.setattr(BuiltinEncoder, "unload", spy)
    encoder = SharedEncoder(BuiltinEncoder(builtin), 0.02)
    encoder.encode_texts(["red"])
    assert not any(thread.name == "bowerbird-idle" for thread in threading.enumerate())
    pixels = np.full((1, 6, 6, 3), 9, np.uint8)
    before = encoder.encode_images(pixels)
    assert gone.wait(5)
    assert asked == [True]
    np.testing.assert_array_equal(encoder.encode_images(pixels), before)
    encoder.close()
    assert not any(thread.name == "bowerbird-idle" for thread in threading.enumerate())
