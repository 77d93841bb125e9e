"""A bucket of S3 or of what speaks like it, as a source: listed page by page, never written to."""

from __future__ import annotations

import io
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, cast

from botocore.exceptions import BotoCoreError, ClientError

from bowerbird.errors import SourceOfflineError, UsageError
from bowerbird.sources.aws import NOT_THERE, Account, code_of
from bowerbird.sources.listing import AT_ONCE, Lister
from bowerbird.sources.picking import Picker
from bowerbird.sources.throttle import Throttle
from bowerbird.types import Entry, Page, Unreadable

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

SCHEME = "s3://"
# Bodies up to this stay in memory on their way.
IN_MEMORY = 16 << 20
CHUNK = 1 << 18
# A body is asked for so often when it breaks off, each time from there on.
TRIES = 4
# Seconds before the second try of a body; doubled before each further one.
PAUSE_S = 0.25
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class S3Source:
    """All pictures below a prefix of a bucket.

    Args:
        url: `s3://bucket/prefix`.
        config: `region`, `profile`, `endpoint`, and the flags `path_style`, `anonymous`,
            `requester_pays` and `keyring`; what is left out is found as the AWS tools find it. Keys
            are never among them: they come from the environment, a profile, the machine's role, or
            the system's keyring.
        picker: Chooses by names.
        throttle: Counts the bytes of all bodies.
    """

    readers = 16

    def __init__(
        self, url: str, config: Mapping[str, Any], picker: Picker, throttle: Throttle
    ) -> None:
        self._bucket, self._prefix = split(url)
        self._account = Account(url, config, self.readers + AT_ONCE)
        self._payer = {"RequestPayer": "requester"} if config.get("requester_pays") else {}
        self._picker = picker
        self._throttle = throttle

    @property
    def _client(self) -> Any:
        return self._account.client("s3")

    def check(self) -> None:
        """Raise SourceOfflineError or SourceDeniedError unless the bucket can be listed now."""
        self._page(Prefix=self._prefix, MaxKeys=1)

    def entries(self) -> Iterator[Entry | Unreadable]:
        """Yield every picture, a page of keys at a time.

        Raises:
            SourceError: A page did not come, so that nothing may be concluded.
        """
        for page in self.pages({}):
            yield from page.entries

    def pages(self, marks: Mapping[str, str | None]) -> Iterator[Page]:
        """Yield every picture in pages, on from where an earlier listing stopped.

        Raises:
            SourceError: A page did not come, so that nothing may be concluded.
        """
        for found in Lister(self._page, self._prefix, self._account.url).pages(marks):
            entries = [self._entry(one["Key"], one) for one in found.objects]
            kept = tuple(entry for entry in entries if entry is not None)
            yield Page(kept, found.part, found.after)

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
                if code_of(error) in NOT_THERE:
                    continue
                raise self._account.worded(error, "read", "s3:GetObject") from error
            except BotoCoreError as error:
                raise self._account.worded(error, "read", "s3:GetObject") from error
            entry = self._entry(whole, {**facts, "Size": facts["ContentLength"]})
            if entry is not None:
                yield entry

    def _page(self, **how: Any) -> dict[str, Any]:
        client = self._client
        page = self._account.ask(
            lambda: cast(
                "dict[str, Any]",
                client.list_objects_v2(Bucket=self._bucket, **self._payer, **how),
            ),
            "listed",
            "s3:ListBucket",
        )
        # An empty answer, or the page of a hotel's network, reads as a bucket without objects.
        if not isinstance(page.get("IsTruncated"), bool):
            raise SourceOfflineError(
                f"{self._account.url} was not listed: something else than a bucket answered. "
                "Check the network and sync again."
            )
        return page

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

        A body that breaks off goes on where it did, as long as the object is the same.

        Raises:
            SourceError: It cannot be fetched.
        """
        target = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # the caller closes it
        version, fault = "", None
        try:
            for turn in range(TRIES):
                if turn:
                    time.sleep(PAUSE_S * 2 ** (turn - 1))
                try:
                    answer = self._get(key, target.tell(), version)
                    if not answer["resumed"]:
                        target.seek(0)
                        target.truncate()
                    version = answer["ETag"]
                    if self._copy(answer, target):
                        target.seek(0)
                        return cast("BinaryIO", target)
                except (BotoCoreError, OSError) as error:
                    fault = error
            if fault is not None:
                raise self._account.worded(fault, "read", "s3:GetObject") from fault
            raise SourceOfflineError("it broke off on its way; sync again")
        except BaseException:
            target.close()
            raise

    def _get(self, key: str, start: int, version: str) -> dict[str, Any]:
        """Ask for an object from `start` on, if it is still that version, else from its begin."""
        if start and version:
            try:
                how = {"Range": f"bytes={start}-", "IfMatch": version}
                answer = self._object(key, **how)
                # A service that does not know ranges answers 200, with the whole body.
                partial = answer["ResponseMetadata"]["HTTPStatusCode"] == 206
                return {**answer, "resumed": partial}
            except SourceOfflineError:
                pass  # it is another by now, or was whole
        answer = self._object(key)
        return {"ETag": "", **answer, "resumed": False}

    def _object(self, key: str, **how: str) -> dict[str, Any]:
        client = self._client
        return self._account.ask(
            lambda: cast(
                "dict[str, Any]",
                client.get_object(
                    Bucket=self._bucket, Key=self._prefix + key, **self._payer, **how
                ),
            ),
            "read",
            "s3:GetObject",
        )

    def _copy(self, answer: Mapping[str, Any], target: IO[bytes]) -> bool:
        """Copy a body; False where it was shorter than said."""
        begun = target.tell()
        with answer["Body"] as body:
            for chunk in iter(lambda: body.read(CHUNK), b""):
                self._throttle.take(len(chunk))
                target.write(chunk)
        return target.tell() - begun == int(answer["ContentLength"])

    def glance(self, entry: Entry) -> BinaryIO:
        """Open one object for reading a little of it: what is not read is not fetched.

        Raises:
            SourceError: It cannot be fetched; also while it is read.
        """
        return io.BufferedReader(_Ranges(self, entry), 1 << 20)

    def fetch_range(self, key: str, start: int, end: int) -> bytes:
        """Return the bytes of an object from `start` to before `end`.

        Raises:
            SourceError: They cannot be fetched.
        """
        answer = self._object(key, Range=f"bytes={start}-{end - 1}")
        target = io.BytesIO()
        try:
            if self._copy(answer, target) and target.tell() == end - start:
                return target.getvalue()
        except (BotoCoreError, OSError) as error:
            raise self._account.worded(error, "read", "s3:GetObject") from error
        raise SourceOfflineError("it broke off on its way; sync again")

    def locate(self, key: str) -> Path | None:
        """There is no local file."""
        return None

    def link(self, key: str, expires_s: int) -> str | None:
        """Return an address that needs no keys for so long; a public bucket's lasts.

        Raises:
            SourceError: There are no keys to sign it with.
        """
        values = {"Bucket": self._bucket, "Key": self._prefix + key, **self._payer}
        client = self._client
        return self._account.ask(
            lambda: str(
                client.generate_presigned_url("get_object", Params=values, ExpiresIn=expires_s)
            ),
            "read",
            "s3:GetObject",
        )


class _Ranges(io.RawIOBase):
    """An object whose bytes are fetched as they are read."""

    def __init__(self, source: S3Source, entry: Entry) -> None:
        self._source = source
        self._entry = entry
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        begin = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._entry.size}[whence]
        self._at = max(0, begin + offset)
        return self._at

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        end = min(self._at + len(view), self._entry.size)
        if end <= self._at:
            return 0
        data = self._source.fetch_range(self._entry.key, self._at, end)
        view[: len(data)] = data
        self._at = end
        return len(data)


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
