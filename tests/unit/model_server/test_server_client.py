"""The client against a scripted server over real HTTP: whole answers, and everything that goes wrong with one."""

from __future__ import annotations

import json
import logging
import socket
import threading
from pathlib import Path

import pytest

from lib_adcopy.chatglm.generation_types import SamplingParams
from lib_adcopy.errors import AdCopyError
from lib_adcopy.i18n import LANGUAGES
from lib_adcopy.model_server import ServerClient, ServerModel, Timeouts, exchange, parse_address
from lib_adcopy.model_server.exchange import ExchangeStoppedError
from tests.scripted_server import CUT, Scripted, events

KEY = "sk-test-0123"
HELLO = [{"role": "user", "content": "写一句"}]
HURRIED = Timeouts(connect=2, read=0.3, whole=5)
RECORDED = json.loads(Path(__file__).with_name("openai_requests.json").read_text(encoding="utf-8"))


def client(scripted, **options):
    return ServerClient(parse_address(scripted.origin), **{"key": KEY, "timeouts": Timeouts(2, 10, 20), **options})


def text(scripted, **options):
    parts = client(scripted, **options).answer("qwen2.5:7b", HELLO, seed=7, sampling=SamplingParams())
    return "".join(part.text for part in parts if not part.is_thought)


def refused(scripted, **options):
    with pytest.raises(AdCopyError) as error:
        text(scripted, **options)
    for language in LANGUAGES:
        assert KEY not in error.value.message.text(language)
    return error.value.code.removeprefix("model_server.")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_an_answer_comes_whole_in_whatever_pieces_it_is_sent(scripted, end):
    scripted.write(events("奶白色的", "马克杯，", "哑光。", end=end))
    assert text(scripted) == "奶白色的马克杯，哑光。"
    stream = b"".join(events("奶白色的", "马克杯"))
    scripted.write([bytes([byte]) for byte in stream])
    assert text(scripted) == "奶白色的马克杯"


@pytest.mark.parametrize(
    "stream",
    [
        events("杯子", done=False),
        events("杯子", finish=""),
        [b": keep-alive\n\n", b"event: message\nid: 1\n", *events("杯子")],
        [*events("杯子", done=False)[:1], events("", done=False)[-1].rstrip()],
        [*events("杯子", done=False), CUT],
    ],
    ids=["no DONE", "no finish_reason", "comments and fields", "no last blank line", "cut once it was finished"],
)
def test_servers_end_their_answers_in_several_ways(scripted, stream):
    scripted.write(stream)
    assert text(scripted) == "杯子"


def test_a_server_that_does_not_stream_answers_all_the_same(scripted):
    scripted.write({"choices": [{"message": {"role": "assistant", "content": "杯子"}, "finish_reason": "stop"}]})
    assert text(scripted) == "杯子"


def test_requests_have_the_form_the_official_client_sends(scripted):
    scripted.write(events("杯子"))
    text(scripted)
    client(scripted).models()
    for (method, path, headers, body), recorded in zip(
        scripted.requests, (RECORDED["answer"], RECORDED["models"]), strict=True
    ):
        sent = {name.lower(): value for name, value in headers.items()}
        assert (method, path, body) == (recorded["method"], recorded["path"], recorded["body"])
        assert {name: sent[name] for name in recorded["headers"]} == recorded["headers"]


def test_half_an_emoji_is_sent_as_a_question_mark(scripted):
    scripted.write(events("杯子"))
    half = [{"role": "user", "content": "杯子\ud83d"}]
    list(client(scripted).answer("tiny", half, seed=-1, sampling=SamplingParams()))
    assert scripted.bodies()[0]["messages"][0]["content"] == "杯子?"


def test_no_key_sends_no_authorization(scripted):
    client(scripted, key="").models()
    assert "authorization" not in {name.lower() for name in scripted.requests[0][2]}


