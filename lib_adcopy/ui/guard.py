"""Wraps the tab's handlers: what another web page asks for is refused before anything is done.

A webui's server is not ours to put a middleware into, so each handler looks at its own request. gradio 3 passes a
queued request on to itself with the first one's headers in the body, where anybody may write them; `HeaderRecorder`
keeps those the connection really had.
"""

from __future__ import annotations

import hashlib
import inspect
import logging
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextvars import ContextVar
from typing import Any

import gradio as gr

from lib_adcopy.domain.characters import whole_characters
from lib_adcopy.hosts.base import HostPage
from lib_adcopy.i18n import translate
from lib_adcopy.storage.ownership import Requester
from lib_adcopy.ui.event_streams import UncompressedStreams
from lib_adcopy.ui.origin import Headers, is_from_outside, is_known_host, is_own_page
from lib_adcopy.ui.studio_gate import decoded

_log = logging.getLogger("adcopy.ui")
# The page's script makes it of 64 hexadecimal digits.
_SECRET_AT_LEAST, _SECRET_AT_MOST = 32, 200
_connection: ContextVar[Headers | None] = ContextVar("adcopy_connection_headers", default=None)


class HeaderRecorder:
    """ASGI wrapper that remembers each request's own headers while it is answered; changes nothing."""

    def __init__(self, app: Callable[..., Any]) -> None:
        self._app = app

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        before = _connection.set(decoded(scope))
        try:
            await self._app(scope, receive, send)
        finally:
            _connection.reset(before)


def wrap_server(app: Any) -> None:
    """Put our ASGI wrappers around a server that runs already (a FastAPI or Starlette application)."""
    from starlette.middleware import Middleware

    # Among the others, so that they stay when somebody else has the stack built anew.
    app.user_middleware[:0] = [Middleware(HeaderRecorder), Middleware(UncompressedStreams)]
    app.middleware_stack = app.build_middleware_stack()


class Guard:
    """Checks the requests behind the handlers of one tab; `language` is that of its refusals."""

    def __init__(self, host: HostPage, language: str) -> None:
        self._host, self._language = host, language

    def __call__(self, handler: Callable[..., Any], *, with_request: bool = False) -> Callable[..., Any]:
        """Return the handler as gradio is to call it: its boxes' texts whole, the request first where it wants it."""

        def given(request: gr.Request, values: tuple[Any, ...]) -> tuple[Any, ...]:
            self.check(request)
            whole = whole_characters(values)
            return (request, *whole) if with_request else whole

        def stream(request: gr.Request, *values: Any) -> Iterator[Any]:
            yield from handler(*given(request, values))

        def answer(request: gr.Request, *values: Any) -> Any:
            return handler(*given(request, values))

        return guarded(stream if inspect.isgeneratorfunction(handler) else answer)

    def check(self, request: gr.Request | None) -> None:
        """Raise gr.Error where the request is another web page's."""
        for headers in _seen(request):
            own = is_own_page(headers, self._host.trusts_origin)
            if own and (self._host.is_shared() or is_known_host(headers, self._host.trusts_origin)):
                continue
            named = {name: headers.get(name) for name in ("origin", "host", "sec-fetch-site", "x-forwarded-host")}
            _log.warning("refused a request of another page: %s", named)
            raise gr.Error(translate("ui.foreign_page", self._language))

    def requester(self, request: gr.Request | None, secret: Any) -> Requester:
        """Return who asks: by the name he signed in under, else by the secret his browser keeps for this page."""
        user = str(getattr(request, "username", None) or "")
        name = f"user {user}" if user else ""
        if not name and isinstance(secret, str) and _SECRET_AT_LEAST <= len(secret) <= _SECRET_AT_MOST:
            name = f"browser {secret}"
        known = hashlib.sha256(name.encode()).hexdigest() if name else ""
        return Requester(known, owns_machine=not self.is_shared(request))

    def for_owner(self, handler: Callable[..., Any]) -> Callable[..., Any]:
        """Wrap a handler for what the machine's owner alone may do."""

        def given(request: gr.Request, values: tuple[Any, ...]) -> tuple[Any, ...]:
            if self.is_shared(request):
                raise gr.Error(translate("model_library.error.shared", self._language))
            return values

        def stream(request: gr.Request, *values: Any) -> Iterator[Any]:
            yield from handler(*given(request, values))

        def answer(request: gr.Request, *values: Any) -> Any:
            return handler(*given(request, values))

        return self(stream if inspect.isgeneratorfunction(handler) else answer, with_request=True)

    def is_shared(self, request: gr.Request | None) -> bool:
        """Return whether others than the machine's owner may be asking.

        By the host's settings, or as this request came.
        """
        return self._host.is_shared() or any(is_from_outside(headers) for headers in _seen(request))


def guarded(handler: Callable[..., Any]) -> Callable[..., Any]:
    """Mark a handler that checks its request, in an argument of that name, which gradio finds by its class."""
    handler.__annotations__["request"] = gr.Request
    handler.is_guarded = True  # type: ignore[attr-defined]
    return handler


def _seen(request: gr.Request | None) -> list[Headers]:
    """Return the headers gradio shows, and those of the connection where gradio took its own from a body."""
    if request is None:
        return []
    shown = _plain(getattr(request, "headers", None))
    connection = _connection.get() if getattr(request, "request", None) is None else None
    return [headers for headers in (shown, connection) if headers is not None]


def _plain(headers: Any) -> Headers | None:
    """gradio 3 gives headers of a queued request as an object with items, each name an attribute."""
    if headers is None or not (isinstance(headers, Mapping) or hasattr(headers, "items")):
        return None
    return {str(name).lower(): str(value) for name, value in headers.items()}
