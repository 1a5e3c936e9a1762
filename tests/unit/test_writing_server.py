"""The user's own model server as a writer: from its settings to candidates, and never on a page that others reach."""

from __future__ import annotations

import json
import logging
import os
import stat
import threading
from dataclasses import replace

import pytest

from lib_adcopy.app.events import Written
from lib_adcopy.app.studio import Studio
from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.domain.ad import Ad
from lib_adcopy.domain.copy import Copy
from lib_adcopy.domain.picture import DrawResult
from lib_adcopy.domain.prompt import Prompt
from lib_adcopy.domain.server import ServerSettings
from lib_adcopy.domain.writing import SERVER, WriteOptions
from lib_adcopy.errors import AdCopyError
from lib_adcopy.hosts.standalone import StandaloneHost
from lib_adcopy.i18n import LANGUAGES
from lib_adcopy.storage import record_text
from tests.scripted_server import CUT, Scripted, events

KEY = "sk-secret-4567"
BRIEF = parse_brief("陶瓷马克杯，奶白色，哑光，350ml，39元")
GOOD = ("标题：早上第一杯\n正文：奶白色的陶瓷马克杯，哑光的手感，", "350ml，一杯咖啡刚好。39元。\n话题：#马克杯 #早餐")
OTHER = ("标题：桌上的奶白色\n正文：哑光的陶瓷马克杯，奶白色，350ml，39元一只。",)
WRONG = ("标题：早上第一杯\n正文：奶白色的陶瓷马克杯，哑光，500ml，只要19元。",)


@pytest.fixture
def scripted():
    server = Scripted()
    yield server
    server.close()


@pytest.fixture
def studio(tmp_path, scripted):
    made = Studio(StandaloneHost(tmp_path))
    made.server.save(ServerSettings(scripted.origin, KEY, "qwen2.5:7b"))
    return made


def ad(count=1, seed=5):
    return Ad(BRIEF, WriteOptions(writer=SERVER, count=count, seed=seed))


def written(studio, count=1):
    """Return the candidates, the best first, and the error that came after them."""
    found, failed = (), None
    try:
        for event in studio.write(ad(count), stop=threading.Event()):
            found = event.ad.candidates if isinstance(event, Written) else found
    except AdCopyError as error:
        failed = error.code
    return found, failed


def test_it_writes_beside_the_templates(studio, scripted):
    scripted.write(events(*GOOD))
    choice = studio.writers()[-1]
    assert (choice.id, choice.problem) == (SERVER, None)
    for language in LANGUAGES:
        assert "qwen2.5:7b" in choice.title.text(language) and KEY not in choice.title.text(language)
    candidates, failed = written(studio)
    copy = candidates[0].copy
    assert failed is None and copy.writer == SERVER and copy.title == "早上第一杯"
    assert "哑光的手感" in copy.body and "马克杯" in copy.hashtags and not candidates[0].review.missing


def test_it_is_asked_with_the_facts_and_the_platforms_structure(studio, scripted):
    scripted.write(events(*GOOD))
    written(studio)
    asked = scripted.bodies()[0]["messages"][-1]["content"]
    assert all(fact in asked for fact in ("陶瓷", "奶白色", "350ml", "39元", "小红书", "结构：", "标题："))


def test_nobody_gets_it_unasked(tmp_path, scripted):
    studio = Studio(StandaloneHost(tmp_path))
    assert [choice.id for choice in studio.writers()][-1] != SERVER
    with pytest.raises(AdCopyError) as error:
        list(studio.write(ad(), stop=threading.Event()))
    assert error.value.code == "model_server.not_set"
    before = studio.default_writer(), studio.default_model()
    studio.server.save(ServerSettings(scripted.origin, "", "tiny"))
    assert (studio.default_writer(), studio.default_model()) == before
    assert scripted.requests == []


def test_every_candidate_has_its_own_seed_and_can_be_written_again(studio, scripted):
    scripted.write(events(*GOOD), events(*OTHER))
    candidates, _ = written(studio, count=2)
    assert sorted(one.copy.seed for one in candidates) == [5, 6]
    assert [body["seed"] for body in scripted.bodies()] == [5, 6]


def test_changed_facts_are_asked_for_again_and_then_cut_out(studio, scripted):
    scripted.write(events(*WRONG), events(*GOOD))
    assert "19元" not in written(studio)[0][0].copy.text
    assert len(scripted.bodies()) == 2
    scripted.write(events(*WRONG))
    body = written(studio)[0][0].copy.text
    assert len(scripted.bodies()) == 2 + 3
    assert "39元" in body and "350ml" in body and "19元" not in body and "500ml" not in body


