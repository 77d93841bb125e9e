"""Settings from TOML: defaults, what is taken, and what is refused with which words."""

from dataclasses import replace
from pathlib import Path

import pytest

from bowerbird.errors import UsageError
from bowerbird.settings import Settings, load, save


def test_no_file_means_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path / "none.toml") == Settings()


def test_options_are_read(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('max_pixels = 1000\nignore = ["*.tmp", "x/y"]\nhidden = true\n')
    assert load(path) == Settings(max_pixels=1000, ignore=("*.tmp", "x/y"), hidden=True)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("max_pixels = ", "cannot be read"),
        ("max_pixel = 3", "unknown option 'max_pixel'"),
        ("max_pixels = 'many'", "max_pixels must be like 500000000"),
        ("max_pixels = true", "max_pixels must be"),
        ("max_pixels = -1", "max_pixels must be"),
        ("batch_size = 0", "batch_size must be"),
        ("hidden = 1", "hidden must be like False"),
        ("ignore = 'all'", "ignore must be a list"),
    ],
)
def test_wrong_settings_are_refused(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(text)
    with pytest.raises(UsageError, match=says):
        load(path)


def test_a_folder_or_binary_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        load(tmp_path)
    (tmp_path / "b.toml").write_bytes(b"\xff\xfe\0")
    with pytest.raises(UsageError, match="cannot be read"):
        load(tmp_path / "b.toml")


def test_there_is_always_a_worker() -> None:
    assert Settings().workers >= 1
    assert Settings(decode_workers=3).workers == 3


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "new" / "settings.toml"
    changed = Settings(max_pixels=1_000_000, hidden=True, ignore=('a "b"', "ü\\*"), grace_days=0)
    changed = replace(changed, cutout_model='ü "b" \\')
    save(path, changed)
    assert load(path) == changed
    assert "queue_bytes" not in path.read_text("utf-8"), "defaults stay defaults"
    save(path, Settings())
    assert path.read_text("utf-8") == ""
    assert load(path) == Settings()


def test_settings_that_cannot_be_written_say_so(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="cannot be written"):
        save(tmp_path / "file" / "settings.toml", Settings())
