"""Describe what a copy is made of: the brief's statements, sorted by what they are about, and the product's names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lib_adcopy.copywriting.composition.attributes import kind_of_attribute
from lib_adcopy.copywriting.composition.bank import Pack, family_noun, pack_for
from lib_adcopy.copywriting.composition.facets import facet_of
from lib_adcopy.copywriting.composition.naming import (
    first_fact,
    full_name,
    intro_of,
    lowered,
    name_of,
    sellers_name,
)
from lib_adcopy.copywriting.composition.units import PRODUCT_ROLES, Unit, is_said_by, make_units
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.facts import Fact
from lib_adcopy.domain.statements import Statement

__all__ = ["PRODUCT_ROLES", "Plan", "Unit", "facts_of", "make_plan", "statements_of", "unsaid_statements"]

_ROLE_OF_KIND = {
    "price": "price", "list_price": "price", "offer": "offer", "coupon": "offer", "deadline": "offer",
    "service": "service", "warranty": "service", "contact": "place", "audience": "audience", "occasion": "use",
}  # fmt: skip
_LABEL_OF_KIND = {
    "zh": {
        "material": "材质", "colour": "颜色", "pattern": "图案", "style": "风格", "fit": "版型", "ingredient": "成分",
        "flavour": "口味", "origin": "产地", "size": "尺寸", "capacity": "容量", "weight": "重量",
    },
    "en": {
        "material": "Material", "colour": "Colour", "pattern": "Pattern", "style": "Style", "ingredient": "Ingredients",
        "flavour": "Flavour", "origin": "Origin", "size": "Size", "capacity": "Capacity", "weight": "Weight",
    },
}  # fmt: skip

# A noun of fewer characters may be the end of a word; the full name stands for it where it is short.
_WHOLE_NOUN, _WHOLE_NAME = 3, 8
# So many of the statements AdvertiseGen's attributes must say for the garment's own prose.
_MOSTLY = 0.6
_SERVICE = re.compile(
    r"(?:批改|代做|上门|清洗|保洁|维修|摄影|体验|套餐|贴膜|车衣|洗护|修复|咨询|翻译|修图|设计服务|搬家|美甲|按摩|理发|studio|"
    r"cleaning|repair)$"
)
# Who is offered lessons is taught, whatever they are on: 尤克里里, 线上12节课.
_BOOK = re.compile(r"书(?!签|架|包|灯|立)|册|绘本|漫画|小说|诗|》|book|novel")
# A place that one comes to for what is done there, not to fetch a thing.
_VISITED = re.compile(r"约|到店|门店|营业|工作室|book|open|studio|appointment", re.IGNORECASE)
_LESSONS = re.compile(r"\d+(?:节课?|课时)|节线上课|小班课|开课|开班")


@dataclass(frozen=True)
class Plan:
    """One brief's material: `full` is brand, model and name, `name` the name alone, `short` its noun.

    `intro` is the seller's own phrase for the product where it says more than the name, else `full`. `units` are all
    statements but the product's and those to the writer, in the order they are spoken of; `attributes` AdvertiseGen's.
    """

    brief: Brief
    full: str
    name: str
    short: str
    intro: str
    brand: str
    units: tuple[Unit, ...]
    attributes: tuple[tuple[str, str], ...]
    pack: Pack

    def of(self, *roles: str) -> tuple[Unit, ...]:
        return tuple(unit for unit in self.units if unit.role in roles)

    @property
    def spoken(self) -> str:
        """Return what running text calls the product: the seller's own phrase where it is short, 自家果园的赣南脐橙."""
        longest = 16 if self.is_zh else 40
        intro = self.intro if self.is_zh else lowered(self.intro)
        return intro if len(intro) <= longest and not re.search("[，,]", intro) else self.full

    @property
    def is_zh(self) -> bool:
        return self.brief.language == "zh"

    @property
    def kind(self) -> str:
        """Return what is sold: "service", "course", "book" or "goods"; it decides what a buyer is asked to do."""
        named = {"services": "service", "courses": "course", "books": "book"}.get(self.brief.category, "goods")
        if named == "book" and not _BOOK.search(self.full):
            named = "goods"
        if _SERVICE.search(self.name):
            return "service"
        if any(_LESSONS.search(unit.text) for unit in self.units):
            return "course"
        visited = self.brief.category in ("cars", "pets", "beauty", "mother_baby", "other")
        return (
            "service"
            if visited and any(unit.role == "place" and _VISITED.search(unit.text) for unit in self.units)
            else named
        )


