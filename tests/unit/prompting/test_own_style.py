"""A style of the user's own has what he made of the prompt, and nothing of the product it stood for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.domain.copy import Copy
from lib_adcopy.domain.prompt import LoraUse, Networks, Prompt
from lib_adcopy.prompting.derive import derive_prompt
from lib_adcopy.prompting.styles.own_style import style_from
from lib_adcopy.prompting.styles.style import Style, load_styles

ALL = Networks(("add_detail", "film"), ("EasyNegative", "mine"), base="SD1")
STYLES = load_styles()
STREET = STYLES["street"]
PRODUCTS = ("连衣裙，红色", "陶瓷马克杯，白色", "猫粮，鸡肉味", "类型#裤*版型#宽松*裤型#阔腿裤")


def derived_in(style, brief="连衣裙，红色", body=""):
    return derive_prompt(parse_brief(brief), Copy("", body), style, ALL)


def kept(base, derived, positive=None, negative=None, **advice):
    given = derived.positive if positive is None else positive, derived.negative if negative is None else negative
    return style_from("mine", base, derived, *given, ALL.embeddings, advice)


def test_a_style_is_made_of_what_stands_in_the_boxes():
    derived = derived_in(STREET, body="春天")
    edited = f"{derived.positive}, film grain, <lora:film:0.4>".replace("city street background", "neon alley")
    style = kept(STREET, derived, edited, f"EasyNegative, {derived.negative}, ugly", steps=25)
    again = derived_in(style, "陶瓷马克杯").positive
    assert "dress" not in again and "spring" not in again and "city street" not in again
    assert "neon alley" in again and "film grain" in again and again.endswith("<lora:film:0.4>")
    assert style.settings == {"steps": 25} and "ugly" in style.negative and "standing pose" in style.pose
    assert style.embeddings == ("EasyNegative",) and style.loras == (LoraUse("film", 0.4),)


@pytest.mark.parametrize("product", PRODUCTS)
@pytest.mark.parametrize("name", sorted(STYLES))
def test_one_that_was_not_changed_draws_as_the_one_it_was_derived_in(name, product):
    style = kept(STYLES[name], derived_in(STYLES[name], product, "秋天的海边，夕阳很温柔"))
    for other in PRODUCTS:
        mine, ours = derived_in(style, other, "春天"), derived_in(STYLES[name], other, "春天")
        assert mine.positive == ours.positive
        assert set(mine.negative.split(", ")) == set(ours.negative.split(", "))


def test_what_the_user_made_of_the_products_words_is_the_products_still():
    derived = derived_in(STREET, "陶瓷马克杯，白色")
    edited = derived.positive.replace("a single white ceramic mug", "a tall white ceramic mug")
    assert "mug" not in derived_in(kept(STREET, derived, edited)).positive


def test_the_product_behind_a_styles_own_lead_stays_out():
    base = Style("film", before="cinematic photo of", positive="35mm")
    derived = derived_in(base, "陶瓷马克杯，白色")
    style = kept(base, derived)
    assert (style.before, style.positive) == ("cinematic photo of", "35mm")
    assert kept(base, derived, "a mug, 35mm").before == ""


@pytest.mark.parametrize("before", ["masterpiece, photo of", "masterpiece,"])
def test_of_a_lead_with_several_words_none_is_said_twice(before):
    base = Style("film", before=before, positive="35mm")
    style = kept(base, derived_in(base, "陶瓷马克杯，白色"))
    assert (style.before, style.positive) == (before, "35mm")


def test_a_weighted_embedding_keeps_its_weight_and_one_of_his_own_is_known():
    derived = derived_in(STREET)
    style = kept(STREET, derived, None, f"(EasyNegative:1.3), mine, {derived.negative}")
    assert style.embeddings == ("mine",) and "(EasyNegative:1.3)" in style.negative and "mine" not in style.negative


def test_words_taken_out_of_the_negative_prompt_stay_out():
    derived = derived_in(STREET)
    assert "logo" not in kept(STREET, derived, None, derived.negative.replace("logo, ", "")).negative.split(", ")


def test_a_prompt_nobody_derived_is_all_style():
    style = style_from("mine", Style("mine"), Prompt("", ""), "film grain, 电影, <lora:film:1>", "blurry")
    assert (style.positive, style.negative, style.loras) == ("film grain", "blurry", (LoraUse("film", 1),))
    assert derived_in(replace(style, name="x"), "陶瓷马克杯").positive.startswith("a single ceramic mug, film grain")
