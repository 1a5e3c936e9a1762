"""Brand and model: by the seller's own words, by name, and by where a name stands before the product.

brands.json: "known" names; "ambiguous" ones that are words too, taken only where nothing else follows in their phrase;
"models" are series whose maker goes without saying.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lib_adcopy.copywriting.reading.kinds import kind_of_phrase
from lib_adcopy.copywriting.reading.lexicon import Lexicon
from lib_adcopy.copywriting.reading.product_noun import Noun, Run
from lib_adcopy.copywriting.reading.segments import Phrase

_HAN_NAME = re.compile(r"[\u4e00-\u9fff]{2,5}$")
_LATIN_NAME = re.compile(r"[A-ZÀ-Þ][\w'’.&é-]*(?:\s+[A-Za-zÀ-ÿ&][\w'’.&é-]*)*$")
# A name with a digit, or a series' usual ending: "X3", "V12 Pro", "Air Force 1", "RT-AX86U".
_MODEL = re.compile(
    r"(?:[A-Za-z][A-Za-z-]*\s)*(?:[A-Za-z]{0,6}[-\s]?\d+[A-Za-z]{0,4}[\w-]*|(?:Pro|Max|Ultra|Plus|Mini|Air|SE|Lite|Note))"
    r"(?:\s(?:Pro|Max|Ultra|Plus|Mini|Air|SE|Lite|Note|\d{1,4}|[IVX]{1,4}|Gen\s?\d))*$",
    re.IGNORECASE,
)
_MODEL_TOKEN = re.compile(
    r"(?<![A-Za-z\d])(?=[A-Za-z-]*\d)[A-Z][A-Za-z]{0,4}-?\d+[A-Za-z]{0,3}(?:-\d+)?(?:\s?(?:Pro|Max|Plus|Ultra|Mini))*(?![A-Za-z\d%.])"
)
# Degrees of protection are no models.
_PROTECTION = re.compile(r"(?:U|S)PF\s?\d+\+?|IPX?\d+|PA\++", re.IGNORECASE)
# What is made to fit another maker's thing: the name before it is no brand of its own.
_ACCESSORIES = re.compile("(?:壳|膜|套|支架|表带|充电[头器线]?|数据线|贴|保护|座套|脚垫|收纳包|手柄套)$")
_CALLED = re.compile(
    r"(?:叫(?:做)?|品牌是?|牌子是?)\s*[“\"「『](?P<brand>[\u4e00-\u9fff]{2,4})(?P<model>[A-Z]?\d+[A-Za-z]*)?[”\"」』]"
)
_OF_MODEL = re.compile(
    r"[是用](?P<brand>[\u4e00-\u9fff]{2,4}?|[A-Z][a-z]+)的?\s?"
    r"(?P<model>[A-Z]{1,3}\d{1,4}[A-Za-z]*(?:\s(?:Pro|Max|Plus|Ultra|Mini|S\d))?)(?![\d%.]|[\u4e00-\u9fff]?[a-z])"
)
_FROM_HOUSE = re.compile(
    r"(?:^|[，。；,;\s])(?P<brand>[\u4e00-\u9fff]{2,4})(?<![我他她你人自大婆娘])家的(?=$|[，。；,;\s])"
)
_BRAND_MODEL = re.compile(
    r"(?P<brand>[A-Z][A-Za-z'’&-]{2,})(?:\s(?P<model>(?:[A-Za-z]+\s)?[A-Z]{1,3}\d{1,4}[A-Za-z]*))?(?=$|\s)"
)
# What is built into a thing, behind its own maker's name: 索尼传感器, 拜耳PC.
_COMPONENT = re.compile(
    r"\s?(?:的)?(?:[A-Z\d]{2,8})?\s?(?:传感器|芯片|电芯|电池|镜头|屏幕?|面板|马达|电机|压缩机|机芯|主控|轴体|单元|"
    "喇叭|滤芯|颗粒|玻璃|拉链|面料|鞋底|原料|香精|内存)|\\s?(?:PC|TPU|PA66|ABS)(?![A-Za-z\\d])"
)
# Characters that describe a thing and stand in no invented name.
_DESCRIBING = re.compile(
    "[的了手工打制作现烤新老大小超厚薄软硬轻重冷热温防抗免无不纯真美香甜酸辣咸鲜嫩脆酥干湿生熟秋冬春夏早晚男女童婴儿"
    "中高低长短宽窄圆方单双多全半加可自电家用车载户室内办公商学进口国产装定创网爆款特精选优质有机古法传统复简时智便折充迷速保磁"
    "吸线声充阳能一二三四五六七八九十两百千万红黄蓝绿紫黑白灰粉金银色布木铁钢铜皮毛棉麻丝水火土本地到我你他家在有是和与]"
)
_LONGEST_BRAND = 3
# A model's letters and digits between a brand and the product; no measure: 1200G in "泉木 1200G 净水器".
_MODEL_BEHIND = re.compile(r" (?!\d+(?:L|ML|KG|CM|MM|W|V|P)\b)(?=\S*\d)(?=\S*[A-Z])[A-Z\d-]{2,10} (?=[\u4e00-\u9fff])")
_WITH_MODELS = ("electronics", "appliances", "cars", "outdoors")
_NO_NAMES = re.compile(
    "^(?:店名|店铺|地址|各位|大家|家长|姐妹|宝子|新款|新品|现货|爆款|正品|厂家|工厂|本店|小店|今日|今天|到货|新到|上新|推荐|出|求|转让|全新|闲置|包邮|批发|手工|自制|自家|家里|周末|冬天|夏天|春天|秋天)|[的了是在有我你他这那]"
)


@dataclass(frozen=True)
class Named:
    """A brand's or model's place; `kind` is "brand" or "model"."""

    kind: str
    start: int
    end: int


def named_outright(plain: str, phrases: Sequence[Phrase], own_brands: Sequence[str]) -> list[Named]:
    """Return what a label, the seller's brand words and the list of known brands name."""
    found = [Named(each.label, each.start, each.end) for each in phrases if each.label in ("brand", "model")]
    for word in own_brands:
        at = plain.lower().find(word.lower()) if word else -1
        if at >= 0:
            found.append(Named("brand", at, at + len(word)))
    for series in _series().finditer(plain):
        found.append(Named("model", series.start(), series.end()))
    for match in _known().finditer(plain):
        found.append(Named("brand", match.start(), match.end()))
    found = [each for each in found if each.kind != "brand" or not _COMPONENT.match(plain, each.end)]
    for phrase in phrases[:3]:
        if plain[phrase.start : phrase.end] in _lists()["ambiguous"]:
            found.append(Named("brand", phrase.start, phrase.end))
    return _apart(found)


