"""The user's own model server: its settings, its model as a writer's, and that it frees the GPU before a picture."""

from __future__ import annotations

import logging
import threading
from typing import Protocol

from lib_adcopy.domain.fields import fields_of
from lib_adcopy.domain.server import ServerSettings
from lib_adcopy.errors import AdCopyError
from lib_adcopy.hosts.base import HostPage, HostSettings
from lib_adcopy.i18n import Message
from lib_adcopy.model_server import ServerClient, ServerModel, parse_address
from lib_adcopy.storage.secret import SavedKey

_log = logging.getLogger("adcopy.server")


class ServerHost(HostSettings, HostPage, Protocol):
    """The ports that the server's settings need."""


class WritingServer:
    """Reads the settings afresh each time: the host's Settings page may have changed them."""

    def __init__(self, host: ServerHost) -> None:
        self._host = host
        # Of the models that wrote for us: their clients, by address and name.
        self._asked: dict[tuple[str, str], ServerClient] = {}
        self._lock = threading.Lock()

    def settings(self) -> ServerSettings:
        """Return the settings as they are kept, the key only where it was saved for this very server."""
        rows = fields_of(ServerSettings).values()
        read = ServerSettings(**{row.attribute: row.read(self._host.option(row.name, row.default)) for row in rows})
        if read.key:
            return read
        saved_for, key = self._saved_key().read()
        mine = bool(key) and _origin(saved_for) == _origin(read.address) != ""
        return ServerSettings(read.address, key if mine else "", read.model, read.public)

    def save(self, settings: ServerSettings) -> ServerSettings:
        """Keep the settings and return them as kept; without an address all are forgotten.

        A key left empty stays, but for a server at another address it is forgotten. Raises AdCopyError.
        """
        if not settings.address:
            settings = ServerSettings()
        address = str(parse_address(settings.address)) if settings.address else ""
        known = self.settings()
        ServerClient(parse_address(address or "localhost"), key=settings.key)
        kept = {"server_address": address, "server_model": settings.model, "server_public": settings.public}
        self._host.keep_options(kept)
        try:
            if settings.key:
                self._saved_key().save(address, settings.key)
            elif _origin(known.address) != _origin(address):
                self._saved_key().delete()
        except OSError as error:
            raise AdCopyError("hosts.settings_not_saved") from error
        return self.settings()

    @property
    def problem(self) -> Message | None:
        """Return why the server cannot be used now, None where it can be tried."""
        settings = self.settings()
        if self._host.is_shared():
            return Message("model_server.error.shared")
        if not (settings.address and settings.model):
            return Message("model_server.error.not_set")
        return None

    @property
    def title(self) -> Message | None:
        """Return what the writer is called, with the address of one that may be elsewhere; None where none is set."""
        settings = self.settings()
        if not (settings.address and settings.model):
            return None
        if not settings.public:
            return Message("studio.writer.server", {"name": settings.model})
        host = _origin(settings.address).partition("://")[2]
        return Message("studio.writer.server_elsewhere", {"name": settings.model, "host": host})

    def client(self, settings: ServerSettings | None = None) -> ServerClient:
        """Return a client of the server. Raises AdCopyError where it is off, or not set."""
        settings = settings or self.settings()
        if self._host.is_shared():
            raise AdCopyError("model_server.shared")
        if not settings.address:
            raise AdCopyError("model_server.not_set")
        return ServerClient(parse_address(settings.address), key=settings.key, any_address=settings.public)

    def model(self) -> ServerModel:
        """Return the model to write with. Raises AdCopyError."""
        settings = self.settings()
        if not settings.model:
            raise AdCopyError("model_server.shared" if self._host.is_shared() else "model_server.not_set")
        client = self.client(settings)
        with self._lock:
            self._asked[str(client.address), settings.model] = client
        return ServerModel(client, settings.model)

    def free(self) -> None:
        """Have the server let go the models that wrote for us, where it has a call for that; never raises."""
        with self._lock:
            asked, self._asked = self._asked, {}
        for (_, name), client in asked.items():
            try:
                if client.unload(name):
                    _log.info("the model server freed %s", name)
            except AdCopyError as error:
                _log.warning("the model server kept %s: %s", name, error)

    def _saved_key(self) -> SavedKey:
        return SavedKey(self._host.paths().data)


def _origin(address: str) -> str:
    """Return where a server is, "" for an address that is none."""
    try:
        return parse_address(address).origin if address else ""
    except AdCopyError:
        return ""
