"""A revision changes what it names and nothing else."""

from __future__ import annotations

import random
import threading
from dataclasses import replace

import pytest

from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.copywriting.instructions import apply_instruction, held_to_form
from lib_adcopy.copywriting.review import review_copy
from lib_adcopy.copywriting.writers.template import TemplateWriter
from lib_adcopy.domain.copy import Copy
from lib_adcopy.domain.facts import Fact
from lib_adcopy.domain.writing import Sampling
from lib_adcopy.errors import AdCopyError

BRIEF = parse_brief("裙子，文艺风格，显瘦，雪纺，连衣裙，圆领，口袋")


@pytest.mark.parametrize(
    ("instruction", "changes"),
    [
        ("短一点", {"length": "short"}),
        ("不要太长", {"length": "short"}),
        ("写详细些，太短了", {"length": "long"}),
        ("换成抖音风格", {"platform": "douyin"}),
        ("语气活泼一点，发京东", {"platform": "jd", "tone": "lively"}),
        ("别太正式", {}),
        ("突出面料", {"stress": ("材质",)}),
        ("强调口袋", {"stress": ("款式",)}),
        ("写给学生党看", {"audience": "学生党"}),
        ("改成给学生看的", {"audience": "学生"}),
        ("给我短一点", {"length": "short"}),
        ("加上满200减30", {"points": ("满200减30",)}),
        ("加上品牌名云朵家", {"brand_words": ("云朵家",)}),
        ("把品牌名写成云朵家，短一点", {"brand_words": ("云朵家",), "length": "short"}),
        ("不要提到运费", {"avoid_words": ("运费",)}),
        ("别再出现包邮这个词", {"avoid_words": ("包邮",)}),
        ("don't mention the price", {"avoid_words": ("the price",)}),
        ("加上表情", {}),
        ("去掉表情，不要感叹号，不要话题", {}),
        ("shorter please, highlight fabric", {"length": "short", "stress": ("材质",)}),
    ],
)
def test_what_it_names_is_changed(instruction, changes):
    changed = apply_instruction(BRIEF, instruction)
    names = ("length", "platform", "tone", "audience", "stress", "avoid_words", "attributes", "points", "brand_words")
    assert {n: getattr(changed, n) for n in names if getattr(changed, n) != getattr(BRIEF, n)} == changes


def test_several_wishes_at_once():
    changed = apply_instruction(BRIEF, "短一点，突出面料，不要说显瘦")
    assert (changed.length, changed.stress, changed.avoid_words) == ("short", ("材质",), ("显瘦",))
    assert ("版型", "显瘦") not in changed.attributes


@pytest.mark.parametrize("seed", random.Random(1).sample(range(1000), 10))
def test_the_template_writer_heeds_every_round(seed):
    history = [("不要说显瘦", Copy("t", "b")), ("突出面料", Copy("t", "b"))]
    body = "雪纺的裙身轻轻垂着，风一吹就动。圆领不挑人，图案也素净，约会、上班、周末看展都能穿，谁见了都问在哪买的。"
    chosen = Copy("雪纺裙，轻轻的", body)
    drafts = TemplateWriter().revise(
        BRIEF, chosen, "短一点", history, seed=seed, sampling=Sampling(), stop=threading.Event()
    )
    copy = list(drafts)[-1].copy
    assert "显瘦" not in copy.text and "雪纺" in copy.text and len(copy.body) < len(body)


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ("去掉表情", Copy("好看！", "好看，试试！真的！！", ("裙子",))),
        ("不要感叹号", Copy("好看✨", "好看😍试试。真的。", ("裙子",))),
        ("别加话题标签", Copy("好看！✨", "好看😍试试！真的！！")),
        ("短一点", Copy("好看！✨", "好看😍试试！真的！！", ("裙子",))),
    ],
)
def test_signs_are_left_out_as_told(asked, left):
    assert held_to_form(Copy("好看！✨", "好看😍试试！真的！！", ("裙子",)), [asked]) == left


def test_what_a_round_added_is_no_claim_of_the_copys():
    brief = apply_instruction(BRIEF, "加上满200减30")
    review = review_copy(brief, Copy("", "满200减30。"))
    assert review.claims == () and ("", "满200减30") in review.covered


def test_the_fabric_of_what_is_no_garment_is_stressed_too():
    facts = (Fact("name", "保温杯"), Fact("feature", "大容量"), Fact("material", "304不锈钢"))
    changed = apply_instruction(replace(parse_brief("保温杯，大容量，304不锈钢"), facts=facts), "突出材质")
    assert "304不锈钢" in changed.stress and changed.points == ("保温杯", "304不锈钢", "大容量")


def test_what_is_stressed_does_not_become_the_product():
    changed = apply_instruction(parse_brief("保温杯，黑色，大容量"), "突出大容量")
    assert (changed.product, changed.points) == ("保温杯", ("保温杯", "大容量", "黑色"))


@pytest.mark.parametrize("wish", ["写成一首七言绝句", "translate it into French"])
def test_what_no_template_can_do_is_said_and_not_pretended(wish):
    asked = {"seed": 1, "sampling": Sampling(), "stop": threading.Event()}
    with pytest.raises(AdCopyError, match=r"七言|French"):
        list(TemplateWriter().revise(BRIEF, Copy("t", "b", seed=1), wish, (), **asked))
