"""How the facts of a copy are laid out: in sentences, one to a line, as bullets, selling points or a specification."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from lib_adcopy.copywriting.composition.bank import load_copy_data, meaning_of
from lib_adcopy.copywriting.composition.chooser import Chooser
from lib_adcopy.copywriting.composition.clauses import ChineseWording, Clause, join_words
from lib_adcopy.copywriting.composition.english import EnglishWording
from lib_adcopy.copywriting.composition.material import Material, Piece
from lib_adcopy.copywriting.composition.slots import label_of, labels_of
from lib_adcopy.copywriting.composition.voice import Voice
from lib_adcopy.domain.brief import Brief

_WITHOUT_BULLETS = ("literary", "premium")
_POINTS = 3
_SHORT = {"zh": 8, "en": 24}


def wording(material: Material, register: str, chooser: Chooser) -> ChineseWording | EnglishWording:
    kind = ChineseWording if material.language == "zh" else EnglishWording
    return kind(material, register, chooser)


class FactLayouts:
    """Lays out the facts of one copy; whichever layout comes first names the product.

    `lead` names the frames of voice.json that introduce it, "" leaves them to layout and tone.
    """

    def __init__(
        self, brief: Brief, material: Material, voice: Voice, register: str, chooser: Chooser, lead: str
    ) -> None:
        self._brief, self._material, self._voice, self._chooser = brief, material, voice, chooser
        self._table: dict[str, Any] = load_copy_data(f"{brief.language}/voice.json")
        self._wording = wording(material, register, chooser)
        self._lead = "service_lead" if material.category == "services" else lead
        self._is_zh = brief.language == "zh"
        self._comma, self._colon = ("，", "：") if self._is_zh else (", ", ": ")
        self.meanings_left = 0
        self.is_introduced = False

    @property
    def layouts(self) -> dict[str, Callable[[Sequence[Piece]], str]]:
        return {"bullets": self.bullets, "lines": self.lines, "prose": self.prose, "specs": self.specs}

    def prose(self, pieces: Sequence[Piece]) -> str:
        return ("" if self._is_zh else " ").join(self._sentences(self._wording.clauses(pieces)))

    def lines(self, pieces: Sequence[Piece]) -> str:
        return "\n".join(self._sentences(self._wording.clauses(pieces)))

    def bullets(self, pieces: Sequence[Piece]) -> str:
        clauses = self._wording.clauses(pieces)
        if len(clauses) < _POINTS or self._brief.tone in _WITHOUT_BULLETS:
            return "\n".join(self._sentences(clauses))
        signs = self._table["bullets"]
        mark = self._chooser.pick("mark", signs["marks" if self._voice.has_emoji else "plain"])
        by_kind = self._voice.has_emoji and self._chooser.number("bullet style", 2) == 0
        lines = [self._introduction("intro_list")]
        for clause in clauses:
            sign = signs["emoji"].get(clause.pieces[0].kind, mark) if by_kind else mark
            meaning = self._meaning(clause)
            comma = " " if meaning.startswith(("so ", "and ")) else self._comma
            lines.append(sign + clause.text + (comma + meaning if meaning else ""))
        return "\n".join(line for line in lines if line)

    def points(self, pieces: Sequence[Piece]) -> tuple[str, list[Piece]]:
        """(three selling points headed by what they are of, the facts that are left)."""
        clauses = [c for c in self._wording.clauses(pieces) if c.pieces[0].group in ("make", "work", "amount")]
        turn = self._chooser.number("points", max(1, len(clauses) - _POINTS + 1))
        chosen = clauses[turn : turn + _POINTS]
        lines = []
        for clause in chosen:
            text = join_words([piece.text for piece in clause.pieces], self._brief.language)
            label, meaning = label_of(clause.pieces[0], self._material, self._table), self._meaning(clause)
            lines.append(f"【{label}】{text}" + (self._comma + meaning if meaning else ""))
        told = [piece for clause in chosen for piece in clause.pieces]
        return "\n".join(lines), [piece for piece in pieces if piece not in told]

    def triple(self, pieces: Sequence[Piece]) -> str:
        """Three of the facts in one line, as shops show selling points; they are said again below it."""
        plain = [p.text for p in pieces if p.group in ("make", "work", "amount") and p.form != "clause"]
        fitting = [text for text in plain if len(text) <= _SHORT[self._brief.language]]
        turn = self._chooser.number("triple", max(1, len(fitting) - _POINTS + 1))
        return "｜".join(fitting[turn : turn + _POINTS]) if len(fitting) >= _POINTS else ""

    def specs(self, pieces: Sequence[Piece]) -> str:
        """A list of "label: value"."""
        lines = [] if self.is_introduced else self._identity()
        self.is_introduced = True
        for label, found in labels_of(self._material).items():
            values = [piece.text for piece in found if piece in pieces]
            if values:
                lines.append(f"{label}{self._colon}{('、' if self._is_zh else ', ').join(values)}")
        return "\n".join(lines)

    def places(self, pieces: Sequence[Piece]) -> list[str]:
        """Address and hours, each a sentence."""
        stop = "。" if self._is_zh else "."
        return [clause.text + stop for clause in self._wording.clauses(pieces)]

    def _identity(self) -> list[str]:
        """Brand, model and name as the first lines of a list."""
        material, labels = self._material, self._table["labels"]
        named = {"brand": material.brand, "model": material.model, "name": material.name}
        return [f"{labels[kind][0]}{self._colon}{text}" for kind, text in named.items() if text]

    def _sentences(self, clauses: Sequence[Clause]) -> list[str]:
        """The facts in sentences; the first names the product where nothing has before."""
        sentences = self._wording.sentences(clauses, self._meaning)
        if self.is_introduced:
            return sentences
        return self._wording.with_lead(self._introduction("intro_lead"), sentences)

    def _introduction(self, kind: str) -> str:
        if self.is_introduced:
            return self._voice.from_table("list_lead") if kind == "intro_list" else ""
        self.is_introduced = True
        frames = self._table[self._lead] if self._lead else self._table[kind][self._brief.tone]
        return self._voice.framed(kind, frames)

    def _meaning(self, clause: Clause) -> str:
        """What the fact means in use, for as many facts as the length has room for."""
        if self.meanings_left <= 0 or len(clause.pieces) > 1:
            return ""
        known = meaning_of(clause.pieces[0].text, self._material.category, self._brief.language)
        meaning = self._chooser.pick("meaning", self._voice.usable(known))
        self.meanings_left -= bool(meaning)
        return meaning
