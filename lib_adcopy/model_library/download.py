"""One file from an address the user gives, a LoRA or an embedding: resumed, checked, renamed when it is whole.
"""

from __future__ import annotations

import http.client
import logging
import re
import threading
import time
import urllib.error
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote, urldefrag, urlsplit

from lib_adcopy.errors import AdCopyError
from lib_adcopy.model_library.addresses import AddressCheck, is_public_address, without_secrets
from lib_adcopy.model_library.disk import (
    check_free_space,
    disk_errors_reported,
    format_size,
    matches_sha256,
    sha256_of,
)
from lib_adcopy.model_library.http import FileRequest
from lib_adcopy.model_library.names import plain_name_from
from lib_adcopy.model_library.partial_file import PartialFile
from lib_adcopy.model_library.progress import OnProgress, WorkProgress

_log = logging.getLogger("adcopy.library")
# What a host loads as a LoRA or an embedding; of the old .pt its own restricted loader takes care.
SUFFIXES = {"lora": (".safetensors",), "embedding": (".safetensors", ".pt", ".bin")}
# No LoRA or embedding is larger; a server that names no length could go on for ever.
_MOST_BYTES = {"lora": 8 * 2**30, "embedding": 2**30}
_PAUSE_SECONDS = 1.0
_TRIES_WITHOUT_A_BYTE = 3
_BLOCK_BYTES = 256 * 1024
# How often the disk is looked at while bytes of unknown number come.
_SPACE_CHECK_BYTES = 64 * 2**20
_SHA256 = re.compile(r"[0-9a-fA-F]{64}")
# A hub's page about a file, where the file itself was meant.
_PAGE = re.compile(r"(/[^/]+/[^/]+)/blob/")
_REFUSED = {
    401: "model_library.not_allowed",
    403: "model_library.not_allowed",
    404: "model_library.not_there",
    410: "model_library.not_there",
}


@dataclass(frozen=True)
class _RemoteFile:
    """A file as its server describes it; `size` is 0 and `sha256` "" where it does not say.

    `is_here`: a file of this name and hash is in the folder already, so nothing was received.
    """

    name: str
    size: int
    sha256: str
    etag: str
    is_here: bool = False


def fetch_file(
    address: str,
    kind: str,
    folder: Path,
    *,
    on_progress: OnProgress,
    stop: threading.Event,
    may_connect: AddressCheck = is_public_address,
) -> Path | None:
    """Download a file into `folder`; None where it was stopped (what came is kept). Raises AdCopyError.

    `kind` is a key of SUFFIXES. A SHA-256 is checked where the server publishes one, or the address ends in
    "#sha256=...". `may_connect` decides which IP addresses a redirect may lead to.
    """
    address, wanted = _checked(address)
    with disk_errors_reported(folder):
        folder.mkdir(parents=True, exist_ok=True)
        part = PartialFile(folder, address)
        part.check_ours()
        download = _Download(address, kind, part, on_progress, stop, may_connect)
        remote = download.run(wanted)
        if remote is None:
            return None
        target = folder / remote.name
        on_progress(WorkProgress("checking", file=remote.name))
        if remote.is_here:
            part.remove()
            return target
        if not matches_sha256(part.file, wanted or remote.sha256, stop):
            part.remove()
            raise AdCopyError("model_library.wrong_file", file=remote.name)
        if stop.is_set():
            return None
        if not _looks_whole(part.file, target.suffix):
            part.remove()
            raise AdCopyError("model_library.not_a_network", name=remote.name)
        return part.publish(target, stop)


def _checked(address: str) -> tuple[str, str]:
    """Return the file's address, and the SHA-256 written behind it. Raises AdCopyError for anything else."""
    address, fragment = urldefrag(address.strip())
    try:
        parts = urlsplit(address)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or "@" in parts.netloc or any(character <= " " for character in address):
        raise AdCopyError("model_library.bad_address", address=without_secrets(address)[:100])
    found = _SHA256.search(fragment)
    return _PAGE.sub(r"\1/resolve/", address, count=1), found[0] if found else ""


