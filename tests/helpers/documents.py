"""The examples of the services' documents, and the same requests to a server of ours.

An example is the JSON that a document shows as an answer. Ours must have every field of it, and of
the same kind; more fields are allowed, and empty lists say nothing of what they would hold.
"""

from __future__ import annotations

import base64
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests

from helpers.api import look
from helpers.web import serve

Tree = Any
# Fields that an example leaves out of a state in which others have them, or that a document writes
# in two ways; each is spoken of in the dialect's docstring.
LENIENT = {
    # Null where there is no bucket; the document's collections lie in one.
    "bucket",
    "folder",
    "region",
    "s3_uri",
    "last_sync",
    "last_auto_sync",
}


def examples(folder: Path) -> dict[str, list[Tree]]:
    """Return every JSON answer of each document, in order."""
    return {path.stem: _json_in(path.read_text("utf-8")) for path in sorted(folder.iterdir())}


def _json_in(text: str) -> list[Tree]:
    # Comments and what is left out are no JSON.
    text = re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE)
    text = re.sub(r",\s*\.\.\.\s*\]", "]", text)
    text = re.sub(r"\[\s*\.\.\.\s*\]", "[]", text)
    text = re.sub(r"\},\s*\n(\s*)\n?\s*\]", r"}\n\1]", text)
    decoder = json.JSONDecoder()
    found: list[Tree] = []
    at = 0
    while (at := text.find("{", at)) >= 0:
        try:
            tree, end = decoder.raw_decode(text, at)
        except ValueError:
            at += 1
            continue
        if isinstance(tree, dict) and len(tree) > 0:
            found.append(tree)
        at = end
    return found


def missing(example: Tree, answer: Tree, where: str = "") -> list[str]:
    """Return what an answer lacks that an example has, or has of another kind."""
    if isinstance(example, dict):
        if not isinstance(answer, dict):
            return [f"{where}: {_kind(answer)} for an object"]
        found = []
        for key, value in example.items():
            if key not in answer:
                found.append(f"{where}.{key} is not there")
            elif key not in LENIENT or answer[key] is not None:
                found += missing(value, answer[key], f"{where}.{key}")
        return found
    if isinstance(example, list):
        if not isinstance(answer, list):
            return [f"{where}: {_kind(answer)} for a list"]
        return missing(example[0], answer[0], f"{where}[0]") if example and answer else []
    if _kind(example) != _kind(answer):
        return [f"{where}: {_kind(answer)} for {_kind(example)}"]
    return []


def _kind(value: Tree) -> str:
    if isinstance(value, bool) or value is None:
        return type(value).__name__
    return "number" if isinstance(value, int | float) else type(value).__name__


