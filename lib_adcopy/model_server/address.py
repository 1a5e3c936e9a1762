"""The address of a model server, read from what a user types."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import urlsplit

from lib_adcopy.errors import AdCopyError

_PORTS = {"http": 80, "https": 443}
# What is copied out of a server's documentation together with its address.
_CALLS = re.compile(r"/(?:chat/completions|completions|models)$")
# Ollama's own interface; the one of OpenAI's form is beside it.
_OLLAMA_CALLS = re.compile(r"^/api(?:/(?:chat|generate|tags|version))?$")
_UNSAFE = re.compile(r"[\x00-\x20\x7f\\]")
_DEFAULT_PATH = "/v1"


@dataclass(frozen=True)
class ServerAddress:
    """Address at which a server answers; `path` stands before "/chat/completions"."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        """Return scheme, host and port."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == _PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"

    @property
    def root(self) -> str:
        """Return the path that a server's own calls stand under, "" for none."""
        return self.path.removesuffix(_DEFAULT_PATH)

    @property
    def is_encrypted(self) -> bool:
        return self.scheme == "https"

    def __str__(self) -> str:
        return self.origin + self.path


def parse_address(text: str) -> ServerAddress:
    """Read "localhost:11434", "http://127.0.0.1:1234/v1" or an address with a call behind it.

    Raises AdCopyError for what is no address of http or https, or holds a name, a password or a query: those are
    secrets, and an address is shown in messages.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    try:
        parts = urlsplit(plain if "://" in plain else f"http://{plain}")
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise AdCopyError("model_server.bad_address") from error
    named = "@" in parts.netloc or parts.query or parts.fragment
    if parts.scheme not in _PORTS or not host or port == 0 or named or _UNSAFE.search(plain):
        raise AdCopyError("model_server.bad_address")
    path = _CALLS.sub("", parts.path.rstrip("/"))
    if not path or _OLLAMA_CALLS.match(path):
        path = _DEFAULT_PATH
    return ServerAddress(parts.scheme, host, port or _PORTS[parts.scheme], path)
