"""Titles of product pages: what buyers search, in their order, and a product's specifications."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lib_adcopy.copywriting.composition.attributes import kind_of_attribute
from lib_adcopy.copywriting.composition.chinese import is_number
from lib_adcopy.copywriting.composition.chooser import Chooser
from lib_adcopy.copywriting.composition.facets import facet_of
from lib_adcopy.copywriting.composition.garments import written_value
from lib_adcopy.copywriting.composition.leading import is_title_text, strength
from lib_adcopy.copywriting.composition.plan import Plan, facts_of
from lib_adcopy.copywriting.composition.units import Unit
from lib_adcopy.copywriting.platforms import display_width
from lib_adcopy.domain.facts import Fact

_IDEOGRAPH = re.compile(r"[\u4e00-\u9fff]")
# Longest keyword, in columns of a title.
_LONGEST = {"zh": 8, "en": 26}
_SPEC_FACETS = (
    "material", "power", "capacity", "battery", "connect", "size", "quantity", "weight", "flavour", "function", "point",
    "spec", "style", "texture", "craft", "fit_age", "colour",
)  # fmt: skip
_FACT_KINDS = (
    "season", "style", "fit", "material", "colour", "pattern", "flavour", "ingredient", "capacity", "function",
    "feature", "weight", "occasion", "audience", "size", "quantity", "certificate", "model",
)  # fmt: skip
_NO_KEYWORD = re.compile(
    r"^[\d.\-~–码]+$|换新|会|除外|仅|质地$|[，,。；;：:+！!？?“”\"→（）()]|元|价|包邮|包赔|包补|送|减|折(?!叠)|退|保修|质保|首发|预约|直播|下单|"
    r"[前后内]$|运费|到付|\d+一?[支把盆个对双条]$|[一两三][支把盆个对双条份]\d|[~\-–]$|发货|截单|建议|只剩|以下|以上|没有|不能|不含"
)
_NO_FRONT = re.compile(r"\d|^[带可不无免]|[套盒袋]$")
_LABEL_WORDS = frozenset(("用法", "图案", "颜色", "尺寸", "材质", "左右", "规格", "质地", "套装", "两", "适配", "包装"))
_PREFIX = re.compile(r"^(?:带|有|支持|适用于|适用|适合|含|配|一共|共|约|采用|用的是|做成)(?=.{2,})")
_VERBAL = re.compile(
    r"^(?:不(?!锈|粘)|别|可以|我|会|能|一周|第|每|死|写|喷|煮|教|看|附|拆(?!洗)|在|是)|[的了吧哈呀吗呢]$|就|都|也|要|是|说|想"
)


def keyword_title(plan: Plan, chooser: Chooser, limit: int) -> str:
    """Return a shop's search title: brand, what qualifies the product, its name, then the rest, no word twice."""
    words = _keywords(plan)
    if not plan.is_zh:
        return _english_title(_branded(plan, plan.full), _turned(words, chooser), 2 * limit)
    front = [word for word in words if not _NO_FRONT.search(word) and len(word) <= 5]
    front = _turned(front, chooser, 3)[: 1 + chooser.number("title front", 2)]
    back = _turned([word for word in words if word not in front], chooser, 3)
    # A word of the trade fills a short title: 水杯 behind 马克杯.
    synonyms = [word for word in plan.pack.synonyms if len(word) > 2]
    name = _plain_name(plan)
    brand = [] if not plan.brand or plan.brand.lower() in name.lower() else [plan.brand]
    front = [] if plan.brand and name.startswith(plan.brand) else front
    return _packed([*brand, *front], name, [*back, *synonyms], limit)


def spec_title(plan: Plan, chooser: Chooser, limit: int) -> str:
    """Brand, name and specifications with blanks between: 声悦 X3 蓝牙耳机 主动降噪42dB 白色."""
    words = _keywords(plan)
    if not plan.is_zh:
        return _english_title(_branded(plan, plan.full), _turned(words, chooser), 2 * limit)
    brief = plan.brief
    words.sort(key=lambda word: _place(facet_of(word, "attribute", "", brief).name))
    made = [word for word in (plan.brand if plan.brand.lower() not in plan.full.lower() else "", plan.full) if word]
    for word in _turned(words, chooser, 3):
        known = any(word.lower() in other.lower() or other.lower() in word.lower() for other in made)
        if not known and display_width(" ".join([*made, word])) <= limit:
            made.append(word)
    return " ".join(made)


def _place(facet: str) -> int:
    return _SPEC_FACETS.index(facet) if facet in _SPEC_FACETS else len(_SPEC_FACETS)


def _plain_name(plan: Plan) -> str:
    return plan.full if re.search("的|自家|我们|我家", plan.spoken) else plan.spoken


