"""What a page is told while a long step runs comes at once, though the webui compresses its answers."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

pytest.importorskip("gradio")

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from lib_adcopy.ui.guard import wrap_server

EVENT = b"data: 1 %\n\n"


@pytest.fixture
def server():
    """A webui's server as Forge sets it up, with ours around it."""

    async def stream(request):
        async def events():
            yield EVENT
            yield EVENT

        return StreamingResponse(events(), media_type="text/event-stream")

    async def page(request):
        return PlainTextResponse("long " * 1000)

    app = Starlette(routes=[Route("/queue/data", stream), Route("/", page)])
    app.user_middleware.insert(0, Middleware(GZipMiddleware, minimum_size=1000))
    wrap_server(app)
    return app


def answer(server, path):
    """The answer's headers, and the parts its body is sent in."""
    sent = []

    async def receive():
        # A browser that stays.
        await asyncio.Event().wait()

    async def send(message):
        sent.append(message)

    headers = [(b"accept-encoding", b"gzip, br"), (b"host", b"127.0.0.1")]
    scope = {
        "type": "http", "method": "GET", "scheme": "http", "http_version": "1.1", "headers": headers, "app": server,
        "path": path, "raw_path": path.encode(), "root_path": "", "query_string": b"",
    }  # fmt: skip
    # On a thread of its own: a browser that this process drives has an event loop on this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(server(scope, receive, send))).result(30)
    return dict(sent[0]["headers"]), [message["body"] for message in sent[1:]]


def test_every_event_is_sent_as_it_comes(server):
    headers, parts = answer(server, "/queue/data")
    assert b"content-encoding" not in headers
    assert parts[:2] == [EVENT, EVENT]


def test_the_page_itself_stays_compressed(server):
    headers, _ = answer(server, "/")
    assert headers[b"content-encoding"] == b"gzip"
