"""What is added to the library: models fetched, LoRAs and embeddings by address, folders converted."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from lib_adcopy.errors import AdCopyError
from lib_adcopy.hosts.base import Host
from lib_adcopy.model_library.jobs import Jobs
from lib_adcopy.model_library.models import Library
from lib_adcopy.model_library.progress import Tell
from lib_adcopy.model_library.sources import PUBLISHED, SOURCES


class Stock:
    """Every method gives the new path, None where it was stopped, and raises AdCopyError; on a page that others can
    reach all of them refuse. The same thing is never at work twice; `jobs` is for work that outlives a page."""

    def __init__(self, host: Host, library: Library) -> None:
        self._host = host
        self._library = library
        self._at_work: set[str] = set()
        self._lock = threading.Lock()
        self.jobs = Jobs()

    def fetch(
        self, name: str, source: str, *, mirror: str = "", on_progress: Tell, stop: threading.Event
    ) -> Path | None:
        """A model of sources.PUBLISHED from one of sources.SOURCES; `mirror` is an address in place of its own."""
        if name not in PUBLISHED:
            raise AdCopyError("model_library.not_published", name=name, names=", ".join(PUBLISHED))
        if source not in SOURCES:
            raise AdCopyError("model_library.no_source", name=source, names=", ".join(SOURCES))
        chosen = replace(SOURCES[source], mirror=mirror) if mirror else SOURCES[source]
        from lib_adcopy.model_library.fetch import fetch_model

        with self._alone(name):
            return fetch_model(
                PUBLISHED[name], chosen, self._host.paths().models, on_progress=on_progress, stop=stop
            )

    def fetch_file(self, address: str, kind: str, *, on_progress: Tell, stop: threading.Event) -> Path | None:
        """A LoRA ("lora") or an embedding ("embedding") into the host's own folder."""
        from lib_adcopy.model_library.download import fetch_file

        paths = self._host.paths()
        folder = paths.loras if kind == "lora" else paths.embeddings
        with self._alone(address):
            found = fetch_file(address, kind, folder, on_progress=on_progress, stop=stop)
            self._host.refresh()
            return found

    def convert(
        self, name: str, bits: int, *, out: Path | None = None, on_progress: Tell, stop: threading.Event
    ) -> Path | None:
        """A model of the library in 4 or 8 bits, by default beside ours as "<name>-int4"."""
        from lib_adcopy.model_library.convert import convert

        entry = self._library.model(name)
        if entry is None:
            raise AdCopyError("model_library.unknown_model", name=name)
        out = out or self._host.paths().models / f"{entry.name}-int{bits}"
        with self._alone(str(out)):
            return convert(entry.folder, bits, out, on_progress=on_progress, stop=stop)

    @contextmanager
    def _alone(self, what: str) -> Iterator[None]:
        if self._host.is_shared():
            raise AdCopyError("model_library.shared")
        with self._lock:
            if what in self._at_work:
                raise AdCopyError("model_library.at_work", name=what)
            self._at_work.add(what)
        try:
            yield
        finally:
            self._at_work.discard(what)
