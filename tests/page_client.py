"""Speaks to a page of gradio 3 or 4 as a browser would, or as somebody does who writes the requests by hand."""

from __future__ import annotations

import json
import socket
import uuid
from urllib.parse import urlsplit

import requests

SECONDS = 60


class RefusedError(Exception):
    """The server's answer was no."""

    def __init__(self, status, text=""):
        super().__init__(f"{status} {text[:300]}")
        self.status = status


class PageClient:
    """One browser tab, or what poses as one. `headers` go with every request; `body` into every hand-made body."""

    def __init__(self, url, *, headers=None, body=None, config=None):
        self.url = url.rstrip("/")
        self.headers = dict(headers or {})
        self.body = dict(body or {})
        self.session = uuid.uuid4().hex[:10]
        self.config = config or requests.get(f"{self.url}/config", timeout=SECONDS).json()
        self.components = {part["id"]: part for part in self.config["components"]}
        self.gradio_4 = int(self.config["version"].split(".")[0]) >= 4

    def component(self, name):
        return next(part for part in self.components.values() if part["props"].get("elem_id") == name)

    def dependency(self, name, event, nth=0):
        """The index and the description of the nth handler for `event` of the component `name`."""
        wanted = self.component(name)["id"]
        found = []
        for at, one in enumerate(self.config["dependencies"]):
            targets = one["targets"] if self.gradio_4 else [(target, one["trigger"]) for target in one["targets"]]
            if one["backend_fn"] and [wanted, event] in [list(target) for target in targets]:
                found.append((one.get("id", at), one))
        return found[nth]

    def data(self, one, values):
        """A handler's inputs as the page first shows them, with `values` by elem_id in their place."""
        return [self._value(self.components[at], values) for at in one["inputs"]]

    def _value(self, part, values):
        name, first = part["props"].get("elem_id"), part["props"].get("value")
        if part["type"] == "state":
            return None
        # gradio 4 leaves an empty text out.
        return values.get(name, "" if part["type"] == "textbox" and first is None else first)

    def call(self, name, event="click", nth=0, **values):
        """The handler's last answer, by elem_id."""
        return self.steps(name, event, nth, **values)[-1]

    def steps(self, name, event="click", nth=0, first_only=False, **values):
        """Its first and its last answer. gradio 4 sends what is between as differences. `first_only` leaves then."""
        index, one = self.dependency(name, event, nth)
        body = {"data": self.data(one, values), "fn_index": index, "session_hash": self.session, "event_data": None}
        body |= self.body
        if one["queue"] is False:
            answers = [self.post("/run/predict", body)]
        elif self.gradio_4:
            answers = self._by_events(body, first_only)
        else:
            answers = self._by_websocket(body, first_only)
        names = [self.components[at]["props"].get("elem_id") for at in one["outputs"]]
        return [dict(zip(names, answer["data"], strict=True)) for answer in answers]

    def post(self, path, body, **more):
        answer = requests.post(f"{self.url}{path}", json=body, headers=self.headers, timeout=SECONDS, **more)
        if answer.status_code != 200:
            raise RefusedError(answer.status_code, answer.text)
        return answer.json()

    def upload(self, name, content):
        """The path of an uploaded file as the server names it."""
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(self.url))
        answer = requests.post(f"{self.url}/upload", files={"files": (name, content)},
                               headers={"Origin": origin, **self.headers}, timeout=SECONDS)  # fmt: skip
        if answer.status_code != 200:
            raise RefusedError(answer.status_code, answer.text)
        return answer.json()[0]

    def file(self, path):
        """The value of a file's box."""
        if self.gradio_4:
            return {"path": path, "orig_name": "given", "size": 1, "meta": {"_type": "gradio.FileData"}}
        return {"name": path, "orig_name": "given", "size": 1, "data": "", "is_file": True}

    def _by_events(self, body, first_only):
        event = self.post("/queue/join", body)["event_id"]
        asked = f"{self.url}/queue/data?session_hash={self.session}"
        first = None
        with requests.get(asked, headers=self.headers, stream=True, timeout=SECONDS) as stream:
            for line in stream.iter_lines():
                message = json.loads(line[5:]) if line.startswith(b"data:") else {}
                if message.get("event_id") != event:
                    continue
                if message["msg"] == "process_generating":
                    first = first or message["output"]
                    if first_only:
                        return [first]
                if message["msg"] == "process_completed":
                    if not message["success"]:
                        raise RefusedError(500, str(message["output"]))
                    return [first or message["output"], message["output"]]
        raise RefusedError(500, "the stream ended")

    def _by_websocket(self, body, first_only):
        first = last = None
        with self.websocket() as opened:
            for message in map(json.loads, opened):
                if message["msg"] == "send_hash":
                    opened.send(json.dumps({"fn_index": body["fn_index"], "session_hash": self.session}))
                elif message["msg"] == "send_data":
                    opened.send(json.dumps(body))
                elif message["msg"] == "process_generating":
                    first, last = first or message["output"], message["output"]
                    if first_only:
                        return [first]
                elif message["msg"] == "process_completed":
                    if not message["success"]:
                        raise RefusedError(500, str(message["output"]))
                    last = last or message["output"]
                    return [first or message["output"], last]
        raise RefusedError(500, "the socket was closed")

    def websocket(self):
        """gradio 3's queue, which speaks before it is spoken to."""
        from websockets.exceptions import InvalidStatus
        from websockets.sync.client import connect

        try:
            return connect(f"{self.url.replace('http', 'ws', 1)}/queue/join", additional_headers=self.headers)
        except InvalidStatus as error:
            raise RefusedError(error.response.status_code) from error


def websocket_status(url, headers):
    """What the server answers to a WebSocket's first words: 101 where it opens it."""
    place = urlsplit(url)
    lines = {
        "Host": place.netloc, "Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==", **headers,
    }  # fmt: skip
    asked = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    with socket.create_connection((place.hostname, place.port), timeout=SECONDS) as opened:
        opened.sendall(f"GET /queue/join HTTP/1.1\r\n{asked}\r\n".encode())
        return int(opened.recv(64).split()[1])
