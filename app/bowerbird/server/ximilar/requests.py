"""What the methods take."""

from __future__ import annotations

from typing import Any

from pydantic import ConfigDict, Field

from bowerbird.server.strict import Said
from bowerbird.server.ximilar.words import Record

RADIUS, K = 5.0, 30
MOST_HITS, MOST_RECORDS = 10_000, 1000
# Records of a page of all, and the last page.
MOST_PAGE, MOST_NUMBER = 100_000, 1_000_000_000

_RECORD = {"_id": "321", "_url": "https://yourdomain.com/images/product_image_321.jpg"}
_FILTER = {"$gte": {"price": "200"}}


class Request(Said):
    """What every method takes."""

    model_config = ConfigDict(populate_by_name=True)

    fields_to_return: list[str] | None = Field(None, max_length=1000, examples=[["_id"]])
    filter: dict[str, Any] | None = Field(None, examples=[_FILTER])


class Listing(Request):
    """Which records."""

    records: list[Record] = Field(max_length=MOST_RECORDS, examples=[[_RECORD]])


class Inserting(Listing):
    """Records to take in, unless nearly the same is there."""

    radius: float = Field(RADIUS, ge=0)


class Finding(Request):
    """Records that match a filter."""

    limit: int = Field(10, ge=0, le=MOST_HITS)


class Picking(Request):
    """Records at random."""

    count: int = Field(1, ge=0, le=MOST_HITS)


class Searching(Request):
    """Records that look like one."""

    query_record: Record = Field(examples=[{"_id": "54321"}])
    k: int = Field(K, ge=0, le=MOST_HITS)
    from_: int = Field(0, alias="from", ge=0, le=MOST_HITS)
    product_field: str | None = Field(None, max_length=200)


class SearchingByMany(Request):
    """Records that look like several."""

    query_records: list[Record] = Field(min_length=1, max_length=100)
    k: int = Field(K, ge=0, le=MOST_HITS)
    from_: int = Field(0, alias="from", ge=0, le=MOST_HITS)
    product_field: str | None = Field(None, max_length=200)


class Ranging(Request):
    """Records within a distance of one."""

    query_record: Record
    radius: float = Field(ge=0, examples=[5.0])
    product_field: str | None = Field(None, max_length=200)


class NearRanging(Ranging):
    """Records that are nearly the same as one."""

    radius: float = Field(RADIUS, ge=0)


class Ranking(Request):
    """Records to be ordered by how they look like one."""

    query_record: Record
    records: list[Record] = Field(max_length=MOST_RECORDS)


class Pairing(Request):
    """Pairs of records that are nearly the same."""

    radius: float = Field(RADIUS, ge=0)


class Filing(Request):
    """Records in an answer, and in a file."""

    output_file_name: str | None = Field(None, max_length=200)
    delete_file_after: bool = True


class Everything(Filing):
    """All records, or a page of them."""

    size: int | None = Field(None, ge=0, le=MOST_PAGE)
    page: int = Field(1, ge=1, le=MOST_NUMBER)
