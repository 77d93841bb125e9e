"""One file over HTTP: what the server says of it, and its bytes from any place on.

The standard library does it: this way proxies are honoured, nothing has to be installed, and the
headers of each hop (where the model hub names the digest) can be seen.
"""

from __future__ import annotations

import http.client
import re
import ssl
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import Message
from typing import IO, Any
from urllib.parse import urlsplit

from bowerbird.errors import DownloadError

TIMEOUT_S = 30.0
# Where a sentence says what names another place to download from.
MIRRORS = "HF_ENDPOINT or BOWERBIRD_GITHUB"
_AGENT = "bowerbird"
_WORTH_ANOTHER_TRY = frozenset({408, 425, 429, 500, 502, 503, 504})
_SHA256 = re.compile(r'^"?([0-9a-f]{64})"?$')
_CONTENT_RANGE = re.compile(r"bytes (\d+)-\d+/(\d+)")


class TransferBrokenError(Exception):
    """The transfer broke off in a way that another try may mend.

    Attributes:
        wait_s: How long the server asks to wait; None if it does not say.
    """

    def __init__(self, why: str, wait_s: float | None = None) -> None:
        super().__init__(why)
        self.wait_s = wait_s


@dataclass(frozen=True, slots=True)
class Remote:
    """What a server says of a file; an empty text where it is silent.

    Attributes:
        size: Bytes; None where it is not told.
        etag: A strong version mark.
        sha256: Hex digest, from the hub's `X-Linked-Etag`.
    """

    size: int | None
    etag: str
    sha256: str

    @property
    def version(self) -> str:
        """What must be equal for two parts to belong together; empty when nothing is known."""
        return self.sha256 or self.etag


@dataclass(frozen=True, slots=True)
class Stream:
    """An open answer: its bytes begin at `offset` of the file that `remote` describes."""

    remote: Remote
    offset: int
    body: http.client.HTTPResponse

    def read(self, size: int) -> bytes:
        """Return what has arrived, at most `size` bytes; empty at the end.

        Raises:
            TransferBrokenError: The connection broke.
        """
        try:
            return self.body.read1(size)
        except (OSError, http.client.HTTPException) as error:
            raise TransferBrokenError(
                f"the connection broke ({error or type(error).__name__})"
            ) from error

    def close(self) -> None:
        """Close the connection."""
        self.body.close()


def probe(url: str) -> Remote:
    """Ask for one byte, to learn size, version and digest.

    A GET, because addresses signed by a content network do not answer HEAD.

    Raises:
        TransferBrokenError: Another try may help.
        DownloadError: It will not.
    """
    stream = _ask(url, {"Range": "bytes=0-0"})
    stream.close()
    return stream.remote


def open_at(url: str, start: int, remote: Remote) -> Stream:
    """Open a file at `start` if the server can and still has the same version, else at 0.

    Raises:
        TransferBrokenError: Another try may help.
        DownloadError: It will not.
    """
    headers = {}
    if start and remote.version:
        headers["Range"] = f"bytes={start}-"
        if remote.etag:
            headers["If-Range"] = remote.etag
    stream = _ask(url, headers)
    same_digest = not remote.sha256 or stream.remote.sha256 in ("", remote.sha256)
    same_size = stream.remote.size in (None, remote.size)
    if not same_size or stream.offset not in (0, start) or not same_digest:
        stream.close()
        raise DownloadError(
            f"{url} changed while it was being downloaded. Start the download again."
        )
    return stream


class _Hops(urllib.request.HTTPRedirectHandler):
    """Follows redirects, keeps their headers, and never leaves HTTPS."""

    def __init__(self) -> None:
        self.headers: list[Message] = []

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: Any,
        newurl: str,
    ) -> urllib.request.Request | None:
        scheme = urlsplit(newurl).scheme
        if scheme != "https" and scheme != req.type:
            raise DownloadError(
                f"{req.full_url} leads to an address that is not safe ({newurl}). "
                f"Check {MIRRORS}, or use another mirror."
            )
        self.headers.append(headers)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _ask(url: str, headers: dict[str, str]) -> Stream:
    if urlsplit(url).scheme not in ("https", "http"):
        raise DownloadError(f"{url} is not an address to download from. Check {MIRRORS}.")
    hops = _Hops()
    request = urllib.request.Request(
        url, headers={"User-Agent": _AGENT, "Accept-Encoding": "identity", **headers}
    )
    try:
        body = urllib.request.build_opener(hops).open(request, timeout=TIMEOUT_S)
    except urllib.error.HTTPError as error:
        with error:
            raise _refused(url, error) from error
    except urllib.error.URLError as error:
        if isinstance(error.reason, ssl.SSLError):
            raise DownloadError(
                f"The connection to {urlsplit(url).netloc} is not safe ({error.reason}). "
                "Check the clock and the proxy of this computer."
            ) from error
        raise TransferBrokenError(f"{urlsplit(url).netloc}: {error.reason}") from error
    except (OSError, http.client.HTTPException) as error:
        raise TransferBrokenError(
            f"{urlsplit(url).netloc}: {error or type(error).__name__}"
        ) from error
    return _described(body, [*hops.headers, body.headers])


def _described(body: http.client.HTTPResponse, hops: list[Message]) -> Stream:
    offset, size = 0, None
    partial = _CONTENT_RANGE.match(body.headers.get("Content-Range", ""))
    if body.status == 206 and partial:
        offset, size = int(partial[1]), int(partial[2])
    elif body.headers.get("Content-Length", "").isdigit():
        size = int(body.headers["Content-Length"])
    etag = body.headers.get("ETag", "")
    digests = (_SHA256.match(hop.get("X-Linked-Etag", "")) for hop in hops)
    sha256 = next((found[1] for found in digests if found), "")
    return Stream(Remote(size, "" if etag.startswith("W/") else etag, sha256), offset, body)


def _refused(url: str, error: urllib.error.HTTPError) -> Exception:
    if error.code in _WORTH_ANOTHER_TRY:
        wait = error.headers.get("Retry-After", "") if error.headers else ""
        return TransferBrokenError(
            f"the server answered {error.code}", float(wait) if wait.isdigit() else None
        )
    if error.code in (401, 403):
        return DownloadError(
            f"{url} may not be read without permission ({error.code}). "
            f"Use another mirror ({MIRRORS}), or add the model from a file."
        )
    if error.code in (404, 410):
        return DownloadError(
            f"{url} is not there ({error.code}). Update Bowerbird, or correct {MIRRORS}."
        )
    return DownloadError(
        f"{url} cannot be downloaded: the server answered {error.code}. Try later."
    )
