"""What a seller changes in a creative: nudges, one press to mend, the five main pictures; nothing is invented."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lib_adcopy.creative.checks import check
from lib_adcopy.creative.content import Content
from lib_adcopy.creative.maker import Request, make, preview
from lib_adcopy.creative.mend import mend
from lib_adcopy.creative.planning import plan_content
from lib_adcopy.creative.sets import FIVE, taobao_five
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.copy import Copy
from lib_adcopy.domain.facts import Fact


def request_of(content, pictures=(), **options):
    return Request(content, category="beauty", pictures=tuple(pictures), label="AI生成", **options)


def headline_of(made):
    return next(text for text in made.arrangement.texts if text.slot == "headline")


def brief_of(*facts, text="", **settings):
    return Brief(text or "，".join(fact.text for fact in facts), facts=facts, **settings)


def test_a_nudge_moves_a_group_and_keeps_it_on_the_canvas(content, product):
    request = request_of(content, [product], layout="text-left")
    still = headline_of(make(request, "taobao-main"))
    moved = headline_of(make(replace(request, nudges={"headline": "right"}), "taobao-main"))
    assert moved.x > still.x
    smaller = headline_of(make(replace(request, nudges={"headline": "smaller"}), "taobao-main"))
    assert smaller.size < still.size


def test_a_missing_label_is_mended_by_one_press(content, product):
    request = replace(request_of(content, [product]), label="")
    found = next(each for each in check(make(request, "taobao-main")) if each.name == "label")
    assert found.level == "warning"
    assert "AI生成" in make(mend(request, found.mend), "taobao-main").lines


def test_a_banned_word_is_found_in_what_is_drawn_and_replaced(content, product):
    request = request_of(replace(content, headline="全网最低价的面霜"), [product])
    found = next(each for each in check(make(request, "taobao-main")) if each.name == "law")
    assert found.level == "fault"
    mended = make(mend(request, found.mend), "taobao-main")
    assert next(each for each in check(mended) if each.name == "law").level == "ok"


def test_the_next_layout_is_another_one(content, product):
    request = request_of(content, [product])
    first = make(request, "taobao-main").arrangement.order.layout.name
    assert make(mend(request, {"layout": "next"}), "taobao-main").arrangement.order.layout.name != first


def test_the_five_main_pictures_are_one_set(content, product):
    made = dict(taobao_five(request_of(content, [product])))
    assert tuple(made) == FIVE
    assert made["white"].lines == ()
    assert "129" in "".join(made["hero"].lines)


def test_a_preview_is_small_and_says_the_same(content, product):
    request = request_of(content, [product], layout="headline-above")
    small, whole = preview(request, "xiaohongshu-3:4"), make(request, "xiaohongshu-3:4")
    assert small.image.width == 540
    assert set(small.lines) == set(whole.lines)


def test_a_price_is_said_as_it_was_typed_and_no_price_before_is_invented():
    price = Fact("price", "到手价39元", "39.0 CNY", 0, 6)
    planned = plan_content(brief_of(price, Fact("name", "马克杯"), text="到手价39元，马克杯"), Copy("好杯子", ""))
    assert planned.price is not None
    assert (planned.price.text, planned.price.tag, planned.price.was) == ("¥39", "到手价", "")


@pytest.mark.parametrize("listed", ["30.0 CNY", "39.0 CNY"])
def test_a_price_before_that_is_not_higher_is_left_out(listed):
    facts = (Fact("price", "39元", "39.0 CNY"), Fact("list_price", "原价", listed))
    assert plan_content(brief_of(*facts)).price.was == ""


def test_a_long_title_is_parted_at_its_pause_and_hashtags_are_never_set():
    planned = plan_content(
        brief_of(Fact("name", "马克杯")), Copy("给工位添只杯子：山雀350ml陶瓷马克杯 #好物", "", ("好物",))
    )
    assert (planned.headline, planned.subline) == ("给工位添只杯子", "山雀350ml陶瓷马克杯")


def test_without_a_copy_the_headline_is_made_of_facts():
    assert plan_content(brief_of(Fact("name", "马克杯"), Fact("material", "陶瓷"))).headline == "陶瓷马克杯"


def test_points_are_short_distinct_and_three_at_most():
    kinds = ("function", "feature", "material", "capacity", "colour")
    facts = (
        Fact("name", "杯"),
        *(Fact(kind, text) for kind, text in zip(kinds, ("防漏", "一键开盖", "陶瓷", "350ml", "白色"), strict=True)),
    )
    points = plan_content(brief_of(*facts), Copy("每天都用的它", "")).points
    assert len(points) == 3 and "陶瓷材质" in points


def test_an_unknown_slot_is_an_error():
    with pytest.raises(KeyError):
        Content().edited({"footer": "x"})
