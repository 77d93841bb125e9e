"""Compiles the translations when a wheel is built: `i18n/*.ts` to `i18n/*.qm`."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class TranslationHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs Qt's lrelease over every translation source."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile what is newer than its result; an editable install needs it as well."""
        for source in sorted(Path(self.root, "i18n").glob("*.ts")):
            target = source.with_suffix(".qm")
            if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
                continue
            done = subprocess.run([_lrelease(), str(source), "-qm", str(target)], check=False)
            if done.returncode:
                # English is in the program itself; a missing system library is no reason to stop.
                self.app.display_warning(f"{source.name} was not compiled; see above.")


def _lrelease() -> str:
    """Return the path of lrelease, which PySide6-Essentials carries."""
    import PySide6

    folder = Path(PySide6.__file__).parent
    for name in ("lrelease", "lrelease.exe", "libexec/lrelease"):
        if (folder / name).exists():
            return str(folder / name)
    raise FileNotFoundError(f"lrelease is not in {folder}; install PySide6-Essentials")
