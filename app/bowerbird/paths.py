"""Where things are: the library's default folder, the model cache, and shipped resources."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from platformdirs.api import PlatformDirsABC

APP = "bowerbird"
_PACKAGE = Path(__file__).resolve().parent


def resource(name: str) -> Path:
    """Return the path of a shipped file or folder, such as `icons/search.svg`.

    Works in a wheel and a frozen app (`bowerbird/resources/`), and in an editable install or a
    checkout, where `resources/` lies at the top of the repository.
    """
    return _shipped("resources", name)


def translation(name: str) -> Path:
    """Return the path of a compiled translation, such as `bowerbird_de.qm`."""
    return _shipped("i18n", name)


def _shipped(top: str, name: str) -> Path:
    inside = _PACKAGE / top
    root = inside if inside.is_dir() else _PACKAGE.parent.parent / top
    return root / name


def default_library() -> Path:
    """Return the library folder used when none is named: `$BOWERBIRD_LIBRARY` or user data."""
    named = os.environ.get("BOWERBIRD_LIBRARY")
    if named:
        return Path(named).expanduser()
    return Path(_dirs().user_data_dir) / "library"


def config_file() -> Path:
    """Return where the user's settings are kept."""
    return Path(_dirs().user_config_dir) / "settings.toml"


def model_cache() -> Path:
    """Return the folder that downloaded weights are kept in, shared by all libraries."""
    named = os.environ.get("BOWERBIRD_MODELS")
    return Path(named).expanduser() if named else Path(_dirs().user_data_dir) / "models"


def log_folder() -> Path:
    """Return the folder of the rotating log file."""
    return Path(_dirs().user_log_dir)


def _dirs() -> PlatformDirsABC:
    from platformdirs import PlatformDirs

    return PlatformDirs(APP, appauthor=False)
