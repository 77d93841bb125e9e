from __future__ import annotations

import json
from pathlib import Path

import pytest

from bowerbird.engines import precision
from bowerbird.engines.precision import Choice, choose, remembered


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [0.0]
    monkeypatch.setattr(precision.time, "perf_counter", lambda: now[0])
    return now


@pytest.mark.parametrize(
    ("seconds", "error", "expected"),
    [(0.5, 0.0, "bf16"), (0.95, 0.0, "fp32"), (0.5, 0.2, "fp32"), (5.0, 0.0, "fp32")],
)
def test_half_precision_has_to_earn_it(
    clock: list[float], tmp_path: Path, seconds: float, error: float, expected: str
) -> None:
    import torch

    runs: list[str] = []

    def encode(pictures: int, name: str) -> torch.Tensor:
        runs.append(name)
        clock[0] += seconds if name == "bf16" else 1.0
        rows = torch.eye(4)[:pictures]
        return rows + error * torch.eye(4)[2:3] if name == "bf16" else rows

    found = choose("m", "cpu", encode, lambda count: count, tmp_path)
    assert found.precision == expected
    assert found.speedup == pytest.approx(1 / seconds)
    runs.clear()
    assert choose("m", "cpu", encode, lambda count: count, tmp_path).precision == expected
    assert runs == []
    choose("other", "cpu", encode, lambda count: count, tmp_path)
    assert set(runs) == {"fp32", "bf16"}
    assert len(remembered(tmp_path)) == 2


def test_a_device_without_half_precision(clock: list[float], tmp_path: Path) -> None:
    import torch

    def encode(pictures: int, name: str) -> torch.Tensor:
        if name == "bf16":
            raise RuntimeError("not implemented for bfloat16")
        clock[0] += 1
        return torch.eye(pictures)

    found = choose("m", "cpu", encode, lambda count: count, tmp_path)
    assert found == Choice("cpu", "fp32", 0.0, 0.0)


def test_a_memory_that_is_broken_or_locked(clock: list[float], tmp_path: Path) -> None:
    import torch

    def encode(pictures: int, name: str) -> torch.Tensor:
        clock[0] += 1
        return torch.eye(pictures)

    for content in ("", "[1]", json.dumps({"m": 3})):
        (tmp_path / "precision.json").write_text(content)
        assert remembered(tmp_path) == []
        assert choose("m", "cpu", encode, lambda count: count, tmp_path).precision == "fp32"
    (tmp_path / "file").write_text("in the way")
    assert choose("m", "cpu", encode, lambda count: count, tmp_path / "file").precision == "fp32"
