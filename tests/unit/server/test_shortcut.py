"""Methods are answered past the framework, and what is not as it should be by the framework."""

from typing import Any

import pytest
from fastapi import FastAPI, Request
from fastapi.testclient import TestClient
from starlette.datastructures import Headers
from starlette.responses import JSONResponse, Response

from bowerbird.errors import NotFoundError
from bowerbird.server import strict
from bowerbird.server.refusal import RefusedError, Wordings
from bowerbird.server.shortcut import Method, Shortcut

PATH = "/double"


async def _doubled(services: Any, headers: Headers, wanted: Any) -> Response:
    assert services == "services"
    if wanted == "refused":
        raise RefusedError(403, "not for you")
    if wanted == "lost":
        raise NotFoundError("/home/ann/secret is not there")
    return JSONResponse({"short": wanted * 2, "agent": headers["user-agent"]})


@pytest.fixture
def client() -> TestClient:
    long_way = FastAPI()

    @long_way.api_route("/{path:path}", methods=["GET", "POST"])
    async def answer(request: Request) -> dict[str, str]:
        return {"long": (await request.body()).decode()}

    wordings = Wordings(lambda refused: {"no": refused.text})
    method = Method(strict.read, _doubled)
    return TestClient(Shortcut(long_way, "services", {PATH: method}, wordings))  # type: ignore[arg-type]


def test_a_method_is_answered_the_short_way(client: TestClient) -> None:
    for kind in ("application/json", "Application/JSON; charset=utf-8"):
        found = client.post(PATH, content="21", headers={"Content-Type": kind})
        assert found.json() == {"short": 42, "agent": "testclient"}


@pytest.mark.parametrize(
    "body", ["", "{", "[" * 100_000, "NaN", '"\\ud800"'], ids=["empty", "half", "deep", "nan", "\\"]
)
def test_what_is_no_json_goes_the_long_way_whole(client: TestClient, body: str) -> None:
    found = client.post(PATH, content=body, headers={"Content-Type": "application/json"})
    assert found.json() == {"long": body}


def test_other_paths_verbs_and_kinds_go_the_long_way(client: TestClient) -> None:
    json = {"Content-Type": "application/json"}
    assert client.post("/else", content="1", headers=json).json() == {"long": "1"}
    assert client.get(PATH, headers=json).json() == {"long": ""}
    assert client.post(PATH, content="1").json() == {"long": "1"}
    assert client.post(PATH, content="1", headers={"Content-Type": "text/plain"}).json() == {
        "long": "1"
    }


def test_what_is_not_met_is_worded_and_tells_no_path(client: TestClient) -> None:
    refused = client.post(PATH, json="refused")
    assert (refused.status_code, refused.json()) == (403, {"no": "not for you"})
    lost = client.post(PATH, json="lost")
    assert (lost.status_code, lost.json()) == (404, {"no": "What the request names is not there."})
