"""Tells requests of our own page from those another web page makes in the user's browser.

A browser adds Origin to every POST and WebSocket a page makes, and Sec-Fetch-Site where the address is secure or
loopback; no page can forge either. A request without them comes from a program, which no web page can speak for. A page
whose name was made to point at this machine (DNS rebinding) has an Origin that agrees with its Host, so Host is checked
by itself.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_DEFAULT_PORTS = {"http": 80, "https": 443}
# Names that no public DNS server answers for, so that no foreign page can be served under them.
_LOCAL_ENDINGS = (".localhost", ".local", ".lan", ".home", ".internal", ".intranet", ".home.arpa", ".localdomain")
_FORWARDED = ("x-forwarded-host", "x-forwarded-for", "forwarded", "x-real-ip", "cf-connecting-ip")
Headers = Mapping[str, str]
# Whether the owner named an origin as one of his ("https://ads.example").
Trusts = Callable[[str], bool]


def nobody(origin: str) -> bool:
    """Trust no other origin."""
    return False


def is_own_page(headers: Headers, trusts: Trusts = nobody) -> bool:
    """Return whether a request comes from the page it asks, or from no web page at all; `headers` by lower-case names.

    Reverse proxies: Origin may agree with Host, with X-Forwarded-Host, or, where a proxy sets neither, with nothing,
    if the browser itself says same-origin. A Host without a port, as proxies send it, is compared by its name alone.
    """
    origin, site = headers.get("origin"), headers.get("sec-fetch-site", "")
    if origin is not None and origin != "null" and trusts(origin):
        return True
    if site == "cross-site" or origin == "null":
        return False
    if origin is None:
        return site != "same-site"
    if site == "same-origin":
        return True
    hosts = (headers.get("host", ""), *headers.get("x-forwarded-host", "").split(","))
    return any(_agree(origin, host.strip()) for host in hosts)


def is_known_host(headers: Headers, trusts: Trusts = nobody) -> bool:
    """Return whether Host is a name that no foreign page can be served under: loopback, an address, a local name.

    A public name passes where the page was served over https (a proxy's, for which a foreign page has no certificate)
    or where the owner named it.
    """
    host = headers.get("host", "")
    name = host_name(host)
    if name in LOOPBACK or is_address(name) or "." not in name or name.endswith(_LOCAL_ENDINGS):
        return bool(name)
    origin = headers.get("origin", "")
    if origin.startswith("https://") and _agree(origin, host):
        return True
    return trusts(f"http://{host}") or trusts(f"https://{host}")


def is_from_outside(headers: Headers) -> bool:
    """Return whether the page was reached by another name than the loopback's, or through a proxy or a tunnel."""
    if any(headers.get(name) for name in _FORWARDED):
        return True
    return "host" in headers and host_name(headers["host"]) not in LOOPBACK


def is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def host_name(host: str) -> str:
    """Return the name in a Host header, lower case, without port and brackets; "" where it is none."""
    return _parts(f"//{host}")[0]


def _agree(origin: str, host: str) -> bool:
    name, port, scheme = _parts(origin)
    given, given_port, _ = _parts(f"//{host}")
    if not name or name != given or scheme not in _DEFAULT_PORTS:
        return False
    return given_port is None or given_port == (port or _DEFAULT_PORTS[scheme])


def _parts(address: str) -> tuple[str, int | None, str]:
    try:
        read = urlsplit(address)
        return (read.hostname or "").rstrip("."), read.port, read.scheme
    except ValueError:
        return "", None, ""