class _Download:
    """Receives one address's file into its part."""

    def __init__(
        self,
        address: str,
        kind: str,
        part: PartialFile,
        on_progress: OnProgress,
        stop: threading.Event,
        may_connect: AddressCheck,
    ) -> None:
        self._address, self._kind, self._part = address, kind, part
        self._on_progress, self._stop, self._may_connect = on_progress, stop, may_connect
        # For messages and logs.
        self._shown = without_secrets(address)

    def run(self, wanted: str) -> _RemoteFile | None:
        """Receive the whole file; a connection that breaks is taken up again as long as bytes come.

        None where it was stopped. `wanted` is the SHA-256 that the user gave, "" for none.
        """
        idle_tries = 0
        while True:
            before = self._part.size()
            try:
                remote = self._connect_once(wanted)
                if remote is None or remote.is_here or not remote.size or self._part.size() == remote.size:
                    return remote
                reason = "the connection ended early"
            except urllib.error.HTTPError as error:
                if error.code == 416:
                    # What is here is not a beginning of what is there.
                    self._part.file.unlink(missing_ok=True)
                elif error.code not in (429, 500, 502, 503, 504):
                    redirect = "model_library.redirect_refused" if error.code < 400 else "model_library.refused"
                    code = _REFUSED.get(error.code, redirect)
                    raise AdCopyError(code, name=self._shown, reason=f"HTTP {error.code}") from None
                reason = f"HTTP {error.code}"
            except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError) as error:
                reason = _reason(error)
            _log.info("%s: %s", self._shown, reason)
            idle_tries = 0 if self._part.size() > before else idle_tries + 1
            if idle_tries >= _TRIES_WITHOUT_A_BYTE:
                host = urlsplit(self._address).hostname
                raise AdCopyError("model_library.unreachable", address=host, reason=reason)
            if self._stop.wait(_PAUSE_SECONDS):
                return None

    def _connect_once(self, wanted: str) -> _RemoteFile | None:
        """Receive what one connection brings. None where it was stopped."""
        request = FileRequest(self._address, self._may_connect)
        have, etag = self._part.resumable()
        if have:
            request.resume(have, etag)
        with request.open() as response:
            start = _range_start(response)
            if start not in (0, have):
                # Not the bytes that were asked for: begin anew with the next connection.
                self._part.file.unlink(missing_ok=True)
                raise http.client.HTTPException("the server sent another part of the file")
            remote = self._described(response, request, start)
            if self._is_here_already(remote, wanted):
                return replace(remote, is_here=True)
            check_free_space(self._part.file.parent, max(remote.size - start, 0))
            if not start:
                # Without the old bytes first: the new note must never stand beside them.
                self._part.file.unlink(missing_ok=True)
                self._part.remember(remote.etag)
            with self._part.file.open("ab") as out:
                return remote if self._copy(response, out, remote) else None

    def _is_here_already(self, remote: _RemoteFile, wanted: str) -> bool:
        """Tell whether the file is in the folder. Raises AdCopyError where another one has its name."""
        target, sha256 = self._part.file.parent / remote.name, (wanted or remote.sha256).lower()
        if not target.exists():
            return False
        same_size = target.is_file() and remote.size in (0, target.stat().st_size)
        if not same_size or (sha256 and sha256_of(target, self._stop) not in (None, sha256)):
            self._part.remove()
            raise AdCopyError("model_library.file_exists", name=remote.name)
        # Without a hash to compare by, the bytes have to be.
        return bool(sha256)

    def _copy(self, response: Any, out: IO[bytes], remote: _RemoteFile) -> bool:
        """Write what comes, within the free disk and the cap; False where it was stopped."""
        shown_at, checked_at = 0.0, out.tell()
        while block := response.read(_BLOCK_BYTES):
            if out.tell() + len(block) > _MOST_BYTES[self._kind]:
                raise self._too_large()
            if out.tell() - checked_at >= _SPACE_CHECK_BYTES:
                checked_at = out.tell()
                check_free_space(self._part.file.parent, max(remote.size - checked_at, 0))
            out.write(block)
            if self._stop.is_set():
                return False
            if time.monotonic() - shown_at > 0.25:
                shown_at = time.monotonic()
                self._on_progress(WorkProgress("fetching", out.tell(), remote.size, remote.name))
        return True

    def _described(self, response: Any, request: FileRequest, start: int) -> _RemoteFile:
        """Read name, size and hash from the headers. Raises AdCopyError for what is no file of this kind."""
        headers, kind = response.headers, self._kind
        if headers.get_content_type() == "text/html":
            raise AdCopyError("model_library.a_web_page", address=without_secrets(response.url)[:100])
        name = plain_name_from(headers.get_filename() or unquote(urlsplit(response.url).path))
        if Path(name).suffix.lower() not in SUFFIXES[kind]:
            raise AdCopyError("model_library.wrong_kind", name=name or self._shown, kinds=" ".join(SUFFIXES[kind]))
        tags = [each[key] or "" for each in (*request.redirect_headers, headers) for key in ("X-Linked-ETag", "ETag")]
        hashes = [found[0] for tag in tags if (found := _SHA256.fullmatch(tag.strip('"')))]
        length = headers.get("Content-Length") or ""
        size = int(length) + start if length.isascii() and length.isdigit() and int(length) else 0
        if size > _MOST_BYTES[kind]:
            raise self._too_large()
        return _RemoteFile(name, size, hashes[0] if hashes else "", headers.get("ETag") or "")

    def _too_large(self) -> AdCopyError:
        self._part.remove()
        return AdCopyError("model_library.too_large", name=self._shown, limit=format_size(_MOST_BYTES[self._kind]))


def _range_start(response: Any) -> int:
    """Return where in the file the response's bytes begin, -1 where a partial one does not say."""
    if response.status != 206:
        return 0
    found = re.match(r"bytes (\d+)-", response.headers.get("Content-Range") or "")
    return int(found[1]) if found else -1


def _reason(error: Exception) -> str:
    """Return what the network said, without urllib's brackets around it."""
    reason = getattr(error, "reason", error)
    return without_secrets(getattr(reason, "strerror", None) or str(reason))


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
