"""Similarix's dialect over real sockets."""

import io
import re
import time
from pathlib import Path
from uuid import UUID

import pytest
from PIL import Image

from bowerbird.library import Library
from bowerbird.types import Scope
from helpers.api import Api, look
from helpers.images import SVG, encoded


@pytest.fixture
def token(api: Api) -> dict[str, str]:
    return {"Authorization": f"Token {api.secret}"}


def test_search_by_words(shop: Library, api: Api, token: dict[str, str]) -> None:
    answer = api.get("/api/search/", params={"query": "a red circle"}, headers=token).json()
    assert answer["success"] is True
    assert answer["info"] == {"files_count": 13, "search_type": "text", "query": "a red circle"}
    files = answer["result"]["files"]
    distances = [file["distance"] for file in files]
    assert distances == sorted(distances)
    assert {UUID(file["uuid"]).version for file in files} == {4}
    assert len(api.get("/api/search?query=x&limit=2", headers=token).json()["result"]["files"]) == 2


def test_search_by_a_picture(shop: Library, api: Api, token: dict[str, str]) -> None:
    answer = api.post("/api/search/", headers=token, files={"file": look(3)}).json()
    assert answer["info"] == {"files_count": 13, "search_type": "image", "query": None}
    first, second = answer["result"]["files"][:2]
    assert {first["file_name"], second["file_name"]} == {"first.png", "3"}
    assert first["distance"] == second["distance"] == 0
    how = {"headers": token, "files": {"file": look(6)}}
    assert api.post("/api/search/?limit=1", **how).json()["result"]["files"][0]["distance"] == 0
    assert first["file_size"] == len(look(3))
    assert re.fullmatch("[0-9a-f]{32}", first["md5"])


def test_thumbnails_and_files_by_address(shop: Library, api: Api, token: dict[str, str]) -> None:
    files = api.post("/api/search/", headers=token, files={"file": look(3)}).json()["result"]
    file = next(file for file in files["files"] if file["file_name"] == "first.png")
    thumbnail = api.get(file["thumbnail"].removeprefix(api.url))
    assert Image.open(io.BytesIO(thumbnail.content)).format == "WEBP"
    whole = api.get(file["download_url"].removeprefix(api.url))
    assert whole.content == look(3)
    assert whole.headers["content-type"] == "image/png"
    # Addresses hold for what they were made for, and for nobody who changes them.
    for address in (file["thumbnail"], file["download_url"]):
        path = address.removeprefix(api.url)
        changed = re.sub("signature=.", "signature=x", path)
        later = re.sub("expires=.", "expires=9", path)
        other = path.replace(file["uuid"], files["files"][-1]["uuid"])
        for wrong in (changed, later, other, path.partition("?")[0]):
            assert api.get(wrong).status_code == 403


def test_a_picture_that_could_run_something_does_not(library: Library, api: Api) -> None:
    drop = library.add_managed("drop")
    library.put(drop, "a.svg", io.BytesIO(SVG.encode()))
    token = {"Authorization": f"Token {api.secret}"}
    file = api.get("/api/search?query=x", headers=token).json()["result"]["files"][0]
    answer = api.get(file["download_url"].removeprefix(api.url))
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_collections(shop: Library, api: Api, token: dict[str, str]) -> None:
    rows = api.get("/api/collections/", headers=token).json()["result"]["collections"]
    assert [row["name"] for row in rows] == ["drop", "shop"]
    drop = rows[0]
    assert drop["type"] == "managed"
    assert drop["stats"] == {"total_files": 1, "total_size": len(look(3))}
    assert drop["sync_status"] == "completed"
    one = api.get(f"/api/collections/{drop['uuid']}/", headers=token).json()
    assert one["result"]["collection"] == drop


def test_a_bucket_is_named(library: Library, api: Api, token: dict[str, str]) -> None:
    from bowerbird.types import SourceKind

    library._store.add_collection(
        "photos", SourceKind.S3, "s3://bucket/images", {"region": "eu-central-1", "auto": "daily"}
    )
    (row,) = api.get("/api/collections/", headers=token).json()["result"]["collections"]
    assert (row["bucket"], row["folder"], row["region"]) == ("bucket", "/images", "eu-central-1")
    assert (row["type"], row["auto_sync_interval"]) == ("s3", "daily")


