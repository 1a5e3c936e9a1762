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
