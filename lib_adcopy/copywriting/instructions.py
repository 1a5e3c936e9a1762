"""What a revision asks for, as a change to the brief: the part of an instruction that needs no language model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from lib_adcopy.copywriting.brief import Brief
from lib_adcopy.copywriting.copy import Copy
from lib_adcopy.copywriting.platforms import shortened
from lib_adcopy.copywriting.writers.phrases import kind_of

_PLATFORM_WORDS = {
    "小红书": "xiaohongshu", "抖音": "douyin", "淘宝": "taobao", "京东": "jd", "朋友圈": "moments",
    "公众号": "wechat_mp", "微博": "weibo", "b站": "bilibili", "xiaohongshu": "xiaohongshu", "taobao": "taobao",
}  # fmt: skip
_TONE_WORDS = {
    "活泼": "lively", "俏皮": "lively", "可爱": "lively", "热情": "lively", "文艺": "literary", "诗意": "literary",
    "专业": "professional", "正式": "professional", "严谨": "professional", "幽默": "humorous", "搞笑": "humorous",
    "有趣": "humorous", "高级": "premium", "有质感": "premium", "自然": "natural", "朴实": "natural", "口语": "natural",
    "lively": "lively", "professional": "professional", "funny": "humorous", "elegant": "premium",
}  # fmt: skip
_SHORTER = re.compile(
    r"短一?点|短一?些|精简|缩短|简短|简洁|少一?点|[别不](?:要|用)?(?:太|那么|这么)长|太长|shorter|brief", re.IGNORECASE
)
_LONGER = re.compile(
    r"长一?点|长一?些|详细|丰富|展开|多写|[别不](?:要|用)?(?:太|那么|这么)短|太短|longer|more detail", re.IGNORECASE
)
_AVOID = re.compile(
    r"(?:不要|别|不能|不许|去掉|删掉|删除|拿掉)(?:再)?(?:说|提|写|出现|用)?[“\"]?(?P<word>[^，。！,.!“”\"]{1,12})|"
    r"(?:don't mention|leave out|without) (?P<english>[^,.!]{1,24})",
    re.IGNORECASE,
)
_STRESS = re.compile(
    r"(?:突出|强调|多说说?|多讲讲?|重点[说讲写]|着重[说讲写]?|主打)(?:一下)?[“\"]?(?P<word>[^，。！,.!“”\"]{1,12})|"
    r"(?:stress|highlight|emphasi[sz]e) (?P<english>[^,.!]{1,24})",
    re.IGNORECASE,
)
_AUDIENCE = re.compile(r"(?:写给|面向|针对|适合)(?P<word>[^，。！,.!的]{1,10}?)(?:看|的人|人群|写|$|[，。！,.!])")
# How a seller calls what an attribute is about, and the template writer's kind of it.
_KINDS = {
    "面料": "材质", "材质": "材质", "料子": "材质", "质地": "材质", "版型": "版型", "剪裁": "版型", "颜色": "颜色",
    "色彩": "颜色", "图案": "图案", "花纹": "图案", "印花": "图案", "风格": "风格", "领": "领", "袖": "袖", "腰": "腰",
    "长度": "长", "款式": "款式", "细节": "款式", "设计": "款式", "下摆": "下摆", "裤口": "裤口", "门襟": "门襟",
    "fabric": "材质", "colour": "颜色", "color": "颜色",
}  # fmt: skip
# What follows "not" and is said of the whole text, not of the product.
_OF_THE_TEXT = re.compile(r"^(?:太|那么|这么|过于|超过)?(?:长|短|啰嗦|夸张|正式|活泼|官方|生硬)")


# Of the chosen body's length; what is shorter than two clauses has nothing to lose.
_SHORTER_THAN, _SHORTEST = 0.8, 24


def apply_instruction(brief: Brief, instruction: str) -> Brief:
    """The brief as the instruction wants it: length, platform, tone, audience, what to stress and what to leave out."""
    changes: dict = {}
    if _SHORTER.search(instruction):
        changes["length"] = "short"
    elif _LONGER.search(instruction):
        changes["length"] = "long"
    lowered = instruction.lower()
    for field, words in (("platform", _PLATFORM_WORDS), ("tone", _TONE_WORDS)):
        asked = [found for word, found in words.items() if word in lowered and not _denied(word, lowered)]
        changes.update((field, found) for found in asked)
    if audience := _AUDIENCE.search(instruction):
        changes["audience"] = audience["word"].strip()
    changed = replace(brief, **changes)
    for avoided in _AVOID.finditer(instruction):
        word = (avoided["word"] or avoided["english"]).strip()
        if not _OF_THE_TEXT.search(word):
            changed = _without(changed, word)
    for stressed in _STRESS.finditer(instruction):
        changed = _stressing(changed, (stressed["word"] or stressed["english"]).strip())
    return changed


def held_to_length(copy: Copy, chosen: Copy, instruction: str) -> Copy:
    """The copy, where it is to be shorter by the instruction clearly below the chosen one's length."""
    if not _SHORTER.search(instruction):
        return copy
    body = shortened(copy.body, max(_SHORTEST, int(_SHORTER_THAN * len(chosen.body)))).rstrip("，,；;、 ")
    stop = "" if body == copy.body or body.endswith(tuple("。！？!?.~～")) else "。"
    title = copy.title if len(copy.title) <= len(chosen.title) or not chosen.title else chosen.title
    return replace(copy, title=title, body=body + stop)


def after_rounds(brief: Brief, history: Sequence[tuple[str, object]], instruction: str) -> Brief:
    """The brief as all rounds want it together: those before, oldest first, then this one."""
    for asked in (*(asked for asked, _ in history), instruction):
        brief = apply_instruction(brief, asked)
    return brief


def _denied(word: str, instruction: str) -> bool:
    return re.search(rf"(?:不要|别|不用)(?:太|那么|这么)?{re.escape(word)}", instruction) is not None


def _without(brief: Brief, word: str) -> Brief:
    return replace(
        brief,
        attributes=tuple(pair for pair in brief.attributes if word not in pair[1] and pair[1] not in word),
        points=tuple(point for point in brief.points if word not in point),
        avoid_words=tuple(dict.fromkeys((*brief.avoid_words, word))),
    )


def _stressing(brief: Brief, word: str) -> Brief:
    """What is spoken of moves to the front and is dwelt on; a word the brief lacks becomes no new claim."""
    kinds = tuple(kind for called, kind in _KINDS.items() if called in word.lower())
    kinds += tuple(kind_of(name) for name, value in brief.attributes if value in word)
    points = tuple(point for point in brief.points if word in point or point in word)
    stress = tuple(dict.fromkeys((*brief.stress, *kinds, *points)))
    return replace(brief, stress=stress, points=(*points, *(point for point in brief.points if point not in points)))
