from __future__ import annotations

from bowerbird.engines.torchvision_operators import ensure_importable


def test_shim_can_be_asked_for_again() -> None:
    ensure_importable()
    ensure_importable()
    import torchvision

    assert torchvision.ops.nms
