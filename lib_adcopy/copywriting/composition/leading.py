"""Describe what a copy leads with: its strongest statement, the price, a question, a caveat, the seller's own voice."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from lib_adcopy.copywriting.composition.bank import load_copy_data
from lib_adcopy.copywriting.composition.grouping import is_written_text
from lib_adcopy.copywriting.composition.plan import Plan, Unit

_NUMBER = re.compile(r"\d")
_NEGATION = re.compile(r"[不没无免零]\S|without|no |free", re.IGNORECASE)
_STRONG = {
    "zh": re.compile(r"手工|现[摘做烤]|自己|自家|老实|首|新|今[天早晚]|一擦|不掉|不扎|自动|双"),
    "en": re.compile(
        r"hand|home|real|whole|\bown\b|never|always|local|small|fresh|organic|keeps|lasts|fits|great|perfect|welcome|"
        r"waterproof|wireless|free|last one|easy|vegan|solid",
        re.IGNORECASE,
    ),
}
_LASTS = re.compile(r"\d+(?:分钟|小时|天|年|个月|h(?![a-z])|秒|道|次)|能|一[键按拧]|不用")
# What is no title and no opening: advice, conditions, lists, sums, addresses.
_NO_TITLE = re.compile(
    r"我(?!家|爸|妈)|客户|牌子|建议|别(?!针)|慎|内用完|[：（(]|\d[^，]*/|不做|不拆|不保|不支持|不能|不可|只做|仅限|算进去|是.*的$|、.*、|[路街巷]\d|[A-Z]区|"
    r"\d号|不接受|不退|不发|不含|缺货|以下|以上|之间|除外|另[计收付]|加收|提前|需要|先试|预售|排队|到付|截[单团止]|[一单][枚只个条件盒瓶包份]"
    r" ?\d|只剩|只收|才收|要.{0,2}[约问等]|会员|比例|^[也但就才还都而]|[吧哈呢嘛]$|去年|附[^近]|拍照|"
    r"^(?:or|and|they|orders?|ships|contains)\b|"
    r"\b(?:but|except|not|wont|don't|however|we|our|please|allow|wait|sold out)\b",
    re.IGNORECASE,
)
_SELLING_LABELS = ("卖点", "特点", "亮点", "优点", "特色", "features", "Features")
_TERMS = re.compile(r"退|不接受|不发|不包|不赔|refund|return")
_DULL = ("size", "colour", "quantity", "contents", "safety", "shelf", "spec", "weight", "fit_age", "capacity", "care")
_OF_SERVICES = ("lesson", "job", "fit_age", "howto", "contents", "flavour")
_ROOM = {"zh": 22, "en": 70}
_SHORT_ROOM = {"zh": 12, "en": 36}
# One amount, which a title can name.
_ONE_PRICE = re.compile(
    r"(?:价格|售价|首发价|到手价|首发|到手|now |from )?"
    r"((?:HK\$|US\$|\$|£|€|¥)?\d+(?:\.\d+)?(?:元|块)?(?:起|包邮| each)?)"
)


@dataclass(frozen=True)
class Lead:
    """`angle` names the frames, `values` what they are filled with, `said` the statements that are said thereby.

    `short` and `also` are the statements that titles use, cut to their first clause, `price` the price they name;
    `shorts` are all such statements, the strongest first.
    """

    angle: str
    values: dict[str, str]
    said: tuple[Unit, ...]
    short: str
    price: str
    also: str = ""
    shorts: tuple[str, ...] = ()


def find_lead(plan: Plan, angles: Sequence[str], clause: Callable[[Unit], str], seed: int) -> Lead:
    """Return the first of the angles that the brief has material for; without any, the product alone."""
    own = [unit for unit in plan.units if not unit.second]
    points = [unit for unit in own if unit.role in ("attribute", "point", "contents", "use", "audience")]
    ranked = sorted(points, key=lambda unit: -strength(unit, clause(unit), plan))
    price = short_price([unit for unit in own if unit.role == "price"], clause)
    shorts = _shorts(ranked, plan, clause)
    turn = seed % len(shorts) if shorts else 0
    short, also = [*shorts[turn:], *shorts[:turn], "", ""][:2]
    for angle in angles:
        found = _values(angle, ranked, own, clause, plan, seed)
        if found:
            values, said = found
            return Lead(angle, values, said, short, price, also, shorts)
    return Lead("none", {}, (), short, price, also, shorts)


def _values(
    angle: str, ranked: Sequence[Unit], own: Sequence[Unit], clause: Callable[[Unit], str], plan: Plan, seed: int
) -> tuple[dict[str, str], tuple[Unit, ...]] | None:
    room = _ROOM[plan.brief.language]
    fitting = [unit for unit in ranked if len(clause(unit)) <= room]
    # A value under a label of the seller's is told with the label.
    fitting = [unit for unit in fitting if not unit.has_own_label or unit.label in _SELLING_LABELS]
    if angle == "point":
        return _point(fitting, clause, plan, seed)
    if angle == "ask":
        asked = [unit for unit in fitting if unit.is_answer and unit.facet.name not in _DULL]
        if plan.kind in ("course", "service"):
            asked = [unit for unit in asked if unit.facet.name in _OF_SERVICES]
        if asked:
            unit = asked[0]
            ask = unit.facet.ask[seed % len(unit.facet.ask)]
            return {"s": clause(unit), "ask": ask, "head": unit.facet.label}, (unit,)
    if angle == "price":
        comma = "，" if plan.is_zh else ", "
        prices = [unit for unit in own if unit.role == "price"]
        whole = [unit for unit in own if unit.role in ("price", "offer")]
        for deal in (whole, prices):
            told = comma.join(clause(unit) for unit in deal)
            if prices and len(told) <= 2 * room:
                return {"p": told}, tuple(deal)
    roles = {"caveat": ("caveat", "c"), "audience": ("audience", "a"), "use": ("use", "u"), "voice": ("voice", "v")}
    if angle in roles:
        role, slot = roles[angle]
        found = [unit for unit in own if unit.role == role]
        found = [unit for unit in found if angle != "use" or unit.is_answer]
        # Terms of return are no opening.
        found = [unit for unit in found if angle != "caveat" or not _TERMS.search(unit.text)]
        if plan.is_zh and angle in ("voice", "caveat"):
            found = [] if any(_of_title("condition").search(clause(unit)) for unit in found) else found
        found = found if angle in ("voice", "caveat") else found[:1]
        told = ("，" if plan.is_zh else "; ").join(clause(unit) for unit in found)
        if found and len(told) <= 3 * room and not (angle == "use" and re.search(r"保质期|保存", told)):
            return {slot: told}, tuple(found)
    return None


def _point(
    fitting: Sequence[Unit], clause: Callable[[Unit], str], plan: Plan, seed: int
) -> tuple[dict[str, str], tuple[Unit, ...]] | None:
    """Return one of the strongest statements, with a short second one where there is room."""
    room = _ROOM[plan.brief.language]
    points = [unit for unit in fitting if unit.role in ("attribute", "point")]
    points = [unit for unit in points if is_title_text(clause(unit), plan.brief.language)]
    points = [unit for unit in points if strength(unit, clause(unit), plan) >= -3] or points
    if is_written_text(plan.units):
        return _whole_sentence(points, clause, plan, seed)
    turn = seed % max(1, min(3, len(points)))
    points = [*points[turn:], *points[:turn]]
    if not points:
        return None
    first = clause(points[0])
    second = next((unit for unit in points[1:] if len(clause(unit)) <= room / 2), None)
    if second is None or len(first) > room / 2:
        return {"s": first}, (points[0],)
    return {"s": f"{first}{'，' if plan.is_zh else ', '}{clause(second)}"}, (points[0], second)


def _whole_sentence(
    points: Sequence[Unit], clause: Callable[[Unit], str], plan: Plan, seed: int
) -> tuple[dict[str, str], tuple[Unit, ...]] | None:
    """Return all of one short sentence of the seller's: a clause is not taken out of one that goes on."""
    found: list[tuple[Unit, ...]] = []
    for point in points:
        group = tuple(unit for unit in plan.units if unit.sentence == point.sentence)
        length = sum(len(clause(unit)) + 1 for unit in group)
        if group not in found and length <= _ROOM[plan.brief.language] and all(unit in points for unit in group):
            found.append(group)
    if not found:
        return None
    chosen = found[seed % min(3, len(found))]
    return {"s": ("，" if plan.is_zh else ", ").join(clause(unit) for unit in chosen)}, chosen


