"""When a look at a collection is due."""

from datetime import UTC, datetime, timedelta

import pytest

from bowerbird.indexing.schedule import following, is_due
from bowerbird.types import Auto, Collection, SourceKind

NOON = datetime(2024, 1, 31, 12, tzinfo=UTC)


def collection(auto: Auto | None, last: datetime | None) -> Collection:
    config = {} if auto is None else {"auto": auto.value}
    return Collection(1, "u", "photos", SourceKind.FOLDER, "/photos", config, last)


@pytest.mark.parametrize(
    ("auto", "after"),
    [
        (Auto.HOURLY, timedelta(hours=1)),
        (Auto.DAILY, timedelta(days=1)),
        (Auto.WEEKLY, timedelta(days=7)),
        (Auto.MONTHLY, timedelta(days=29)),  # 31 January to 29 February
        (Auto.CHANGE, timedelta(days=1)),
        (None, timedelta(days=1)),
    ],
)
def test_a_look_is_due_from_then_on(auto: Auto | None, after: timedelta) -> None:
    known = collection(auto, NOON)
    assert not is_due(known, NOON + after - timedelta(seconds=1))
    assert is_due(known, NOON + after)
    assert is_due(known, NOON + after * 50), "slept through, it is caught up with"


def test_never_and_not_yet() -> None:
    assert not is_due(collection(Auto.OFF, None), NOON)
    assert is_due(collection(Auto.MONTHLY, None), NOON)


def test_a_clock_that_was_set_back_silences_nothing() -> None:
    assert is_due(collection(Auto.HOURLY, NOON + timedelta(days=400)), NOON)
    assert not is_due(collection(Auto.HOURLY, NOON + timedelta(minutes=30)), NOON)


def test_december_is_followed_by_january() -> None:
    assert following(Auto.MONTHLY, datetime(2023, 12, 15, tzinfo=UTC)).month == 1
