"""A bucket behind a network that fails at random: nothing is lost, nothing wrongly missing."""

import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from random import Random

import boto3
import numpy as np
import pytest
from PIL import Image

from bowerbird.engines.models import Models
from bowerbird.errors import SourceError
from bowerbird.library import Library
from bowerbird.sources.s3 import S3Source
from bowerbird.types import Asset, Collection, Comparison, Query
from helpers.encoders import FakeEncoder
from helpers.moto_server import serve, use_keys
from helpers.wire import FAULTS, Wire, wire

pytestmark = [pytest.mark.threads_expected, pytest.mark.logs_expected]

ENOUGH = 100


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[str]:
    use_keys(monkeypatch, tmp_path)
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    with serve() as url:
        yield url


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    encoder = FakeEncoder()
    monkeypatch.setattr(Models, "encoder", lambda *_: encoder)
    with Library.open(tmp_path / "library") as opened:
        yield opened


def noise(seed: int) -> bytes:
    pixels = np.random.default_rng(seed).integers(0, 256, (24, 24, 3), np.uint8)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()


def assets(library: Library, status: str) -> dict[str, Asset]:
    found = library.search(Query(filter=Comparison("status", "=", status), limit=None))
    return {asset.key: asset for asset in library.assets(found.ids.tolist())}


def sync(library: Library, collection: Collection) -> bool:
    """Sync; whether it came to its end."""
    try:
        for _ in library.sync(collection):
            pass
    except SourceError:
        return False
    return True


class Bucket:
    """What is truly in the bucket, changed behind the library's back."""

    def __init__(self, service: str) -> None:
        self.client = boto3.client("s3", endpoint_url=service)
        self.client.create_bucket(Bucket="shop")
        self.there: dict[str, int] = {}
        self._seeds = iter(range(10_000))

    def put(self, key: str) -> None:
        self.there[key] = next(self._seeds)
        self.client.put_object(Bucket="shop", Key=key, Body=noise(self.there[key]))

    def drop(self, key: str) -> None:
        del self.there[key]
        self.client.delete_object(Bucket="shop", Key=key)


def test_a_hundred_random_faults(
    service: str, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = S3Source._page
    monkeypatch.setattr(S3Source, "_page", lambda self, **how: page(self, **{"MaxKeys": 5, **how}))
    bucket, random = Bucket(service), Random(7)
    for number in range(60):
        bucket.put(f"{number % 6}/{number:02d}.png")
    with wire(service, seed=3) as network:
        collection = library.add_bucket("s3://shop", endpoint=network.url, path_style=True)
        assert sync(library, collection)
        assert len(assets(library, "ok")) == 60
        for asset in assets(library, "ok").values():
            library.tag([asset.id], [f"tag {asset.key}"])
        ever, rounds = set(bucket.there), 0
        while sum(network.seen.values()) < ENOUGH or rounds < 12:
            rounds += 1
            for key in random.sample(sorted(bucket.there), 2):
                bucket.put(key)
            bucket.put(f"new/{rounds:02d}.png")
            if rounds % 3 == 0:
                bucket.drop(random.choice(sorted(bucket.there)))
            ever |= set(bucket.there)
            network.chance = 0.08
            sync(library, collection)
            check_nothing_is_wrong(library, bucket, ever)
        assert set(network.seen) == set(FAULTS)
        network.chance = 0.0
        assert sync(library, collection)
        check_all_is_right(library, bucket)


def check_nothing_is_wrong(library: Library, bucket: Bucket, ever: set[str]) -> None:
    """Whatever failed: what is there is not missing, and nobody's tags are lost."""
    missing = assets(library, "missing")
    assert not missing.keys() & bucket.there.keys()
    known = {**assets(library, "ok"), **missing, **assets(library, "failed")}
    assert known.keys() <= ever
    for key, asset in known.items():
        if not key.startswith("new/"):
            assert asset.tags == (f"tag {key}",)
    assert sum(not key.startswith("new/") for key in known) == 60


def check_all_is_right(library: Library, bucket: Bucket) -> None:
    """After one sync over a sound network, all is as it is."""
    present = assets(library, "ok")
    assert present.keys() == bucket.there.keys()
    for key, seed in bucket.there.items():
        assert present[key].md5 == hashlib.md5(noise(seed), usedforsecurity=False).hexdigest(), key
    assert library.failures() == []
    assert library.search(Query(limit=None)).total == len(bucket.there)


def test_a_wire_without_faults_changes_nothing(service: str, library: Library) -> None:
    bucket = Bucket(service)
    bucket.put("a.png")
    network: Wire
    with wire(service) as network:
        collection = library.add_bucket("s3://shop", endpoint=network.url, path_style=True)
        assert sync(library, collection)
        check_all_is_right(library, bucket)
        assert network.seen == {}
