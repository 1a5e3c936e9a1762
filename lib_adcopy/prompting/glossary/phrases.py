"""Small facts of two languages: which Chinese says nothing by itself, and English articles and singulars."""

from __future__ import annotations

import re

_UNITS = (
    "毫升|公升|升|千克|公斤|斤|克|毫克|吨|厘米|毫米|公分|平方米|平米|平方|米|英寸|寸|尺|毫安时|毫安|瓦|伏|小时|分钟|秒|天|个月|月|年|周岁|岁|"
    "片|包|卷|袋|瓶|盒|支|只|条|件|套|个|粒|颗|张|罐|枚|人|层|格|档|块|双|根|对|种|款|色|倍|元|折|代|合|次|斗|门|组|两|箱|桶|碗|杯"
)
_PACKED = "(?:[片包卷袋瓶盒支只条件套个粒颗张罐箱桶]?装)?"
_QUANTITY = re.compile(
    rf"(?:约|共|每|第)?(?:\d+(?:[.\-~到至*×xX]\d+)*\s*(?:{_UNITS}|[a-zA-Z]{{1,3}})?|"
    rf"[一二三四五六七八九十百两几半]+(?:到[一二三四五六七八九十]+)?(?:{_UNITS})){_PACKED}"
)
_NOT_CHINESE = re.compile(r"[^\u4e00-\u9fff]+")
# Characters that join and grade words; alone, or at a word's ends, they name nothing that is seen.
_JOINING = (
    "的地得了着过和与及或并且也又很更最太超特非常可能会要用于在从到把被让给对为以有含带配附送装款式型风系类级版品种样个只条件套组片"
    "上下中内外里前后左右这那此每各所其之而则但还就都等多"
)
_CLAIM = re.compile("[不无零免防抗耐易高低].{0,3}|.{1,3}(?:[不无].{1,2}|易.|力|性|感|度|率)")


def leftover(text: str) -> str:
    """Return what of a stretch nobody knows is worth asking about: no quantities, letters or joining characters."""
    plain = _NOT_CHINESE.sub("", _QUANTITY.sub("", text))
    return plain.strip(_JOINING)


def is_claim(chinese: str) -> bool:
    """Tell whether words nobody knows only praise what cannot be seen: 不油腻, 零添加, 防刮."""
    return _CLAIM.fullmatch(chinese) is not None


def singular(english: str) -> str:
    """ "mangoes" -> "mango", "cherries" -> "cherry"; anything else as it is."""
    for ending, single in (("ies", "y"), ("oes", "o"), ("ches", "ch"), ("shes", "sh"), ("ss", "ss"), ("s", "")):
        if english.endswith(ending):
            return english[: -len(ending)] + single
    return english


def counted(noun: str, count: str) -> str:
    """Return the noun with its count: one that is alone in the picture, a pair, or a mass that has none."""
    if count == "pair":
        return f"a pair of {noun}"
    return noun if count == "some" else f"a single {noun}"


def with_article(noun: str, count: str) -> str:
    """Say it as worn by somebody: "an orange dress", "trousers"."""
    if count:
        return f"a pair of {noun}" if count == "pair" else noun
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"


_CONTAINERS = "bottle|jar|tube|can|tin|tub|pouch|cup|carton|bag"
_HOLDS = re.compile(rf"^(?:[\w-]+ ){{0,2}}(?:{_CONTAINERS}|glass|pack|box|bowl|plate) of (?P<what>.+)$")
_ENDS = re.compile(rf"^(?P<what>.+?) (?:(?:{_CONTAINERS})(?: with .+)?|in an? [\w ]+)$")
_HELD = re.compile(rf"^in (?P<held>(?:an? )?(?P<kind>[\w -]*\b(?:{_CONTAINERS})))$")


def contained(noun: str, packaging: str) -> str | None:
    """Return the noun in the container the seller names, in place of the usual one: "jar of face cream", "in a glass
    bottle" -> "face cream in a glass bottle". None where the packaging is no container that could take its place."""
    held = _HELD.match(packaging)
    inside = (_HOLDS.match(noun) or _ENDS.match(noun)) if held else None
    return f"{inside['what']} {packaging}" if inside else None


def is_served(noun: str) -> bool:
    """Tell whether the picture shows it ready to eat or drink, out of its packaging."""
    return noun.startswith(("bowl of ", "plate of ", "cup of ", "glass of "))


def is_container(packaging: str) -> bool:
    return _HELD.match(packaging) is not None


def uncontained(noun: str) -> str:
    """Return what is in it: "box of tissues" -> "tissues", "facial cleanser bottle" -> "facial cleanser"."""
    inside = _HOLDS.match(noun) or _ENDS.match(noun)
    return inside["what"] if inside else noun


def inside(adjective: str, noun: str) -> str:
    """Return what is in the container described, not the container: "bowl of shrimp wontons". A word said twice falls
    away."""
    held = _HOLDS.match(noun)
    start = held.start("what") if held else 0
    what = noun[start:]
    words = [word for word in adjective.split() if not says(what, word)]
    return f"{noun[:start]}{' '.join([*words, what])}"


def says(phrase: str, word: str) -> bool:
    """Tell whether the phrase has the word, or words, as a whole."""
    return re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", phrase, re.IGNORECASE) is not None


def count_of(noun: str) -> str:
    """Return a plural has no article: "headphones" is "some"; of "jar of nuts" the jar counts."""
    last = re.split(r" (?:of|in|with|on) ", noun)[0].split()[-1] if noun else ""
    return "some" if last.endswith("s") and not last.endswith(("ss", "us", "is")) else ""
