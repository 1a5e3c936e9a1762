"""What a revision asks for, as a change to the brief: the part of an instruction that needs no language model."""

from __future__ import annotations

import re
from dataclasses import replace

from lib_adcopy.copywriting.brief import Brief

_PLATFORM_WORDS = {
    "小红书": "xiaohongshu", "抖音": "douyin", "淘宝": "taobao", "京东": "jd", "朋友圈": "moments",
    "公众号": "wechat_mp", "微博": "weibo", "b站": "bilibili", "xiaohongshu": "xiaohongshu", "taobao": "taobao",
}  # fmt: skip
_TONE_WORDS = {"活泼": "lively", "文艺": "literary", "专业": "professional", "幽默": "humorous", "高级": "premium"}
_SHORTER = re.compile(r"短一点|短些|精简|缩短|简短|shorter|brief", re.IGNORECASE)
_LONGER = re.compile(r"长一点|长些|详细|丰富|longer|more detail", re.IGNORECASE)
_AVOID = re.compile(r"(?:不要|别|不能|去掉|删掉)(?:再)?(?:说|提|写|出现)?[“\"]?(?P<word>[^，。！,.!“”\"]{1,12})")
_STRESS = re.compile(r"(?:突出|强调|多说说|重点说)[“\"]?(?P<word>[^，。！,.!“”\"]{1,12})")


def apply_instruction(brief: Brief, instruction: str) -> Brief:
    """The brief as the instruction wants it: length, platform, tone, what to stress and what to leave out."""
    changes: dict = {}
    if _SHORTER.search(instruction):
        changes["length"] = "short"
    elif _LONGER.search(instruction):
        changes["length"] = "long"
    lowered = instruction.lower()
    for field, words in (("platform", _PLATFORM_WORDS), ("tone", _TONE_WORDS)):
        changes.update([(field, found) for word, found in words.items() if word in lowered])
    changed = replace(brief, **changes)
    for avoided in _AVOID.finditer(instruction):
        changed = _without(changed, avoided["word"].strip())
    for stressed in _STRESS.finditer(instruction):
        changed = _stressing(changed, stressed["word"].strip())
    return changed


def _without(brief: Brief, word: str) -> Brief:
    return replace(
        brief,
        attributes=tuple(pair for pair in brief.attributes if word not in pair[1] and pair[1] not in word),
        points=tuple(point for point in brief.points if word not in point),
        avoid_words=(*brief.avoid_words, word),
    )


def _stressing(brief: Brief, word: str) -> Brief:
    """The attribute or point spoken of moves to the front; a word the brief lacks becomes no new claim."""
    first = [point for point in brief.points if word in point]
    return replace(brief, points=(*first, *(point for point in brief.points if point not in first)))