def named_by_place(
    plain: str, phrases: Sequence[Phrase], noun: Noun | None, outright: Sequence[Named], lexicon: Lexicon
) -> list[Named]:
    """Brand and model that stand before the product's noun in its segment, and models beside it."""
    if noun is None:
        return list(outright)
    found = list(outright)
    before = [
        each
        for number, each in enumerate(phrases)
        if (each.segment == noun.run.segment or (number == 0 and noun.run.phrase == 1))
        and each.end <= noun.start
        and not each.label
    ]
    is_first = bool(before) and before[0] is phrases[0]
    for number, phrase in enumerate(before):
        found += _named_in(plain, phrase, found, lexicon, first=is_first and number == 0)
    found += _attached(plain, noun, found)
    if _ACCESSORIES.search(plain[noun.start : noun.end]):
        found = _of_another(plain, found, noun)
    return _apart(found)


def named_in_words(plain: str, found: Sequence[Named]) -> list[Named]:
    """Brand and model that a sentence names: 这台是岚序的W7, 叫“扫得宝X3”, 母语记家的."""
    told = list(found)
    for pattern in (_CALLED, _OF_MODEL, _FROM_HOUSE):
        for match in pattern.finditer(plain):
            for kind in ("brand", "model"):
                if match.groupdict().get(kind) and not _NO_NAMES.search(match[kind]):
                    told.append(Named(kind, match.start(kind), match.end(kind)))
    return _apart(told)


def brand_before(plain: str, run: Run, start: int, lexicon: Lexicon) -> Named | None:
    """A brand written together with the name behind it, at the head of a brief: 禾漾 in 禾漾护发精油.

    `start` is where the name's known words begin.
    """
    first = run.pieces[0]
    text = plain[run.start : start]
    if first.term is not None or first.start != run.start or first.end > start or run.phrase > 1 or run.label:
        return None
    name = first.text
    if 2 <= len(name) <= 3 and _HAN_NAME.fullmatch(name) and not _DESCRIBING.search(name) and text:
        return Named("brand", first.start, first.end)
    return None


def brand_behind(
    plain: str, phrases: Sequence[Phrase], noun: Noun, found: Sequence[Named], lexicon: Lexicon
) -> Iterator[Named]:
    """Brand and model in the phrase straight behind the product's: "筋膜枪 FlexNova mini S2"."""
    if any(each.kind == "brand" for each in found):
        return
    behind = next((p for p in phrases if p.start >= noun.end and not p.label and p.segment == noun.run.segment), None)
    if behind is None or noun.run.phrase > 1:
        return
    text = plain[behind.start : behind.end]
    latin = _BRAND_MODEL.match(text)
    if latin and not re.search(r"\d|[a-z]{2,}\s[a-z]{3,}", latin["brand"]) and _is_name(latin["brand"], lexicon):
        yield Named("brand", behind.start, behind.start + latin.end("brand"))
        if latin["model"]:
            yield Named("model", behind.start + latin.start("model"), behind.start + latin.end("model"))
    elif len(text) <= 3 and _HAN_NAME.fullmatch(text) and _is_unnamed(text, lexicon):
        yield Named("brand", behind.start, behind.end)


def _is_unnamed(text: str, lexicon: Lexicon) -> bool:
    """Return whether nothing tells a word to be more than a name: no word, no thing by its ending, no description."""
    described = _DESCRIBING.search(text) or text[-1] in "式型款版装色性级码号"
    return _is_name(text, lexicon) and lexicon.head(text) is None and not described


