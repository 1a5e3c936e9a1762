"""The product's own clause: which it is, without what leads up to it, its brand, model and name together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from lib_adcopy.copywriting.reading.joining import Joined
from lib_adcopy.copywriting.reading.lexicon import load_lexicon
from lib_adcopy.copywriting.reading.selling import told_task
from lib_adcopy.copywriting.reading.source import Source
from lib_adcopy.domain.facts import Fact

_HAN = "\u4e00-\u9fff"
# How a seller leads up to the product's name without saying anything of it.
_LEAD = re.compile(
    "^(?:(?:现在|目前|今年|这周末?|本周|周末)?(?:开团|团购|上新|新到|到了?)(?:一批)?|(?:现在|目前|如今)|(?:我)?(?:说下|说说|说一下|讲讲|聊聊|介绍下)(?:我们?家?)?(?:这个|这款|这台|这件)?|(?:想|要|今天|这次|帮我|麻烦|请)?(?:推荐?|介绍|卖|写)(?:一下|一款|个|款)?|(?:这次|这回|今天)(?:上新|开|推|出)(?:的是|一个|个|款)?|求推|新品上市|新品|上新|出(?!口|自|品|游|行))"
    "(?=我们|[^，。]{2,})"
)
# "我们是做台灯的小厂，叫..." speaks of the maker.
_MAKER = re.compile("^我们(?:家)?是(?:做|卖|产).{2,10}的(?:小厂|工厂|厂家|小店|店|团队|工作室|品牌)")
# "我们是做月子餐配送的" names what is done.
_TRADE = re.compile("^我们(?:家|店)?是(?:专门|专业)?(?:做|卖|种|产|养)(?P<what>[^，。]{2,12})的$")
# How a name is called out: 少儿街舞班招生啦, 投影仪吧.
_CALLED_OUT = re.compile(
    "(?<=[\u4e00-\u9fff]{2})(?:(?:招生|开班|报名|上新|开课|到货|上架|开售|上线|开业|开张)(?:中|了|啦|咯|囉|喽)|来[啦咯喽]|[吧啦])(?=$|，型号)"
)
# The price of one, straight behind the name: 私教课单节260.
_UNIT_PRICE = re.compile(
    r"(?:单|一|每)[节次课个只]?\s*[¥￥]?\d+(?:\.\d+)?[元块]?|(?:另加)?\s*[¥￥]?\d{2,5}(?:\.\d+)?[元块]?起?"
    rf"(?:[ ，]?[{_HAN}+]{{1,4}}\d{{1,4}}[元块]?)*"
)
# A thing with its size and its price: 马甲 110码 35.
_PRICED = re.compile(rf"[{_HAN}A-Za-z]{{2,12}}(?:[ ，](?:[^\s，]{{1,8}}))?[ ，]?[¥￥]?\d{{1,5}}(?:\.\d+)?[元块]?")
# A sentence about the product: somebody speaks before it (一直只卖..., 做了十年的...), or something is said behind it.
_SPOKEN = re.compile("(?:^|[^自])(?:我|咱|俺|有人|大家|一直|一共|只[卖做]|[做卖开]了|为什么|收|找|求|终于|没想到)")
_MINE = re.compile(
    f"(?:我|咱)们?(?:(?=[^，。]{{2,}}的)|家|爸|妈|奶奶|外婆|婆婆|公公|爷爷|老公|老婆|自己|自家)?[{_HAN}]{{0,4}}的"
)
_PREDICATE = re.compile(
    "(?:就|也|都|全)?(?:是(?!的)|有(?![机个一])|很|太|这么|那么|用的|全是|全部|可以|能|会|不|没|含|[只还仅]剩)|(?:套件|套装)?[：:](?=\\S{6,})|都|也"
)
# A text is asked for: 这是给摄影工作室的, 代账的文案我不会写.
_FOR_IT = re.compile("关于|写(?:一|几)?[篇条个段]|^这?(?:条|个|篇|份)?是?给")
_TEXT_OF = re.compile("的?(?:文案|推文|广告|笔记|介绍|朋友圈)")
# Who is called by the product's name and is not told more.
_ADDRESSED = re.compile("的(?:朋友|姐妹|宝|家长|人|同学|老铁)|到[了啦货]|来[了啦]$")
# A name behind the word for what it is: 桌游：动物叠叠高.
_CALLED = re.compile(f"[{_HAN}《》“”]{{2,12}}")
_THIS_IS = re.compile("(?:这(?:个|款|就)?)?是?")
_DESCRIBING = ("material", "shape", "colour", "detail", "part")


def with_names(plain: str, drafts: Sequence[Joined], facts: Sequence[Fact]) -> list[Joined]:
    """The drafts with the product's own among them: its brand, model and name in one."""
    name = next((fact for fact in facts if fact.kind == "name"), None)
    if name is None:
        return list(drafts)
    at = next((n for n, draft in enumerate(drafts) if draft.start <= name.start < draft.end), None)
    if at is None:
        # Named in a heading alone: 家里做的卤味价目：.
        behind = next((n for n, draft in enumerate(drafts) if draft.start > name.start), len(drafts))
        under = drafts[behind] if behind < len(drafts) else None
        is_headed = under is not None and under.label == plain[name.start : name.end]
        if under and is_headed and under.role in ("", "attribute", "product"):
            if not _CALLED.fullmatch(plain, under.start, under.end):
                # Sourdough starter kit: dehydrated starter, glass jar: what lies in it.
                own = Joined(((name.start, name.end),), "product")
                return [*drafts[:behind], own, replace(under, role="", label="", mark="soft"), *drafts[behind + 1 :]]
            return [*drafts[:behind], replace(under, role="product", label=""), *drafts[behind + 1 :]]
        # 亲子游泳课：6个月至3岁: the heading is the product's name and more.
        whole = under.label if under and under.role != "price" and under.label.endswith(name.text) else ""
        start = name.end - len(whole) if plain[: name.end].endswith(whole) else name.start
        own = Joined(((start if whole else name.start, name.end),), "product")
        return [*drafts[:behind], own, *drafts[behind:]]
    # A list of prices names the things it is of and stays a list.
    if drafts[at].role == "price" and drafts[at].label:
        return list(drafts)
    apart = _unit_priced(plain, drafts[at], name, facts) or _off_list(plain, drafts[at], name)
    if apart:
        return [*drafts[:at], *apart, *drafts[at + 1 :]]
    spoken = _out_of_sentence(plain, drafts[at], name)
    if spoken:
        # The sentence stays beside the ones that it goes on with; the product stands first.
        return [spoken[-1], *drafts[:at], *spoken[:-1], *drafts[at + 1 :]]
    return _with_brand(plain, drafts, at, facts)


