"""Describe what a copy is made of: the brief's statements, cleaned, sorted by what they are about, and the product's
names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from lib_adcopy.copywriting.composition.attributes import kind_of_attribute
from lib_adcopy.copywriting.composition.bank import Pack, family_noun, pack_for
from lib_adcopy.copywriting.composition.cleaning import clean, without_avoided
from lib_adcopy.copywriting.composition.facets import Facet, facet_of
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.facts import Fact
from lib_adcopy.domain.statements import Statement

# What a copy says of the product itself, in contrast to what it costs and how it comes.
PRODUCT_ROLES = ("attribute", "point", "contents", "use", "audience")
# What names its own kind: 直径8mm is a size, 续航30天 a battery's.
_SELF_NAMED = (
    "直径", "高", "长", "宽", "尺寸", "边长", "成品", "续航", "电池", "噪音", "重", "净重", "容量", "功率", "吸力",
    "一周浇", "产自", "产地", "手工", "口味", "保质期",
)  # fmt: skip
_IDEOGRAPH = re.compile(r"[\u4e00-\u9fff]")
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


# So many of the statements AdvertiseGen's attributes must say for the garment's own prose.
_MOSTLY = 0.6
_SENTENCE_END = re.compile(r"[。！？!?\n;；]|\.(?=\s)")
# What a product's name in English begins with where it is no brand: portable, washed, wooden.
_ADJECTIVE = re.compile(r"(?:able|less|ic|ed|ing|en|al|y|ive|ous|proof|free)$")
_SERVICE = re.compile(
    r"(?:批改|代做|上门|清洗|保洁|维修|摄影|体验|套餐|贴膜|车衣|洗护|修复|咨询|翻译|修图|设计服务|搬家|美甲|按摩|理发|studio|"
    r"cleaning|repair)$"
)
# Who is offered lessons is taught, whatever they are on: 尤克里里, 线上12节课.
_LESSONS = re.compile(r"\d+(?:节课?|课时)|节线上课|小班课|开课|开班")
_DAYS = frozenset(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "January", "February"))
_LONGEST_NAME = {"zh": 18, "en": 48}
_NO_NAME = re.compile(r"自家|我们|我家|[的是了送]|[,，;：:]|^\d+[^\d寸英A-Za-z配]")


_GO_ON = ("point", "attribute", "contents", "use", "audience", "caveat", "voice")
_GOES_ON = re.compile(r"还有|不是|还能放|也|但|不过|而且|所以|因为|然后|却|并且|第二次|and |but |so ")
_RUNS = re.compile(r"续航|充|小时|分钟|天|mAh|mah|hour|\dh")


@dataclass(frozen=True)
class Unit:
    """One statement ready to be said; `facet` is what it is about, `sentence` which of the brief's sentences it is in.

    `label` names it in tables; `has_own_label` says that the seller wrote the label, so that running text needs it too.
    """

    text: str
    role: str
    label: str
    facet: Facet
    start: int = -1
    second: bool = False
    sentence: int = 0
    has_own_label: bool = False

    @property
    def is_answer(self) -> bool:
        """Tell whether it surely answers its facet's question: the seller's label says so, or its own first word."""
        if self.role in ("contents", "audience") or self.facet.name == "howto":
            return True
        if self.facet.name == "battery" and not _RUNS.search(self.text):
            return False
        plain = self.facet.name not in ("point", "detail", "spec", "style", "function")
        named = bool(self.label) or self.text.startswith(_SELF_NAMED)
        return plain and (named or self.facet.name in ("colour", "battery", "noise"))


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
        intro = self.intro if self.is_zh else _lowered(self.intro)
        return intro if len(intro) <= longest and not re.search("[，,]", intro) else self.full

    @property
    def is_zh(self) -> bool:
        return self.brief.language == "zh"

    @property
    def kind(self) -> str:
        """Return what is sold: "service", "course", "book" or "goods"; it decides what a buyer is asked to do."""
        named = {"services": "service", "courses": "course", "books": "book"}.get(self.brief.category, "goods")
        if named == "book" and not re.search(r"书|册|绘本|漫画|小说|诗|》|book|novel", self.full + self.intro):
            named = "goods"
        if _SERVICE.search(self.name):
            return "service"
        if any(_LESSONS.search(unit.text) for unit in self.units):
            return "course"
        visited = self.brief.category in ("cars", "pets", "beauty", "mother_baby", "other")
        return "service" if visited and any(unit.role == "place" for unit in self.units) else named


def make_plan(brief: Brief) -> Plan:
    """Sort the brief's statements for a copy; words to avoid are left out with their clause."""
    facts = facts_of(brief)
    name = _name(brief)
    brand = _first(facts, "brand") or brief.own_brand
    statements = brief.statements or statements_of(brief, facts)
    full = _sellers_name(brief, statements, name) or _full_name(brand, _first(facts, "model"), name, brief.language)
    pack = pack_for(name, brief.category, brief.language)
    short = family_noun(name, brief.category, brief.language)
    # 咖啡 in a 咖啡套装 is not what is sold.
    short = short if name.lower().endswith(short.lower()) else name
    short = next((text for text in (short, name) if len(text) > 1), full)
    attributes = _attributes(brief) if _is_told_by_attributes(brief) else ()
    units = _units(brief, statements, (name, full, brand), attributes)
    intro = _intro(brief, statements, full, name)
    plan = Plan(brief, full, name, short, intro, brand, tuple(units), attributes, pack)
    rest = _rest_of_intro(plan)
    return replace(plan, units=(rest, *plan.units)) if rest else plan


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