def test_the_models_are_listed_by_name(scripted):
    assert client(scripted).models() == ("qwen2.5:7b", "tiny")
    scripted.say("/v1/models", {"data": [{"id": 1}, "x", {"id": ""}, {"id": "ok"}, {"id": "ok"}, {"id": "x" * 999}]})
    assert client(scripted).models() == ("ok",)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((401, {"error": {"message": f"Incorrect API key provided: {KEY}"}}), "unauthorized"),
        ((403, "forbidden"), "unauthorized"),
        ((404, {"error": {"message": 'model "qwen2.5:7b" not found, try pulling it first'}}), "no_model"),
        ((400, {"error": {"message": "The model `qwen2.5:7b` does not exist"}}), "no_model"),
        ((404, "404 page not found"), "no_api"),
        ((405, {}), "no_api"),
        ((429, {"error": "quota"}), "busy"),
        ((500, {"error": {"message": f"out of memory for {KEY}"}}), "failed"),
        ((503, "starting"), "failed"),
        ((400, {"detail": [{"msg": "bad"}]}), "failed"),
        ((200, "<html>a router's page</html>"), "no_api"),
        ((200, {"hello": "world"}), "bad_answer"),
        ([b"data: {not json\n\n"], "bad_answer"),
        ([b'data: {"choices": "none"}\n\n'], "bad_answer"),
        ([b'data: {"error": {"message": "the runner has died"}}\n\n'], "failed"),
        ([*events("奶白", finish="", done=False)], "cut"),
        ([*events("奶白", finish="", done=False), CUT], "cut"),
        ([events("奶白", finish="", done=False)[0][:25], CUT], "cut"),
        ([], "cut"),
        ((200, [b'{"choices"', CUT], {"Content-Type": "application/json", "Content-Length": "900"}), "cut"),
        ([b"data: " + b"x" * (2**20 + 10)], "too_large"),
        ([b"data: " + b"[" * 100_000 + b"\n\n"], "bad_answer"),
    ],
)
def test_every_failure_is_one_sentence(scripted, answer, said):
    scripted.write(answer)
    assert refused(scripted) == said


def test_an_endless_answer_is_stopped(scripted):
    scripted.write(events("好" * 1000)[:1] * 4000)
    assert refused(scripted) == "too_large"


def test_a_refusals_reason_is_short_and_without_the_key(scripted):
    scripted.write(
        (500, {"error": {"message": f"line one\n\n\x00two {KEY} http://x.example/?token=secret " + "x" * 999}})
    )
    with pytest.raises(AdCopyError) as error:
        text(scripted)
    said = str(error.value)
    assert "line one two *** http://x.example/" in said
    assert KEY not in said and "secret" not in said and len(said) < 400 and "\n" not in said


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_is_not_followed(scripted, status):
    other = Scripted()
    other.write(events("杯子"))
    headers = {"Location": f"{other.origin}/v1/chat/completions", "Content-Length": "0"}
    scripted.write((status, [], headers))
    assert refused(scripted) == "redirect"
    assert other.requests == []
    other.close()


def test_a_server_that_says_nothing_for_too_long_is_left(scripted):
    silent = threading.Event()
    scripted.write([*events("奶白", finish="", done=False), silent])
    assert refused(scripted, timeouts=HURRIED) == "too_slow"
    scripted.write([silent])
    assert refused(scripted, timeouts=HURRIED) == "too_slow"
    silent.set()


def test_a_server_that_never_ends_is_left(scripted):
    silent = threading.Event()
    scripted.write([*events("奶白", finish="", done=False), silent])
    assert refused(scripted, timeouts=Timeouts(2, 10, 0.2)) == "too_slow"
    silent.set()


def test_nobody_there_is_said(scripted):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = parse_address(f"127.0.0.1:{taken.getsockname()[1]}")
        with pytest.raises(AdCopyError) as error:
            ServerClient(address).models()
    assert error.value.code == "model_server.unreachable" and "127.0.0.1" in str(error.value)
    with pytest.raises(AdCopyError) as error:
        ServerClient(parse_address("no-such-name.invalid:80")).models()
    assert error.value.code == "model_server.unreachable"


