"""The template writer says every attribute, within the platform's limits, differently for different seeds."""

from __future__ import annotations

import json
import threading

import pytest

from lib_adcopy.copywriting import vocabulary
from lib_adcopy.copywriting.brief import CATEGORIES, LENGTHS, PLATFORMS, TONES, Brief, parse_brief
from lib_adcopy.copywriting.law import check_text
from lib_adcopy.copywriting.platforms import over, platforms
from lib_adcopy.copywriting.review import rank, review_copy
from lib_adcopy.copywriting.review.review import sentences_of
from lib_adcopy.copywriting.writers.template import TemplateWriter
from lib_adcopy.domain.copy import Copy
from lib_adcopy.domain.writing import Sampling
from tests.shared_data import SHARED, needs_shared

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


def test_another_version_is_another_text_whatever_seed_is_drawn():
    brief = parse_brief("连衣裙，显瘦，圆领")
    first = written(brief, seed=7)[0]
    asked = {"seed": first.seed, "sampling": Sampling(), "stop": threading.Event()}
    *_, second = TemplateWriter().revise(brief, first, "再来一版", (), **asked)
    *_, third = TemplateWriter().revise(brief, second.copy, "再来一版", (("再来一版", first),), **asked)
    assert len({first.body, second.copy.body, third.copy.body}) == 3


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
    assert rank(brief, [bad, good])[0].copy.body == good.body


@needs_shared
def test_five_hundred_briefs_are_covered_lawful_and_varied():
    evaluation = pytest.importorskip("lib_adcopy.training.evaluation")
    pytest.importorskip("jieba")
    lines = (SHARED / "adgen" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    queries = [json.loads(line)["content"] for line in lines]
    bodies = [written(parse_brief(query), seed=at)[0].body for at, query in enumerate(queries)]
    promises, shape = evaluation.faithfulness_scores(queries, bodies), evaluation.variety_scores(bodies)
    assert promises["coverage"] >= 98
    assert (promises["banned"], promises["unsupported-claims"]) == (0, 0)
    assert shape["repetition-4"] < 1


def test_one_seed_does_not_say_the_same_of_every_product():
    kinds = ("衬衫", "卫衣", "毛衣", "风衣")
    bodies = [written(parse_brief(f"{kind}，圆领"), seed=1)[0].body.replace(kind, "") for kind in kinds]
    # Products of one family choose from the same openings; two of them may meet.
    assert len({body.split("。")[0] for body in bodies}) >= len(kinds) - 1


@pytest.mark.parametrize("platform", ["taobao", "jd"])
def test_a_product_page_asks_for_no_comments(platform):
    for seed in range(40):
        assert "评论区" not in written(parse_brief(BRIEF, platform=platform), seed=seed)[0].body


def test_brand_words_are_said_and_avoided_words_are_not():
    brief = parse_brief(BRIEF + "，显瘦", brand_words=("云裳",), avoid_words=("显瘦", "出门"), audience="上班族")
    for seed in range(40):
        text = written(brief, seed=seed)[0].text
        assert "云裳" in text and "上班族" in text and "显瘦" not in text and "出门" not in text


def test_a_tone_is_the_voice_of_the_whole_text():
    def sentences(tone):
        bodies = [written(parse_brief(BRIEF, tone=tone), seed=seed)[0].body for seed in range(20)]
        return {sentence for body in bodies for sentence in sentences_of(body)}

    # The natural tone says things as they are, and the others may too.
    spoken = {tone: sentences(tone) for tone in TONES}
    for tone in TONES[1:]:
        others = set().union(*(spoken[other] for other in TONES if other != tone))
        assert TONES[0] == "natural" and len(spoken[tone] - others) / len(spoken[tone]) > 0.3, tone


def test_what_is_to_be_shorter_is_shorter_than_what_was_chosen():
    brief, chosen = parse_brief(BRIEF), Copy("", "圆领的连衣裙很文艺，图案简约，穿着去看展，风一吹就有故事。")
    for seed in range(20):
        drafts = TemplateWriter().revise(
            brief, chosen, "再短一点", (), seed=seed, sampling=Sampling(), stop=threading.Event()
        )
        assert 0 < len(list(drafts)[-1].copy.body) < len(chosen.body)


@pytest.mark.parametrize(
    "text",
    [
        "面膜，全网销量第一，国家级品质，补水",
        "全国第一的面膜，补水",
        "国家级品质面膜，补水",
        "类型#裙*裙长#连衣裙*风格#顶级*裙领型#圆领",
    ],
)
def test_what_the_seller_says_is_not_repeated_where_the_law_bans_it(text):
    brief = parse_brief(text, platform="taobao", length="long", brand_words=("全国第一",))
    for copy in written(brief, count=6).values():
        assert [finding.term for finding in check_text(copy.text) if finding.level == "ban"] == []
        assert copy.body and ("面膜" in copy.text or "连衣裙" in copy.text)


def test_the_sellers_own_word_for_the_product_is_kept():
    brief = parse_brief("男士羊毛大衣，双排扣，翻领")
    for copy in written(brief, count=20).values():
        assert "大衣" in copy.text and "外套" not in copy.text
        assert review_copy(brief, copy).missing == ()
