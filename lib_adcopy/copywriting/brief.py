"""What is advertised: the seller's words, read into AdvertiseGen attributes and selling points."""

from __future__ import annotations

import re

from lib_adcopy.copywriting import vocabulary
from lib_adcopy.domain.brief import CATEGORIES, LENGTHS, PLATFORMS, TONES, Brief, product_noun
from lib_adcopy.domain.facts import Fact
from lib_adcopy.errors import AdCopyError

__all__ = ["CATEGORIES", "LENGTHS", "MAX_CHARACTERS", "PLATFORMS", "TONES", "Brief", "parse_brief", "product_noun"]


# As many characters as a product page's bullet points; more is a pasted page, not a brief.
MAX_CHARACTERS = 2000

_SEPARATORS = re.compile(r"[，,、；;。\n\t|/ \u3000]+")
_PAIR_SEPARATORS = re.compile(r"[*\n，,；;]+")
_ENGLISH_SEPARATORS = re.compile(r"[,;\n\t|.]+")
_MARKUP = re.compile(r"<[^<>]*>|[<>]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_IDEOGRAPH = re.compile(r"[\u4e00-\u9fff]")
_TRAILERS = ("风格", "风", "设计", "图案", "款", "款式", "元素", "面料", "材质", "版型", "的", "裙", "裤")


def parse_brief(text: str, **settings: object) -> Brief:
    """Reads free text or AdvertiseGen pairs; `settings` are Brief's other fields.

    Raises AdCopyError for a brief without words, one over MAX_CHARACTERS, or an unknown setting's value.
    """
    _check_settings(settings)
    if len(text) > MAX_CHARACTERS:
        raise AdCopyError("copywriting.brief_too_long", length=len(text), limit=MAX_CHARACTERS)
    cleaned = _CONTROL.sub(" ", _MARKUP.sub(lambda match: " " * len(match.group()), text)).rstrip()
    if not re.search(r"\w", cleaned):
        raise AdCopyError("copywriting.empty_brief")
    language = "zh" if _IDEOGRAPH.search(cleaned) else "en"
    attributes, points = _read_pairs(cleaned) if "#" in cleaned else _read_words(cleaned, language)
    fields: dict = {"category": _category(cleaned, attributes), "language": language, **settings}
    facts = _facts(cleaned, attributes, points)
    return Brief(text=cleaned, attributes=attributes, points=points, facts=facts, **fields)


_KINDS = {
    "类型": "name", "衣样式": "name", "版型": "fit", "裙型": "fit", "裤型": "fit", "风格": "style", "图案": "pattern",
    "颜色": "colour", "材质": "material",
}  # fmt: skip


def _facts(text: str, attributes: tuple[tuple[str, str], ...], points: tuple[str, ...]) -> tuple[Fact, ...]:
    """The attributes and points as facts, where they stand in the text."""
    found: list[Fact] = []
    for name, value in attributes:
        words = [word for word in vocabulary.synonyms_of().get((name, value), (value,)) if word in text]
        if words:
            word = max(words, key=len)
            start = text.index(word)
            found.append(Fact(_KINDS.get(name, "feature"), word, value, start, start + len(word), name))
    for number, point in enumerate(points):
        if point in text:
            start = text.index(point)
            kind = "feature" if number or attributes else "name"
            found.append(Fact(kind, point, "", start, start + len(point)))
    return tuple(sorted(found, key=lambda fact: fact.start))


def _check_settings(settings: dict[str, object]) -> None:
    allowed = (("platform", PLATFORMS), ("tone", TONES), ("length", LENGTHS), ("category", CATEGORIES))
    for name, values in allowed:
        if name in settings and settings[name] not in values:
            raise AdCopyError("copywriting.unknown_setting", name=name, value=settings[name])


def _category(text: str, attributes: tuple[tuple[str, str], ...]) -> str:
    if vocabulary.garment_of(attributes):
        return "clothing"
    return vocabulary.category_of(text)


# Pairs of products that AdvertiseGen has no attributes for: "产品#口红*卖点#哑光".
_PRODUCT_LABELS = frozenset(("品名", "名称", "产品", "商品", "产品名称", "商品名称"))
_POINT_LABELS = frozenset(("卖点", "特点", "亮点"))


def _read_pairs(text: str) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    pairs: list[tuple[str, str]] = []
    points: list[str] = []
    for piece in _PAIR_SEPARATORS.split(text):
        name, sign, value = (part.strip() for part in piece.partition("#"))
        if sign and name in _PRODUCT_LABELS and value:
            points.insert(0, value)
        elif sign and name in _POINT_LABELS and value:
            points.append(value)
        elif sign and name and value:
            if (name, value) not in pairs:
                pairs.append((name, value))
        elif piece.strip():
            points.append(piece.strip())
    return tuple(pairs), tuple(points)


def _read_words(text: str, language: str) -> tuple[tuple[tuple[str, str], ...], tuple[str, ...]]:
    if language == "en":
        return (), tuple(dict.fromkeys(part.strip() for part in _ENGLISH_SEPARATORS.split(text) if part.strip()))
    # A blank beside a colon separates nothing: "颜色: 红色" is one.
    pieces = [piece for piece in _SEPARATORS.split(re.sub(r"[ \u3000]*([:：])[ \u3000]*", r"\1", text)) if piece]
    # 蛋糕 is a skirt's shape beside a skirt and a cake by itself.
    category = vocabulary.category_of(text)
    wearable = category in ("clothing", "other") or (category != "pets" and vocabulary.names_clothing(text))
    garment = _garment(pieces) if wearable else ""
    pairs: list[tuple[str, str]] = []
    points: list[str] = []
    for piece in pieces:
        labelled = _LABELLED.fullmatch(piece)
        if labelled:
            found, rest = _labelled(labelled["name"], labelled["value"], garment)
        else:
            found, rest = _attributes_in(piece, garment) if garment else ([], (piece,))
        pairs += [pair for pair in found if pair not in pairs]
        points += [point for point in rest if point not in points]
    if garment and not any(name == "类型" for name, _ in pairs):
        pairs.insert(0, ("类型", garment))
    return tuple(pairs), tuple(points)


# "颜色：红色", as product pages have it. Where the value says by itself what it is of, the name is no part of it.
_LABELLED = re.compile(r"(?P<name>[\u4e00-\u9fff]{2,6})[:：](?P<value>[^:：]+)")
_TELLING_NOTHING = _PRODUCT_LABELS | _POINT_LABELS | frozenset((
    "品类", "类型", "类目", "颜色", "材质", "面料", "风格", "图案", "口味", "香型", "适用人群", "适用场景",
))  # fmt: skip


def _labelled(name: str, value: str, garment: str) -> tuple[list[tuple[str, str]], tuple[str, ...]]:
    if garment and name in vocabulary.values():
        return [_meaning(value.lower(), garment, whole=True, name=name) or (name, value)], ()
    found, rest = _attributes_in(value, garment) if garment else ([], (value,))
    return (found, rest) if found or name in _TELLING_NOTHING else ([], (name + value,))


def _garment(pieces: list[str]) -> str:
    """The garment type the words name or imply; "" for a product that is not one of AdvertiseGen's."""
    for piece in pieces:
        if piece[-1] in "裙裤":
            return piece[-1]
        for word in sorted(vocabulary.names_by_word(), key=len, reverse=True):
            if len(word) < 2 or word not in piece.lower():
                continue
            for name, value in vocabulary.names_by_word()[word]:
                garment = value if name == "类型" else _IMPLIES.get(name, "")
                if garment:
                    return garment
    return ""


# "简约图案" names its attribute itself, whether or not the vocabulary knows the value under that name.
_NAMED = re.compile(r"(?P<value>[^的]{1,6})的?(?P<name>风格|图案|颜色|材质|版型)")
_COUNTED = re.compile(r"^[一这本此][条件款套身]")
_IMPLIES = {"裙长": "裙", "裙型": "裙", "裤型": "裤", "裤长": "裤", "衣样式": "上衣"}


def _attributes_in(piece: str, garment: str) -> tuple[list[tuple[str, str]], tuple[str, ...]]:
    """Longest match from the left; returns the pairs, and what stands between them as selling points."""
    named = _NAMED.fullmatch(piece)
    if named and _meaning(named["value"].lower(), garment, whole=True, name=named["name"]) is None:
        return [(named["name"], named["value"])], ()
    words = vocabulary.names_by_word()
    lowered = piece.lower()
    longest = max(map(len, words))
    found: list[tuple[str, str]] = []
    left = [""]
    at = 0
    while at < len(piece):
        for size in range(min(longest, len(piece) - at), 0, -1):
            pair = _meaning(lowered[at : at + size], garment, whole=size == len(piece))
            if pair:
                found.append(pair)
                left.append("")
                at += size
                break
        else:
            left[-1] += piece[at]
            at += 1
    if not found:
        return [], (piece,)
    rest = [run for run in map(_without_trailers, left) if run]
    # One character says something only together with its neighbours: a 厚 before a coat. A set is a thing of its own.
    whole = any(len(run) == 1 for run in rest) or piece.endswith("套装")
    return found, (piece,) if whole else tuple(rest)


def _without_trailers(run: str) -> str:
    for trailer in sorted(_TRAILERS, key=len, reverse=True):
        run = run.replace(trailer, "")
    return _COUNTED.sub("", run).strip("和与及")


def _meaning(word: str, garment: str, *, whole: bool, name: str = "") -> tuple[str, str] | None:
    # A single character ("棉", "潮", "h") is an attribute only where it is the whole piece; inside words it is chance.
    if len(word) < 2 and not whole:
        return None
    pairs = vocabulary.names_by_word().get(word, ())
    fitting = (pair for pair in pairs if vocabulary.fits_garment(pair[0], garment))
    return next((pair for pair in fitting if name in ("", pair[0])), None)
