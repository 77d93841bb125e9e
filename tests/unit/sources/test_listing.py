"""Large buckets in parts, against a service in memory that lists as S3 does."""

import threading
import time
from collections import Counter
from typing import Any

import pytest

from bowerbird.errors import SourceError, SourceOfflineError
from bowerbird.sources import listing as module
from bowerbird.sources.listing import KeyPage, Lister

PAGE = 10


class Service:
    """Answers ListObjectsV2 over some keys; the request of number `fails_at` breaks off."""

    def __init__(self, keys: list[str]) -> None:
        self.keys = sorted(keys)
        self.asked: list[dict[str, Any]] = []
        self.fails_at: int | None = None
        self.pause_s = 0.0
        self.now, self.most_at_once = 0, 0
        self._lock = threading.Lock()

    def __call__(self, **how: Any) -> dict[str, Any]:
        with self._lock:
            self.asked.append(how)
            if self.fails_at is not None and len(self.asked) > self.fails_at:
                raise SourceOfflineError("cut")
            self.now += 1
            self.most_at_once = max(self.most_at_once, self.now)
        time.sleep(self.pause_s)
        with self._lock:
            self.now -= 1
        after = how.get("ContinuationToken", how.get("StartAfter", ""))
        names: list[str] = []
        for key in self.keys:
            if key > after and key.startswith(how["Prefix"]):
                rest = key.removeprefix(how["Prefix"])
                name = key
                if "Delimiter" in how and "/" in rest:
                    name = how["Prefix"] + rest.partition("/")[0] + "/"
                if name > after and (not names or names[-1] != name):
                    names.append(name)
            if len(names) > PAGE:
                break
        page = names[:PAGE]
        found: dict[str, Any] = {
            "Contents": [{"Key": name} for name in page if name in self.known],
            "CommonPrefixes": [{"Prefix": name} for name in page if name not in self.known],
            "IsTruncated": len(names) > PAGE,
        }
        if found["IsTruncated"]:
            found["NextContinuationToken"] = page[-1]
        return found

    @property
    def known(self) -> set[str]:
        return set(self.keys)


def lister(service: Service, prefix: str = "") -> Lister:
    return Lister(service, prefix, "s3://shop")


def keys(pages: list[KeyPage]) -> list[str]:
    return [one["Key"] for page in pages for one in page.objects]


FLAT = [f"{number:05d}.jpg" for number in range(500)]
FOLDERS = [f"p/{number // 7:03d}/{number:05d}.jpg" for number in range(900)]
DEEP = [f"p/2024/{number // 40:03d}/{number:05d}.jpg" for number in range(900)]
MIXED = [*FOLDERS, *(f"p/{number:03d}.jpg" for number in range(60)), "q.jpg", "p/zzz.jpg"]
FEW = [f"p/{number}/a.jpg" for number in range(30)]


@pytest.mark.parametrize("names", [FLAT, FOLDERS, DEEP, MIXED, FEW, ["a/b.jpg"], []])
def test_every_key_comes_once(names: list[str]) -> None:
    service = Service(names)
    found = keys(list(lister(service).pages({})))
    assert Counter(found) == Counter(names)


def test_a_prefix_bounds_the_parts() -> None:
    service = Service([*FOLDERS, *(f"o/{n:04d}.jpg" for n in range(200)), "pq.jpg"])
    assert Counter(keys(list(lister(service, "p/").pages({})))) == Counter(FOLDERS)
    assert all(how["Prefix"].startswith("p/") for how in service.asked)


@pytest.mark.parametrize("names", [FOLDERS, DEEP, MIXED])
def test_a_large_bucket_is_listed_at_once(names: list[str]) -> None:
    service = Service(names)
    service.pause_s = 0.01
    list(lister(service).pages({}))
    assert any("Delimiter" in how for how in service.asked)
    assert service.most_at_once > 4


@pytest.mark.parametrize("names", [FLAT, FOLDERS, DEEP, MIXED])
@pytest.mark.parametrize("fails_at", [1, 9, 15, 30, 60])
def test_a_cut_listing_goes_on(names: list[str], fails_at: int) -> None:
    service = Service(names)
    list(lister(service).pages({}))
    whole = len(service.asked)
    service.asked.clear()
    service.fails_at = fails_at
    marks: dict[str, str | None] = {}
    pages: list[KeyPage] = []
    tries = 0
    while True:
        try:
            for page in lister(service).pages(dict(marks)):
                pages.append(page)
                marks[page.part] = page.after
            break
        except SourceOfflineError:
            tries += 1
            service.fails_at = len(service.asked) + max(40, fails_at)
    assert tries or whole <= fails_at
    assert Counter(keys(pages)) == Counter(names)
    assert len(service.asked) < whole + tries * (module.WAITING + module.PARTS)


def test_a_service_that_gives_no_way_on() -> None:
    def stuck(**_: Any) -> dict[str, Any]:
        return {"Contents": [{"Key": "a"}], "IsTruncated": True}

    with pytest.raises(SourceError, match="no way on"):
        list(Lister(stuck, "", "s3://shop").pages({}))
    with pytest.raises(SourceError, match="no way on"):
        list(Lister(lambda **_: {"IsTruncated": True}, "", "s3://shop").pages({}))


def test_leaving_a_listing_ends_its_threads() -> None:
    service = Service(FOLDERS)
    pages = lister(service).pages({})
    for _ in range(60):
        next(pages)
    pages.close()  # type: ignore[attr-defined]
    assert not [one for one in threading.enumerate() if one.name.startswith("list")]
