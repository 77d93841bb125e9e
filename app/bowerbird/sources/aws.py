"""How buckets and queues are reached: with which keys and patience, and what refusals mean."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar, cast

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

from bowerbird.errors import SourceDeniedError, SourceError, SourceOfflineError
from bowerbird.sources import keys

T = TypeVar("T")

NOT_THERE = frozenset({"NoSuchKey", "404", "NotFound"})
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


class Account:
    """Makes clients for what lies at an address, and words what they refuse.

    Args:
        url: The address, for messages and for the keys that belong to it.
        config: See `sources.s3.S3Source`.
        connections: How many at once.
    """

    def __init__(self, url: str, config: Mapping[str, Any], connections: int) -> None:
        self.url = url
        self.config = config
        self._connections = connections
        self._clients: dict[str, Any] = {}

    def client(self, service: str, endpoint: str | None = None) -> Any:
        """Return the client of a service; safe from any thread once it is made.

        Args:
            service: `s3` or `sqs`.
            endpoint: Where it is; None for the bucket's.

        Raises:
            SourceError: There are no keys, or the configuration is wrong.
        """
        if service not in self._clients:
            try:
                self._clients[service] = self._make(service, endpoint)
            except (BotoCoreError, ValueError) as error:
                raise self.worded(error, "listed", "s3:ListBucket") from error
        return self._clients[service]

    def _make(self, service: str, endpoint: str | None) -> Any:
        config = self.config
        core = botocore.session.Session(profile=config.get("profile"))
        parsers = core.get_component("response_parser_factory")
        parsers.set_parser_defaults(timestamp_parser=_moment)
        if config.get("keyring"):
            core.set_credentials(*keys.load(keys.owner(self.url, config.get("endpoint"))))
        session = boto3.Session(botocore_session=core, region_name=config.get("region"))
        return session.client(
            service,
            endpoint_url=endpoint or config.get("endpoint"),
            config=Config(
                signature_version=UNSIGNED if config.get("anonymous") else None,
                s3={"addressing_style": "path" if config.get("path_style") else "auto"},
                retries={"max_attempts": 6, "mode": "standard"},
                max_pool_connections=self._connections,
                connect_timeout=10,
                read_timeout=30,
                # Services that only speak like S3 know no newer checksums.
                request_checksum_calculation="when_required",
                response_checksum_validation="when_required",
            ),
        )

    def ask(self, request: Callable[[], T], what: str, permission: str) -> T:
        """Return what a request gives, or say why not.

        Raises:
            SourceError: In the words of somebody who wants to mend it.
        """
        try:
            return request()
        except (ClientError, BotoCoreError) as error:
            raise self.worded(error, what, permission) from error

    def worded(self, error: Exception, what: str, permission: str) -> SourceError:
        """Return what a fault means to somebody, and what to do about it."""
        if isinstance(error, ClientError):
            return self._refused(error, what, permission)
        if isinstance(error, ProfileNotFound):
            return SourceDeniedError(f"{error}. Name another profile, or run `aws configure`.")
        if isinstance(error, NoCredentialsError | PartialCredentialsError):
            return SourceDeniedError(
                f"There are no keys for {self.url}. Set AWS_PROFILE or run `aws configure`; "
                "for a public bucket, add it as anonymous."
            )
        where = self.config.get("endpoint") or "its service"
        return SourceOfflineError(
            f"{self.url} does not answer ({error}). Check the network and {where}, and sync again."
        )

    def _refused(self, error: ClientError, what: str, permission: str) -> SourceError:
        code = code_of(error)
        if code == "NoSuchBucket":
            bucket = self.url.removeprefix("s3://").partition("/")[0]
            return SourceOfflineError(
                f"There is no bucket {bucket!r}. Check its name, region and endpoint."
            )
        if code in NOT_THERE:
            return SourceOfflineError("it is not there any more")
        if code in _STRANGERS:
            return SourceDeniedError(f"{self.url} does not know who asks ({code}). {_KEYS}")
        if code in ("AccessDenied", "403", "Forbidden", "AllAccessDisabled"):
            return SourceDeniedError(
                f"{self.url} may not be {what}. Give the user the permission {permission} on it."
            )
        if code in ("PermanentRedirect", "301"):
            return SourceOfflineError(f"{self.url} lies in another region. Name it with --region.")
        return SourceOfflineError(f"{self.url} does not answer ({code}). Sync again later.")


def code_of(error: ClientError) -> str:
    """Return the code by which a service names a fault."""
    return str(error.response.get("Error", {}).get("Code", ""))


def _moment(text: str) -> datetime:
    """Read a time; a listing has one a key, and botocore's own reading takes half of its time."""
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return cast("datetime", parse_timestamp(text))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
