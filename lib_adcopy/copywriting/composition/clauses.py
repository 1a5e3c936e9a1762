"""Facts worded as clauses: by kind, by the form of their text and by register (oral, plain, formal)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from lib_adcopy.copywriting.composition.bank import load_copy_data
from lib_adcopy.copywriting.composition.chooser import Chooser
from lib_adcopy.copywriting.composition.forms import takes_also
from lib_adcopy.copywriting.composition.material import READER, Material, Piece

# Facts of these kinds are said together: 颜色有磨砂黑和珍珠白.
_TOGETHER = (
    "colour", "flavour", "pattern", "size", "ingredient", "audience", "occasion", "style", "material", "origin",
)  # fmt: skip
# Said as they are: 一键弹盖, 7天无理由.
_SELF_CONTAINED = ("function", "feature", "service", "warranty", "name", "quantity")
_FORMS_AS_THEY_ARE = ("clause", "verb", "adjective")


@dataclass(frozen=True)
class Clause:
    """A clause and the facts it says."""

    text: str
    pieces: tuple[Piece, ...]


class ChineseWording:
    """Words the facts of one copy; equal frames are not used twice while others are left."""

    def __init__(self, material: Material, register: str, chooser: Chooser) -> None:
        self._material, self._register, self._chooser = material, register, chooser
        voice = load_copy_data("zh/voice.json")
        self._frames: dict[str, Any] = voice["clauses"]
        self._labels_inside: dict[str, list[str]] = voice["labels_inside"]

    def clauses(self, pieces: Sequence[Piece]) -> list[Clause]:
        """One clause a fact, or one for several of a kind that are said together."""
        made: list[Clause] = []
        done: set[int] = set()
        for piece in pieces:
            if id(piece) in done:
                continue
            alike = [other for other in pieces if (other.kind, other.name) == (piece.kind, piece.name)]
            same = [other for other in alike if self._joins(other)]
            several = same if piece.kind in _TOGETHER and piece in same else [piece]
            done |= {id(other) for other in several}
            made.append(Clause(self._word(several), tuple(several)))
        return made

    def sentences(self, clauses: Sequence[Clause], meaning: Callable[[Clause], str]) -> list[str]:
        """Sentences of up to four facts; a fact with its meaning ends a sentence."""
        sentences: list[str] = []
        waiting: list[Clause] = []
        for clause in clauses:
            known = meaning(clause)
            if not known:
                waiting.append(clause)
            elif len(waiting) == 1:
                sentences.append(f"{waiting.pop().text}，{clause.text}，{known}。")
            else:
                sentences += [*_chained(waiting), f"{clause.text}，{known}。"]
                waiting = []
        if len(waiting) == 1 and sentences and sentences[-1].count("，") < 2:
            sentences[-1] = f"{sentences[-1][:-1]}，{waiting.pop().text}。"
        return [*sentences, *_chained(waiting)]

    def with_lead(self, lead: str, sentences: Sequence[str]) -> list[str]:
        """The sentences after what names the product: one with the first where the lead ends in a comma."""
        if not lead.endswith("，"):
            return [lead, *sentences]
        return [lead + sentences[0], *sentences[1:]] if sentences else [f"{lead[:-1]}。"]

    def _word(self, pieces: Sequence[Piece]) -> str:
        piece = pieces[0]
        text = join_words([each.text for each in pieces], self._material.language)
        if len(pieces) == 1 and piece.name != READER and self._says_itself(piece):
            return text
        frames = self._frames.get(self._frame_key(pieces)) or self._frames.get(piece.kind)
        if not frames:
            return text
        frame = self._chooser.pick(f"clause {piece.kind}", frames[self._register]) or frames[self._register][0]
        return str(frame.replace("{v}", text))

    def _joins(self, piece: Piece) -> bool:
        return piece.form not in _FORMS_AS_THEY_ARE and not self._says_itself(piece)

    def _says_itself(self, piece: Piece) -> bool:
        """Whether the text needs no frame: a predicate of its own, or a label inside it."""
        if piece.kind == "feature" and "款式" in piece.name:
            return False
        if piece.kind in _SELF_CONTAINED and piece.form != "number":
            return True
        own, lowered = self._labels_inside.get(piece.kind, ()), piece.text.lower()
        return piece.form in ("clause", "verb") or any(word in lowered for word in own)

    def _frame_key(self, pieces: Sequence[Piece]) -> str:
        piece, category = pieces[0], self._material.category
        if len(pieces) > 1 and f"{piece.kind}_many" in self._frames:
            return f"{piece.kind}_many"
        if piece.name == READER:
            return READER
        if piece.kind == "audience" and any(c.isdigit() for c in piece.text):
            return "audience_age"
        if piece.kind == "ingredient" and (len(pieces) > 1 or "+" in piece.text or "、" in piece.text):
            return "ingredient_list"
        if piece.kind == "feature" and "款式" in piece.name:
            return "feature_attribute"
        if piece.kind == "material" and (len(piece.text) > 6 or any(c.isdigit() for c in piece.text)):
            return "material_long"
        if piece.kind in ("style", "fit") and piece.text[-1] in "风格型版款裁路":
            return f"{piece.kind}_ended"
        if piece.kind in ("size", "season") and category == "clothing":
            return f"{piece.kind}_clothing"
        if piece.kind == "weight" and category in ("food", "pets"):
            return "weight_food"
        if piece.kind == "capacity" and category in ("food", "beauty"):
            return "capacity_pack"
        return piece.kind


def join_words(words: Sequence[str], language: str) -> str:
    """ "A、B和C", "A, B and C"."""
    if len(words) < 2:
        return "".join(words)
    comma, last = ("、", "和") if language == "zh" else (", ", " and ")
    return comma.join(words[:-1]) + last + words[-1]


def chain(clauses: Sequence[str], kinds: Sequence[str] = (), *, most: int = 4) -> list[str]:
    """Chinese sentences of up to `most` clauses; those of one kind stay together, and none stays alone if it can."""
    sentences = []
    for start, end in _best_split(tuple(kinds) or ("",) * len(clauses), most):
        part = list(clauses[start:end])
        if len(part) > 1 and takes_also(part[-1]) and not any("还" in clause for clause in part):
            part[-1] = "还" + part[-1]
        sentences.append("，".join(part) + "。")
    return sentences


_ALONE, _TORN, _CROWDED = 0.9, 1.0, 0.5


def _best_split(kinds: Sequence[str], most: int) -> list[tuple[int, int]]:
    """Spans of 1..most clauses at the least cost: a sentence, a clause alone, a kind torn apart each cost something."""
    best: list[tuple[float, list[tuple[int, int]]]] = [(0.0, [])]
    for end in range(1, len(kinds) + 1):
        options = []
        for start in range(max(0, end - most), end):
            cost = 1.0 + (_ALONE if end - start == 1 else 0.0) + (_CROWDED if end - start > 3 else 0.0)
            cost += _TORN if start and kinds[start] == kinds[start - 1] else 0.0
            options.append((best[start][0] + cost, [*best[start][1], (start, end)]))
        best.append(min(options, key=lambda option: option[0]))
    return best[-1][1]


def _chained(clauses: Sequence[Clause]) -> list[str]:
    return chain([clause.text for clause in clauses], [clause.pieces[0].kind for clause in clauses])
