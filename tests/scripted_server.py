"""A model server on loopback that says what a test wants, in the forms of OpenAI's and Ollama's interfaces."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

# Ends an answer in the middle of its stream.
CUT = object()


def events(*pieces, finish="stop", done=True, end="\n"):
    """Return an answer's stream as servers send it: an event a piece, one with the reason it ended, [DONE]."""
    chunks = [{"delta": {"content": piece}, "finish_reason": None} for piece in pieces]
    if finish:
        chunks.append({"delta": {}, "finish_reason": finish})
    lines = [json.dumps({"object": "chat.completion.chunk", "choices": [{"index": 0, **chunk}]}, ensure_ascii=False)
             for chunk in chunks]  # fmt: skip
    return [f"data: {line}{end}{end}".encode() for line in [*lines, *(["[DONE]"] if done else [])]]


class Scripted:
    """`say(path, ...)` sets what a call is answered with; the last one set for a path is said again and again.

    `requests` are those that came: (method, path, headers, body). A threading.Event in an answer is waited for.
    """

    def __init__(self):
        self.requests, self._answers, self._lock = [], {}, threading.Lock()
        self.say("/v1/models", {"object": "list", "data": [{"id": "qwen2.5:7b", "object": "model"}, {"id": "tiny"}]})
        # A client went away; a second request came.
        self.let_go, self.second = threading.Event(), threading.Event()
        scripted = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *args):
                """Say nothing."""

            def do_GET(self):
                self._answer(None)

            def do_POST(self):
                self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

            def _answer(self, body):
                scripted.requests.append((self.command, self.path, dict(self.headers), body))
                if len(scripted.requests) > 1:
                    scripted.second.set()
                status, headers, pieces = scripted._next(self.path)
                self.close_connection = True
                try:
                    self.send_response(status)
                    for name, value in {"Connection": "close", **headers}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    for piece in pieces:
                        if piece is CUT:
                            return
                        if isinstance(piece, threading.Event):
                            self.wfile.flush()
                            piece.wait(20)
                        else:
                            self._write(piece, headers)
                    if headers.get("Transfer-Encoding"):
                        self.wfile.write(b"0\r\n\r\n")
                except (BrokenPipeError, ConnectionResetError):
                    scripted.let_go.set()

            def _write(self, piece, headers):
                if headers.get("Transfer-Encoding"):
                    piece = b"%x\r\n%s\r\n" % (len(piece), piece)
                self.wfile.write(piece)
                self.wfile.flush()

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        self.port = self._server.server_address[1]
        self.origin = f"http://127.0.0.1:{self.port}"

    def say(self, path, *answers):
        """Answer the calls of `path` one after the other: a dict is JSON, a list a stream, a tuple (status, body)."""
        with self._lock:
            self._answers[path] = list(answers)

    def write(self, *answers):
        """Answer the calls for a text."""
        self.say("/v1/chat/completions", *answers)

    def bodies(self, path="/v1/chat/completions"):
        return [body for _, called, _, body in self.requests if called == path]

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def _next(self, path):
        with self._lock:
            answers = self._answers.get(path)
            if not answers:
                return 404, {"Content-Type": "text/plain"}, [b"404 page not found"]
            answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, list):
            return 200, {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"}, answer
        status, body, *more = answer if isinstance(answer, tuple) else (200, answer)
        if isinstance(body, (dict, str)) and not isinstance(body, bytes):
            kind = "application/json" if isinstance(body, dict) else "text/html"
            body = json.dumps(body).encode() if isinstance(body, dict) else body.encode()
            return status, {"Content-Type": kind, "Content-Length": str(len(body)), **(more[0] if more else {})}, [body]
        return status, more[0] if more else {}, body
