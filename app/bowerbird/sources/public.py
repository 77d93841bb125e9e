"""Connections to the public internet alone, for addresses that somebody else than the user names.

A name is looked up once, and the connection goes to the very address that was checked, so that a
name which changes its mind (DNS rebinding) gains nothing; redirects make connections of their own
and are checked alike.
"""

from __future__ import annotations

import ipaddress
import socket

import urllib3

from bowerbird.errors import SourceDeniedError
from bowerbird.sources import deadline

# Ranges that carry an IPv4 address within an IPv6 one (NAT64, RFC 6052).
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# All others that are routed. Python takes for global what was reserved or given up, as the
# NAT64 of a local network (RFC 8215) and its "site" addresses.
_UNICAST = ipaddress.ip_network("2000::/3")


def public_address(host: str, port: int) -> str:
    """Return an address of a host, all of whose addresses are public.

    Raises:
        SourceDeniedError: One of them is of a private network, of this machine, or of no host.
        OSError: There is no such host.
    """
    try:
        found = socket.getaddrinfo(host.strip("[]"), port, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError("its host has no name that could be looked up") from error
    addresses = [str(row[4][0]) for row in found]
    if not addresses or not all(is_public(address) for address in addresses):
        raise SourceDeniedError(
            "its address is not of the public internet, which private_addresses = true in "
            "Bowerbird's settings allows from its next start on"
        )
    return addresses[0]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public internet."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner:
            return is_public(str(inner))
        if ip not in _UNICAST:
            return False
    return ip.is_global and not ip.is_multicast


class _Plain(deadline.Plain):
    def _new_conn(self) -> socket.socket:
        name = self._dns_host
        self._dns_host = public_address(name, self.port)
        try:
            return super()._new_conn()
        finally:
            self._dns_host = name


class _Encrypted(_Plain, deadline.Encrypted):
    """TLS over a connection that is checked alike."""


class _PlainPool(urllib3.HTTPConnectionPool):
    ConnectionCls = _Plain


class _EncryptedPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _Encrypted


class PublicPool(urllib3.PoolManager):
    """Connections to the public internet alone; else as urllib3's."""

    def __init__(self, **how: object) -> None:
        super().__init__(**how)  # type: ignore[arg-type]
        self.pool_classes_by_scheme = {"http": _PlainPool, "https": _EncryptedPool}
