"""Addresses that give one picture to whoever has them, for a while, as a browser needs them."""

from __future__ import annotations

import hashlib
import hmac
import time

from bowerbird.server.refusal import RefusedError

# Seconds that an address lasts, and the steps that its end is rounded up to: the same picture has
# the same address for a while, so that browsers keep it.
LASTS_S, STEP_S = 24 * 3600, 3600


class Links:
    """Signs paths, and knows its own signatures.

    Args:
        secret: What to sign with.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def sign(self, base: str, path: str) -> str:
        """Return the address of a path that needs no key.

        Args:
            base: Where the server is, with a slash at its end.
            path: Begins with a slash.
        """
        expires = (int(time.time()) // STEP_S + 1) * STEP_S + LASTS_S
        return f"{base.rstrip('/')}{path}?expires={expires}&signature={self._mark(path, expires)}"

    def check(self, path: str, expires: str, signature: str) -> None:
        """Let a signed path pass.

        Raises:
            RefusedError: It is not signed so, or not any more.
        """
        known = expires.isascii() and expires.isdigit() and len(expires) < 16
        if not known or not hmac.compare_digest(
            self._mark(path, int(expires)), signature.encode("ascii", "replace").decode()
        ):
            raise RefusedError(403, "The address is not one that was given out.")
        if int(expires) < time.time():
            raise RefusedError(403, "The address has expired. Ask for a new one.")

    def _mark(self, path: str, expires: int) -> str:
        text = f"{path.rstrip('/')}\n{expires}".encode()
        return hmac.new(self._secret, text, hashlib.sha256).hexdigest()
