"""The use cases keep what was made, whatever fails after it."""

from __future__ import annotations

import threading

import pytest

from lib_adcopy.app.events import Writing, Written
from lib_adcopy.app.studio import Studio
from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.domain.ad import Ad
from lib_adcopy.domain.copy import Copy, Draft
from lib_adcopy.domain.writing import WriteOptions
from lib_adcopy.errors import AdCopyError
from lib_adcopy.hosts.standalone import StandaloneHost

BRIEF = parse_brief("陶瓷马克杯，奶白色，哑光")


class HalfWay:
    """A writer that fails after its second draft."""

    id = "half"

    def write(self, brief, *, count, seed, sampling, stop):
        yield Draft(0, Copy("马克杯", "奶白色的杯身🌿，顶级。", seed=seed))
        yield Draft(1, Copy("杯子", "奶白色，哑光", seed=seed + 1))
        raise RuntimeError("out of memory")


@pytest.fixture
def studio(tmp_path, monkeypatch):
    made = Studio(StandaloneHost(tmp_path))

    class AtWork:
        def __enter__(self):
            return HalfWay()

        def __exit__(self, *error):
            return False

    monkeypatch.setattr(made, "_open_writer", lambda *args, **options: AtWork())
    return made


def test_what_was_written_stays_when_the_writer_fails(studio):
    events = []
    with pytest.raises(AdCopyError) as failed:
        for event in studio.write(Ad(BRIEF, writing=WriteOptions(count=2)), stop=threading.Event()):
            events.append(event)
    assert failed.value.message.key == "studio.error.writer_failed"
    assert [type(event) for event in events] == [Writing, Writing, Written]
    bodies = sorted((one.copy.body for one in events[-1].ad.candidates), key=len)
    assert bodies[0] == "奶白色，哑光" and bodies[1].startswith("奶白色的杯身") and "顶级" not in bodies[1]


def test_what_stayed_keeps_its_platforms_habits(studio):
    shop = parse_brief("陶瓷马克杯，奶白色，哑光", platform="taobao")
    events = []
    with pytest.raises(AdCopyError):
        for event in studio.write(Ad(shop, writing=WriteOptions(count=2)), stop=threading.Event()):
            events.append(event)
    assert "🌿" not in "".join(one.copy.text for one in events[-1].ad.candidates)


def test_what_a_revision_takes_out_is_not_called_missing(tmp_path):
    brief = parse_brief("连衣裙，显瘦，圆领")
    ad = Ad(brief, WriteOptions(seed=1), copy=Copy("裙子", "显瘦的圆领连衣裙。"))
    events = Studio(StandaloneHost(tmp_path)).revise(ad, "不要说显瘦", (), stop=threading.Event())
    review = list(events)[-1].ad.candidates[0].review
    assert review.missing == () and ("版型", "显瘦") not in review.covered


@pytest.mark.parametrize(("wish", "kept"), [("短一点", True), ("不要说显瘦", True), ("再来一版", False)])
def test_a_revision_keeps_the_seed_of_what_it_only_changes(tmp_path, wish, kept):
    studio, brief = Studio(StandaloneHost(tmp_path)), parse_brief("连衣裙，显瘦，圆领，文艺风格")
    chosen = list(studio.write(Ad(brief, WriteOptions(seed=7)), stop=threading.Event()))[-1].ad.copy
    made = list(studio.revise(Ad(brief, copy=chosen), wish, (), stop=threading.Event()))[-1].ad.copy
    assert (made.seed == chosen.seed) is kept and made.body != chosen.body


def test_what_a_revision_does_not_name_stays(tmp_path):
    studio, brief = Studio(StandaloneHost(tmp_path)), parse_brief("连衣裙，显瘦，圆领，文艺风格")
    chosen = list(studio.write(Ad(brief, WriteOptions(seed=7)), stop=threading.Event()))[-1].ad.copy
    added = list(studio.revise(Ad(brief, copy=chosen), "加上满200减30", (), stop=threading.Event()))[-1].ad.copy
    assert added.body.split("\n")[0] == chosen.body.split("\n")[0]
    assert "满200减30" in added.body and "满200减30" not in chosen.body
    moved = list(studio.revise(Ad(brief, copy=chosen), "换成淘宝风格", (), stop=threading.Event()))[-1].ad.copy
    assert all(fact in moved.title + moved.body for fact in ("显瘦", "圆领", "文艺")) and not moved.hashtags
