"""Keeps a webui's compression away from the streams by which gradio 4 tells a page of progress.

Forge compresses every answer with Starlette's GZipMiddleware, which (before Starlette 0.46) holds a stream's small
events back until its buffer is full: a page would see nothing of a picture at work until it is done.
"""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from typing import Any

_STREAM = "/queue/data"
_WISH = b"accept-encoding"


class UncompressedStreams:
    """ASGI wrapper that takes the wish for compression out of requests for a stream of events."""

    def __init__(self, app: Callable[..., Any]) -> None:
        self._app = app

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] == "http" and scope["path"].endswith(_STREAM):
            scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0].lower() != _WISH]}
        await self._app(scope, receive, send)
