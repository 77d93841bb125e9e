"""Thread Genius' dialect over real sockets."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from bowerbird import paths
from bowerbird.errors import SourceOfflineError
from bowerbird.library import Library
from bowerbird.server.threadgenius import MOST_LOGGED
from bowerbird.settings import Settings, save
from bowerbird.store import access
from bowerbird.types import Scope
from helpers.api import Api, base64_look, look
from helpers.web import Site

Answer = dict[str, Any]


@pytest.fixture
def token(api: Api) -> dict[str, str]:
    how = {"params": {"api_key": api.key_id, "api_secret": api.secret}}
    answer = api.get("/v0/token", **how).json()
    assert answer["status"] == {"message": "OK", "code": 200}
    assert answer["token_type"] == "bearer"
    assert answer["expires_in_seconds"] == 86399
    return {"Authorization": f"Bearer {answer['access_token']}"}


def test_tokens(api: Api, token: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    form = {"api_key": api.key_id, "api_secret": api.secret}
    other = api.post("/v0/token/", data=form).json()["access_token"]
    for header in (f"Bearer {other}", other):
        assert api.get("/v0/catalog", headers={"Authorization": header}).ok
    for wrong in ({"api_secret": "x"}, {"api_key": "x"}, {"api_secret": other}):
        answer = api.post("/v0/token", data=form | wrong)
        assert (answer.status_code, answer.json()["status"]["code"]) == (401, 401)
    assert api.post("/v0/token", data={"api_key": "x"}).status_code == 400
    now = time.time()
    monkeypatch.setattr(access.time, "time", lambda: now + 86_400)
    assert api.get("/v0/catalog", headers=token).status_code == 401
    assert api.get("/v0/catalog").status_code == 401


def test_a_revoked_key_takes_its_tokens_along(api: Api, token: dict[str, str]) -> None:
    api.library.access.revoke(api.key_id)
    assert api.get("/v0/catalog", headers=token).status_code == 401


def made(api: Api, token: dict[str, str], name: str = "My Awesome Catalog") -> str:
    answer = api.post("/v0/catalog/", headers=token, data={"name": name}).json()
    assert answer["catalog"]["status"] == "new"
    identity: str = answer["catalog"]["catalog_id"]
    assert len(identity) == 16
    return identity


def test_a_catalogue_from_beginning_to_end(api: Api, token: dict[str, str], site: Site) -> None:
    # The process that indexes reads the user's own settings.
    save(paths.config_file(), Settings(private_addresses=True))
    identity = made(api, token)

    def state() -> Answer:
        found: Answer = api.get(f"/v0/catalog/{identity}", headers=token).json()["catalog"]
        return found

    assert state()["status"] == "new"
    assert api.post(f"/v0/catalog/{identity}/index", headers=token).status_code == 400
    lines = [f'{n}\t{site.url}/{n}.png\t{{"price": {n}}}' for n in range(6)]
    lines += [f"gone\t{site.url}/none.png", "odd\t/etc/passwd\t{}"]
    file = {"catalog_file": "\n".join(lines)}
    answer = api.post(f"/v0/catalog/{identity}/upload", headers=token, files=file).json()
    assert answer["catalog"]["status"] == "uploading"
    done = state()
    assert (done["status"], done["num_images_total"]) == ("upload done", 7)
    assert "odd" in done["error_log"]
    assert "passwd" not in done["error_log"]
    answer = api.post(f"/v0/catalog/{identity}/index", headers=token).json()
    assert answer["catalog"]["status"] == "index in progress"
    for _ in range(400):
        done = state()
        if done["status"] not in ("indexing", "upload done"):
            break
        time.sleep(0.05)
    assert done["status"] == "ready for query"
    assert (done["num_images_indexed"], done["num_total_images"]) == (6, 7)
    assert "1 image could" in done["error_log"]

    how = {"headers": token, "data": {"catalog_id": identity, "url": f"{site.url}/3.png"}}
    hits = api.post("/v0/search", **how).json()["similars"]
    assert len(hits) == 6
    assert hits[0]["iid"] == "3"
    assert hits[0]["url"] == f"{site.url}/3.png"
    assert hits[0]["metadata"] == {"price": 3}
    assert hits[0]["distance"] == 0
    own = {"headers": token, "data": {"catalog_id": identity, "n_results": 1}}
    same = api.post("/v0/search", **own, files={"image": look(1)}).json()["similars"]
    assert [hit["distance"] for hit in same] == [0]
    form = {"headers": token, "data": {"catalog_id": identity, "n_results": 2}}
    some = api.post("/v0/search/", **form, files={"image": look(4)}).json()["similars"]
    assert [hit["iid"] for hit in some][:1] == ["4"]
    assert len(some) == 2

    listed = api.get("/v0/catalog/", headers=token).json()["catalog"]
    assert [row["catalog_id"] for row in listed] == [identity]
    gone = api.delete(f"/v0/catalog/{identity}", headers=token).json()
    assert gone["status"]["message"] == "Catalog deleted."
    assert api.get(f"/v0/catalog/{identity}", headers=token).status_code == 404


@pytest.mark.parametrize("way", ["data", "params", "json"])
def test_parameters_stand_where_the_caller_likes(
    shop: Library, api: Api, token: dict[str, str], site: Site, way: str
) -> None:
    """The document calls them those of the query, and sends forms."""

    def ask(path: str, **parameters: object) -> Answer:
        answer = api.post(path, headers=token, **{way: parameters})
        assert answer.ok, answer.text
        found: Answer = answer.json()
        return found

    assert ask("/v0/token", api_key=api.key_id, api_secret=api.secret)["access_token"]
    assert ask("/v0/catalog", name="fresh")["catalog"]["name"] == "fresh"
    identity = shop.collection("shop").uuid.replace("-", "")[:16]
    picture = f"{site.url}/3.png"
    hits = ask("/v0/search/", url=picture, catalog_id=identity, n_results=2)["similars"]
    assert [len(hits), hits[0]["iid"]] == [2, "3"]
    assert "labels" in ask("/v0/tag", url=picture)
    assert "boxes" in ask("/v0/detect", url=picture)


@pytest.mark.parametrize("body", ["[1]", "no JSON", '"x"', '{"name": NaN}', '{"name": ["x"]}'])
def test_json_that_holds_no_parameters(api: Api, token: dict[str, str], body: str) -> None:
    headers = token | {"Content-Type": "application/json"}
    answer = api.post("/v0/catalog", headers=headers, data=body)
    assert (answer.status_code, answer.json()["status"]["code"]) == (400, 400)


def test_pictures_on_this_machine_have_an_address(
    library: Library, api: Api, token: dict[str, str], tmp_path: Path
) -> None:
    """A catalogue that the user imported may name files, whose paths are nobody else's business."""
    picture = tmp_path / "private" / "a.png"
    picture.parent.mkdir()
    picture.write_bytes(look(1))
    (tmp_path / "shop.csv").write_text(f"id,image\n1,{picture}\n")
    for _ in library.import_catalogue(tmp_path / "shop.csv", "files", lambda _: None):
        pass
    for _ in library.sync(library.collection("files")):
        pass
    identity = library.collection("files").uuid.replace("-", "")[:16]
    form = {"headers": token, "data": {"catalog_id": identity}}
    answer = api.post("/v0/search", **form, files={"image": look(1)})
    assert "private" not in answer.text
    (hit,) = answer.json()["similars"]
    assert api.get(hit["url"].removeprefix(api.url)).content == look(1)


