"""What a text says there is, without what it denies or only compares with: 不是红色, 告别厚重, 像春天一样."""

from __future__ import annotations

import re

_CLAUSES = re.compile(r"([，,、；;。！!？?\n\t~～…—|/]+)")
_DENIED = re.compile(
    "不是|不像|不再|不用|不必|不会|不要|不含|不怕|不惧|不输|不添加|并非|绝非|而非|没有|没了|无需|无惧|无须|毋需|告别|拒绝|远离|摆脱|避免|"
    "避开|防止|逃离|抵御|抵挡|阻挡|隔绝|赶走|驱散|取代|代替|替代|抛开|褪去|别再|忘掉|去掉|免去|胜过|堪比|媲美|看腻|厌倦|厌烦"
)
_COMPARED = re.compile(
    "仿佛|宛若|宛如|犹如|如同|好似|好像|恍若|恍如|就像|(?<![图摄肖影音录画头偶雕佛])像(?![素框册章])|"
    "(?<![价对相百性评无])比(?![例基较赛如重萨起熊特])|如(?=[^，。]{1,8}般)"
)
# Where what is denied ends within the clause: 不是夏天而是秋天.
_TURN = re.compile("而是|却是|就是|反而|但是?|一样|一般|般的?|似的|更加?|还要|都要")


def affirmed(text: str) -> str:
    """`text` without its denied and compared parts; clause marks stay."""
    return "".join(part if number % 2 else _clause(part) for number, part in enumerate(_CLAUSES.split(text)))


def _clause(text: str) -> str:
    kept = ""
    while found := _DENIED.search(text) or _COMPARED.search(text):
        kept += text[: found.start()]
        turn = _TURN.search(text, found.end())
        text = text[turn.end() :] if turn else ""
    return kept + text
