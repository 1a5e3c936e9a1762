"""Titles that say something, and hashtags, by the platform's rule; shops' titles are in keywords.py."""

from __future__ import annotations

import re

from lib_adcopy.copywriting.composition.attributes import kind_of_attribute
from lib_adcopy.copywriting.composition.bank import family_noun, load_copy_data
from lib_adcopy.copywriting.composition.chooser import Chooser
from lib_adcopy.copywriting.composition.garments import written_value
from lib_adcopy.copywriting.composition.leading import Lead
from lib_adcopy.copywriting.composition.plan import Plan
from lib_adcopy.copywriting.composition.voice import Voice
from lib_adcopy.copywriting.platforms import display_width

# Which frames a title tries, by what the copy leads with.
_ORDERS = {
    "price": ("price", "two", "point", "plain"), "ask": ("ask", "two", "point", "plain"),
    "caveat": ("caveat", "point", "two", "price", "plain"), "use": ("point", "two", "price", "plain"),
}  # fmt: skip
_ORDER = ("two", "point", "price", "plain")
# Longest full name, in characters, that is a hashtag.
_LONGEST_TAG = 8
# So many candidates have titles of their own.
_CANDIDATES = 3
# What is seen of a garment first.
_SEEN = {
    "领": 0,
    "袖": 1,
    "图案": 2,
    "腰": 0,
    "裤口": 3,
    "版型": 1,
    "门襟": 4,
    "下摆": 2,
    "款式": 3,
    "长": 5,
    "材质": 1,
    "风格": 4,
}


def framed_title(plan: Plan, voice: Voice, rule: str, lead: Lead, limit: int) -> str:
    """Return a title of the lead's kind that fits, else one of its short statement, else the product's name."""
    if plan.attributes and plan.is_zh and not lead.short and (made := garment_title(plan, voice, limit)):
        return made
    values = {"s": lead.short, "t": lead.also, "p": lead.price}
    values |= {name: text for name, text in lead.values.items() if name in ("ask", "head")}
    emoji = voice.emoji() if rule == "social" else ""
    for angle in _ORDERS.get(lead.angle, _ORDER):
        if made := voice.title(rule, angle, limit - len(emoji), **values):
            return made + emoji
    return plan.full if len(plan.full) <= limit else plan.name[:limit]


def garment_title(plan: Plan, voice: Voice, limit: int) -> str:
    """Colour, noun and the attributes that are seen first: 深灰色直筒裤，高腰毛边."""
    colour = next((value for name, value in plan.attributes if kind_of_attribute(name) == "颜色"), "")
    known = [(_SEEN.get(kind_of_attribute(name), -1), name, value) for name, value in plan.attributes]
    seen = sorted(entry for entry in known if entry[0] >= 0 and entry[2] not in plan.full)
    values = [written_value(name, value) for _, name, value in seen]
    colour = "" if colour and colour in plan.full else colour
    for most in (3, 2, 1):
        tags = "".join(dict.fromkeys(values[:most]))
        if tags and (made := voice.garment_title(colour, plan.full, tags, limit)):
            return made
    return ""


def name_title(plan: Plan, voice: Voice, lead: Lead, seed: int, limit: int) -> str:
    """Return the product in the seller's words, by itself, with a statement or with its price, as there is room."""
    comma = "，" if plan.is_zh else ", "
    wanted: list[str] = []
    for value in (*lead.shorts[:1], lead.price, *lead.shorts[1:]):
        texts = (f"{name}{comma}{value}" for name in (plan.spoken, plan.short) if value)
        wanted += [text for text in texts if display_width(text) <= limit][:1]
    names = [text for text in (plan.intro, plan.spoken, plan.full, plan.name) if text and display_width(text) <= limit]
    wanted[1:1] = names[:1] or [plan.name[:limit]]
    found = list(dict.fromkeys(wanted))
    turn = seed % _CANDIDATES
    plain = voice.title("name", "plain", limit) if plan.is_zh and turn >= len(found) else ""
    made = plain or found[turn % len(found)]
    return made[:1].upper() + made[1:]


def hashtags(plan: Plan, chooser: Chooser, most: int) -> tuple[str, ...]:
    """Return the product, its brand, what buyers search beside it."""
    topics = [topic for topic in plan.pack.topics if not family_noun(topic, plan.brief.category, plan.brief.language)]
    topics = [topic for topic in topics if _always_holds(topic, plan)]
    topics = chooser.order("topics", topics or plan.pack.topics, 2)
    whole = plan.full if plan.is_zh and len(plan.full) <= _LONGEST_TAG else plan.name
    found = [whole, plan.short, *topics[:3], plan.brand, *topics[3:]]
    plain = (re.sub(r"[^\w\u4e00-\u9fff]", "", tag) for tag in found)
    return tuple(dict.fromkeys(tag for tag in plain if 1 < len(tag) <= 20))[:most]


def _always_holds(topic: str, plan: Plan) -> bool:
    """Tell whether a hashtag is of the whole category, or shares a word with the product's name."""
    if not plan.is_zh or topic in load_copy_data(f"zh/packs/{plan.pack.category}.json")["topics"]:
        return True
    return any(topic[at : at + 2] in plan.full for at in range(len(topic) - 1))
