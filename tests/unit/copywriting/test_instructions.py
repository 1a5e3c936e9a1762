"""A revision changes what it names and nothing else."""

from __future__ import annotations

import random
import threading

import pytest

from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.copywriting.copy import Copy
from lib_adcopy.copywriting.instructions import apply_instruction
from lib_adcopy.copywriting.writers.base import Sampling
from lib_adcopy.copywriting.writers.template import TemplateWriter

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
        ("shorter please, highlight fabric", {"length": "short", "stress": ("材质",)}),
    ],
)
def test_what_it_names_is_changed(instruction, changes):
    changed = apply_instruction(BRIEF, instruction)
    names = ("length", "platform", "tone", "audience", "stress", "avoid_words", "attributes", "points")
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
