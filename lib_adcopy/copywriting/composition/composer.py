"""One copy composed of the brief's facts: data/copy/structures.json says which parts in which order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from lib_adcopy.copywriting.answers import lawful_brief
from lib_adcopy.copywriting.composition import titles
from lib_adcopy.copywriting.composition.attributes import kind_of_attribute
from lib_adcopy.copywriting.composition.bank import load_copy_data, meaning_of
from lib_adcopy.copywriting.composition.chooser import Chooser
from lib_adcopy.copywriting.composition.clauses import ChineseWording, Clause, join_words
from lib_adcopy.copywriting.composition.deal import Deal
from lib_adcopy.copywriting.composition.english import EnglishWording, capital
from lib_adcopy.copywriting.composition.material import GROUPS, Piece, gather
from lib_adcopy.copywriting.composition.slots import fill, label_of, labels_of, slots_of
from lib_adcopy.copywriting.platforms import platforms
from lib_adcopy.domain.brief import Brief

_PART = re.compile(r"(?P<name>[a-z_]+)(?:\((?P<groups>[a-z,]+)\)|:(?P<heading>[a-z]+))?$")
_FACT_PARTS = ("bullets", "lines", "prose", "points", "specs")
_MEANINGS = {"short": 0, "medium": 2, "long": 5}
# Kinds of facts by the names that a revision's stress has for attributes.
_CALLED = {"material": ("材质",), "colour": ("颜色",), "pattern": ("图案",), "style": ("风格",), "fit": ("版型",)}
_WITHOUT_EMOJI = ("professional", "premium", "literary")
_WITHOUT_BULLETS = ("literary", "premium")
_DISTINCT = 10
# A paragraph shorter than this carries no subhead of its own.
_HEADED = 16
_MAY_MERGE = ("make", "work", "look", "amount", "check")
_POINTS = 3


class Composer:
    """Composes one copy; the same brief and seed give the same text."""

    def __init__(self, brief: Brief, seed: int) -> None:
        self._brief = brief = lawful_brief(brief)
        self._limits = platforms()[brief.platform]
        self._rules = load_copy_data("structures.json")[brief.platform]
        self._voice = load_copy_data(f"{brief.language}/voice.json")
        self._chooser = Chooser(f"{brief.platform} {brief.text}", seed)
        self._material = gather(brief)
        register = "formal" if brief.tone == "professional" else self._rules["register"]
        self._wording = self._new_wording(register, self._chooser)
        self._deal = Deal(self._material, register, self._chooser)
        self._register = register
        self._slots = slots_of(self._material, len(self._wording_size()))
        self._left = list(self._material.pieces)
        self._introduced = False
        self._meanings_left = _MEANINGS[brief.length]
        self._reserved: set[str] = set()

    # ---- what the caller asks for

    def title(self) -> str:
        rule, limit = self._rules["title"], self._limits.title
        if rule == "keywords":
            return titles.keyword_title(self._material, self._chooser, limit)
        if rule == "specs":
            return titles.spec_title(self._material, self._chooser, limit)
        frames = titles.title_frames(rule, self._brief.language)
        limit = limit if self._brief.language == "zh" else 2 * limit
        room = limit - 1 if self._emoji() else limit
        made = titles.framed_title(frames, self._slots, self._material, self._chooser, room, self._hooks())
        made = capital(made.rstrip("。"))
        return made + self._emoji("title") if self._emoji() else made

    def hashtags(self) -> tuple[str, ...]:
        return titles.hashtags(self._material, self._chooser, min(self._rules["tags"], self._limits.hashtags[1]))

    def paragraphs(self) -> Iterator[str]:
        """The body's paragraphs in order; empty ones are left out, no fact is."""
        structure = self._rules[self._brief.length]
        parts = [_PART.match(self._one_of(part)) for paragraph in structure for part in paragraph]
        self._reserved = {group for part in parts if part and part["groups"] for group in part["groups"].split(",")}
        last = ""
        for paragraph in structure:
            heading, text = self._paragraph(paragraph)
            if not text:
                continue
            if heading in _MAY_MERGE and len(text) < _HEADED * (1 if self._zh else 3) and last:
                last += self._sep + text
                continue
            if last:
                yield last
            last = f"{self._heading(heading)}\n{text}" if heading else text
        rest = self._rest()
        yield from (text for text in (last, rest) if text)

    def _paragraph(self, parts: Sequence[str]) -> tuple[str, str]:
        """(key of the subhead or "", text) of one paragraph of the structure."""
        heading, written = "", []
        for part in parts:
            match = _PART.match(self._one_of(part))
            assert match is not None, part
            if match["heading"]:
                heading = match["heading"]
            elif text := self._part(match["name"], (match["groups"] or "").split(",")):
                written.append(text)
        return heading, self._join(written)

    def additions(self, news: Brief) -> str:
        """Sentences to put after a text that exists: what `news`, a brief of what is asked for newly, has.

        The facts of `news`, what it stresses, a reader, scenes for a longer text and a closing in its tone.
        """
        self._introduced = True
        self._meanings_left = 0
        asked = gather(news)
        facts = [piece for piece in asked.pieces if piece.group not in ("deal", "after")]
        said = self._wording.sentences(self._wording.clauses(facts), self._meaning)
        said += [f"{piece.text}{self._stop}" for piece in asked.of("deal", "after")]
        said += [self._stressed(text) for text in self._stressed_texts(news)]
        if news.length == "long":
            said += [self._scene(), self._scene()]
        if news.tone != "natural":
            said.append(self._ask())
        return self._join([sentence for sentence in said if sentence])

    def _stressed_texts(self, news: Brief) -> list[str]:
        """The texts of the facts that a revision stresses, by their attribute's kind or as written."""
        pieces = self._material.pieces
        return [
            piece.text
            for stressed in news.stress
            for piece in pieces
            if stressed in (piece.text, kind_of_attribute(piece.name), *_CALLED.get(piece.kind, ()))
        ]

    def _stressed(self, text: str) -> str:
        return self._framed("stress", self._voice["stress"], v=text)

    @property
    def glue(self) -> str:
        """What stands between two paragraphs."""
        glue: str = self._rules["glue"]
        return glue or ("" if self._brief.language == "zh" else " ")

    # ---- parts

    def _part(self, name: str, groups: Sequence[str]) -> str:
        if name in _FACT_PARTS:
            pieces = self._take(groups)
            layouts: dict[str, Callable[[Sequence[Piece]], str]] = {
                "bullets": self._bullets,
                "lines": self._lines,
                "prose": self._prose,
                "points": self._points,
                "specs": self._specs,
            }
            return layouts[name](pieces)
        parts: dict[str, Callable[[], str]] = {
            "hook": self._hook,
            "scene": self._scene,
            "spot": self._scene,
            "check": self._check,
            "ask": self._ask,
            "cta": self._cta,
            "deal": self._deal_part,
            "after": self._after,
            "why_now": self._why_now,
            "article_lead": self._article_lead,
            "triple": self._triple,
        }
        return parts[name]()

    def _take(self, groups: Sequence[str]) -> list[Piece]:
        """The facts of the groups that nobody has said yet; without groups all that no other part waits for."""
        wanted = [group for group in groups if group] or [
            group for group in GROUPS if group not in ("deal", "after", *self._reserved)
        ]
        taken = [piece for piece in self._left if piece.group in wanted]
        self._left = [piece for piece in self._left if piece not in taken]
        return taken

    def _hook(self) -> str:
        return self._toned(self._chooser.pick("hook", self._hooks())) + self._emoji("hook")

    def _scene(self) -> str:
        return self._chooser.pick("scene", self._usable(self._material.pack.scenes), 2)

    def _article_lead(self) -> str:
        self._introduced = True
        return self._framed("article lead", self._voice["article_lead"])

    def _check(self) -> str:
        return self._framed("check", self._voice["check"])

    def _ask(self) -> str:
        own = self._enough(self._usable(self._material.pack.asks))
        tone = self._voice["asks_tone"].get(self._brief.tone)
        pool = [*tone, *(own[:4] if self._brief.tone in ("lively", "humorous") else ())] if tone else own
        return self._toned(self._chooser.pick("ask", pool or self._voice["asks"]))

    def _cta(self) -> str:
        table = self._voice["ctas"].get(self._brief.platform, {})
        return self._toned(self._chooser.pick("cta", table.get(self._brief.tone) or table.get("natural", ())))

    def _deal_part(self) -> str:
        self._left = [piece for piece in self._left if piece.group != "deal"]
        said = self._deal.sentence()
        return f"💰{said}" if said and self._brief.platform == "xiaohongshu" and self._emoji() else said

    def _why_now(self) -> str:
        dated = self._material.kinds("deadline")
        return self._chooser.pick("why now", self._voice["why_now"]) if dated else ""

    def _after(self) -> str:
        pieces = self._take(("after",))
        places = [clause.text for clause in self._wording.clauses([p for p in pieces if p.kind == "contact"])]
        promises = self._comma.join(piece.text for piece in pieces if piece.kind != "contact")
        framed = {"s": promises, "S": capital(promises)}
        said = self._framed("after", self._voice["after"][self._register], **framed) if promises else ""
        return self._join([*(place + self._stop for place in places), *([said] if said else [])])

    def _triple(self) -> str:
        short = [p.text for p in self._left if p.group in ("make", "work", "amount") and p.form != "clause"]
        fitting = [text for text in short if len(text) <= (8 if self._zh else 24)]
        turn = self._chooser.number("triple", max(1, len(fitting) - _POINTS + 1))
        return "｜".join(fitting[turn : turn + _POINTS]) if len(fitting) >= _POINTS else ""

    # ---- facts

    def _bullets(self, pieces: Sequence[Piece]) -> str:
        clauses = self._wording.clauses(pieces)
        if len(clauses) < _POINTS or self._brief.tone in _WITHOUT_BULLETS:
            return "\n".join(self._sentences(clauses))
        style = self._chooser.number("bullet style", 2) if self._emoji() else 1
        marks = self._voice["bullets"]["marks" if self._emoji() else "plain"]
        mark = self._chooser.pick("mark", marks)
        lines = [self._intro("intro_list")]
        for clause in clauses:
            own = self._voice["bullets"]["emoji"].get(clause.pieces[0].kind, mark)
            lines.append((own if style == 0 else mark) + self._with_meaning(clause))
        return "\n".join(line for line in lines if line)

    def _lines(self, pieces: Sequence[Piece]) -> str:
        return "\n".join(self._sentences(self._wording.clauses(pieces)))

    def _prose(self, pieces: Sequence[Piece]) -> str:
        return self._prose_of(self._wording.clauses(pieces))

    def _prose_of(self, clauses: Sequence[Clause]) -> str:
        return self._join(self._sentences(clauses))

    def _sentences(self, clauses: Sequence[Clause]) -> list[str]:
        """The facts in sentences; the first names the product where none has before."""
        sentences = self._wording.sentences(clauses, self._meaning)
        if self._introduced:
            return sentences
        return self._wording.with_lead(self._intro("intro_lead"), sentences)

    def _points(self, pieces: Sequence[Piece]) -> str:
        """Three selling points of a shop's page, headed by what they are of; the rest waits for the next part."""
        clauses = [c for c in self._wording.clauses(pieces) if c.pieces[0].group in ("make", "work", "amount")]
        turn = self._chooser.number("points", max(1, len(clauses) - _POINTS + 1))
        chosen = clauses[turn : turn + _POINTS]
        told = [piece for clause in chosen for piece in clause.pieces]
        self._left += [piece for piece in pieces if piece not in told]
        self._left.sort(key=lambda piece: self._material.pieces.index(piece))
        lines = []
        for clause in chosen:
            text = join_words([piece.text for piece in clause.pieces], self._brief.language)
            label = self._label(clause.pieces[0])
            meaning = self._meaning(clause)
            lines.append(f"【{label}】{text}" + (f"{self._comma}{meaning}" if meaning else ""))
        return "\n".join(lines)

    def _specs(self, pieces: Sequence[Piece]) -> str:
        """A list of "label: value"."""
        lines = [] if self._introduced else self._identity()
        self._introduced = True
        for label, found in labels_of(self._material).items():
            values = [piece.text for piece in found if piece in pieces]
            if values:
                joined = "、".join(values) if self._zh else ", ".join(values)
                lines.append(f"{label}{self._colon}{joined}")
        return "\n".join(lines)

    def _identity(self) -> list[str]:
        """Brand, model and name as the first lines of a list."""
        material, labels = self._material, self._voice["labels"]
        named = {"brand": material.brand, "model": material.model, "name": material.name}
        return [f"{labels[kind][0]}{self._colon}{text}" for kind, text in named.items() if text]

    def _rest(self) -> str:
        """What no part has said."""
        pieces, self._left = self._left, []
        deals = [piece.text for piece in pieces if piece.group == "deal"]
        others = self._wording.clauses([piece for piece in pieces if piece.group != "deal"])
        return self._join([*self._wording.sentences(others, self._meaning), *(deal + self._stop for deal in deals)])

    def _with_meaning(self, clause: Clause) -> str:
        meaning = self._meaning(clause)
        comma = " " if meaning.startswith(("so ", "and ")) else self._comma
        return f"{clause.text}{comma}{meaning}" if meaning else clause.text

    def _meaning(self, clause: Clause) -> str:
        if self._meanings_left <= 0 or len(clause.pieces) > 1:
            return ""
        known = meaning_of(clause.pieces[0].text, self._material.category, self._brief.language)
        meaning = self._chooser.pick("meaning", self._usable(known))
        self._meanings_left -= bool(meaning)
        return meaning

    def _intro(self, kind: str) -> str:
        if self._introduced:
            return self._chooser.pick("list lead", self._voice["list_lead"]) if kind == "intro_list" else ""
        self._introduced = True
        own = "service_lead" if self._material.category == "services" else self._rules.get("lead")
        return self._framed(kind, self._voice[own] if own else self._voice[kind][self._brief.tone])

    # ---- words

    def _hooks(self) -> list[str]:
        """Openings the brief can fill, in the tone asked for: the family's, then the category's."""
        tone, pack = self._brief.tone, self._material.pack
        # Where the copy says what to look at, the hook does not ask it before.
        asked = ["check"] in self._rules[self._brief.length]
        frames = [frame for frame in self._voice["hooks"] if not (asked and "{label}" in frame)]
        generic = self._usable([text for text in (fill(frame, self._slots) for frame in frames) if text])
        if tone == "natural":
            return self._enough(self._usable(pack.hooks), generic)
        toned = list(self._usable(pack.tones.get(tone, ())))
        if tone in ("lively", "humorous", "literary"):
            toned += self._usable(pack.hooks)[:5]
        return [*toned, *generic] if len(toned) < _DISTINCT else toned

    def _enough(self, own: Sequence[str], general: Sequence[str] = ()) -> list[str]:
        """The family's entries, which come first, with as many more as ten candidates need."""
        return [*own[: max(7, _DISTINCT - len(general))], *general]

    def _usable(self, entries: Sequence[str]) -> list[str]:
        """The entries the brief can fill, without a word to avoid."""
        words = [word.lower() for word in self._brief.avoid_words if word]
        filled = (fill(entry, self._slots) for entry in entries)
        return [entry for entry in filled if entry and not any(word in entry.lower() for word in words)]

    def _framed(self, slot: str, frames: Sequence[str], **more: str) -> str:
        slots = {**self._slots, **more}
        frame = self._chooser.pick(slot, [frame for frame in frames if fill(frame, slots)])
        return fill(frame, slots) if frame else ""

    def _heading(self, name: str) -> str:
        return self._chooser.pick(f"heading {name}", self._voice["headings"][name])

    def _label(self, piece: Piece) -> str:
        return label_of(piece, self._material, self._voice)

    def _wording_size(self) -> list[Clause]:
        said = [piece for piece in self._material.pieces if piece.group not in ("deal", "after")]
        return self._new_wording(self._register, Chooser("", 0)).clauses(said)

    def _new_wording(self, register: str, chooser: Chooser) -> ChineseWording | EnglishWording:
        kind = ChineseWording if self._zh else EnglishWording
        return kind(self._material, register, chooser)

    def _one_of(self, part: str) -> str:
        choices = part.split("|")
        return choices[self._chooser.number(part, len(choices))]

    def _toned(self, text: str) -> str:
        if self._brief.tone == "lively" and self._zh and text.endswith("。"):
            return text[:-1] + ("～" if self._chooser.number("lively", 2) else "！")
        return text

    def _emoji(self, place: str = "") -> str:
        """An emoji for the place, "" where platform or tone has none; without a place whether there are any."""
        if not self._limits.emoji or self._brief.tone in _WITHOUT_EMOJI or not self._zh:
            return ""
        often = {"title": 2, "hook": 3}.get(place, 1)
        if place and self._chooser.number(f"emoji {place}", often):
            return ""
        return self._chooser.pick("emoji", self._material.pack.emoji) if place else "✨"

    def _join(self, sentences: Sequence[str]) -> str:
        return self._sep.join(sentences)

    @property
    def _zh(self) -> bool:
        return self._brief.language == "zh"

    @property
    def _sep(self) -> str:
        return "" if self._zh else " "

    @property
    def _comma(self) -> str:
        return "，" if self._zh else ", "

    @property
    def _colon(self) -> str:
        return "：" if self._zh else ": "

    @property
    def _stop(self) -> str:
        return "。" if self._zh else "."

