"""Words numbers, progress and errors for people."""

from __future__ import annotations

import logging
import traceback
from datetime import datetime

from PySide6.QtCore import QDate, QDateTime, QLocale, QTime

from bowerbird.errors import BowerbirdError
from bowerbird.gui.i18n import tr
from bowerbird.types import Progress

log = logging.getLogger(__name__)


def count(number: int) -> str:
    """Return a whole number with the locale's separators."""
    return QLocale().toString(number)


def decimal(number: float, places: int) -> str:
    """Return a number with so many places behind the locale's point."""
    return QLocale().toString(number, "f", places)


def size(count: int) -> str:
    """Return a number of bytes as people say it, in units of a thousand."""
    return QLocale().formattedDataSize(count, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def moment(when: datetime) -> str:
    """Return a day and a time as the locale writes them."""
    return QLocale().toString(
        QDateTime(QDate(when.year, when.month, when.day), QTime(when.hour, when.minute)),
        QLocale.FormatType.ShortFormat,
    )


def duration(seconds: float) -> str:
    """Return a time as people say it."""
    if seconds < 60:
        return tr("%n s", "seconds", int(seconds))
    minutes = round(seconds / 60)
    if minutes < 60:
        return tr("%n min", "minutes", minutes)
    return tr("%n h", "hours", minutes // 60) + " " + tr("%n min", "minutes", minutes % 60)


def progress(step: Progress) -> str:
    """Return one line on where something long stands."""
    if step.phase == "scanning":
        return tr("Looking for changes … {count} found").format(count=count(step.done))
    if step.total is None:
        return tr("Working …")
    parts = [
        tr("{share} % done").format(share=step.done)
        if step.phase == "drawing"
        else tr("{done} of {total}").format(done=count(step.done), total=count(step.total)),
    ]
    if step.rate > 0:
        parts.append(
            tr("{rate} a second").format(rate=decimal(step.rate, 0 if step.rate >= 10 else 1))
        )
    if step.remaining_s is not None and step.done < step.total:
        parts.append(tr("{time} left").format(time=duration(step.remaining_s)))
    if step.failed:
        parts.append(tr("%n failed", "pictures", step.failed))
    return " · ".join(parts)


def sentence(error: Exception) -> str:
    """Return what an error means to the user; a fault of ours is logged and owned up to."""
    if isinstance(error, BowerbirdError):
        return str(error)
    log.error("unexpected error", exc_info=error)
    return tr("Something unexpected went wrong: {error}").format(error=repr(error))


def details(error: Exception) -> str | None:
    """Return what helps to find a fault of ours, to be copied; None for the user's errors."""
    if isinstance(error, BowerbirdError):
        return None
    return "".join(traceback.format_exception(error))
