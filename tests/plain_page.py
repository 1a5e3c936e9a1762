"""The tab as a webui serves it: by a server that is not ours, with nothing of ours before it. Over HTTP, no browser."""

from __future__ import annotations

from contextlib import contextmanager

from PIL import Image

from lib_adcopy.app.studio import Studio
from lib_adcopy.domain.picture import DrawResult, Picture
from lib_adcopy.hosts.standalone import StandaloneHost
from tests.browser import free_port
from tests.page_client import PageClient


class Webui(StandaloneHost):
    """A host that draws grey pictures and remembers what it was asked; `shared` and `trusted` are its owner's flags."""

    def __init__(self, root, *, shared=False, trusted=()):
        super().__init__(root)
        self.shared, self.trusted = shared, trusted
        self.requests = []
        self.interrupted = self.skipped = 0

    @property
    def can_draw(self):
        return True

    def draw(self, request, on_progress, stop, room=None):
        self.requests.append(request)
        pictures = [Picture(Image.new("RGB", (64, 64), "grey"), "grey", at) for at in range(2)]
        return DrawResult(tuple(pictures))

    def interrupt(self):
        self.interrupted += 1

    def skip(self):
        self.skipped += 1

    def is_shared(self):
        return self.shared

    def trusts_origin(self, origin):
        return origin in self.trusted


@contextmanager
def served(host):
    """The page's address and its studio, until the block ends."""
    from lib_adcopy.ui.guard import wrap_server
    from lib_adcopy.ui.tab import build_tab

    studio = Studio(host)
    page = build_tab(studio)
    page.queue()
    server, address, _ = page.launch(server_port=free_port(), prevent_thread_lock=True, quiet=True, share=False)
    wrap_server(server)
    try:
        yield address, studio
    finally:
        # Else it waits for streams that a test left open.
        page.server.force_exit = True
        page.close()
        studio.close()


def client(address, **options):
    """What the page's own script would send."""
    return PageClient(address, **{"headers": {"Origin": address.rstrip("/")}, **options})
