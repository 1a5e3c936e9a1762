"""A brief's statements ready to be said: cleaned, without words to avoid, those that need each other together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from lib_adcopy.copywriting.composition.cleaning import clean, without_avoided
from lib_adcopy.copywriting.composition.facets import Facet, facet_of
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.statements import Statement

# What a copy says of the product itself, in contrast to what it costs and how it comes.
PRODUCT_ROLES = ("attribute", "point", "contents", "use", "audience")
# What names its own kind: 直径8mm is a size, 续航30天 a battery's.
_SELF_NAMED = (
    "直径", "高", "长", "宽", "尺寸", "边长", "成品", "续航", "电池", "噪音", "重", "净重", "容量", "功率", "吸力",
    "一周浇", "产自", "产地", "手工", "口味", "保质期",
)  # fmt: skip
_SENTENCE_END = re.compile(r"[。！？!?\n;；]|\.(?=\s)")
_GO_ON = ("point", "attribute", "contents", "use", "audience", "caveat", "voice")
# What is nothing without the clause before it.
_GOES_ON = re.compile(
    r"还有|不是|还能放|也|但|不过|而且|所以|因为|然后|却|并且|第二次|除外|仅限|只限|以下|以上|另计|另收|收\d|人均|"
    r"and |or |but |so |except |plus |that's |which "
)
_STEPS = re.compile(
    r"先|再|即可|分钟|加水|泡|煮|蒸|浇|涂|敷|冲|一天\d|每[天周]|first|then|minutes|daily|twice", re.IGNORECASE
)
_COLOUR = re.compile(r"色|[黑白灰红蓝绿黄粉紫橙棕杏青金银](?:$|[、/／，])|[a-z]{3}", re.IGNORECASE)
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
        if self.role in ("contents", "audience"):
            return True
        if self.facet.name == "howto":
            return _STEPS.search(self.text) is not None
        if self.facet.name == "battery" and not _RUNS.search(self.text):
            return False
        if self.facet.name == "colour" and not _COLOUR.search(self.text):
            return False
        plain = self.facet.name not in ("point", "detail", "spec", "style", "function")
        named = (bool(self.label) and self.has_own_label) or self.text.startswith(_SELF_NAMED)
        return plain and (named or self.facet.name in ("colour", "battery", "noise"))


def make_units(
    brief: Brief, statements: Sequence[Statement], names: Sequence[str], words: frozenset[str]
) -> tuple[Unit, ...]:
    """Return what is said beside the name; `names` are name, full name and brand, `words` those of the attributes that
    a garment's own prose says."""
    made: list[Unit] = []
    for statement in statements:
        unit = _unit_of(statement, brief, names, words)
        if unit is None:
            continue
        before = made[-1] if made else None
        if before is not None and _goes_on(before, unit):
            made[-1] = replace(before, text=f"{before.text}{'，' if brief.language == 'zh' else ', '}{unit.text}")
        else:
            made.append(unit)
    if brief.audience and not any(word and word in brief.audience for word in brief.avoid_words):
        made.append(Unit(brief.audience, "audience", "", facet_of(brief.audience, "audience", "", brief)))
    made = _with_whole_remarks([unit for unit in made if not _said_by_another(unit, made)], brief)
    return tuple(sorted(made, key=lambda unit: not _is_stressed(unit, brief)))


def _unit_of(statement: Statement, brief: Brief, names: Sequence[str], words: frozenset[str]) -> Unit | None:
    """Return the statement cleaned, None where it names the product, speaks to the writer or is said elsewhere."""
    if statement.role in ("product", "instruction") or (words and is_said_by(statement, words)):
        return None
    text = clean(without_avoided(statement.text, brief.avoid_words), brief.language)
    if not text or text.lower() in {name.lower() for name in names if name}:
        return None
    role = "point" if statement.role == "other_product" else statement.role
    role = "price" if role == "point" and _is_bare_price(text, brief) else role
    label = clean(statement.label, brief.language)
    if label in ("品牌", "Brand") and any(name and name in text for name in names[2:]):
        return None
    second = statement.product > 0 or statement.role == "other_product"
    sentence = len(_SENTENCE_END.findall(brief.text[: max(0, statement.start)]))
    own = bool(statement.label) and statement.label in brief.text
    return Unit(text, role, label, facet_of(text, role, label, brief), statement.start, second, sentence, own)


def _goes_on(before: Unit, unit: Unit) -> bool:
    """Tell whether a clause is nothing without the one before: 还有5个月."""
    same = before.sentence == unit.sentence and before.second == unit.second and not unit.has_own_label
    told = before.role in _GO_ON and unit.role in (*_GO_ON, "price")
    return same and told and _GOES_ON.match(unit.text) is not None


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


def is_said_by(statement: Statement, words: frozenset[str]) -> bool:
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
