"""ASGI middleware of the studio's own server: refuses what its own page would not send."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from pathlib import Path
from typing import Any

from lib_adcopy.ui.origin import LOOPBACK, Headers, host_name, is_own_page
from lib_adcopy.ui.uploads import MAX_UPLOAD_BYTES, make_room

_log = logging.getLogger("adcopy.studio")
_MAX_JSON_BYTES = 16 * 1024**2
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_UPLOAD = "/upload"
_CLEAN_EVERY_SECONDS = 600
_NO_FRAMES = (b"content-security-policy", b"frame-ancestors 'self'")
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]


class StudioGate:
    """Lets pass what asks for this machine by a loopback name and its own port, and comes from the studio's own page.

    `names` are more host names the server listens under. POSTs are JSON, but for uploads into `uploads`, which must
    name the page they come from. Bodies are limited in size while they are read.
    """

    def __init__(self, app: App, *, uploads: Path, names: Iterable[str] = ()) -> None:
        self._app, self._uploads = app, uploads
        self._names = LOOPBACK | set(names)
        self._cleaned = time.monotonic()

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = decoded(scope)
        refused = self._refusal(scope, headers)
        if refused is not None:
            status, reason = refused
            _log.warning("refused %s %s: %s", scope.get("method", "WebSocket"), scope["path"], reason)
            await _refuse(scope, send, status, reason)
            return
        if scope["type"] == "websocket":
            await self._app(scope, receive, send)
            return
        self._clean()
        limit = MAX_UPLOAD_BYTES if scope["path"] == _UPLOAD else _MAX_JSON_BYTES
        await self._limited(scope, receive, send, limit)

    def _refusal(self, scope: MutableMapping[str, Any], headers: Headers) -> tuple[int, str] | None:
        """Return status and reason where the request is refused; the reason repeats nothing of the request."""
        if not self._is_own_host(scope, headers.get("host", "")):
            return 403, "not this machine's own name and port"
        if _opens_page(scope, headers):
            return None
        if not is_own_page(headers) or headers.get("sec-fetch-site", "") == "same-site":
            return 403, "asked by another page"
        if scope["type"] == "websocket" or scope["method"] in _SAFE_METHODS:
            return None
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        if scope["path"] == _UPLOAD:
            if kind != "multipart/form-data" or "origin" not in headers:
                return 403, "an upload that names no page"
            if _length(headers) > MAX_UPLOAD_BYTES:
                return 413, "too large"
            make_room(self._uploads, _length(headers))
            return None
        if kind != "application/json":
            return 415, "not JSON"
        return (413, "too large") if _length(headers) > _MAX_JSON_BYTES else None

    def _is_own_host(self, scope: MutableMapping[str, Any], host: str) -> bool:
        server = scope.get("server") or (None, None)
        port = host.rpartition("]")[2].partition(":")[2]
        return host_name(host) in self._names and (port or "80") == str(server[1])

    def _clean(self) -> None:
        """Clean up: pictures that gradio keeps for its pages lie beside the uploads; they are deleted now and then."""
        if time.monotonic() - self._cleaned > _CLEAN_EVERY_SECONDS:
            self._cleaned = time.monotonic()
            make_room(self._uploads)

    async def _limited(self, scope: MutableMapping[str, Any], receive: Receive, send: Send, limit: int) -> None:
        """Pass the request on, and ends it where more than `limit` bytes come; a chunked one names no length."""
        seen = 0
        answered = False

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            return {"type": "http.disconnect"} if seen > limit else message

        async def framed(message: Message) -> None:
            nonlocal answered
            if seen > limit:
                return
            if message["type"] == "http.response.start":
                answered = True
                message["headers"] = [*message.get("headers", ()), _NO_FRAMES]
            await send(message)

        try:
            await self._app(scope, counted, framed)
        except Exception:
            if seen <= limit:
                raise
        if seen > limit and not answered:
            await _refuse(scope, send, 413, "too large")


def decoded(scope: MutableMapping[str, Any]) -> dict[str, str]:
    """Return a request's headers by lower-case names."""
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope.get("headers", ())}


def _opens_page(scope: MutableMapping[str, Any], headers: Headers) -> bool:
    """Return a link on another page that opens the studio as a page of its own; not within a frame."""
    fetched = (headers.get("sec-fetch-mode"), headers.get("sec-fetch-dest"))
    return scope.get("method") == "GET" and scope["path"] == "/" and fetched == ("navigate", "document")


def _length(headers: Headers) -> int:
    given = headers.get("content-length", "0")
    return int(given) if given.isdecimal() else 0


async def _refuse(scope: MutableMapping[str, Any], send: Send, status: int, reason: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
        return
    body = reason.encode()
    plain = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": plain})
    await send({"type": "http.response.body", "body": body})
