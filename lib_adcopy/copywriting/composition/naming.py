"""Describe what a copy calls the product: brand, model and noun, or the seller's own phrase where that is a name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

from lib_adcopy.copywriting.composition.cleaning import clean
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.facts import Fact
from lib_adcopy.domain.statements import Statement

_IDEOGRAPH = re.compile(r"[\u4e00-\u9fff]")
# What a product's name in English begins with where it is no brand: portable, washed, wooden.
_ADJECTIVE = re.compile(
    r"(?:able|less|ic|ed|ing|en|al|y|ive|ous|proof|free|made|walnut|oak|pine|linen|cotton|leather|wool|silk|steel|glass|"
    r"ceramic|brass|cork|bamboo|silver|gold|copper|sourdough|small|little|mini|large|new|old|vintage|kids|dog|cat|baby|"
    r"men's|women's|home|fresh|raw|hot|cold|soft|online|beginner|weekend|private|group)$",
    re.IGNORECASE,
)
_DAYS = frozenset(("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "January", "February"))
_LONGEST_NAME = {"zh": 18, "en": 48}
# What AdvertiseGen calls a garment's type, and the nouns that say it better.
_GARMENT_KIND = re.compile(r"^(?:[\u4e00-\u9fff]{0,3}裙子|裤子|上衣)$")
_GARMENT_NOUNS = (
    "连衣裙",
    "半身裙",
    "衬衫",
    "毛衣",
    "卫衣",
    "T恤",
    "针织衫",
    "外套",
    "风衣",
    "西装",
    "羽绒服",
    "连体裤",
    "背带裤",
    "打底衫",
)
# What a private seller begins with: 出一台游戏本, selling my bike.
_SELLING = re.compile(
    r"^(?:出|转)(?:闲置|二手|一?[台个辆只件把套张条双部](?=[^\d]))|^(?:转让|出售|转卖)(?=.{2})|"
    r"^一[台辆部](?=[^\d])|^selling (?:my |a |an )?|^for sale: ?",
    re.IGNORECASE,
)
_WORN = re.compile(r"[裙裤衫衣装套恤]")
_NO_NAME = re.compile(r"自家|我们|我家|[的是了送]|[,，;；：:]|^\d+[^\d寸英A-Za-z配]")


def name_of(brief: Brief) -> str:
    """Return the product's noun as running text has it."""
    product = _SELLING.sub("", clean(brief.product, brief.language)) or brief.text
    if _GARMENT_KIND.search(product):
        # AdvertiseGen's 裙子 has its noun among the attributes: 连衣裙.
        nouns = [value for _, value in brief.attributes if value in _GARMENT_NOUNS]
        product = nouns[0] if nouns else product
    kind = next((value for name, value in brief.attributes if name == "类型"), "")
    if kind in ("裙", "裤") and not _WORN.search(product):
        # 鱼尾 is the shape of a skirt.
        product += kind
    product = re.sub(r"^(?:t恤|polo|a字|v领)", lambda found: found[0].upper(), product)
    branded = any(fact.kind == "brand" and product.startswith(fact.text) for fact in brief.facts)
    if brief.language == "en" and not branded:
        product = lowered(product)
    if any(word and word.lower() in product.lower() for word in brief.avoid_words):
        others = [fact.text for fact in brief.facts if fact.kind == "name" and fact.text != brief.product]
        return others[0] if others else product
    return product


def first_fact(facts: Iterable[Fact], kind: str) -> str:
    """Return the words of the first fact of a kind, "" for none."""
    return next((fact.text.strip() for fact in facts if fact.kind == kind), "")


def full_name(brand: str, model: str, name: str, language: str) -> str:
    """Brand, model and name; Latin words stand apart, Chinese ones together."""
    words = [word for word in (brand, model) if word and word.lower() not in name.lower()]
    words += [name] if name else []
    joined = words[0] if words else ""
    for before, word in pairwise(words):
        apart = language == "en" or not (_IDEOGRAPH.match(word) and _IDEOGRAPH.match(before[-1]))
        joined += f" {word}" if apart and (language == "en" or not _IDEOGRAPH.match(word[0])) else word
    return joined


def sellers_name(brief: Brief, statements: Sequence[Statement], name: str) -> str:
    """Return the seller's own phrase for the product where it is a name and no more: brand, kind and noun."""
    phrases = [_SELLING.sub("", clean(made.text, brief.language)) for made in statements if made.role == "product"]
    longest = _LONGEST_NAME[brief.language]
    for phrase in phrases:
        plain = phrase.replace("，", "") if brief.language == "zh" else phrase
        is_name = plain.lower().endswith(name.lower()) and len(plain) <= longest and not _NO_NAME.search(plain)
        if is_name and not any(word and word in plain for word in brief.avoid_words):
            return plain if brief.language == "zh" else lowered(plain)
    return ""


def intro_of(brief: Brief, statements: Sequence[Statement], full: str, name: str) -> str:
    """Return the seller's longest phrase for the product that holds its name; else the full name."""
    phrases = [_SELLING.sub("", clean(made.text, brief.language)) for made in statements if made.role == "product"]
    phrases = [text for text in phrases if name.lower() in text.lower() and len(text) <= 60]
    phrases = [text for text in phrases if not any(word and word in text for word in brief.avoid_words)]
    return max([*phrases, full], key=len)


def lowered(text: str) -> str:
    """Return an English name as it stands within a sentence; words with more than one capital keep them."""
    first, _, rest = text.partition(" ")
    named = first in _DAYS or not (first.isalpha() and first[1:].islower())
    plain = not named and (not rest or _ADJECTIVE.search(first))
    return text[:1].lower() + text[1:] if plain else text
