"""Logging: one rotating file for what went wrong, warnings on stderr, nothing sent anywhere."""

from __future__ import annotations

import logging
import logging.handlers
import re
import sys
from pathlib import Path

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class _Formatter(logging.Formatter):
    """Shows control characters: names of files stand in what is logged, and steer no terminal."""

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        return _CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # the base's name
        return super().formatMessage(record).replace("\n", "\\x0a")


def set_up(folder: Path, *, verbose: bool = False) -> None:
    """Send the package's records to `folder/bowerbird.log`, and to stderr when `verbose`.

    A folder that cannot be written leaves logging on stderr alone: a log is never worth failing.
    """
    logger = logging.getLogger("bowerbird")
    logger.setLevel(logging.DEBUG if verbose else logging.INFO)
    handlers: list[logging.Handler] = []
    try:
        folder.mkdir(0o700, parents=True, exist_ok=True)
        handlers.append(
            logging.handlers.RotatingFileHandler(
                folder / "bowerbird.log",
                maxBytes=2_000_000,
                backupCount=2,
                encoding="utf-8",
                errors="backslashreplace",
                delay=True,
            )
        )
    except OSError:
        verbose = True
    if verbose:
        handlers.append(logging.StreamHandler(sys.stderr))
    for handler in handlers:
        handler.setFormatter(_Formatter(FORMAT))
        logger.addHandler(handler)