def strength(unit: Unit, text: str, plan: Plan) -> float:
    """Return how much a buyer of such goods is stopped by it; short before long."""
    points = 0.0
    figurative = plan.brief.tone in ("literary", "humorous")
    points += (-1 if figurative else 1) * bool(_NUMBER.search(text)) + 1.5 * bool(_NEGATION.search(text))
    points += 1.5 * bool(_STRONG[plan.brief.language].search(text))
    points += 1.0 * (unit.role == "point") - 2.5 * (unit.facet.name in _DULL) + 1.0 * bool(_LASTS.search(text))
    points -= 1.5 * (text.startswith(("用的是", "带", "有")) or unit.facet.name == "style") + 0.5 * (unit.role == "use")
    if plan.is_zh:
        strong, dull = _patterns(plan.brief.category)
        points += 3.0 * bool(strong.search(text)) - 4.0 * bool(dull.search(unit.text))
    points -= 3.0 * (not is_title_text(text, plan.brief.language))
    room = _ROOM[plan.brief.language]
    return points - max(0.0, (len(text) - room / 2) / 6) - (1 if len(text) < 3 else 0)


@cache
def _patterns(category: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    table = load_copy_data("zh/selling.json")
    own = table["strong"].get(category)
    return re.compile("|".join(filter(None, (table["strong"]["*"], own)))), re.compile(table["dull"])


def _shorts(ranked: Sequence[Unit], plan: Plan, clause: Callable[[Unit], str]) -> tuple[str, ...]:
    """Return three of the strongest statements that a title has room for; the first clause of what is longer."""
    room = _SHORT_ROOM[plan.brief.language]
    found: list[str] = []
    dull = _patterns(plan.brief.category)[1] if plan.is_zh else None
    for unit in ranked:
        if dull and dull.search(unit.text):
            continue
        text = clause(unit)
        text = unit.text if unit.role == "contents" or text.endswith(unit.text) else text
        fits = re.split("[，；]" if plan.is_zh else r", |; | - ", text)[0]
        known = any(fits in other or other in fits for other in (*found, plan.full))
        if 2 <= len(fits) <= room and not known and is_title_text(fits, plan.brief.language):
            found.append(fits)
    return tuple(found[:3])


def is_title_text(text: str, language: str) -> bool:
    """Tell whether a statement may stand in a title: no condition, date, bare size or clause without its neighbour."""
    if _NO_TITLE.search(text):
        return False
    return language != "zh" or not (_of_title("condition").search(text) or _of_title("fragment").search(text))


@cache
def _of_title(kind: str) -> re.Pattern[str]:
    return re.compile(load_copy_data("zh/selling.json")[kind])


def short_price(units: Sequence[Unit], clause: Callable[[Unit], str]) -> str:
    """Return the price a title names: one amount, "" where the price has conditions."""
    texts = [clause(unit) for unit in units]
    plain = _ONE_PRICE.fullmatch(texts[0]) if len(texts) == 1 else None
    return plain[1] if plain and re.search(r"[元块$£€¥]", plain[1]) else ""
