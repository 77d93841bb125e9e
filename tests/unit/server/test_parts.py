"""The small parts of the server: kept answers, signed addresses, rates, syncs behind requests."""

import asyncio
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bowerbird import apart
from bowerbird.errors import (
    BowerbirdError,
    ConflictError,
    DecodeError,
    LibraryError,
    NotFoundError,
    SourceError,
    StorageFullError,
    TooLargeError,
)
from bowerbird.library import Library
from bowerbird.server import links as links_module
from bowerbird.server.answers import Answers
from bowerbird.server.beside import Beside
from bowerbird.server.callers import Counters, Rates
from bowerbird.server.links import Links
from bowerbird.server.pictures import Bench, from_base64
from bowerbird.server.refusal import RefusedError, refusal
from bowerbird.server.services import Services
from bowerbird.server.upkeep import Upkeep
from bowerbird.store.access import Access
from bowerbird.types import Collection, Progress


def test_whoever_comes_meanwhile_stands_in_line(library: Library) -> None:
    """Between two turns the loop reads what came, so that turns go by when it came."""
    services = Services.of(library)
    done: list[str] = []

    async def one(name: str) -> None:
        async with services.turn():
            done.append(name)

    async def all_of_them() -> None:
        loop = asyncio.get_running_loop()
        first = [asyncio.create_task(one(name)) for name in "abc"]
        loop.call_soon(lambda: done.append("read"))
        await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.gather(*first, one("d"))

    asyncio.run(all_of_them())
    assert done.index("read") <= 1
    assert [name for name in done if name != "read"] == list("abcd")


def test_answers_end_and_are_not_without_number() -> None:
    answers = Answers(most=3, lasts_s=0.05)
    assert [answers.get("a", lambda: 1), answers.get("a", lambda: 2)] == [(1, False), (1, True)]
    time.sleep(0.06)
    assert answers.get("a", lambda: 2) == (2, False)
    for name in "bcd":
        answers.get(name, lambda: 0)
    assert answers.get("a", lambda: 3) == (3, False)
    with pytest.raises(ZeroDivisionError):
        answers.get("e", lambda: 1 // 0)
    assert answers.get("e", lambda: 5) == (5, False)


def test_signed_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    links = Links(b"secret")
    address = links.sign("http://localhost:1/", "/media/a/b.webp")
    path, _, query = address.removeprefix("http://localhost:1").partition("?")
    parts = dict(part.split("=") for part in query.split("&"))
    links.check(path, **parts)
    assert links.sign("http://localhost:1/", "/media/a/b.webp") == address
    for wrong in ({"expires": "1"}, {"signature": "x"}, {"expires": ""}, {"expires": "²"}):
        with pytest.raises(RefusedError):
            links.check(path, **parts | wrong)
    with pytest.raises(RefusedError):
        Links(b"other").check(path, **parts)
    now = time.time()
    monkeypatch.setattr(links_module.time, "time", lambda: now + 3 * 86_400)
    with pytest.raises(RefusedError, match="expired"):
        links.check(path, **parts)


def test_rates_hold_over_any_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1000.0]
    monkeypatch.setattr("bowerbird.server.callers.time.monotonic", lambda: now[0])
    rates = Rates()
    for _ in range(3):
        rates.take("a", 3)
        now[0] += 10
    with pytest.raises(RefusedError) as refused:
        rates.take("a", 3)
    assert refused.value.headers["Retry-After"] == "30"
    rates.take("b", 3)
    now[0] += 30
    rates.take("a", 3)
    with pytest.raises(RefusedError):
        rates.take("a", 3)
    for _ in range(1000):
        rates.take("free", 0)


@pytest.mark.logs_expected
def test_what_could_not_be_written_down_is_counted_later(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    key, _ = library.access.make("shop")
    monkeypatch.setattr("bowerbird.server.callers.COUNT_S", 0.01)
    full = threading.Event()
    count = Access.count

    def counts(self: Access, used: Any) -> None:
        if used and not full.is_set():
            full.set()
            raise StorageFullError("/home/me is full")
        count(self, used)

    monkeypatch.setattr(Access, "count", counts)
    counters = Counters(library)
    counters.start()
    counters.add(key.id, "search", 1)
    assert full.wait(5)
    counters.add(key.id, "search", 2)
    for _ in range(200):
        used = library.access.usage(key.id)
        if used and used[0].calls == 2:
            break
        time.sleep(0.01)
    counters.close()
    assert [(each.calls, each.images) for each in used] == [(2, 3)]


def test_a_full_bench_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bowerbird.server.pictures.PATIENCE_S", 0.05)
    bench = Bench(1)
    with bench.place(), pytest.raises(RefusedError) as refused, bench.place():
        pass
    assert refused.value.status == 503
    with bench.place():
        pass


def test_only_so_many_wait_for_a_bench(monkeypatch: pytest.MonkeyPatch) -> None:
    """The threads of those who wait are missed by everybody else."""
    monkeypatch.setattr("bowerbird.server.pictures.LINE", 2)
    bench = Bench(1)

    def work() -> None:
        with bench.place():
            pass

    waiting = [threading.Thread(target=work) for _ in range(2)]
    with bench.place():
        for thread in waiting:
            thread.start()
        while bench._line._value:
            time.sleep(0.01)
        began = time.monotonic()
        with pytest.raises(RefusedError) as refused, bench.place():
            pass
        assert time.monotonic() - began < 5
        assert refused.value.status == 503
    for thread in waiting:
        thread.join()
    with bench.place():
        pass


@pytest.mark.parametrize(
    "text", ["aGk=", "aGk", "data:image/png;base64,aGk=", "data:;base64,aGk=", " a\nG k = "]
)
def test_base64_in_all_its_ways(text: str) -> None:
    assert from_base64(text) == b"hi"


def test_base64_of_addresses() -> None:
    assert from_base64("-_-_") == from_base64("+/+/")


@pytest.mark.parametrize("text", ["", "%", "a", "data:image/png;base64,", "ü", "aGk=\0"])
def test_what_is_no_base64(text: str) -> None:
    with pytest.raises(RefusedError):
        from_base64(text)


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (TooLargeError("has 9 x 9 pixels"), 413),
        (DecodeError("is damaged"), 400),
        (NotFoundError("There is no /home/me/a.jpg. Known: secret"), 404),
        (ConflictError("/home/me overlaps"), 409),
        (StorageFullError("/home/me is full"), 507),
        (SourceError("/home/me is away"), 503),
        (LibraryError("/home/me is damaged"), 500),
        (BowerbirdError("/home/me"), 500),
    ],
)
def test_errors_tell_callers_nothing_of_the_machine(error: BowerbirdError, status: int) -> None:
    told = refusal(error)
    assert told.status == status
    assert "/home" not in told.text
    assert told.text.endswith(".")
    assert told.text[0].isupper()


