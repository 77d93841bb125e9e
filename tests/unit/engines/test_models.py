from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from bowerbird.engines import reader
from bowerbird.engines.models import DEFAULT, Models
from bowerbird.errors import (
    DownloadError,
    ModelDamagedError,
    ModelError,
    ModelMissingError,
    NotFoundError,
)
from helpers.checkpoints import CLIP_CONFIG
from helpers.hub import Hub, serve

LIGHT = "clip-b32-256"


@pytest.fixture
def models(tmp_path: Path, builtin: Path) -> Iterator[Models]:
    made = Models(tmp_path / "cache", idle_unload_s=600, builtin=builtin)
    yield made
    made.close()


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    """A hub with the light model, whose weights are no weights: nothing here loads them."""
    config = json.loads(json.dumps(CLIP_CONFIG))
    config["model_cfg"] |= {"embed_dim": 512}
    config["model_cfg"]["vision_cfg"] |= {"image_size": 256}
    root = "/laion/CLIP-ViT-B-32-256x256-DataComp-s34B-b86K/resolve/main/"
    with serve() as found:
        found.files = {
            root + "open_clip_config.json": json.dumps(config).encode(),
            root + "open_clip_model.safetensors": b"weights" * 1000,
        }
        monkeypatch.setenv("HF_ENDPOINT", found.url)
        yield found


def test_lists_the_catalog(models: Models) -> None:
    rows = {row.id: row for row in models.list()}
    assert next(iter(rows)) == DEFAULT
    assert rows[DEFAULT].installed
    assert not rows[LIGHT].installed
    assert rows[LIGHT].download_size > 500e6
    assert not any(row.active for row in rows.values())


def test_a_builtin_model_that_is_not_shipped(tmp_path: Path) -> None:
    models = Models(tmp_path / "cache", builtin=tmp_path / "nothing")
    assert not models.list()[0].installed
    with pytest.raises(ModelMissingError, match="Install Bowerbird again"):
        models.encoder()
    (line,) = [line for line in models.check() if line.name == DEFAULT]
    assert not line.ok
    assert line.advice
    assert list(models.get(DEFAULT)) == []


def test_the_encoder_is_shared_and_lazy(models: Models, builtin: Path) -> None:
    (builtin / "text.onnx").rename(builtin / "away")
    encoder = models.encoder()
    assert models.encoder(DEFAULT) is encoder
    assert (encoder.id, encoder.dim, encoder.spec.size) == ("builtin-test", 8, 6)
    assert encoder.threshold == 0.2
    assert encoder.relevance(0.3) == pytest.approx(0.5)
    with pytest.raises(ModelMissingError):
        encoder.encode_texts(["red"])
    (builtin / "away").rename(builtin / "text.onnx")
    assert encoder.encode_texts(["red"]).shape == (1, 8)


def test_unknown_models_name_what_is_near(models: Models) -> None:
    for call in (models.encoder, lambda name: list(models.get(name))):
        with pytest.raises(NotFoundError, match=r"Did you mean siglip2-b32-256.*models list"):
            call("siglip2-b32")
    with pytest.raises(NotFoundError, match=r"'zzz'. `bowerbird models list`"):
        models.encoder("zzz")


def test_a_model_that_was_not_fetched(models: Models) -> None:
    with pytest.raises(ModelMissingError, match=f"bowerbird models get {LIGHT}"):
        models.encoder(LIGHT)


def test_get_installs(models: Models, hub: Hub, tmp_path: Path) -> None:
    events = list(models.get(LIGHT))
    assert events[-1].phase in ("downloading", "checking")
    assert {row.id for row in models.list() if row.installed} == {DEFAULT, LIGHT}
    encoder = models.encoder(LIGHT)
    assert (encoder.id, encoder.dim, encoder.spec.resize) == (LIGHT, 512, "crop")
    assert 0 < encoder.relevance(0.1) < 0.1 < encoder.relevance(0.3) < 1
    weights = tmp_path / "cache" / LIGHT / "open_clip_model.safetensors"
    assert [line.ok for line in models.check() if line.name == LIGHT] == [True]
    weights.write_bytes(b"Weights" * 1000)
    (line,) = [line for line in models.check() if line.name == LIGHT]
    assert not line.ok
    assert "open_clip_model.safetensors" in line.detail
    assert f"bowerbird models get {LIGHT}" in line.advice
    list(models.get(LIGHT))
    assert weights.read_bytes() == b"weights" * 1000
    assert models.encoder(LIGHT) is encoder