def test_sync(library: Library, api: Api, token: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    (folder / "a.png").write_bytes(look(1))
    uuid = library.add_folder(folder).uuid
    state = f"/api/collections/{uuid}/sync-status/"
    assert api.get(state, headers=token).json()["result"]["status"] == "pending"
    begun = api.post(f"/api/collections/{uuid}/sync/", headers=token)
    assert begun.status_code == 202
    assert uuid in begun.json()["result"]["message"]
    again = api.post(f"/api/collections/{uuid}/sync/", headers=token)
    assert (again.status_code, again.json()["success"]) == (409, False)
    for _ in range(400):
        found = api.get(state, headers=token).json()["result"]
        if found["status"] != "in_progress":
            break
        time.sleep(0.05)
        time.sleep(0.05)
    assert found["status"] == "completed"
    assert found["last_auto_sync"] is None
    by_hand = found["last_sync"]
    assert by_hand is not None
    assert library.counts().ok == 1
    for _ in library.sync(library.collection(uuid), auto=True):
        pass
    found = api.get(state, headers=token).json()["result"]
    assert found["last_sync"] == by_hand < found["last_auto_sync"]
    whole = api.get(f"/api/collections/{uuid}", headers=token).json()["result"]["collection"]
    assert whole["last_sync"] > by_hand


@pytest.mark.logs_expected
def test_a_sync_that_fails_says_so(
    library: Library, api: Api, token: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    collection = library.add_folder(folder)
    folder.rmdir()
    api.post(f"/api/collections/{collection.uuid}/sync/", headers=token)
    state = f"/api/collections/{collection.uuid}/sync-status/"
    for _ in range(400):
        found = api.get(state, headers=token).json()["result"]
        if found["status"] != "in_progress":
            break
        time.sleep(0.05)
    assert found["status"] == "failed"


def test_upload(shop: Library, api: Api, token: dict[str, str]) -> None:
    uuid = shop.collection("drop").uuid
    answer = api.post(
        f"/api/collections/{uuid}/upload/", headers=token, files={"file": ("b.png", look(8))}
    )
    assert answer.status_code == 201
    assert answer.json()["result"] == {
        "message": "Image uploaded successfully",
        "collection": uuid,
        "file": "b.png",
        "mime_type": "image/png",
    }
    found = api.post("/api/search?limit=2", headers=token, files={"file": look(8)}).json()
    assert "b.png" in {file["file_name"] for file in found["result"]["files"]}


@pytest.mark.parametrize(
    ("name", "data", "status"),
    [
        ("a.txt", b"x", 400),
        ("a.png", b"no picture", 400),
        ("a.png", b"", 400),
        ("a.png", look(1)[:100], 400),
        ("../../a.png", look(9), 201),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"\0" * (20 << 20), 413),
    ],
)
def test_bad_uploads(
    shop: Library, api: Api, token: dict[str, str], name: str, data: bytes, status: int
) -> None:
    before = shop.counts().ok
    uuid = shop.collection("drop").uuid
    answer = api.post(
        f"/api/collections/{uuid}/upload/", headers=token, files={"file": (name, data)}
    )
    assert answer.status_code == status
    assert answer.json()["success"] is (status == 201)
    assert shop.counts().ok == before + (status == 201)
    assert not list(shop.path.parent.glob("*.png"))


def test_only_managed_collections_take_uploads(
    shop: Library, api: Api, token: dict[str, str]
) -> None:
    uuid = shop.collection("shop").uuid
    answer = api.post(
        f"/api/collections/{uuid}/upload/", headers=token, files={"file": ("b.png", look(8))}
    )
    assert answer.status_code == 400


def test_a_bomb_is_not_decoded(shop: Library, api: Api, token: dict[str, str]) -> None:
    bomb = encoded(Image.new("L", (2000, 2000)), "PNG")
    assert len(bomb) < 10_000
    answer = api.post("/api/search/", headers=token, files={"file": bomb})
    assert answer.status_code == 413


@pytest.mark.parametrize("query", ["", "  ", None, "x" * 20_000])
def test_bad_queries(api: Api, token: dict[str, str], query: str | None) -> None:
    answer = api.get("/api/search/", params={"query": query}, headers=token)
    assert (answer.status_code, answer.json()["success"]) == (400, False)


def test_keys(shop: Library, api: Api) -> None:
    """Who may see what: every dialect asks the same door."""

    def names(secret: str | None) -> list[str] | int:
        headers = {} if secret is None else {"Authorization": f"Token {secret}"}
        answer = api.get("/api/collections/", headers=headers)
        rows = answer.json()["result"].get("collections", ())
        return [row["name"] for row in rows] if answer.ok else answer.status_code

    drop, catalogue = shop.collection("drop"), shop.collection("shop")
    assert names(None) == names("wrong") == 403
    assert names(api.key()) == ["drop", "shop"]
    only = api.key(Scope.SEARCH, drop.uuid)
    assert names(only) == ["drop"]
    token = {"Authorization": f"Token {only}"}
    found = api.get("/api/search?query=x", headers=token).json()["result"]["files"]
    assert [file["file_name"] for file in found] == ["first.png"]
    assert api.get(f"/api/collections/{catalogue.uuid}", headers=token).status_code == 404
    assert api.post(f"/api/collections/{drop.uuid}/sync", headers=token).status_code == 403
    shop.access.revoke(next(key.id for key in shop.access.known() if key.collections))
    assert names(only) == 403


def test_a_key_may_ask_so_many_times_a_minute(shop: Library, api: Api) -> None:
    token = {"Authorization": f"Token {api.key(per_minute=3)}"}
    codes = [api.get("/api/collections/", headers=token).status_code for _ in range(5)]
    assert codes == [200, 200, 200, 429, 429]
    late = api.get("/api/collections/", headers=token)
    assert 1 <= int(late.headers["Retry-After"]) <= 60
