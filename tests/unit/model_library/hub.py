"""A hub on loopback that speaks as much of the two hubs' HTTP as their clients ask for, and misbehaves when told to."""

from __future__ import annotations

import hashlib
import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class Hub:
    """`files` by name; `breaks` is how many answers with a body still end after `break_after` bytes of it."""

    def __init__(self):
        self.files = {}
        self.published = {}
        self.breaks, self.break_after = 0, 0
        self.asked = []
        # The headers of every request.
        self.headers = []
        # Where a path is redirected to; paths that are answered without a length, in chunks.
        self.redirects = {}
        self.chunked = False
        # More names in the listing, as a hub that wants to be written elsewhere would give them.
        self.listed = {}
        self.commit = COMMIT
        self.status = None
        self.slow = None
        self.extra = {}
        self.address = ""

    def sha256(self, name):
        return self.published.get(name) or hashlib.sha256({**self.files, **self.listed}[name]).hexdigest()


def _handler(hub):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *args):
            pass

        def do_HEAD(self):
            self.answer(body=False)

        def do_GET(self):
            self.answer(body=True)

        def answer(self, *, body):
            path, query = urlsplit(self.path).path, parse_qs(urlsplit(self.path).query)
            hub.asked.append((self.command, path, self.headers.get("Range")))
            hub.headers.append(dict(self.headers))
            if path in hub.redirects:
                self.send_response(302)
                self.send_header("Location", hub.redirects[path])
                # As a hub says what the file is before it sends the client on to its storage.
                name = path.rpartition("/")[2]
                if name in hub.files:
                    self.send_header("X-Repo-Commit", COMMIT)
                    self.send_header("X-Linked-Etag", f'"{hub.sha256(name)}"')
                    self.send_header("X-Linked-Size", str(len(hub.files[name])))
                self.send_header("Content-Length", "0")
                self.end_headers()
            elif hub.status:
                self.send_error(hub.status)
            elif path.startswith("/api/models/"):
                listed = [
                    {"rfilename": name, "size": len(data), "lfs": {"sha256": hub.sha256(name), "size": len(data),
                                                                   "pointerSize": 1}}
                    for name, data in {**hub.files, **hub.listed}.items()
                ]  # fmt: skip
                self.json({"id": "owner/name", "modelId": "owner/name", "sha": hub.commit, "siblings": listed})
            elif path.endswith("/repo/files"):
                listed = [
                    {"Path": name, "Name": name, "Type": "blob", "Size": len(data), "Sha256": hub.sha256(name),
                     "Revision": COMMIT}
                    for name, data in {**hub.files, **hub.listed}.items()
                ]  # fmt: skip
                self.json({"Code": 200, "Success": True, "Data": {"Files": listed}})
            elif path.endswith("/repo"):
                self.file(query["FilePath"][0], body)
            elif path.startswith("/api/") or path.startswith("/openapi/"):
                self.json({"Code": 200, "Success": True, "Data": {}})
            else:
                self.file(path.rpartition("/")[2], body)

        def json(self, content):
            data = json.dumps(content).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def file(self, name, body):
            if name not in hub.files:
                self.send_error(404)
                return
            data, start = hub.files[name], 0
            if hub.chunked:
                self.chunks(data)
                return
            wanted = self.headers.get("Range")
            if wanted:
                first, _, last = wanted.removeprefix("bytes=").partition("-")
                start = int(first)
                if start >= len(data):
                    self.send_response(416)
                    self.send_header("Content-Range", f"bytes */{len(data)}")
                    self.send_header("Content-Length", "0")
                    self.end_headers()
                    return
                end = int(last) + 1 if last else len(data)
            else:
                end = len(data)
            self.send_response(206 if wanted else 200)
            self.send_header("Content-Length", str(end - start))
            self.send_header("Accept-Ranges", "bytes")
            self.send_header("ETag", f'"{hub.sha256(name)}"')
            self.send_header("X-Repo-Commit", COMMIT)
            self.send_header("X-Linked-Size", str(len(data)))
            self.send_header("X-Linked-Etag", f'"{hub.sha256(name)}"')
            for key, value in hub.extra.items():
                self.send_header(key, value)
            if wanted:
                self.send_header("Content-Range", f"bytes {start}-{end - 1}/{len(data)}")
            self.end_headers()
            if body:
                self.send_body(data[start:end])

        def chunks(self, data):
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for at in range(0, len(data), 65536):
                part = data[at : at + 65536]
                self.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
            self.wfile.write(b"0\r\n\r\n")

        def send_body(self, data):
            if hub.breaks and len(data) > hub.break_after:
                hub.breaks -= 1
                self.wfile.write(data[: hub.break_after])
                self.wfile.flush()
                self.close_connection = True
                return
            for at in range(0, len(data), 65536):
                self.wfile.write(data[at : at + 65536])
                if hub.slow is not None:
                    hub.slow.wait(0.05)

        def send_error(self, code, message=None, explain=None):
            self.send_response(code)
            if code == 404:
                self.send_header("X-Error-Code", "RepoNotFound")
            self.send_header("Content-Length", "0")
            self.end_headers()

    return Handler


@contextmanager
def hub_at_work():
    hub = Hub()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(hub))
    server.daemon_threads = True
    server.handle_error = lambda request, address: None
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    hub.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield hub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
