"""Dupify's dialect over real sockets."""

import base64
import io
import threading
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image

from bowerbird import apart
from bowerbird.library import Library
from bowerbird.server.dupify.width import narrowed, widened
from bowerbird.server.refusal import RefusedError
from bowerbird.types import Progress, Scope
from helpers.api import Api, base64_look, look
from helpers.images import encoded
from helpers.web import Site

Answer = dict[str, Any]


class Client:
    """Asks with a key."""

    def __init__(self, api: Api, secret: str = "") -> None:
        self.api = api
        self.headers = {"X-API-Key": secret or api.secret}

    def __call__(self, method: str, expect: int = 200, /, **body: Any) -> Answer:
        answer = self.api.post(f"/v1/{method}", headers=self.headers, json=body)
        assert answer.status_code == expect, answer.text
        found: Answer = answer.json()
        return found

    def get(self, path: str, expect: int = 200, **query: Any) -> Answer:
        answer = self.api.get(f"/v1/{path}", headers=self.headers, params=query)
        assert answer.status_code == expect, answer.text
        found: Answer = answer.json()
        return found

    def used(self, call: str) -> int:
        return sum(
            each.images for each in self.api.library.access.usage(self.api.key_id)
            if each.call == call
        )  # fmt: skip


@pytest.fixture
def ask(api: Api) -> Client:
    return Client(api)


def test_embed(ask: Client, site: Site) -> None:
    one = ask("embed", image_url=f"{site.url}/1.png", include_quality=True)
    assert one["dimensions"] == len(one["embedding"]) == 768
    assert np.linalg.norm(one["embedding"]) == pytest.approx(1, abs=1e-4)
    assert set(one["quality"]) == {"overall", "sharpness", "brightness", "composition"}
    assert isinstance(one["processing_time_ms"], int)
    assert "quality" not in ask("embed", image_base64=base64_look(1))


def test_answers_are_kept(ask: Client, site: Site) -> None:
    url = f"{site.url}/1.png"
    first = ask("embed", images=[{"image_url": url}, {"image_base64": base64_look(2)}])
    assert [row["cached"] for row in first["results"]] == [False, False]
    del site.pages["/1.png"]
    again = ask("embed", images=[{"image_url": url}, {"image_base64": base64_look(2)}])
    assert [row["cached"] for row in again["results"]] == [True, True]
    assert [row["embedding"] for row in again["results"]] == [
        row["embedding"] for row in first["results"]
    ]
    ask("colors", image_base64=base64_look(2), num_colors=2)
    assert ask("colors", image_base64=base64_look(2), num_colors=3)["cached"] is False
    assert ask("colors", image_base64=base64_look(2), num_colors=3)["cached"] is True


