"""The real webui that ADCOPY_WEBUI names, started once for all tests that need it; the others bring their stand-ins."""

from __future__ import annotations

import json

import pytest

from tests import parrot_chatglm, tiny_chatglm
from tests.hosts.real_webui import running

TEMPLATES = "内置模板（无需下载）"


@pytest.fixture(scope="session")
def webui(tmp_path_factory):
    models = tmp_path_factory.mktemp("models")
    parrot_chatglm.make(models / "says-markup", "红色连衣裙<img/src=x>好看")
    parrot_chatglm.make(models / "says-a-tag", "红色连衣裙<lora:9>好看")
    if tiny_chatglm.GOLDEN.is_dir():
        tiny_chatglm.make(models / "tiny")
        torn = tiny_chatglm.make(models / "torn")
        (torn / "pytorch_model-00002-of-00004.bin").unlink()
        odd = tiny_chatglm.make(models / "odd") / "config.json"
        odd.write_text(json.dumps(json.loads(odd.read_text()) | {"inner_hidden_size": 24}))
    with running(tmp_path_factory.mktemp("webui"), "--adcopy-model-dir", str(models)) as started:
        started.models = models
        yield started
    assert started.faults() == []


@pytest.fixture
def tab(browser, webui):
    """The tab with the quickest writer and small pictures."""
    page = webui.tab(browser)
    page.choose("writer", TEMPLATES)
    small(webui, page)
    yield page
    page.context.close()
    assert page.errors == []


def small(webui, page):
    page.unfold("settings")
    for name, value in (("width", webui.size[0]), ("height", webui.size[1]), ("steps", 2), ("hires_scale", 1)):
        page.number(name, value)
