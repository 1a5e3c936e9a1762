"""Describe what a copy leads with: its strongest statement, the price, a question, a caveat, the seller's own voice."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lib_adcopy.copywriting.composition.plan import Plan, Unit

_NUMBER = re.compile(r"\d")
_NEGATION = re.compile(r"[不没无免零]\S|without|no |free", re.IGNORECASE)
_STRONG = re.compile(r"手工|现[摘做烤]|自己|自家|老实|首|新|今[天早晚]|一擦|不掉|不扎|自动|双")
_LASTS = re.compile(r"\d+(?:分钟|小时|天|年|个月|h(?![a-z])|秒|道|次)|能|一[键按拧]|不用")
# What is no title: a list, a sum, an address.
_NO_TITLE = re.compile(r"建议|别|慎|内用完|[：（(+/]|、|[路街巷]\d|[A-Z]区|\d号")
_DULL = ("size", "colour", "quantity", "contents", "safety", "shelf", "connect", "capacity", "spec")
_OF_SERVICES = ("lesson", "job", "fit_age", "howto", "contents", "flavour")
_ROOM = {"zh": 22, "en": 70}


@dataclass(frozen=True)
class Lead:
    """`angle` names the frames, `values` what they are filled with, `said` the statements that are said thereby.

    `short` is the statement that titles use, cut to its first clause.
    """

    angle: str
    values: dict[str, str]
    said: tuple[Unit, ...]
    short: str
    price: str


def find_lead(plan: Plan, angles: Sequence[str], clause: Callable[[Unit], str], seed: int) -> Lead:
    """Return the first of the angles that the brief has material for; without any, the product alone."""
    own = [unit for unit in plan.units if not unit.second]
    points = [unit for unit in own if unit.role in ("attribute", "point", "contents", "use")]
    ranked = sorted(points, key=lambda unit: -strength(unit, clause(unit), plan))
    price = short_price([unit for unit in own if unit.role == "price"], clause)
    for angle in angles:
        found = _values(angle, ranked, own, clause, plan, seed)
        if found:
            values, said = found
            others = [unit for unit in ranked if unit.role != "contents" and not any(unit is one for one in said)]
            return Lead(angle, values, said, _short(others, plan, seed), price)
    return Lead("none", {}, (), _short(ranked, plan, seed), price)


def _values(
    angle: str, ranked: Sequence[Unit], own: Sequence[Unit], clause: Callable[[Unit], str], plan: Plan, seed: int
) -> tuple[dict[str, str], tuple[Unit, ...]] | None:
    room = _ROOM[plan.brief.language]
    fitting = [unit for unit in ranked if len(clause(unit)) <= room]
    points = [unit for unit in fitting if unit.role in ("attribute", "point") and "/" not in unit.text]
    turn = seed % max(1, min(3, len(points)))
    points = points[turn:] + points[:turn]
    if angle == "point" and points:
        first = clause(points[0])
        second = next((unit for unit in points[1:] if len(clause(unit)) <= room / 2), None)
        if second is None or len(first) > room / 2:
            return {"s": first}, (points[0],)
        return {"s": f"{first}{'，' if plan.is_zh else ', '}{clause(second)}"}, (points[0], second)
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
        found = found if angle in ("voice", "caveat") else found[:1]
        told = ("，" if plan.is_zh else "; ").join(clause(unit) for unit in found)
        if found and len(told) <= 3 * room:
            return {slot: told}, tuple(found)
    return None


def strength(unit: Unit, text: str, plan: Plan) -> float:
    """Return how much a buyer is stopped by it: a number, a negation, something unusual; short before long."""
    points = 0.0
    figurative = plan.brief.tone in ("literary", "humorous")
    points += (-1 if figurative else 2) * bool(_NUMBER.search(text)) + 2 * bool(_NEGATION.search(text))
    points += 1.5 * bool(_STRONG.search(text))
    points += 1.0 * (unit.role == "point") - 1.5 * (unit.facet.name in _DULL) + 1.5 * bool(_LASTS.search(text))
    points -= 1.5 * (text.startswith(("用的是", "带", "有")) or unit.facet.name == "style") + 0.5 * (unit.role == "use")
    room = _ROOM[plan.brief.language]
    return points - max(0.0, (len(text) - room / 2) / 6) - (1 if len(text) < 4 else 0)


def _short(ranked: Sequence[Unit], plan: Plan, seed: int) -> str:
    """Return one of the strongest statements that a title has room for; its first clause where that stands by
    itself."""
    room = 12 if plan.is_zh else 34
    found = []
    for unit in ranked:
        text = unit.text
        if unit.label and text[:1].isdigit() and unit.label not in text:
            text = f"{unit.label}{text}" if plan.is_zh else f"{unit.label.lower()} {text}"
        fits = re.split("[，；]" if plan.is_zh else ", ", text)[0]
        if 3 <= len(fits) <= room and fits not in plan.full and not _NO_TITLE.search(fits):
            found.append(fits)
    return found[seed % min(3, len(found))] if found else ""


def short_price(units: Sequence[Unit], clause: Callable[[Unit], str]) -> str:
    """Return the price a title names: the lowest clause that is one amount, "" where the price has conditions."""
    texts = [clause(unit) for unit in units]
    if len(texts) != 1:
        return ""
    amounts = re.findall(r"\d+(?:\.\d+)?元", texts[0])
    plain = re.fullmatch(r"(?:价格|售价|首发价|到手价|首发|到手)?(\d+(?:\.\d+)?元)", texts[0])
    return plain[1] if plain and len(amounts) == 1 else ""
