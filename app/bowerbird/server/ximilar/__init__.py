"""Ximilar's dialect, at /similarity/photos/v2/ and /similarity/products/v2/: records by id.

A collection is named by the header `collection-id` (its uuid, its first 16 digits or its name; the
deprecated header `collection` is taken, too; a key that is for one collection alone needs none).
Records are written to catalogues; pictures of other collections can be searched and read.

Distances: `50 * (1 - cosine)`, and 0 within the rounding of what is stored (0.05), so that 0 is the
same picture, 100 the opposite, and the service's radius of 5.0 for near duplicates is a cosine of
0.9: with the built-in model what is recompressed, mirrored, brighter or cropped by a tenth lies
within, and of 1,000 different photos less than one in a hundred has another so near. What is within
a radius has a distance, as it is answered, of the radius at most. Where tags count, the distance is
the mean of that and of `50 * (1 - Jaccard index of the tags)`; for a query without tags looks alone
count. A radius over 100 holds everything.

Where the document is silent or says two things:
- `k` is 30 by default, as each method says (20 in the overview). `from`, `k`, `limit` and `count`
  are at most 10,000 each, and so are the records within a radius; a request brings at most 1000.
- Answers in part have the codes of the methods' own lists: 206 for get, update and delete (213 in
  their examples), 211 for inserts. The HTTP status is 200 for all codes below 300, else the code
  where HTTP knows it. Errors that no list names have the code 402.
  A record whose `_id` is no text is in `skipped_records` with that code, and the others are done.
- Pictures of `_url` are fetched once, before the record is taken in; 20 MB each at most.
- `size` and `page` may stand in the body or in the address. `allRecords` with `size` has
  `next` where more follows. Without, the whole answer is streamed. Its file lies in the library's
  folder `answers`, a record a line, with `_base64` for pictures that came so (where all fields are
  asked for), to be taken in by `insert`, or by `bowerbird import` where all pictures have addresses
  and the name ends in `.jsonl`; it is only written with `"delete_file_after": false`.
- `allNearDupPairs` has no example: `answer_records` holds pairs, `answer_distances` one number for
  each; it takes radius (5.0), filter and fields_to_return, for up to 200,000 records and 100,000
  pairs. `visualRankRecords` (of the service's own client) ranks `records` by a query record;
  those that are neither known nor pictures are in `skipped_records`.
- `deleteByFilter` needs a filter that is not empty, and answers the records that it deleted; their
  file can stay as that of `allRecords`, whose example is printed for it.
- `approx_param` and `cand_set_size` are taken and change nothing.
"""

from __future__ import annotations

from fastapi import APIRouter

from bowerbird.server.ximilar import inserting, records, searching
from bowerbird.server.ximilar.asked import METHODS
from bowerbird.server.ximilar.words import wording

__all__ = ["METHODS", "OUTSIDE", "PREFIXES", "router", "wording"]

PREFIXES = ("/similarity",)
# Statuses for those whose key is none, does not allow it, or is not for the collection.
OUTSIDE = (401, 403, 404)
router = APIRouter(tags=["ximilar"])
router.include_router(searching.router)
router.include_router(inserting.router)
router.include_router(records.router)