def _named_in(plain: str, phrase: Phrase, found: Sequence[Named], lexicon: Lexicon, *, first: bool) -> Iterator[Named]:
    """Brand, model or both of a phrase before the noun: "声悦", "X3", "Dyson V12"."""
    start, end = phrase.start, phrase.end
    inside = [each for each in found if start <= each.start < end]
    if inside:
        start = max(each.end for each in inside)
        start += len(plain[start:end]) - len(plain[start:end].lstrip())
    text = plain[start:end]
    brand_known = any(each.kind == "brand" for each in found)
    if not text:
        return
    known = lexicon.term(text)
    if known is not None and known.kind in ("material", "colour"):
        return
    if _PROTECTION.fullmatch(text):
        return
    if _MODEL.fullmatch(text) and any(map(str.isdigit, text)):
        words = text.split()
        named = [word for word in words if not any(map(str.isdigit, word))]
        leads = not brand_known and first and len(words) > 1 and words[0] in named and len(words[0]) > 2
        if leads:
            yield Named("brand", start, start + len(words[0]))
            start += len(words[0]) + 1
        yield Named("model", start, end)
    elif inside and text.isascii():
        yield Named("model", start, end)
    elif first and not brand_known and (_is_name(text, lexicon) or _leads_model(plain, phrase, text, lexicon)):
        yield Named("brand", start, end)


def _leads_model(plain: str, phrase: Phrase, text: str, lexicon: Lexicon) -> bool:
    """Return whether a word nobody knows stands before a model, whatever its last character says: 泉木 1200G."""
    if not 2 <= len(text) <= _LONGEST_BRAND or not _HAN_NAME.fullmatch(text) or _NO_NAMES.search(text):
        return False
    return all(piece.term is None or len(piece.text) == 1 for piece in lexicon.split(text)) and bool(
        _MODEL_BEHIND.match(plain, phrase.end)
    )


def _is_name(text: str, lexicon: Lexicon) -> bool:
    """Return whether a phrase before the product says nothing but a name."""
    if _LATIN_NAME.fullmatch(text):
        return kind_of_phrase(text) == "feature"
    return _HAN_NAME.fullmatch(text) is not None and _is_unknown(text, lexicon)


def _is_unknown(text: str, lexicon: Lexicon) -> bool:
    """Return whether no word of a phrase is known."""
    known = sum(len(piece.text) for piece in lexicon.split(text) if piece.term and len(piece.text) > 1)
    return not known and not _NO_NAMES.search(text) and kind_of_phrase(text) == "feature"


def _attached(plain: str, noun: Noun, found: Sequence[Named]) -> Iterator[Named]:
    """A model written together with the noun or behind it: "X3蓝牙耳机", "路由器 AX3000"."""
    if noun.category not in _WITH_MODELS or any(each.kind == "model" for each in found):
        return
    start = noun.run.start
    for token in _MODEL_TOKEN.finditer(plain, start, min(len(plain), noun.end + 12)):
        is_taken = any(each.start < token.end() and token.start() < each.end for each in found)
        if not is_taken and not _PROTECTION.fullmatch(token.group()):
            yield Named("model", token.start(), token.end())
            return


def _of_another(plain: str, found: Sequence[Named], noun: Noun) -> list[Named]:
    """Brand and model before an accessory as one model: what it fits."""
    before = sorted((each for each in found if each.end <= noun.start), key=lambda each: each.start)
    models = [each for each in before if each.kind == "model"]
    if not models:
        return list(found)
    brands = [each for each in before if each.kind == "brand" and not plain[each.end : models[0].start].strip()]
    start = min(each.start for each in (*brands, *models))
    rest = [each for each in found if each not in brands and each not in models]
    return [*rest, Named("model", start, max(each.end for each in models))]


def _apart(found: Sequence[Named]) -> list[Named]:
    """Drop what overlaps something found before it, in the text's order."""
    kept: list[Named] = []
    for each in found:
        if each.start < each.end and not any(each.start < other.end and other.start < each.end for other in kept):
            kept.append(each)
    return sorted(kept, key=lambda each: each.start)


@cache
def _lists() -> dict[str, list[str]]:
    lists: dict[str, list[str]] = json.loads(Path(__file__).with_name("brands.json").read_text(encoding="utf-8"))
    return lists


@cache
def _known() -> re.Pattern[str]:
    names = sorted((name for name in _lists()["known"] if len(name) > 1), key=len, reverse=True)
    latin = "|".join(re.escape(name) for name in names if name.isascii() or not re.search(r"[\u4e00-\u9fff]", name))
    han = "|".join(re.escape(name) for name in names if re.search(r"[\u4e00-\u9fff]", name))
    return re.compile(rf"(?<![A-Za-z\d])(?:{latin})(?![A-Za-z\d])|(?:{han})")


@cache
def _series() -> re.Pattern[str]:
    names = "|".join(map(re.escape, _lists()["models"]))
    return re.compile(
        rf"(?<![A-Za-z])(?:{names})(?:\s?(?:\d{{1,2}}[A-Za-z]?|Pro|Max|Plus|Ultra|Mini|Air|SE|Fold|Flip))*(?![A-Za-z])"
    )