def test_no_dialect_tells_paths(library: Library, api: Api, tmp_path: Path) -> None:
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "a.png").write_bytes(look(1))
    (tmp_path / "shop.csv").write_text("id,image\n1,private/a.png\n2,private/gone.png\n")
    for _ in library.import_catalogue(tmp_path / "shop.csv", "files", lambda _: None):
        pass
    files = library.collection("files")
    for _ in library.sync(files):
        pass
    secret = api.key(Scope.SEARCH, files.uuid)
    headers = {"Authorization": secret, "X-API-Key": secret}
    form = {"headers": headers, "files": {"image": look(1)}}
    here = f"/v0/catalog/{files.uuid.replace('-', '')[:16]}"
    query = {"query_record": {"_id": "1"}, "k": 5, "fields_to_return": ["*"]}
    records = {"records": [{"_id": "1"}, {"_id": "2"}], "fields_to_return": ["*"]}
    products = api.get("/v1/catalog/products", headers=headers).json()["products"]
    assert len(products) == 2
    answers = [
        api.post("/v0/search", **form, data={"catalog_id": here.rpartition("/")[2]}),
        api.get(here, headers=headers),
        api.get("/v1/catalog/products", headers=headers),
        *(api.get(f"/v1/catalog/products/{one['id']}", headers=headers) for one in products),
        *(
            api.post("/v1/catalog/search", headers=headers, json={"product_id": one["id"]})
            for one in products
        ),
        api.post("/v1/catalog/search", headers=headers, json={"image_base64": base64_look(1)}),
        api.post("/similarity/photos/v2/get", headers=headers, json=records),
        api.post("/similarity/photos/v2/visualKNN", headers=headers, json=query),
        api.get("/api/search?query=x", headers=headers),
        api.get("/api/collections", headers=headers),
    ]
    for answer in answers:
        assert answer.status_code in (200, 400, 206), answer.text
        assert str(tmp_path) not in answer.text, answer.url
        assert "private" not in answer.text, answer.url


