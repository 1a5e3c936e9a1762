"""The template writer says every attribute, within the platform's limits, differently for different seeds."""

from __future__ import annotations

import threading

import pytest

from lib_adcopy.copywriting import vocabulary
from lib_adcopy.copywriting.brief import CATEGORIES, LENGTHS, PLATFORMS, Brief, parse_brief
from lib_adcopy.copywriting.platforms import over, platforms
from lib_adcopy.copywriting.review import rank, review_copy
from lib_adcopy.copywriting.writers.base import Sampling
from lib_adcopy.copywriting.writers.template import TemplateWriter

BRIEF = "裙子，文艺风格，简约图案，连衣裙，圆领"


def written(brief, *, count=1, seed=0, stop=None):
    drafts = TemplateWriter().write(
        brief, count=count, seed=seed, sampling=Sampling(), stop=stop or threading.Event()
    )
    return {draft.index: draft.copy for draft in drafts}


def test_the_same_seed_writes_the_same_and_others_differ():
    brief = parse_brief(BRIEF)
    assert written(brief, seed=7) == written(brief, seed=7)
    assert len({written(brief, seed=seed)[0].body for seed in range(10)}) >= 9


def test_each_candidate_comes_again_from_its_own_seed():
    brief = parse_brief(BRIEF)
    several = written(brief, count=4, seed=5)
    assert [written(brief, seed=copy.seed)[0] for copy in several.values()] == list(several.values())


def test_every_attribute_value_of_the_vocabulary_can_be_said():
    for name, values in vocabulary.values().items():
        for value in values:
            copy = written(Brief(text=value, attributes=((name, value),), category="clothing"))[0]
            review = review_copy(Brief(text=value, attributes=((name, value),)), copy)
            assert review.missing == (), (name, value, copy.text)


@pytest.mark.parametrize("category", CATEGORIES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_it_writes_is_against_the_law_or_made_up(category, language):
    text = "马克杯，白色，哑光" if language == "zh" else "Mug, white, matte"
    brief = parse_brief(text, category=category)
    for seed in range(30):
        review = review_copy(brief, written(brief, seed=seed)[0])
        assert (review.banned, review.claims, review.coverage) == ((), (), 1.0)


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("length", LENGTHS)
def test_every_platforms_limits_are_kept(platform, length):
    brief = parse_brief(BRIEF, platform=platform, length=length)
    for seed in range(10):
        copy = written(brief, seed=seed)[0]
        assert over(copy, platform) == ()
        assert len(copy.hashtags) <= platforms()[platform].hashtags[1]
        assert len(copy.hashtags) >= platforms()[platform].hashtags[0]


def test_stopping_keeps_what_was_written():
    stop = threading.Event()
    seen = []
    drafts = TemplateWriter().write(parse_brief(BRIEF), count=3, seed=1, sampling=Sampling(), stop=stop)
    for draft in drafts:
        seen.append(draft)
        stop.set()
    assert seen[0].copy.body and len(seen) <= 2


def test_a_revision_obeys():
    brief = parse_brief("连衣裙，显瘦，圆领，碎花")
    copy = written(brief)[0]
    writer = TemplateWriter()

    def revised(instruction):
        drafts = writer.revise(brief, copy, instruction, (), seed=1, sampling=Sampling(), stop=threading.Event())
        return list(drafts)[-1].copy

    assert "显瘦" not in revised("不要说显瘦").text
    assert len(revised("短一点").body) < len(revised("长一点").body)


def test_the_better_candidate_comes_first():
    brief = parse_brief(BRIEF)
    good = written(brief)[0]
    bad = type(good)(title="全国第一的裙子", body="顶级面料，绝无仅有。", writer="x", seed=1)
    assert rank(brief, [bad, good])[0].body == good.body
