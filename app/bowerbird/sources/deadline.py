"""Connections that are cut when what is fetched over them takes too long in all.

Timeouts of sockets bound each wait alone: who sends a byte now and then could hold a thread for
ever.
"""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.response import HTTPResponse


class Deadline:
    """Cuts what one thread fetches; its connections tell their sockets to it."""

    _current = threading.local()

    def __init__(self) -> None:
        self.is_over = False
        self._socket: socket.socket | None = None

    @classmethod
    @contextlib.contextmanager
    def within(cls, seconds: float | None) -> Iterator[Deadline]:
        """Cut what this thread fetches meanwhile after some seconds; None for never."""
        made = cls()
        if seconds is None:
            yield made
            return
        timer = threading.Timer(seconds, made.cut)
        timer.daemon = True
        timer.start()
        cls._current.made = made
        try:
            yield made
        finally:
            cls._current.made = None
            timer.cancel()
            timer.join()

    @classmethod
    def watch(cls, used: socket.socket) -> None:
        """Let the deadline of this thread, where it has one, cut a socket.

        Raises:
            TimeoutError: It is over already.
        """
        made = getattr(cls._current, "made", None)
        if made is not None:
            made._socket = used
            if made.is_over:
                raise TimeoutError("it takes too long")

    def cut(self) -> None:
        """End what is fetched."""
        self.is_over = True
        if self._socket is not None:
            with contextlib.suppress(OSError):  # it has ended by itself
                # Not TLS's own way, which is none for another thread.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


class Plain(HTTPConnection):
    """HTTP that a deadline can cut at any moment."""

    def _new_conn(self) -> socket.socket:
        made = super()._new_conn()
        try:
            Deadline.watch(made)
        except BaseException:
            made.close()
            raise
        return made

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]
        """Wait for the answer."""
        if self.sock is not None:
            Deadline.watch(self.sock)
        return super().getresponse()


class Encrypted(Plain, HTTPSConnection):
    """TLS that a deadline can cut at any moment."""


class _PlainPool(urllib3.HTTPConnectionPool):
    ConnectionCls = Plain


class _EncryptedPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = Encrypted


class Pool(urllib3.PoolManager):
    """Connections that a deadline can cut; else as urllib3's."""

    def __init__(self, **how: object) -> None:
        super().__init__(**how)  # type: ignore[arg-type]
        self.pool_classes_by_scheme = {"http": _PlainPool, "https": _EncryptedPool}
