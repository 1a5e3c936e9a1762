"""What the law forbids is found with its article; innocent words are left alone."""

from __future__ import annotations

import json
from functools import cache

import pytest

from lib_adcopy.copywriting import law
from lib_adcopy.copywriting.answers import without_bans
from lib_adcopy.copywriting.law import apply_suggestion, check, rules
from lib_adcopy.copywriting.law.check import LEVELS
from lib_adcopy.copywriting.law.likeness import Likeness
from lib_adcopy.domain.copy import Copy
from lib_adcopy.training.recipes.law_sentences import HOLDOUT_SETS, RULE_SETS, read_set
from tests.shared_data import SHARED, needs_shared

# Several tests look at the same sentences of the sets.
check_text = cache(law.check_text)
# Of people's copy, every so many are checked: a thousand say as much as five thousand.
EVERY = 5


def banned(text):
    return [finding.term for finding in check_text(text) if finding.level == "ban"]


@pytest.mark.parametrize(
    "text",
    ["全国第一的面膜", "国家级工艺", "顶级羊绒", "7天变白", "喝了能降血压", "销量第一", "NO.1品牌", "药到病除"],
)
def test_a_violation_is_found_with_its_article(text):
    found = [finding for finding in check_text(text) if finding.level == "ban"]
    assert found and all("法" in finding.law or "条例" in finding.law for finding in found)
    assert all(text[finding.start : finding.end] == finding.term for finding in found)


@pytest.mark.parametrize("text", ["最近降温了", "第一次穿", "最后一步扣好扣子", "100%棉", "第一眼就心动", "招财猫摆件"])
def test_an_innocent_sentence_is_not(text):
    assert banned(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "本店2024年销量第一（数据来源：店铺后台，统计时间2024年全年）",
        "不满意可以退，邮费我们出",
        "满99包邮，偏远地区补差价",
        "最小的尺码是S",
        "满300减50自动抵扣",
        "全店第一单打九折",
        "妈妈说这是她用过最顺手的锅",
        "极品飞车主题的钥匙扣",
        "国家级青少年篮球赛",
        "酒香不怕巷子深",
        "医用级别不敢说",
        "不敢说最好，只求对得起这份信任",
        "来评论区聊聊",
        "就把它带回家吧",
    ],
)
def test_what_only_looks_like_a_claim_has_no_finding(text):
    assert check_text(text) == ()


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("距离地铁站5分钟的小区", "房地产"),
        ("这里是风水宝地", "迷信歧视"),
        ("藏风聚气的好宅", "迷信歧视"),
        ("招财转运手链", "迷信歧视"),
        ("市政府祝贺本店开业", "权威背书"),
        ("商务局力荐的大米", "权威背书"),
        ("买不起就别看", "低俗歧视"),
        ("蜂蜜治好了胃溃疡", "医疗用语"),
        ("面膜治疗湿疹", "医疗用语"),
        ("手术成功率100%", "效果保证"),
    ],
)
def test_a_kind_of_violation_is_banned_under_its_rule(text, category):
    assert category in [finding.category for finding in check_text(text) if finding.level == "ban"]


def test_a_suggestion_can_be_applied():
    text = "顶级羊绒，销量第一"
    for finding in reversed(check_text(text)):
        text = apply_suggestion(text, finding)
    assert banned(text) == [] and "羊绒" in text


@pytest.mark.parametrize("name", RULE_SETS)
def test_nearly_every_violation_is_found(name):
    lines = read_set(name).violations
    missed = [line for line in lines if not check_text(line)]
    assert len(missed) <= 0.05 * len(lines), missed


@pytest.mark.parametrize("name", RULE_SETS)
def test_innocent_sentences_may_be_posted(name):
    lines = read_set(name).innocent
    flagged = [(line, banned(line)) for line in lines if banned(line)]
    assert len(flagged) <= 0.02 * len(lines), flagged


@pytest.mark.parametrize("name", HOLDOUT_SETS)
def test_most_of_a_set_nobody_learnt_from_is_found(name):
    violations, innocent = read_set(name).violations, read_set(name).innocent
    assert sum(bool(check_text(line)) for line in violations) >= 0.95 * len(violations)
    assert sum(bool(banned(line)) for line in innocent) <= 0.02 * len(innocent)
    assert sum(bool(check_text(line)) for line in innocent) <= 0.1 * len(innocent)


