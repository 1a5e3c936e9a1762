"""The copy composed of a brief's facts: nothing lost, nothing changed, each platform's own text, each candidate new."""

from __future__ import annotations

import itertools
import re

import pytest

from lib_adcopy.copywriting.composition.composer import Composer
from lib_adcopy.copywriting.composition.forms import form_of, takes_also
from lib_adcopy.copywriting.composition.segments import whole_phrases
from lib_adcopy.copywriting.law import check_text
from lib_adcopy.copywriting.review import review_copy
from lib_adcopy.copywriting.review.review import sentences_of
from lib_adcopy.copywriting.writers.template import composed
from lib_adcopy.domain.brief import LENGTHS, PLATFORMS, TONES, Brief
from lib_adcopy.domain.copy import Copy
from lib_adcopy.domain.facts import Fact

FILLERS = ("不多不少", "用着宽裕", "想得周到", "日常正合适", "心里有数", "不用将就", "刚好够用")
FLASK = (
    ("material", "316不锈钢", ""), ("name", "焖烧壶", ""), ("capacity", "750ml", "750 ml"),
    ("function", "6小时保温", "6 h"), ("feature", "折叠勺", ""),
    ("colour", "雪白", ""), ("colour", "墨绿", ""), ("price", "139元", "139.0 CNY"),
    ("list_price", "原价189", "189.0 CNY"), ("offer", "满2件打9折", ""), ("deadline", "到周日", ""),
    ("service", "7天无理由", ""),
)  # fmt: skip
KETTLE = (
    ("name", "camping kettle", ""), ("capacity", "900 ml", "900 ml"), ("weight", "260 g", "260 g"),
    ("colour", "olive", ""),
    ("feature", "folding handle", ""), ("price", "$32", "32.0 USD"), ("offer", "free shipping over $50", ""),
)  # fmt: skip


def brief_of(facts, language="zh", **settings):
    comma, text, made = ("，", "", []) if language == "zh" else (", ", "", [])
    for kind, words, value in facts:
        text += comma if text else ""
        made.append(Fact(kind, words, value, len(text), len(text) + len(words)))
        text += words
    return Brief(text=text, facts=tuple(made), language=language, category=settings.pop("category", "home"), **settings)


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize(("facts", "language"), [(FLASK, "zh"), (KETTLE, "en")])
def test_no_fact_is_lost_or_changed(platform, facts, language):
    for length, tone, seed in itertools.product(LENGTHS, TONES, range(3)):
        brief = brief_of(facts, language, platform=platform, length=length, tone=tone)
        copy = composed(brief, seed)
        review = review_copy(brief, copy)
        assert (review.missing, review.changed, review.claims) == ((), (), ()), copy.text
        assert not re.search(r"[{}]|，，|。。|的的|¥\d+元|None", copy.text), copy.text


def test_ten_candidates_share_no_sentence_but_facts():
    words = [text for _, text, _ in FLASK] + ["焖烧壶"]
    for platform in ("xiaohongshu", "douyin", "moments", "weibo"):
        seen: set[str] = set()
        for seed in range(10):
            found = sentences_of(composed(brief_of(FLASK, platform=platform), seed).body)
            own = {s for s in found if not any(word in s for word in words) and len(s) > 4}
            assert not own & seen, (platform, own & seen)
            seen |= own


@pytest.mark.parametrize("platform", [name for name in PLATFORMS if name != "jd"])
def test_three_candidates_have_three_titles_and_three_openings(platform):
    copies = [composed(brief_of(FLASK, platform=platform), seed) for seed in range(3)]
    assert len({copy.title for copy in copies}) == 3
    assert len({copy.body.split("\n")[0] for copy in copies}) >= 2


def test_eight_platforms_give_eight_texts():
    def grams(text):
        plain = re.sub(r"\s", "", text)
        return {plain[at : at + 4] for at in range(len(plain) - 3)}

    texts = {platform: grams(composed(brief_of(FLASK, platform=platform), 5).text) for platform in PLATFORMS}
    pairs = list(itertools.combinations(texts.values(), 2))
    shared = [len(one & other) / len(one | other) for one, other in pairs]
    assert sum(shared) / len(shared) <= 0.3 and max(shared) <= 0.4


def test_the_same_brief_and_seed_give_the_same_text():
    assert composed(brief_of(FLASK), 4) == composed(brief_of(FLASK), 4)


def test_price_was_price_offer_and_term_are_said_in_one_place():
    body = composed(brief_of(FLASK, platform="douyin"), 1).body
    line = next(line for line in body.split("\n") if "139元" in line)
    assert "原价189元" in line and "满2件打9折" in line and "到周日" in line and "139元的" not in body


def test_a_shops_title_is_keywords_without_price():
    for platform in ("taobao", "jd"):
        title = composed(brief_of(FLASK, platform=platform), 0).title
        assert "焖烧壶" in title and "316不锈钢" in title and "139" not in title and "9折" not in title


def test_there_are_no_fillers_and_no_bans():
    for platform, seed in itertools.product(PLATFORMS, range(4)):
        text = composed(brief_of(FLASK, platform=platform, length="long"), seed).text
        assert not any(filler in text for filler in FILLERS)
        assert [found.term for found in check_text(text) if found.level == "ban"] == []


@pytest.mark.parametrize(
    ("text", "form"),
    [("500ml", "number"), ("带茶隔", "verb"), ("可冲马桶", "verb"), ("清爽不黏", "adjective"), ("白桃味", "noun"),
     ("瓶子是磨砂玻璃配胡桃木盖", "clause")],
)  # fmt: skip
def test_the_form_of_a_facts_text(text, form):
    assert form_of(text) == form


def test_only_what_reads_well_after_also_takes_it():
    assert takes_also("带茶隔") and not takes_also("送给男朋友也可以") and not takes_also("304不锈钢")


@pytest.mark.parametrize(
    ("text", "facts", "joined"),
    [
        ("猪肉脯，3袋装29", [("quantity", "3袋装"), ("price", "29")], ("price", "3袋装29")),
        ("台灯，灯罩是亚麻布做的", [("material", "亚麻布")], ("material", "灯罩是亚麻布做的")),
        ("被子，周五前满500减60", [("deadline", "周五前"), ("offer", "满500减60")], ("offer", "周五前满500减60")),
    ],
)
def test_facts_of_one_phrase_are_said_as_the_phrase(text, facts, joined):
    made = tuple(Fact(k, w, "", text.index(w), text.index(w) + len(w)) for k, w in facts)
    assert [(fact.kind, fact.text) for fact in whole_phrases(Brief(text=text, facts=made))] == [joined]


def test_the_name_is_the_whole_noun_phrase():
    text = "自家晒的山楂条，500g"
    facts = (Fact("name", "山楂条", "", 4, 7), Fact("weight", "500g", "500 g", 8, 12))
    assert "山楂条" in Composer(Brief(text=text, facts=facts, category="food"), 1).title() + text
    text = "304不锈钢面盆，30cm"
    facts = (Fact("material", "304不锈钢", "", 0, 6), Fact("name", "面盆", "", 6, 8), Fact("size", "30cm", "", 9, 13))
    assert "304不锈钢面盆" in composed(Brief(text=text, facts=facts, category="home", platform="jd"), 0).title


def test_a_wrong_number_is_a_changed_fact():
    brief = brief_of(FLASK)
    review = review_copy(brief, Copy("焖烧壶", "316不锈钢焖烧壶，容量850ml，6小时保温，139元。"))
    assert ("", "750ml") in review.changed and ("", "750ml") not in review.missing


