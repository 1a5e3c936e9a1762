"""Reads what a revision asks for as a change to the brief: the part of an instruction that needs no language model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from lib_adcopy.copywriting.composition.attributes import kind_of_attribute
from lib_adcopy.copywriting.platforms import shortened, without_emoji
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.copy import Copy
from lib_adcopy.domain.facts import Fact
from lib_adcopy.domain.statements import Statement
from lib_adcopy.errors import AdCopyError

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
    r"(?:不要|别|不能|不许|去掉|删掉|删除|拿掉)(?:再|老|总)?(?:说到?|提[到及]?|写|出现|用|有)?[“\"]?(?P<word>[^，。！,.!“”\"]{1,12})|"
    r"(?:don't mention|leave out|without) (?P<english>[^,.!]{1,24})",
    re.IGNORECASE,
)
_AS_A_WORD = re.compile(r"(?:这个词|这些词|这[两几]个字|的?字样|的?字眼|了)$")
_STRESS = re.compile(
    r"(?:突出|强调|多说说?|多讲讲?|重点[说讲写]|着重[说讲写]?|主打)(?:一下)?[“\"]?(?P<word>[^，。！,.!“”\"]{1,12})|"
    r"(?:stress|highlight|emphasi[sz]e) (?P<english>[^,.!]{1,24})",
    re.IGNORECASE,
)
_AUDIENCE = re.compile(
    r"(?:写给|面向|针对|适合)(?P<word>[^，。！,.!的]{1,10}?)(?:看|的人|人群|写|$|[，。！,.!])|"
    r"给(?P<reader>[^，。！,.!的我]{1,10}?)看"
)
_BRAND = re.compile(
    r"(?:(?:加|写|带|用)上?品牌(?:名|词)?(?:叫|是|为|[:：])?|品牌(?:名|词)?(?:叫|是|为|写成|改成|[:：]))"
    r"(?!名|词)[“\"]?(?P<word>[^，。！,.!“”\"的]{1,12})"
)
# What the seller adds of the product is a fact of the brief from then on.
_ADD = re.compile(
    r"(?:加上|加入|补上|补充|写上|写明|提到|提一下|提一句|加一句)(?:一下|一句)?[“\"]?(?P<word>[^，。！,.!“”\"]{2,16})|"
    r"(?:mention|add) (?P<english>[^,.!]{2,32})",
    re.IGNORECASE,
)
_DENIED = re.compile(r"(?:不|别|don't|not)[^，。,.]{0,2}$", re.IGNORECASE)
# How a seller calls what an attribute is about, and the template writer's kind of it.
_KINDS = {
    "面料": "材质", "材质": "材质", "料子": "材质", "质地": "材质", "版型": "版型", "剪裁": "版型", "颜色": "颜色",
    "色彩": "颜色", "图案": "图案", "花纹": "图案", "印花": "图案", "风格": "风格", "领": "领", "袖": "袖", "腰": "腰",
    "长度": "长", "款式": "款式", "细节": "款式", "设计": "款式", "下摆": "下摆", "裤口": "裤口", "门襟": "门襟",
    "fabric": "材质", "colour": "颜色", "color": "颜色",
}  # fmt: skip
# The same for the points of goods that are no clothes.
_POINT_KINDS = {"材质": "material", "颜色": "colour", "图案": "pattern", "风格": "style", "版型": "fit"}
# What follows "not" or "add" and is said of the whole text, not of the product.
_OF_THE_TEXT = re.compile(
    r"^(?:太|那么|这么|过于|超过)?(?:长|短|啰嗦|夸张|正式|活泼|官方|生硬)|"
    r"(?:表情|感叹号|话题|标签|标题|开头|结尾|段落|细节|内容|文字|品牌.*|emojis?|hashtags?|exclamation marks?)$",
    re.IGNORECASE,
)
_NO = r"(?:不要|别用|别加|不用|不加|去掉|删掉|删除|拿掉|少用|without|no|remove|drop)(?:任何|所有|那些|the|any|all|\s)*"
_NO_EMOJI = re.compile(rf"{_NO}(?:表情|emoji)", re.IGNORECASE)
_NO_SHOUTING = re.compile(rf"{_NO}(?:感叹号|exclamation)", re.IGNORECASE)
_NO_HASHTAGS = re.compile(rf"{_NO}(?:话题|标签|hashtag)", re.IGNORECASE)


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
        changes["audience"] = (audience["word"] or audience["reader"]).strip()
    if brand := _BRAND.search(instruction):
        changes["brand_words"] = tuple(dict.fromkeys((*brief.brand_words, brand["word"].strip())))
    changed = replace(brief, **changes)
    for added in _ADD.finditer(instruction):
        word = (added["word"] or added["english"]).strip()
        denied = _DENIED.search(instruction[: added.start()])
        if denied or _OF_THE_TEXT.search(word) or word in changed.points:
            continue
        read = _facts_in(word)
        news = [fact for fact in read if not _is_known(fact, changed)]
        if news or not read:
            changed = replace(
                changed,
                points=(*changed.points, word),
                facts=(*changed.facts, *news),
                statements=(*changed.statements, *_statements_in(word)) if changed.statements else (),
            )
    for avoided in _AVOID.finditer(instruction):
        word = _AS_A_WORD.sub("", (avoided["word"] or avoided["english"]).strip())
        if not _OF_THE_TEXT.search(word):
            changed = _without(changed, word)
    for stressed in _STRESS.finditer(instruction):
        changed = _stressing(changed, (stressed["word"] or stressed["english"]).strip())
    return changed


def names_a_change(brief: Brief, instruction: str) -> bool:
    """Return whether the instruction asks for something that is known here, be it what the brief is already."""
    of_the_text = (_SHORTER, _LONGER, _NO_EMOJI, _NO_SHOUTING, _NO_HASHTAGS)
    return apply_instruction(brief, instruction) != brief or any(wish.search(instruction) for wish in of_the_text)


# Asks for nothing but another text.
_ANOTHER = re.compile(
    r"再|换(?:一|个|种|版)|重[写来新]|另[写一]|不[喜满]|下一|别的|another|again|rewrite|different|new one|redo|next",
    re.IGNORECASE,
)


def check_can_follow(brief: Brief, instruction: str) -> None:
    """Raise AdCopyError where a writer without a language model would only pretend to follow the instruction."""
    if instruction.strip() and not names_a_change(brief, instruction) and not _ANOTHER.search(instruction):
        raise AdCopyError("copywriting.cannot_follow", instruction=instruction.strip()[:40])


def held_to_wishes(copy: Copy, chosen: Copy, history: Sequence[tuple[str, object]], instruction: str) -> Copy:
    """The copy as this round and those before want its length and its signs."""
    return held_to_form(held_to_length(copy, chosen, instruction), [*(asked for asked, _ in history), instruction])


def held_to_form(copy: Copy, asked: Sequence[str]) -> Copy:
    """The copy without the emoji, exclamation marks or hashtags that a round was told to leave out."""
    wishes = "\n".join(asked)
    title, body, hashtags = copy.title, copy.body, copy.hashtags
    if _NO_EMOJI.search(wishes):
        title, body = without_emoji(title), without_emoji(body)
    if _NO_SHOUTING.search(wishes):
        title = re.sub("[!！]+", "", re.sub(r"[!！]+(?=.*\w)", "，", title))
        body = re.sub("[!！]+", "。", body)
    if _NO_HASHTAGS.search(wishes):
        hashtags = ()
    return replace(copy, title=title, body=body, hashtags=hashtags)


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


# Stands for the product where what is added names none: a brief of a price alone is refused.
_PRODUCT = "商品"


def _addition(words: str) -> Brief:
    """Read what a seller adds as a brief is read."""
    from lib_adcopy.copywriting.brief import parse_brief

    try:
        return parse_brief(words)
    except AdCopyError:
        return parse_brief(f"{_PRODUCT}，{words}")


def _facts_in(words: str) -> tuple[Fact, ...]:
    """Return what a seller adds, read as a brief is: 价格199元 is a price. It is no product of its own."""
    read = [replace(fact, start=-1, end=-1) for fact in _addition(words).facts if fact.text != _PRODUCT]
    return tuple(replace(fact, kind="feature") if fact.kind == "name" else fact for fact in read)


def _statements_in(words: str) -> tuple[Statement, ...]:
    """The same as statements; what would name a product is a point of this one."""
    read = [replace(made, start=-1, end=-1) for made in _addition(words).statements if made.text != _PRODUCT]
    return tuple(replace(made, role="point", label="") if made.role == "product" else made for made in read)


def _is_known(fact: Fact, brief: Brief) -> bool:
    """Tell whether the brief says the fact already: 199元 is the price that 价格199元 is."""
    same = [known.text for known in brief.facts if known.kind == fact.kind]
    return any(text in fact.text or fact.text in text for text in same)


def _without(brief: Brief, word: str) -> Brief:
    return replace(
        brief,
        attributes=tuple(pair for pair in brief.attributes if word not in pair[1] and pair[1] not in word),
        points=tuple(point for point in brief.points if word not in point),
        facts=tuple(fact for fact in brief.facts if fact.kind == "name" or word not in fact.text),
        avoid_words=tuple(dict.fromkeys((*brief.avoid_words, word))),
    )


def _stressing(brief: Brief, word: str) -> Brief:
    """Move what is spoken of to the front and dwell on it; a word the brief lacks becomes no new claim."""
    kinds = tuple(kind for called, kind in _KINDS.items() if called in word.lower())
    kinds += tuple(kind_of_attribute(name) for name, value in brief.attributes if value in word)
    kinds_of_points = {_POINT_KINDS[kind] for kind in kinds if kind in _POINT_KINDS}
    known = {fact.text for fact in brief.facts if fact.kind in kinds_of_points}
    points = tuple(point for point in brief.points if word in point or point in word or point in known)
    stress = tuple(dict.fromkeys((*brief.stress, *kinds, *points)))
    order = sorted(brief.points, key=lambda point: point != brief.product and point not in points)
    return replace(brief, stress=stress, points=tuple(order))
