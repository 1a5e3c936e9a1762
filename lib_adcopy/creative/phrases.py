"""A brief's own whole phrases and what each is good for on a creative; nothing is cut out of a phrase's middle."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lib_adcopy.creative.lines import printable, weight
from lib_adcopy.domain.brief import Brief

# A price clause tells several: "原价59元，双11价36.8元", "早鸟价499（原价899）".
_BETWEEN = re.compile(r"[,，;；](?!\d{3})\s*|[（()）]\s*")
_ALONE = re.compile(r"[¥￥]?\s?\d+(?:\.\d+)?\s?[元块]?起?")
_SPACE = re.compile(r"\s+")
_EDGES = re.compile(r"^[\s\-—·*#.:：]+|[\s\-—·*#.:：]+$")
# What stands at the ends of a text that is set, and no word of it.
TEXT_EDGES = re.compile(r"^[\s，,。：:；;｜|、~～·\-—#]+|[\s，,。：:；;｜|、~～·\-—#]+$")
_HASHTAG = re.compile(r"#[^\s#]+#?")
_MONEY = re.compile(r"[¥￥$€£]\s?\d|\d\s?(?:元|块)(?!包邮购)|价\s?\d|券后\s?\d|到手\s?\d|\d(?:\.\d+)?\s?CNY")
_OFFER = re.compile(
    r"半价|立减|满\d+|[减送]\d+|买.{1,2}[送赠]|买.{1,3}免|\d折|[一二两三四五六七八九]折|免费试|试听|试用|"
    r"(?:下单|前\d+名|首单|新客|开业|年卡|充值|另|再|就|加|即)[送赠减]|[送赠](?!礼$|礼[体佳首有自]|[人货给长达朋]).{1,8}$|领券|抵扣|秒杀|限时|优惠|特惠|"
    r"\d+% off|buy one|save \$?\d",
    re.IGNORECASE,
)
# Amounts that are no price: of what is taken off it, of a purchase that is sent free.
_REDUCES = re.compile(r"^[^价]*[减送]\s?\d+[元块]?$|半价$|free shipping", re.IGNORECASE)
_UNTIL = re.compile(
    r"仅限|^限\s?\d|限购|每人限|\d人起?成团|"
    r"截止|截至|(?:活动|预售)?[到至]\d+月|\d[日号]?前|止$|有效|仅剩|限量|最后\d|今晚|until |ends |through ",
    re.IGNORECASE,
)
_SERVICE = re.compile(
    r"包邮|顺丰|质保|保修|退换|包赔|包换|补寄|返工|上门|无理由|换新|shipping|warranty|returns", re.IGNORECASE
)
_CONTACT = re.compile(r"地址|电话|微信|热线|\d{7,}|营业时间|路\d+号|街\d+号|门店")
_MEASURE = re.compile(
    r"^(?:净重|净含量|高|宽|长|直径|盆径|约|容量|重)?\s?[\d.]+\s?(?:[-~*×x/]\s?[\d.]+\s?)*"
    r"(?:ml|l|g|kg|cm|mm|m|oz|in|寸|斤|克|毫升|升|厘米|米|英寸|片|抽|支|包|袋|盒|瓶|罐|条|只|个|件)+"
    r"(?:[*×x]\s?\d+\s?\w{0,2})?(?:一\w|装|/\w)?$",
    re.IGNORECASE,
)
_COLOUR = re.compile(r"^.{1,4}色$")
_OPENING = re.compile(r"^(?:新店)?开业|大促$|^双1[12]|^618|^年货节|^新品|上新$|^预售|^清仓|首发$")


# No product's name begins with these.
_NO_NAME = "叫含送每配附带可适我你不无喷死"
# What the seller says of himself, of limits or to the writer is not set.
_LEFT_OUT = frozenset(("voice", "caveat", "instruction", "other_product"))


@dataclass(frozen=True)
class SellingPhrase:
    """One phrase.

    `role` is "product", "brand", "price", "offer", "until" (a term, a condition or a quota), "service", "contact",
    "measure", "opening" or "point".
    """

    text: str
    role: str


def clean(text: str) -> str:
    """Return a text as it can be set: without hashtags, emoji and marks at its ends."""
    return TEXT_EDGES.sub("", printable(_HASHTAG.sub(" ", text)))


def limits(text: str) -> bool:
    """Tell whether a text names a term, a condition or a quota, without which a price would be another."""
    return bool(_UNTIL.search(text))


def phrases(brief: Brief) -> list[SellingPhrase]:
    """Return the phrases of a brief's statements in the seller's order; AdvertiseGen's pairs have none."""
    if brief.attributes and "#" in brief.text:
        return []
    parts = _parts(brief)
    named = _product_at(brief, parts)
    roles = [role for _, _, role in parts]
    if named >= 0:
        roles[named] = "product"
        # What stands before the product in its own clause names who makes it.
        for number in (number for number in range(named) if parts[number][0] == parts[named][0]):
            if roles[number] in ("point", "named") and weight(parts[number][1]) < 5:
                roles[number] = "brand"
    roles = ["point" if role == "named" else role for role in roles]
    return [SellingPhrase(text, role) for (_, text, _), role in zip(parts, roles, strict=True)]


