from __future__ import annotations

import os
import platform
from pathlib import Path

import pytest

from bowerbird.engines.processors import physical_cores


def siblings(root: Path, cpu: int, text: str) -> None:
    folder = root / f"cpu{cpu}" / "topology"
    folder.mkdir(parents=True)
    (folder / "thread_siblings_list").write_text(text)


def test_hyperthreads_count_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for cpu in range(4):
        siblings(tmp_path, cpu, f"{cpu % 2},{cpu % 2 + 2}\n")
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2, 3}, raising=False)
    assert physical_cores(tmp_path) == 2
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 2}, raising=False)
    assert physical_cores(tmp_path) == 1
    assert physical_cores(tmp_path / "nothing") == 2


@pytest.mark.parametrize(("machine", "cores"), [("AMD64", 4), ("arm64", 8)])
def test_where_no_affinity_is_known(
    monkeypatch: pytest.MonkeyPatch, machine: str, cores: int
) -> None:
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    monkeypatch.setattr(platform, "machine", lambda: machine)
    assert physical_cores() == cores
    monkeypatch.setattr(os, "cpu_count", lambda: None)
    assert physical_cores() == 1
