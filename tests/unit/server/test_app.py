"""What the application answers to requests that do not fit, over real sockets."""

import gc
import time
import weakref
from collections.abc import Iterator

import pytest
from fastapi.exceptions import RequestValidationError

from bowerbird.server import app
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
        ("/api/search/", {}, "file: Field required."),
        ("/api/search/", {"file": "x"}, "file: Send a file."),
        ("/api/search/?limit=x", {}, "limit: Input should be a valid integer"),
        ("/v0/detect", {"image": "x"}, "image: Send a file."),
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
