"""Fetches pictures over HTTP(S): within limits, a few a second from one host, again when cut."""

from __future__ import annotations

import re
import tempfile
import threading
import time
import urllib.request
from collections import defaultdict
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING, Any, BinaryIO, cast
from urllib.parse import urlsplit

import urllib3
from urllib3.exceptions import HTTPError, LocationValueError
from urllib3.util import Retry, Timeout

from bowerbird.errors import (
    SourceDeniedError,
    SourceError,
    SourceOfflineError,
    TooLargeError,
)
from bowerbird.sources.deadline import Deadline, Pool
from bowerbird.sources.public import PublicPool
from bowerbird.sources.throttle import Throttle

if TYPE_CHECKING:
    from bowerbird.settings import Settings

# Bodies up to this stay in memory on their way.
IN_MEMORY = 16 << 20
CHUNK = 1 << 16
# The same body is asked for so often when it breaks off, and so long is waited for one answer.
TRIES = 3
CONNECT_S, READ_S = 10.0, 30.0
# Where somebody waits, or where others than the user name addresses: redirects, tries and all.
WHOLE_S = 60.0
# What is asked again, by the host's own word on when (at most this long) or by doubling pauses.
BUSY = (408, 425, 429, 500, 502, 503, 504)
MOST_WAIT_S = 60
BACKOFF_S = 0.5
# Requests in a row that a host did not answer before the rest is not asked, and for how long.
SILENT, SILENT_S = 4, 60.0
# So many hosts are remembered; who names addresses could make up ever new ones.
MOST_HOSTS = 1000
READERS = 16
_OBJECT = re.compile(r"^(<[^>]*>|\w+\([^)]*\)): ")
NO_ADDRESS = "its address is none of the web"


@dataclass(slots=True)
class _Host:
    pace: Throttle
    silent: int = 0
    since: float = field(default=0.0)


class Web:
    """Fetches by address, from any thread.

    Args:
        most_bytes: A body that is larger is refused.
        per_second: Requests a second to one host; 0 for as many as come.
        throttle: Counts the bytes of all bodies.
        waits: Whether a host that is busy is asked again.
        public: Whether what does not lie on the public internet is refused, also behind redirects;
            then no proxy is asked either, since it would look addresses up itself.
    """

    def __init__(
        self,
        most_bytes: int,
        per_second: float,
        throttle: Throttle,
        *,
        waits: bool = True,
        public: bool = False,
    ) -> None:
        self._manager: type[urllib3.PoolManager] = PublicPool if public else Pool
        self._whole_s = WHOLE_S if public or not waits else None
        self._public = public
        self._most_bytes = most_bytes
        self._throttle = throttle
        self._lock = threading.Lock()
        self._hosts: dict[str, _Host] = defaultdict(lambda: _Host(Throttle(per_second)))
        self._pools: dict[str, urllib3.PoolManager] = {}
        self._retry = Retry(
            total=4 if waits else 1,
            redirect=5,
            backoff_factor=BACKOFF_S,
            status_forcelist=BUSY if waits else (),
            retry_after_max=MOST_WAIT_S,
            raise_on_status=False,
        )

    def open(self, url: str) -> BinaryIO:
        """Fetch one address whole; the stream can seek, a large one lies in a temporary file.

        Raises:
            SourceError: There is nothing to be had, now (SourceOfflineError), for us
                (SourceDeniedError), or ever; to be read after "could not be read:".
            TooLargeError: The body has too many bytes.
        """
        try:
            parts = urlsplit(url)
            known = parts.scheme in ("http", "https") and bool(parts.hostname)
        except ValueError:
            known = False
        if not known:
            raise SourceError(NO_ADDRESS)
        with self._lock:
            if len(self._hosts) >= MOST_HOSTS and parts.netloc not in self._hosts:
                self._hosts.clear()
            host = self._hosts[parts.netloc]
        if host.silent >= SILENT and time.monotonic() - host.since < SILENT_S:
            raise SourceOfflineError(f"{parts.hostname} does not answer")
        with Deadline.within(self._whole_s) as deadline:
            return self._try(url, host, deadline)

    def _try(self, url: str, host: _Host, deadline: Deadline) -> BinaryIO:
        name, why = urlsplit(url).hostname, ""
        for _ in range(TRIES):
            host.pace.take()
            target = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # the caller closes it
            try:
                self._copy(url, target)
            except (HTTPError, OSError) as error:
                target.close()
                if isinstance(error, LocationValueError):
                    raise SourceError(NO_ADDRESS) from error
                why = _plainly(error)
                host.silent, host.since = host.silent + 1, time.monotonic()
                if host.silent >= SILENT or deadline.is_over:
                    break
            except BaseException:
                target.close()
                raise
            else:
                host.silent = 0
                target.seek(0)
                return cast("BinaryIO", target)
        if deadline.is_over:
            raise SourceOfflineError(f"{name} takes too long")
        raise SourceOfflineError(f"{name} does not answer ({why})")

    def _copy(self, url: str, target: IO[bytes]) -> None:
        answer = self._pool(url).request(
            "GET",
            url,
            preload_content=False,
            retries=self._retry,
            headers={"Accept": "image/*,*/*"},
        )
        try:
            _refuse(answer)
            said = answer.headers.get("Content-Length", "")
            if said.isdecimal() and int(said) > self._most_bytes:
                raise self._too_large()
            total = 0
            for chunk in answer.stream(CHUNK, decode_content=True):
                total += len(chunk)
                if total > self._most_bytes:
                    raise self._too_large()
                self._throttle.take(len(chunk))
                target.write(chunk)
        finally:
            # What was not read to its end cannot be used for the next request.
            answer.close()

    def _too_large(self) -> TooLargeError:
        return TooLargeError(f"is larger than max_url_bytes in the settings ({self._most_bytes})")

    def _pool(self, url: str) -> urllib3.PoolManager:
        """Return the connections to use, through the system's proxy where it has one."""
        parts = urlsplit(url)
        proxy = urllib.request.getproxies().get(parts.scheme, "")
        if self._public or urllib.request.proxy_bypass(parts.hostname or ""):
            proxy = ""
        with self._lock:
            if proxy not in self._pools:
                how: dict[str, Any] = {
                    "maxsize": READERS,
                    "timeout": Timeout(connect=CONNECT_S, read=READ_S),
                    "headers": {"User-Agent": "bowerbird", "Accept": "image/*, */*;q=0.5"},
                }
                self._pools[proxy] = (
                    urllib3.ProxyManager(proxy, **how) if proxy else self._manager(**how)
                )
            return self._pools[proxy]


def is_address(text: str) -> bool:
    """Whether a text names something on the web."""
    return text.lower().startswith(("http://", "https://"))


def web_within(settings: Settings, *, public: bool = False) -> Web:
    """Return the web as far as the settings reach; `public` for what others than the user name."""
    throttle = Throttle(settings.download_bytes_per_second)
    public = public and not settings.private_addresses
    return Web(settings.max_url_bytes, settings.requests_per_second, throttle, public=public)


def _refuse(answer: urllib3.BaseHTTPResponse) -> None:
    status = answer.status
    if status < 300:
        return
    said = f"its address answers {status} {answer.reason or ''}".rstrip()
    if status in (401, 402, 403, 407, 451):
        raise SourceDeniedError(said)
    raise (SourceOfflineError if status in BUSY else SourceError)(said)


def _plainly(error: Exception) -> str:
    """Return what went wrong without urllib3's addresses of objects."""
    cause = getattr(error, "reason", None) or error
    return _OBJECT.sub("", str(cause))