def make_plan(brief: Brief) -> Plan:
    """Sort the brief's statements for a copy; words to avoid are left out with their clause."""
    facts = facts_of(brief)
    name = name_of(brief)
    brand = first_fact(facts, "brand") or brief.own_brand
    statements = brief.statements or statements_of(brief, facts)
    full = sellers_name(brief, statements, name) or full_name("", first_fact(facts, "model"), name, brief.language)
    full = full_name(brand, "", full, brief.language)
    pack = pack_for(name, brief.category, brief.language)
    short = family_noun(name, brief.category, brief.language)
    # 咖啡 in a 咖啡套装 is not what is sold.
    short = short if name.lower().endswith(short.lower()) else name
    if brief.language == "zh" and short in ("", name) and len(name) < _WHOLE_NOUN and len(full) <= _WHOLE_NAME:
        # 啡豆 of 手冲咖啡豆 is no word.
        short = full
    short = next((text for text in (short, name) if len(text) > 1), full)
    attributes = _attributes(brief) if _is_told_by_attributes(brief) else ()
    words = _attribute_words(brief) if attributes else frozenset()
    units = make_units(brief, statements, (name, full, brand), words)
    units = (*units, *_priced(brief))
    intro = intro_of(brief, statements, full, name)
    plan = Plan(brief, full, name, short, intro, brand, units, attributes, pack)
    rest = _rest_of_intro(plan)
    return replace(plan, units=(rest, *plan.units)) if rest else plan


def _priced(brief: Brief) -> tuple[Unit, ...]:
    """Return the price where it stands among AdvertiseGen's attributes."""
    prices = [value for name, value in brief.attributes if "价" in name]
    if not prices or brief.statements_of("price"):
        return ()
    return tuple(Unit(text, "price", "价格", facet_of(text, "price", "", brief)) for text in prices)


def _rest_of_intro(plan: Plan) -> Unit | None:
    """Return what the seller's phrase for the product says behind its name, where the copy does not call it that."""
    if plan.intro == plan.full or plan.spoken == plan.intro or not plan.is_zh:
        return None
    rest = plan.intro.partition(plan.name)[2].strip("，, 的是:：")
    said = any(rest in unit.text or unit.text in rest for unit in plan.units)
    if len(rest) < 4 or said:
        return None
    return Unit(rest, "point", "", facet_of(rest, "point", "", plan.brief))


def facts_of(brief: Brief) -> tuple[Fact, ...]:
    """Return the brief's facts; of a brief that was put together without any, its attributes and points."""
    if brief.facts:
        return brief.facts
    kinds = {"颜色": "colour", "材质": "material", "图案": "pattern", "风格": "style", "版型": "fit", "类型": "name"}
    named = [Fact(kinds.get(name, "feature"), value, value, name=name) for name, value in brief.attributes]
    points = [Fact("name" if point == brief.product else "feature", point) for point in brief.points]
    return (*named, *points)


def statements_of(brief: Brief, facts: Sequence[Fact]) -> tuple[Statement, ...]:
    """Statements of a brief that was put together from facts: each fact is one."""
    labels = _LABEL_OF_KIND[brief.language]
    made = []
    for fact in facts:
        if fact.kind in ("brand", "model") or fact.name:
            continue
        role = "product" if fact.kind == "name" else _ROLE_OF_KIND.get(fact.kind, "")
        label = labels.get(fact.kind, "")
        role = role or ("attribute" if label else "point")
        made.append(Statement(fact.text, role, label if role == "attribute" else "", fact.start, fact.end))
    return tuple(made)


def unsaid_statements(brief: Brief, text: str) -> tuple[Statement, ...]:
    """Return the statements that the text does not hold word for word, beside the name and AdvertiseGen's
    attributes."""
    units = make_plan(replace(brief, audience="")).units
    return tuple(Statement(unit.text, unit.role, unit.label) for unit in units if unit.text not in text)


def _is_told_by_attributes(brief: Brief) -> bool:
    """Tell whether AdvertiseGen's attributes say nearly all that is told of the product."""
    words = _attribute_words(brief)
    told = [made for made in brief.statements if made.role in ("attribute", "point", "use", "audience", "voice")]
    said = [made for made in told if is_said_by(made, words)]
    return bool(brief.attributes) and len(said) >= _MOSTLY * len(told)


def _attributes(brief: Brief) -> tuple[tuple[str, str], ...]:
    """AdvertiseGen's attributes to be said, without words to avoid; stressed ones first."""
    told = [pair for pair in brief.attributes if "价" not in pair[0]]
    kept = [pair for pair in told if not any(word and word in pair[1] for word in brief.avoid_words)]
    kept.sort(key=lambda pair: not (kind_of_attribute(pair[0]) in brief.stress or pair[1] in brief.stress))
    return tuple(kept)


def _attribute_words(brief: Brief) -> frozenset[str]:
    return frozenset(word for fact in brief.facts if fact.name for word in (fact.text, fact.value) if word)
