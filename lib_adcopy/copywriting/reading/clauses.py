"""Finds what a text says there is, without what it denies, compares with or only mentions.

`affirmed` is for pictures (不含酒精 draws no bottle), `unsaid` for facts (不含酒精 is one).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_CLAUSES = re.compile(r"([，,、；;。！!？?\n\t~～…—|/]+)")
_DENIED = re.compile(
    "不是|不像|不再|不用|不必|不会|不要|不含|不怕|不惧|不输|不添加|并非|绝非|而非|没有|没了|无需|无惧|无须|毋需|不配|不附|不送|没配|不支持|告别|拒绝|远离|摆脱|避免|"
    "避开|防止|逃离|抵御|抵挡|阻挡|隔绝|赶走|驱散|取代|代替|替代|抛开|褪去|别再|忘掉|去掉|免去|胜过|堪比|媲美|看腻|厌倦|厌烦"
)
_COMPARED = re.compile(
    "仿佛|宛若|宛如|犹如|如同|好似|好像|恍若|恍如|就像|(?<![图摄肖影音录画头偶雕佛])像(?![素框册章])|"
    "(?<![价对相百性评无])比(?![例基较赛如重萨起熊特])|如(?=[^，。]{1,8}般)"
)
# Where what is denied ends within the clause: 不是夏天而是秋天.
_TURN = re.compile("而是|却是|就是|反而|但是?|一样|一般|般的?|似的|更加?|还要|都要")
# A denial that is no selling point, and what the product is compared with.
_NO_FACT = re.compile(
    "不是|不像|并非|绝非|而非|告别|拒绝|远离|摆脱|看腻|厌倦|厌烦|抛开|忘掉|别再|胜过|堪比|媲美|不输|替代|取代|"
    "仿佛|宛若|宛如|犹如|如同|好似|好像|就像|(?<![图摄肖影音录画头偶雕佛好])像(?![素框册章])(?=.{2,})|"
    "(?<![价对相百性评无])比(?=[^例基较赛如重萨起熊特].{0,8}(?:更|还|好|强|大|小|轻|便宜|贵|多|少|快|高|低))|"
    r"\b(?:not|unlike|instead of|rather than|better than|compared (?:to|with))\b",
    re.IGNORECASE,
)
_ASIDE = re.compile(
    r"(?:^|[^\u4e00-\u9fff])(?:我(?!们?家的)|本人|咱(?!们?家的)|俺)|(?:我|本人|自己)(?:\d|穿|用|的|自|平时|家[一二三四五六七八九十两几\d里]|婆婆|妈|闺蜜|朋友|老公|老婆)|"
    r"模特(?:身高|穿|图|\d)|亲测|实测(?=$)|自留款?$|回购|姐妹|宝子|家人们|集美|\b(?:i|my|we|our)\b",
    re.IGNORECASE,
)
_WORN_WITH = re.compile(
    r"(?:里面|外面|下面|上面|内搭|里头|底下|外头)(?:可以|可|随便|再)?(?:搭配?|配|叠穿?|穿|加|套)|"
    r"(?:可以|可|能|适合|随便)?(?:搭配|配上?|搭上?)(?:着|个|件|条|双|一[件条个双顶])?(?=[\u4e00-\u9fff]*(?:裤|裙|鞋|靴|衫|衣|T恤|毛衣|外套|吊带|包|帽|丝巾|项链|耳环))",
    re.IGNORECASE,
)


def affirmed(text: str) -> str:
    """`text` without its denied and compared parts; clause marks stay."""
    return "".join(part if number % 2 else _clause(part) for number, part in enumerate(_CLAUSES.split(text)))


def unsaid(text: str) -> bool:
    """Tell whether a phrase states no fact of the product: a denial, a comparison, an aside, what is worn with it."""
    return next(_signs(text), None) is not None


def is_aside(text: str) -> bool:
    """Tell whether a phrase speaks of the seller or a model."""
    return _ASIDE.search(text) is not None


def worn_with(text: str) -> int:
    """Return where a phrase begins to speak of other clothes to wear with it, -1 where it does not."""
    found = _WORN_WITH.search(text)
    return found.start() if found else -1


def affirmed_part(text: str) -> tuple[int, int]:
    """Start and end of what a phrase with a denial or comparison affirms: behind its turn (不是夏天而是秋天), else what
    stands before it."""
    found = _NO_FACT.search(text)
    if found is None:
        return 0, len(text)
    turn = _TURN.search(text, found.end())
    if turn and turn.end() < len(text):
        return turn.end(), len(text)
    return 0, found.start()


def _signs(text: str) -> Iterator[int]:
    for pattern in (_NO_FACT, _ASIDE, _WORN_WITH):
        found = pattern.search(text)
        if found:
            yield found.start()


def _clause(text: str) -> str:
    kept = ""
    while found := _DENIED.search(text) or _COMPARED.search(text):
        kept += text[: found.start()]
        turn = _TURN.search(text, found.end())
        text = text[turn.end() :] if turn else ""
    return kept + text
