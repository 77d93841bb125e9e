"""Judges pictures that were indexed before there was a judgement, by their thumbnails."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bowerbird.decode.quality import judge_thumbnail
from bowerbird.indexing.meter import Meter
from bowerbird.types import Progress

if TYPE_CHECKING:
    from bowerbird.store.store import Store

PAGE = 200


def judge_missing(store: Store, collection_id: int) -> Iterator[Progress]:
    """Give a quality to pictures of a collection that have none; a thumbnail that is gone, none.

    What is done stays done, so that it can be left at any step.
    """
    after = 0
    meter = Meter("judging")
    while page := store.unjudged(collection_id, after, PAGE):
        found = {
            asset_id: judge_thumbnail(data)
            for asset_id, md5 in page
            if (data := store.thumbnail(md5)) is not None
        }
        store.set_qualities({key: value for key, value in found.items() if value is not None})
        after = page[-1][0]
        yield meter.add(len(page))