def test_what_speaks_no_http_and_what_is_not_encrypted_is_said(scripted):
    with pytest.raises(AdCopyError) as error:
        ServerClient(parse_address(scripted.origin.replace("http", "https"))).models()
    assert error.value.code == "model_server.no_tls"
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def greet():
            accepted = listening.accept()[0]
            accepted.sendall(b"220 mail.example ready\r\n")
            accepted.recv(999)
            accepted.close()

        threading.Thread(target=greet, daemon=True).start()
        with pytest.raises(AdCopyError) as error:
            ServerClient(parse_address(f"127.0.0.1:{listening.getsockname()[1]}")).models()
    assert error.value.code == "model_server.no_api"


def test_a_stop_is_heard_while_the_server_is_silent_and_ends_its_work(scripted):
    stop, silent = threading.Event(), threading.Event()
    came = []
    # The server notices a client that left when it writes on.
    scripted.write([*events("奶白", finish="", done=False), silent, *events("色")[:1] * 200])
    with pytest.raises(ExchangeStoppedError):
        for part in client(scripted).answer("tiny", HELLO, seed=1, sampling=SamplingParams(), stop=stop):
            came.append(part.text)
            stop.set()
    assert came == ["奶白"]
    silent.set()
    assert scripted.let_go.wait(10)


def looked_up(monkeypatch, *addresses):
    """Have every name looked up as these addresses, and note what is connected to."""
    connected = []

    def connect(address, timeout):
        connected.append(address[0])
        raise OSError("not in a test")

    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, 80)) for each in addresses]
    monkeypatch.setattr(exchange.socket, "getaddrinfo", lambda *args: found)
    monkeypatch.setattr(exchange.socket, "create_connection", connect)
    return connected


@pytest.mark.parametrize(
    ("address", "any_address", "found", "code", "connected"),
    [
        ("http://models.example/v1", False, ["8.8.8.8"], "public_address", []),
        ("https://models.example/v1", False, ["8.8.8.8"], "public_address", []),
        ("http://models.example/v1", False, ["169.254.169.254"], "public_address", []),
        # A name that points at both: only the private one is connected to.
        ("http://models.example/v1", False, ["8.8.8.8", "192.168.1.9"], "unreachable", ["192.168.1.9"]),
        ("http://models.example/v1", True, ["8.8.8.8"], "not_encrypted", []),
        ("https://models.example/v1", True, ["8.8.8.8"], "unreachable", ["8.8.8.8"]),
        ("http://localhost:1/v1", False, ["::1", "127.0.0.1"], "unreachable", ["::1", "127.0.0.1"]),
    ],
)
def test_the_address_is_checked_when_it_is_connected_to(monkeypatch, address, any_address, found, code, connected):
    tried = looked_up(monkeypatch, *found)
    with pytest.raises(AdCopyError) as error:
        ServerClient(parse_address(address), any_address=any_address, key=KEY).models()
    assert (error.value.code, tried) == (f"model_server.{code}", connected)


