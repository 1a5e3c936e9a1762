"""The way from a derived prompt to a real ChatGLM and back, with the small random model: it answers noise."""

from __future__ import annotations

import threading

import pytest

pytest.importorskip("torch")

from lib_adcopy.app.studio import Studio
from lib_adcopy.domain.ad import Ad
from lib_adcopy.domain.copy import Copy
from lib_adcopy.domain.writing import WriteOptions
from lib_adcopy.gpu.generation import GenerationSession
from lib_adcopy.hosts.standalone import StandaloneHost
from lib_adcopy.model_library import models as model_folders
from tests import tiny_chatglm

pytestmark = pytest.mark.skipif(not tiny_chatglm.GOLDEN.is_dir(), reason="no golden data here")
COPY = Copy("春天", "花园里的红色连衣裙。")
TINY = WriteOptions("tiny")


@pytest.fixture
def asked(monkeypatch):
    """What models were asked, with which prefix, and how they answered."""
    seen = []
    stream = GenerationSession.stream

    def watched(self, query, **options):
        seen.append([query, options.get("prefix", "none named"), ""])
        for piece in stream(self, query, **options):
            seen[-1][2] = piece.text
            yield piece

    monkeypatch.setattr(GenerationSession, "stream", watched)
    return seen


@pytest.fixture
def studio(tmp_path, monkeypatch):
    tiny_chatglm.make(tmp_path / "models" / "tiny")
    # By its size it would be a starter, which knows no English and is never asked.
    monkeypatch.setattr(model_folders, "_STARTER_BELOW_BYTES", 0)
    made = Studio(StandaloneHost(tmp_path))
    yield made
    made.close()


def test_a_loaded_base_model_is_asked_for_the_scene_without_a_prefix_and_its_noise_stays_out(studio, asked):
    brief = studio.parse("连衣裙，红色，圆领")
    alone = studio.derive(Ad(brief, copy=COPY)).prompt
    studio.load("tiny", stop=threading.Event())
    helped = studio.derive(Ad(brief, TINY, copy=COPY)).prompt
    assert len(asked) == 1
    query, prefix, answer = asked[0]
    assert "red dress" in query and "花园" in query and prefix is None and answer
    assert helped.positive.isascii() and helped.subject == alone.subject
    assert set(alone.scene) <= set(helped.scene)


def test_a_model_that_is_not_loaded_or_stopped_is_not_waited_for(studio, asked):
    brief = studio.parse("连衣裙，红色，圆领")
    assert studio.derive(Ad(brief, TINY, copy=COPY)).prompt.subject and asked == []
    studio.load("tiny", stop=threading.Event())
    stop = threading.Event()
    stop.set()
    assert studio.derive(Ad(brief, TINY, copy=COPY), stop=stop).prompt.subject

