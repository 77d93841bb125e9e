"""Ximilar's dialect over real sockets."""

import json
import os
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

import pytest
import requests

from bowerbird.indexing.records import Records
from bowerbird.library import Library
from bowerbird.server.pictures import MOST_FETCHED
from bowerbird.server.refusal import RefusedError
from bowerbird.sources.tables import Columns, read_items
from bowerbird.sources.web import Web
from bowerbird.types import Item, Scope
from helpers.api import Api, base64_look, look
from helpers.web import Site

Answer = dict[str, Any]


class Client:
    """Asks one collection."""

    def __init__(self, api: Api, collection: str | None = "shop", secret: str = "") -> None:
        self.api = api
        self.headers = {"Authorization": f"Token {secret or api.secret}"}
        if collection is not None:
            self.headers["collection-id"] = collection

    def __call__(self, method: str, expect: int = 200, /, **body: Any) -> Answer:
        path = f"/similarity/photos/v2/{method}"
        answer = self.api.post(path, headers=self.headers, json=body)
        found: Answer = answer.json()
        assert answer.status_code == expect, found
        assert set(found["status"]) >= {"code", "text"}
        assert isinstance(found["statistics"]["OperationTime"], int)
        return found


@pytest.fixture
def ask(shop: Library, api: Api) -> Client:
    return Client(api)


def ids(answer: Answer) -> list[str]:
    return [record["_id"] for record in answer["answer_records"]]


def test_ping_needs_no_key(api: Api) -> None:
    for service in ("photos", "products"):
        path = f"/similarity/{service}/v2/ping"
        assert api.get(path).json() == api.post(path).json()
        assert api.get(path).json()["status"] == {"code": 200, "text": "OK"}


def test_a_collection_is_known_in_any_case(shop: Library, api: Api) -> None:
    for name in ("shop", "SHOP"):
        assert Client(api, name)("getRecordCount")["status"]["code"] == 200
    Client(api, "shops")("getRecordCount", 404)


def test_insert(ask: Client) -> None:
    rows = [{"_id": "new", "_base64": base64_look(12), "price": 1}, {"_base64": base64_look(13)}]
    whole = ask("insert", records=rows)
    assert whole["status"] == {"code": 210, "text": "records inserted"}
    assert (whole["answer_count"], whole["skipped_records"]) == (2, [])
    part = ask("insert", records=[rows[0], {"_id": "newer", "_base64": base64_look(14)}])
    assert part["status"] == {"code": 211, "text": "some records inserted"}
    assert ids(part) == ["newer"]
    assert part["skipped_records"] == [
        {"_id": "new", "_reason": {"status": {"code": 211, "text": "record(s) duplicate"}}}
    ]
    none = ask("insert", 411, records=rows[:1])
    assert none["status"] == {"code": 411, "text": "record duplicate"}
    twice = ask("insert", records=[{"_id": "z", "_base64": base64_look(15)}] * 2)
    assert twice["status"]["code"] == 211
    found = ask("visualKNN", query_record={"_id": "new"}, k=1, fields_to_return=["*"])
    assert found["answer_records"] == [{"_id": "new", "price": 1}]


def test_insert_by_address(ask: Client, site: Site) -> None:
    rows = [
        {"_id": "here", "_url": f"{site.url}/1.png", "price": 3},
        {"_id": "gone", "_url": f"{site.url}/none.png"},
        {"_id": "nothing"},
        {"_id": "odd", "_url": "ftp://x/y"},
        {"_id": "no picture", "_base64": "bm8gcGljdHVyZQ=="},
    ]
    answer = ask("insert", records=rows)
    assert (answer["status"]["code"], ids(answer)) == (211, ["here"])
    reasons = {row["_id"]: row["_reason"]["status"] for row in answer["skipped_records"]}
    assert {status["code"] for status in reasons.values()} == {402}
    assert "404" in reasons["gone"]["error_description"]
    got = ask("get", records=[{"_id": "here"}, {"_id": "gone"}])
    assert got["answer_records"] == [{"_id": "here", "_url": f"{site.url}/1.png", "price": 3}]
    assert ask("getRecordCount")["answer_count"] == 13


