"""What is remembered is never older than the library."""

import threading

from bowerbird.store.store import Store
from bowerbird.store.unchanged import MOST, Unchanged
from bowerbird.types import Comparison, SourceKind


def test_the_same_question_is_read_once(store: Store) -> None:
    unchanged = Unchanged(store.database)
    asked: list[int] = []

    def read() -> int:
        asked.append(1)
        return len(asked)

    assert [unchanged.get("a", read) for _ in range(3)] == [1, 1, 1]
    store.set_meta("x", "y")
    assert unchanged.get("a", read) == 2
    with Store.open(store.folder) as other:  # as another process would
        other.set_meta("x", "z")
    assert unchanged.get("a", read) == 3
    unchanged.close()


def test_it_does_not_grow_without_end(store: Store) -> None:
    unchanged = Unchanged(store.database)
    for number in range(3 * MOST):
        unchanged.get(number, lambda number=number: number)
    assert len(unchanged._known) == MOST
    unchanged.close()


def test_filters_see_every_change(store: Store, fill) -> None:
    wanted = Comparison("tag", "=", "cat")
    fill(["a.jpg", "b.jpg"])
    first, second = 1, 2
    assert store.eligible(wanted).tolist() == []
    store.tag([first], ["cat"])
    assert store.eligible(wanted).tolist() == [first]
    store.tag([second], ["cat"])
    assert store.eligible(wanted).tolist() == [first, second]
    store.untag([first], ["cat"])
    assert store.eligible(wanted).tolist() == [second]
    store.forget([second])
    assert store.eligible(wanted).tolist() == []


def test_readers_and_a_writer_at_once(store: Store) -> None:
    """Whoever reads after a commit sees it."""
    wrong: list[str] = []

    def look(number: int) -> None:
        if store.get_meta("n") != str(number):
            wrong.append(f"{number}: {store.get_meta('n')}")

    for number in range(200):
        store.set_meta("n", str(number))
        threads = [threading.Thread(target=look, args=(number,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert not wrong
    store.add_collection("one", SourceKind.FOLDER, "/one")
    assert [each.name for each in store.collections()].count("one") == 1
