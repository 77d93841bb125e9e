"""JSON that is valid, and meant to break something."""

import json
from typing import Any

import pytest

from bowerbird.library import Library
from helpers.api import Api, base64_look

IMAGE = base64_look(1)
# Written as they come over the wire: no library of ours makes these.
VALUES = (
    "NaN",
    "Infinity",
    "-Infinity",
    "1e999",
    "1" * 400,
    "-" + "9" * 30,
    r'"\ud800"',
    r'"\u0000"',
    '"' + "x" * 100_000 + '"',
    "[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]",
    '{"a": {"b": {"$gt": 1}}}',
    '{"": 1}',
    '{"a\\"b": 1, "c\\\\": 2, "d.e": 3}',
    "null",
    "true",
    "1e-400",
)


def post(api: Api, path: str, body: str) -> tuple[int, Any]:
    return post_bytes(api, path, body.encode())


def post_bytes(api: Api, path: str, body: bytes) -> tuple[int, Any]:
    headers = {
        "Authorization": f"Token {api.secret}",
        "X-API-Key": api.secret,
        "collection-id": "shop",
        "Content-Type": "application/json",
    }
    answer = api.post(path, headers=headers, data=body)
    # What is answered is JSON as everybody reads it.
    return answer.status_code, json.loads(answer.text, parse_constant=pytest.fail)


@pytest.mark.parametrize("value", VALUES)
def test_no_value_breaks_a_record(shop: Library, api: Api, value: str) -> None:
    base = "/similarity/photos/v2/"
    record = f'{{"_id": "x", "_base64": "{IMAGE}", "field": {value}, "tags": {value}}}'
    status, _ = post(api, base + "insert", f'{{"records": [{record}]}}')
    assert status in (200, 400, 402)
    post(api, base + "update", f'{{"records": [{{"_id": "1", "field": {value}}}]}}')
    for body in (
        '{"records": [{"_id": "x"}, {"_id": "1"}]}',
        f'{{"records": [{{"_id": {value}}}]}}',
    ):
        status, _ = post(api, base + "get", body)
        assert status < 500
    for body in (
        f'{{"filter": {{"field": {value}}}}}',
        f'{{"filter": {{"field": {{"$gt": {value}}}}}}}',
        f'{{"filter": {{"field": {{"$in": [{value}]}}}}}}',
        f'{{"filter": {value}}}',
        f'{{"filter": {{"_id": {value}}}, "limit": {value}}}',
    ):
        status, _ = post(api, base + "find", body)
        assert status < 500, body[:200]
    for body in (
        f'{{"query_record": {{"_id": "1", "tags": {value}}}, "product_field": "field"}}',
        f'{{"query_record": {{"_id": "1"}}, "k": {value}}}',
        f'{{"query_record": {{"_base64": {value}}}}}',
        f'{{"query_record": {{"_url": {value}}}}}',
        f'{{"query_record": {{"_file": {value}}}}}',
    ):
        for method in ("visualKNN", "visualTagsKNN"):
            status, _ = post(api, base + method, body)
            assert status < 500, body[:200]


@pytest.mark.parametrize("value", VALUES)
def test_no_value_breaks_a_product(shop: Library, api: Api, value: str) -> None:
    product = '"image_url": "http://shop.invalid/a.jpg", "generate_embeddings": false'
    for body in (
        f'{{"title": "x", {product}, "metadata": {{"a": {value}}}}}',
        f'{{"title": {value}, {product}}}',
        f'{{"title": "x", {product}, "price": {value}, "external_id": {value}}}',
    ):
        status, _ = post(api, "/v1/catalog/products", body)
        assert status < 500, body[:200]
    for path, body in (
        ("/v1/embed", f'{{"image_base64": {value}}}'),
        ("/v1/similarity", f'{{"embedding_1": [{value}], "embedding_2": [{value}]}}'),
        ("/v1/attributes", f'{{"title": {value}, "description": {value}}}'),
        ("/v1/catalog/search", f'{{"embedding": [{value}], "min_price": {value}}}'),
        ("/v1/colors", f'{{"image_base64": "{IMAGE}", "num_colors": {value}}}'),
    ):
        status, _ = post(api, path, body)
        assert status < 500, (path, body[:200])
    answer = api.get("/v1/catalog/products", headers={"X-API-Key": api.secret})
    assert answer.status_code == 200


@pytest.mark.parametrize("text", ["%ED%A0%80", "%00", "%FF%FE", "%F0%9F%90%95", "x" * 5000, "%25"])
def test_no_text_breaks_an_address(shop: Library, api: Api, text: str) -> None:
    token = {"Authorization": f"Token {api.secret}", "X-API-Key": api.secret}
    for path in (
        f"/api/search/?query={text}",
        f"/api/collections/{text}/",
        f"/v0/catalog/{text}",
        f"/v1/catalog/products/{text}",
        f"/v1/catalog/products?search={text}&category={text}",
        f"/media/{text}/{text}.webp?expires={text}&signature={text}",
    ):
        assert api.get(path, headers=token).status_code < 500, path
    for name in ("Authorization", "X-API-Key", "collection-id"):
        headers = token | {name: b"Token \xff\xfe\xf0"}
        answer = api.post("/similarity/photos/v2/getRecordCount", headers=headers, json={})
        assert answer.status_code < 500


def test_bodies_that_python_reads_and_nobody_else(shop: Library, api: Api) -> None:
    """In another encoding, with halves of characters, with what is no number: each is named."""
    base = "/similarity/photos/v2/"
    half = '{"filter": {"name": "\\ud800"}}'
    for body, said in (
        (half.encode("utf-16"), "UTF-8"),
        (b'{"filter": {"name": "\xed\xa0\x80"}}', "UTF-8"),
        (b'{"filter": {"name": "\xe9"}}', "UTF-8"),
        (half.encode(), "half of a character"),
        (b'{"filter": {}, "limit": NaN}', "NaN"),
        (b'{"filter": {}, "limit": 1e999}', "1e999"),
        (b'{"filter": ' + b"[" * 5000 + b"]" * 5000 + b"}", "nested too deep"),
    ):
        status, answer = post_bytes(api, base + "find", body)
        assert status == 400
        assert said in answer["status"]["error_description"]
    status, answer = post_bytes(api, "/v1/attributes", b'{"title": "\xed\xa0\x80 shirt"}')
    assert (status, answer) == (400, {"error": "The body is not in UTF-8."})


@pytest.mark.parametrize("depth", [90, 101, 960, 975])
def test_what_is_taken_in_can_be_read_again(shop: Library, api: Api, depth: int) -> None:
    """A record that is nested deep must not keep others from being found."""
    base = "/similarity/photos/v2/"
    deep = "[" * depth + "]" * depth
    status, _ = post(api, base + "update", f'{{"records": [{{"_id": "1", "field": {deep}}}]}}')
    assert status == (200 if depth < 100 else 400)
    asked = '{"query_record": {"_id": "1"}, "k": 2, "fields_to_return": ["*"]}'
    for method in ("visualKNN", "visualTagsKNN"):
        assert post(api, base + method, asked)[0] == 200
