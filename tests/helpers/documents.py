"""The examples of the services' documents, and the same requests to a server of ours.

An example is the JSON that a document shows as an answer. Ours must have every field of it, and of
the same kind; more fields are allowed, and empty lists say nothing of what they would hold.
"""

from __future__ import annotations

import json
import re
import time
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


def readable(text: str) -> str:
    """Return a document whose examples are JSON: without comments, and what they leave out."""
    text = re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE)
    text = re.sub(r",\s*\.\.\.\s*\]", "]", text)
    text = re.sub(r"\[\s*\.\.\.\s*\]", "[]", text)
    return re.sub(r"\},\s*\n(\s*)\n?\s*\]", r"}\n\1]", text)


def _json_in(text: str) -> list[Tree]:
    text = readable(text)
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
        pairs = enumerate(zip(example, answer, strict=False))
        return [line for at, pair in pairs for line in missing(*pair, f"{where}[{at}]")]
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
            self._similarix(documents["similarix"], managed)
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
