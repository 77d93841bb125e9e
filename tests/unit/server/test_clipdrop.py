"""Clipdrop's dialect over real sockets."""

import io

import pytest
from PIL import Image

from bowerbird.actions.shown import ShownPicture
from bowerbird.errors import DecodeError
from bowerbird.library import Library
from bowerbird.server.gate import Limits
from helpers.api import Api, look, serving
from helpers.images import encoded

PATH = "/reimagine/v1/reimagine"


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_variation(api: Api, form: str) -> None:
    headers = {"x-api-key": api.key(credits=1)}
    data = look(1, (64, 48), form)
    answer = api.post(PATH, headers=headers, files={"image_file": data})
    assert answer.headers["content-type"] == "image/jpeg"
    picture = Image.open(io.BytesIO(answer.content))
    assert (picture.format, picture.size) == ("JPEG", (64, 48))
    assert answer.headers["x-remaining-credits"] == "0"
    assert answer.headers["x-credits-consumed"] == "1"
    again = api.post(PATH, headers=headers, files={"image_file": data})
    assert (again.status_code, set(again.json())) == (402, {"error"})


def test_every_call_gives_another(api: Api) -> None:
    headers = {"x-api-key": api.secret}
    data = {"image_file": look(1, (64, 48))}
    one, other = (api.post(PATH, headers=headers, files=data) for _ in "12")
    assert one.content != other.content
    assert int(one.headers["x-remaining-credits"]) > 1000


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"no picture",
        encoded(Image.new("RGB", (1025, 10)), "PNG"),
        encoded(Image.new("RGB", (10, 1025)), "PNG"),
        encoded(Image.new("RGB", (64, 64)), "GIF"),
        encoded(Image.new("RGB", (64, 64)), "BMP"),
        encoded(Image.new("RGB", (2, 2)), "PNG"),
        look(1)[:200],
        encoded(Image.new("1", (2000, 2000)), "PNG"),  # more pixels than may be decoded
        b"\xff\xd8\xff" + bytes(21 << 20),
        bytes(25 << 20),  # more than any body may have
    ],
)
def test_bad_pictures_cost_nothing(api: Api, data: bytes) -> None:
    secret = api.key(credits=1)
    answer = api.post(PATH, headers={"x-api-key": secret}, files={"image_file": data})
    assert answer.status_code == 400
    assert set(answer.json()) == {"error"}
    key = api.library.access.find(secret)
    assert key is not None
    assert key.credits == 1


def test_what_fails_inside_costs_nothing(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> bytes:
        raise DecodeError("is damaged")

    monkeypatch.setattr(ShownPicture, "variation", broken)
    secret = api.key(credits=1)
    answer = api.post(PATH, headers={"x-api-key": secret}, files={"image_file": look(1)})
    assert answer.status_code == 400
    key = api.library.access.find(secret)
    assert key is not None
    assert key.credits == 1


def test_keys(api: Api) -> None:
    file = {"image_file": look(1)}
    missing = api.post(PATH, files=file)
    assert (missing.status_code, missing.json()) == (401, {"error": "No api key provided"})
    wrong = api.post(PATH, headers={"x-api-key": "wrong"}, files=file)
    assert (wrong.status_code, set(wrong.json())) == (403, {"error"})
    missing = api.post(PATH, headers={"x-api-key": api.secret})
    assert (missing.status_code, set(missing.json())) == (400, {"error"})


def test_a_server_that_is_busy_says_what_the_document_knows(library: Library) -> None:
    with serving(library, Limits(most_requests=0)) as api:
        answer = api.post(PATH, headers={"x-api-key": api.secret}, files={"image_file": look(1)})
        assert (answer.status_code, set(answer.json())) == (429, {"error"})


def test_sixty_a_minute(api: Api) -> None:
    headers = {"x-api-key": api.secret}
    codes = [api.post(PATH, headers=headers, files={"image_file": b"x"}) for _ in range(62)]
    assert [answer.status_code for answer in codes] == [400] * 60 + [429] * 2
    assert "Retry-After" in codes[-1].headers
