"""The price a creative sets, with what it is the price of: "会员价612", "SUV日租199起"; as typed, never computed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from lib_adcopy.creative.content import Price
from lib_adcopy.creative.lines import weight
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.facts import Fact

_TAG_AT_MOST = 6.0
_AMOUNT = re.compile(
    r"(?P<tag>.*?)(?P<sign>[¥￥$€£])?\s?(?P<number>(?<![双第\d])\d[\d,]*(?:\.\d{1,2})?)\s?(?P<unit>元|块)?"
    r"(?P<rest>.*)"
)
# Of "8节课980元" the amount that is money; what no amount of money has after it.
_YUAN = re.compile(
    r"(?P<tag>.*?)(?P<sign>[¥￥$€£])?\s?(?P<number>(?<![双第\d])\d[\d,]*(?:\.\d{1,2})?)\s?(?P<unit>元|块)(?P<rest>.*)"
)
_MEASURED = re.compile(r"分钟|小时|秒|节|课时|天|周|个月|年|次|人|岁|[cm]?m\b|ml|k?g\b", re.IGNORECASE)
_BEFORE = re.compile(r"原价|^原\d|日常价|门市价|吊牌价|划线价|市场价|was|list price|regular|originally", re.IGNORECASE)
# Neither the price nor one that was: what is told beside it.
_OTHER = re.compile(r"零售|单买|另售|另购|滤芯|押金|定金")
_FILLER = re.compile(
    r"^(?:只要|仅需|只需|仅|才|低至|[:：=\s])+|(?:只要|仅需|只需|仅|才|[:：=\s])+$|\b(?:now|only|price|rmb|cny)\b",
    re.IGNORECASE,
)
_WHOLE_TAGS = {
    "券后": "券后价", "到手": "到手价", "现": "现价", "活动": "活动价", "会员": "会员价", "拼团": "拼团价",
}  # fmt: skip
_SPECIAL = re.compile(r"到手|券后|会员|活动|首发|早鸟|团购|拼团|秒杀|新客|双1[12]|618|现价|体验|优惠|直播")
_SALES = re.compile(r"双1[12]价?|618价?")
_CODES = {"USD": "$", "EUR": "€", "GBP": "£"}


def read_price(brief: Brief, found: Sequence[str], own: dict[str, Any]) -> Price | None:
    """Return the price of the phrases that tell prices, or of the facts; the one before only where the seller typed
    it."""
    found = [text for text in found if not _OTHER.search(text)]
    now = [price for text in found if not _BEFORE.search(text) and (price := _of_phrase(text))]
    # Of a plain price and a lower one on a condition the lower is what an ad shows, with its condition.
    special = [price for price in now if _SPECIAL.search(price.tag) and _number(price) <= _number(now[0])]
    price = special[0] if special else now[0] if now else _of_fact(brief, own)
    if price is None:
        return None
    typed = [each for text in found if _BEFORE.search(text) and (each := _of_phrase(text))]
    typed += [each for fact in brief.facts_of("list_price") if (each := _normalised(fact))]
    was = next((each for each in typed if _number(each) > _number(price)), None)
    if was is None:
        return price
    whole = was.whole + (f".{was.rest}" if was.rest else "")
    tag = price.tag or ("现价" if brief.language == "zh" else "")
    return Price(price.whole, price.rest, price.sign, price.unit, tag, whole)


def _of_phrase(text: str) -> Price | None:
    """Return the price of "会员价612元起", "SUV日租199元起", "99元4束"; its tag is what it is the price of."""
    event = _SALES.search(text)
    said = text.replace(event[0], "", 1) if event else text
    amount = _AMOUNT.fullmatch(said)
    if amount and not (amount["sign"] or amount["unit"]):
        money = _YUAN.fullmatch(said)
        if money is None and _MEASURED.match(amount["rest"].strip()):
            return None
        amount = money or amount
    if amount is None or not (amount["sign"] or amount["unit"] or amount["tag"]):
        return None
    tag = _FILLER.sub("", (event[0] if event else "") + amount["tag"]).strip()
    tag = _WHOLE_TAGS.get(tag, tag)
    if event and not tag.endswith("价"):
        tag += "价"
    if weight(tag) > _TAG_AT_MOST or _BEFORE.search(tag):
        tag = ""
    whole, _, rest = amount["number"].replace(",", "").partition(".")
    sign = "¥" if amount["sign"] in (None, "¥", "￥") else amount["sign"]
    return Price(whole, rest.rstrip("0"), sign, _unit(amount["rest"]), tag)


def _unit(rest: str) -> str:
    """Return what follows the amount, as the block sets it: "起", "/天", "/4束"."""
    rest = rest.strip()
    if rest.startswith("起"):
        return "起"
    per = re.match(r"(?:/|每|一)\s?(\S{1,3}?)(?=$|[，,\s（(])", rest) or re.match(r"(\d{1,3}[^\d\W]{1,2})$", rest)
    return f"/{per[1]}" if per else ""


def _of_fact(brief: Brief, own: dict[str, Any]) -> Price | None:
    """Return the price of the first fact that is one, with its name as it stands before it."""
    for fact in brief.facts_of("price"):
        price = _normalised(fact)
        if price:
            around = brief.text[max(0, fact.start - 5) : fact.end] if fact.start >= 0 else fact.text
            tag = next((tag for tag in own["price_tags"] if tag in around), "")
            return Price(price.whole, price.rest, price.sign, price.unit, tag)
    return None


def _normalised(fact: Fact) -> Price | None:
    """Return a price of a fact's normalised value ("69.9 CNY/把"), its unit and "起" as the seller wrote them."""
    amount, _, rest = fact.value.partition(" ")
    sign = _CODES.get(rest[:3], "¥")
    unit = "起" if fact.text.endswith("起") else f"/{rest.partition('/')[2]}" if "/" in rest else ""
    price = Price.read(f"{sign}{amount}" if re.fullmatch(r"\d+(\.\d+)?", amount) else fact.text)
    return Price(price.whole, price.rest, price.sign, unit or price.unit) if price else None


def _number(price: Price) -> float:
    return float(f"{price.whole}.{price.rest or 0}")