def test_what_is_known_costs_nothing(ask: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(3):
        ask("embed", image_base64=base64_look(2))
    ask.api.get("/v0/usage", headers={"Authorization": ask.api.secret})  # writes counters down
    assert ask.used("embed") == 1


@pytest.mark.parametrize(("kind", "form"), [("png", "PNG"), ("webp", "WEBP")])
def test_background_remove(ask: Client, kind: str, form: str) -> None:
    found = ask("background-remove", image_base64=base64_look(1), output_format=kind)
    head, _, data = found["image_base64"].partition(",")
    assert head == f"data:image/{kind};base64"
    picture = Image.open(io.BytesIO(base64.b64decode(data)))
    assert (picture.format, picture.mode, picture.size) == (form, "RGBA", (160, 120))
    assert found["original_size"] == {"width": 160, "height": 120}
    ask("background-remove", 400, image_base64=base64_look(1), output_format="gif")


def test_colors(ask: Client) -> None:
    found = ask("colors", image_base64=base64_look(3), num_colors=2)
    assert [row["hex"] for row in found["colors"]] == ["#FFFFFF", "#FF00FF"]
    assert found["colors"][1]["rgb"] == [255, 0, 255]
    assert sum(row["weight"] for row in found["colors"]) == pytest.approx(1, abs=0.01)
    assert found["color_profile"] in ("warm", "cool", "neutral")
    for wrong in (0, 11):
        ask("colors", 400, image_base64=base64_look(3), num_colors=wrong)


def test_silhouette(ask: Client) -> None:
    found = ask("silhouette", image_base64=base64_look(1))
    assert found["dimensions"] == len(found["embedding"]) == 256
    assert 0 < found["coverage"] < 1
    plain = base64.b64encode(encoded(Image.new("RGB", (99, 99), "gray"), "PNG")).decode()
    answer = ask("silhouette", images=[{"image_base64": plain}])["results"][0]
    assert answer.get("status") == "error" or answer["coverage"] >= 0


def test_attributes(ask: Client) -> None:
    found = ask("attributes", title="Women's Cotton V-Neck T-Shirt")
    assert found["category"] == "fashion"
    assert (found["garment_type"], found["fabric"], found["neckline"]) == (
        "shirt", "cotton", "v-neck",
    )  # fmt: skip
    assert 0.5 < found["confidence"] <= 1
    assert found["cached"] is False
    rows = ask("attributes", items=[{"title": "Oak table"}, {"title": "zzz"}])["results"]
    assert rows[0]["category"] == "home"
    assert (rows[1]["category"], rows[1]["confidence"]) == (None, 0)
    assert ask("attributes", title="Model 7", category_hint="sneakers")["garment_type"] == (
        "sneakers"
    )
    seen = ask("attributes", title="Red hat", image_base64=base64_look(3))
    assert (seen["garment_type"], seen["color"]) == ("hat", "red")
    assert not {"garment_type", "color"} & set(seen.get("guessed", []))
    ask("attributes", 400, title="Red hat", image_base64="bm8gcGljdHVyZQ==")
    assert (rows[0]["type"], rows[1]["garment_type"]) == ("table", None)
    mixed = [{"title": " "}, {"title": "Oak table"}, {"title": "x", "image_base64": "%%%"}, {}]
    rows = ask("attributes", items=mixed)["results"]
    assert [row.get("status") for row in rows] == ["error", None, "error", "error"]
    ask("attributes", 400, items=[{"title": "x"}] * 21)
    ask("attributes", 400, title="")
    ask("attributes", 400)


def test_similarity(ask: Client, site: Site) -> None:
    url = f"{site.url}/1.png"
    same = ask("similarity", image_url_1=url, image_url_2=url)
    assert (same["match_level"], same["similarity"]) == ("high", pytest.approx(1, abs=1e-3))
    half = ask("similarity", embedding_1=[1, 0], embedding_2=[1, 1])
    assert (half["match_level"], half["similarity"]) == ("medium", 0.707107)
    mixed = ask("embed", image_url=url)["embedding"]
    assert ask("similarity", embedding_1=mixed, image_base64_2=base64_look(1))["match_level"] == (
        "high"
    )
    rows = ask("similarity", pairs=[{"embedding_1": [1], "embedding_2": [-1]}, {}])["results"]
    assert rows[0] == {"similarity": -1.0, "match_level": "none"}
    assert rows[1]["status"] == "error"
    for wrong in ({"embedding_1": [1], "embedding_2": [1, 2]}, {"embedding_1": [0.0] * 2}):
        ask("similarity", 400, **wrong)


def test_batch(ask: Client, site: Site) -> None:
    every = ["embed", "colors", "silhouette", "background-remove", "quality"]
    rows = ask(
        "batch",
        images=[{"image_url": f"{site.url}/1.png"}, {"image_url": f"{site.url}/none.png"}],
        operations=every,
    )["results"]
    assert rows[0]["status"] == "success"
    assert set(rows[0]) == {"image_url", "status", *every}
    assert rows[0]["embed"]["dimensions"] == 768
    assert "cached" not in rows[0]["embed"]
    assert (rows[1]["status"], rows[1]["image_url"]) == ("error", f"{site.url}/none.png")
    plain = base64.b64encode(encoded(Image.new("RGB", (1, 1)), "PNG")).decode()
    (part,) = ask("batch", images=[{"image_base64": plain}], operations=every)["results"]
    assert part["status"] == "error"
    assert "shape" in part["error"]
    assert set(part) == {"status", "error", *every} - {"silhouette"}
    ask("batch", 400, images=[{"image_base64": "x"}] * 11, operations=["embed"])
    ask("batch", 400, images=[{"image_base64": "x"}], operations=["paint"])
    ask("batch", 400, images=[], operations=["embed"])


@pytest.mark.parametrize(
    "picture",
    [
        {},
        {"image_base64": ""},
        {"image_base64": "%%%"},
        {"image_base64": "bm8gcGljdHVyZQ=="},
        {"image_url": "file:///etc/passwd"},
        {"image_url": "/etc/passwd"},
        {"image_url": "http://[::1"},
        {"image_url": "http://127.0.0.1:1/none.jpg"},
    ],
)
def test_bad_pictures(ask: Client, picture: Answer) -> None:
    for method in ("embed", "colors", "quality", "silhouette", "background-remove"):
        found = ask(method, 400, **picture)
        assert set(found) == {"error"}
        assert "root:" not in found["error"]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_odd_pictures(ask: Client, mode: str) -> None:
    image = Image.new(mode, (1, 1)) if mode == "1" else Image.open(io.BytesIO(look(1)))
    image = image if mode == "1" else image.convert("L" if mode == "I;16" else mode)
    image = image.convert("I;16") if mode == "I;16" else image
    data = encoded(image, "TIFF" if mode in ("CMYK", "I;16") else "PNG")
    text = base64.b64encode(data).decode()
    rows = ask("batch", images=[{"image_base64": text}], operations=["embed", "colors", "quality"])
    assert rows["results"][0]["status"] == "success"


def wait(ask: Client, product_id: str) -> Answer:
    for _ in range(200):
        found = ask.get(f"catalog/products/{product_id}")
        if found["embedding_status"] in ("completed", "failed"):
            break
        time.sleep(0.05)
    return found


def test_catalogue(ask: Client, site: Site) -> None:
    jacket = {
        "title": "Classic Leather Jacket",
        "image_url": f"{site.url}/1.png",
        "external_id": "SKU-1",
        "brand": "Acme",
        "category": "outerwear",
        "price": 299.99,
        "metadata": {"season": "winter"},
    }
    made = ask("catalog/products", **jacket)
    assert made["status"] == "created"
    assert made["embedding_status"] == "processing"
    assert (made["external_id"], made["sku"]) == ("SKU-1", None)
    found = wait(ask, made["id"])
    assert found["embedding_status"] == "completed"
    assert found["dominant_colors"][0]["hex"].startswith("#")
    assert found["color_profile"] in ("warm", "cool", "neutral")
    assert found["metadata"] == {"season": "winter"}
    assert (found["currency"], found["price"]) == ("USD", 299.99)
    same = ask("catalog/products", **jacket | {"price": 10})
    assert (same["id"], same["status"], same["embedding_status"]) == (
        made["id"], "updated", "completed",
    )  # fmt: skip
    other = ask("catalog/products", **jacket | {"image_url": f"{site.url}/2.png"})
    assert other["embedding_status"] == "processing"
    assert wait(ask, made["id"])["embedding_status"] == "completed"
    assert ask.get("catalog/products/SKU-1")["id"] == made["id"]
    headers = ask.headers
    path = f"/v1/catalog/products/{made['id']}"
    assert ask.api.delete(path, headers=headers).json() == {"success": True, "deleted": True}
    assert ask.api.delete(path, headers=headers).status_code == 404


def test_several_products(ask: Client, site: Site) -> None:
    rows = [
        {"title": f"Product {n}", "image_url": f"{site.url}/{n}.png", "price": n,
         "category": f"c{n % 2}", "description": "Blue thing" if n < 3 else "Red"}
        for n in range(8)
    ]  # fmt: skip
    bad = [{"title": "no picture"}, {"title": "x", "image_url": "file:///etc/passwd"}]
    broken = [{"title": "Broken", "image_url": f"{site.url}/none.png"}]
    found = ask("catalog/products", products=rows + bad + broken)
    assert (found["total_created"], found["total_updated"], found["total_failed"]) == (9, 0, 2)
    assert [row["status"] for row in found["products"][8:10]] == ["failed", "failed"]
    first, last = found["products"][0]["id"], found["products"][-1]["id"]
    assert wait(ask, last)["embedding_status"] == "failed"
    assert wait(ask, first)["embedding_status"] == "completed"
    page = ask.get("catalog/products", page=2, per_page=4)
    assert page["pagination"] == {"page": 2, "per_page": 4, "total": 9, "total_pages": 3}
    assert len(page["products"]) == 4
    listed = ask.get("catalog/products", category="c1", search="BLUE")["products"]
    assert [row["title"] for row in listed] == ["Product 1"]
    failed = ask.get("catalog/products", embedding_status="failed")["products"]
    assert [row["title"] for row in failed] == ["Broken"]
    assert ask.get("catalog/products", embedding_status="completed")["pagination"]["total"] == 8
    for wrong in ({"page": 0}, {"per_page": 101}, {"embedding_status": "odd"}):
        ask.get("catalog/products", 400, **wrong)

    hits = ask("catalog/search", image_url=f"{site.url}/3.png", similarity_threshold=0)
    assert hits["query"] == {"type": "image"}
    assert hits["total_found"] == len(hits["results"]) == 8
    scores = [row["similarity_score"] for row in hits["results"]]
    assert (scores[0], scores) == (pytest.approx(1, abs=0.001), sorted(scores, reverse=True))
    assert hits["results"][0]["title"] == "Product 3"
    near = ask("catalog/search", product_id=first, similarity_threshold=0, max_results=3)
    assert near["query"] == {"type": "product"}
    assert first not in [row["id"] for row in near["results"]]
    vector = ask("embed", image_url=f"{site.url}/5.png")["embedding"]
    by_vector = ask("catalog/search", embedding=vector, max_results=1)
    assert by_vector["query"] == {"type": "embedding"}
    assert by_vector["results"][0]["title"] == "Product 5"
    some = ask(
        "catalog/search", embedding=vector, similarity_threshold=0, category="c1",
        min_price=3, max_price=5,
    )  # fmt: skip
    assert {row["title"] for row in some["results"]} == {"Product 3", "Product 5"}
    for wrong in ({}, {"embedding": [1, 2]}, {"embedding": vector, "max_results": 0}):
        ask("catalog/search", 400, **wrong)
    ask("catalog/search", 404, product_id="none")


def test_products_as_careless_clients_send_them(ask: Client, site: Site) -> None:
    """With null for nothing, numbers for ids, and the same product twice."""
    url = f"{site.url}/1.png"
    nothing = dict.fromkeys(("sku", "brand", "price", "currency", "metadata", "products"))
    made = ask(
        "catalog/products", title="x", image_url=url, external_id=7, generate_embeddings=None,
        **nothing,
    )  # fmt: skip
    assert (made["external_id"], made["status"]) == ("7", "created")
    wait(ask, made["id"])
    ask("catalog/products", title="x", image_url=url, external_id="7", currency="EUR")
    ask("catalog/products", title="y", image_url=url, external_id="7")
    found = ask.get("catalog/products/7")
    assert (found["title"], found["currency"]) == ("y", "EUR")
    twice = [{"title": str(n), "image_url": url, "external_id": "twice"} for n in range(2)]
    several = ask("catalog/products", products=twice)
    assert (several["total_created"], several["total_updated"]) == (1, 1)
    assert [row["status"] for row in several["products"]] == ["created", "updated"]
    assert ask.get("catalog/products", category="")["pagination"]["total"] == 2
    vector = ask("embed", image_url=url, images=None, include_quality=None)["embedding"]
    for more in ({"product_id": None}, {"product_id": ""}, {"max_results": None, "category": ""}):
        assert ask("catalog/search", embedding=vector, **more)["total_found"] >= 1
    ask("colors", image_url=url, num_colors=None)
    ask("background-remove", image_url=url, output_format=None)


def test_products_are_listed_by_the_state_that_they_show(ask: Client, site: Site) -> None:
    def listed() -> dict[str, list[str]]:
        found = {}
        for state in ("pending", "processing", "completed", "failed"):
            rows = ask.get("catalog/products", embedding_status=state)["products"]
            assert {row["embedding_status"] for row in rows} <= {state}
            found[state] = [row["external_id"] for row in rows]
        return found

    rows = [
        {"title": key, "external_id": key, "image_url": f"{site.url}/{name}.png"}
        for key, name in (("good", 1), ("bad", "none"))
    ]
    made = ask("catalog/products", products=rows)["products"]
    assert {wait(ask, row["id"])["embedding_status"] for row in made} == {"completed", "failed"}
    late = {"title": "late", "external_id": "late", "image_url": f"{site.url}/2.png"}
    ask("catalog/products", **late, generate_embeddings=False)
    for _ in range(200):
        found = listed()
        if not found["processing"]:
            break
        time.sleep(0.05)
    assert found == {
        "pending": ["late"], "processing": [], "completed": ["good"], "failed": ["bad"],
    }  # fmt: skip
    # One whose picture is another from now on has no embedding of it yet.
    ask(
        "catalog/products", **rows[0] | {"image_url": f"{site.url}/3.png"},
        generate_embeddings=False,
    )  # fmt: skip
    assert listed()["pending"] == ["late", "good"]


def test_a_product_waits_until_somebody_asks_for_it(
    ask: Client, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That another product's embedding is made does not make its own."""
    begun, go = threading.Event(), threading.Event()
    sync = apart.sync

    def slowly(*of: Any, **how: Any) -> Iterator[Progress]:
        begun.set()
        assert go.wait(30)
        yield from sync(*of, **how)

    monkeypatch.setattr(apart, "sync", slowly)
    late, soon = (
        {"title": key, "external_id": key, "image_url": f"{site.url}/{number}.png"}
        for number, key in enumerate(("late", "soon"))
    )
    try:
        ask("catalog/products", **late, generate_embeddings=False)
        ask("catalog/products", **soon)
        assert begun.wait(20)
        for key, state in (("late", "pending"), ("soon", "processing")):
            assert ask.get(f"catalog/products/{key}")["embedding_status"] == state
            rows = ask.get("catalog/products", embedding_status=state)["products"]
            assert [row["external_id"] for row in rows] == [key]
    finally:
        go.set()
    assert wait(ask, "soon")["embedding_status"] == "completed"
    assert ask.get("catalog/products/late")["embedding_status"] == "pending"


def test_a_product_whose_picture_was_not_there_is_mended(ask: Client, site: Site) -> None:
    product = {"title": "x", "external_id": "a", "image_url": f"{site.url}/none.png"}
    made = ask("catalog/products", **product)
    failed = wait(ask, made["id"])
    assert failed["embedding_status"] == "failed"
    assert "404" in failed["embedding_error"]
    ask("catalog/search", 400, product_id=made["id"])
    assert ask("catalog/products", **product)["embedding_status"] == "processing"
    right = ask("catalog/products", **product | {"image_url": f"{site.url}/1.png"})
    assert right["embedding_status"] == "processing"
    for _ in range(200):
        found = ask.get(f"catalog/products/{made['id']}")
        if found["embedding_status"] == "completed":
            break
        time.sleep(0.05)
    assert found["embedding_status"] == "completed"
    assert "embedding_error" not in found
    # What is there by another picture's fault alone is there at an address that came back.
    gone = ask("catalog/products", **product | {"external_id": "b"})
    wait(ask, gone["id"])
    site.pages["/none.png"] = look(5)
    ask("catalog/products", **product | {"external_id": "b"})
    for _ in range(200):
        if ask.get(f"catalog/products/{gone['id']}")["embedding_status"] == "completed":
            break
        time.sleep(0.05)
    assert ask.get(f"catalog/products/{gone['id']}")["embedding_status"] == "completed"


def test_what_is_missing_is_named(ask: Client) -> None:
    assert "image_url_2" in ask("similarity", 400, embedding_1=[1])["error"]
    assert "product_id" in ask("catalog/search", 400)["error"]
    product = {"title": "x", "image_url": "http://x/1.jpg", "external_id": "a\0b"}
    assert "external_id" in ask("catalog/products", 400, **product)["error"]


def test_a_catalogue_for_each_key(shop: Library, api: Api, site: Site) -> None:
    product = {"title": "x", "image_url": f"{site.url}/1.png", "generate_embeddings": False}
    everything = Client(api)
    assert everything("catalog/products", **product)["embedding_status"] == "pending"
    assert everything.get("catalog/products")["pagination"]["total"] == 1
    uuid = shop.collection("shop").uuid
    own = Client(api, api.key(Scope.WRITE, uuid))
    assert own.get("catalog/products")["pagination"]["total"] == 12
    own("catalog/products", **product)
    assert own.get("catalog/products")["pagination"]["total"] == 13
    fresh = Client(api, api.key(Scope.WRITE, shop.collection("drop").uuid))
    assert fresh.get("catalog/products")["products"] == []
    fresh("catalog/products", **product)
    assert fresh.get("catalog/products")["pagination"]["total"] == 1
    Client(api, api.key(Scope.SEARCH))("catalog/products", 403, **product)
    Client(api, "wrong").get("catalog/products", 401)
    assert api.post("/v1/embed", json={}).status_code == 401


@pytest.mark.parametrize("dim", [256, 512, 768, 1024, 1152])
def test_widths_keep_cosines(dim: int) -> None:
    rng = np.random.default_rng(0)
    one, other = rng.standard_normal((2, dim)).astype(np.float32)
    one, other = one / np.linalg.norm(one), other / np.linalg.norm(other)
    near = one + 0.3 * other
    near /= np.linalg.norm(near)
    wide = [widened(vector) for vector in (one, near)]
    assert {len(vector) for vector in wide} == {768}
    sizes = np.linalg.norm(wide, axis=1)
    cosine = float(wide[0] @ wide[1]) / float(sizes.prod())
    assert cosine == pytest.approx(float(one @ near), abs=1e-6 if dim <= 768 else 0.05)
    back = narrowed(wide[0].tolist(), dim)
    assert float(back @ one) / float(np.linalg.norm(back)) > (0.999 if dim <= 768 else 0.8)
    same = narrowed(one.tolist(), dim)
    assert np.allclose(same / np.linalg.norm(same), one, atol=1e-6)


@pytest.mark.parametrize(
    "numbers", [[], [0.0] * 768, [float("nan")] * 768, [1.0] * 768, [1.0] * 100]
)
def test_what_is_no_embedding(numbers: list[float]) -> None:
    with pytest.raises(RefusedError):
        narrowed(numbers, 256)


def test_what_its_default_threshold_leaves_out_is_told(api: Api) -> None:
    """The document's own default says nothing of other models."""
    described = api.get("/openapi.json").json()
    (said,) = (tag["description"] for tag in described["tags"] if tag["name"] == "dupify")
    assert "`similarity_threshold` is a cosine, and 0.70 where none is sent" in said
    assert "Send a lower one" in " ".join(said.split())
