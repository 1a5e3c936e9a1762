"""Reads what is for sale as a picture must show it: one noun with its colours and materials, its details, who wears
it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from lib_adcopy.copywriting import vocabulary
from lib_adcopy.copywriting.reading.clauses import affirmed
from lib_adcopy.copywriting.reading.segments import label_kind
from lib_adcopy.copywriting.script import simplified
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.facts import Fact
from lib_adcopy.domain.statements import Statement
from lib_adcopy.prompting.glossary.glossary import PRODUCT_KINDS, Glossary
from lib_adcopy.prompting.glossary.phrases import leftover
from lib_adcopy.prompting.glossary.translators import Translate
from lib_adcopy.prompting.product.free_words import read_points
from lib_adcopy.prompting.product.noun_phrase import Product, ProductWords
from lib_adcopy.prompting.product.staging import staged_scene
from lib_adcopy.prompting.sanitise import clean_words

_GARMENT_NOUNS = {"裙": "skirt", "裤": "trousers", "上衣": "top"}
# A skirt with a collar or sleeves is a dress.
_OF_A_DRESS = ("裙领型", "裙袖长", "裙袖型", "裙衣门襟", "裙衣长")
# What hangs from the shoulders or covers the chest is no skirt either.
_HUNG = ("吊带", "肩带", "抹胸", "露肩", "一字肩", "露背", "挂脖", "背心")
_NOUN_NAMES = ("裙型", "裤型", "衣样式", "裙长", "裤长", "类型")
_SLOTS = {"颜色": "colour", "图案": "pattern", "材质": "material"}
# Kinds of facts that show on the product; a price, a size or a taste does not.
_SEEN = ("colour", "material", "pattern", "style", "fit", "feature", "function")
# What has a colour of its own: 金色外壳 is no colour of the lipstick.
_PARTS = ("part", "packaging")
# Roles of the clauses that say how a product looks.
_SHOWN = ("product", "attribute", "point")
_OF_LABELS = ("material", "feature", "name")
_COLOUR_LABEL = re.compile("^(?:[一二两三四五六七八九十\\d]+色|(?:可选)?颜色.*|配色|色号?|colou?rs?)$", re.IGNORECASE)
# "雾霾紫岩石灰奶油白": colours to choose from without a sign between them.
_COLOURS_TOGETHER = re.compile(
    r"(?:颜色有?)?(?P<first>[\u4e00-\u9fff]{2}[红橙黄绿蓝紫黑白灰棕粉银青褐杏咖金])(?:[\u4e00-\u9fff]{2,3}[红橙黄绿蓝紫黑白灰棕粉银青褐杏咖金])+"
)
_COLOURS_IN_FULL = re.compile("(?:颜色有?)?(?P<first>[\u4e00-\u9fff]{1,4}?色)(?:[\u4e00-\u9fff]{1,4}?色)+")
# What it can be put together to is not how it looks: 能叠三层.
_STACKED = re.compile("[能可]以?(?:叠|堆|摞|拼)")
_MANY_STATEMENTS, _MOST_DETAILS = 40, 4
_USERS = re.compile("儿童|宝宝|婴儿|孩子")
# Headings over what goes into it: 任选三样配料.
_OF_PARTS = re.compile("(?:配料|原料|用料|成分|油品|食材|赠品|加料|小料)$")
_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_PHRASE_END = re.compile(r"[,，、+/;；\s(（]")
_SCENT = re.compile("味|香(?!槟|蕉|薰|炉)|口感|甜度")
_BODY = re.compile("材质|面料|外壳|壳|机身|瓶身|杯身|主体|车身|制|打造|质地?|料|布|框架?|表面|板|架|面|底")
_FILLING = re.compile("[鸭鹅羽]绒|珍珠棉|填充|充绒|丝绵|棉芯|内芯|里料")
# What is done for the buyer is shown by where it is done.
_STAGED = ("services", "courses")
_VOLUMES = re.compile(
    r"(?:全|共)套?(?:[2-9]|\d{2,}|[二两三四五六七八九十]+)[册本卷]|全套|(?<!\d)(?:[2-9]|[1-9]\d)册|套装"
)
# Categories of what a model wears, and sets of other things.
_WORN = ("clothing", "sports", "outdoors", "mother_baby")
_NOT_WORN = ("set", "bag", "pack", "cover", "case", "bottle")
_FEW = 5
_NO_LOOKS = re.compile(
    r"\b(?:works?|is|are|was|included?s?|comes|with|free|lol|softer|fits|compatible|read|write|tested|wash|no|not|max|per|each)\b"
)
_SMALL_WORDS = {"in", "on", "of", "and", "a", "the", "with", "print", "style", "design"}
_CATEGORY_NOUNS = {
    "appliances": "home appliance", "toys": "toy", "sports": "sports equipment", "jewellery": "jewelry piece",
    "books": "book", "plants": "potted green plant", "cars": "car accessory", "digital": "laptop on a desk",
    "courses": "open notebook and pen on a bright desk", "services": "spotless bright living room",
    "beauty": "cosmetics bottle", "food": "packaged food", "home": "household item", "electronics": "electronic device",
    "mother_baby": "baby product", "pets": "pet product", "outdoors": "outdoor gear", "clothing": "garment",
}  # fmt: skip


def read_product(brief: Brief, glossary: Glossary, translate: Translate | None = None) -> Product:
    """Return the product of a brief, without what the brief denies."""
    words = ProductWords()
    named = _read_attributes(brief, glossary, words)
    points = _seen(brief, glossary)
    chinese = [simplified(point) for point in points if not point.isascii()]
    is_named = bool(brief.facts_of("name")) and not brief.attributes
    read_points(chinese, glossary, words, named=named and not _is_a_product(brief, chinese, glossary), first=is_named)
    if brief.language == "en":
        for point in filter(str.isascii, points):
            _read_english(point, brief, glossary, words)
    if translate is not None and words.unknown:
        _read_translated(translate(words.unknown), words)
    if any(name.text.startswith("《") for name in brief.facts_of("name")):
        words.nouns, words.count = [f"{_binding(brief.text)} book"], ""
    if not brief.attributes:
        words.details = words.details[:_MOST_DETAILS]
    if brief.category == "digital":
        words.before = {slot: [] for slot in words.before}
    if brief.category == "books" and words.nouns:
        _as_a_set(brief, words)
    scene = staged_scene(brief, glossary) if brief.category in _STAGED or words.staged else ""
    if scene:
        words.nouns, words.staged = [scene], True
    elif brief.category in _STAGED and brief.language == "en":
        words.nouns = [_CATEGORY_NOUNS[brief.category]]
    if not words.nouns:
        words.nouns = [_CATEGORY_NOUNS.get(brief.category, "product")]
    words.staged = words.staged or brief.category in _STAGED
    if brief.category == "cars" and not words.staged and " car " not in f" {words.nouns[0]} ":
        words.details.insert(0, "in a car interior")
    return words.product()


def _binding(text: str) -> str:
    return "hardcover" if "精装" in text else "paperback"


def _as_a_set(brief: Brief, words: ProductWords) -> None:
    """Several volumes as the set that they are."""
    if _VOLUMES.search(simplified(brief.text)) and not words.nouns[0].startswith("set of"):
        noun = words.nouns[0]
        words.nouns, words.count = [f"set of {noun if noun.endswith('s') else noun + 's'}"], ""


def _seen(brief: Brief, glossary: Glossary) -> list[str]:
    """What a brief says that a picture can show, the product first: one colour where there are several to choose from,
    no ingredient, taste, filling, price or size, and nothing that is sent along, goes into it or is done with it."""
    facts = [fact for fact in brief.facts if not fact.name]
    if not facts:
        return list(brief.points) if not brief.facts else []
    names = [fact.value or fact.text for fact in facts if fact.kind == "name"]
    # A garment's name is among its attributes, which tell only parts of a set.
    kept = [name for name in names[:1] if not brief.attributes or name.endswith("套装")]
    coloured = any(name == "颜色" for name, _ in brief.attributes)
    for fact in facts:
        statement = next((each for each in brief.statements if each.start <= fact.start < each.end), None)
        if fact.kind not in _SEEN or (statement is not None and not _shows(brief, fact, statement)):
            continue
        if fact.kind == "style" and brief.category == "books":
            continue
        if fact.kind == "colour" and not _has_part(fact.text, glossary):
            colour = _first_colour(fact.text)
            known = any(piece.term and piece.term.kind == "colour" for piece in glossary.split(simplified(colour)))
            kept += [] if coloured or not known or not _is_own_colour(statement) else [colour]
            coloured = coloured or known
        elif fact.kind == "material":
            kept += [fact.text] if _is_of_the_whole(brief, fact, statement, glossary) else []
        elif fact.kind in ("feature", "function"):
            kept += _looks(fact.text, glossary)
        else:
            kept.append(fact.text)
    return kept


def _has_part(text: str, glossary: Glossary) -> bool:
    return any(piece.term and piece.term.kind in _PARTS for piece in glossary.split(simplified(text)))


def _is_own_colour(statement: Statement | None) -> bool:
    """Return whether a colour is the product's: 颜色 and 四色 say so, 盆色 does not."""
    return statement is None or not statement.label or bool(_COLOUR_LABEL.search(statement.label))