def _parts(brief: Brief) -> list[tuple[int, str, str]]:
    """(number of the clause, phrase, role) of statements that sell, parted at blanks; what only a blank parts is one.

    What the reader took for the product's name has the role "named" here.
    """
    number, end, found = -1, -1, list[tuple[int, str, str]]()
    for statement in brief.statements:
        if statement.role in _LEFT_OUT or statement.product:
            continue
        adjoins = 0 <= end <= statement.start and not brief.text[end : statement.start].strip()
        number, end = number if adjoins else number + 1, statement.end
        parted = statement.role in ("price", "product") or bool(_UNTIL.search(statement.text))
        for piece in _BETWEEN.split(statement.text) if parted else [statement.text]:
            apart = [piece] if brief.language == "en" else _at_blanks(piece)
            for text in (_EDGES.sub("", printable(part)) for part in apart):
                if text:
                    found.append((number, text, _role(text, statement.role)))
    return found


def _at_blanks(clause: str) -> list[str]:
    """Return a clause parted at blanks, but for one within a term ("IPX7 防水", "SUV 日租")."""
    joined: list[str] = []
    for piece in _SPACE.split(clause.strip()):
        if joined and _ALONE.fullmatch(piece) and not _MONEY.search(joined[-1]):
            # An amount is that of what stands before it: "首发 46.4", "五座轿车 8800".
            joined[-1] += piece
            continue
        mixed = bool(joined) and joined[-1][-1:].isascii() != piece[:1].isascii() and weight(joined[-1]) < 4
        if mixed and not _MONEY.search(piece) and not re.fullmatch(r"[A-Za-z][A-Za-z .&'-]*", joined[-1]):
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined


def _role(text: str, read_as: str) -> str:
    """Return what a phrase is good for; `read_as` is its statement's role."""
    if read_as == "price":
        limited = limits(text) and not _MONEY.search(text)
        return "until" if limited else "offer" if _REDUCES.search(text) else "price"
    if read_as == "place" and "小时" not in text:
        return "contact"
    if _UNTIL.search(text):
        return "until"
    if _REDUCES.search(text) or (_OFFER.search(text) and not (_MONEY.search(text) and "价" in text)):
        return "offer"
    for role, pattern in (("price", _MONEY), ("contact", _CONTACT), ("service", _SERVICE)):
        if pattern.search(text):
            return role
    if _MEASURE.match(text) or _COLOUR.match(text):
        return "measure"
    return "opening" if _OPENING.search(text) else "named" if read_as == "product" else "point"


def _product_at(brief: Brief, parts: list[tuple[int, str, str]]) -> int:
    """Return the index of the phrase that names the product: early, as it was read, without figures."""
    usable = [number for number, (_, _, role) in enumerate(parts) if role in ("point", "named")]
    if not usable:
        return -1
    first = parts[usable[0]][0]

    def value(at: int) -> float:
        clause, text, role = parts[at]
        score = (2.0 if role == "named" else 0.0) + (1.0 if len(brief.product) > 2 and brief.product in text else 0.0)
        score += 1.0 if clause == first else -2.0 if clause > first + 1 else 0.0
        score -= 3.0 if re.search(r"\d", text) and role != "named" else 0.0
        score -= 2.0 if text[0] in _NO_NAME or weight(text) > 15 else 0.0
        # A short name is a brand's.
        return score + 0.1 * min(weight(text), 12.0) - 0.8 * max(5.0 - weight(text), 0.0)

    return max(usable, key=value)
