"""The template writer's text reads as a seller of that very product would have it."""

from __future__ import annotations

import re
import threading

import pytest

from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.copywriting.composition.plan import make_plan
from lib_adcopy.copywriting.writers.template import TemplateWriter
from lib_adcopy.domain.writing import Sampling


def texts(words, **settings):
    brief = parse_brief(words, **settings)
    drafts = TemplateWriter().write(brief, count=40, seed=3, sampling=Sampling(), stop=threading.Event())
    return [draft.copy.text for draft in drafts if draft.done]


@pytest.mark.parametrize(
    ("words", "unit"),
    [
        ("运动鞋，透气", "双"),
        ("真皮托特包，黑色", "只"),
        ("渔夫帽，黑色", "顶"),
        ("珍珠耳钉", "对"),
        ("羊绒围巾", "条"),
        ("连衣裙，碎花", "条"),
        ("羽绒服，黑色", "件"),
        ("马克杯，白色", "只"),
    ],
)
def test_each_product_is_counted_by_its_own_measure_word(words, unit):
    plan = make_plan(parse_brief(words))
    noun = f"(?:{plan.full}|{plan.short})"
    counted = [found for text in texts(words) for found in re.findall(rf"这(.)(?:黑色|碎花|白色)?的?{noun}", text)]
    assert counted and set(counted) == {unit}, counted


@pytest.mark.parametrize(
    ("words", "misplaced"),
    [
        ("真皮托特包，黑色", ("穿", "上身", "尺码", "试穿", "斜挎包")),
        ("珍珠耳钉", ("穿", "上身", "尺码")),
        ("小白鞋，软底", ("短靴", "帆布鞋", "料子")),
        ("睡衣，棉", ("同事", "打卡", "地铁", "江边", "逛", "火锅", "渡轮", "穿去")),
        ("东北大米，新米", ("一口", "零食", "抽屉", "嘴馋", "泡一壶", "一杯")),
        ("桂花乌龙茶，秋茶", ("好吃", "厨房", "灶台", "肚子", "慢慢吃")),
        ("手工曲奇，黄油味", ("厨房", "泡一壶", "一日三餐")),
        ("猫粮，鸡肉味", ("嘴里", "入口", "嘴馋")),
    ],
)
def test_what_it_is_not_for_is_not_said_of_it(words, misplaced):
    posts = [text.split("#")[0] for text in texts(words)]
    assert [(word, post) for post in posts for word in misplaced if word in post] == []


@pytest.mark.parametrize("words", ["连衣裙，碎花，圆领，泡泡袖，收腰", "卫衣，连帽，印花", "睡衣，棉", "银戒指，素圈"])
def test_every_slot_is_filled_and_others_are_heard_of_once(words):
    for text in texts(words, length="long"):
        assert not re.search(r"[{}\[\]|]", text.split("\n", 1)[1]), text
        assert len(re.findall("小心(?![思机事意])|当心|说不定|没准|怕是", text)) <= 1, text


@pytest.mark.parametrize(
    "words", ["Ceramic mug, matte", "Wireless earbuds, 30h battery", "Green tea, loose leaf", "Oak desk, drawers"]
)
def test_english_sentences_begin_with_a_capital_and_nouns_take_their_article(words):
    for text in texts(words, length="long"):
        body = text.split("\n")[1]
        sentences = re.split(r"(?<=[.!?]) ", body)
        assert all(sentence[0].isupper() or sentence[0].isdigit() for sentence in sentences), body
        assert len(set(sentences)) == len(sentences), body
        assert not re.search(r"\ba (?:wireless )?earbuds\b|\ba green tea\b|\ba oak\b|\{|  ", text), text


def test_a_brands_capital_stays():
    assert all("Acme mug" in text for text in texts("Acme mug, matte"))