def _branded(plan: Plan, name: str) -> str:
    if not plan.brand or plan.brand.lower() in name.lower():
        return name
    return f"{plan.brand}{'' if plan.is_zh else ' '}{name}"


def _keywords(plan: Plan) -> list[str]:
    """Short words of the brief that a buyer may type, what sells most first."""
    units = [unit for unit in plan.units if unit.role in ("attribute", "point", "contents", "audience")]
    units = [unit for unit in units if not unit.second]
    longest = _LONGEST[plan.brief.language]
    if not plan.is_zh:
        texts = [unit.text for unit in units if not re.match(r"(?i)works|and\b|but\b|we\b|i\b|it\b", unit.text)]
        return [text for text in texts if len(text) <= longest and text.lower() not in plan.full.lower()]
    kinds = [(kind_of_attribute(name), name, value) for name, value in plan.attributes]
    values = [written_value(name, value) for kind, name, value in kinds if kind not in ("类型", "*")]
    # A number under a label that is no garment's: 充绒量180g.
    values += [name + value for kind, name, value in kinds if kind == "*" and is_number(value)]
    whole = [clause for unit in units for clause in re.split("[，；]", unit.text)]
    # A word that the statements spell otherwise was mistyped.
    told = "\n".join([plan.intro, plan.full, *(unit.text for unit in plan.units)])
    facts = [fact for fact in facts_of(plan.brief) if fact.kind in _FACT_KINDS and not fact.name and fact.text in told]
    # Two colours are a choice, five a list.
    colours = [fact.text for fact in facts if fact.kind == "colour"]
    parts = [fact.text for fact in facts if not _of_the_trade(plan, fact) and fact.text not in colours[2:]]
    # An amount within a longer clause is no measure of the product: 接满一杯200ml水.
    said = {part for text in whole for part in re.split(r"[/／、 ]+", text)}
    parts = [text for text in parts if text in said or not (is_number(text) or re.fullmatch("[A-Za-z]{1,2}", text))]
    words = [_PREFIX.sub("", word.strip()) for word in (*whole, *parts)]
    fitting = [word for word in dict.fromkeys(words) if _is_keyword(word, plan, longest)]
    # A word within another says nothing of its own.
    apart = [word for word in fitting if not any(word != other and word in other for other in fitting)]
    return list(dict.fromkeys([*values, *sorted(apart, key=lambda word: -_worth(word, plan))]))


def _is_keyword(word: str, plan: Plan, longest: int) -> bool:
    avoided = any(bad and bad.lower() in word.lower() for bad in plan.brief.avoid_words)
    unfit = " " in word or word in _LABEL_WORDS or _NO_KEYWORD.search(word) or _VERBAL.search(word)
    told = not plan.is_zh or is_title_text(word, "zh") or is_number(word)
    return len(word) > 1 and display_width(word) <= longest and not unfit and not avoided and told


def _worth(word: str, plan: Plan) -> float:
    unit = Unit(word, "point", "", facet_of(word, "attribute", "", plan.brief))
    return strength(unit, word, plan)


def _of_the_trade(plan: Plan, fact: Fact) -> bool:
    """Tell whether the fact stands in what is said of price, delivery, place or limits."""
    if fact.kind == "material":
        return False
    product = ("product", "attribute", "point", "audience", "contents")
    around = [made for made in plan.brief.statements if made.start <= fact.start < made.end]
    return any(made.role not in product for made in around)


def _turned(words: Sequence[str], chooser: Chooser, most: int = 99) -> list[str]:
    turn = chooser.number("title", max(1, min(most, len(words))))
    return [*words[turn:], *words[:turn]]


def _english_title(name: str, words: Sequence[str], limit: int) -> str:
    """Return the name, then as many facts after commas as the limit holds."""
    title = name[:1].upper() + name[1:]
    for word in words:
        if word.lower() not in title.lower() and len(title) + len(word) + 2 <= limit:
            title += f", {word}"
    return title


def _packed(before: Sequence[str], name: str, after: Sequence[str], limit: int) -> str:
    """Pack as many of the words around the name as the limit holds."""
    front: list[str] = []
    back: list[str] = []
    for words, chosen in ((before, front), (after, back)):
        for word in words:
            written = "".join([*front, name, *back])
            known = word.lower() in written.lower() or (len(word) > 1 and name.lower() in word.lower())
            if word and not known and display_width(_joined([*front, name, *back, word])) <= limit:
                chosen.append(word)
    return _joined([*front, name, *back])


def _joined(words: Sequence[str]) -> str:
    text = ""
    for word in words:
        apart = text and not _IDEOGRAPH.match(text[-1]) and not _IDEOGRAPH.match(word[0])
        text += f" {word}" if apart else word
    return text
