"""The copy composed of a brief's facts: nothing lost, nothing changed, each platform's own text, each candidate new."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import pytest

from lib_adcopy.copywriting.composition.cleaning import clean, with_currency
from lib_adcopy.copywriting.law import check_text
from lib_adcopy.copywriting.review import review_copy
from lib_adcopy.copywriting.review.review import sentences_of
from lib_adcopy.copywriting.writers.template import composed
from lib_adcopy.domain.brief import LENGTHS, PLATFORMS, TONES, Brief
from lib_adcopy.domain.copy import Copy
from lib_adcopy.domain.facts import Fact
from lib_adcopy.domain.statements import Statement

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
            own = {s for s in found if not any(word in s for word in words) and len(s) > 4 and s[0] != "Q"}
            assert not own & seen, (platform, own & seen)
            seen |= own


@pytest.mark.parametrize("platform", [name for name in PLATFORMS if name not in ("jd", "moments")])
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
    assert sum(shared) / len(shared) <= 0.3 and max(shared) <= 0.75


def test_the_same_brief_and_seed_give_the_same_text():
    assert composed(brief_of(FLASK), 4) == composed(brief_of(FLASK), 4)


def test_price_was_price_offer_and_term_are_said_in_one_place():
    text = composed(brief_of(FLASK, platform="douyin"), 1).text
    line = next(line for line in text.split("\n") if "139元" in line)
    assert "原价189元" in line and "满2件打9折" in line and "到周日" in line and "139元的" not in text


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
    ("price", "said"),
    [
        ("原价1299，现价899", "原价1299元，现价899元"), ("39.9（日常价69）", "39.9元（日常价69元）"),
        ("满200减30", "满200减30"),
        ("199→149", "原199元，现在149元"), ("28元一把，两把50", "28元一把，两把50元"),
        ("680元，会员价612", "680元，会员价612元"),
    ],
)
def test_a_price_names_its_currency_once(price, said):
    assert with_currency(price) == said


def test_a_clause_is_cleaned_without_touching_its_numbers():
    assert clean("- 营业 9:00-19:30,周一休息 ", "zh") == "营业9:00-19:30，周一休息"
    assert clean("10,000 mAh 电池", "zh") == "10,000 mAh电池"
    assert clean(" 42 g. ", "en") == "42 g"


def told(*statements, **settings):
    """A brief of (role, text) or (role, text, label), one statement each."""
    made = [Statement(entry[1], entry[0], entry[2] if len(entry) > 2 else "") for entry in statements]
    name = settings.pop("name")
    text = "。".join(f"{one.label}：{one.text}" if one.label else one.text for one in made)
    facts = (Fact("name", name),)
    return Brief(text=text, facts=facts, statements=tuple(made), category=settings.pop("category", "home"), **settings)


SOAP = (
    ("product", "手工橄榄皂"), ("point", "冷制45天才脱模"), ("attribute", "110g", "重量"), ("audience", "干皮友好"),
    ("caveat", "不起大泡泡"), ("price", "一块32，三块90"), ("offer", "满三块送起泡网"), ("service", "碎了补发"),
    ("voice", "我妈用了说比超市的润"), ("instruction", "写得接地气点"),
)  # fmt: skip


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("tone", TONES)
def test_every_statement_is_said_once_and_whole_and_an_instruction_never(platform, tone):
    for seed in range(3):
        text = composed(told(*SOAP, name="橄榄皂", platform=platform, tone=tone), seed).text
        for said in ("冷制45天才脱模", "110g", "干皮友好", "不起大泡泡", "送起泡网", "碎了补发", "说比超市的润"):
            assert said in text, (said, text)
        assert "一块32元，三块90元" in text and "接地气" not in text


def test_what_goes_on_from_the_statement_before_stays_with_it():
    text = "海苔脆60g。保质期最短的是海苔，还有5个月。一箱59.9。"
    cut = [("海苔脆60g", "product"), ("保质期最短的是海苔", "use"), ("还有5个月", "contents"), ("一箱59.9", "price")]
    made = tuple(Statement(words, role, "", text.index(words), text.index(words) + len(words)) for words, role in cut)
    brief = Brief(text=text, facts=(Fact("name", "海苔脆"),), statements=made, category="food")
    for platform, seed in itertools.product(PLATFORMS, range(3)):
        assert "保质期最短的是海苔，还有5个月" in composed(replace(brief, platform=platform), seed).text


def test_a_brief_of_a_name_alone_still_has_a_body():
    for platform in PLATFORMS:
        copy = composed(told(("product", "PVC雨鞋"), name="PVC雨鞋", category="clothing", platform=platform), 1)
        assert "雨鞋" in copy.title + copy.body and copy.body


def test_a_remark_of_the_sellers_is_told_whole():
    text = "毛线帽。我妈织的，拆了三遍才满意。59元。"
    cut = [("毛线帽", "product"), ("我妈织的", "voice"), ("拆了三遍才满意", "point"), ("59元", "price")]
    made = tuple(Statement(words, role, "", text.index(words), text.index(words) + len(words)) for words, role in cut)
    brief = Brief(text=text, facts=(Fact("name", "毛线帽"),), statements=made, category="clothing")
    for platform, seed in itertools.product(PLATFORMS, range(3)):
        assert "我妈织的，拆了三遍才满意" in composed(replace(brief, platform=platform), seed).text


def test_three_candidates_have_three_forms():
    bodies = [composed(told(*SOAP, name="橄榄皂", platform="xiaohongshu"), seed).body for seed in range(3)]
    lines = [set(body.split("\n")) for body in bodies]
    for one, other in itertools.combinations(lines, 2):
        assert not {line for line in one & other if len(line) > 12 and "元" not in line}


def test_a_label_of_the_sellers_stands_before_its_value_and_a_usual_one_only_in_a_table():
    rows = (("product", "台灯"), ("attribute", "1.8m", "线长"), ("attribute", "E27", "灯头"))
    own = told(*rows, name="台灯", platform="jd")
    text = composed(own, 0).body
    assert "线长：1.8m" in text and "灯头：E27" in text


@pytest.mark.parametrize(("category", "asked"), [("services", "下单"), ("courses", "下单")])
def test_a_service_or_a_course_is_booked_not_ordered(category, asked):
    brief = told(("product", "周末陶艺体验"), ("price", "两人298"), name="陶艺体验", category=category)
    for platform, seed in itertools.product(PLATFORMS, range(6)):
        text = composed(replace(brief, platform=platform), seed).text
        assert asked not in text and "这款" not in text.split("#")[0].replace("这款陶艺体验", "")


def test_what_is_told_of_a_second_product_stands_apart():
    rows = (("product", "银戒"), ("point", "手工敲纹"), ("price", "168元"))
    brief = told(*rows, name="银戒", category="jewellery", platform="moments")
    second = (Statement("同系列耳夹", "other_product", product=1), Statement("耳夹88元", "price", product=1))
    for seed in range(3):
        body = composed(replace(brief, statements=(*brief.statements, *second)), seed).body
        assert "耳夹88元" in body and "168元" in body
        assert "168元，耳夹88元" not in body


def test_a_wrong_number_is_a_changed_fact():
    brief = brief_of(FLASK)
    review = review_copy(brief, Copy("焖烧壶", "316不锈钢焖烧壶，容量850ml，6小时保温，139元。"))
    assert ("", "750ml") in review.changed and ("", "750ml") not in review.missing