class _Slow:
    """An address that answers when it is let, and says how many wait for it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.free = threading.Event()
        self.asked = threading.Semaphore(0)
        fetch = Web.open

        def slowly(web: Web, url: str) -> BinaryIO:
            self.asked.release()
            assert self.free.wait(30)
            return fetch(web, url)

        monkeypatch.setattr(Web, "open", slowly)


@pytest.mark.parametrize("method", ["insert", "nearDupsInsert"])
def test_nobody_waits_for_an_address_that_is_slow(
    ask: Client, site: Site, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    """Neither for a place to work on pictures, nor to insert what is not nearly there."""
    slow = _Slow(monkeypatch)
    new = {"_id": "q", "_base64": base64_look(15)}
    monkeypatch.setattr("bowerbird.server.pictures.PATIENCE_S", 0.2)
    site.pages["/13.png"] = look(13)
    url = f"{site.url}/13.png"

    def insert(number: int) -> int:
        answer = requests.post(
            f"{ask.api.url}/similarity/photos/v2/{method}",
            headers=ask.headers,
            json={"records": [{"_id": f"slow {number}", "_url": url}], "radius": 1},
            timeout=60,
        )
        return int(answer.json()["status"]["code"])

    places = min(os.cpu_count() or 1, MOST_FETCHED)
    with ThreadPoolExecutor(places) as pool:
        waiting = pool.map(insert, range(places))
        try:
            for _ in range(places):
                assert slow.asked.acquire(timeout=20)
            found = ask("visualKNN", query_record={"_base64": base64_look(3)}, k=1)
            assert ids(found) == ["3"]
            assert ids(ask("nearDupsInsert", records=[new], radius=1)) == ["q"]
        finally:
            slow.free.set()
        codes = sorted(waiting)
    assert codes == ([210] * places if method == "insert" else [210, *[411] * (places - 1)])
    found = ask("visualKNN", query_record={"_url": url}, k=1, fields_to_return=["_url"])
    assert found["answer_records"][0]["_url"] == url


def test_an_address_is_asked_once(ask: Client, site: Site) -> None:
    rows = [{"_id": f"u{number}", "_url": f"{site.url}/{number}.png"} for number in range(10)]
    site.pages |= {"/7.png": look(16)}
    assert ids(ask("nearDupsInsert", records=rows, radius=0.01)) == ["u7"]
    assert ids(ask("insert", records=[*rows, *rows])) == [f"u{n}" for n in range(10) if n != 7]
    assert max(site.asked.values()) == 2
    assert site.asked["/7.png"] == 1


def test_files_below_the_roots_alone(shop: Library, api: Api, tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    for folder in (inside, outside):
        folder.mkdir()
        (folder / "a.png").write_bytes(look(14))
    (inside / "link.png").symlink_to(outside / "a.png")
    ask = Client(api)
    names = ["a.png", str(inside / "a.png")]
    wrong = ["../outside/a.png", str(outside / "a.png"), "link.png", "/etc/passwd", "", "a\0b"]
    refused = ask("insert", 402, records=[{"_id": name or "-", "_file": name} for name in names])
    assert len(refused["skipped_records"]) == 2
    shop.set_roots(shop.collection("shop"), [inside])
    rows = [{"_id": name, "_file": name} for name in names]
    rows += [{"_id": f"wrong {at}", "_file": name} for at, name in enumerate(wrong)]
    answer = ask("insert", records=rows)
    assert ids(answer) == names
    texts = {row["_reason"]["status"]["error_description"] for row in answer["skipped_records"]}
    assert len(texts) == 1  # whether a file is there is not said
    assert str(tmp_path) not in json.dumps(answer["skipped_records"][0]["_reason"])
    got = ask("get", records=[{"_id": "a.png"}])
    assert got["answer_records"] == [{"_id": "a.png", "_file": "a.png"}]
    assert ask("visualKNN", query_record={"_file": "a.png"}, k=1)["answer_count"] == 1
    ask("visualKNN", 403, query_record={"_file": "../outside/a.png"})
    # What may not be named any more is not read again either.
    shop.set_roots(shop.collection("shop"), [])
    assert shop.locate(shop.records(shop.collection("shop")).get(["a.png"])["a.png"]) is None


def test_a_large_file_is_not_read(
    shop: Library, ask: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Below a root may lie whatever the user has, films and all."""
    monkeypatch.setattr("bowerbird.server.pictures.MOST_BYTES", 1 << 20)
    with (tmp_path / "film.mp4").open("wb") as film:
        film.truncate(1 << 40)
    shop.set_roots(shop.collection("shop"), [tmp_path])
    refused = ask("visualKNN", 403, query_record={"_file": "film.mp4"})
    assert "1048576 bytes" in json.dumps(refused)


