"""Titles and hashtags by the platform's rule."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lib_adcopy.copywriting.composition.attributes import kind_of_attribute
from lib_adcopy.copywriting.composition.chooser import Chooser
from lib_adcopy.copywriting.composition.leading import Lead
from lib_adcopy.copywriting.composition.plan import Plan, facts_of
from lib_adcopy.copywriting.composition.voice import Voice
from lib_adcopy.copywriting.platforms import display_width
from lib_adcopy.domain.facts import Fact

_IDEOGRAPH = re.compile(r"[\u4e00-\u9fff]")
_WORD_LIMIT = {"zh": 8, "en": 26}
# A shop's search title: what buyers type first comes first.
_SEARCH_KINDS = (
    "season", "style", "fit", "material", "colour", "pattern", "flavour", "ingredient", "capacity", "function",
    "feature", "weight", "occasion", "audience",
)  # fmt: skip
_SPEC_KINDS = (
    "material", "capacity", "size", "weight", "function", "quantity", "flavour", "feature", "fit", "pattern", "colour",
    "style", "ingredient", "certificate", "audience", "season",
)  # fmt: skip
_NO_KEYWORD = re.compile(
    r"^[\d.\-~–码]+$|换新|除外|仅|质地$|[，,。；;：:+！!？?（）()“”\"→]|元|价|包邮|包赔|包补|送|减|折|退|保修|质保|首发|预约|直播|下单|[前后内]$|运费|到付|包油|\d+一?[支把盆个对双条]$|[一两三][支把盆个对双条份]\d|^\d+[个件套本张次]?$|[~\-–]$"
)
_WRITTEN = {"v领": "V领", "a字": "A字", "h": "H型", "ol": "OL", "polo领": "POLO领"}
_LABEL_WORDS = frozenset(("用法", "图案", "颜色", "尺寸", "材质", "左右", "规格", "质地", "套装", "两", "适配"))
_VERBAL = re.compile(
    r"^(?:不|别|可以|我|适合|含|带|有|会|能|约|一周|第|每|死|写|喷|煮|教|看|附|拆)|[的了吧哈呀吗]$|就|都|也|要|是"
)


def framed_title(plan: Plan, voice: Voice, rule: str, lead: Lead, limit: int) -> str:
    """Return a title of the lead's kind that fits, else one of its short statement, else the product's name."""
    if plan.attributes and plan.is_zh and not lead.short and (made := garment_title(plan, voice, limit)):
        return made
    values = {"s": lead.short, "p": lead.price, **{k: v for k, v in lead.values.items() if k == "ask"}}
    emoji = voice.emoji() if rule == "social" else ""
    room = limit - len(emoji)
    order = ("price", "point") if lead.angle not in ("price", "point") else ("point", "price")
    for angle in (*order, "plain"):
        if made := voice.title(rule, angle, room, **values):
            return made + emoji
    return plan.full if len(plan.full) <= limit else plan.name[:limit]


def garment_title(plan: Plan, voice: Voice, limit: int) -> str:
    """Colour, noun and the attributes that are seen first: 深灰色直筒裤，高腰毛边."""
    kinds = {"领": 0, "袖": 1, "图案": 2, "腰": 0, "裤口": 1, "版型": 3, "门襟": 2, "下摆": 2, "款式": 3, "长": 4}
    colour = next((value for name, value in plan.attributes if kind_of_attribute(name) == "颜色"), "")
    known = [(kind_of_attribute(name), value) for name, value in plan.attributes]
    seen = [(kinds[kind], value) for kind, value in known if kind in kinds]
    values = [_WRITTEN.get(value, value) for _, value in sorted(seen) if value not in plan.full]
    colour = "" if colour and colour in plan.full else colour
    for most in (3, 2, 1):
        tags = "".join(dict.fromkeys(values[:most]))
        if tags and (made := voice.garment_title(colour, plan.full, tags, limit)):
            return made
    return ""


def name_title(plan: Plan, lead: Lead, seed: int, limit: int) -> str:
    """Return the product in the seller's words, by itself, with a statement or with its price, as there is room."""
    comma = "，" if plan.is_zh else ", "
    told = f"{plan.spoken}{comma}{lead.short}" if lead.short else ""
    priced = f"{plan.spoken}{comma}{lead.price}" if lead.price else ""
    wanted = (("", told, priced or told)[seed % 3], plan.intro, plan.spoken, plan.full, plan.name)
    return next((text for text in wanted if text and display_width(text) <= limit), plan.name[:limit])