def _looks(text: str, glossary: Glossary) -> list[str]:
    """Return what a feature shows: its words outside brackets; no scent, and no material that only a function names."""
    outside = _BRACKETS.sub("", text)
    if _SCENT.search(outside) or _USERS.search(outside) or _STACKED.search(outside):
        return []
    kinds = {piece.term.kind for piece in glossary.split(simplified(outside)) if piece.term}
    return [] if "material" in kinds and not kinds & set(_PARTS) else [outside]


def _shows(brief: Brief, fact: Fact, statement: Statement) -> bool:
    """Return whether a clause speaks of how the first product looks: of a whole product page only what stands under
    a heading, and nothing in brackets behind another thing: 带盆（白色塑料盆）."""
    if statement.product or statement.role not in _SHOWN or _OF_PARTS.search(simplified(statement.label)):
        return False
    before = brief.text[statement.start : fact.start]
    in_brackets = sum(map(before.count, "(（")) > sum(map(before.count, ")）"))
    if in_brackets and statement.role == "point":
        return False
    return len(brief.statements) <= _MANY_STATEMENTS or bool(statement.label) or statement.role == "product"


def _first_colour(text: str) -> str:
    """One colour of those to choose from: of "薄荷绿、桃粉" the first."""
    first = re.split(r"[、/,，+]|\s(?=[\u4e00-\u9fff])", text)[0]
    several = _COLOURS_TOGETHER.fullmatch(first) or _COLOURS_IN_FULL.fullmatch(first)
    return several["first"] if several else first


