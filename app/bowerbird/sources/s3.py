"""A bucket of S3 or of what speaks like it, as a source: listed page by page, never written to."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, BinaryIO, TypeVar, cast

import boto3
import botocore.session
from botocore import UNSIGNED
from botocore.client import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    NoCredentialsError,
    PartialCredentialsError,
    ProfileNotFound,
)
from botocore.utils import parse_timestamp

from bowerbird.errors import SourceDeniedError, SourceError, SourceOfflineError, UsageError
from bowerbird.sources.picking import Picker
from bowerbird.sources.throttle import Throttle
from bowerbird.types import Entry, Unreadable

T = TypeVar("T")

SCHEME = "s3://"
# Bodies up to this stay in memory on their way.
IN_MEMORY = 16 << 20
CHUNK = 1 << 18
# The same body is asked for so often when it breaks off.
TRIES = 3
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_KEYS = "Correct the keys of its profile (`aws configure`), or the clock of this machine."
# What a service says when it does not know who asks.
_STRANGERS = frozenset(
    {
        "InvalidAccessKeyId",
        "SignatureDoesNotMatch",
        "ExpiredToken",
        "InvalidToken",
        "RequestTimeTooSkewed",
        "AuthorizationHeaderMalformed",
    }
)
_NOT_THERE = frozenset({"NoSuchKey", "404", "NotFound"})


class S3Source:
    """All pictures below a prefix of a bucket.

    Args:
        url: `s3://bucket/prefix`.
        config: `region`, `profile`, `endpoint`, and the flags `path_style`, `anonymous` and
            `requester_pays`; what is left out is found as the AWS tools find it. Keys are never
            among them: they come from the environment, a profile, or the machine's role.
        picker: Chooses by names.
        throttle: Counts the bytes of all bodies.
    """

    readers = 16

    def __init__(
        self, url: str, config: Mapping[str, Any], picker: Picker, throttle: Throttle
    ) -> None:
        self._url = url
        self._bucket, self._prefix = split(url)
        self._config = config
        self._picker = picker
        self._throttle = throttle
        self._made: Any = None

    @property
    def _client(self) -> Any:
        if self._made is None:
            config = self._config
            try:
                core = botocore.session.Session(profile=config.get("profile"))
                parsers = core.get_component("response_parser_factory")
                parsers.set_parser_defaults(timestamp_parser=_moment)
                session = boto3.Session(botocore_session=core, region_name=config.get("region"))
                self._made = session.client(
                    "s3",
                    endpoint_url=config.get("endpoint"),
                    config=Config(
                        signature_version=UNSIGNED if config.get("anonymous") else None,
                        s3={"addressing_style": "path" if config.get("path_style") else "auto"},
                        retries={"max_attempts": 6, "mode": "standard"},
                        max_pool_connections=2 * self.readers,
                        connect_timeout=10,
                        read_timeout=30,
                        # Services that only speak like S3 know no newer checksums.
                        request_checksum_calculation="when_required",
                        response_checksum_validation="when_required",
                    ),
                )
            except (BotoCoreError, ValueError) as error:
                raise self._worded(error, "listed", "s3:ListBucket") from error
        return self._made

    @property
    def _payer(self) -> dict[str, str]:
        return {"RequestPayer": "requester"} if self._config.get("requester_pays") else {}

    def check(self) -> None:
        """Raise SourceOfflineError or SourceDeniedError unless the bucket can be listed now."""
        self._page(MaxKeys=1)

    def entries(self) -> Iterator[Entry | Unreadable]:
        """Yield every picture, a page of keys at a time.

        Raises:
            SourceError: A page did not come, so that nothing may be concluded.
        """
        after: dict[str, str] = {}
        while True:
            page = self._page(**after)
            for found in page.get("Contents", ()):
                entry = self._entry(found["Key"], found)
                if entry is not None:
                    yield entry
            if not page.get("IsTruncated"):
                return
            token = page.get("NextContinuationToken")
            if not token or token == after.get("ContinuationToken"):
                raise SourceError(
                    f"The listing of {self._url} broke off: its service gave no way on. Sync again."
                )
            after = {"ContinuationToken": token}

    def entries_at(self, keys: Iterable[str]) -> Iterator[Entry | Unreadable]:
        """Yield those of some pictures that are there.

        Raises:
            SourceError: The bucket is away.
        """
        for key in keys:
            whole = self._prefix + key
            try:
                facts = self._client.head_object(Bucket=self._bucket, Key=whole, **self._payer)
            except ClientError as error:
                if _code(error) in _NOT_THERE:
                    continue
                raise self._worded(error, "read", "s3:GetObject") from error
            except BotoCoreError as error:
                raise self._worded(error, "read", "s3:GetObject") from error
            entry = self._entry(whole, {**facts, "Size": facts["ContentLength"]})
            if entry is not None:
                yield entry

    def _page(self, **more: Any) -> dict[str, Any]:
        return self._ask(
            lambda: cast(
                "dict[str, Any]",
                self._client.list_objects_v2(
                    Bucket=self._bucket, Prefix=self._prefix, **self._payer, **more
                ),
            ),
            "listed",
            "s3:ListBucket",
        )

    def _entry(self, whole: str, facts: Mapping[str, Any]) -> Entry | None:
        key = whole.removeprefix(self._prefix)
        # Names that end in a slash are how consoles show empty folders.
        if not key or key.endswith("/") or not self._picker.wants(key):
            return None
        since = facts["LastModified"] - _EPOCH
        mtime_ns = (since.days * 86_400 + since.seconds) * 10**9 + since.microseconds * 1000
        return Entry(key, int(facts["Size"]), mtime_ns, str(facts.get("ETag", "")).strip('"'))

    def open(self, key: str) -> BinaryIO:
        """Fetch one object whole; the stream can seek, and a large one lies in a temporary file.

        Raises:
            SourceError: It cannot be fetched.
        """
        for left in reversed(range(TRIES)):
            target = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # the caller closes it
            try:
                if self._fetch(key, target):
                    target.seek(0)
                    return cast("BinaryIO", target)
            except (BotoCoreError, OSError) as error:
                target.close()
                if not left:
                    raise self._worded(error, "read", "s3:GetObject") from error
            except BaseException:
                target.close()
                raise
            target.close()
        raise SourceOfflineError("it broke off on its way; sync again")

    def _fetch(self, key: str, target: IO[bytes]) -> bool:
        """Copy a body; False where it was shorter than said."""
        answer = self._ask(
            lambda: cast(
                "dict[str, Any]",
                self._client.get_object(Bucket=self._bucket, Key=self._prefix + key, **self._payer),
            ),
            "read",
            "s3:GetObject",
        )
        with answer["Body"] as body:
            for chunk in iter(lambda: body.read(CHUNK), b""):
                self._throttle.take(len(chunk))
                target.write(chunk)
        return target.tell() == int(answer["ContentLength"])

    def locate(self, key: str) -> Path | None:
        """There is no local file."""
        return None

    def _ask(self, request: Callable[[], T], what: str, permission: str) -> T:
        try:
            return request()
        except (ClientError, BotoCoreError) as error:
            raise self._worded(error, what, permission) from error

    def _worded(self, error: Exception, what: str, permission: str) -> SourceError:
        """Return what a fault means to somebody, and what to do about it."""
        if isinstance(error, ClientError):
            return self._refused(error, what, permission)
        if isinstance(error, ProfileNotFound):
            return SourceDeniedError(f"{error}. Name another profile, or run `aws configure`.")
        if isinstance(error, NoCredentialsError | PartialCredentialsError):
            return SourceDeniedError(
                f"There are no keys for {self._url}. Set AWS_PROFILE or run `aws configure`; "
                "for a public bucket, add it as anonymous."
            )
        where = self._config.get("endpoint") or "its service"
        return SourceOfflineError(
            f"{self._url} does not answer ({error}). Check the network and {where}, and sync again."
        )

    def _refused(self, error: ClientError, what: str, permission: str) -> SourceError:
        code = _code(error)
        if code == "NoSuchBucket":
            return SourceOfflineError(
                f"There is no bucket {self._bucket!r}. Check its name, region and endpoint."
            )
        if code in _NOT_THERE:
            return SourceError("it is not there any more")
        if code in _STRANGERS:
            return SourceDeniedError(f"{self._url} does not know who asks ({code}). {_KEYS}")
        if code in ("AccessDenied", "403", "Forbidden", "AllAccessDisabled"):
            return SourceDeniedError(
                f"{self._url} may not be {what}. Give the user the permission {permission} on it."
            )
        if code in ("PermanentRedirect", "301"):
            return SourceOfflineError(f"{self._url} lies in another region. Name it with --region.")
        return SourceOfflineError(f"{self._url} does not answer ({code}). Sync again later.")


def split(url: str) -> tuple[str, str]:
    """Return bucket and prefix of `s3://bucket/prefix`; the prefix ends in a slash or is empty.

    Raises:
        UsageError: That is no such address.
    """
    if not url.startswith(SCHEME):
        raise UsageError(f"{url!r} is no bucket. Write it as s3://bucket/prefix.")
    bucket, _, prefix = url.removeprefix(SCHEME).partition("/")
    if not bucket:
        raise UsageError(f"{url!r} names no bucket. Write it as s3://bucket/prefix.")
    prefix = prefix.strip("/")
    return bucket, f"{prefix}/" if prefix else ""


def _moment(text: str) -> datetime:
    """Read a time; a listing has one a key, and botocore's own reading takes half of its time."""
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return cast("datetime", parse_timestamp(text))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _code(error: ClientError) -> str:
    return str(error.response.get("Error", {}).get("Code", ""))