class Replayed:
    """Asks what the documents ask, of pictures that are there.

    Args:
        url: Of the server.
        secret: Of a key for everything.
        key_id: Its id.
    """

    def __init__(self, url: str, secret: str, key_id: str) -> None:
        self._url = url
        self._secret = secret
        self._key_id = key_id
        self.compared = 0
        self._differences: list[str] = []

    def compare(self, documents: dict[str, list[Tree]], managed: str) -> list[str]:
        """Return how our answers differ from the documents' examples."""
        with requests.Session() as self._session:
            self._ximilar(documents["ximilar"])
            self._similarix(documents["similarix"], managed)
            self._dupify(documents["dupify"])
            self._threadgenius(documents["threadgenius"])
            self._clipdrop()
        return self._differences

    def _check(self, name: str, example: Tree, answer: Tree) -> None:
        self.compared += 1
        self._differences += [f"{name}{line}" for line in missing(example, answer)]

    def _json(self, verb: str, path: str, **how: Any) -> Tree:
        return self._session.request(verb, self._url + path, timeout=60, **how).json()

    # --- each document --------------------------------------------------------------------------

    def _similarix(self, known: list[Tree], managed: str) -> None:
        answers = [tree for tree in known if {"version", "success", "result"} <= tree.keys()]
        headers = {"Authorization": f"Token {self._secret}"}

        def example(*keys: str) -> Tree:
            return next(tree for tree in answers if set(keys) <= tree["result"].keys())

        upload = f"/api/collections/{managed}/upload/"
        file = {"file": ("example_image.jpg", look(1, form="JPEG"))}
        self._check(
            "upload", example("mime_type"), self._json("POST", upload, headers=headers, files=file)
        )
        for search in (tree for tree in answers if "files" in tree["result"]):
            if search["info"]["search_type"] == "text":
                answer = self._json("GET", "/api/search/?query=dog", headers=headers)
            else:
                answer = self._json(
                    "POST", "/api/search/", headers=headers, files={"file": look(1)}
                )
            self._check("search", search, answer)
            assert answer["info"]["search_type"] == search["info"]["search_type"]
        base = f"/api/collections/{managed}"
        self._check(
            "collections",
            example("collections"),
            self._json("GET", "/api/collections/", headers=headers),
        )
        one = next(t for t in answers if isinstance(t["result"].get("collection"), dict))
        self._check("collection", one, self._json("GET", f"{base}/", headers=headers))
        state = next(t for t in answers if "last_auto_sync" in t["result"])
        self._check("status", state, self._json("GET", f"{base}/sync-status/", headers=headers))
        begun = next(t for t in answers if "Sync triggered" in str(t["result"]))
        self._check("sync", begun, self._json("POST", f"{base}/sync/", headers=headers))

    def _ximilar(self, known: list[Tree]) -> None:
        """Every request of the document that is JSON is sent, and its answer compared."""
        headers = {"Authorization": f"Token {self._secret}", "collection-id": "shop"}
        image = base64.b64encode(look(1)).decode()
        rows = [
            {
                "_id": str(n),
                "_base64": base64.b64encode(look(n)).decode(),
                "price": 200 + n,
                "product_id": str(n),
            }
            for n in range(3, 12)
        ]
        self._json("POST", "/similarity/photos/v2/insert", headers=headers, json={"records": rows})
        answers = [tree for tree in known if "status" in tree and "statistics" in tree]
        assert len(answers) >= 15

        def ask(method: str, **body: Any) -> Tree:
            path = f"/similarity/photos/v2/{method}"
            return self._json("POST", path, headers=headers, json=body)

        query = {"_base64": image}
        filtered = {"filter": {"$gte": {"price": "200"}}, "fields_to_return": ["_id"]}
        three = {"records": [{"_id": "1"}, {"_id": "2"}, {"_id": "3"}]}
        new = [
            {
                "_id": str(n),
                "_base64": base64.b64encode(look(n)).decode(),
                "another-field": "another-value",
            }
            for n in range(1, 4)
        ]
        found = {
            "ping": ask("ping"),
            "insert": ask("insert", records=new),
            "get": ask("get", records=[*three["records"], {"_id": "none"}], fields_to_return=["*"]),
            "find": ask("find", limit=3, **filtered),
            "update": ask(
                "update", records=[{"_id": "1", "day": "monday"}, {"_id": "none", "day": "x"}]
            ),
            "nearDupsInsert": ask(
                "nearDupsInsert",
                radius=5.0,
                cand_set_size=1000,
                records=[
                    {"_id": "twin", "_base64": image},
                    {"_id": "17", "_base64": base64.b64encode(look(17)).decode()},
                ],
            ),
            "visualKNN": ask(
                "visualKNN",
                query_record=query,
                k=3,
                product_field="product_id",
                cand_set_size=1000,
                **{"from": 0},
                **filtered,
            ),
            "visualKNNMulti": ask(
                "visualKNNMulti", query_records=[{"_id": "10"}, {"_id": "11"}], k=3, **filtered
            ),
            "random": ask("random", count=2, **filtered),
            "getRecordCount": ask("getRecordCount"),
            "allRecords": ask(
                "allRecords", output_file_name="some-file.json", delete_file_after=True, **filtered
            ),
            "range": ask(
                "range", query_record=query, radius=100, product_field="product_id", **filtered
            ),
            "nearDuplicates": ask("nearDuplicates", query_record=query, radius=5.0, **filtered),
            "delete": ask("delete", records=[*three["records"], {"_id": "none"}]),
        }
        text = json.dumps(found)
        assert "Traceback" not in text
        by_kind: list[tuple[str, Callable[[Tree], bool]]] = [
            ("ping", lambda t: "info" in t),
            ("getRecordCount", lambda t: set(t) == {"status", "statistics", "answer_count"}),
            ("allRecords", lambda t: "output_file_name" in t),
            ("visualKNN", lambda t: "answer_distances" in t),
            ("range", lambda t: "answer_distances" in t),
            ("nearDuplicates", lambda t: "answer_distances" in t),
            ("visualKNNMulti", lambda t: "answer_distances" in t),
            ("insert", lambda t: t["status"]["code"] == 211),
            ("nearDupsInsert", lambda t: t["status"]["code"] == 211),
            ("get", lambda t: t["status"]["code"] == 213),
            ("delete", lambda t: t["status"]["code"] == 213),
            (
                "find",
                lambda t: (
                    t["status"]["code"] == 200
                    and "answer_distances" not in t
                    and "answer_records" in t
                    and "output_file_name" not in t
                ),
            ),
            (
                "random",
                lambda t: (
                    t["status"]["code"] == 200
                    and "answer_distances" not in t
                    and "answer_records" in t
                    and "output_file_name" not in t
                ),
            ),
        ]
        for name, fits in by_kind:
            same = [tree for tree in answers if fits(tree)]
            assert same, name
            example = json.loads(json.dumps(same[0]))
            # Which fields a record has depends on what it was given.
            for record in example.get("answer_records", ()):
                for key in set(record) - {"_id"}:
                    del record[key]
            for record in example.get("skipped_records", ()):
                record["_reason"].pop("answer_records", None)
            self._check(name, example, found[name])
        twin = found["nearDupsInsert"]["skipped_records"][0]["_reason"]
        assert twin["status"]["code"] == 211
        assert twin["answer_records"]

    def _dupify(self, known: list[Tree]) -> None:
        headers = {"X-API-Key": self._secret}
        image = base64.b64encode(look(1)).decode()

        def ask(method: str, **body: Any) -> Tree:
            return self._json("POST", f"/v1/{method}", headers=headers, json=body)

        def example(*keys: str, without: tuple[str, ...] = ()) -> Tree:
            return next(
                tree
                for tree in known
                if set(keys) <= tree.keys() and not set(without) & tree.keys()
            )

        one = {"image_base64": image}
        self._check(
            "quality",
            example("quality", "processing_time_ms", without=("embedding",)),
            ask("quality", **one),
        )
        self._check(
            "cutout", example("image_base64", "original_size"), ask("background-remove", **one)
        )
        self._check("colors", example("colors", "color_profile"), ask("colors", **one))
        self._check("silhouette", example("embedding", "coverage"), ask("silhouette", **one))
        words = ask("attributes", title="Women's Cotton V-Neck T-Shirt")
        self._check("attributes", example("garment_type", "fabric"), words)
        self._check(
            "similarity",
            example("similarity", "match_level"),
            ask("similarity", image_base64_1=image, image_base64_2=image),
        )
        embed = ask("embed", include_quality=True, **one)
        self._check(
            "embed",
            {
                "embedding": [0.1],
                "dimensions": 768,
                "processing_time_ms": 1,
                "quality": {
                    "overall": 0.1,
                    "sharpness": 0.1,
                    "brightness": 0.1,
                    "composition": 0.1,
                },
            },
            embed,
        )
        batch = ask("batch", images=[one], operations=["embed", "colors"])
        self._check(
            "batch",
            {
                "results": [
                    {
                        "status": "success",
                        "embed": {"embedding": [0.1], "dimensions": 768},
                        "colors": {"colors": [], "color_profile": "warm"},
                    }
                ],
                "processing_time_ms": 460,
            },
            batch,
        )
        product = {
            "title": "Classic Leather Jacket",
            "image_url": "http://shop.invalid/jacket.jpg",
            "external_id": "SKU-12345",
            "brand": "Acme",
            "category": "outerwear",
            "price": 299.99,
            "generate_embeddings": False,
        }
        made = ask("catalog/products", **product)
        self._check("product", example("id", "embedding_status", "sku", without=("title",)), made)
        several = ask(
            "catalog/products", products=[product | {"external_id": "b"}], generate_embeddings=False
        )
        self._check("products", example("total_created", "total_failed"), several)
        listed = self._json("GET", "/v1/catalog/products?page=1&per_page=10", headers=headers)
        self._check("list", example("products", "pagination"), listed)
        got = self._json("GET", f"/v1/catalog/products/{made['id']}", headers=headers)
        whole = dict(example("embedding_generated_at"))
        # These come with the embedding, which an address that is none cannot have.
        for key in ("embedding_generated_at", "dominant_colors", "color_profile"):
            del whole[key]
        self._check("get", whole, got)
        found = ask("catalog/search", max_results=10, similarity_threshold=0.75, **one)
        self._check("search", example("results", "query", "total_found"), found)
        gone = self._json("DELETE", f"/v1/catalog/products/{made['id']}", headers=headers)
        self._check("delete", example("success", "deleted"), gone)

    def _threadgenius(self, known: list[Tree]) -> None:
        form = {"api_key": self._key_id, "api_secret": self._secret}
        answer = self._json("POST", "/v0/token", data=form)
        self._check("token", next(t for t in known if "access_token" in t), answer)
        headers = {"Authorization": answer["access_token"]}
        of_one = [t["catalog"] for t in known if isinstance(t.get("catalog"), dict)]

        def example(status: str) -> Tree:
            return next(tree for tree in of_one if tree.get("status") == status)

        made = self._json(
            "POST", "/v0/catalog/", headers=headers, data={"name": "My Awesome Catalog"}
        )
        self._check("create", example("new"), made["catalog"])
        path = f"/v0/catalog/{made['catalog']['catalog_id']}"
        with serve() as site:
            site.pages = {f"/{n}.png": look(n) for n in range(3)}
            lines = "\n".join(f'{n}\t{site.url}/{n}.png\t{{"price": {n}}}' for n in range(3))
            sent = self._json(
                "POST", f"{path}/upload", headers=headers, files={"catalog_file": lines}
            )
            self._check("upload", example("uploading"), sent["catalog"])
            begun = self._json("POST", f"{path}/index", headers=headers)
            self._check("index", example("index in progress"), begun["catalog"])
            for _ in range(200):
                state = self._json("GET", path, headers=headers)["catalog"]
                if state["status"] not in ("indexing", "upload done"):
                    break
                time.sleep(0.1)
        ready = dict(example("ready for query"))
        self._check("get", ready | {"status": ""}, state)
        listed = self._json("GET", "/v0/catalog/", headers=headers)
        several = next(t for t in known if isinstance(t.get("catalog"), list))
        self._check("list", several["catalog"][1], listed["catalog"][0])
        tags = self._json("POST", "/v0/tag", headers=headers, files={"image": look(1)})
        self._check("tag", next(t for t in known if "labels" in t), tags)
        found = self._json(
            "POST",
            "/v0/search",
            headers=headers,
            files={"image": look(1)},
            data={"catalog_id": made["catalog"]["catalog_id"]},
        )
        self._check("search", {"status": {"message": "OK", "code": 200}, "similars": []}, found)
        boxes = self._json("POST", "/v0/detect", headers=headers, files={"image": look(1)})
        self._check("detect", {"status": {"message": "OK", "code": 200}, "boxes": []}, boxes)
        usage = self._json("GET", "/v0/usage", headers=headers)["usage"]
        example_usage = next(t for t in known if "usage" in t)["usage"]
        month = next(iter(usage.values()))
        self._check("usage", next(iter(example_usage.values()))["tag"], month["tag"])
        gone = self._json("DELETE", path, headers=headers)
        self._check(
            "delete",
            next(t for t in known if t.get("status", {}) and "deleted" in str(t["status"])),
            gone,
        )

    def _clipdrop(self) -> None:
        answer = self._json("POST", "/reimagine/v1/reimagine", files={"image_file": look(1)})
        self._check("clipdrop", {"error": "No api key provided"}, answer)
