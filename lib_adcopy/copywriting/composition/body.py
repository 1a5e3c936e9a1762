"""The parts of a body: prose, lists, questions, sections, tables, and what is said of price, service and place."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from lib_adcopy.copywriting.composition.attributes import kind_of_attribute
from lib_adcopy.copywriting.composition.benefits import Benefits
from lib_adcopy.copywriting.composition.chinese import ChineseWording, banded, clustered, stopped
from lib_adcopy.copywriting.composition.chooser import Chooser
from lib_adcopy.copywriting.composition.english import EnglishWording
from lib_adcopy.copywriting.composition.garments import GarmentProse
from lib_adcopy.copywriting.composition.leading import Lead
from lib_adcopy.copywriting.composition.plan import PRODUCT_ROLES, Plan, Unit
from lib_adcopy.copywriting.composition.titles import garment_title
from lib_adcopy.copywriting.composition.voice import Voice

_LONGEST_HEAD = 8
_CHEAPER = re.compile(r"原价|会员|到手|券|日常|平时|was|off", re.IGNORECASE)
# What is said of delivery and warranty in fewer characters stands in the paragraph of the price.
_SHORT_SERVICE = 28
# A paragraph of fewer characters carries no subhead of its own.
_SMALL_SECTION = 20


class Body:
    """Writes the parts of one body; each statement is said by the first part that takes it."""

    def __init__(self, plan: Plan, register: str, voice: Voice, chooser: Chooser, seed: int) -> None:
        formal = "formal" if plan.brief.tone == "professional" else register
        self._plan, self._voice, self._chooser, self._seed = plan, voice, chooser, seed
        self._words = (
            ChineseWording(plan, formal, chooser, voice.aside, Benefits(plan, chooser, seed).of)
            if plan.is_zh
            else EnglishWording(plan, formal, chooser, voice.aside)
        )
        self._garment = GarmentProse(plan, chooser) if plan.attributes and plan.is_zh else None
        self._left: list[Unit] = [unit for unit in plan.units if not unit.second]
        self._second: list[Unit] = [unit for unit in plan.units if unit.second]
        self._lead: Lead | None = None
        self._named = False

    def clause(self, unit: Unit) -> str:
        return self._words.clause(unit)

    def hook(self, lead: Lead, limit: int = 0) -> str:
        """Return the opening; where it is the title, within its limit and without its stop."""
        if lead.angle == "none":
            made = garment_title(self._plan, self._voice, limit) if self._garment and limit else ""
            return made or ("" if self._garment and not limit else self._plan.full[: limit or None])
        if lead.angle == "voice":
            made = stopped(lead.values["v"]) if self._plan.is_zh else self._words.stopped(lead.values["v"])
            made = made if not limit or len(made) <= limit else ""
        else:
            made = self._voice.hook(lead.angle, limit, **lead.values)
        if limit and (not made or len(made) > limit):
            return self._short_hook(lead, limit)
        self._take_units(lead.said)
        self._lead = lead
        return made.rstrip("。") if limit else made

    def _short_hook(self, lead: Lead, limit: int) -> str:
        """Return the product with as much of the lead as there is room for; the rest is left for the body."""
        comma = "，" if self._plan.is_zh else ": "
        for unit in lead.said:
            text = f"{self._plan.spoken}{comma}{self.clause(unit)}"
            if len(text) <= limit:
                self._lead = Lead("point", {}, (unit,), lead.short, lead.price)
                self._take_units((unit,))
                return text
        self._lead = Lead("none", {}, (), lead.short, lead.price)
        return self._plan.spoken[:limit]

    def write(self, parts: Sequence[str], lead: Lead, *, hook_is_title: bool) -> list[tuple[str, str]]:
        """(part, text) of every part that says something, and of what no part has said."""
        if hook_is_title and self._lead is None:
            self._take_units(lead.said)
        written: list[tuple[str, str]] = []
        heading = ""
        for at, part in enumerate(parts):
            if part.startswith("h:"):
                heading = part[2:]
                continue
            text = self._write(part, lead, parts[at + 1 :])
            heading = "voice" if part == "voice" and heading == "note" else heading
            if text and heading and part != "closing":
                text = f"{self._headed(self._voice.heading(heading))}\n{text}"
            short_after = part == "service" and written and written[-1][0] == "deal" and len(text) < _SHORT_SERVICE
            if text and short_after:
                written[-1] = ("deal", f"{written[-1][1]}{self._space}{text}")
            elif text:
                written.append((part, text))
            # A heading stands for all that follows up to the next one.
            heading = "" if text else heading
        rest = self._space.join(filter(None, (self._deal(), self._paragraphs(self._left, 3))))
        self._left = []
        at = len(written) - 1 if written and written[-1][0] == "closing" else len(written)
        second = self._second_product()
        extra = [("rest", text) for text in (rest, second) if text]
        return written[:at] + extra + written[at:]

    def _write(self, part: str, lead: Lead, later: Sequence[str]) -> str:
        name, _, kind = part.partition(":")
        if name == "body":
            return self._product(kind, later)
        parts: dict[str, Callable[[], str]] = {
            "hook": lambda: self.hook(lead),
            "opener": lambda: self._voice.opener(),
            "closing": self._voice.closing,
            "deal": lambda: self._deal(),
            "voice": lambda: self._told("voice"),
            "service": lambda: self._told("service"),
            "place": lambda: self._told("place", "\n"),
            "caveat": self._caveat,
            "rows": lambda: self._rows(self._take("attribute", "contents", "audience")),
            "shop": lambda: self._shop(kind),
        }
        return parts[name]()

    def _take(self, *roles: str) -> list[Unit]:
        taken = [unit for unit in self._left if unit.role in roles]
        self._take_units(taken)
        return taken

    def _take_units(self, units: Sequence[Unit]) -> None:
        self._left = [unit for unit in self._left if not any(unit is one for one in units)]

    def _product(self, kind: str, later: Sequence[str]) -> str:
        """Return all that is told of the product, in the form of `kind`."""
        own = {"shop:contents": "contents", "shop:audience": "audience", "contents": "contents"}
        waiting = {own[part] for part in later if part in own}
        roles = [role for role in PRODUCT_ROLES if role not in waiting]
        units = self._take("point", "use") if "rows" in later else self._take(*roles)
        name, _, number = kind.partition(":")
        if name == "leads" and not units and not self._garment:
            # A table without a word before it is no copy: what leads the table is said first.
            units = [unit for unit in self._left if unit.role in ("attribute", "audience")][:2]
        if name == "leads" and not self._garment and not any(unit.role == "attribute" for unit in self._left):
            # Nothing is left for a table: the points stand as a list.
            name = "points"
        if name in ("prose", "leads"):
            text = self._paragraphs(units, int(number), garment=True)
            return self._introduced(text) if self._plan.brief.platform in ("taobao", "jd") else text
        forms: dict[str, Callable[[Sequence[Unit]], str]] = {
            "lines": lambda them: "\n".join(self._sentences(them, garment=True)),
            "bullets": self._bullets,
            "qa": self._questions,
            "heads": lambda them: self._heads(them, "【{h}】{t}"),
            "points": lambda them: self._heads(them, "▪ {h}：{t}" if self._plan.is_zh else "▪ {h}: {t}"),
            "rows": self._rows,
            "sections": self._sections,
            "questions": lambda them: self._sections(them, ask=True),
        }
        return forms[name](units)

    def _introduced(self, text: str) -> str:
        """Prose that no hook stands before begins with the product."""
        if not text or self._garment or self._plan.name.lower() in text[:30].lower():
            return text
        full = self._plan.spoken
        brand = self._plan.brand
        space = "" if self._plan.is_zh and brand[-1:] > "\u4e00" else " "
        named = full if not brand or brand.lower() in full.lower() else f"{brand}{space}{full}"
        return f"{named}，{text}" if self._plan.is_zh else f"{self._capital(named)}. {text}"

    def _sentences(self, units: Sequence[Unit], *, garment: bool = False) -> list[str]:
        prose = self._garment.sentences(self._seed) if garment and self._garment else []
        return [*prose, *self._words.sentences(units, turn=self._seed)]

    def _paragraphs(self, units: Sequence[Unit], size: int, *, garment: bool = False) -> str:
        sentences = self._sentences(units, garment=garment)
        rows = [self._space.join(sentences[at : at + size]) for at in range(0, len(sentences), size)]
        glue = "\n\n" if self._plan.brief.platform in ("xiaohongshu", "wechat_mp") else "\n"
        return glue.join(rows)

    def _bullets(self, units: Sequence[Unit]) -> str:
        mark = self._voice.bullet()
        items = [text for _, text in self._garment.items()] if self._garment else []
        items += [self._joined(cluster) for cluster in clustered(units)]
        return "\n".join(f"{mark} {self._capital(item)}" for item in items)

    def _questions(self, units: Sequence[Unit]) -> str:
        """Questions a buyer asks, each with its answer; what answers no question is said in front."""
        asked: dict[str, list[Unit]] = {}
        for unit in units:
            if unit.is_answer:
                asked.setdefault(unit.facet.name, []).append(unit)
        if len(asked) < 2:
            return self._bullets(units)
        lines = self._sentences([unit for unit in units if not unit.is_answer], garment=True)
        lines = [self._space.join(lines[at : at + 2]) for at in range(0, len(lines), 2)]
        for at, cluster in enumerate(asked.values()):
            ask = cluster[0].facet.ask[(self._seed + at) % len(cluster[0].facet.ask)]
            answer = self._words.stopped(self._joined(cluster))
            lines.append(f"Q：{ask}？\nA：{answer}" if self._plan.is_zh else f"{self._capital(ask)}? {answer}")
        glue = "\n\n" if self._plan.brief.platform == "xiaohongshu" else "\n"
        return glue.join(lines)

    def _heads(self, units: Sequence[Unit], form: str) -> str:
        """Short titles with a sentence each; small facts of one kind stand together under one title."""
        items = self._garment.items() if self._garment else []
        rows = [(head, text.removeprefix(f"{head}是")) for head, text in items]
        late = ("size", "quantity", "weight", "colour", "spec", "shelf")
        for cluster in sorted(clustered(units), key=lambda them: them[0].facet.name in late):
            # What the seller labelled otherwise stands under its own label.
            for label in dict.fromkeys(unit.label for unit in cluster):
                rows.append(self._head([unit for unit in cluster if unit.label == label]))
        merged: dict[str, str] = {}
        semicolon = "；" if self._plan.is_zh else "; "
        for at, (head, text) in enumerate(rows):
            place = head or f" {at}"
            merged[place] = f"{merged[place]}{semicolon}{text}" if place in merged else text
        bare = form.replace("【{h}】", "").replace("{h}：", "").replace("{h}: ", "")
        return "\n".join(
            (bare if head.startswith(" ") else form).format(h=head, t=self._words.stopped(self._capital(text)))
            for head, text in merged.items()
        )

    def _head(self, cluster: Sequence[Unit]) -> tuple[str, str]:
        unit = cluster[0]
        if unit.label and len(unit.label) <= _LONGEST_HEAD * (1 if self._plan.is_zh else 3):
            return unit.label, self._joined(cluster, bare=True)
        first, _, rest = unit.text.partition("，")
        if self._plan.is_zh and rest and 2 < len(first) <= _LONGEST_HEAD and len(cluster) == 1 and unit.role == "point":
            return first, self._words.explained(unit, rest)
        # A head that may be wrong is worse than none.
        sure = any(one.is_answer and one.facet.name != "howto" for one in cluster)
        return unit.facet.heads[self._seed % len(unit.facet.heads)] if sure else "", self._joined(cluster)

    def _rows(self, units: Sequence[Unit]) -> str:
        """Return a table of specifications, one label a line."""
        colon, semicolon = ("：", "；") if self._plan.is_zh else (": ", "; ")
        rows: dict[str, list[str]] = {}
        name = self._plan.name
        if not units and not self._garment:
            return ""
        if self._plan.brand and self._plan.brand not in name:
            rows["品牌" if self._plan.is_zh else "Brand"] = [self._plan.brand]
        rows["品名" if self._plan.is_zh else "Product"] = [name]
        for label, value in self._garment.rows() if self._garment else ():
            rows.setdefault(label, []).append(value)
        for unit in units:
            label, value = self._words.row(unit)
            rows.setdefault(self._capital(label), []).append(value)
        return "\n".join(f"{label}{colon}{semicolon.join(values)}" for label, values in rows.items())

    def _sections(self, units: Sequence[Unit], *, ask: bool = False) -> str:
        """Paragraphs under subheads; a subhead names what its paragraph tells, a short one joins the next."""
        parts = []
        if self._garment:
            head = self._voice.heading("point")
            parts.append(f"{self._headed(head)}\n{self._space.join(self._garment.sentences(self._seed))}")
        bands: list[list[Unit]] = []
        before_is_small = False
        for band in banded(units).values():
            small = sum(len(unit.text) for unit in band) < _SMALL_SECTION * (1 if self._plan.is_zh else 3)
            if bands and (small or before_is_small):
                bands[-1] += band
                before_is_small = False
            else:
                bands.append(band)
                before_is_small = small
        for band in bands:
            text = self._space.join(self._words.sentences(band, leads=1))
            parts.append(f"{self._headed(self._section_head(band, ask))}\n{text}")
        return ("\n\n" if self._plan.brief.platform == "wechat_mp" else "\n").join(parts)

    def _section_head(self, band: Sequence[Unit], ask: bool) -> str:
        facets = list(dict.fromkeys(unit.facet for unit in band if unit.facet.name not in ("point", "detail", "spec")))
        answers = [unit.facet for unit in band if unit.is_answer]
        if ask and answers and band[0].is_answer:
            mark = "？" if self._plan.is_zh else "?"
            return self._capital(answers[0].ask[self._seed % len(answers[0].ask)]) + mark
        if not facets or band[0].facet not in facets or len(facets) > 3:
            return self._voice.heading("point")
        labels = list(dict.fromkeys(facet.label for facet in facets))[:2]
        return self._capital(("与" if self._plan.is_zh else " and ").join(labels))

    def _headed(self, head: str) -> str:
        """Return the subhead as the platform shows one."""
        if self._plan.brief.platform == "bilibili":
            return f"【{head}】"
        return f"◆ {head}" if self._plan.brief.platform == "wechat_mp" else head

    def _joined(self, cluster: Sequence[Unit], *, bare: bool = False) -> str:
        """Return the statements of one kind as one item; `bare` leaves out the label that stands in front of it."""
        label = cluster[0].label
        texts = [unit.text if bare and unit.label == label else self.clause(unit) for unit in cluster]
        told = [self._words.explained(unit, text) for unit, text in zip(cluster, texts, strict=True)]
        return self._words.listed(told)

    def _capital(self, text: str) -> str:
        return text if self._plan.is_zh else text[:1].upper() + text[1:]

    def _told(self, role: str, glue: str | None = None) -> str:
        sentences = self._words.plain_sentences(self._take(role))
        return (self._space if glue is None else glue).join(sentences)

    def _deal(self) -> str:
        return self._space.join(self._words.deal(self._take("price", "offer")))

    def _caveat(self) -> str:
        units = self._take("caveat")
        if not units:
            return ""
        text = self._words.listed([self.clause(unit) for unit in units])
        return self._voice.caveat(text) or self._words.stopped(text)

    def _shop(self, role: str) -> str:
        """Return a line of a product page: its label, then what is said."""
        units = self._take(*(("price", "offer") if role == "price" else (role,)))
        if not units:
            return ""
        colon = "：" if self._plan.is_zh else ": "
        said = self._words.deal(units) if role == "price" else self._words.plain_sentences(units)
        told = "".join(said)
        plain = role == "price" and not any(unit.role == "offer" for unit in units) and not _CHEAPER.search(told)
        label = self._voice.shop_label(role) if not plain else self._voice.plain_price_label()
        return f"{label}{colon}{self._space.join(said)}"

    def _second_product(self) -> str:
        units, self._second = self._second, []
        told = [unit for unit in units if unit.role not in ("price", "offer")]
        sentences = self._words.sentences(told, leads=0)
        return self._space.join([*sentences, *self._words.deal([unit for unit in units if unit not in told])])

    def texts_of(self, stressed: Sequence[str]) -> list[str]:
        """Return what a revision stresses, by its kind or in the brief's words."""
        units = [unit for unit in self._plan.units if unit.label in stressed or unit.facet.label in stressed]
        others = [unit for unit in self._plan.units if unit not in units]
        units += [unit for unit in others if any(word in unit.text for word in stressed)]
        values = [value for name, value in self._plan.attributes if {kind_of_attribute(name), value} & set(stressed)]
        return [*(unit.text for unit in units), *values]

    def additions(self, asked: Plan) -> list[str]:
        """Return the statements of another plan as sentences."""
        told = [unit for unit in asked.units if unit.role not in ("price", "offer")]
        deal = [unit for unit in asked.units if unit.role in ("price", "offer")]
        return [*self._words.sentences(told, leads=0), *self._words.deal(deal)]

    def reader_question(self) -> str:
        return self._chooser.pick("ask", self._plan.pack.asks)

    @property
    def _space(self) -> str:
        return "" if self._plan.is_zh else " "
