"""Checks network addresses for downloads, and removes secrets from URLs for messages and logs."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable
from urllib.parse import urlsplit, urlunsplit

# Decides for one IP address, in text form, whether a connection may go there.
AddressCheck = Callable[[str], bool]

_URL = re.compile(r"\b[a-zA-Z][a-zA-Z0-9+.-]*://[^\s\"'<>()]+")
# Proxies that resolve names themselves ("fake IP" mode) give every public host an address of this benchmarking range.
_FAKE_IP_RANGE = ipaddress.ip_network("198.18.0.0/15")
# This machine and private networks: RFC 1918, RFC 6598 (carriers and VPNs such as Tailscale), RFC 4193, IPv6's
# link-local. Not 169.254.0.0/16, where clouds answer with their machines' secrets.
_PRIVATE_RANGES = tuple(
    ipaddress.ip_network(name)
    for name in ("127.0.0.0/8", "0.0.0.0/32", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10",
                 "::1/128", "::/128", "fc00::/7", "fe80::/10")
)  # fmt: skip
# IPv6 ranges that carry an IPv4 address in their last or first bytes.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def is_public_address(address: str) -> bool:
    """Tell whether an IP address is on the public internet: not private, loopback, link-local or reserved."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        embedded = found.ipv4_mapped or found.sixtofour or (found.teredo[1] if found.teredo else None)
        if embedded is None and found in _NAT64:
            embedded = ipaddress.IPv4Address(found.packed[-4:])
        if embedded is not None:
            return is_public_address(str(embedded))
        return found.is_global and not found.is_multicast
    return found in _FAKE_IP_RANGE or (found.is_global and not found.is_multicast)


def is_private_address(address: str) -> bool:
    """Tell whether an IP address is this machine's own or one of a private network."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return any(found.version == known.version and found in known for known in _PRIVATE_RANGES)


def without_secrets(text: str) -> str:
    """Return `text` with every URL in it cut to scheme, host and path: queries and passwords carry tokens."""
    return _URL.sub(lambda match: _shortened(match[0]), text)


def _shortened(url: str) -> str:
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2]
        return urlunsplit((parts.scheme, host, parts.path, "", ""))
    except ValueError:
        # Not parseable as a URL (a bracket out of place): its secrets cannot be told apart from the rest.
        return f"{url.partition(':')[0]}://..."
