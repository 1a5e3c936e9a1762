"""What goes wrong in a real webui: each time one sentence that says what to do, and nothing that was made is lost."""

from __future__ import annotations

import pytest

from tests import tiny_chatglm
from tests.hosts.conftest import TEMPLATES, small
from tests.hosts.real_webui import opened, running, takes

pytestmark = pytest.mark.webui
BRIEF = "裙子，文艺风格，简约图案，连衣裙，圆领"
COPY = "已有的文案\n不能丢"
golden = pytest.mark.skipif(not tiny_chatglm.GOLDEN.is_dir(), reason="no golden data here")


@pytest.mark.parametrize(
    ("brief", "sentence"),
    [("", "描述"), ("红" * 20_000, "字"), ("\x07\x08 ，， <b></b>", "描述")],
    ids=["empty", "20,000 characters", "nothing but control characters and markup"],
)
@pytest.mark.parametrize("button", ["write", "create"])
def test_a_bad_brief_gets_one_sentence(webui, tab, button, brief, sentence):
    tab.fill("copy", COPY)
    tab.fill("brief", brief)
    said = tab.run(button, kind="error")
    assert sentence in said
    assert "\n" not in said
    assert tab.text("copy") == COPY


def test_control_characters_in_a_brief_are_read_over(webui, tab):
    tab.fill("brief", "连衣裙\x00\x1b[31m，红\u200b色\u202e，圆领")
    tab.run("write")
    tab.run("derive")
    assert "dress" in tab.text("prompt")
    assert "red" in tab.text("prompt")


@pytest.mark.parametrize("where", ["brief", "copy"])
def test_markup_and_tags_stay_words_all_the_way_to_the_picture(webui, tab, where):
    evil = "红色连衣裙，<img src=x onerror='window.hit=1'>，<lora:evil:9>"
    tab.page.evaluate("window.hit = 0")
    tab.fill("brief", evil if where == "brief" else BRIEF)
    tab.run("write")
    if where == "copy":
        tab.fill("copy", evil)
    tab.run("derive")
    tab.run("generate", seconds=300)
    tab.run("compose")
    assert "evil" not in tab.text("prompt")
    assert "evil" not in tab.page.locator("#html_info_adcopy").first.inner_text()
    assert tab.page.evaluate("window.hit") == 0
    assert tab.page.locator("#adcopy_root img[src='x']").count() == 0


@pytest.mark.parametrize("model", ["says-markup", "says-a-tag"])
def test_markup_and_tags_of_a_model_stay_out(webui, tab, model):
    tab.choose("writer", f"{model}（ChatGLM，16 位）")
    tab.fill("brief", BRIEF)
    tab.number("count", 1)
    tab.run("create", seconds=300)
    assert "红色连衣裙" in tab.text("copy")
    for said in (tab.text("copy"), tab.text("prompt")):
        assert "img" not in said
        assert "lora:9" not in said
    assert tab.page.locator("#adcopy_root img[src='x']").count() == 0


@golden
@pytest.mark.parametrize(
    ("model", "named"), [("torn", "pytorch_model-00002-of-00004.bin"), ("odd", "config.json")],
    ids=["a shard missing", "another model's config.json"],
)  # fmt: skip
def test_a_broken_model_folder_is_named_and_the_templates_are_offered(webui, tab, model, named):
    tab.fill("copy", COPY)
    tab.choose("writer", f"{model}（ChatGLM，16 位）")
    tab.fill("brief", BRIEF)
    assert named in tab.run("write", kind="error")
    assert tab.text("copy") == COPY
    tab.run("fallback")
    assert "连衣裙" in tab.text("copy")
    assert tab.text("writer") == TEMPLATES


def test_an_interrupted_picture_is_kept_and_the_next_one_is_drawn(webui, tab):
    tab.fill("brief", BRIEF)
    tab.run("write")
    tab.run("derive")
    kept = {name: tab.text(name) for name in ("copy", "prompt", "negative_prompt")}
    tab.number("steps", 150)
    tab.press("generate")
    tab.until(lambda: tab.page.locator(".progressDiv").count() > 0)
    tab.page.wait_for_timeout(1500)
    tab.press("interrupt")
    tab.until(lambda: "adcopy-done" in tab.kind(), 60)
    assert "已停止" in tab.status()
    tab.until(lambda: tab.pictures() > 0)
    assert {name: tab.text(name) for name in kept} == kept
    tab.number("steps", 2)
    tab.run("generate", seconds=120)
    assert tab.status() == "完成"


def test_the_page_reloaded_while_a_model_writes_keeps_the_texts_and_writes_again(webui, tab):
    tab.fill("brief", BRIEF)
    tab.fill("copy", COPY)
    tab.page.wait_for_timeout(600)
    tab.choose("writer", "starter（ChatGLM，16 位）")
    tab.number("count", 6)
    tab.press("write")
    tab.until(lambda: "adcopy-busy" in tab.kind())
    tab.page.reload()
    opened(tab)
    tab.until(lambda: tab.text("brief") == BRIEF)
    assert tab.text("copy").strip()
    tab.choose("writer", "starter（ChatGLM，16 位）")
    tab.run("write")
    assert "裙" in tab.text("copy")


def test_a_webui_without_a_checkpoint_says_where_one_goes_and_the_copy_stays(browser, tmp_path):
    if not takes("--models-dir"):
        pytest.skip("this webui has no other folder of models")
    (tmp_path / "models" / "Stable-diffusion").mkdir(parents=True)
    with running(tmp_path, "--models-dir", str(tmp_path / "models")) as webui:
        tab = webui.tab(browser)
        tab.choose("writer", TEMPLATES)
        small(webui, tab)
        tab.fill("brief", BRIEF)
        said = tab.run("create", kind="error", seconds=120)
        assert "models/Stable-diffusion" in said
        assert "连衣裙" in tab.text("copy")
        assert "dress" in tab.text("prompt")
        tab.run("compose")
        tab.until(lambda: tab.pictures() > 0)
        tab.context.close()
        assert webui.faults() == []
