from __future__ import annotations

import re

import pytest

from bowerbird import paths
from bowerbird.engines.builtin import read_config
from bowerbird.engines.catalog import (
    DEFAULT,
    LICENCES,
    catalog,
    generators,
    parse,
    segmenters,
    unknown,
)

RESIZE = {"crop": "shortest", "squash": "squash", "pad": "longest"}
ROW = """
[[model]]
id = "mine"
title = "Mine"
dim = 8
image_size = 32
resize = "crop"
download_size = 1
licence = "{}"
languages = ""
note = ""
"""


def test_begins_with_the_builtin_model() -> None:
    rows = catalog()
    assert rows[0].id == DEFAULT
    assert rows[0].files == ()
    assert rows[0].download_size == 0
    assert "Recommended" in rows[1].title


def test_the_builtin_row_agrees_with_what_is_shipped() -> None:
    folder = paths.resource("models/builtin")
    if not (folder / "config.json").is_file():
        pytest.skip("the built-in model's weights are not in resources/ yet")
    shipped, row = read_config(folder), catalog()[0]
    assert (shipped.dim, shipped.spec.size) == (row.dim, row.image_size)
    assert shipped.spec.resize == row.resize


@pytest.mark.parametrize(
    "licence",
    ["", "apple-amlr", "CC-BY-NC-4.0", "CC-BY-NC-SA-4.0", "other", "OpenRAIL", "apache-2.0-nc"],
)
def test_weights_that_are_not_free_for_any_use_are_refused(licence: str) -> None:
    assert parse(ROW.format("MIT"))[0].id == "mine"
    with pytest.raises(ValueError, match="must not be offered"):
        parse(ROW.format(licence))


def test_two_models_may_not_share_an_id() -> None:
    with pytest.raises(ValueError, match="share an id"):
        parse(ROW.format("MIT") * 2)


def test_rows_agree_with_open_clip() -> None:
    from bowerbird.engines.torchvision_operators import ensure_importable

    ensure_importable()
    import open_clip
    from open_clip.pretrained import get_pretrained_cfg

    rows = [row for row in catalog() if row.id != DEFAULT]
    assert len(rows) >= 4
    for row in rows:
        model = open_clip.get_model_config(row.name)
        weights = get_pretrained_cfg(row.name, row.tag)
        assert model, row.name
        assert weights, row.tag
        assert model["embed_dim"] == row.dim
        assert model["vision_cfg"]["image_size"] == row.image_size
        assert weights["hf_hub"].rstrip("/") == row.repo
        assert weights["resize_mode"] == RESIZE[row.resize]
        needs_tokenizer = "hf_tokenizer_name" in model["text_cfg"]
        assert ("tokenizer.json" in row.files) == needs_tokenizer
        assert {"open_clip_config.json", "open_clip_model.safetensors"} <= set(row.files)


def test_sizes_follow_from_the_parameters() -> None:
    from bowerbird.engines.torchvision_operators import ensure_importable

    ensure_importable()
    import open_clip
    import torch

    for row in catalog()[1:4]:
        config = open_clip.get_model_config(row.name)
        custom = config.pop("custom_text", False)
        with torch.device("meta"):
            model = (open_clip.CustomTextCLIP if custom else open_clip.CLIP)(**config)
        weights = sum(part.numel() * 4 for part in model.parameters())
        tokenizer = 34.5e6 if "tokenizer.json" in row.files else 0
        assert row.download_size == pytest.approx(weights + tokenizer, rel=0.005)


def test_unknown_names_what_was_perhaps_meant() -> None:
    assert "Did you mean builtin?" in str(unknown("buitlin", ["builtin", "clip-b32-256"]))
    assert "Did you mean" not in str(unknown("", ["builtin"]))


def test_what_else_is_offered_can_be_had_and_checked() -> None:
    rows = [*segmenters(), *generators()]
    ids = [row.id for row in (*catalog(), *rows)]
    assert len(set(ids)) == len(ids), "an id is a folder, and what a command names"
    assert {row.licence for row in segmenters()} <= LICENCES
    for row in segmenters():
        assert (len(row.files), len(row.mean), len(row.std)) == (1, 3, 3)
        assert row.release, row.id
        assert set(row.sha256) == set(row.files), "a release names no digest"
        assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in row.sha256.values())
    for row in rows:
        assert row.memory >= row.download_size or row.id == "unclip-small"
        assert row.note.endswith(".")


def test_no_file_of_a_pipeline_can_hold_code() -> None:
    for row in generators():
        assert {name.rpartition(".")[2] for name in row.files} == {"json", "txt", "safetensors"}
        assert "model_index.json" in row.files