def test_get_update_delete(ask: Client) -> None:
    part = ask("get", records=[{"_id": "1"}, {"_id": "none"}])
    assert part["status"] == {"code": 206, "text": "some of the records not found"}
    assert part["answer_records"] == [
        {"_id": "1", "price": 10, "product": "p0", "tags": ["odd", "t1"]}
    ]
    assert part["skipped_records"][0]["_reason"]["status"]["code"] == 404
    assert ask("get", records=[{"_id": "1"}])["status"]["code"] == 205
    assert ask("get", 404, records=[{"_id": "none"}])["answer_count"] == 0
    new = {"_id": "1", "day": "monday", "price": None, "_url": "http://x/y"}
    changed = ask("update", records=[new])
    assert changed["answer_records"] == [
        {"_id": "1", "price": None, "product": "p0", "tags": ["odd", "t1"], "day": "monday"}
    ]
    gone = ask("delete", records=[{"_id": "1"}, {"_id": "none"}])
    assert (gone["status"]["code"], ids(gone)) == (206, ["1"])
    assert ask("delete", records=[{"_id": "2"}])["status"]["code"] == 220
    ask("delete", 404, records=[{"_id": "2"}])
    assert ask("getRecordCount")["answer_count"] == 10


def test_pictures_go_with_their_last_record(shop: Library, ask: Client) -> None:
    kept = shop.path / "managed" / shop.collection("shop").uuid
    before = len(list(kept.rglob("*.jpg")))
    ask("insert", records=[{"_id": "twin", "_base64": base64_look(3)}])
    assert len(list(kept.rglob("*.jpg"))) == before
    ask("delete", records=[{"_id": "3"}])
    assert len(list(kept.rglob("*.jpg"))) == before
    ask("delete", records=[{"_id": "twin"}])
    assert len(list(kept.rglob("*.jpg"))) == before - 1


def test_find_and_random(ask: Client) -> None:
    found = ask("find", filter={"price": {"$gte": 50}}, fields_to_return=["price"], limit=3)
    assert found["answer_records"] == [{"_id": str(n), "price": n * 10} for n in (5, 6, 7)]
    assert ask("find", filter={"$gte": {"price": "100"}})["answer_count"] == 2
    assert len(ask("find", filter={})["answer_records"]) == 10
    ask("find", 400)
    ask("find", 400, filter={"$foo": 1})
    ask("find", 400, filter={"$or": [{"price": number} for number in range(20_000)]})
    ask("find", 400, filter={f"field {number}": number for number in range(20_000)})
    assert len(set(ids(ask("random", count=5)))) == 5
    # Where nothing is required, nothing needs to be sent.
    for more in ({}, {"Content-Type": "application/json"}):
        answer = ask.api.post("/similarity/photos/v2/random", headers=ask.headers | more)
        assert answer.json()["answer_count"] == 1
    assert ask("random", filter={"_id": "4"}, fields_to_return=[])["answer_records"] == [
        {"_id": "4"}
    ]
    assert ask("random", count=99)["answer_count"] == 12


