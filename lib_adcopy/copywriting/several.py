"""Tells where a brief describes two products or more, and gives each product's own words.

A wrong answer troubles everybody who advertises one product, so parts count only where each begins with another thing
and says something of it: a gift, a set, an accessory or a use is none.
"""

from __future__ import annotations

import re

from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.domain.brief import Brief
from lib_adcopy.errors import AdCopyError

# Where a seller goes on to the next product: a line, a sentence, or a word that says so.
_BREAK = re.compile(r"\n+|[；;。]|[，,、]?\s*(?=(?:另外|还有|以及|另有|同时卖|也卖|再来)(?:一款|还有|有)?)")
_BULLET = re.compile(r"^\s*(?:\d{1,2}\s*[.、)）:：]|[-*•·●①-⑩]|(?:商品|产品|第)[一二三四五\d][款个件]?[:：、]?)\s*")
_JOINT = re.compile(r"^(?:另外|还有|以及|另有|同时卖|也卖|再来)(?:一款|还有|有)?[，,：:]?\s*")
# What is given beside a product, goes into it, or is said of its use.
_BESIDE = re.compile(
    r"^(?:而|买|送|赠|附|配|含|带|搭|内|可|适|用|放|装|加|也|不|无|免|满|限|全|共|每|支持|套|礼|比|像|与|和|跟|同款|替换|另加|加购|换购)"
    r"|套装|组合|礼盒|套餐|件套|一套|\+|＋|赠|送|搭配|配件|同款"
)
_GROUPED = ("services", "courses", "digital", "books")
_NAMED_WITHIN = 8
_PARTS = 6


def products_in(text: str) -> tuple[Brief, ...]:
    """Return the briefs of the products that a text describes one after the other; () where it is about one.

    Each brief's `text` is the seller's own words of that product.
    """
    parts = [_JOINT.sub("", _BULLET.sub("", part)).strip(" ，,、") for part in _BREAK.split(text)]
    parts = [part for part in parts if part]
    if not 2 <= len(parts) <= _PARTS or any(_BESIDE.search(part) for part in parts[1:]):
        return ()
    briefs = [brief for part in parts if (brief := _of_own(part)) is not None]
    if len(briefs) != len(parts):
        return ()
    names = [brief.product for brief in briefs]
    different = all(
        one not in other and other not in one for at, one in enumerate(names) for other in names[at + 1 :]
    )
    return tuple(briefs) if different and (_are_far_apart(briefs) or _are_priced(briefs)) else ()


def _are_far_apart(briefs: list[Brief]) -> bool:
    return len({brief.category for brief in briefs}) > 1


def _are_priced(briefs: list[Brief]) -> bool:
    return all(brief.facts_of("price") for brief in briefs)


def _of_own(part: str) -> Brief | None:
    """Return the brief of a part that begins with a product and says more than its name; None for other parts."""
    try:
        brief = parse_brief(part)
    except AdCopyError:
        return None
    if brief.category in ("other", *_GROUPED):
        return None
    name = next((fact for fact in brief.facts_of("name") if not fact.name), None)
    if name is None or name.start > _NAMED_WITHIN or len(brief.facts) < 2:
        return None
    return brief