class Steps:
    """Stands for syncs, which go on until they are let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.asked: list[list[str] | None] = []
        self.go = threading.Event()
        self.begun = threading.Event()
        self.conflicts = 0
        monkeypatch.setattr(apart, "sync", self.sync)

    def sync(
        self, _: Library, __: Collection, *, keys: list[str] | None, **___: object
    ) -> Iterator[Progress]:
        if self.conflicts:
            self.conflicts -= 1
            raise ConflictError("busy")
        self.asked.append(keys)
        self.begun.set()
        while not self.go.is_set():
            time.sleep(0.01)
            yield Progress("indexing")


def wait(upkeep: Upkeep, collection: Collection) -> None:
    for _ in range(500):
        if not upkeep.is_busy(collection):
            return
        time.sleep(0.01)
    raise AssertionError("it is busy for ever")


def test_syncs_one_after_the_other(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = Steps(monkeypatch)
    shop = library.add_catalogue("shop")
    upkeep = Upkeep(library)
    upkeep.start()
    upkeep.ask(shop, ["a"])
    assert steps.begun.wait(5)
    # What is asked for meanwhile is done once, and after that.
    for key in "bcb":
        upkeep.ask(shop, [key])
    assert upkeep.is_busy(shop)
    assert upkeep.doing(shop, {"a", "b", "x"}) == {"a", "b"}
    steps.go.set()
    wait(upkeep, shop)
    assert steps.asked == [["a"], ["b", "c"]]
    assert upkeep.doing(shop, {"a", "b"}) == set()
    upkeep.ask(shop, ["d"])
    upkeep.ask(shop)
    wait(upkeep, shop)
    assert steps.asked[2:] in ([None], [["d"], None])
    upkeep.close()


def test_a_sync_waits_for_another_process(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bowerbird.server.upkeep.BUSY_S", 0.01)
    steps = Steps(monkeypatch)
    steps.conflicts = 3
    steps.go.set()
    shop = library.add_catalogue("shop")
    upkeep = Upkeep(library)
    upkeep.start()
    upkeep.ask(shop)
    wait(upkeep, shop)
    assert (steps.conflicts, steps.asked) == (0, [None])
    assert upkeep.trouble(shop) == ""
    upkeep.close()


def test_what_is_looked_at(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = Steps(monkeypatch)
    shop, other = library.add_catalogue("shop"), library.add_catalogue("other")
    upkeep = Upkeep(library)
    assert upkeep.doing(shop, {"a"}) == set()
    upkeep.ask(shop)
    assert upkeep.doing(shop, {"a"}) == {"a"}, "all of it was asked for"
    upkeep.start()
    assert steps.begun.wait(5)
    upkeep.ask(shop, ["b"])
    assert upkeep.doing(shop, {"a"}) == {"a"}, "all of it is looked at"
    assert upkeep.doing(other, {"a"}) == set()
    monkeypatch.setattr(library, "is_syncing", lambda _: True)
    assert upkeep.doing(other, {"a"}) == {"a"}, "by another process"
    upkeep.close()


def test_closing_does_not_wait_for_the_end_of_a_sync(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = Steps(monkeypatch)
    upkeep = Upkeep(library)
    upkeep.start()
    upkeep.ask(library.add_catalogue("shop"))
    assert steps.begun.wait(5)
    upkeep.close()


def test_a_server_beside_ends_with_its_pipe(tmp_path: Path) -> None:
    beside = Beside(tmp_path / "library", 0)
    assert beside.is_running
    assert beside.address.startswith("http://localhost:")
    beside.close()
    assert not beside.is_running


def test_a_server_beside_says_why_it_does_not_begin(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    with pytest.raises(BowerbirdError, match="file"):
        Beside(file, 0)
