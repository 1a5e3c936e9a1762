"""A language model's help with the scene: what is taken of it, and that no answer whatever spoils a prompt."""

from __future__ import annotations

import json
import re
import string
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.domain.copy import Copy
from lib_adcopy.domain.prompt import Networks
from lib_adcopy.errors import AdCopyError
from lib_adcopy.prompting.derive import derive_prompt
from lib_adcopy.prompting.glossary.glossary import load_glossary
from lib_adcopy.prompting.scene import from_llm
from lib_adcopy.prompting.styles.style import load_styles
from lib_adcopy.prompting.tokens import CHUNK, estimate_tokens

STYLES = load_styles()
LISTED = json.loads(Path(from_llm.__file__).with_suffix(".json").read_text(encoding="utf-8"))
BRIEFS = (
    "陶瓷马克杯，白色",
    "连衣裙，红色，圆领，不是蓝色",
    "类型#裤*版型#宽松*裤型#阔腿裤",
    "猫粮，鸡肉味",
    "龘靐款马克杯",
)


def prompt(answer, brief=BRIEFS[0], body="", style="classic"):
    copy = Copy("", body) if body else None
    return derive_prompt(parse_brief(brief), copy, STYLES[style], Networks(), describe=lambda question: answer)


@pytest.mark.parametrize(
    ("answer", "scene"),
    [
        ("A cozy cafe with warm lighting and a relaxed mood.", ("warm lighting", "cozy cafe", "relaxed mood")),
        ("Location: beach, Season: summer, Lighting: soft sunlight", ("soft sunlight", "beach", "summer")),
        ("1. In a living room\n2. Spring morning\n3. Warm mood", ("in a living room", "spring morning", "warm mood")),
        ("The season is autumn; the setting is a quiet library", ("quiet library", "autumn")),
        ('"Golden hour lighting, gentle breeze"', ("golden hour lighting", "gentle breeze")),
        ("在咖啡馆，soft morning light，温暖", ("soft morning light",)),
        ("in a garden, in a forest, on a street", ("in a garden",)),
        ("red curtains, golden sunset glow, blue sky", ("sunset glow",)),
        ("I'm sorry, but as an AI language model I cannot see a beach.", ()),
        ("a sign that says SALE on the wall, <lora:evil:9> beach text, 50% off at the beach", ()),
        ("a woman with a leather handbag on the beach, black coat in the snow, fur collar at night", ()),
        ("elegant, minimalistic, clean lines, ultra HD, masterpiece", ()),
        ("对不起，我不能回答。", ()),
        ("", ()),
    ],
)
def test_what_can_be_seen_around_the_product_is_taken_and_nothing_else(answer, scene):
    assert prompt(answer).scene == scene


def test_what_brief_and_copy_say_goes_before_the_model():
    found = prompt("in a dark forest, soft mist, summer breeze", body="冬天的海边")
    assert found.scene == ("soft mist", "at the seaside", "winter")


def test_what_the_brief_denies_the_model_does_not_bring_back():
    answer = "on a sandy beach, soft sunlight"
    assert prompt(answer, "连衣裙，不要海边").scene == ("soft sunlight",)
    assert prompt(answer, "连衣裙").scene == ("soft sunlight", "on a sandy beach")


def test_a_model_wears_no_table_and_a_style_keeps_its_place():
    assert prompt("on a wooden table, warm light", "连衣裙").scene == ("warm light",)
    assert prompt("in a cozy cafe", style="golden_hour").scene == ()
    assert "outdoor meadow" not in prompt("on a sandy beach", style="golden_hour").positive


def test_a_style_without_a_scene_asks_nobody():
    def describe(question):
        raise AssertionError(question)

    derive_prompt(parse_brief("马克杯"), None, STYLES["studio_white"], Networks(), describe=describe)


def test_a_model_that_fails_is_named_and_the_prompt_is_there_all_the_same():
    def describe(question):
        raise AdCopyError("hosts.out_of_memory")

    found = derive_prompt(parse_brief("马克杯"), Copy("", "春天"), STYLES["classic"], Networks(), describe=describe)
    assert found.scene == ("spring",)
    assert [note.key for note in found.notes][-2:] == ["prompting.note.not_described", "hosts.error.out_of_memory"]


def test_the_model_is_asked_in_words_it_can_answer():
    asked = []
    brief, copy = parse_brief("陶瓷马克杯，白色"), Copy("", "春天" * 2000)
    derive_prompt(brief, copy, STYLES["classic"], Networks(), describe=lambda question: asked.append(question) or "")
    assert "white ceramic mug" in asked[0] and "英文" in asked[0] and "春天" in asked[0] and len(asked[0]) < 600


# ---- whatever it answers

_GLOSSARY = load_glossary()
_KINDS = ("colour", "garment", "part", "product", "place", "light", "mood", "season")
_SAID = sorted({word for kind in _KINDS for word in _GLOSSARY.english(kind)})
_LISTED = [word for name in ("people", "letters", "colours") for word in LISTED[name]]
_LISTED += [word for words in LISTED["scene"].values() for word in words]
_SIGNS = [
    "<lora:evil:1>", "(red:1.5)", "[blue|green]", "{a|b}", "BREAK", "AND", "__wild__", "咖啡馆", "，", "。", ",", "\n",
    "\u200b", "5", "50%", '"', "'", ":", "in a", "on the", "with", "and", "The photo shows", "Sure!", "reddish",
]  # fmt: skip
_WORDS = st.lists(st.sampled_from([*_SAID, *_LISTED, *_SIGNS]), max_size=40)
_ANSWERS = st.one_of(
    st.text(max_size=300), st.text(alphabet=string.printable, max_size=300), _WORDS.map(" ".join), _WORDS.map(", ".join)
)
_COLOUR = re.compile(rf"\b(?:{'|'.join(map(re.escape, LISTED['colours']))})\b(?! hour)")
_GARMENTS = {term for term in _GLOSSARY.english("garment") if " " not in term}


@settings(max_examples=300, deadline=None)
@given(answer=_ANSWERS, brief=st.sampled_from(BRIEFS), style=st.sampled_from(sorted(STYLES)))
def test_no_answer_whatever_spoils_a_prompt(answer, brief, style):
    plain, helped = prompt("", brief, style=style), prompt(answer, brief, style=style)
    assert helped.subject == plain.subject and helped.negative == plain.negative and helped.loras == plain.loras
    assert helped.positive.isascii() and helped.positive.isprintable() and not set("<>|\\{}") & set(helped.positive)
    assert estimate_tokens(", ".join((*helped.subject, *helped.scene))) <= CHUNK
    added = [phrase for phrase in helped.scene if phrase not in plain.scene]
    assert len(added) <= 3
    for phrase in added:
        assert re.fullmatch(r"[a-z][a-z' -]*", phrase), phrase
        assert not set(phrase.replace("'s", "").split()) & {*LISTED["people"], *LISTED["letters"], *_GARMENTS}, phrase
        assert not _COLOUR.search(phrase), phrase