def test_a_proxy_of_the_environment_is_not_asked(scripted, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert client(scripted).models()


@pytest.mark.parametrize("key", ["two words", "密钥", "line\nend", "x" * 501])
def test_what_is_no_key_is_refused_without_repeating_it(key):
    with pytest.raises(AdCopyError) as error:
        ServerClient(parse_address("localhost"), key=key)
    assert error.value.code == "model_server.bad_key" and key not in str(error.value)


def test_no_key_is_logged(scripted, caplog):
    with caplog.at_level(logging.DEBUG):
        scripted.write((500, {"error": KEY}))
        refused(scripted)
        scripted.write(events("杯子"))
        text(scripted)
    assert KEY not in caplog.text and KEY not in repr(vars(logging))


def test_an_ollama_server_frees_its_model_and_is_waited_for(scripted):
    scripted.say("/api/version", {"version": "0.5.1"})
    scripted.say("/api/generate", {"model": "qwen2.5:7b", "done": True, "done_reason": "unload"})
    loaded = {"models": [{"name": "qwen2.5:7b"}]}
    scripted.say("/api/ps", loaded, loaded, {"models": [{"name": "another"}]})
    assert client(scripted).unload("qwen2.5:7b")
    assert scripted.bodies("/api/generate") == [{"model": "qwen2.5:7b", "keep_alive": 0}]
    assert [path for _, path, _, _ in scripted.requests] == ["/api/version", "/api/generate", *["/api/ps"] * 3]


@pytest.mark.parametrize("answer", [None, {"error": "Unexpected endpoint or method."}, (200, "<html>")])
def test_a_server_without_that_call_is_left_alone(scripted, answer):
    if answer is not None:
        scripted.say("/api/version", answer)
    assert not client(scripted).unload("qwen2.5:7b")
    assert scripted.bodies("/api/generate") == []


def chunks(scripted, *, history=(), seeds=(1,), stop=None):
    model = ServerModel(client(scripted), "tiny")
    return list(model.stream("写一句", history=history, seeds=seeds, stop=stop))


def test_each_seed_is_an_answer_of_its_own(scripted):
    scripted.write(events("一", "二"), events("三"))
    ended = [(chunk.index, chunk.text) for chunk in chunks(scripted, seeds=(7, 8)) if chunk.done]
    assert ended == [(0, "一二"), (1, "三")]
    assert [body["seed"] for body in scripted.bodies()] == [7, 8]


def test_thoughts_are_no_part_of_an_answer(scripted):
    scripted.write(events("<think>她要", "短的", "</think>\n\n", "奶白色", "马克杯"))
    came = chunks(scripted)
    assert came[-1].text == "奶白色马克杯" and not any("她要" in chunk.text for chunk in came)
    scripted.write(events("先想想</think>杯子"))
    assert chunks(scripted)[-1].text == "杯子"
    thought = b'data: {"choices": [{"delta": {"content": "", "reasoning": "hmm"}}]}\n\n'
    scripted.write([thought, *events("杯子")])
    assert chunks(scripted)[-1].text == "杯子"


@pytest.mark.parametrize(("stream", "code"), [(["<think>想了"], "only_thoughts"), ([], "empty"), ([" \n"], "empty")])
def test_an_answer_without_a_text_is_said(scripted, stream, code):
    scripted.write(events(*stream, finish="length"))
    with pytest.raises(AdCopyError) as error:
        chunks(scripted)
    assert error.value.code == f"model_server.{code}"


def test_an_answer_at_its_greatest_length_ends_with_a_sentence(scripted):
    scripted.write(events("奶白色的马克杯。哑光的，握着", finish="length"))
    assert chunks(scripted)[-1].text == "奶白色的马克杯。"


def test_a_stop_keeps_what_was_written_and_asks_for_no_more(scripted):
    stop, silent = threading.Event(), threading.Event()
    scripted.write([*events("奶白色", finish="", done=False), silent])
    came = []
    for chunk in ServerModel(client(scripted), "tiny").stream("写", seeds=(1, 2), stop=stop):
        came.append(chunk)
        stop.set()
    silent.set()
    assert [(chunk.text, chunk.done) for chunk in came] == [("奶白色", False), ("奶白色", True)]
    assert len(scripted.bodies()) == 1


def test_earlier_rounds_are_sent_as_far_as_they_fit(scripted):
    scripted.write(events("杯子"))
    chunks(scripted, history=[("旧" * 3000, "很长"), ("短一点", "杯子，奶白"), ("活泼点", "杯子！")])
    assert [message["content"] for message in scripted.bodies()[0]["messages"]] == [
        "短一点", "杯子，奶白", "活泼点", "杯子！", "写一句",
    ]  # fmt: skip
    assert [message["role"] for message in scripted.bodies()[0]["messages"]] == [*["user", "assistant"] * 2, "user"]
