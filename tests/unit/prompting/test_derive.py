"""The prompt says this product in English, product first, with only the networks that are there."""

from __future__ import annotations

import pytest

from lib_adcopy.copywriting import vocabulary
from lib_adcopy.copywriting.brief import Brief, parse_brief
from lib_adcopy.copywriting.copy import Copy
from lib_adcopy.prompting.derive import derive_prompt
from lib_adcopy.prompting.networks import keep_installed
from lib_adcopy.prompting.prompt import Networks
from lib_adcopy.prompting.sizes import formats, plan_size
from lib_adcopy.prompting.styles import load_styles

CLASSIC = load_styles()["classic"]
ALL = Networks(
    loras=("add_detail",),
    embeddings=("badhandv4", "EasyNegative", "EasyNegativeV2", "ng_deepnegative_v1_75t"),
    base="SD1",
)


def derived(text, *, copy=None, networks=ALL, style=CLASSIC, **options):
    return derive_prompt(parse_brief(text), copy, style, networks, **options)


def test_the_classic_style_is_in_effect():
    prompt = derived("裙子，文艺风格，简约图案，连衣裙，圆领")
    assert prompt.positive.startswith("1 model wearing dress")
    assert "round neckline" in prompt.positive and "8k resolution" in prompt.positive
    assert prompt.positive.endswith("<lora:add_detail:0.5>")
    assert prompt.negative.startswith("badhandv4, EasyNegative, EasyNegativeV2, ng_deepnegative_v1_75t")
    assert prompt.notes == ()


def test_every_value_of_the_vocabulary_has_english_under_its_name():
    for name, values in vocabulary.values().items():
        for value in values:
            brief = Brief(text=value, attributes=((name, value),), category="clothing")
            prompt = derive_prompt(brief, None, CLASSIC, ALL)
            assert prompt.positive.isascii() and prompt.notes == (), (name, value)


def test_the_name_decides_what_a_word_means():
    assert "single solid color" in derived("类型#裙*颜色#纯色").positive
    assert "single solid color" not in derived("类型#裙*图案#纯色").positive


def test_what_is_missing_is_named_and_not_left_as_plain_words():
    prompt = derived("连衣裙，红色", networks=Networks(embeddings=("EasyNegative",), base="SD1"))
    assert "lora" not in prompt.positive and "badhandv4" not in prompt.negative
    assert {str(note.params["name"]) for note in prompt.notes} == {
        "add_detail",
        "badhandv4",
        "EasyNegativeV2",
        "ng_deepnegative_v1_75t",
    }


def test_on_sdxl_the_sd15_set_is_left_out_with_one_note():
    prompt = derived("连衣裙，红色", networks=Networks(ALL.loras, ALL.embeddings, (), "SDXL"))
    assert (prompt.loras, prompt.embeddings, len(prompt.notes)) == ((), (), 1)


def test_the_copy_adds_what_can_be_seen_and_not_what_cannot():
    copy = Copy("", "春天的花园里，显瘦又百搭，沐浴在阳光下。")
    prompt = derived("连衣裙，红色", copy=copy)
    assert "spring" in prompt.positive and "garden" in prompt.positive and "sunlight" in prompt.positive
    assert prompt.positive.isascii()


def test_words_nobody_can_translate_are_reported():
    prompt = derived("陶瓷马克杯，龘靐款")
    assert prompt.positive.startswith("mug, ceramic") and prompt.positive.isascii()
    assert any("龘靐" in note.text("zh") for note in prompt.notes)


def test_a_models_scene_is_cleaned_before_it_is_used():
    answer = "cozy cafe, <lora:evil:9>, (text on the wall:1.5), 咖啡, warm light"
    prompt = derived("陶瓷马克杯", describe=lambda query: answer)
    assert "cozy cafe" in prompt.positive and "warm light" in prompt.positive
    assert "evil" not in prompt.positive and "wall" not in prompt.positive and prompt.positive.isascii()


def test_the_product_never_gives_way_to_the_scene():
    prompt = derived("连衣裙，红色", copy=Copy("", "春天花园阳光海边"), count_tokens=len)
    assert "red" in prompt.positive and "dress" in prompt.positive and "garden" not in prompt.positive


def test_the_users_own_words_come_on_top(tmp_path):
    mine = tmp_path / "words.csv"
    words = "zh,en,category,kind\n龘靐,thunder pattern,,detail\n马克杯,travel mug,,product\n"
    mine.write_text(words, encoding="utf-8-sig")
    prompt = derived("马克杯，龘靐", user_glossary=mine)
    assert prompt.positive.startswith("travel mug, thunder pattern") and prompt.notes == ()


def test_tags_typed_for_networks_that_are_not_there_are_dropped():
    typed = "a mug, <lora:nope:1>, <lora:add_detail:0.7>, <lora:add_detail:abc>"
    positive, negative, notes = keep_installed(typed, "EasyNegativeV2, blurry", Networks(("add_detail",)))
    assert positive == "a mug, <lora:add_detail:0.7>" and negative == "blurry"
    assert len(notes) == 3


@pytest.mark.parametrize("base", ["SD1", "SDXL", "unknown"])
def test_every_format_has_a_first_pass_the_checkpoint_can_draw(base):
    for name, final in formats().items():
        plan = plan_size(name, base)
        assert plan.width % 64 == 0 and plan.height % 64 == 0 and plan.final == final
        assert max(plan.width, plan.height) <= (1536 if base == "SDXL" else 768)
        assert abs(plan.width / plan.height - final[0] / final[1]) < 0.35


def test_every_style_that_ships_can_be_used():
    for style in load_styles().values():
        prompt = derived("连衣裙，红色", style=style)
        assert prompt.positive.isascii() and style.title("zh") and style.title("en")
