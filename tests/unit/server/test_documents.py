"""Every example of three services' documents, asked as they ask and compared field by field.

The other documents are replayed in `tests/e2e/test_api.py`.
"""

import io
import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from bowerbird import paths
from bowerbird.library import Library
from bowerbird.settings import Settings, save
from bowerbird.types import Collection, SourceKind
from helpers.api import Api, look
from helpers.documents import examples, missing
from helpers.records import entry, success
from helpers.web import Site

Tree = Any


@pytest.fixture
def documents(shared: Path) -> dict[str, list[Tree]]:
    return examples(shared / "api")


def like(example: Tree, answer: Tree) -> None:
    """Check that an answer has every field of an example, and of the same kind."""
    found = missing(example, answer)
    assert not found, "\n".join(found)


def until(ask: Any, done: Any) -> Tree:
    for _ in range(400):
        found = ask()
        if done(found):
            return found
        time.sleep(0.05)
    raise AssertionError(f"it stays at {found}")


@pytest.fixture
def bucket(library: Library, documents: dict[str, list[Tree]]) -> Collection:
    """The collection that Similarix' document shows, with both of its files."""
    shown = documents["similarix"][4]["result"]["collection"]
    made = library._store.add_collection(
        shown["name"],
        SourceKind.S3,
        f"s3://{shown['bucket']}{shown['folder']}",
        {"region": shown["region"], "auto": shown["auto_sync_interval"]},
    )
    records = []
    for number, search in enumerate(documents["similarix"][1:3]):
        (file,) = search["result"]["files"]
        vector = library.embed(look(number))
        records.append(success(made.id, entry(file["file_name"], file["file_size"]), vector))
    library._store.write(records, library._encoder().id)
    library._store.finish_sync(made.id, datetime.now(UTC))
    return library.collection(made.id)


def test_similarix(
    library: Library, api: Api, documents: dict[str, list[Tree]], bucket: Collection
) -> None:
    _, by_words, by_picture, listed, one, begun, state, uploaded = documents["similarix"]
    token = {"Authorization": f"Token {api.secret}"}
    base = f"/api/collections/{bucket.uuid}/"
    answer = api.get("/api/search/?query=dog", headers=token).json()
    like(by_words, answer)
    assert answer["info"] == {"files_count": 2, "search_type": "text", "query": "dog"}
    files = {file["s3_uri"]: file for file in answer["result"]["files"]}
    for search in (by_words, by_picture):
        (shown,) = search["result"]["files"]
        found = files[shown["s3_uri"]]
        like(shown, found)
        assert (found["file_name"], found["file_size"]) == (shown["file_name"], shown["file_size"])
        assert found["thumbnail"].startswith(f"{api.url}/media/{bucket.uuid}/{found['uuid']}")
        assert found["download_url"].startswith(f"{api.url}/collections/download/{found['uuid']}/")
    answer = api.post("/api/search/", headers=token, files={"file": look(1)}).json()
    like(by_picture, answer)
    assert answer["info"] == {"files_count": 2, "search_type": "image", "query": None}
    assert answer["result"]["files"][0]["s3_uri"] == by_picture["result"]["files"][0]["s3_uri"]
    assert answer["result"]["files"][0]["distance"] == pytest.approx(0, abs=0.001)

    rows = api.get("/api/collections/", headers=token).json()
    like(listed, rows)
    answer = api.get(base, headers=token).json()
    like(one, answer)
    shown, found = one["result"]["collection"], answer["result"]["collection"]
    for key in ("name", "bucket", "folder", "type", "region", "sync_status", "auto_sync_interval"):
        assert found[key] == shown[key]
    assert found["stats"] == {"total_files": 2, "total_size": 702316 + 1638695}
    assert rows["result"]["collections"] == [found]

    drop = library.add_managed("drop")
    base = f"/api/collections/{drop.uuid}/"
    sent = api.post(
        f"{base}upload/", headers=token, files={"file": ("example_image.jpg", look(3, form="JPEG"))}
    )
    assert sent.status_code == 201
    assert sent.json() == uploaded | {"result": uploaded["result"] | {"collection": drop.uuid}}
    sync = api.post(f"{base}sync/", headers=token)
    assert sync.status_code == 202
    message = begun["result"]["message"].format(uuid=drop.uuid)
    assert sync.json() == begun | {"result": {"message": message}}

    def status() -> Tree:
        return api.get(f"{base}sync-status/", headers=token).json()

    assert status()["result"]["status"] == "in_progress"
    like(state, until(status, lambda found: found["result"]["status"] == "completed"))


