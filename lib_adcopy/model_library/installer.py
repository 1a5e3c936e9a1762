"""Adding to the library: published models, LoRAs and embeddings by address, converted folders."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from lib_adcopy.errors import AdCopyError
from lib_adcopy.hosts.base import HostCatalogue, HostPage, HostSettings
from lib_adcopy.model_library.addresses import AddressCheck, is_public_address, without_secrets
from lib_adcopy.model_library.models import Library
from lib_adcopy.model_library.progress import OnProgress
from lib_adcopy.model_library.sources import PUBLISHED, SOURCES
from lib_adcopy.model_library.tasks import LibraryTasks


class InstallerHost(HostCatalogue, HostPage, HostSettings, Protocol):
    """The ports that installing needs."""


class ModelInstaller:
    """Fetches and converts; every method returns the new path, None where it was stopped, and raises AdCopyError.

    On a page that others can reach all of them refuse. The same thing is never worked on twice at once; `tasks` runs
    work that outlives a page.
    """

    def __init__(self, host: InstallerHost, library: Library, may_connect: AddressCheck = is_public_address) -> None:
        """`may_connect` decides which IP addresses a download may be redirected to."""
        self._host = host
        self._library = library
        self._may_connect = may_connect
        self._in_progress: set[str] = set()
        self._lock = threading.Lock()
        self.tasks = LibraryTasks()

    def fetch(
        self, name: str, source: str, *, mirror: str = "", on_progress: OnProgress, stop: threading.Event
    ) -> Path | None:
        """Download a model of sources.PUBLISHED from one of SOURCES; `mirror` is an address in place of its own."""
        if name not in PUBLISHED:
            raise AdCopyError("model_library.not_published", name=name, names=", ".join(PUBLISHED))
        if source not in SOURCES:
            raise AdCopyError("model_library.no_source", name=source, names=", ".join(SOURCES))
        chosen = replace(SOURCES[source], mirror=mirror) if mirror else SOURCES[source]
        from lib_adcopy.model_library.fetch import fetch_model

        with self._exclusive(name):
            return fetch_model(PUBLISHED[name], chosen, self._host.paths().models, on_progress=on_progress, stop=stop)

    def fetch_file(self, address: str, kind: str, *, on_progress: OnProgress, stop: threading.Event) -> Path | None:
        """Download a LoRA ("lora") or an embedding ("embedding") into the host's own folder."""
        from lib_adcopy.model_library.download import fetch_file

        paths = self._host.paths()
        folder = paths.loras if kind == "lora" else paths.embeddings
        with self._exclusive(address):
            file = fetch_file(
                address, kind, folder, on_progress=on_progress, stop=stop, may_connect=self._may_connect
            )
            self._host.refresh()
            return file

    def convert(
        self, name: str, bits: int, *, out: Path | None = None, on_progress: OnProgress, stop: threading.Event
    ) -> Path | None:
        """Convert a model of the library to 4 or 8 bits, by default beside ours as "<name>-int4"."""
        from lib_adcopy.model_library.convert import convert

        entry = self._library.model(name)
        if entry is None:
            raise AdCopyError("model_library.unknown_model", name=name)
        out = out or self._host.paths().models / f"{entry.name}-int{bits}"
        with self._exclusive(str(out)):
            return convert(entry.folder, bits, out, on_progress=on_progress, stop=stop)

    @contextmanager
    def _exclusive(self, key: str) -> Iterator[None]:
        if self._host.is_shared():
            raise AdCopyError("model_library.shared")
        with self._lock:
            if key in self._in_progress:
                raise AdCopyError("model_library.at_work", name=without_secrets(key))
            self._in_progress.add(key)
        try:
            yield
        finally:
            self._in_progress.discard(key)