def test_knn(ask: Client) -> None:
    whole = ask("visualKNN", query_record={"_id": "3"})
    assert whole["answer_count"] == len(whole["answer_records"]) == 12
    assert ids(whole)[0] == "3"
    distances = whole["answer_distances"]
    assert distances[0] == 0
    # The cosines that are kept of these with themselves are less than 1.
    for key in ("1", "6", "8"):
        assert ask("visualKNN", query_record={"_id": key}, k=1)["answer_distances"] == [0]
    assert distances == sorted(distances)
    rest = ask("visualKNN", query_record={"_id": "3"}, k=3, **{"from": 2})
    assert ids(rest) == ids(whole)[2:5]
    by_bytes = ask("visualKNN", query_record={"_base64": base64_look(3)})
    assert ids(by_bytes) == ids(whole)
    some = ask("visualKNN", query_record={"_id": "3"}, filter={"tags": "even"})
    assert ids(some) == [key for key in ids(whole) if int(key) % 2 == 0]
    each = ask("visualKNN", query_record={"_id": "3"}, product_field="product", k=6)
    assert len({int(key) // 2 for key in ids(each)}) == 6
    wrong = ask("visualKNN", 403, query_record={"_id": "none"})
    assert wrong["status"]["text"] == "wrong query record"
    ask("visualKNN", 400)
    ask("visualKNN", 400, query_record={"_id": "3"}, k=-1)
    nothing = dict.fromkeys(
        ("k", "from", "filter", "product_field", "fields_to_return", "cand_set_size")
    )
    assert ask("visualKNN", query_record={"_id": "3"}, **nothing) | {"statistics": 0} == (
        whole | {"statistics": 0}
    )


def _none_free() -> NoReturn:
    raise RefusedError(503, "Too much is asked at once.")


def test_a_query_that_is_no_picture_is_told_why(
    ask: Client, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    for record, said in (
        ({"_url": f"{site.url}/none.png"}, "404"),
        ({"_base64": "bm8gcGljdHVyZQ=="}, "not a picture"),
        ({"_base64": "%"}, "no base64"),
    ):
        wrong = ask("visualKNN", 403, query_record=record)
        assert said in wrong["status"]["error_description"]
    # That too many ask is no fault of the record.
    monkeypatch.setattr("bowerbird.server.services.Bench.place", lambda _: _none_free())
    busy = ask("visualKNN", 503, query_record={"_base64": base64_look(3)})
    assert busy["status"]["code"] == 500


def test_several_at_once(ask: Client) -> None:
    found = ask("visualKNNMulti", query_records=[{"_id": "3"}, {"_id": "8"}], k=2)
    assert set(ids(found)) == {"3", "8"}
    ask("visualKNNMulti", 400, query_records=[])


def test_tags_count(ask: Client) -> None:
    plain = ids(ask("visualKNN", query_record={"_id": "3"}))
    tagged = ask("visualTagsKNN", query_record={"_id": "3"}, fields_to_return=["tags"])
    assert ids(tagged)[:2] == ["3", "9"]  # both are odd, and of t0
    assert ids(tagged) != plain
    other = ask("visualTagsKNN", query_record={"_id": "3", "tags": ["even", "t1"]}, k=3)
    assert set(ids(other)) & {"4", "10"}
    some = ask("visualTagsKNNMulti", query_records=[{"_id": "3"}, {"_id": "9"}], k=2)
    assert set(ids(some)) == {"3", "9"}
    bare = ask("visualTagsKNN", query_record={"_base64": base64_look(3)}, k=12)
    by_looks = ask("visualKNN", query_record={"_base64": base64_look(3)}, k=12)
    assert (ids(bare), bare["answer_distances"]) == (
        ids(by_looks), pytest.approx(by_looks["answer_distances"], abs=1e-3),
    )  # fmt: skip
    many = [*(f"other {number}" for number in range(100_000)), "even", "t1"]
    assert ask("visualTagsKNN", query_record={"_id": "3", "tags": many}, k=3)["answer_count"] == 3
    each = ask(
        "visualTagsKNN",
        query_record={"_id": "3"},
        product_field="product",
        k=3,
        fields_to_return=["product"],
    )
    products = [record["product"] for record in each["answer_records"]]
    assert len(set(products)) == len(products) == 3


def test_within_a_radius(ask: Client) -> None:
    ask("insert", records=[{"_id": "twin", "_base64": base64_look(3)}])
    assert ask("range", query_record={"_id": "6"}, radius=0)["answer_distances"] == [0]
    near = ask("nearDuplicates", query_record={"_id": "3"})
    assert sorted(ids(near)) == ["3", "twin"]
    assert "price" in next(row for row in near["answer_records"] if row["_id"] == "3")
    wide = ask("range", query_record={"_id": "3"}, radius=100)
    assert wide["answer_count"] == 13
    assert near["answer_distances"] == [0, 0]  # they are the same picture
    # What is answered is within the radius by the very distance that it is answered with.
    for at, edge in enumerate(wide["answer_distances"]):
        if edge == 0:
            continue
        within = ask("range", query_record={"_id": "3"}, radius=edge)["answer_distances"]
        assert edge in within
        assert max(within) <= edge
        radius = edge - 0.001
        within = ask("range", query_record={"_id": "3"}, radius=radius)["answer_distances"]
        assert within == wide["answer_distances"][:at]
    assert ask("range", query_record={"_id": "3"}, radius=1e300)["answer_count"] == 13
    ask("range", 400, query_record={"_id": "3"})
    pairs = ask("allNearDupPairs")
    assert [{"_id": "3"}, {"_id": "twin"}] in pairs["answer_records"]
    assert len(pairs["answer_distances"]) == pairs["answer_count"]
    assert pairs["answer_distances"][0] == 0
    every = ask("allNearDupPairs", radius=100)
    assert every["answer_count"] == 13 * 12 // 2
    radius = max(every["answer_distances"]) - 0.001
    some = ask("allNearDupPairs", radius=radius)["answer_distances"]
    assert some
    assert max(some) <= radius


def test_near_duplicates_are_not_inserted(ask: Client) -> None:
    rows = [
        {"_id": "copy", "_base64": base64_look(4)},
        {"_id": "fresh", "_base64": base64_look(15)},
        {"_id": "fresh again", "_base64": base64_look(15)},
    ]
    answer = ask("nearDupsInsert", records=rows, radius=1)
    assert ids(answer) == ["fresh"]
    reasons = {row["_id"]: row["_reason"] for row in answer["skipped_records"]}
    assert reasons["copy"]["status"]["code"] == 211
    assert reasons["copy"]["answer_records"] == [{"_id": "4"}]
    assert reasons["copy"]["answer_distances"] == [0]
    far = ask("visualKNN", query_record={"_base64": base64_look(12)}, k=1)["answer_distances"][0]
    new = {"_id": "a hair beyond", "_base64": base64_look(12)}
    assert ids(ask("nearDupsInsert", records=[new], radius=far - 0.001)) == ["a hair beyond"]
    assert reasons["fresh again"]["answer_records"] == [{"_id": "fresh"}]


def test_one_id_that_comes_at_once(ask: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    ids_of = Records.ids

    def dawdle(records: Records, keys: Sequence[str]) -> dict[str, int]:
        found = ids_of(records, keys)
        time.sleep(0.2)
        return found

    monkeypatch.setattr(Records, "ids", dawdle)

    def insert(number: int) -> int:
        rows = [{"_id": "one for all", "_base64": base64_look(15), "number": number}]
        answer = requests.post(
            f"{ask.api.url}/similarity/photos/v2/insert",
            headers=ask.headers,
            json={"records": rows},
            timeout=60,
        )
        return int(answer.json()["status"]["code"])

    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(insert, range(8)))
    assert sorted(codes) == [210, *[411] * 7]
    kept = ask("get", records=[{"_id": "one for all"}], fields_to_return=["number"])
    assert kept["answer_records"] == [{"_id": "one for all", "number": codes.index(210)}]


def test_near_duplicates_that_come_at_once(ask: Client) -> None:
    def insert(number: int) -> int:
        rows = [{"_id": f"twin {number}", "_base64": base64_look(15)}]
        answer = requests.post(
            f"{ask.api.url}/similarity/photos/v2/nearDupsInsert",
            headers=ask.headers,
            json={"records": rows, "radius": 1},
            timeout=60,
        )
        return int(answer.json()["status"]["code"])

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(insert, range(8))) == [210, *[411] * 7]


def test_ranking_given_records(ask: Client) -> None:
    rows = [{"_id": "5"}, {"_base64": base64_look(3), "name": "own"}, {"_id": "3"}]
    found = ask("visualRankRecords", query_record={"_id": "3"}, records=rows)
    assert found["answer_count"] == 3
    assert found["answer_distances"] == sorted(found["answer_distances"])
    assert found["answer_records"][-1]["_id"] == "5"
    assert found["skipped_records"] == []
    part = ask("visualRankRecords", query_record={"_id": "3"}, records=[*rows, {"_id": "none"}, {}])
    assert part["answer_records"] == found["answer_records"]
    assert [row.get("_id") for row in part["skipped_records"]] == ["none", None]
    assert part["skipped_records"][0]["_reason"]["status"]["code"] == 402
    ask("visualRankRecords", 403, query_record={"_id": "none"}, records=rows)


def test_all_records_by_page(ask: Client) -> None:
    api, headers = ask.api, ask.headers
    seen: list[str] = []
    path: str | None = "allRecords?size=5&page=1"
    while path is not None:
        body = api.post(f"/similarity/photos/v2/{path}", headers=headers, json={}).json()
        seen += ids(body)
        path = body.get("next")
    assert seen == [str(number) for number in range(12)]
    whole = ask("allRecords", fields_to_return=["price"], filter={"price": {"$lt": 30}})
    assert whole["answer_records"] == [{"_id": str(n), "price": n * 10} for n in range(3)]
    assert whole["answer_count"] == 3


def test_a_file_of_all_records_can_be_taken_in_again(shop: Library, ask: Client) -> None:
    named = ask(
        "allRecords", fields_to_return=["*"], output_file_name="all.json", delete_file_after=False
    )
    assert named["output_file_name"] == "all.json"
    lines = (shop.path / "answers" / "all.json").read_text().splitlines()
    rows = [json.loads(line) for line in lines]
    assert len(rows) == 12
    shop.add_catalogue("copy")
    copy = Client(ask.api, "copy")
    assert copy("insert", records=rows)["status"]["code"] == 210
    every = {"fields_to_return": ["*"], "filter": {}}
    assert (
        copy("find", **every, limit=99)["answer_records"]
        == (ask("find", **every, limit=99)["answer_records"])
    )
    # Without pictures of their own, the records are a catalogue's file as well.
    plain = shop.path / "answers" / "plain.jsonl"
    plain.write_text("\n".join(json.dumps({"_id": "1", "_url": "http://x/1.jpg"}) for _ in "1"))
    assert list(read_items(plain, Columns())) == [Item("1", "http://x/1.jpg", {})]


def test_every_answer_of_all_records_names_a_file(shop: Library, ask: Client) -> None:
    folder = shop.path / "answers"
    for body in ({}, {"size": 5}, {"output_file_name": None}, {"output_file_name": ""}):
        name = ask("allRecords", **body)["output_file_name"]
        assert name.startswith("all-records-")
        assert name.endswith(".json")
    assert not folder.exists()
    page = ask("allRecords", size=5, page=2, output_file_name="page.json", delete_file_after=False)
    lines = (folder / page["output_file_name"]).read_text().splitlines()
    assert [json.loads(line) for line in lines] == page["answer_records"]
    assert len(lines) == 5
    path = "/similarity/photos/v2/allRecords?size=1000000000"
    assert ask.api.post(path, headers=ask.headers, json={}).status_code == 400


@pytest.mark.parametrize("name", ["../x", "a/b", ".hidden", "a\\b", "\0"])
def test_files_of_answers_stay_in_their_folder(ask: Client, name: str) -> None:
    ask("allRecords", 400, output_file_name=name, delete_file_after=False)


def test_files_of_answers_are_for_those_who_may_write(shop: Library, api: Api) -> None:
    reader = Client(api, "shop", api.key())
    reader("allRecords", output_file_name="x.json")
    reader("allRecords", 403, output_file_name="x.json", delete_file_after=False)
    assert not (shop.path / "answers").exists()


def test_ids_that_no_database_keeps(ask: Client) -> None:
    ask("insert", 402, records=[{"_id": "a\0b", "_base64": base64_look(1)}])
    assert ask("getRecordCount")["answer_count"] == 12


def test_one_wrong_record_does_not_stop_the_others(ask: Client) -> None:
    wrong: list[Answer] = [{"_id": []}, {"_id": ""}, {"_id": "a\0b"}, {"_id": {"a": 1}}]
    said = [{**record, "_base64": base64_look(14)} for record in wrong]
    said += [{"_id": "odd", "_url": 5}, {"_id": "none", "_base64": None}]
    for method, key, look_of in (("insert", "new", 14), ("nearDupsInsert", "newer", 15)):
        answer = ask(
            method, records=[*said, {"_id": key, "_base64": base64_look(look_of)}], radius=1
        )
        assert (answer["status"]["code"], ids(answer)) == (211, [key])
        skipped = answer["skipped_records"]
        assert [row["_id"] for row in skipped] == [record["_id"] for record in said]
        assert {row["_reason"]["status"]["code"] for row in skipped} == {402}
    for method in ("get", "update", "delete"):
        answer = ask(method, records=[*wrong, {"_id": "1"}, {"_id": "gone"}])
        assert (answer["status"]["code"], ids(answer)) == (206, ["1"])
        codes = [
            (row["_id"], row["_reason"]["status"]["code"]) for row in answer["skipped_records"]
        ]
        assert codes == [("gone", 404), *((record["_id"], 402) for record in wrong)]
        assert ask(method, 404, records=[*wrong, {"_id": "gone"}])["status"]["code"] == 404
    assert ask("getRecordCount")["answer_count"] == 13


def test_an_id_that_is_updated_twice_has_both(ask: Client) -> None:
    ask("update", records=[{"_id": "1", "a": 1}, {"_id": 1, "b": 2}])
    (record,) = ask("get", records=[{"_id": "1"}])["answer_records"]
    assert (record["a"], record["b"]) == (1, 2)


def test_the_paths_of_its_own_client(ask: Client) -> None:
    for service in ("products-new", "fashion-new", "homedecor", "custom"):
        path = f"/similarity/{service}/v2/getRecordCount"
        assert ask.api.post(path, headers=ask.headers, json={}).json()["answer_count"] == 12
        assert path not in ask.api.get("/openapi.json").json()["paths"]


def test_wrong_words_are_spoken_of_as_what_they_are(ask: Client) -> None:
    said = ask("find", 400, filter={"price": {"$in": "x"}})["status"]["error_description"]
    assert said == "$in and $nin need a list of values."
    how = {"headers": ask.headers, "data": b'{"records": []}'}
    answer = ask.api.post("/similarity/photos/v2/insert", **how).json()
    assert "Content-Type" in answer["status"]["error_description"]
    for method, code in (("nothing", 402), ("insert", 401)):
        reader = Client(ask.api, "shop", ask.api.key())
        found = reader(method, 404 if code == 402 else 403, records=[])
        assert found["status"]["code"] == code


def test_delete_by_filter(ask: Client) -> None:
    gone = ask("deleteByFilter", filter={"tags": "odd"})
    assert ids(gone) == ["1", "3", "5", "7", "9", "11"]
    assert ask("getRecordCount")["answer_count"] == 6
    assert gone["output_file_name"].startswith("all-records-")
    ask("deleteByFilter", 400, filter={})
    ask("deleteByFilter", 400)
    assert ask("getRecordCount")["answer_count"] == 6
    body = {"filter": {"$gte": {"price": "100"}}, "fields_to_return": ["*"]}
    filed = {"output_file_name": "gone.json", "delete_file_after": False}
    last = ask("deleteByFilter", **body, **filed)
    assert (ids(last), last["output_file_name"]) == (["10"], "gone.json")
    row = json.loads((ask.api.library.path / "answers" / "gone.json").read_text())
    assert row["_base64"]
    assert ask("insert", records=[row])["status"]["code"] == 210


def test_records_without_an_id(ask: Client) -> None:
    """They get one when they come, and are none that could be asked for."""
    for method in ("get", "update", "delete"):
        (row,) = ask(method, 402, records=[{"price": 3}])["skipped_records"]
        assert "_id" in row["_reason"]["status"]["error_description"]
        assert "_id" not in row


def test_where_a_picture_is_is_no_attribute(ask: Client) -> None:
    """To find nothing would say that there is none."""
    for name in ("_url", "_file", "_base64"):
        said = ask("find", 400, filter={name: "http://x/1.jpg"})["status"]["error_description"]
        assert name in said


def test_scopes(shop: Library, api: Api) -> None:
    reader = Client(api, "shop", api.key(Scope.SEARCH))
    assert reader("getRecordCount")["answer_count"] == 12
    for method in ("insert", "nearDupsInsert", "delete", "update"):
        assert reader(method, 403, records=[{"_id": "1"}])["status"]["code"] == 401
    reader("deleteByFilter", 403, filter={"tags": "odd"})
    Client(api, "shop", "wrong")("getRecordCount", 401)
    assert reader("getRecordCount")["answer_count"] == 12


def test_which_collection(shop: Library, api: Api) -> None:
    uuid = shop.collection("shop").uuid
    for ref in (uuid, uuid.replace("-", "")[:16], "shop"):
        assert Client(api, ref)("getRecordCount")["answer_count"] == 12
    old = Client(api, None)
    old.headers["collection"] = "shop"
    assert old("getRecordCount")["answer_count"] == 12
    Client(api, None)("getRecordCount", 400)
    Client(api, "none")("getRecordCount", 404)
    only = api.key(Scope.SEARCH, uuid)
    assert Client(api, None, only)("getRecordCount")["answer_count"] == 12
    Client(api, "drop", only)("getRecordCount", 404)


def test_pictures_of_other_collections_are_records_too(shop: Library, api: Api) -> None:
    ask = Client(api, "drop")
    (record,) = ask("find", filter={})["answer_records"]
    asset = shop.asset(record["_id"])
    assert record["_file"] == asset.key
    shop.tag([asset.id], ["mine"])
    assert ids(ask("find", filter={"tags": "mine"})) == [record["_id"]]
    assert ids(ask("visualKNN", query_record={"_id": record["_id"]})) == [record["_id"]]
    assert ids(ask("get", records=[{"_id": record["_id"]}, {"_id": "x"}])) == [record["_id"]]
    ask("insert", 400, records=[{"_id": "x", "_base64": base64_look(1)}])
    ask("delete", 400, records=[record])


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"x"',
        b'{"records": 3}',
        b'{"records": [3]}',
        b"\xff\xfe",
        b"[" * 5000,
    ],
)
def test_bad_bodies(ask: Client, body: bytes) -> None:
    how = {"headers": ask.headers | {"Content-Type": "application/json"}, "data": body}
    answer = ask.api.post("/similarity/photos/v2/insert", **how)
    assert answer.status_code == 400
    assert answer.json()["status"]["code"] == 402
