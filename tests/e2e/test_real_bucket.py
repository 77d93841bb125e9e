"""A bucket of a real service: Ceph's gateway, started here, with a library on top."""

import io
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import numpy as np
import pytest
from PIL import Image

from bowerbird.engines.models import Models
from bowerbird.errors import SourceDeniedError, SourceOfflineError
from bowerbird.library import Library
from bowerbird.sources.s3 import S3Source
from bowerbird.types import Asset, Collection, Comparison, Query
from helpers import ceph
from helpers.encoders import FakeEncoder
from helpers.moto_server import use_keys

pytestmark = pytest.mark.skipif(
    bool(ceph.missing()), reason=f"Ceph is not installed: apt-get install {ceph.PACKAGES}"
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with ceph.radosgw(tmp_path_factory.mktemp("ceph")) as address:
        yield address


@pytest.fixture
def client(service: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    use_keys(monkeypatch, tmp_path, ceph.KEY)
    return boto3.client("s3", endpoint_url=service)


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    encoder = FakeEncoder()
    monkeypatch.setattr(Models, "encoder", lambda *_: encoder)
    with Library.open(tmp_path / "library") as opened:
        yield opened


def noise(seed: int, side: int = 40) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 256, (side, side, 3), np.uint8)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


def assets(library: Library, status: str = "ok") -> dict[str, Asset]:
    found = library.search(Query(filter=Comparison("status", "=", status), limit=None))
    return {asset.key: asset for asset in library.assets(found.ids.tolist())}


def sync(library: Library, collection: Collection) -> None:
    for _ in library.sync(collection):
        pass


def test_a_bucket_through_its_life(
    service: str, client: Any, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.create_bucket(Bucket="life")
    names = [f"pics/{number // 5:02d}/é {number:02d}+&.png" for number in range(40)]
    for number, name in enumerate(names):
        client.put_object(Bucket="life", Key=name, Body=noise(number))
    client.put_object(Bucket="life", Key="pics/large.png", Body=noise(99, 900))
    client.put_object(Bucket="life", Key="other/x.png", Body=noise(100))
    # Small pages, so that the listing goes through its parts.
    page = S3Source._page
    monkeypatch.setattr(S3Source, "_page", lambda self, **how: page(self, **{"MaxKeys": 2, **how}))
    collection = library.add_bucket("s3://life/pics", endpoint=service, path_style=True)
    sync(library, collection)
    first = assets(library)
    assert sorted(f"pics/{key}" for key in first) == sorted([*names, "pics/large.png"])
    library.tag([first["large.png"].id], ["mine"])

    client.copy_object(Bucket="life", Key="pics/new/large.png", CopySource="life/pics/large.png")
    client.delete_object(Bucket="life", Key="pics/large.png")
    client.delete_object(Bucket="life", Key=names[0])
    client.put_object(Bucket="life", Key=names[1], Body=noise(201))
    sync(library, collection)
    second = assets(library)
    assert second["new/large.png"].id == first["large.png"].id
    assert second["new/large.png"].tags == ("mine",)
    assert list(assets(library, "missing")) == [names[0].removeprefix("pics/")]
    changed = names[1].removeprefix("pics/")
    assert second[changed].id == first[changed].id
    assert second[changed].md5 != first[changed].md5

    fetched = library.fetch(second[changed])
    assert fetched is not None
    assert fetched.read_bytes() == noise(201)
    link = library.link(second[changed], 60)
    assert link is not None
    with urllib.request.urlopen(link) as answer:
        assert answer.read() == noise(201)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(link.partition("?")[0])
    refused.value.close()
    assert refused.value.code == 403


def test_refusals_of_a_real_service(
    service: str, client: Any, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.create_bucket(Bucket="closed")
    client.put_object(Bucket="closed", Key="a.png", Body=noise(1))
    how: dict[str, Any] = {"endpoint": service, "path_style": True}
    with pytest.raises(SourceOfflineError, match="no bucket 'none'"):
        library.add_bucket("s3://none", **how)
    with pytest.raises(SourceDeniedError, match="s3:ListBucket"):
        library.add_bucket("s3://closed", anonymous=True, **how)
    collection = library.add_bucket("s3://closed", **how)
    sync(library, collection)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    with pytest.raises(SourceDeniedError, match="does not know who asks"):
        sync(library, collection)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", ceph.SECRET)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
    with pytest.raises(SourceDeniedError, match="does not know who asks"):
        sync(library, collection)
    assert list(assets(library)) == ["a.png"]


def test_a_public_bucket_needs_no_keys(
    service: str, client: Any, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.create_bucket(Bucket="public", ACL="public-read")
    client.put_object(Bucket="public", Key="a.png", Body=noise(1), ACL="public-read")
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    collection = library.add_bucket(
        "s3://public", endpoint=service, path_style=True, anonymous=True
    )
    sync(library, collection)
    (asset,) = assets(library).values()
    link = library.link(asset)
    assert link == f"{service}/public/a.png"
    with urllib.request.urlopen(link) as answer:
        assert answer.read() == noise(1)