def _name(brief: Brief) -> str:
    product = clean(brief.product, brief.language) or brief.text
    product = re.sub(r"^(?:t恤|polo)", lambda found: found[0].upper(), product)
    branded = any(fact.kind == "brand" and product.startswith(fact.text) for fact in brief.facts)
    if brief.language == "en" and not branded:
        product = _lowered(product)
    if any(word and word.lower() in product.lower() for word in brief.avoid_words):
        others = [fact.text for fact in brief.facts if fact.kind == "name" and fact.text != brief.product]
        return others[0] if others else product
    return product


def _first(facts: Iterable[Fact], kind: str) -> str:
    return next((fact.text.strip() for fact in facts if fact.kind == kind), "")


def _full_name(brand: str, model: str, name: str, language: str) -> str:
    """Brand, model and name; Latin words stand apart, Chinese ones together."""
    words = [word for word in (brand, model) if word and word.lower() not in name.lower()]
    words += [name] if name else []
    joined = words[0] if words else ""
    for before, word in pairwise(words):
        apart = language == "en" or not (_IDEOGRAPH.match(word) and _IDEOGRAPH.match(before[-1]))
        joined += f" {word}" if apart and (language == "en" or not _IDEOGRAPH.match(word[0])) else word
    return joined


def _sellers_name(brief: Brief, statements: Sequence[Statement], name: str) -> str:
    """Return the seller's own phrase for the product where it is a name and no more: brand, kind and noun."""
    phrases = [clean(made.text, brief.language) for made in statements if made.role == "product"]
    longest = _LONGEST_NAME[brief.language]
    for phrase in phrases:
        plain = phrase.replace("，", "") if brief.language == "zh" else phrase
        is_name = plain.lower().endswith(name.lower()) and len(plain) <= longest and not _NO_NAME.search(plain)
        if is_name and not any(word and word in plain for word in brief.avoid_words):
            return plain if brief.language == "zh" else _lowered(plain)
    return ""


def _intro(brief: Brief, statements: Sequence[Statement], full: str, name: str) -> str:
    """Return the seller's longest phrase for the product that holds its name; else the full name."""
    phrases = [clean(made.text, brief.language) for made in statements if made.role == "product"]
    phrases = [text for text in phrases if name.lower() in text.lower() and len(text) <= 60]
    phrases = [text for text in phrases if not any(word and word in text for word in brief.avoid_words)]
    return max([*phrases, full], key=len)


def _is_told_by_attributes(brief: Brief) -> bool:
    """Tell whether AdvertiseGen's attributes say nearly all that is told of the product."""
    words = _attribute_words(brief)
    told = [made for made in brief.statements if made.role in ("attribute", "point", "use", "audience", "voice")]
    said = [made for made in told if _is_said_by_attributes(made, words)]
    return bool(brief.attributes) and len(said) >= _MOSTLY * len(told)


def _attributes(brief: Brief) -> tuple[tuple[str, str], ...]:
    """AdvertiseGen's attributes to be said, without words to avoid; stressed ones first."""
    kept = [pair for pair in brief.attributes if not any(word and word in pair[1] for word in brief.avoid_words)]
    kept.sort(key=lambda pair: not (kind_of_attribute(pair[0]) in brief.stress or pair[1] in brief.stress))
    return tuple(kept)


