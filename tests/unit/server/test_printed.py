"""Every request that Ximilar's and Dupify's documents print, asked as it is printed."""

import time
from pathlib import Path
from typing import Any

import pytest

from bowerbird.library import Library
from helpers.api import Api, base64_look, look
from helpers.documents import missing
from helpers.replay import Example, printed, unlike
from helpers.web import Site

DOCUMENTS = Path(__file__).resolve().parents[4] / "shared" / "api"
# What the examples say beside the documents' own lists of codes; see the dialect's docstring.
CODES = {
    (213, "some of the records not found"): (206, "some of the records not found"),
    (211, "record(s) duplicate"): (211, "some records inserted"),
}
Row = dict[str, Any]


def examples(name: str) -> list[Any]:
    path = DOCUMENTS / f"{name}.txt"
    if not path.exists():
        return [pytest.param(None, marks=pytest.mark.skip(f"{path} is not there"))]
    return [
        pytest.param(one, id=f"{at} {one.name}") for at, one in enumerate(printed(path.read_text()))
    ]


def test_all_of_them_are_found() -> None:
    if not DOCUMENTS.is_dir():
        pytest.skip(f"{DOCUMENTS} is not there")
    for name in ("ximilar", "dupify"):
        text = (DOCUMENTS / f"{name}.txt").read_text()
        assert len(examples(name)) == text.count("curl http") + text.count("curl 'http") + (
            text.count("curl -X")
        )


# --- Ximilar ------------------------------------------------------------------------------------


def record(number: int, site: Site, **more: Any) -> Row:
    """Return a record that the examples' filters let pass."""
    return {"_id": str(number), "_url": f"{site.url}/{number}.png", "price": 200 + number, **more}


def there(example: Example, site: Site, folder: Path) -> list[Row]:
    """Return the records of which an example tells."""
    if example.name == "insert":
        return [record(3, site)]
    if example.name == "nearDupsInsert":
        twin = {"_id": "twin", "_url": f"{site.url}/another_image.jpg"}
        return [record(2, site), twin]
    if example.name in ("delete", "get", "update"):
        (folder / "img.png").write_bytes(look(2))
        second = {"_id": "2", "_file": str(folder / "img.png")}
        return [record(1, site, **{"another-field": "another-value"}), second]
    if example.name == "getRecordCount":
        return [record(number, site) for number in range(5)]
    ids = [row["_id"] for row in example.answer.get("answer_records", ())]
    rows = [record(at, site) | {"_id": each} for at, each in enumerate(ids, 1)]
    if example.name == "visualKNNMulti":
        # Those that are searched by do not match the filter, so that they are not found.
        rows += [record(10, site, price=1), record(11, site, price=2)]
    return rows


@pytest.mark.parametrize("example", examples("ximilar"))
def test_ximilar(library: Library, api: Api, site: Site, tmp_path: Path, example: Example) -> None:
    catalogue = library.add_catalogue("mycoll_id")
    library.set_roots(catalogue, [tmp_path])
    numbers = {"img.png": 1, "another_image.jpg": 3, "my-image.png": 1}
    site.pages |= {f"/{name}": look(number) for name, number in numbers.items()}
    headers = {"Authorization": f"Token {api.secret}", "collection-id": "mycoll_id"}
    rows = there(example, site, tmp_path)
    if rows:
        made = api.post(
            "/similarity/photos/v2/insert", headers=headers, json={"records": rows}
        ).json()
        assert made["status"]["code"] == 210, made
    put = {"http://mydomain.com": site.url, '"..."': f'"{base64_look(2)}"'}
    if example.name == "nearDuplicates":  # the two that it finds are alike
        put |= {'"radius": 5.0': '"radius": 100'}
    answer = example.ask(api.url, headers, put)
    assert answer.status_code == 200
    found, wanted = answer.json(), dict(example.answer)
    state = wanted["status"]
    code, text = CODES.get((state["code"], state["text"]), (state["code"], state["text"]))
    wanted["status"] = {"code": code, "text": text}
    for row in wanted.get("skipped_records", ()):
        # The neighbour is another record than the one that was to come.
        for near in row["_reason"].get("answer_records", ()):
            near["_id"] = "twin"
            assert found["skipped_records"][1]["_reason"]["answer_records"] == [near]
    for part in (wanted, found):
        part.get("skipped_records", []).sort(key=lambda row: str(row["_id"]))
    assert missing(wanted, found) + unlike(wanted, found) == []
    distances = found.get("answer_distances", [])
    assert distances == sorted(distances)


# --- Dupify -------------------------------------------------------------------------------------


class Shop:
    """A catalogue in which the document's jacket is, and one that looks like it."""

    ID = "550e8400-e29b-41d4-a716-446655440000"

    def __init__(self, api: Api, site: Site) -> None:
        self._api, self._site = api, site
        self._headers = {"X-API-Key": api.secret}
        jacket = {
            "title": "Classic Leather Jacket",
            "image_url": f"{site.url}/jacket.jpg",
            "external_id": "SKU-12345",
            "brand": "Acme",
            "category": "outerwear",
            "price": 299.99,
        }
        biker = {
            "title": "Vintage Biker Jacket",
            "image_url": f"{site.url}/biker.jpg",
            "brand": "Heritage",
            "price": 249.99,
        }
        made = api.post(
            "/v1/catalog/products", headers=self._headers, json={"products": [jacket, biker]}
        )
        self.jacket, self.biker = (row["id"] for row in made.json()["products"])
        for _ in range(400):
            if all(self._state(one) == "completed" for one in (self.jacket, self.biker)):
                return
            time.sleep(0.05)
        raise AssertionError("the products have no embeddings")

    def _state(self, product: str) -> str:
        path = f"/v1/catalog/products/{product}"
        return str(self._api.get(path, headers=self._headers).json()["embedding_status"])


@pytest.fixture
def pictures(site: Site) -> Site:
    names = ("product", "product1", "product2", "product-a", "product-b", "dress", "red-dress")
    names += ("blue-shirt", "jacket", "biker", "query-image")
    site.pages |= {f"/{name}.jpg": look(3, form="JPEG") for name in names}
    return site


@pytest.mark.parametrize("example", examples("dupify"))
def test_dupify(api: Api, pictures: Site, example: Example) -> None:
    put = {"https://example.com": pictures.url}
    asks_of_it = example.name.startswith("catalog/") and example.method != "POST"
    if asks_of_it or example.name == "catalog/search":
        put[Shop.ID] = Shop(api, pictures).jacket
    answer = example.ask(api.url, {"X-API-Key": api.secret}, put)
    assert answer.status_code == 200
    found, wanted = answer.json(), example.answer
    assert missing(wanted, found) + unlike(wanted, found) == []
    for name in ("results", "products"):
        if name in wanted and "pagination" not in wanted:
            assert len(found[name]) == len(wanted[name])
    for name in ("title", "brand", "category", "price", "external_id", "garment_type", "fabric"):
        if name in wanted:
            assert found[name] == wanted[name]
    if "results" in wanted and "total_found" in wanted:
        assert {row["title"] for row in found["results"]} == {
            row["title"] for row in wanted["results"]
        }
        assert found["total_found"] == wanted["total_found"]
