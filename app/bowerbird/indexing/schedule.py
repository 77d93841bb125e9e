"""When a collection is to be looked at by itself."""

from __future__ import annotations

import calendar
from datetime import datetime, timedelta

from bowerbird.types import Auto, Collection

_EVERY = {
    Auto.HOURLY: timedelta(hours=1),
    Auto.DAILY: timedelta(days=1),
    Auto.WEEKLY: timedelta(weeks=1),
    # What is watched is looked at daily all the same: a change can be missed.
    Auto.CHANGE: timedelta(days=1),
}


def is_due(collection: Collection, now: datetime) -> bool:
    """Say whether a look is due; one that was slept through is, once.

    Args:
        collection: With its time of the last sync.
        now: Aware.
    """
    if collection.auto is Auto.OFF:
        return False
    last = collection.last_sync
    # A clock that was set back must not silence a collection for years.
    if last is None or last > now + timedelta(days=1):
        return True
    return now >= following(collection.auto, last)


def following(auto: Auto, last: datetime) -> datetime:
    """Return when the look after the one at `last` is due; a month later is the same day of it."""
    if auto is Auto.MONTHLY:
        year, month = (last.year + 1, 1) if last.month == 12 else (last.year, last.month + 1)
        day = min(last.day, calendar.monthrange(year, month)[1])
        return last.replace(year=year, month=month, day=day)
    return last + _EVERY[auto]