def test_a_file_of_which_nothing_can_be_read(api: Api, token: dict[str, str]) -> None:
    identity = made(api, token)

    def after(data: str) -> tuple[str, str]:
        files = {"catalog_file": data}
        sent = api.post(f"/v0/catalog/{identity}/upload", headers=token, files=files)
        assert sent.ok
        found = api.get(f"/v0/catalog/{identity}", headers=token).json()["catalog"]
        assert (found["status"] == "upload error") <= bool(found.get("error_log"))
        return sent.json()["catalog"]["status"], found["status"]

    fine = "1\thttp://shop.invalid/1.jpg\n"
    assert after("1\t~nobody-of-this-name/1.jpg\n") == ("upload error", "upload error")
    assert after(fine + "2\t~nobody-of-this-name/1.jpg\n") == ("uploading", "upload done")
    assert after("only\n") == ("upload error", "upload error")
    assert after(fine) == ("uploading", "upload done")
    usage = api.get("/v0/usage", headers=token).json()["usage"]
    (month,) = usage.values()
    assert month["catalog_upload"] == {"num_calls": 4, "num_images": 2}


@pytest.mark.logs_expected
def test_the_log_of_errors_names_no_path(
    api: Api, token: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object, **__: object) -> None:
        raise SourceOfflineError("The folder /home/someone/private is not there.")

    monkeypatch.setattr("bowerbird.apart.sync", away)
    identity = made(api, token)
    path = f"/v0/catalog/{identity}"
    file = {"catalog_file": "1\thttp://shop.invalid/1.jpg\n"}
    assert api.post(f"{path}/upload", headers=token, files=file).ok
    assert api.post(f"{path}/index", headers=token).ok
    for _ in range(100):
        found = api.get(path, headers=token).json()["catalog"]
        if found["status"] == "index error":
            break
        time.sleep(0.05)
    assert found["status"] == "index error"
    assert "cannot be reached" in found["error_log"]
    assert "someone" not in found["error_log"]


def test_troubles_of_uploads_stay_until_one_is_all_right(api: Api, token: dict[str, str]) -> None:
    identity = made(api, token)

    def log(data: str) -> str:
        files = {"catalog_file": data}
        assert api.post(f"/v0/catalog/{identity}/upload", headers=token, files=files).ok
        found = api.get(f"/v0/catalog/{identity}", headers=token).json()["catalog"]
        return str(found.get("error_log", ""))

    log("first\t/etc/passwd\t{}\n")
    both = log("second\t/etc/passwd\t{}\n")
    assert both.index("first") < both.index("second")
    for _ in range(8):
        many = log("".join(f"{number}\t/etc/passwd\n" for number in range(40)))
    assert many.endswith("... and 20 more.")
    assert len(many.splitlines()) == MOST_LOGGED
    assert log("1\thttp://shop.invalid/1.jpg\n") == ""


@pytest.mark.parametrize("method", ["get", "delete"])
def test_it_speaks_of_catalogs(api: Api, token: dict[str, str], method: str) -> None:
    drop = api.library.add_managed("drop")
    for identity in ("none", drop.uuid):
        answer = getattr(api, method)(f"/v0/catalog/{identity}", headers=token)
        said = answer.json()["status"]
        assert (said["code"], said["message"]) == (404, "There is no such catalog for this key.")
    empty = api.post(f"/v0/catalog/{made(api, token)}/index", headers=token)
    assert empty.json()["status"]["message"] == "The catalog is empty. Upload its file first."


