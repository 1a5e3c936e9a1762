"""Styles: ours, the user's, the webui's; saved, read back, and never an obstacle."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lib_adcopy.copywriting.brief import CATEGORIES, parse_brief
from lib_adcopy.domain.prompt import LoraUse, Networks
from lib_adcopy.errors import AdCopyError
from lib_adcopy.prompting.derive import derive_prompt
from lib_adcopy.prompting.styles.style import PLACES, Style, delete_style, load_styles, save_style
from lib_adcopy.prompting.styles.webui_styles import read_webui_styles

ALL = Networks(("add_detail", "film"), ("EasyNegative",), base="SD1")


def test_a_saved_style_comes_back_as_it_was(tmp_path):
    style = Style(
        "我的 风格", {}, "photo of", "film grain", "blurry", "sitting", "35mm", "white wall", False, "folded",
        ("light",), (LoraUse("film", -0.5),), ("EasyNegative",),
        {"sampler": "Euler a", "scheduler": "Karras", "steps": 22, "cfg_scale": 5.5, "width": 640, "height": 960},
        {"food": {"background": "wooden table"}},
    )  # fmt: skip
    save_style(style, tmp_path)
    assert load_styles(tmp_path)["我的 风格"] == style
    delete_style("我的 风格", tmp_path)
    assert "我的 风格" not in load_styles(tmp_path)


@pytest.mark.parametrize("name", ["", "../evil", "a/b", "CON", "nul", "x" * 41, " x", "x ", ".hidden", "a\nb", "a:b"])
def test_a_name_that_cannot_be_a_file_is_refused(name, tmp_path):
    with pytest.raises(AdCopyError):
        save_style(Style(name), tmp_path)
    with pytest.raises(AdCopyError):
        delete_style(name, tmp_path)
    assert not list(tmp_path.rglob("*.json"))


def test_a_broken_style_file_is_left_out_and_the_others_stay(tmp_path):
    broken = {"a": "{", "b": "[]", "c": '{"steps": "many"}', "d": '{"loras": [1]}', "t": '{"titles": "x"}',
              "k": '{"by_category": ["food"]}', "m": '{"by_category": {"food": "table"}}'}  # fmt: skip
    for name, text in {**broken, "e": '{"new": 1}'}.items():
        (tmp_path / f"{name}.json").write_text(text, encoding="utf-8")
    assert set(load_styles(tmp_path)) - set(load_styles()) == {"e"}


@pytest.mark.parametrize("name", sorted(load_styles()))
def test_a_styles_own_words_for_a_category_are_for_one_there_is(name):
    for category, said in load_styles()[name].by_category.items():
        assert category in CATEGORIES
        assert said and set(said) <= set(PLACES) and all(said.values())


def test_a_style_file_brings_no_chinese_and_no_tags_into_the_prompt(tmp_path):
    (tmp_path / "x.json").write_text(
        '{"positive": "电影感, (film grain:1.2) <lora:evil:1>", "negative": "模糊, blurry"}', "utf-8"
    )
    prompt = derive_prompt(parse_brief("马克杯"), None, load_styles(tmp_path)["x"], ALL)
    assert prompt.positive == "a single mug, (film grain:1.2)" and prompt.negative.startswith("blurry, person")


def test_recommendations_are_given_in_the_hosts_own_names():
    street = load_styles()["street"]
    style = replace(street, settings={**street.settings, "clip_skip": 2})
    assert style.advice(("DPM++ 2M", "Euler"), ("Karras",))["scheduler"] == "Karras"
    assert style.advice(("DPM++ 2M Karras",), ())["sampler"] == "DPM++ 2M Karras"
    assert "sampler" not in style.advice(("Euler",), ()) and style.advice((), ())["clip_skip"] == 2


def test_the_webuis_styles_are_read_with_their_placeholder(tmp_path):
    file = tmp_path / "styles.csv"
    file.write_text(
        "name,prompt,negative_prompt\n---- mine ----,,\n"
        'Film,"cinematic photo of {prompt}, (35mm film:1.1), <lora:film:0.6>, 胶片","blurry, {prompt}"\n'
        'Tail,"vivid, sharp",\nclassic,"not ours",\n',
        encoding="utf-8-sig",
    )
    styles = load_styles(None, read_webui_styles([file, tmp_path / "missing.csv"]))
    assert {"Film", "Tail"} <= set(styles) and styles["classic"].embeddings
    prompt = derive_prompt(parse_brief("陶瓷马克杯"), None, styles["Film"], ALL)
    assert prompt.positive == "cinematic photo of a single ceramic mug, (35mm film:1.1), <lora:film:0.6>"
    assert prompt.negative.startswith("blurry, person")
    assert (
        derive_prompt(parse_brief("陶瓷马克杯"), None, styles["Tail"], ALL).positive
        == "a single ceramic mug, vivid, sharp"
    )


@pytest.mark.parametrize(
    ("written", "positive"),
    [
        ("masterpiece, photo of {prompt}, film", "masterpiece, photo of a single ceramic mug, film"),
        ("masterpiece, {prompt}, film", "masterpiece, a single ceramic mug, film"),
        ("({prompt}:1.3), film", "a single ceramic mug, film"),
        ("[({prompt})], film", "a single ceramic mug, film"),
        ("{prompt}, film, {prompt}", "a single ceramic mug, film"),
        ("{prompt}", "a single ceramic mug"),
        ("photo of {prompt} on film, <lora:film:0.5>", "photo of a single ceramic mug, on film, <lora:film:0.5>"),
    ],
)
def test_the_product_stands_where_the_placeholder_stood(written, positive, tmp_path):
    file = tmp_path / "styles.csv"
    file.write_text(f'name,prompt,negative_prompt\nx,"{written}",\n', encoding="utf-8")
    (style,) = read_webui_styles([file])
    assert derive_prompt(parse_brief("陶瓷马克杯"), None, style, ALL).positive == positive


def test_the_first_years_styles_are_read_too(tmp_path):
    file = tmp_path / "styles.csv"
    file.write_text("name,text\nOld,oil painting\n", encoding="utf-8")
    assert read_webui_styles([file])[0].positive == "oil painting"


def test_words_before_the_product_never_push_it_past_the_chunk():
    style = Style("x", before="a very long lead")
    count = lambda text: 80 if text.startswith("a very") else 1  # noqa: E731
    positive = derive_prompt(parse_brief("马克杯"), None, style, ALL, count_tokens=count).positive
    assert positive == "a single mug, a very long lead"