def _unit_priced(plain: str, own: Joined, name: Fact, facts: Sequence[Fact]) -> list[Joined]:
    """私教课单节260 as the product and what one of it costs; nothing for another clause."""
    is_price = any(fact.kind == "price" and name.end <= fact.end <= own.end for fact in facts)
    is_unit = plain[name.end : own.end].startswith(("单", "一", "每"))
    if len(own.parts) > 1 or name.end >= own.end or not (is_price or is_unit):
        return []
    if not _UNIT_PRICE.fullmatch(plain, name.end, own.end):
        return []
    told = replace(own, parts=((own.start, name.end),), role="product", label="")
    return [told, replace(own, parts=((name.end, own.end),), role="price", label="", mark="soft")]


def _off_list(plain: str, own: Joined, name: Fact) -> list[Joined]:
    """The first thing of a list of things with their prices, and the list; nothing for another clause."""
    if not own.parts[0][0] <= name.start < own.parts[0][1] or len(own.parts) == 1:
        return []
    if not all(_PRICED.fullmatch(plain, start, end) for start, end in own.parts):
        return []
    told = replace(own, parts=((own.start, name.end),), role="product", label="")
    return [told, replace(own, role="price", label="", mark="soft")]


def _out_of_sentence(plain: str, own: Joined, name: Fact) -> list[Joined]:
    """A sentence that only speaks of the product, and the product behind it; nothing for a clause that is its name."""
    if len(own.parts) > 1 or name.start >= own.end:
        return []
    text, before, after = plain[own.start : own.end], plain[own.start : name.start], plain[name.end : own.end]
    is_asked = own.role == "instruction" and (
        told_task(text) is not None or bool(_FOR_IT.search(before)) or bool(_TEXT_OF.match(after))
    )
    is_told = own.role in ("voice", "") and bool(_SPOKEN.search(before) and not _MINE.fullmatch(before))
    if not (is_asked or is_told or _PREDICATE.match(after) or _ADDRESSED.match(after)):
        return []
    mine = _MINE.search(before)
    start = own.start + mine.start() if mine and not is_asked else _described_from(plain, own.start, name.start)
    start = own.start if _ADDRESSED.match(after) and not _SPOKEN.search(before) else start
    product = replace(own, parts=((start, name.end),), role="product", mark="soft", label="")
    is_all = text.endswith(plain[start : name.end]) and _THIS_IS.fullmatch(plain, own.start, start)
    if _ADDRESSED.match(after) or is_all:
        return [replace(product, mark=own.mark)]
    return [replace(own, role="point" if own.role == "product" else own.role), product]


