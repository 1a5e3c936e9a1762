"""HTTP for one file: redirects only to http and https, and to no private address that the user did not name."""

from __future__ import annotations

import http.client
import socket
import ssl
import urllib.request
from collections.abc import Callable
from email.message import Message
from functools import partial
from typing import IO, Any
from urllib.parse import urlsplit

from lib_adcopy.errors import AdCopyError
from lib_adcopy.model_library.addresses import AddressCheck

_TIMEOUT_SECONDS = 20


class FileRequest:
    """A GET request for a file. `redirect_headers` are what each server on the way answered: hubs name hashes there."""

    def __init__(self, url: str, may_connect: AddressCheck) -> None:
        """`may_connect` decides over every address that a redirect leads to; the user's own `url` is not checked."""
        self._request = urllib.request.Request(url, headers={"User-Agent": "ad-copy", "Accept-Encoding": "identity"})
        self._redirects = _Redirects(may_connect)
        self._may_connect = may_connect

    @property
    def redirect_headers(self) -> list[Message]:
        return self._redirects.headers

    def resume(self, have: int, etag: str) -> None:
        """Ask for what follows the first `have` bytes, if the file is still the one with this ETag."""
        self._request.add_header("Range", f"bytes={have}-")
        self._request.add_header("If-Range", etag)

    def open(self) -> Any:
        """Send the request; returns urllib's response.

        Raises urllib's errors, and AdCopyError for a refused redirect.
        """
        opener = urllib.request.build_opener(self._redirects, _Http(self._may_connect), _Https(self._may_connect))
        return opener.open(self._request, timeout=_TIMEOUT_SECONDS)


class _Redirected(urllib.request.Request):
    """A request that a server led to, and not the user."""


class _Redirects(urllib.request.HTTPRedirectHandler):
    def __init__(self, may_connect: AddressCheck) -> None:
        self.headers: list[Message] = []
        self._may_connect = may_connect

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        self.headers.append(headers)
        try:
            parts = urlsplit(newurl)
            host = parts.hostname
        except ValueError:
            host = None
        if not host or parts.scheme not in ("http", "https"):
            raise AdCopyError("model_library.redirect_refused", name=req.host)
        if _uses_proxy(parts.scheme, host):
            # A proxy makes the connection, so only what is known here can be checked.
            _check_known_addresses(host, self._may_connect)
        followed = super().redirect_request(req, fp, code, msg, headers, newurl)
        if followed is None:
            return None
        origin = req.origin_req_host
        return _Redirected(followed.full_url, headers=followed.headers, origin_req_host=origin, unverifiable=True)


class _Http(urllib.request.HTTPHandler):
    def __init__(self, may_connect: AddressCheck) -> None:
        super().__init__()
        self._may_connect = may_connect

    def http_open(self, req: urllib.request.Request) -> Any:
        return self.do_open(_connection(http.client.HTTPConnection, req, self._may_connect), req)


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, may_connect: AddressCheck) -> None:
        context = ssl.create_default_context()
        super().__init__(context=context)
        self._may_connect = may_connect
        self._tls = context

    def https_open(self, req: urllib.request.Request) -> Any:
        kind = partial(http.client.HTTPSConnection, context=self._tls)
        return self.do_open(_connection(kind, req, self._may_connect), req)


def _connection(kind: Callable[..., Any], req: urllib.request.Request, may_connect: AddressCheck) -> Any:
    """Return a factory of connections that check where a redirected request goes at the moment they connect."""

    def make(host: str, **options: Any) -> Any:
        connection = kind(host, **options)
        if isinstance(req, _Redirected) and not _goes_to_proxy(req):
            connection._create_connection = partial(_connect_checked, may_connect)
        return connection

    return make


def _connect_checked(
    may_connect: AddressCheck, address: tuple[str, int], *args: Any, **kwargs: Any
) -> socket.socket:
    """Connect as socket.create_connection does, but to the very addresses that were checked: a second look-up could
    differ."""
    host, port = address
    found = dict.fromkeys(info[4][0] for info in socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM))
    allowed = [each for each in found if may_connect(str(each))]
    if not allowed:
        raise AdCopyError("model_library.redirect_refused", name=host)
    for each in allowed[:-1]:
        try:
            return socket.create_connection((str(each), port), *args, **kwargs)
        except OSError:
            # The last one's error is the one that is raised.
            continue
    return socket.create_connection((str(allowed[-1]), port), *args, **kwargs)


def _check_known_addresses(host: str, may_connect: AddressCheck) -> None:
    """Raise AdCopyError for a host whose addresses are known here and are refused."""
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(host, None, 0, socket.SOCK_STREAM)}
    except OSError:
        return
    if not any(map(may_connect, found)):
        raise AdCopyError("model_library.redirect_refused", name=host)


def _uses_proxy(scheme: str, host: str) -> bool:
    return scheme in urllib.request.getproxies() and not urllib.request.proxy_bypass(host)


def _goes_to_proxy(req: urllib.request.Request) -> bool:
    return req.has_proxy() or bool(getattr(req, "_tunnel_host", None))
