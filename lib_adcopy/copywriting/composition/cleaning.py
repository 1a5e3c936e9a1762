"""A seller's clause made fit to print: one kind of signs, no blanks inside Chinese, 元 after a bare price."""

from __future__ import annotations

import re
from collections.abc import Sequence

_HAN = r"[\u4e00-\u9fff]"
_WIDE = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？", "(": "（", ")": "）"}
_AMOUNT = r"\d+(?:\.\d+)?"
# A number of a price that names no currency: "原价1299", "猫咪128"; not one that a unit or more digits follow.
_BARE_AMOUNT = re.compile(
    rf"(?<![\d.¥￥$€£a-zA-Z×x*满减抵送返券每第双])(?P<amount>{_AMOUNT})(?P<more>多?)"
    r"(?=$|[，、；。！）)\s]|起(?!送)|[（(](?!\d)|现|到手|券后|会员|，?原价|包邮|带走)"
)
_OFFERED = re.compile(
    rf"(?:拼单|团购|券后|会员价?|到手价?|体验价?|[两三四五六][件盒瓶箱包只把支])\s*{_AMOUNT}(?!\d|折|%)"
)
_ARROW = re.compile(rf"(?P<old>{_AMOUNT})\s*(?:元|块)?\s*(?:→|->|=>|➡️?|—>|→️)\s*(?P<new>{_AMOUNT})\s*(?:元|块)?")


def clean(text: str, language: str) -> str:
    """Return the clause without signs at its ends; Chinese ones in full-width punctuation."""
    text = re.sub(r"\s+", " ", text).strip()
    if language == "zh":
        text = re.sub(r"(?<![a-z])t恤", "T恤", _chinese_signs(text))
        text = re.sub(rf"(?<={_HAN}) (?={_HAN})", "，", text)
        text = re.sub(rf"(?<={_HAN}) (?=\d)|(?<=[\da-zA-Z]) (?={_HAN})", "", text)
        text = re.sub(r" ?([，。；：、！？]) ?", r"\1", text)
        text = re.sub(rf"(?<={_HAN}) ?\+ ?(?={_HAN})", "、", text)
    text = re.sub(r"[，,]{2,}", "，", text)
    return text.strip(" ，,；;。.、:：|｜/·-—~～" if language == "zh" else " ,;:|/·-—~.")


def _chinese_signs(text: str) -> str:
    made = []
    for at, sign in enumerate(text):
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        inside_number = before.isdigit() and after.isdigit()
        thousands = re.match(r"\d{3}(?!\d)", text[at + 1 :]) is not None
        in_number = inside_number and (sign == ":" or (sign == "," and thousands))
        plain_bracket = sign in "()" and not re.search(_HAN, text)
        made.append(sign if in_number or plain_bracket else _WIDE.get(sign, sign))
    return "".join(made)


def with_currency(price: str) -> str:
    """Return a price with 元 after amounts that name no currency: 原价1299，现价899 -> 原价1299元，现价899元."""
    price = _ARROW.sub(r"原\g<old>元，现在\g<new>元", price)
    return _BARE_AMOUNT.sub(r"\g<amount>\g<more>元", price)


def with_offered_currency(offer: str) -> str:
    """An offer that is a price, 拼单179, with its currency; 满200减30 stays as it is."""
    return with_currency(offer) if _OFFERED.search(offer) else offer


def without_avoided(text: str, words: Sequence[str]) -> str:
    """Return the statement without the clauses that hold a word the seller wants avoided."""
    words = [word.lower() for word in words if word]
    if not any(word in text.lower() for word in words):
        return text
    clauses = re.split(r"([，,；;。、])", text)
    kept = [clause for clause in clauses[::2] if not any(word in clause.lower() for word in words)]
    return "，".join(kept) if re.search(_HAN, text) else ", ".join(kept)
