"""All that is told of the product itself, in one of several forms: prose, lists, questions, sections, tables."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lib_adcopy.copywriting.composition.chinese_text import ChineseText
from lib_adcopy.copywriting.composition.english import EnglishText, capital
from lib_adcopy.copywriting.composition.garments import GarmentProse
from lib_adcopy.copywriting.composition.grouping import banded, clustered, is_written_text
from lib_adcopy.copywriting.composition.plan import Plan, Unit
from lib_adcopy.copywriting.composition.voice import Voice

_LONGEST_HEAD = 8
# Facts no longer than this stand in one line.
_LONGEST_SHORT_POINT = 14
# A section of fewer characters carries no subhead of its own.
_SMALL_SECTION = 20


@dataclass(frozen=True)
class _Entry:
    """One entry of a list; `head` is "" where none is sure."""

    head: str
    text: str


class Listing:
    """Writes the product's statements of one copy; the same statement is never given twice by its caller."""

    def __init__(
        self, plan: Plan, words: ChineseText | EnglishText, garment: GarmentProse | None, voice: Voice, seed: int
    ) -> None:
        self._plan, self._words, self._garment, self._voice, self._seed = plan, words, garment, voice, seed
        self._zh, self._written = plan.is_zh, is_written_text(plan.units)
        self._space = "" if plan.is_zh else " "

    def write(self, form: str, units: Sequence[Unit]) -> str:
        """Return the statements in a form of structures.json, e.g. "prose:2" or "qa"."""
        name, _, number = form.partition(":")
        if name in ("prose", "leads"):
            return self.paragraphs(units, int(number), garment=True)
        forms: dict[str, Callable[[Sequence[Unit]], str]] = {
            "lines": lambda them: "\n".join(self._sentences(them)),
            "bullets": self._bullets,
            "qa": self._questions,
            "heads": lambda them: self._heads(them, "【{h}】{t}" if self._zh else "{h}: {t}"),
            "points": self._points,
            "rows": self.rows,
            "sections": self._sections,
        }
        return forms[name](units)

    def paragraphs(self, units: Sequence[Unit], size: int, *, garment: bool = False) -> str:
        """Return sentences, `size` of them a paragraph."""
        sentences = self._sentences(units, garment=garment)
        rows = [self._space.join(sentences[at : at + size]) for at in range(0, len(sentences), size)]
        return ("\n\n" if self._plan.brief.platform in ("xiaohongshu", "wechat_mp") else "\n").join(rows)

    def _sentences(self, units: Sequence[Unit], *, garment: bool = True) -> list[str]:
        prose = self._garment.sentences(self._seed) if garment and self._garment else []
        return [*prose, *self._words.sentences(units, turn=self._seed)]

    def _bullets(self, units: Sequence[Unit]) -> str:
        mark = self._voice.bullet()
        items = self._garment.lines() if self._garment else []
        items += [self._joined(cluster) for cluster in clustered(units, written=self._written)]
        return "\n".join(f"{mark} {self._capital(item)}" for item in items)

    def _questions(self, units: Sequence[Unit]) -> str:
        """Questions a buyer asks, each with its answer; what answers no question is said in front."""
        asked: dict[str, list[Unit]] = {}
        for unit in units:
            if unit.is_answer and len(unit.facet.ask) > 0:
                asked.setdefault(unit.facet.name, []).append(unit)
        if len(asked) < 2:
            return self._points(units)
        answers = [unit for cluster in asked.values() for unit in cluster]
        lines = self._sentences([unit for unit in units if unit not in answers])
        lines = [self._space.join(lines[at : at + 2]) for at in range(0, len(lines), 2)]
        for at, cluster in enumerate(asked.values()):
            ask = cluster[0].facet.ask[(self._seed + at) % len(cluster[0].facet.ask)]
            answer = self._words.stopped(self._capital(self._joined(cluster)))
            lines.append(f"Q：{ask}？\nA：{answer}" if self._zh else f"{capital(ask)}? {answer}")
        return ("\n\n" if self._plan.brief.platform == "xiaohongshu" else "\n").join(lines)

    def _points(self, units: Sequence[Unit]) -> str:
        """Return a list of one statement a line, under its title where it has one."""
        return self._heads(units, *(("▪ {h}：{t}", "▪ ") if self._zh else ("- {h}: {t}", "- ")))

    def _heads(self, units: Sequence[Unit], form: str, mark: str = "") -> str:
        """Short titles with a sentence each; what has no sure title is said first, or under a mark of its own."""
        items = [_Entry(head, text) for head, text in self._garment.items()] if self._garment else []
        plain: list[list[Unit]] = []
        for cluster in clustered(units, written=self._written):
            # What the seller labelled otherwise stands under its own label.
            for label in dict.fromkeys(unit.label for unit in cluster):
                own = [unit for unit in cluster if unit.label == label]
                item = self._item(own)
                if item.head:
                    items.append(item)
                else:
                    plain.append(own)
        if not mark and not items:
            return self._untitled([unit for own in plain for unit in own])
        if not mark:
            opening = [self.paragraphs([unit for own in plain for unit in own], 2)]
        else:
            opening = [f"{mark}{self._ended(self._capital(self._joined(own)))}" for own in plain]
        heads = dict.fromkeys(item.head for item in items)
        glue = "；" if self._zh else "; "
        told = {head: glue.join(item.text for item in items if item.head == head) for head in heads}
        lines = [form.format(h=head, t=self._ended(self._capital(text))) for head, text in told.items()]
        return "\n".join([*filter(None, opening), *lines])

    def _ended(self, text: str) -> str:
        """Return an entry of a list as the platform ends it: with a stop on product pages alone."""
        return self._words.stopped(text) if self._plan.brief.platform in ("taobao", "jd") else text

    def _untitled(self, units: Sequence[Unit]) -> str:
        """Return what has no sure titles as the platform shows a few facts: a list, or one line of short ones."""
        if self._plan.brief.platform == "jd":
            return self._points(units)
        texts = [self._joined(cluster) for cluster in clustered(units, written=self._written)]
        if self._zh and texts and all(len(text) <= _LONGEST_SHORT_POINT for text in texts):
            return "｜".join(texts)
        return self.paragraphs(units, 2)

    def _item(self, cluster: Sequence[Unit]) -> _Entry:
        """Return the title and the text of what stands together; a title that may be wrong is left out."""
        unit = cluster[0]
        if unit.label and unit.has_own_label and len(unit.label) <= _LONGEST_HEAD * (1 if self._zh else 3):
            return _Entry(unit.label, self._joined(cluster, bare=True))
        if self._zh and len(cluster) == 1:
            benefit = self._words.explained(unit, "").removeprefix("，")
            if benefit and 1 < len(unit.text) <= _LONGEST_HEAD:
                return _Entry(unit.text, benefit)
            first, _, rest = unit.text.partition("，")
            if (
                rest
                and not self._written
                and "（" not in first
                and 2 < len(first) <= _LONGEST_HEAD
                and unit.role == "point"
            ):
                return _Entry(first, self._words.explained(unit, rest))
        sure = all(one.is_answer and one.facet.name != "howto" for one in cluster)
        head = unit.facet.heads[self._seed % len(unit.facet.heads)] if sure else ""
        text = self._joined(cluster)
        return _Entry(head, text.removeprefix("适合") if head.startswith("适合") else text)

    def rows(self, units: Sequence[Unit]) -> str:
        """Return a table of specifications, one label a line; what has no sure label comes last."""
        if not units and not self._garment:
            return ""
        colon, semicolon = ("：", "；") if self._zh else (": ", "; ")
        rows: dict[str, list[str]] = {}
        name = self._plan.full
        if self._plan.brand and self._plan.brand not in name:
            rows["品牌" if self._zh else "Brand"] = [self._plan.brand]
        rows["品名" if self._zh else "Product"] = [name]
        for label, value in self._garment.rows() if self._garment else ():
            rows.setdefault(label, []).append(value)
        others = "特点" if self._zh else "Features"
        for unit in sorted(units, key=lambda one: not self._words.row(one)[0]):
            label, value = self._words.row(unit)
            rows.setdefault(self._capital(label) or others, []).append(value)
        return "\n".join(f"{label}{colon}{semicolon.join(values)}" for label, values in rows.items())

    def _sections(self, units: Sequence[Unit]) -> str:
        """Paragraphs under subheads; a short one joins the one before."""
        parts = []
        if self._garment:
            text = self._space.join(self._garment.sentences(self._seed))
            parts.append(f"{self.headed(self._voice.heading('point'))}\n{text}")
        sections: list[list[Unit]] = []
        for band in banded(units, written=self._written):
            small = sum(len(unit.text) for unit in band) < _SMALL_SECTION * (1 if self._zh else 3)
            if sections and small:
                sections[-1] += band
            else:
                sections.append(list(band))
        for section in sections:
            sentences = self._words.sentences(section)
            rows = [self._space.join(sentences[at : at + 3]) for at in range(0, len(sentences), 3)]
            glue = "\n" if self._plan.brief.platform != "wechat_mp" else "\n\n"
            parts.append(f"{self.headed(self._section_head(section))}\n{glue.join(rows)}")
        return ("\n\n" if self._plan.brief.platform == "wechat_mp" else "\n").join(parts)

    def _section_head(self, section: Sequence[Unit]) -> str:
        """Return what surely names all of the section, else a heading that fits any."""
        facets = list(dict.fromkeys(unit.facet.name for unit in section))
        if len(facets) <= 2 and all(unit.is_answer for unit in section):
            labels = list(dict.fromkeys(unit.facet.label for unit in section))
            return capital(("与" if self._zh else " and ").join(labels))
        return self._voice.heading("point")

    def headed(self, head: str) -> str:
        """Return the subhead as the platform shows one."""
        if self._plan.brief.platform == "bilibili":
            return f"【{head}】" if self._zh else f"[{head}]"
        return f"◆ {head}" if self._plan.brief.platform == "wechat_mp" else head

    def _joined(self, cluster: Sequence[Unit], *, bare: bool = False) -> str:
        """Return the statements of one kind as one item; `bare` leaves out the label that stands in front of it."""
        label = cluster[0].label
        texts = [unit.text if bare and unit.label == label else self._words.clause(unit) for unit in cluster]
        told = [self._words.explained(unit, text) for unit, text in zip(cluster, texts, strict=True)]
        return self._words.listed(told)

    def _capital(self, text: str) -> str:
        return text if self._zh else capital(text)