def _described_from(plain: str, first: int, start: int) -> int:
    """Return where the words begin that describe the thing at `start`: its material, shape or colour."""
    for piece in reversed(load_lexicon().split(plain[first:start], first)):
        if piece.end != start or piece.term is None or piece.term.kind not in _DESCRIBING:
            break
        start = piece.start
    return start


def _with_brand(plain: str, drafts: Sequence[Joined], at: int, facts: Sequence[Fact]) -> list[Joined]:
    """The drafts with brand and model, in pieces of their own before the product, in its statement."""
    own = drafts[at]
    first = at
    # A brand, a model or a name nobody knows stands in a piece of its own before the product.
    while first and drafts[at].mark in ("space", "soft"):
        before = drafts[first - 1]
        named = any(f.kind in ("brand", "model") and before.start <= f.start and f.end <= before.end for f in facts)
        whole = plain[before.start : before.end]
        alone = named and sum(f.end - f.start for f in facts if before.start <= f.start < before.end) >= len(whole) - 2
        if drafts[first].mark != "space" or not alone:
            break
        first -= 1
    parts = tuple(part for draft in drafts[first : at + 1] for part in draft.parts)
    whole_draft = replace(own, parts=parts, role="product", mark=drafts[first].mark, joint=" ", label="")
    return [*drafts[:first], whole_draft, *drafts[at + 1 :]]


def product_text(source: Source, text: str, facts: Sequence[Fact]) -> str:
    """The product's clause without what leads up to it; its brand and name where the clause speaks of their maker."""
    named = [fact for fact in facts if fact.kind in ("brand", "model", "name") and not fact.name]
    work = next((fact.value for fact in named if fact.kind == "name" and fact.value), "")
    if work:
        return work
    trade = _TRADE.match(text)
    text = trade["what"] if trade else _CALLED_OUT.sub("", text)
    if _MAKER.search(text):
        order = ("brand", "model", "name")
        found = {fact.kind: fact.text for fact in reversed(named)}
        return spaced([found[kind] for kind in order if kind in found]) if "name" in found else text
    return (
        re.sub(rf"(?<=[{_HAN}])，(?=[{_HAN}]+$)", "", _LEAD.sub("", text))
        if text.count("，") == 1
        else _LEAD.sub("", text)
    )


def spaced(parts: Sequence[str]) -> str:
    """Brand, model and name: Chinese words together, Latin ones apart."""
    text = parts[0]
    for part in parts[1:]:
        both_han = re.search(f"[{_HAN}]$", text) and re.match(f"[{_HAN}]", part)
        text += part if both_han else f" {part}"
    return text
