"""One copy composed of the brief's facts: data/copy/structures.json says which parts in which order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lib_adcopy.copywriting.answers import lawful_brief
from lib_adcopy.copywriting.composition import titles
from lib_adcopy.copywriting.composition.attributes import kind_of_attribute
from lib_adcopy.copywriting.composition.bank import load_copy_data
from lib_adcopy.copywriting.composition.chooser import Chooser
from lib_adcopy.copywriting.composition.deal import Deal
from lib_adcopy.copywriting.composition.english import capital
from lib_adcopy.copywriting.composition.layouts import FactLayouts, wording
from lib_adcopy.copywriting.composition.material import GROUPS, Material, Piece, gather
from lib_adcopy.copywriting.composition.slots import slots_of
from lib_adcopy.copywriting.composition.voice import Voice
from lib_adcopy.copywriting.platforms import platforms
from lib_adcopy.domain.brief import Brief

_PART = re.compile(r"(?P<name>[a-z_]+)(?:\((?P<groups>[a-z,]+)\))?(?::(?P<heading>[a-z]+))?")
# How many facts are said with what they mean in use, where a platform's rules say nothing else.
_MEANINGS = {"short": 0, "medium": 2, "long": 5}
# A paragraph shorter than this carries no subhead of its own, where its subhead is one of these.
_HEADED = {"zh": 16, "en": 48}
# What a text without room does without, in this order.
_DISPENSABLE = ("scene", "why_now", "check", "ask", "cta", "article_lead", "hook", "heading")
_MAY_MERGE = ("make", "work", "look", "amount", "check")
# Kinds of facts by the names that a revision's stress has for attributes.
_CALLED = {"material": ("材质",), "colour": ("颜色",), "pattern": ("图案",), "style": ("风格",), "fit": ("版型",)}


@dataclass(frozen=True)
class Part:
    """One part of a structure: "prose(make,look)" has the groups make and look, "heading:deal" the heading deal."""

    name: str
    groups: tuple[str, ...] = ()
    heading: str = ""


class Composer:
    """Composes one copy; the same brief and seed give the same text."""

    def __init__(self, brief: Brief, seed: int) -> None:
        self._brief = brief = lawful_brief(brief)
        self._rules: dict[str, Any] = load_copy_data("structures.json")[brief.platform]
        self._chooser = Chooser(f"{brief.platform} {brief.text}", seed)
        self._material = gather(brief)
        register = "formal" if brief.tone == "professional" else self._rules["register"]
        self._slots = slots_of(self._material, _count_clauses(self._material, register))
        self._voice = Voice(brief, self._material, self._slots, self._chooser)
        lead = self._rules.get("lead", "")
        self._facts = FactLayouts(brief, self._material, self._voice, register, self._chooser, lead)
        self._facts.meanings_left = self._rules.get("meanings", _MEANINGS)[brief.length]
        self._register = register
        self._left = list(self._material.pieces)
        self._scenes = sum(part == "scene" for paragraph in self._rules[brief.length] for part in paragraph)
        self._reserved: set[str] = set()

    def title(self) -> str:
        rule, limit = self._rules["title"], platforms()[self._brief.platform].title
        if rule == "keywords":
            return titles.keyword_title(self._material, self._chooser, limit)
        if rule == "specs":
            return titles.spec_title(self._material, self._chooser, limit)
        room = (limit if self._is_zh else 2 * limit) - self._voice.has_emoji
        hooks = self._voice.hooks(without_label=True)
        frames = titles.title_frames(rule, self._brief.language)
        made = titles.framed_title(frames, self._slots, self._material, self._chooser, room, hooks)
        return capital(made.rstrip("。")) + self._voice.emoji("title")

    def hashtags(self) -> tuple[str, ...]:
        most = min(self._rules["tags"], platforms()[self._brief.platform].hashtags[1])
        return titles.hashtags(self._material, self._chooser, most)

    @property
    def glue(self) -> str:
        """What stands between two paragraphs."""
        glue: str = self._rules["glue"]
        return glue or self._space

    def paragraphs(self) -> Iterator[str]:
        """The body's paragraphs in order; empty ones are left out, no fact is.

        Where the platform has no room for all, what says no fact goes first.
        """
        structure = [[self._read_part(part) for part in paragraph] for paragraph in self._rules[self._brief.length]]
        self._reserved = {group for paragraph in structure for part in paragraph for group in part.groups}
        written = [[(part, self._write_part(part)) for part in paragraph] for paragraph in structure]
        limit = platforms()[self._brief.platform].body * (1 if self._is_zh else 2)
        rest = self._rest()
        for name in ("", *_DISPENSABLE):
            written = [[(part, text) for part, text in row if part.name != name] for row in written]
            made = [*self._merged(written), *([rest] if rest else [])]
            if len(self.glue.join(made)) <= limit:
                break
        yield from made

    def _merged(self, written: Sequence[Sequence[tuple[Part, str]]]) -> list[str]:
        """The paragraphs as they stand in the body; what is too little for its subhead joins the one before."""
        made: list[str] = []
        for row in written:
            heading = next((part.heading for part, _ in row if part.heading), "")
            text = self._space.join(text for part, text in row if text and not part.heading)
            if not text:
                continue
            if made and heading in _MAY_MERGE and len(text) < _HEADED[self._brief.language]:
                made[-1] += self._space + text
            else:
                shown = next((text for part, text in row if part.heading), "")
                made.append(f"{shown}\n{text}" if shown else text)
        return made

    def additions(self, news: Brief) -> str:
        """Sentences to put after a text that exists: what `news`, a brief of what is asked for newly, has.

        The facts of `news`, what it stresses, a reader, scenes for a longer text and a closing in its tone.
        """
        asked = gather(news)
        chooser = Chooser(news.platform, 0)
        words = wording(asked, self._register, chooser)
        facts = [piece for piece in asked.pieces if piece.group not in ("deal", "after")]
        said = words.sentences(words.clauses(facts), lambda clause: "")
        said += [piece.text + self._stop for piece in asked.of("deal", "after")]
        said += [self._voice.from_table("stress", v=text) for text in self._stressed_texts(news)]
        if news.length == "long":
            said += [self._voice.scene(2), self._voice.scene(2)]
        if news.tone != "natural":
            said.append(self._voice.ask())
        return self._space.join(filter(None, said))

    def _stressed_texts(self, news: Brief) -> list[str]:
        """The texts of the facts that a revision stresses, by their attribute's kind or as written."""
        return [
            piece.text
            for stressed in news.stress
            for piece in self._material.pieces
            if stressed in (piece.text, kind_of_attribute(piece.name), *_CALLED.get(piece.kind, ()))
        ]

    def _read_part(self, text: str) -> Part:
        """The part; of "a|b" the one that the seed chooses."""
        choices = text.split("|")
        match = _PART.fullmatch(choices[self._chooser.number(text, len(choices))])
        if match is None:
            raise ValueError(f"structures.json: no part is written {text!r}")
        groups = tuple(match["groups"].split(",")) if match["groups"] else ()
        return Part(match["name"], groups, match["heading"] or "")

    def _write_part(self, part: Part) -> str:
        if part.heading:
            return self._voice.heading(part.heading)
        if part.name in self._facts.layouts:
            return self._facts.layouts[part.name](self._take(part.groups))
        parts: dict[str, Callable[[], str]] = {
            "hook": lambda: self._voice.hook(without_label=["check"] in self._rules[self._brief.length]),
            "scene": lambda: self._voice.scene(self._scenes),
            "check": lambda: self._voice.from_table("check"),
            "ask": self._voice.ask,
            "cta": self._voice.call_to_act,
            "why_now": self._voice.why_now,
            "article_lead": self._article_lead,
            "deal": self._deal,
            "after": self._after,
            "points": self._points,
            "triple": lambda: self._facts.triple(self._left),
        }
        return parts[part.name]()

    def _take(self, groups: Sequence[str]) -> list[Piece]:
        """The facts of the groups that nobody has said yet; without groups all that no other part waits for."""
        wanted = groups or [group for group in GROUPS if group not in ("deal", "after", *self._reserved)]
        taken = [piece for piece in self._left if piece.group in wanted]
        self._left = [piece for piece in self._left if piece not in taken]
        return taken

    def _article_lead(self) -> str:
        self._facts.is_introduced = True
        return self._voice.from_table("article_lead")

    def _points(self) -> str:
        text, rest = self._facts.points(self._take(()))
        self._left = [piece for piece in self._material.pieces if piece in rest or piece in self._left]
        return text

    def _deal(self) -> str:
        self._left = [piece for piece in self._left if piece.group != "deal"]
        said = Deal(self._material, self._register, self._chooser).sentence()
        marked = said and self._brief.platform == "xiaohongshu" and self._voice.has_emoji
        return f"💰{said}" if marked else said

    def _after(self) -> str:
        pieces = self._take(("after",))
        promises = ("，" if self._is_zh else ", ").join(piece.text for piece in pieces if piece.kind != "contact")
        frames = load_copy_data(f"{self._brief.language}/voice.json")["after"][self._register]
        said = self._voice.framed("after", frames, s=promises, S=capital(promises)) if promises else ""
        places = self._facts.places([piece for piece in pieces if piece.kind == "contact"])
        return self._space.join(filter(None, (*places, said)))

    def _rest(self) -> str:
        """What no part has said."""
        pieces, self._left = self._left, []
        deals = [piece.text + self._stop for piece in pieces if piece.group == "deal"]
        others = self._facts.prose([piece for piece in pieces if piece.group != "deal"]) if pieces else ""
        return self._space.join(filter(None, (others, *deals)))

    @property
    def _is_zh(self) -> bool:
        return self._brief.language == "zh"

    @property
    def _space(self) -> str:
        return "" if self._is_zh else " "

    @property
    def _stop(self) -> str:
        return "。" if self._is_zh else "."


def _count_clauses(material: Material, register: str) -> int:
    """How many things the body will say of the product."""
    said = [piece for piece in material.pieces if piece.group not in ("deal", "after")]
    return len(wording(material, register, Chooser("", 0)).clauses(said))