def _is_of_the_whole(brief: Brief, fact: Fact, statement: Statement | None, glossary: Glossary) -> bool:
    """Return whether a material is the product's and not a part's: a ring's 18K金, not the 18K金 of a 18K金扣头."""
    text = simplified(fact.text)
    if _FILLING.search(text) or (statement and statement.label and label_kind(statement.label) not in _OF_LABELS):
        return False
    if _has_part(text, glossary):
        return True
    pieces = glossary.split(text)
    materials = [at for at, piece in enumerate(pieces) if piece.term and piece.term.kind == "material"]
    behind = "".join(piece.text for piece in pieces[materials[-1] + 1 :]) if materials else ""
    before = ""
    if statement is not None and statement.role == "point":
        behind += _PHRASE_END.split(simplified(brief.text[fact.end : statement.end]))[0]
        before = _PHRASE_END.split(simplified(brief.text[statement.start : fact.start]))[-1]
    of_another = any(piece.term and piece.term.kind in PRODUCT_KINDS for piece in glossary.split(before))
    rest = leftover(behind)
    return not of_another and (not rest or bool(_BODY.fullmatch(rest)))


def _is_a_product(brief: Brief, points: Sequence[str], glossary: Glossary) -> bool:
    """Tell whether the brief begins with a product of its own (运动套装), of which its attributes tell only parts."""
    if not points or not brief.text.startswith(points[0]):
        return False
    pieces = glossary.split(points[0])
    return len(pieces) == 1 and pieces[0].term is not None and pieces[0].term.kind in PRODUCT_KINDS


