from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bowerbird.engines import checkpoint
from bowerbird.errors import ModelDamagedError, ModelError, ModelMissingError, NotFoundError
from bowerbird.types import PixelSpec
from helpers.checkpoints import CLIP_CONFIG, SIGLIP_CONFIG

Make = Callable[..., Path]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def write(config: Any = CLIP_CONFIG, *names: str) -> Path:
        (tmp_path / "open_clip_config.json").write_text(json.dumps(config), "utf-8")
        for name in names or ("open_clip_model.safetensors",):
            (tmp_path / name).write_bytes(b"weights")
        return tmp_path

    return write


def changed(base: dict[str, Any], part: str, **values: Any) -> dict[str, Any]:
    config: dict[str, Any] = json.loads(json.dumps(base))
    target = config if part == "" else config[part] if part in config else config["model_cfg"][part]
    target |= values
    return config


def test_describes_both_families(make: Make) -> None:
    clip = checkpoint.find(make())
    assert (clip.dim, clip.spec) == (32, PixelSpec(32, "crop"))
    assert clip.mean[0] == pytest.approx(0.48145466)
    siglip = checkpoint.find(make(SIGLIP_CONFIG))
    assert (siglip.dim, siglip.spec) == (48, PixelSpec(32, "squash"))
    assert siglip.std == (0.5, 0.5, 0.5)
    assert siglip.calibration != clip.calibration


def test_preprocessing_is_mapped(make: Make) -> None:
    longest = changed(CLIP_CONFIG, "preprocess_cfg", resize_mode="longest", fill_color=7)
    assert checkpoint.find(make(longest)).spec == PixelSpec(32, "pad", 7)
    pair = changed(CLIP_CONFIG, "vision_cfg", image_size=[48, 48])
    assert checkpoint.find(make(pair)).spec.size == 48
    bare = changed(CLIP_CONFIG, "", preprocess_cfg=None)
    found = checkpoint.find(make(bare))
    assert found.spec.resize == "crop"
    assert found.std[0] == pytest.approx(0.26862954)


def test_the_named_file_wins_and_safetensors_go_first(make: Make) -> None:
    folder = make(CLIP_CONFIG, "open_clip_pytorch_model.bin", "open_clip_model.safetensors")
    assert checkpoint.find(folder).weights.name == "open_clip_model.safetensors"
    named = folder / "open_clip_pytorch_model.bin"
    assert checkpoint.find(named).weights == named


def test_several_unknown_files_are_not_guessed_at(make: Make) -> None:
    folder = make(CLIP_CONFIG, "a.pt", "b.pt")
    with pytest.raises(ModelError, match=r"a\.pt, b\.pt"):
        checkpoint.find(folder)
    (folder / "a.pt").unlink()
    assert checkpoint.find(folder).weights.name == "b.pt"


def test_what_is_not_there(make: Make, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="is not there"):
        checkpoint.find(tmp_path / "nothing")
    with pytest.raises(ModelMissingError, match="holds no weights"):
        checkpoint.find(tmp_path)
    (tmp_path / "a.pt").touch()
    with pytest.raises(ModelMissingError, match=r"open_clip_config\.json is missing"):
        checkpoint.find(tmp_path)
    (tmp_path / "picture.jpg").touch()
    with pytest.raises(ModelError, match="not a file of weights"):
        checkpoint.find(tmp_path / "picture.jpg")


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"model_cfg": []}',
        '{"model_cfg": {"text_cfg": null}}',
        "\udcff",
        json.dumps(changed(CLIP_CONFIG, "model_cfg", embed_dim="x")),
        json.dumps(changed(CLIP_CONFIG, "vision_cfg", image_size=-3)),
        json.dumps(changed(CLIP_CONFIG, "vision_cfg", image_size=[])),
        json.dumps(changed(CLIP_CONFIG, "preprocess_cfg", resize_mode="stretch")),
        json.dumps(changed(CLIP_CONFIG, "preprocess_cfg", mean=[1, 2])),
    ],
)
def test_a_config_that_is_not_one(make: Make, content: str) -> None:
    folder = make()
    data = content.encode("utf-8", "surrogateescape")
    (folder / "open_clip_config.json").write_bytes(data)
    with pytest.raises(ModelError, match=r"open_clip_config\.json"):
        checkpoint.find(folder)


def test_a_tower_that_lies_elsewhere_is_refused(make: Make) -> None:
    remote = changed(CLIP_CONFIG, "text_cfg", hf_model_name="xlm-roberta-base")
    with pytest.raises(ModelError, match="offline"):
        checkpoint.find(make(remote))


def test_an_input_that_is_not_square_is_refused(make: Make) -> None:
    with pytest.raises(ModelError, match="not square") as caught:
        checkpoint.find(make(changed(CLIP_CONFIG, "vision_cfg", image_size=[32, 64])))
    assert not isinstance(caught.value, ModelDamagedError)


def test_identity_follows_weights_and_config(make: Make, tmp_path: Path) -> None:
    first = checkpoint.identity(checkpoint.find(make()))
    assert first == checkpoint.identity(checkpoint.find(make()))
    (tmp_path / "open_clip_model.safetensors").write_bytes(b"others")
    second = checkpoint.identity(checkpoint.find(tmp_path))
    third = checkpoint.identity(checkpoint.find(make(SIGLIP_CONFIG)))
    assert len({first, second, third}) == 3
