"""One file from an address the user gives, a LoRA or an embedding: resumed, checked, renamed when it is whole."""

from __future__ import annotations

import hashlib
import http.client
import json
import logging
import re
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote, urldefrag, urlsplit

from lib_adcopy.errors import AdCopyError
from lib_adcopy.model_library.disk import check_room, is_published, writing
from lib_adcopy.model_library.progress import Progress, Tell

_log = logging.getLogger("adcopy.library")
# What a host loads as a LoRA or an embedding; of the old .pt its own restricted loader takes care.
KINDS = {"lora": (".safetensors",), "embedding": (".safetensors", ".pt", ".bin")}
_TIMEOUT_SECONDS = 20
_PAUSE_SECONDS = 1.0
_TRIES_WITHOUT_A_BYTE = 3
_BLOCK = 256 * 1024
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
# A hub's page about a file, where the file itself was meant.
_PAGE = re.compile(r"(/[^/]+/[^/]+)/blob/")


@dataclass
class _Answer:
    """What a server said about the file: its name and hash where it told them, and how to ask for the rest of it."""

    name: str
    size: int
    sha256: str
    etag: str


def fetch_file(address: str, kind: str, folder: Path, *, on_progress: Tell, stop: threading.Event) -> Path | None:
    """The file in `folder`, None where it was stopped (what came is kept). Raises AdCopyError.

    A SHA-256 is checked where the server publishes one, or the address ends in "#sha256=...".
    """
    address, wanted = _checked(address)
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f".adcopy-{hashlib.sha256(address.encode()).hexdigest()[:16]}.part"
        told = _receive(address, kind, part, on_progress, stop)
        if told is None:
            return None
        target = folder / told.name
        if target.exists() and target.stat().st_size != part.stat().st_size:
            raise AdCopyError("model_library.file_exists", name=told.name)
        on_progress(Progress("checking", file=told.name))
        if not is_published(part, wanted or told.sha256, stop):
            _forget(part)
            raise AdCopyError("model_library.wrong_file", file=told.name)
        if stop.is_set():
            return None
        if not _looks_whole(part, target.suffix):
            _forget(part)
            raise AdCopyError("model_library.not_a_network", name=told.name)
        part.replace(target)
        _forget(part)
    return target


def _checked(address: str) -> tuple[str, str]:
    """The file's address, and the SHA-256 written behind it."""
    address, fragment = urldefrag(address.strip())
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise AdCopyError("model_library.bad_address", address=address[:100])
    found = _SHA256.search(fragment)
    return _PAGE.sub(r"\1/resolve/", address, count=1), found[0] if found else ""


def _receive(address: str, kind: str, part: Path, tell: Tell, stop: threading.Event) -> _Answer | None:
    """The whole file into `part`; connections that break are taken up again as long as bytes come."""
    idle_tries = 0
    while True:
        before = part.stat().st_size if part.exists() else 0
        try:
            told = _once(address, kind, part, tell, stop)
            if told is None or not told.size or part.stat().st_size == told.size:
                return told
            reason = "the connection ended early"
        except urllib.error.HTTPError as error:
            if error.code == 416:
                # What is here is not a beginning of what is there.
                _forget(part)
            elif error.code not in (429, 500, 502, 503, 504):
                code = _REFUSED.get(error.code, "model_library.refused")
                raise AdCopyError(code, name=address, reason=error) from error
            reason = str(error)
        except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError) as error:
            reason = _reason(error)
        _log.info("%s: %s", address, reason)
        idle_tries = 0 if part.exists() and part.stat().st_size > before else idle_tries + 1
        if idle_tries >= _TRIES_WITHOUT_A_BYTE:
            raise AdCopyError("model_library.unreachable", address=urlsplit(address).hostname, reason=reason)
        if stop.wait(_PAUSE_SECONDS):
            return None


def _reason(error: Exception) -> str:
    """What the network said, without urllib's brackets around it."""
    said = getattr(error, "reason", error)
    return getattr(said, "strerror", None) or str(said)


_REFUSED = {
    401: "model_library.not_allowed",
    403: "model_library.not_allowed",
    404: "model_library.not_there",
    410: "model_library.not_there",
}


def _once(address: str, kind: str, part: Path, tell: Tell, stop: threading.Event) -> _Answer | None:
    """One connection. None where it was stopped."""
    hops = _Hops()
    asked = urllib.request.Request(address, headers={"User-Agent": "ad-copy", "Accept-Encoding": "identity"})
    sidecar = part.with_suffix(".json")
    have = part.stat().st_size if part.exists() and sidecar.exists() else 0
    if have:
        asked.add_header("Range", f"bytes={have}-")
        asked.add_header("If-Range", json.loads(sidecar.read_text(encoding="utf-8"))["etag"])
    with urllib.request.build_opener(hops).open(asked, timeout=_TIMEOUT_SECONDS) as answer:
        resumed = answer.status == 206
        told = _told(answer, hops.seen, kind, have if resumed else 0)
        check_room(part.parent, max(told.size - have, 0))
        if told.etag:
            sidecar.write_text(json.dumps({"etag": told.etag}), encoding="utf-8")
        with part.open("ab" if resumed else "wb") as opened:
            return told if _copy(answer, opened, told, tell, stop) else None


def _copy(answer: Any, opened: IO[bytes], told: _Answer, tell: Tell, stop: threading.Event) -> bool:
    shown = 0.0
    while block := answer.read(_BLOCK):
        opened.write(block)
        if stop.is_set():
            return False
        if time.monotonic() - shown > 0.25:
            shown = time.monotonic()
            tell(Progress("fetching", opened.tell(), told.size, told.name))
    return True


def _told(answer: Any, hops: list[Message], kind: str, have: int) -> _Answer:
    headers = answer.headers
    if headers.get_content_type() == "text/html":
        raise AdCopyError("model_library.a_web_page", address=answer.url[:100])
    name = headers.get_filename() or unquote(Path(urlsplit(answer.url).path).name)
    # A server's name is a stranger's: nothing of it but a plain file name.
    name = re.sub(r"[^\w.()+ -]", "_", Path(name.replace("\\", "/")).name).lstrip(".")
    if Path(name).suffix.lower() not in KINDS[kind]:
        raise AdCopyError("model_library.wrong_kind", name=name, kinds=" ".join(KINDS[kind]))
    marks = [told[key] or "" for told in (*hops, headers) for key in ("X-Linked-ETag", "ETag")]
    hashes = [found[0] for mark in marks if (found := _SHA256.fullmatch(mark.strip('"')))]
    size = int(headers.get("Content-Length") or 0)
    return _Answer(name, size + have if size else 0, hashes[0] if hashes else "", headers.get("ETag") or "")


class _Hops(urllib.request.HTTPRedirectHandler):
    """Keeps what each server on the way said: a hub names the hash before it sends one on to its storage."""

    def __init__(self) -> None:
        self.seen: list[Message] = []

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        self.seen.append(headers)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _looks_whole(file: Path, suffix: str) -> bool:
    if suffix.lower() != ".safetensors":
        with file.open("rb") as opened:
            # A zip of torch's, or the pickle of before; the host's own loader is the one to judge it.
            return opened.read(2) in (b"PK", b"\x80\x02")
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(file, "np") as opened:
            return bool(opened.keys())
    except (SafetensorError, OSError):
        return False


def _forget(part: Path) -> None:
    part.unlink(missing_ok=True)
    part.with_suffix(".json").unlink(missing_ok=True)