def test_what_a_chat_model_says_before_the_copy_is_left_out(studio, scripted):
    scripted.write(events("好的，这是为您撰写的小红书文案：\n\n**", *GOOD))
    assert written(studio)[0][0].copy.text.startswith("早上第一杯")


@pytest.mark.parametrize(
    "after",
    [
        "希望这篇文案能帮到您！",
        "（字数：58）",
        "如需调整语气，请告诉我。",
        "以上是为您撰写的文案。",
        "Let me know if you want changes!",
    ],
)
def test_what_a_chat_model_says_after_the_copy_is_left_out(studio, scripted, after):
    scripted.write(events(*GOOD, f"\n\n{after}"))
    text = written(studio)[0][0].copy.text
    assert after[:6] not in text and "39元" in text and "#早餐" in text


@pytest.mark.parametrize("last", ["如果您也喜欢，带一只回家。", "以上就是今天的好物。", "希望每天早上都有它。"])
def test_a_copys_own_last_line_stays(studio, scripted, last):
    scripted.write(events(*OTHER, f"\n{last}"))
    assert last.rstrip("。") in written(studio)[0][0].copy.body


def test_a_stop_in_a_second_try_keeps_the_whole_first(studio, scripted):
    stop, silent = threading.Event(), threading.Event()
    scripted.write(events(*WRONG), [*events("标题：早", finish="", done=False), silent])
    stopper = threading.Thread(target=lambda: (scripted.second.wait(10), stop.set()))
    stopper.start()
    found = ()
    for event in studio.write(ad(), stop=stop):
        found = event.ad.candidates if isinstance(event, Written) else found
    silent.set()
    stopper.join()
    assert found[0].copy.title == "早上第一杯" and "39元" in found[0].copy.text and "19元" not in found[0].copy.text


@pytest.mark.parametrize(
    "broken", [[*events(*OTHER, finish="", done=False), CUT], (500, {"error": "died"}), [b"data: [1]\n\n"]]
)
def test_a_whole_candidate_outlives_the_failure_of_the_next(studio, scripted, broken):
    scripted.write(events(*GOOD), broken)
    candidates, failed = written(studio, count=2)
    assert [one.copy.title for one in candidates] == ["早上第一杯"]
    assert failed.startswith("model_server.")


def test_half_a_candidate_is_not_kept(studio, scripted):
    scripted.write([*events(*GOOD, finish="", done=False), CUT])
    assert written(studio) == ((), "model_server.cut")


def test_a_whole_but_faulty_candidate_outlives_a_failed_second_try(studio, scripted):
    scripted.write(events(*WRONG), (500, {"error": "died"}))
    candidates, failed = written(studio)
    assert failed is None and "39元" in candidates[0].copy.text and "19元" not in candidates[0].copy.text
    # After the failure the server is not asked a third time.
    assert len(scripted.bodies()) == 2


def test_a_revision_sends_the_copy_the_wish_and_the_rounds_before(studio, scripted):
    scripted.write(events("标题：早上第一杯\n正文：奶白色的陶瓷马克杯，哑光，350ml，39元。"))
    chosen = Copy("早上第一杯", "奶白色的陶瓷马克杯，哑光的手感，350ml，一杯咖啡刚好。39元。", writer=SERVER, seed=5)
    rounds = [("活泼一点", Copy("早！", "奶白色的杯子！"))]
    events_ = list(studio.revise(replace(ad(), copy=chosen), "短一点", rounds, stop=threading.Event()))
    assert len(events_[-1].ad.copy.body) < len(chosen.body)
    messages = [message["content"] for message in scripted.bodies()[0]["messages"]]
    assert messages[:2] == ["活泼一点", "早！\n奶白色的杯子！"]
    assert "短一点" in messages[2] and chosen.body in messages[2]


def test_a_stop_keeps_what_was_written(studio, scripted):
    stop, silent = threading.Event(), threading.Event()
    scripted.write([*events("标题：早上第一杯\n正文：奶白色的陶瓷马克杯，哑光，", finish="", done=False), silent])
    seen = []
    for event in studio.write(ad(count=3), stop=stop):
        seen.append(event)
        stop.set()
    silent.set()
    assert [one.copy.title for one in seen[-1].ad.candidates] == ["早上第一杯"]
    assert len(scripted.bodies()) == 1


def test_on_a_shared_page_it_is_off_and_says_why(studio, scripted, monkeypatch):
    monkeypatch.setattr(studio.host, "is_shared", lambda: True)
    assert studio.writers()[-1].problem.key == "model_server.error.shared"
    for attempt in (lambda: written(studio)[1], lambda: code(lambda: studio.server.client())):
        assert attempt() == "model_server.shared"
    assert code(lambda: studio.load(SERVER, stop=threading.Event())) == "model_server.shared"
    assert scripted.requests == []


def code(work):
    with pytest.raises(AdCopyError) as error:
        work()
    return error.value.code