def _read_attributes(brief: Brief, glossary: Glossary, words: ProductWords) -> bool:
    """AdvertiseGen's pairs; returns whether they name the product better than "top" or "skirt"."""
    nouns: list[tuple[int, str]] = []
    styles: list[str] = []
    for name, value in brief.attributes:
        if _denied(brief.text, name, value) or (name == "颜色" and _is_another(brief, value)):
            continue
        found = glossary.attribute(name, value)
        if found is None:
            words.unknown.append(value)
        elif found.place == "noun":
            nouns.append((_NOUN_NAMES.index(name) if name in _NOUN_NAMES else len(_NOUN_NAMES), found.en))
        elif found.place == "before":
            words.before[_SLOTS.get(name, "cut")].append(found.en)
        else:
            (styles if name == "风格" else words.details).append(found.en)
    words.details += styles
    special = [noun for rank, noun in sorted(nouns) if rank != _NOUN_NAMES.index("类型")]
    words.nouns = special or [noun for _, noun in nouns]
    garment = _GARMENT_NOUNS.get(vocabulary.garment_of(brief.attributes), "")
    if garment:
        words.worn = True
        is_dress = garment == "skirt" and any(
            name in _OF_A_DRESS or (name == "裙款式" and value in _HUNG) for name, value in brief.attributes
        )
        words.nouns = special or ["dress" if is_dress else garment]
    kinds = [glossary.term(value) for name, value in brief.attributes if name == "类型"]
    words.worn = words.worn or any(term is not None and term.kind == "garment" for term in kinds)
    return bool(special)


def _is_another(brief: Brief, colour: str) -> bool:
    """Return whether a colour is one to choose instead of the first: the 灰 of "黑/灰"."""
    first = next(value for name, value in brief.attributes if name == "颜色")
    if "#" in brief.text or colour == first:
        return False
    text = simplified(brief.text)
    words = [re.escape(word.removesuffix("色")) for word in (first, colour)]
    return re.search(rf"{words[0]}色?(?:[/、,，或 ][^/、,，。;；\n]{{1,5}})*[/、,，或 ]{words[1]}", text) is not None


def _denied(text: str, name: str, value: str) -> bool:
    """Tell whether free text names a value only to deny it."""
    if "#" in text:
        return False
    said = [word for word in vocabulary.synonyms_of().get((name, value), (value,)) if word in text.lower()]
    left = affirmed(text).lower()
    return bool(said) and not any(word in left for word in said)


def _read_english(point: str, brief: Brief, glossary: Glossary, words: ProductWords) -> None:
    plain = clean_words(point)
    if not plain:
        return
    if words.nouns:
        said = {fact.text for fact in brief.facts_of("colour", "material", "pattern")}
        is_looks = point in said and len(plain.split()) <= _FEW and not _NO_LOOKS.search(plain.lower())
        if is_looks or _is_visible(plain, glossary):
            words.details.append(plain)
        return
    words.nouns.append(plain)
    last = plain.lower().split()[-1]
    is_garment = any(noun.split()[-1] == last for noun in glossary.english("garment"))
    words.worn = is_garment and brief.category in _WORN and last not in _NOT_WORN


def _is_visible(plain: str, glossary: Glossary) -> bool:
    """Return whether English words tell what can be seen: a colour, a material, a shape, a part; a few, and no
    figures."""
    lowered = plain.lower()
    if len(plain.split()) > _FEW or re.search(r"\d", plain) or _NO_LOOKS.search(lowered):
        return False
    kinds = ("colour", "material", "shape", "part", "detail")
    known = {word.split()[-1] for word in glossary.english(*kinds) if word} - _SMALL_WORDS
    return any(word.strip(",.") in known for word in lowered.split())


def _read_translated(english: Mapping[str, str], words: ProductWords) -> None:
    known = {word: clean_words(said) for word, said in english.items()}
    words.details += [said for said in known.values() if said]
    words.unknown = [word for word in words.unknown if not known.get(word)]
