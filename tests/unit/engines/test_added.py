from __future__ import annotations

import json
from pathlib import Path

import pytest

from bowerbird.engines.added import AddedCheckpoints
from helpers.checkpoints import CLIP_CONFIG


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "mine"
    made.mkdir()
    (made / "open_clip_config.json").write_text(json.dumps(CLIP_CONFIG))
    (made / "open_clip_model.safetensors").write_bytes(b"weights")
    return made


@pytest.mark.parametrize("content", ["", "[]", '{"a": 1}', '{"a": {"path": 3}}', "\\"])
def test_a_list_that_is_broken_is_begun_anew(folder: Path, tmp_path: Path, content: str) -> None:
    (tmp_path / "checkpoints.json").write_text(content)
    added = AddedCheckpoints(tmp_path)
    assert added.list() == []
    assert "a" not in added
    row = added.add(folder)
    assert added.ids() == [row.id]


def test_what_was_added_is_known_to_the_next_start(folder: Path, tmp_path: Path) -> None:
    row = AddedCheckpoints(tmp_path / "cache").add(folder)
    later = AddedCheckpoints(tmp_path / "cache")
    assert later.list() == [row]
    assert later.find(row.id).weights == folder / "open_clip_model.safetensors"
    assert [line.ok for line in later.check()] == [True]
