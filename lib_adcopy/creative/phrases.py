"""A brief's own whole phrases and what each is good for on a creative; nothing is cut out of a phrase's middle."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lib_adcopy.creative.lines import printable, weight
from lib_adcopy.domain.brief import Brief

# Marks between phrases; a comma within a number is none.
_BETWEEN = re.compile(r"(?<!\d)[,，]|[,，](?!\d{3})|[。！!？?；;、|｜\n\r\t【】\[\]（）()「」•●▪■◆★✔✅~～…]+|:\s|：")
_SPACE = re.compile(r"\s+")
_ENGLISH_BETWEEN = re.compile(r"[,;|\n\r]+(?!\d{3})|(?<=[.!?])\s|\s[-–—]\s|[()\[\]]")
_EDGES = re.compile(r"^[\s\-—·*#.:：]+|[\s\-—·*#.:：]+$")
_MONEY = re.compile(r"[¥￥$€£]\s?\d|\d\s?(?:元|块)(?!包邮购)|价\s?\d|券后\s?\d|到手\s?\d|\d(?:\.\d+)?\s?CNY")
_OFFER = re.compile(
    r"半价|立减|满\d+|[减送]\d+|买.{1,2}[送赠]|买.{1,3}免|\d折|[一二两三四五六七八九]折|免费试|试听|试用|"
    r"(?:下单|前\d+名|首单|新客|开业|年卡|充值|另|再|就|加|即)[送赠减]|[送赠](?!礼$|礼[体佳首有自]|[人货给长达朋]).{1,8}$|领券|抵扣|秒杀|限时|优惠|特惠|"
    r"\d+% off|buy one|save \$?\d",
    re.IGNORECASE,
)
_UNTIL = re.compile(
    r"仅限|截止|截至|(?:活动|预售)?[到至]\d+月|\d[日号]?前|止$|有效|仅剩|限量|最后\d|今晚|until |ends |through ",
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


@dataclass(frozen=True)
class Phrase:
    """One phrase.

    `role` is "product", "brand", "price", "offer", "until", "service", "contact", "measure", "opening" or "point".
    """

    text: str
    role: str


def phrases(brief: Brief) -> list[Phrase]:
    """The phrases of a brief in the seller's order; AdvertiseGen's pairs have none."""
    if brief.attributes and "#" in brief.text:
        return []
    parts = _parts(brief)
    texts = [text for _, text in parts]
    roles = [_role(text) for text in texts]
    named = _product_at(brief, parts, roles)
    if named >= 0:
        roles[named] = "product"
        for number in range(named):
            # What stands before the product in its own clause names who makes it.
            if parts[number][0] == parts[named][0] and roles[number] == "point" and weight(texts[number]) < 5:
                roles[number] = "brand"
    return [Phrase(text, role) for text, role in zip(texts, roles, strict=True)]


def _parts(brief: Brief) -> list[tuple[int, str]]:
    """(number of the clause, phrase), clauses parted at marks and phrases at blanks."""
    if brief.language == "en":
        pieces = [[part] for part in _ENGLISH_BETWEEN.split(brief.text)]
    else:
        pieces = [_at_blanks(part or "") for part in _BETWEEN.split(brief.text)]
    cleaned = [(number, _EDGES.sub("", printable(text))) for number, clause in enumerate(pieces) for text in clause]
    return [(number, text) for number, text in cleaned if text]


def _at_blanks(clause: str) -> list[str]:
    """A clause parted at blanks, but for one within a term ("IPX7 防水", "SUV 日租")."""
    joined: list[str] = []
    for piece in _SPACE.split(clause.strip()):
        mixed = bool(joined) and joined[-1][-1:].isascii() != piece[:1].isascii() and weight(joined[-1]) < 4
        if mixed and not _MONEY.search(piece) and not re.fullmatch(r"[A-Za-z][A-Za-z .&'-]*", joined[-1]):
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined


def _role(text: str) -> str:
    if _UNTIL.search(text):
        return "until"
    if _OFFER.search(text) and not (_MONEY.search(text) and "价" in text):
        return "offer"
    for role, pattern in (("price", _MONEY), ("contact", _CONTACT), ("service", _SERVICE)):
        if pattern.search(text):
            return role
    if _MEASURE.match(text) or _COLOUR.match(text):
        return "measure"
    return "opening" if _OPENING.search(text) else "point"


def _product_at(brief: Brief, parts: list[tuple[int, str]], roles: list[str]) -> int:
    """The index of the phrase that names the product: the fullest of the first clause that can, or with its name."""
    early = [number for number, role in enumerate(roles) if role == "point"]
    early = [number for number in early if parts[number][0] <= parts[early[0]][0] + 1]
    if not early:
        return -1
    name = brief.product
    named = [number for number in early if len(name) > 2 and name in parts[number][1]]
    clause = parts[(named or early)[0]][0]
    return max((number for number in early if parts[number][0] == clause), key=lambda at: weight(parts[at][1]))