def test_the_likeness_weights_stand_in_lines_that_can_be_read_and_are_as_they_are_written():
    pytest.importorskip("torch")
    from lib_adcopy.copywriting.vocabulary import DATA
    from lib_adcopy.training.recipes.law_likeness import serialise

    text = (DATA / "law" / "likeness.json").read_text(encoding="utf-8")
    assert max(map(len, text.splitlines())) <= 100
    assert serialise(**json.loads(text)) == text


@pytest.mark.parametrize("text", ["这张老照片是爷爷拍的", "Cotton shirt, wash cold", "。。。", "12345678"])
def test_a_likeness_is_of_chinese_sentences_that_claim_something(text):
    assert check_text(text) == ()


def test_what_is_only_alike_is_for_the_seller_to_judge():
    text = "颜色有三种。孩子戴上这副眼镜，度数就一直往回走。"
    [finding] = check_text(text)
    assert (finding.level, finding.category) == ("caution", "疑似医疗用语")
    assert finding.law == "广告法第十七条" and "医疗用语" in finding.suggestion
    assert text[finding.start : finding.end] == finding.term == "孩子戴上这副眼镜，度数就一直往回走"


@pytest.mark.parametrize(("clause_confirms", "level"), [(True, "ban"), (False, "caution")])
def test_a_ban_is_a_caution_where_its_sentence_and_its_clause_are_like_innocent_ones(
    monkeypatch, clause_confirms, level
):
    clause = "三天见效的贴片"
    monkeypatch.setattr(
        check, "likeness", lambda text: Likeness(text == clause and clause_confirms, False, frozenset())
    )
    assert [finding.level for finding in law.check_text(f"颜色有三种，{clause}。")] == [level]


def test_a_claim_among_innocent_clauses_is_banned():
    assert banned("料子软，颜色素，袖口收得利落，全网销量第一的外套，口袋也深")


@pytest.mark.parametrize("name", (*RULE_SETS, *HOLDOUT_SETS))
def test_nothing_banned_is_left_of_what_a_writer_gives_out(name):
    lines = read_set(name).violations
    posts = [without_bans(Copy(f"好物{at}", "\n".join(lines[at : at + 4]))) for at in range(0, len(lines), 4)]
    assert [banned(post.text) for post in posts if banned(post.text)] == []


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("我们一直追求最佳品质", []),
        ("没有最好，只有更好", []),
        ("不敢说是第一品牌", []),
        ("这是店里最受欢迎的一款", []),
        ("全国最受欢迎的一款", ["ban"]),
        ("2024年类目销量第一（数据来源：某研究院）", ["evidence"]),
        ("2024年类目销量第一", ["ban"]),
        ("做最好的自己", []),
        ("最佳食用温度60度", []),
        ("本品不能代替药物", []),
        ("不得不说它是最好的面霜", ["ban"]),
        ("不信你试试，全网销量第一的面霜", ["ban"]),
        ("谨防虚假宣传，别信全网销量第一", []),
        ("电影里他跑了第一，奖杯还在", []),
        ("电影级音效，全网销量第一", ["ban"]),
        ("本店不参与刷单", []),
        ("别犹豫，加微信领券", ["platform"]),
    ],
)
def test_what_stands_around_a_term_decides(text, levels):
    """SAMR notice 2023 no. 6: wishes, one's own goods, advice on use, figures with their source."""
    assert [finding.level for finding in check_text(text)] == levels


def test_every_replacement_may_be_posted():
    replacements = rules.replacements()
    assert [word for word in replacements.values() if word and banned(word)] == []


def test_every_pattern_says_what_to_do():
    for rule in rules.rules():
        assert rule.level in LEVELS and rule.law and rule.suggestion


@needs_shared
def test_human_ad_copy_is_almost_never_banned():
    lines = (SHARED / "adgen" / "train.jsonl").read_text(encoding="utf-8").splitlines()
    copies = [json.loads(line)["summary"] for line in lines[::EVERY]]
    assert sum(bool(banned(copy)) for copy in copies) / len(copies) <= 0.01


@needs_shared
def test_human_ad_copy_seldom_has_a_finding():
    lines = (SHARED / "adgen" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    copies = [json.loads(line)["summary"] for line in lines]
    assert sum(bool(check_text(copy)) for copy in copies) / len(copies) <= 0.06


def test_an_absolute_word_is_banned_in_the_plainest_company():
    assert [finding.level for finding in check_text("这是最好的马克杯，39元。")] == ["ban"]


@pytest.mark.parametrize("text", ["两盒减60", "11月30日前有效", "鲜花包月，每周收一束花。"])
def test_an_offer_a_date_and_a_delivery_are_no_claims(text):
    assert not check_text(text)