def test_a_hub_with_another_model_under_that_name(models: Models, hub: Hub) -> None:
    name = next(name for name in hub.files if name.endswith(".json"))
    hub.files[name] = json.dumps(CLIP_CONFIG).encode()
    with pytest.raises(ModelDamagedError, match="another model"):
        list(models.get(LIGHT))
    (line,) = [line for line in models.check() if line.name == LIGHT]
    assert not line.ok


def test_a_failed_download_leaves_it_uninstalled(models: Models, hub: Hub) -> None:
    hub.probes = [404]
    with pytest.raises(DownloadError):
        list(models.get(LIGHT))
    assert not {row.id: row for row in models.list()}[LIGHT].installed


def test_a_checkpoint_by_path(models: Models, tmp_path: Path, builtin: Path) -> None:
    folder = tmp_path / "My own CLIP"
    folder.mkdir()
    (folder / "open_clip_config.json").write_text(json.dumps(CLIP_CONFIG))
    weights = folder / "open_clip_model.safetensors"
    weights.write_bytes(b"weights")
    added = models.add_checkpoint(folder)
    assert added.id.startswith("my-own-clip-")
    assert models.add_checkpoint(weights).id == added.id
    assert (added.dim, added.installed) == (32, True)
    later = Models(tmp_path / "cache", builtin=builtin)  # another start of the program
    assert later.list()[-1] == added
    assert later.encoder(added.id).dim == 32
    assert list(later.get(added.id)) == []
    assert [line.ok for line in later.check() if line.name == added.id] == [True]
    with pytest.raises(NotFoundError, match=added.id):
        later.encoder(added.id[:-1])
    weights.write_bytes(b"Weights")
    (line,) = [line for line in later.check() if line.name == added.id]
    assert not line.ok
    other = Models(tmp_path / "cache", builtin=builtin)
    weights.write_bytes(b"longer weights")
    with pytest.raises(ModelDamagedError, match="not the file any more"):
        other.encoder(added.id)
    weights.unlink()
    assert not other.list()[-1].installed
    with pytest.raises(ModelMissingError, match="no longer at"):
        other.encoder(added.id)
    assert any(line.name == added.id and not line.ok for line in other.check())
    for each in (later, other):
        each.close()


def test_a_cache_that_cannot_be_written(builtin: Path, tmp_path: Path) -> None:
    folder = tmp_path / "clip"
    folder.mkdir()
    (folder / "open_clip_config.json").write_text(json.dumps(CLIP_CONFIG))
    (folder / "open_clip_model.safetensors").write_bytes(b"weights")
    (tmp_path / "cache").write_text("in the way")
    models = Models(tmp_path / "cache", builtin=builtin)
    assert models.encoder().encode_texts(["red"]).shape == (1, 8)
    with pytest.raises(ModelError, match="BOWERBIRD_MODELS"):
        models.add_checkpoint(folder)
    models.close()


def test_runtimes_are_reported(models: Models, monkeypatch: pytest.MonkeyPatch) -> None:
    from importlib import metadata

    real = metadata.version
    assert {"onnxruntime", "torch"} <= {line.name for line in models.check()}

    def version(name: str) -> str:
        if name in ("torch", "onnxruntime"):
            raise metadata.PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(metadata, "version", version)
    lines = {line.name: line for line in models.check()}
    assert lines["torch"].ok
    assert "bowerbird[models]" in lines["torch"].advice
    assert not lines["onnxruntime"].ok


def test_many_threads_get_one_encoder(models: Models) -> None:
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(models.encoder())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(map(id, found))) == 1


def test_ids_depend_on_the_content(models: Models, tmp_path: Path) -> None:
    ids = set()
    for content in (b"one", b"two"):
        folder = tmp_path / hashlib.md5(content).hexdigest() / "same"
        folder.mkdir(parents=True)
        (folder / "open_clip_config.json").write_text(json.dumps(CLIP_CONFIG))
        (folder / "weights.pt").write_bytes(content)
        ids.add(models.add_checkpoint(folder).id)
    assert len(ids) == 2
    assert all(found.startswith("weights-") for found in ids)


def test_a_reader_is_shared_until_the_end(models: Models, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "installed", lambda: True)
    made = models.reader()
    assert models.reader() is made
    models.close()
    assert models.reader() is not made


def test_a_reader_that_is_not_installed_says_how(
    models: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "installed", lambda: False)
    with pytest.raises(ModelMissingError, match=r"bowerbird\[ocr\]"):
        models.reader()
    assert "text reader" not in [line.name for line in models.check()]
