"""A shop or another place that its owner tells of: 民宿 in "我们民宿在海边，一共五间房"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from lib_adcopy.copywriting.reading.lexicon import Lexicon, Term, load_lexicon
from lib_adcopy.copywriting.reading.product_noun import Noun, Run

# How an owner leads up to the place: 我这个鱼塘, 开了个小维修铺, 我哋茶餐厅.
_OWNER = (
    "(?:(?:我|咱|俺)(?:们|哋|家|的)*(?:这|那)?(?:个|家|间|座|片)?(?:的)?|本(?=[^身人周月年])|"
    "(?:新?开|经营|打理|盘下?)了(?:[一这]?[个家间座片])?)(?:小小的?|小|老|新)?"
)
# Endings of words for places of business.
_PLACES = re.compile(
    "(?:店|馆|铺|塘|场|宿|栈|厅|坊|园|房|吧|营地|农家乐|影楼|工作室|摊|档|冰室|茶室|农庄|厂|画室|中心|会所|琴行|小院)$"
)
# What is said of the place itself: where it is, what it has, its name; "我们民宿用的床品" speaks of bedding.
_SAID = (
    "(?=$|[，。！!；;、\n \"“「（(]|在|位于|有(?!卖)|开(?!的)|叫|名|是|"
    "从|搬|装修|营业|试业|喺|坐落|就在|今年|已经|终于|离)"
)
_WORD_BEFORE = "(?P<own>[\u4e00-\u9fff]{0,4}?)"
# The place is named near the beginning, before what is to be had in it.
_OPENING = 60
_SCORE = -60.0


def find_shop(plain: str, runs: Sequence[Run], lexicon: Lexicon) -> Noun | None:
    """Return the place of business that a text is told of by its owner, None where it sells something else."""
    found = _told().search(plain, 0, _OPENING)
    if found is None:
        return None
    start, end = found.start("own"), found.end("place")
    run = next((each for each in runs if each.start < end <= each.end), None)
    if run is None or run.label not in ("", "name", "type"):
        return None
    start = max(start, run.start)
    place = lexicon.term(plain[start:end]) or lexicon.term(found["place"])
    if place is None:
        return None
    pieces = tuple(lexicon.split(plain[start:end], start))
    if pieces[-1].term is None or pieces[-1].text not in found["place"]:
        # 牛肉面馆 is told of by its dish: the longest words cut it as 牛肉面 and 馆.
        return None
    own = Run(start, end, pieces, run.phrase, run.segment, run.label, run.role)
    term = Term(plain[start:end], place.en, "service", "", "services")
    return Noun(start, end, term, own, len(own.pieces) - 1, _SCORE)


@cache
def _told() -> re.Pattern[str]:
    """Return what finds a place behind its owner's words."""
    places = (each.zh for each in load_lexicon().terms("service", "room", "place", "occasion"))
    names = sorted((zh for zh in places if len(zh) > 1 and _PLACES.search(zh)), key=len, reverse=True)
    return re.compile(f"{_OWNER}{_WORD_BEFORE}(?P<place>{'|'.join(map(re.escape, names))}){_SAID}")
