"""Lists a bucket page by page: a large one in parts at once, and on from where it broke off."""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from bowerbird.errors import SourceError

# Pages in a row before a bucket counts as large; then how many parts, and how many of them at once.
ONE_BY_ONE, PARTS, AT_ONCE = 10, 32, 8
# Folders to part it at are looked for so deep, and through so many pages of one folder.
DEPTH, MOST_PAGES = 4, 20
# Pages that wait to be compared; a page is a thousand keys.
WAITING = 2 * AT_ONCE

Ask = Callable[..., dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Part:
    """The keys from `start` to before `stop` (empty for the last) that come behind `after`."""

    start: str
    stop: str
    after: str


@dataclass(frozen=True, slots=True)
class KeyPage:
    """Some objects of a part, as the service has them; `after` is None with the last of it."""

    part: str
    objects: list[dict[str, Any]]
    after: str | None


class Lister:
    """Lists what is below a prefix.

    Args:
        ask: Requests one page, with the arguments of ListObjectsV2.
        prefix: The prefix.
        url: For messages.
    """

    def __init__(self, ask: Ask, prefix: str, url: str) -> None:
        self._ask = ask
        self._prefix = prefix
        self._url = url

    def pages(self, marks: Mapping[str, str | None]) -> Iterator[KeyPage]:
        """Yield pages, in any order, on from where an earlier listing stopped.

        Args:
            marks: How far the parts came then, by their starts: the last key, or None at its end.

        Raises:
            SourceError: A page did not come, so that nothing may be concluded.
        """
        starts = sorted(marks)
        if len(starts) < 2:
            after = marks.get("", "")
            if after is None:
                return
            for number, page in enumerate(self._in_order(Part("", "", after)), 1):
                yield page
                if page.after is None:
                    return
                after = page.after
                if number == ONE_BY_ONE:
                    break
            starts = ["", *self._borders(after)]
            marks = {**dict.fromkeys(starts, ""), "": after}
            # Told before any of it is listed: that they are there is what is resumed by.
            yield from (KeyPage(start, [], marks[start]) for start in starts[1:])
        stops = [*starts[1:], ""]
        parts = [
            Part(start, stop, max(start, after))
            for start, stop in zip(starts, stops, strict=True)
            if (after := marks[start]) is not None
        ]
        if len(starts) == 1:
            yield from self._in_order(parts[0])
        else:
            yield from self._at_once(parts)

    def _in_order(self, part: Part) -> Iterator[KeyPage]:
        after = part.after
        while True:
            page = self._ask(Prefix=self._prefix, **({"StartAfter": after} if after else {}))
            objects = page.get("Contents", [])
            last = objects[-1]["Key"] if objects else ""
            if part.stop and last >= part.stop:
                objects = [one for one in objects if one["Key"] < part.stop]
                yield KeyPage(part.start, objects, None)
                return
            if not page.get("IsTruncated"):
                yield KeyPage(part.start, objects, None)
                return
            # S3 sorts by the bytes of names, as Python does by their code points.
            if last <= after:
                raise self._lost()
            after = last
            yield KeyPage(part.start, objects, after)

    def _lost(self) -> SourceError:
        return SourceError(
            f"The listing of {self._url} broke off: its service gave no way on. Sync again."
        )

    def _borders(self, after: str) -> list[str]:
        """Return folders behind `after` to part the rest at, evenly; none where keys have none."""
        prefix = self._prefix
        for _ in range(DEPTH):
            folders = [one for one in self._folders(prefix) if one > after or after.startswith(one)]
            if len(folders) > 1:
                borders = [one for one in folders if one > after]
                step = max(1, len(borders) // PARTS)
                return borders[::step]
            if not folders:
                break
            prefix = folders[0]
        return []

    def _folders(self, prefix: str) -> list[str]:
        found: list[str] = []
        how: dict[str, str] = {}
        for _ in range(MOST_PAGES):
            page = self._ask(Prefix=prefix, Delimiter="/", **how)
            found += [one["Prefix"] for one in page.get("CommonPrefixes", [])]
            token = page.get("NextContinuationToken")
            if not page.get("IsTruncated") or not token:
                break
            how = {"ContinuationToken": token}
        return found

    def _at_once(self, parts: list[Part]) -> Iterator[KeyPage]:
        found: queue.Queue[KeyPage | BaseException | None] = queue.Queue(WAITING)
        stopped = threading.Event()

        def tell(what: KeyPage | BaseException | None) -> None:
            while not stopped.is_set():
                with contextlib.suppress(queue.Full):
                    found.put(what, timeout=0.2)
                    return

        def list_part(part: Part) -> None:
            try:
                for page in self._in_order(part):
                    tell(page)
                    if stopped.is_set():
                        return
                tell(None)
            except BaseException as error:  # noqa: BLE001  # raised where it is waited for
                tell(error)

        pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="list")
        try:
            for part in parts:
                pool.submit(list_part, part)
            yield from _until_all_ended(found, len(parts))
        finally:
            stopped.set()
            pool.shutdown(cancel_futures=True)


def _until_all_ended(
    found: queue.Queue[KeyPage | BaseException | None], parts: int
) -> Iterator[KeyPage]:
    while parts:
        page = found.get()
        if isinstance(page, BaseException):
            raise page
        if page is None:
            parts -= 1
        else:
            yield page
