"""Tell whether title and opening keep their platform's rule."""

from __future__ import annotations

import re

from lib_adcopy.copywriting.platforms import platforms
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.copy import Copy

_SHOPS = ("taobao", "jd")
# A shop's title holds keywords: no price, offer or shouting.
_NO_KEYWORD = re.compile(r"[!！?？]|\d元|[¥￥$]\s?\d|满\d+减|包邮|半价|秒杀|优惠|买一送一")
_FILLERS = re.compile(
    r"在这个快节奏|你是否|还在为|值得拥有|不多不少|用着宽裕|想得周到|日常正合适|心里有数|不用将就|刚好够用|震惊|绝绝子"
)
# A hook is read in one breath.
_LONGEST_HOOK = {"xiaohongshu": 40, "douyin": 30, "weibo": 40, "moments": 40}
_SENTENCE = re.compile(r"[^。！？!?\n～]+")


def weak_parts(brief: Brief, copy: Copy) -> tuple[str, ...]:
    """Return which of "title" and "hook" break the platform's rule."""
    found = []
    if copy.title and not _title_fits(brief, copy.title):
        found.append("title")
    opening = _SENTENCE.search(copy.body)
    limit = _LONGEST_HOOK.get(brief.platform, 0) * (1 if brief.language == "zh" else 2)
    too_long = bool(opening and limit and len(opening.group().strip()) > limit)
    if opening and (too_long or _FILLERS.search(opening.group())):
        found.append("hook")
    return tuple(found)


def _title_fits(brief: Brief, title: str) -> bool:
    """Return a shop's title names the product and nothing of its price; any other is no filler and within its
    length."""
    if brief.platform in _SHOPS:
        return not _NO_KEYWORD.search(title) and _names_product(brief, title)
    limit = platforms()[brief.platform].title
    return not _FILLERS.search(title) and len(title) <= (limit if brief.language == "zh" else 2 * limit)


def _names_product(brief: Brief, title: str) -> bool:
    product = brief.product.lower()
    # The noun stands at the end of a Chinese name: 珍珠耳钉 is an 耳钉.
    return product in title.lower() or product[-2:] in title.lower()
