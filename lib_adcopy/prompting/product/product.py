"""What is for sale, as a picture must show it: one noun with its colours and materials, its details, who wears it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from lib_adcopy.copywriting import vocabulary
from lib_adcopy.copywriting.reading.clauses import affirmed
from lib_adcopy.copywriting.script import simplified
from lib_adcopy.domain.brief import Brief
from lib_adcopy.prompting.glossary.glossary import PRODUCT_KINDS, Glossary
from lib_adcopy.prompting.glossary.translators import Translate
from lib_adcopy.prompting.product.free_words import read_points
from lib_adcopy.prompting.product.noun_phrase import Product, ProductWords
from lib_adcopy.prompting.sanitise import clean_words

_GARMENT_NOUNS = {"裙": "skirt", "裤": "trousers", "上衣": "top"}
# A skirt with a collar or sleeves is a dress.
_OF_A_DRESS = ("裙领型", "裙袖长", "裙袖型", "裙衣门襟", "裙衣长")
_NOUN_NAMES = ("裙型", "裤型", "衣样式", "裙长", "裤长", "类型")
_SLOTS = {"颜色": "colour", "图案": "pattern", "材质": "material"}
# Kinds of facts that show on the product; a price, a size or a taste does not.
_SEEN = ("colour", "material", "pattern", "style", "fit", "feature", "function")
# What has a colour of its own: 金色外壳 is no colour of the lipstick.
_PARTS = ("part", "packaging")
_FILLING = re.compile("[鸭鹅羽]绒|填充|充绒|丝绵|棉芯|内芯|里料")
# What is done for the buyer is shown by where it is done.
_STAGED = ("services", "courses")
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
    read_points(chinese, glossary, words, named=named and not _is_a_product(brief, chinese, glossary))
    for point in filter(str.isascii, points):
        # Among Chinese words digits are quantities and models: 1080P, 240ml.
        if brief.language == "en" or not any(map(str.isdigit, point)):
            _read_english(point, glossary, words)
    if translate is not None and words.unknown:
        _read_translated(translate(words.unknown), words)
    if not words.nouns:
        words.nouns = [_CATEGORY_NOUNS.get(brief.category, "product")]
        words.staged = brief.category in _STAGED
    return words.product()


def _seen(brief: Brief, glossary: Glossary) -> list[str]:
    """Return what a brief says that a picture can show, the product first: one colour where there are several to choose
    from, no ingredient, taste, filling, price or size, and nothing that is sent along."""
    facts = [fact for fact in brief.facts if not fact.name]
    if not facts:
        return list(brief.points) if not brief.facts else []
    names = [fact.text for fact in facts if fact.kind == "name"]
    # A garment's name is among its attributes, which tell only parts of a set.
    kept = [name for name in names[:1] if not brief.attributes or name.endswith("套装")]
    coloured = any(name == "颜色" for name, _ in brief.attributes)
    for fact in facts:
        text = simplified(fact.text)
        has_part = any(piece.term and piece.term.kind in _PARTS for piece in glossary.split(text))
        if fact.kind == "colour" and not has_part:
            kept += [] if coloured else [fact.text]
            coloured = True
        elif fact.kind in _SEEN and not (fact.kind == "material" and _FILLING.search(text)):
            kept.append(fact.text)
    return kept


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
        if _denied(brief.text, name, value):
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
        is_dress = garment == "skirt" and any(name in _OF_A_DRESS for name, _ in brief.attributes)
        words.nouns = special or ["dress" if is_dress else garment]
    return bool(special)


def _denied(text: str, name: str, value: str) -> bool:
    """Tell whether free text names a value only to deny it."""
    if "#" in text:
        return False
    said = [word for word in vocabulary.synonyms_of().get((name, value), (value,)) if word in text.lower()]
    left = affirmed(text).lower()
    return bool(said) and not any(word in left for word in said)


def _read_english(point: str, glossary: Glossary, words: ProductWords) -> None:
    plain = clean_words(point)
    if not plain:
        return
    if words.nouns:
        words.details.append(plain)
        return
    words.nouns.append(plain)
    last = plain.lower().split()[-1]
    words.worn = any(noun.split()[-1] == last for noun in glossary.english("garment"))


def _read_translated(english: Mapping[str, str], words: ProductWords) -> None:
    known = {word: clean_words(said) for word, said in english.items()}
    words.details += [said for said in known.values() if said]
    words.unknown = [word for word in words.unknown if not known.get(word)]
