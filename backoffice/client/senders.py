"""Whom a request comes from, as limits count it (attack 13)."""

from __future__ import annotations

import os
from ipaddress import IPv6Address, ip_address, ip_network

VARIABLE = "FORWARDED_ALLOW_IPS"
"""Uvicorn's own: addresses and networks of proxies, with commas between them."""

_LOOPBACK = "127.0.0.1,::1"


def trusted_proxies() -> list[str]:
    """Return the proxies whose `X-Forwarded-For` is believed: by default what runs on this machine.

    Raises:
        SystemExit: everybody is to be believed, so that everybody could pretend to be anybody.
    """
    named = [each.strip() for each in os.environ.get(VARIABLE, _LOOPBACK).split(",")]
    if any(each == "*" or each.endswith("/0") for each in named):
        raise SystemExit(f"{VARIABLE}: must name the proxy's address; not everybody can be believed")
    return [each for each in named if each]


def counted_address(host: str) -> str:
    """Return what a limit counts for an address: with IPv6 its network, since each has 2^64 addresses."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if not isinstance(address, IPv6Address):
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address), 64), strict=False))
