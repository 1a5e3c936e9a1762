"""Claims a copy makes and the brief does not: materials, numbers, certificates, origins, and stray Latin words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache

from lib_adcopy.copywriting.vocabulary import synonyms_of
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.review import Claim

# Beside the vocabulary's fabrics, what other goods are made of and a seller must be able to prove.
_MATERIALS = (
    "真皮", "牛皮", "头层牛皮", "羊皮", "貂毛", "纯银", "足银", "黄金", "不锈钢", "铝合金", "陶瓷", "骨瓷", "紫砂",
    "实木", "红木", "乳胶", "鹅绒", "鸭绒", "羽绒", "水晶", "翡翠", "和田玉", "碳纤维", "竹纤维", "钛合金", "硅胶",
    "长绒棉", "埃及棉", "莫代尔", "玻尿酸", "烟酰胺",
)  # fmt: skip
# 牛仔 alone is a kind of trousers as often as a fabric.
_NO_MATERIAL = frozenset(("牛仔",))
# One unit under several names; a number is stated only with its own.
_UNIT_NAMES = {
    "毫升": "ml", "克": "g", "公斤": "kg", "千克": "kg", "瓦": "w", "毫安时": "mah", "毫安": "mah", "厘米": "cm",
    "毫米": "mm", "块钱": "元",
}  # fmt: skip
_UNITS = (
    *_UNIT_NAMES, *_UNIT_NAMES.values(), "%", "升", "斤", "小时", "分钟", "天", "年质保", "年保修", "年", "项", "件",
    "层", "支", "目", "档", "道工序",
)  # fmt: skip
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
# 3D is a word. Spelled out, a number is a claim only before what is measured: 两天 is a while, 一层 a feeling.
_NUMBER = re.compile(rf"(?<![\d.])(?P<number>\d+(?:\.\d+)?)(?!\d|\.\d|d(?![a-z]))\s*(?P<unit>{_UNIT})?")
_SPELLED = re.compile(
    r"(?P<number>[二两三四五六七八九十百千万]+)(?P<unit>小时|毫升|公斤|毫安|道工序|年质保|年保修)|"
    r"(?P<few>[二两三四五六七八九十])(?P<layer>层)"
)
_NUMERALS = {"二": "2", "两": "2", **{numeral: str(at) for at, numeral in enumerate("三四五六七八九十", 3)}}
_CERTIFICATE = re.compile(
    r"认证|专利|获奖|(?:红点|if|设计|质量)奖|检测报告|质检|国标|(?:欧盟|国家|国际|行业|出口|医用)级?标准|"
    r"iso\s*\d+|sgs|fda|gmp|oeko(?:-tex)?|3c(?=认证)|有机(?=食品|产品|棉)"
)
_ABROAD = "意大利|法国|日本|韩国|德国|美国|英国|澳洲|澳大利亚|新西兰|瑞士|泰国|新疆"
# At home a place may be where somebody takes a walk: only goods from it are a claim.
_HOME = (
    "景德镇|宜兴|龙泉|云南|贵州|四川|西藏|青海|宁夏|内蒙古?|东北|五常|黑龙江|吉林|辽宁|山东|山西|陕西|河南|河北|江苏|"
    "苏州|浙江|杭州|福建|武夷山|安溪|广东|广西|海南|湖北|湖南|江西|安徽|甘肃|阳澄湖"
)
_ORIGIN = re.compile(
    rf"(?P<abroad>{_ABROAD})(?:进口|产|长绒棉|原装|面料|工艺)?|进口|"
    rf"(?P<home>{_HOME})(?:原产|产|直供|直采|特产|手工|工匠|大米|茶|丝绸|牧场|果园)|"
    rf"(?:产自|产于|原产于?|源自|来自|采自)(?P<place>{_HOME})|(?:产自|产于)(?P<elsewhere>[\u4e00-\u9fff]{{2}})"
)
# Latin words that Chinese copy uses as its own; any other is a slip of a model, or a brand nobody named.
_LATIN = re.compile(r"[A-Za-z]{2,}")
_USUAL_LATIN = frozenset((
    "logo", "ins", "oversize", "bf", "ol", "chic", "vintage", "diy", "spa", "app", "usb", "type", "wifi", "led", "ok",
    "vs", "by", "pro", "max", "plus", "mini", "tee", "vip", "get", "cm", "mm", "ml", "kg", "spf", "pa", "upf", "pvc",
    "pu", "eva", "ta",
))  # fmt: skip


def unsupported(brief: Brief, text: str) -> tuple[Claim, ...]:
    """Return each claim once, by kind; full-width signs are read as plain ones."""
    plain = unicodedata.normalize("NFKC", text)
    # A revision may have added points that the text began without.
    stated = " ".join((brief.text, *brief.points, brief.audience, *brief.brand_words))
    known = unicodedata.normalize("NFKC", stated).lower()
    found = [Claim("material", word) for word in _materials().findall(plain) if not _made_of(word, known)]
    found += [Claim("number", number) for number in _new_numbers(_CERTIFICATE.sub(" ", plain.lower()), known)]
    certificates = [match for match in _CERTIFICATE.finditer(plain.lower()) if match.group() not in known]
    found += [Claim("certificate", plain[match.start() : match.end()]) for match in certificates]
    found += [Claim("origin", match.group()) for match in _ORIGIN.finditer(plain) if not _comes_from(match, known)]
    if brief.language == "zh":
        for match in _LATIN.finditer(plain):
            certified = any(one.start() <= match.start() < one.end() for one in certificates)
            if not certified and match.group().lower() not in _usual_latin() and match.group().lower() not in known:
                found.append(Claim("word", match.group()))
    return tuple(dict.fromkeys(found))


@cache
def _materials() -> re.Pattern[str]:
    fabrics = {word for (name, _), words in synonyms_of().items() if name == "材质" for word in words if len(word) > 1}
    return re.compile("|".join(sorted({*fabrics, *_MATERIALS} - _NO_MATERIAL, key=lambda word: (-len(word), word))))


def _made_of(material: str, known: str) -> bool:
    """Tell whether the brief names the material, in its word or another for it."""
    others = (words for (name, _), words in synonyms_of().items() if name == "材质" and material in words)
    return any(word.lower() in known for word in (material, *next(others, ())))


def _new_numbers(text: str, known: str) -> Iterator[str]:
    stated = {(number, unit) for number, unit, _ in _numbers(known)}
    values = {number for number, _ in stated}
    for number, unit, said in _numbers(text):
        # Without its unit the brief leaves open what is counted.
        if number not in values or (unit and not {(number, unit), (number, "")} & stated):
            yield said


def _numbers(text: str) -> Iterator[tuple[str, str, str]]:
    """(value, unit, as it stands in the text)."""
    for match in _NUMBER.finditer(text):
        unit = match["unit"] or ""
        yield match["number"], _UNIT_NAMES.get(unit, unit), match.group().strip()
    for match in _SPELLED.finditer(text):
        number, unit = match["number"] or match["few"], match["unit"] or match["layer"]
        yield _NUMERALS.get(number, number), _UNIT_NAMES.get(unit, unit), match.group()


def _comes_from(match: re.Match[str], known: str) -> bool:
    place = match["abroad"] or match["home"] or match["place"] or match["elsewhere"] or ""
    return place in known and ("进口" not in match.group() or "进口" in known)


@cache
def _usual_latin() -> frozenset[str]:
    return _USUAL_LATIN | {word.lower() for words in synonyms_of().values() for word in _LATIN.findall(" ".join(words))}
