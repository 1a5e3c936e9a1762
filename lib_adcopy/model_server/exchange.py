"""One request to a server and its answer, read on a thread of its own, so that a stop is heard at once.

http.client and not urllib: no proxy of the environment, no redirect, and the connection goes to an address that was
checked after its name was looked up; a second look-up could give another one.
"""

from __future__ import annotations

import http.client
import queue
import socket
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from lib_adcopy.errors import AdCopyError
from lib_adcopy.model_library.addresses import is_private_address
from lib_adcopy.model_server.address import ServerAddress

_POLL_SECONDS = 0.05
_LONGEST_LINE = 2**20


@dataclass(frozen=True)
class Timeouts:
    """Seconds to connect, between two pieces of an answer, and for the whole answer.

    A server that has to read its model's weights first is silent meanwhile.
    """

    connect: float = 5.0
    read: float = 180.0
    whole: float = 900.0


class ExchangeStoppedError(Exception):
    """The user stopped what was asked for."""


@dataclass(frozen=True)
class _Head:
    """The beginning of an answer."""

    status: int
    content_type: str


class Exchange:
    """A request under way; use it in a `with` block, whose end closes the connection.

    Every error of it is an AdCopyError with the server's address, but ExchangeStoppedError.
    """

    def __init__(
        self,
        address: ServerAddress,
        method: str,
        path: str,
        headers: Mapping[str, str],
        body: bytes | None,
        *,
        any_address: bool,
        timeouts: Timeouts,
        largest: int,
        stop: threading.Event,
    ) -> None:
        """Send the request. `any_address` allows public addresses; `largest` bounds the answer in bytes."""
        self._address, self._any_address, self._timeouts = address, any_address, timeouts
        self._largest, self._stop = largest, stop
        self._sent = (method, path, body, dict(headers))
        self._deadline = time.monotonic() + timeouts.whole
        self._came: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._socket: socket.socket | None = None
        self._is_closed = False
        threading.Thread(target=self._run, name="adcopy-server", daemon=True).start()

    def __enter__(self) -> Exchange:
        head = self._next()
        self.status, self.content_type = head.status, head.content_type
        return self

    def __exit__(self, *error: object) -> None:
        self._close()

    def lines(self) -> Iterator[bytes]:
        """Yield the answer's lines as they come, with their ends."""
        while (line := self._next()) is not None:
            yield line

    def read(self) -> bytes:
        """Return the rest of the answer."""
        return b"".join(self.lines())

    def _next(self) -> Any:
        """Return what the thread brings next. Raises its error, or that of a stop or the deadline."""
        while True:
            try:
                came = self._came.get(timeout=_POLL_SECONDS)
            except queue.Empty:
                came = self
            if self._stop.is_set():
                self._close()
                raise ExchangeStoppedError
            if isinstance(came, Exception):
                raise came
            if came is not self:
                return came
            if time.monotonic() > self._deadline:
                self._close()
                raise self._error("too_slow", seconds=round(self._timeouts.whole))

    def _close(self) -> None:
        """End the connection, which also ends what the server computes for it, and the thread."""
        self._is_closed = True
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)

    # ---- on the thread

    def _run(self) -> None:
        try:
            self._exchange()
        except AdCopyError as error:
            self._came.put(error)
        except TimeoutError:
            self._came.put(self._error("too_slow", seconds=round(self._timeouts.read)))
        except (http.client.BadStatusLine, http.client.LineTooLong, ValueError) as error:
            # RemoteDisconnected is a BadStatusLine too.
            cut = isinstance(error, http.client.RemoteDisconnected)
            self._came.put(self._error("cut" if cut else "no_api"))
        except (OSError, http.client.HTTPException):
            self._came.put(self._error("cut"))
        except Exception as error:
            # A fault of ours, raised where somebody waits.
            self._came.put(error)

    def _exchange(self) -> None:
        connected = self._connect()
        self._socket = connected
        try:
            if self._is_closed:
                return
            kind = http.client.HTTPSConnection if self._address.is_encrypted else http.client.HTTPConnection
            connection = kind(self._address.host, self._address.port)
            connection.sock = connected
            method, path, body, headers = self._sent
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            self._came.put(_Head(answer.status, str(answer.getheader("Content-Type") or "").lower()))
            self._read(answer)
        finally:
            connected.close()

    def _read(self, answer: http.client.HTTPResponse) -> None:
        size = 0
        while line := answer.readline(_LONGEST_LINE + 1):
            size += len(line)
            if size > self._largest or len(line) > _LONGEST_LINE:
                raise self._error("too_large")
            self._came.put(line)
        if answer.length:
            # Fewer bytes than were announced.
            raise self._error("cut")
        self._came.put(None)

    def _connect(self) -> socket.socket:
        found = self._look_up()
        allowed = [each for each in found if self._any_address or is_private_address(each)]
        if not allowed:
            raise self._error("public_address")
        if not self._address.is_encrypted:
            allowed = [each for each in allowed if is_private_address(each)]
            if not allowed:
                raise self._error("not_encrypted")
        connected = self._connect_to_first(allowed)
        connected.settimeout(self._timeouts.read)
        return self._encrypted(connected) if self._address.is_encrypted else connected

    def _look_up(self) -> list[str]:
        try:
            found = socket.getaddrinfo(self._address.host, self._address.port, 0, socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            raise self._error("unreachable") from error
        return list(dict.fromkeys(str(info[4][0]) for info in found))

    def _connect_to_first(self, addresses: list[str]) -> socket.socket:
        """Connect to the first that answers: "localhost" is two addresses, and a server often listens at one."""
        for each in addresses:
            try:
                return socket.create_connection((each, self._address.port), self._timeouts.connect)
            except OSError:
                # The next one is tried; in the end one sentence stands for all.
                continue
        raise self._error("unreachable")

    def _encrypted(self, connected: socket.socket) -> socket.socket:
        try:
            return ssl.create_default_context().wrap_socket(connected, server_hostname=self._address.host)
        except ssl.SSLCertVerificationError as error:
            connected.close()
            raise self._error("bad_certificate") from error
        except (ssl.SSLError, ConnectionError) as error:
            connected.close()
            raise self._error("no_tls") from error

    def _error(self, name: str, **params: object) -> AdCopyError:
        return AdCopyError(f"model_server.{name}", address=self._address.origin, **params)
