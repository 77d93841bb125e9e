"""Where things are, and that the environment can say otherwise."""

from pathlib import Path

import pytest

from bowerbird import paths


def test_resources_are_found() -> None:
    assert paths.resource("models/builtin").is_dir()
    assert paths.translation("bowerbird_de.qm").parent.name == "i18n"


def test_environment_names_the_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BOWERBIRD_LIBRARY", str(tmp_path / "lib"))
    monkeypatch.setenv("BOWERBIRD_MODELS", "~/weights")
    assert paths.default_library() == tmp_path / "lib"
    assert paths.model_cache() == Path.home() / "weights"


def test_defaults_are_the_users_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BOWERBIRD_LIBRARY", raising=False)
    monkeypatch.delenv("BOWERBIRD_MODELS", raising=False)
    for path in (paths.default_library(), paths.model_cache(), paths.config_file()):
        assert "bowerbird" in path.parts
        assert path.is_absolute()
    assert paths.default_library() != paths.model_cache()