def test_thread_genius(
    api: Api, documents: dict[str, list[Tree]], site: Site, shared: Path
) -> None:
    # The process that indexes reads the user's own settings.
    save(paths.config_file(), Settings(private_addresses=True))
    (token, new, sent, first, second, begun, ready, several, gone, tags, similar, boxes, used) = (
        documents["threadgenius"]
    )
    form = {"api_key": api.key_id, "api_secret": api.secret}
    got = api.post("/v0/token", data=form).json()
    like(token, got)
    assert (got["token_type"], got["expires_in_seconds"]) == ("bearer", 86399)
    bare = {"Authorization": got["access_token"]}
    bearer = {"Authorization": f"Bearer {got['access_token']}"}

    def post(path: str, **how: Any) -> Tree:
        answer = api.post(path, **({"headers": bare} | how))
        assert answer.status_code == 200
        return answer.json()

    made = post("/v0/catalog", data={"name": "My Awesome Catalog"})
    like(new, made)
    assert (made["catalog"]["name"], made["catalog"]["status"]) == ("My Awesome Catalog", "new")
    datetime.strptime(made["catalog"]["date_created"], "%Y-%m-%d %H:%M:%S.%f%z")
    identity = made["catalog"]["catalog_id"]
    path = f"/v0/catalog/{identity}"
    photo = sorted((shared / "data" / "flickr8k" / "dev").glob("*.jpg"))[0].read_bytes()
    site.pages = {"/url1.jpeg": look(1, form="JPEG"), "/url2.jpeg": photo}
    rows = [
        f"{number}\t{site.url}/url{number}.jpeg\t{json.dumps(metadata)}"
        for number, metadata in ((1, first), (2, second))
    ]
    taken = post(f"{path}/upload", files={"catalog_file": "\n".join(rows)})
    like(sent, taken)
    assert taken["catalog"]["status"] == sent["catalog"]["status"]
    started = post(f"{path}/index")
    like(begun, started)
    assert (started["catalog"]["status"], started["catalog"]["num_images_total"]) == (
        "index in progress",
        2,
    )

    def state() -> Tree:
        return api.get(path, headers=bare).json()

    whole = until(state, lambda found: found["catalog"]["status"] == "ready for query")
    like(ready, whole)
    assert whole["catalog"]["num_images_indexed"] == whole["catalog"]["num_total_images"] == 2
    fresh = post("/v0/catalog", data={"name": "Test Catalog"})["catalog"]
    rest = api.get("/v0/catalog/", headers=bare).json()
    like(several, rest | {"catalog": [whole["catalog"]]})
    by_id = {row["catalog_id"]: row for row in rest["catalog"]}
    assert by_id[identity] == whole["catalog"]
    # One that was never indexed says nothing of how far that is.
    for row in (several["catalog"][1], by_id[fresh["catalog_id"]]):
        assert "num_images_indexed" not in row

    for image in ({"data": {"url": f"{site.url}/url2.jpeg"}}, {"files": {"image": photo}}):
        labels = post("/v0/tag", **image)
        assert labels["labels"]
        for label in labels["labels"]:
            like(tags["labels"][0], label)
            assert 0 < label["confidence"] <= 1
        found = post("/v0/detect", headers=bearer, **image)
        assert found["boxes"]
        for box in found["boxes"]:
            like(boxes["boxes"][0], box)
            assert all(isinstance(side, int) for side in box["bbox"])
        data = image.get("data", {}) | {"catalog_id": identity}
        hits = post("/v0/search", **(image | {"data": data}))
        assert [hit["iid"] for hit in hits["similars"]] == ["2", "1"]
        for hit, metadata in zip(hits["similars"], (second, first), strict=True):
            like({**similar["similars"][0], "metadata": metadata}, hit)
            assert hit["metadata"] == metadata
            assert hit["url"] == f"{site.url}/url{hit['iid']}.jpeg"

    usage = api.get("/v0/usage", headers=bearer).json()
    (month,) = usage["usage"].values()
    assert list(usage["usage"]) == [f"{datetime.now(UTC):%Y}-{datetime.now(UTC).month}"]
    like(used["usage"]["2017-1"], month)
    assert month["catalog_index"] == month["catalog_upload"] == {"num_calls": 1, "num_images": 2}
    assert month["search"] == month["tag"] == month["detect"] == {"num_calls": 2, "num_images": 2}

    removed = api.delete(path, headers=bare)
    assert removed.json() == gone | {"catalog": {"catalog_id": identity}}


def test_clipdrop(api: Api, documents: dict[str, list[Tree]]) -> None:
    path = "/reimagine/v1/reimagine"
    file = {"image_file": ("appartment.jpg", look(1, (64, 48), "JPEG"), "image/jpeg")}
    (refused,) = documents["clipdrop-reimagine"]
    answer = api.post(path, files=file)
    assert (answer.status_code, answer.json()) == (401, refused)
    assert answer.headers["content-type"] == "application/json"
    answer = api.post(path, files=file, headers={"x-api-key": api.key(credits=100)})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert answer.headers["x-remaining-credits"] == "99"
    assert answer.headers["x-credits-consumed"] == "1"
    assert Image.open(io.BytesIO(answer.content)).format == "JPEG"