def _lowered(text: str) -> str:
    """Return an English name as it stands within a sentence; words with more than one capital keep them."""
    first, _, rest = text.partition(" ")
    named = first in _DAYS or not (first.isalpha() and first[1:].islower())
    plain = not named and (not rest or _ADJECTIVE.search(first))
    return text[:1].lower() + text[1:] if plain else text


def _units(
    brief: Brief, statements: Sequence[Statement], names: Sequence[str], attributes: Sequence[tuple[str, str]]
) -> list[Unit]:
    made: list[Unit] = []
    written = _attribute_words(brief) if attributes else frozenset()
    for statement in statements:
        if statement.role in ("product", "instruction"):
            continue
        if attributes and _is_said_by_attributes(statement, written):
            continue
        text = clean(without_avoided(statement.text, brief.avoid_words), brief.language)
        if not text or text.lower() in {name.lower() for name in names if name}:
            continue
        role = "point" if statement.role == "other_product" else statement.role
        role = "price" if role == "point" and _is_bare_price(text, brief) else role
        label = clean(statement.label, brief.language)
        if label in ("品牌", "Brand") and any(name and name in text for name in names[2:]):
            continue
        unit = Unit(text, role, label, facet_of(text, role, label, brief), statement.start)
        second = statement.product > 0 or statement.role == "other_product"
        sentence = len(_SENTENCE_END.findall(brief.text[: max(0, statement.start)]))
        own = bool(statement.label) and statement.label in brief.text
        unit = replace(unit, second=second, sentence=sentence, has_own_label=own)
        before = made[-1] if made else None
        goes_on = before is not None and before.sentence == sentence and before.role in _GO_ON and role in _GO_ON
        if goes_on and before is not None and _GOES_ON.match(text):
            # 还有5个月 is nothing without what stands before it.
            made[-1] = replace(before, text=f"{before.text}{'，' if brief.language == 'zh' else ', '}{text}")
        else:
            made.append(unit)
    if brief.audience and not any(word and word in brief.audience for word in brief.avoid_words):
        made.append(Unit(brief.audience, "audience", "", facet_of(brief.audience, "audience", "", brief)))
    made = _with_whole_remarks([unit for unit in made if not _said_by_another(unit, made)], brief)
    return sorted(made, key=lambda unit: not _is_stressed(unit, brief))


def _is_bare_price(text: str, brief: Brief) -> bool:
    """Tell whether it is a number and no more in a brief that names no other price."""
    return re.fullmatch(r"\d+(?:\.\d+)?", text) is not None and not brief.statements_of("price")


def _with_whole_remarks(units: Sequence[Unit], brief: Brief) -> list[Unit]:
    """Return what the seller says in one breath with words of his own is told with them: it is his remark too."""
    made = []
    for unit in units:
        beside = [other for other in units if other.sentence == unit.sentence and other is not unit]
        remark = unit.role == "point" and any(other.role == "voice" for other in beside) and len(beside) <= 3
        facet = facet_of(unit.text, "voice", "", brief)
        made.append(replace(unit, role="voice", facet=facet) if remark else unit)
    return made


def _attribute_words(brief: Brief) -> frozenset[str]:
    return frozenset(word for fact in brief.facts if fact.name for word in (fact.text, fact.value) if word)


def _is_said_by_attributes(statement: Statement, words: frozenset[str]) -> bool:
    """Tell whether the garment's sentences say all of it: nothing but a connecting word is left beside its
    attributes."""
    left = statement.text
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, "")
    left = re.sub(r"风格|图案|颜色|材质|面料|版型|款式|设计|元素|[的色款型风领袖裙裤衣，、,/ ]", "", left)
    return len(left) < 2


def _is_stressed(unit: Unit, brief: Brief) -> bool:
    return any(word in unit.text or word in (unit.label, unit.facet.label) for word in brief.stress)


def _said_by_another(unit: Unit, units: Sequence[Unit]) -> bool:
    """Tell whether a longer statement says it, or the same one before."""
    at = next(index for index, other in enumerate(units) if other is unit)
    for index, other in enumerate(units):
        if other is unit or unit.text.lower() not in other.text.lower():
            continue
        if len(other.text) > len(unit.text) or index < at:
            return True
    return False