def test_tokens_count_as_requests(api: Api) -> None:
    secret = api.key(per_minute=2)
    key = api.library.access.find(secret)
    assert key is not None
    form = {"api_key": key.id, "api_secret": secret}
    codes = [api.post("/v0/token", data=form).status_code for _ in range(3)]
    assert codes == [200, 200, 429]


@pytest.mark.parametrize("data", [b"", b"\0\xff" * 50, b"only one cell\n"])
def test_files_that_are_none(api: Api, token: dict[str, str], data: bytes) -> None:
    identity = made(api, token)
    api.post(f"/v0/catalog/{identity}/upload", headers=token, files={"catalog_file": data})
    found = api.get(f"/v0/catalog/{identity}", headers=token).json()["catalog"]
    assert found["num_images_total"] == 0
    assert found["status"] in ("upload error", "upload done")
    assert "/tmp" not in json.dumps(found)


def test_names(api: Api, token: dict[str, str]) -> None:
    assert made(api, token) != made(api, token)
    for name in ("", "  "):
        answer = api.post("/v0/catalog", headers=token, data={"name": name})
        assert answer.status_code == 400
    assert api.post("/v0/catalog", headers=token).status_code == 400


def test_tags(api: Api, token: dict[str, str], site: Site) -> None:
    how = {"headers": token}
    for given in ({"data": {"url": f"{site.url}/1.png"}}, {"files": {"image": look(1)}}):
        labels = api.post("/v0/tag", **how, **given).json()["labels"]
        for label in labels:
            assert set(label) == {"confidence", "type", "name"}
    assert api.post("/v0/tag", **how).status_code == 400
    assert api.post("/v0/tag", **how, files={"image": b"x"}).status_code == 400


def test_detection(api: Api, token: dict[str, str], shared: Path) -> None:
    photo = sorted((shared / "data" / "flickr8k" / "dev").glob("*.jpg"))[0]
    for given in ({"files": {"image": photo.read_bytes()}}, {"files": {"image": look(1)}}):
        boxes = api.post("/v0/detect", headers=token, **given).json()["boxes"]
        for box in boxes:
            assert set(box) == {"category", "score", "bbox"}
            left, top, right, bottom = box["bbox"]
            assert 0 <= left < right
            assert 0 <= top < bottom
    scores = [box["score"] for box in boxes]
    assert scores == sorted(scores, reverse=True)
    assert api.post("/v0/detect", headers=token).status_code == 400


def test_usage(api: Api, token: dict[str, str]) -> None:
    for _ in range(2):
        api.post("/v0/tag", headers=token, files={"image": look(1)})
    usage = api.get("/v0/usage", headers=token).json()["usage"]
    (month,) = usage
    assert usage[month]["tag"] == {"num_calls": 2, "num_images": 2}
    assert api.post("/v0/usage/", headers=token).json()["usage"][month]["tag"]["num_calls"] == 2
    year, _, number = month.partition("-")
    assert (int(year) >= 2024, number == str(int(number))) == (True, True)


def test_scopes(shop: Library, api: Api) -> None:
    """Who searches may not fill, and who fills may not delete."""

    def codes(scope: Scope) -> list[int]:
        header = {"Authorization": api.key(scope)}
        identity = shop.collection("shop").uuid.replace("-", "")[:16]
        file = {"catalog_file": "1\thttp://x/1.jpg\n"}
        return [
            api.get("/v0/catalog", headers=header).status_code,
            api.post(f"/v0/catalog/{identity}/upload", headers=header, files=file).status_code,
            api.post("/v0/catalog", headers=header, data={"name": "n"}).status_code,
        ]

    assert codes(Scope.SEARCH) == [200, 403, 403]
    assert codes(Scope.WRITE) == [200, 200, 403]
    assert codes(Scope.ADMIN) == [200, 200, 200]
    only = {"Authorization": api.key(Scope.ADMIN, shop.collection("drop").uuid)}
    assert api.get("/v0/catalog", headers=only).json()["catalog"] == []
    own = api.post("/v0/catalog", headers=only, data={"name": "own"}).json()["catalog"]
    listed = api.get("/v0/catalog", headers=only).json()["catalog"]
    assert [row["catalog_id"] for row in listed] == [own["catalog_id"]]
