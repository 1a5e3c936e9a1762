"""The parts of a body: the hook, what is told of the product, price, service, place, the seller's own remarks."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from lib_adcopy.copywriting.composition.attributes import kind_of_attribute
from lib_adcopy.copywriting.composition.benefits import Benefits
from lib_adcopy.copywriting.composition.chinese import stopped
from lib_adcopy.copywriting.composition.chinese_text import ChineseText
from lib_adcopy.copywriting.composition.chooser import Chooser
from lib_adcopy.copywriting.composition.english import EnglishText, capital
from lib_adcopy.copywriting.composition.garments import GarmentProse
from lib_adcopy.copywriting.composition.leading import Lead
from lib_adcopy.copywriting.composition.listing import Listing
from lib_adcopy.copywriting.composition.plan import PRODUCT_ROLES, Plan, Unit
from lib_adcopy.copywriting.composition.titles import garment_title
from lib_adcopy.copywriting.composition.voice import Voice

# What is said of delivery and warranty in fewer characters stands in the paragraph of the price.
_SHORT_SERVICE = 28
# A longer statement is no entry of a table.
_LONGEST_ROW = 30
# The parts that a heading may stand above.
_HEADED = {"note": ("caveat",), "voice": ("voice",), "deal": ("deal", "service", "place")}
# What begins with a label of the seller's.
_LABELLED = re.compile(r"[^，。,.（(\d]{1,12}[：:] ?\D")
_OWN_PARTS = {"shop:contents": "contents", "shop:audience": "audience", "contents": "contents"}


class Body:
    """Writes the parts of one body; each statement is said by the first part that takes it."""

    def __init__(self, plan: Plan, register: str, voice: Voice, chooser: Chooser, seed: int) -> None:
        formal = "formal" if plan.brief.tone == "professional" else register
        self._plan, self._voice, self._chooser, self._seed = plan, voice, chooser, seed
        wording = ChineseText if plan.is_zh else EnglishText
        self._words = wording(plan, formal, chooser, voice.aside, Benefits(plan, chooser, seed).of)
        self._garment = GarmentProse(plan, chooser) if plan.attributes and plan.is_zh else None
        self._listing = Listing(plan, self._words, self._garment, voice, seed)
        self._left: list[Unit] = [unit for unit in plan.units if not unit.second]
        self._second: list[Unit] = [unit for unit in plan.units if unit.second]
        self._lead: Lead | None = None

    def clause(self, unit: Unit) -> str:
        return self._words.clause(unit)

    def hook(self, lead: Lead, limit: int = 0) -> str:
        """Return the opening; where it is the title, within its limit and without its stop."""
        if lead.angle == "none":
            made = garment_title(self._plan, self._voice, limit) if self._garment and limit else ""
            return made or (self._plain_hook(limit) if limit else "")
        if lead.angle == "voice":
            made = stopped(lead.values["v"]) if self._plan.is_zh else self._words.stopped(capital(lead.values["v"]))
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
        return self._plain_hook(limit)

    def _plain_hook(self, limit: int) -> str:
        """Return an opening that says no more than what is sold."""
        made = self._voice.hook("plain", limit) if self._plan.is_zh else ""
        return made.rstrip("。") or self._plan.full[:limit]

    def write(self, parts: Sequence[str], lead: Lead, *, rule: str, title: str) -> list[tuple[str, str]]:
        """(part, text) of every part that says something, and of what no part has said.

        `rule` is how the title was made: a hook has said what it leads with, a name what it holds whole.
        """
        if rule == "hook" and self._lead is None:
            self._take_units(lead.said)
        if rule == "name":
            self._take_units([unit for unit in self._left if self._is_told_by(unit, title)])
        written: list[tuple[str, str]] = []
        heading = ""
        for at, part in enumerate(parts):
            if part.startswith("h:"):
                heading = part[2:]
                continue
            text = self._write(part, lead, parts[at + 1 :])
            if text and part in _HEADED.get(heading, ()):
                text = f"{self._listing.headed(self._voice.heading(heading))}\n{text}"
                heading = ""
            short_after = part == "service" and written and written[-1][0] == "deal" and len(text) < _SHORT_SERVICE
            if text and short_after:
                written[-1] = ("deal", f"{written[-1][1]}{self._space}{text}")
            elif text:
                written.append((part, text))
        rest = self._space.join(filter(None, (self._deal(), self._listing.paragraphs(self._left, 3))))
        self._left = []
        at = len(written) - 1 if written and written[-1][0] == "closing" else len(written)
        second = self._second_product()
        extra = [("rest", text) for text in (rest, second) if text]
        return self._named(written[:at] + extra + written[at:], title)

    def _named(self, written: list[tuple[str, str]], title: str) -> list[tuple[str, str]]:
        """Return the parts; where neither they nor the title name the product, the first begins with it."""
        told = "\n".join([title, *(text for _, text in written)]).lower()
        if self._plan.brief.platform != "moments" or self._plan.full.lower() in told or not written:
            return written
        (part, text), *rest = written
        named = f"{self._plan.full}，{text}" if self._plan.is_zh else f"{capital(self._plan.full)}. {text}"
        return [(part, named), *rest]

    def _write(self, part: str, lead: Lead, later: Sequence[str]) -> str:
        name, _, kind = part.partition(":")
        if name == "body":
            return self._product(kind, later)
        parts: dict[str, Callable[[], str]] = {
            "hook": lambda: self.hook(lead),
            "opener": self._voice.opener,
            "guide": lambda: self._voice.guide([unit for unit in self._left if unit.role in PRODUCT_ROLES]),
            "greet": self._voice.greeting,
            "closing": self._voice.closing,
            "deal": self._deal,
            "voice": lambda: self._told("voice"),
            "service": lambda: self._told("service"),
            "place": lambda: self._told("place", "\n"),
            "caveat": self._caveat,
            "rows": lambda: self._listing.rows(self._take("attribute", "contents", "audience")),
            "recap": self._recap,
            "shop": lambda: self._shop(kind),
        }
        return parts[name]()

    def _is_told_by(self, unit: Unit, title: str) -> bool:
        """Tell whether the title says all of a statement; a price beside others is told with them."""
        alone = len([one for one in self._plan.units if one.role in ("price", "offer")]) == 1
        return (unit.role in PRODUCT_ROLES or (unit.role == "price" and alone)) and title.endswith(self.clause(unit))

    def _take(self, *roles: str) -> list[Unit]:
        taken = [unit for unit in self._left if unit.role in roles]
        self._take_units(taken)
        return taken

    def _take_units(self, units: Sequence[Unit]) -> None:
        self._left = [unit for unit in self._left if not any(unit is one for one in units)]

    def _product(self, form: str, later: Sequence[str]) -> str:
        """Return all that is told of the product, in the given form."""
        waiting = {_OWN_PARTS[part] for part in later if part in _OWN_PARTS}
        tabled = "rows" in later and not self._garment
        roles = ("point", "use") if tabled else [role for role in PRODUCT_ROLES if role not in waiting]
        units = self._take(*roles)
        if form.startswith("leads") and not self._garment:
            if not units:
                # A table without a word before it is no copy: what leads the table is said first.
                units = [unit for unit in self._left if unit.role in ("attribute", "audience")][:2]
                self._take_units(units)
            if not any(unit.role == "attribute" for unit in self._left):
                # Nothing is left for a table: the points stand as a list.
                return self._listing.write("points", units)
        if self._garment and form in ("points", "qa"):
            # A garment's titled list and its bullets say the same; the third copy is prose.
            form = "prose:1" if form == "points" else "prose:2"
        text = self._listing.write(form, units)
        is_prose = form.startswith(("prose", "leads"))
        return self._introduced(text) if is_prose and self._plan.brief.platform in ("taobao", "jd") else text

    def _introduced(self, text: str) -> str:
        """Prose that no hook stands before begins with the product."""
        if not text or self._garment or self._plan.name.lower() in text[:30].lower():
            return text
        full = self._plan.spoken
        brand = self._plan.brand
        space = "" if self._plan.is_zh and brand[-1:] > "\u4e00" else " "
        named = full if not brand or brand.lower() in full.lower() else f"{brand}{space}{full}"
        return f"{named}，{text}" if self._plan.is_zh else f"{capital(named)}. {text}"

    def _recap(self) -> str:
        """Return the specifications once more as a table, where a long text has told enough of them in prose."""
        units = [unit for unit in self._plan.of("attribute", "point", "contents") if not unit.second]
        units = [unit for unit in units if len(unit.text) <= _LONGEST_ROW]
        if self._garment or len(units) < 3:
            return ""
        return f"{self._listing.headed(self._voice.heading('table'))}\n{self._listing.rows(units)}"

    def _told(self, role: str, glue: str | None = None) -> str:
        sentences = self._words.plain_sentences(self._take(role))
        return (self._space if glue is None else glue).join(sentences)

    def _deal(self) -> str:
        return self._space.join(self._words.deal(self._take("price", "offer")))

    def _caveat(self) -> str:
        units = self._take("caveat")
        if not units:
            return ""
        sentences = self._words.plain_sentences(units)
        framed = self._voice.caveat(sentences[0].rstrip("。.")) if len(sentences) == 1 else ""
        return framed or self._space.join(sentences)

    def _shop(self, role: str) -> str:
        """Return a line of a product page: its label where that is sure, then what is said."""
        units = self._take(*(("price", "offer") if role == "price" else (role,)))
        if not units:
            return ""
        said = self._words.deal(units) if role == "price" else self._words.plain_sentences(units)
        text = self._space.join(said)
        label = "" if _LABELLED.match(text) else self._voice.shop_label(role, units)
        return f"{label}{'：' if self._plan.is_zh else ': '}{text}" if label and not text.startswith(label) else text

    def _second_product(self) -> str:
        units, self._second = self._second, []
        told = [unit for unit in units if unit.role not in ("price", "offer")]
        sentences = self._words.sentences(told)
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
        return [*self._words.sentences(told), *self._words.deal(deal)]

    def reader_question(self) -> str:
        return self._chooser.pick("ask", self._plan.pack.asks)

    @property
    def _space(self) -> str:
        return "" if self._plan.is_zh else " "