def test_settings_outlive_a_restart_and_the_key_is_kept_apart(studio, tmp_path, scripted):
    again = Studio(StandaloneHost(tmp_path)).server.settings()
    assert again == ServerSettings(f"{scripted.origin}/v1", KEY, "qwen2.5:7b")
    assert KEY not in repr(again)
    holding = [file for file in tmp_path.rglob("*") if file.is_file() and KEY.encode() in file.read_bytes()]
    assert [file.parent.name for file in holding] == ["secrets"]
    if os.name == "posix":
        assert stat.S_IMODE(holding[0].parent.stat().st_mode) == 0o700


def test_a_key_stays_with_its_server(studio, scripted):
    other = Scripted()
    studio.server.save(ServerSettings(scripted.origin, "", "tiny"))
    assert studio.server.settings().key == KEY
    studio.server.save(ServerSettings(other.origin, "", "tiny"))
    studio.server.client().models()
    assert studio.server.settings().key == "" and "Authorization" not in other.requests[0][2]
    # Back again, it is to be typed anew.
    studio.server.save(ServerSettings(scripted.origin, "", "tiny"))
    assert studio.server.settings().key == ""
    other.close()


def test_an_address_changed_elsewhere_gets_no_key(studio, scripted):
    """The host's own Settings page changes one setting and knows nothing of the key."""
    studio.host.keep_options({"server_address": "http://127.0.0.1:9/v1"})
    assert studio.server.settings().key == ""


def test_without_an_address_everything_is_forgotten(studio, tmp_path):
    assert studio.server.save(ServerSettings("", KEY, "x", True)) == ServerSettings()
    assert not any(KEY.encode() in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())


def test_what_is_no_address_changes_nothing(studio):
    before = studio.server.settings()
    assert code(lambda: studio.server.save(ServerSettings("ftp://x", "new", "y"))) == "model_server.bad_address"
    assert code(lambda: studio.server.save(ServerSettings("localhost:1", "two words", "y"))) == "model_server.bad_key"
    assert studio.server.settings() == before


@pytest.mark.parametrize("content", ["", "[]", "{", '{"address": 1, "key": []}', "\xff"])
def test_broken_files_are_no_settings(tmp_path, content, scripted):
    data = StandaloneHost(tmp_path).paths().data
    (data / "secrets").mkdir(parents=True)
    (data / "secrets" / "server.json").write_text(content, encoding="latin-1")
    (data / "settings.json").write_text(content, encoding="latin-1")
    server = Studio(StandaloneHost(tmp_path)).server
    assert server.settings() == ServerSettings()
    assert server.save(ServerSettings(scripted.origin, KEY, "tiny")).key == KEY


def test_the_key_is_in_no_record_and_no_log(studio, scripted, caplog):
    scripted.write(events(*GOOD), (401, {"error": KEY}))
    with caplog.at_level(logging.DEBUG):
        candidates, failed = written(studio, count=2)
    assert failed == "model_server.unauthorized" and KEY not in caplog.text
    made = replace(ad(), candidates=candidates, copy=candidates[0].copy)
    assert KEY not in record_text(made) and scripted.origin not in record_text(made)
    assert json.loads(record_text(made))["copy"]["writer"] == SERVER


def test_the_servers_model_makes_way_for_a_picture(studio, scripted, monkeypatch):
    scripted.write(events(*GOOD))
    scripted.say("/api/version", {"version": "0.5.1"})
    scripted.say("/api/generate", {"done": True})
    scripted.say("/api/ps", {"models": []})
    drawn = []
    monkeypatch.setattr(type(studio.host), "can_draw", property(lambda self: True))
    monkeypatch.setattr(studio.models, "draw", lambda *args: drawn.append(len(scripted.requests)) or DrawResult(()))
    picture = replace(ad(), prompt=Prompt("a mug", ""))

    def draw():
        studio.draw(picture, on_progress=lambda seen: None, stop=threading.Event())

    draw()
    assert scripted.requests == []
    written(studio)
    draw()
    draw()
    # Freed once, before the picture; the second picture finds nothing to free.
    assert scripted.bodies("/api/generate") == [{"model": "qwen2.5:7b", "keep_alive": 0}]
    assert drawn == [0, 4, 4]


def test_a_picture_is_drawn_though_the_server_is_gone(studio, scripted, monkeypatch):
    scripted.write(events(*GOOD))
    written(studio)
    scripted.close()
    monkeypatch.setattr(type(studio.host), "can_draw", property(lambda self: True))
    monkeypatch.setattr(studio.models, "draw", lambda *args: DrawResult(()))
    studio.draw(replace(ad(), prompt=Prompt("a mug", "")), on_progress=lambda seen: None, stop=threading.Event())