def keyword_title(plan: Plan, chooser: Chooser, limit: int) -> str:
    """Return a shop's search title: brand, what qualifies the product, its name, then the rest, no word twice."""
    words = _keywords(plan, _SEARCH_KINDS)
    if not plan.is_zh:
        return _english_title(plan.full, _turned(words, chooser), 2 * limit)
    before, after = words[: len(words) // 2], words[len(words) // 2 :]
    after = _turned(after, chooser)
    if chooser.number("title side", 2):
        before, after = after, before
    spoken = plan.full if re.search("的|自家|我们|我家", plan.spoken) else plan.spoken
    full = spoken if not plan.brand or plan.brand.lower() in spoken.lower() else f"{plan.brand}{spoken}"
    return _packed(before, full, [*after, *plan.pack.synonyms], limit, plan.brand)


def spec_title(plan: Plan, chooser: Chooser, limit: int) -> str:
    """Brand, name and specifications with blanks between: 声悦 X3 蓝牙耳机 主动降噪42dB 白色."""
    words = _keywords(plan, _SPEC_KINDS)
    if not plan.is_zh:
        return _english_title(plan.full, _turned(words, chooser), 2 * limit)
    made = [word for word in (plan.brand if plan.brand.lower() not in plan.full.lower() else "", plan.full) if word]
    for word in _turned(words, chooser, 3):
        known = any(word.lower() in other.lower() or other.lower() in word.lower() for other in made)
        if not known and display_width(" ".join([*made, word])) <= limit:
            made.append(word)
    return " ".join(made)


def hashtags(plan: Plan, chooser: Chooser, most: int) -> tuple[str, ...]:
    """Return the product, its brand, what buyers search beside it."""
    topics = chooser.order("topics", plan.pack.topics, 2)
    found = [plan.name, plan.short, *topics[:3], plan.brand, *topics[3:]]
    plain = (re.sub(r"[^\w\u4e00-\u9fff]", "", tag) for tag in found)
    return tuple(dict.fromkeys(tag for tag in plain if 1 < len(tag) <= 20))[:most]


def _keywords(plan: Plan, kinds: Sequence[str]) -> list[str]:
    """Short nouns of the brief that a buyer may type."""
    limit = _WORD_LIMIT[plan.brief.language]
    if not plan.is_zh:
        units = [unit.text for unit in plan.of("attribute", "point") if not re.match(r"(?i)works|and\b", unit.text)]
        return [text for text in units if len(text) <= limit and text.lower() not in plan.full.lower()]
    values = [_WRITTEN.get(value, value) for name, value in plan.attributes if kind_of_attribute(name) != "类型"]
    facts = [fact for fact in facts_of(plan.brief) if not fact.name and not _of_the_trade(plan, fact)]
    # Two colours are a choice, five a list.
    found = [text for kind in kinds for text in [fact.text.strip() for fact in facts if fact.kind == kind][:2]]
    words = []
    for word in [*values, *(re.sub(r"^(?:颜色|图案|尺码|盆色|材质|口味)", "", text) for text in found)]:
        avoided = any(bad and bad.lower() in word.lower() for bad in plan.brief.avoid_words)
        unfit = word in _LABEL_WORDS or _NO_KEYWORD.search(word) or _VERBAL.search(word)
        if 1 < len(word) <= limit and not unfit and not avoided:
            words.append(word)
    return list(dict.fromkeys(words))


def _of_the_trade(plan: Plan, fact: Fact) -> bool:
    """Tell whether the fact stands in what is said of price, delivery, place or limits."""
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


def _packed(before: Sequence[str], name: str, after: Sequence[str], limit: int, brand: str) -> str:
    """As many of the words around the name as the limit holds; the brand stands first."""
    if brand and name.startswith(brand):
        before, after = [], [*before, *after]
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
