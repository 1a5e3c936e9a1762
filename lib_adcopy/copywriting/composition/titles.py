"""Titles and hashtags by the platform's rule."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lib_adcopy.copywriting.composition.bank import load_copy_data
from lib_adcopy.copywriting.composition.chooser import Chooser
from lib_adcopy.copywriting.composition.material import Material, Piece
from lib_adcopy.copywriting.composition.slots import fill

_IDEOGRAPH = re.compile(r"[\u4e00-\u9fff]")
_WORD_LIMIT = {"zh": 9, "en": 26}
# A shop's search title: what buyers type first comes first.
_SEARCH_ORDER = (
    "season", "style", "fit", "material", "colour", "pattern", "feature", "function", "capacity", "weight", "quantity",
    "size", "flavour", "ingredient", "occasion", "audience",
)  # fmt: skip
_SPEC_ORDER = (
    "material", "capacity", "size", "weight", "function", "feature", "quantity", "flavour", "ingredient", "fit",
    "pattern", "colour", "style", "certificate", "audience", "season",
)  # fmt: skip
_NO_KEYWORD = re.compile(r"[，,。；;：:+！!？?]|元|价|包邮|包赔")
_VERBAL = re.compile(r"^(?:不|可以|我|适合|送|附)")


def display_width(text: str) -> float:
    """Length in Chinese characters, a Latin letter or digit counting half."""
    return sum(1.0 if ord(character) > 0x2E7F else 0.5 for character in text)


def framed_title(
    frames: Sequence[str], slots: dict[str, str], material: Material, chooser: Chooser, limit: int, hooks: Sequence[str]
) -> str:
    """One of the frames that the brief can fill and the platform has room for, else the product's name."""

    def fitting(frame: str) -> bool:
        if "{hook}" in frame:
            return any(len(hook) <= limit for hook in hooks)
        if "{spot}" in frame:
            return any(0 < len(fill(frame, {**slots, "spot": spot})) <= limit for spot in material.pack.spots)
        return 0 < len(fill(frame, slots)) <= limit

    frame = chooser.pick("title", [frame for frame in frames if fitting(frame)])
    if not frame:
        return material.full if len(material.full) <= limit else material.name[:limit]
    if "{hook}" in frame:
        # Not the one the body of this seed opens with.
        opening = chooser.order("hook", hooks)[:1]
        others = [hook for hook in hooks if len(hook) <= limit and hook not in opening]
        return chooser.pick("title hook", others) or material.full[:limit]
    spots = [spot for spot in material.pack.spots if len(fill(frame, {**slots, "spot": spot})) <= limit]
    if "{spot}" not in frame:
        return fill(frame, slots)
    return fill(frame, {**slots, "spot": chooser.pick("spot", spots) or spots[0]})


def keyword_title(material: Material, chooser: Chooser, limit: int) -> str:
    """A shop's search title: brand, what qualifies the product, its name, then the rest, no word twice."""
    words = [piece.text for kind in _SEARCH_ORDER for piece in material.kinds(kind) if _is_keyword(piece, material)]
    if material.language == "en":
        turn = chooser.number("title", max(1, len(words)))
        return _english_title(material.full, words[turn:] + words[:turn], 2 * limit)
    before, after = words[: len(words) // 2], words[len(words) // 2 :]
    turn = chooser.number("title", max(1, len(after)))
    after = after[turn:] + after[:turn]
    if chooser.number("title side", 2):
        before, after = after, before
    named = [material.brand, material.model] if material.brand else [material.model]
    return _packed([*named, *before], material.name, [*after, *material.pack.synonyms], limit, material.language)


def _english_title(name: str, words: Sequence[str], limit: int) -> str:
    """The name, then as many facts after commas as the limit holds."""
    title = name[:1].upper() + name[1:]
    for word in words:
        if word.lower() not in title.lower() and len(title) + len(word) + 2 <= limit:
            title += f", {word}"
    return title


def _packed(before: Sequence[str], name: str, after: Sequence[str], limit: int, language: str) -> str:
    """As many of the words around the name as the limit holds."""
    front: list[str] = []
    back: list[str] = []
    for words, chosen in ((before, front), (after, back)):
        for word in words:
            written = "".join([*front, name, *back])
            known = word.lower() in written.lower() or (len(word) > 1 and name.lower() in word.lower())
            if word and not known and display_width(_joined([*front, name, *back, word], language)) <= limit:
                chosen.append(word)
    return _joined([*front, name, *back], language)


def _joined(words: Sequence[str], language: str) -> str:
    if language == "en":
        return " ".join(words)
    text = ""
    for word in words:
        apart = text and not _IDEOGRAPH.match(text[-1]) and not _IDEOGRAPH.match(word[0])
        text += f" {word}" if apart else word
    return text


def _is_keyword(piece: Piece, material: Material) -> bool:
    fits = len(piece.text) <= _WORD_LIMIT[material.language] and piece.form != "clause"
    return fits and not _NO_KEYWORD.search(piece.text) and not _VERBAL.search(piece.text)


def spec_title(material: Material, chooser: Chooser, limit: int) -> str:
    """Name and specifications with blanks between: 声悦 X3 蓝牙耳机 主动降噪42dB 白色."""
    found = [piece.text for kind in _SPEC_ORDER for piece in material.kinds(kind) if _is_keyword(piece, material)]
    turn = chooser.number("title", max(1, min(3, len(found))))
    words = [word for word in (material.brand, material.model) if word and word not in material.name]
    words.append(material.name)
    for word in found[turn:] + found[:turn]:
        known = any(word.lower() in other.lower() for other in words)
        if not known and display_width(" ".join([*words, word])) <= limit:
            words.append(word)
    return " ".join(words)


def hashtags(material: Material, chooser: Chooser, most: int) -> tuple[str, ...]:
    """The product, its brand, what buyers search beside it."""
    topics = chooser.order("topics", material.pack.topics, 2)
    limit = _WORD_LIMIT[material.language]
    extra = [piece.text for piece in material.kinds("name", "audience") if len(piece.text) <= limit]
    extra = [text for text in extra if not re.search(r"[\d（）()，,]|适合|以上|以下", text)]
    found = [material.name, material.short, *topics[:3], material.brand, *extra, *topics[3:]]
    plain = (re.sub(r"[^\w\u4e00-\u9fff]", "", tag) for tag in found)
    return tuple(dict.fromkeys(tag for tag in plain if 1 < len(tag) <= 20))[:most]


def title_frames(rule: str, language: str) -> list[str]:
    found: list[str] = load_copy_data(f"{language}/voice.json")[f"{rule}_titles"]
    return found
