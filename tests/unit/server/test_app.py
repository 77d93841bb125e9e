"""What the application answers to requests that do not fit, over real sockets."""

import gc
import re
import time
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.exceptions import RequestValidationError

from bowerbird.server import app
from bowerbird.server.port import PORT
from helpers.api import Api


@pytest.fixture
def without_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


@pytest.mark.parametrize(
    ("path", "form", "said"),
    [
        ("/api/search/", {}, "file is missing."),
        ("/api/search/", {"file": "x"}, "file must be a file."),
        ("/api/search/?limit=x", {}, "limit must be a whole number."),
        ("/api/search/?limit=0", {}, "limit must be at least 1."),
        ("/v0/detect", {"image": "x"}, "image must be a file."),
    ],
)
def test_what_is_wrong_is_said_plainly(
    api: Api, path: str, form: dict[str, str], said: str
) -> None:
    answer = api.post(path, headers={"Authorization": f"Token {api.secret}"}, data=form)
    assert answer.status_code == 400
    assert said in answer.text
    assert "class" not in answer.text


@pytest.mark.parametrize(
    ("path", "said"),
    [("/api/search/", "query is missing."), ("/api/search/?query=", "query is empty.")],
)
def test_a_parameter_of_the_address_is_named(api: Api, path: str, said: str) -> None:
    """A GET has no body to speak of, though the parameter has the name of where it stands."""
    answer = api.get(path, headers={"Authorization": f"Token {api.secret}"})
    assert answer.status_code == 400
    assert answer.json()["info"]["error"] == said


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/v1/embed", {"images": []}, "images is empty."),
        ("/v1/embed", {"images": [{}] * 11}, "images may have 10 entries."),
        ("/v1/embed", {"images": "x"}, "images must be a list."),
        ("/v1/embed", {"images": ["x"]}, "images.0 must be a JSON object."),
        ("/v1/embed", {"image_url": 3}, "image_url must be a text."),
        ("/v1/embed", {"image_url": "x" * 9000}, "image_url may have 8192 characters."),
        ("/v1/embed", {"include_quality": "x"}, "include_quality must be true or false."),
        ("/v1/background-remove", {"output_format": "x"}, "output_format must be 'png' or 'webp'."),
        (
            "/v1/catalog/search",
            {"similarity_threshold": 2},
            "similarity_threshold may be 1.0 at most.",
        ),
        ("/v1/catalog/products", {"title": "x"}, "image_url is missing."),
        ("/v1/catalog/products", {"title": "", "image_url": "http://x/y"}, "title is empty."),
        ("/similarity/photos/v2/visualKNN", {"k": 3}, "query_record is missing."),
        (
            "/similarity/photos/v2/visualKNN",
            {"query_record": 3},
            "query_record must be a JSON object.",
        ),
        (
            "/similarity/photos/v2/range",
            {"query_record": {}, "radius": "x"},
            "radius must be a number.",
        ),
    ],
)
def test_what_does_not_fit_is_said_in_sentences(
    api: Api, path: str, body: dict[str, object], said: str
) -> None:
    if "similarity/" in path:
        api.library.add_catalogue("shop")
    headers = {"Authorization": f"Token {api.secret}", "X-API-Key": api.secret}
    answer = api.post(path, headers={**headers, "collection-id": "shop"}, json=body)
    assert answer.status_code == 400
    assert said in answer.text


def test_the_readme_names_the_base_address_of_each_service(api: Api) -> None:
    readme = Path(__file__).resolve().parents[3].joinpath("README.md").read_text("utf-8")
    table = readme.partition("| service | base address")[2].partition("```")[0]
    rows = [line for line in table.splitlines() if "localhost" in line]
    assert len(rows) == len(app.DIALECTS)
    paths = api.get("/openapi.json").json()["paths"]
    for row in rows:
        for base in re.findall(rf"`http://localhost:{PORT}([^`]*)`", row.split("|")[2]):
            assert any(path.startswith(base) for path in paths), base


def test_whoever_asks_for_nothing_is_shown_the_way(api: Api) -> None:
    answer = api.get("/")
    assert answer.status_code == 404
    assert "/docs" in answer.json()["error"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/embed", b"no JSON"),
        ("/v1/embed", b"[]"),
        ("/similarity/photos/v2/visualKNN", b"no JSON"),
        ("/v0/search", b""),
    ],
)
def test_bodies_that_do_not_fit_are_let_go(
    api: Api, monkeypatch: pytest.MonkeyPatch, without_collector: None, path: str, body: bytes
) -> None:
    """They may have megabytes, and the collector counts objects alone."""
    errors: list[weakref.ref[RequestValidationError]] = []
    first = app._first

    def noted(error: RequestValidationError) -> str:
        errors.append(weakref.ref(error))
        return first(error)

    monkeypatch.setattr(app, "_first", noted)
    headers = {
        "Authorization": f"Token {api.secret}",
        "X-API-Key": api.secret,
        "Content-Type": "application/json",
    }
    assert api.post(path, headers=headers, data=body).status_code == 400
    (error,) = errors
    for _ in range(40):
        if error() is None:
            return
        time.sleep(0.05)
    raise AssertionError("the error and its body are still there")
