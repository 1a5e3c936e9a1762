"""Copy for AdvertiseGen's attributes: a few flowing sentences on look, shape, details and fabric of a garment."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from lib_adcopy.copywriting.composition.attributes import kind_of_attribute
from lib_adcopy.copywriting.composition.bank import load_copy_data
from lib_adcopy.copywriting.composition.chooser import Chooser
from lib_adcopy.copywriting.composition.plan import Plan

Pair = tuple[str, str]
_SHAPE = ("版型", "形", "腰", "类型", "长")
_LOOK = ("风格", "图案")
_LABELS = {
    "材质": "面料", "风格": "风格", "版型": "版型", "图案": "图案", "领": "领型", "袖": "袖型", "腰": "腰型",
    "长": "长度", "门襟": "门襟", "下摆": "下摆", "裤口": "裤脚", "款式": "细节", "形": "廓形", "类型": "款式",
    "颜色": "颜色",
}  # fmt: skip
# What can be said of a value by itself, without the words before it.
_STANDS = re.compile(r"(?![人就也])[^，]{3,}")
# Longest sentence of two clauses.
_ROOM = 40
# Labels of what is no part of a garment.
_OFFER = re.compile("活动|优惠|促销|赠|福利")
_ORDERS = (
    ("look", "shape", "detail", "fabric"), ("shape", "detail", "fabric", "look"), ("fabric", "look", "shape", "detail"),
)  # fmt: skip


class GarmentProse:
    """Words the attributes of one garment; candidates differ in their clauses and in the order of the sentences."""

    def __init__(self, plan: Plan, chooser: Chooser) -> None:
        self._plan, self._chooser = plan, chooser
        self._table: dict[str, Any] = load_copy_data("zh/garments.json")
        self._worn = _worn_as(plan, self._table["worn"])
        # Dry remarks and particles left for this copy.
        self._remarks = self._particles = 1
        product, named = plan.brief.product_pair, plan.full
        pairs = [
            pair for pair in plan.attributes if pair[0] != "类型" and (pair != product or not _is_garment(pair[1]))
        ]
        pairs = [pair for pair in pairs if pair[1] not in named or kind_of_attribute(pair[0]) == "材质"]
        self._colours = [value for name, value in pairs if kind_of_attribute(name) == "颜色"]
        others = [pair for pair in dict.fromkeys(pairs) if kind_of_attribute(pair[0]) != "颜色"]
        # A value under two names, lace as fabric and as pattern, is told once.
        others = list({value: (name, value) for name, value in reversed(others)}.values())[::-1]
        styles = [written_value(name, value) for name, value in others if name == "风格"]
        self._pairs = [pair for pair in others if pair[0] != "风格"]
        if styles:
            self._pairs.insert(0, ("风格", "、".join(styles)))
        self._pairs = self._shared(self._pairs)

    def sentences(self, order: int) -> list[str]:
        """Return the garment's prose; `order` 0 begins with its look, 1 with its shape, 2 with its fabric."""
        groups = self._groups()
        ordered = [(name, groups[name]) for name in _ORDERS[order % 3] if groups[name]]
        if not ordered:
            return [self._open("")] if self._colours else []
        (first, pairs), *rest = ordered
        made = [self._open(self.clause(pairs[0]))]
        for name, group in [(first, pairs[1:]), *rest]:
            made += self._grouped(name, group)
        if self._plan.brief.length != "short" and (pairing := self._pairing()):
            made.append(pairing)
        if self._plan.brief.tone == "lively":
            made = [text[:-1] + "！" if at % 2 and text.endswith("。") else text for at, text in enumerate(made)]
        return made

    def _groups(self) -> dict[str, list[Pair]]:
        kinds = {
            "look": [pair for pair in self._pairs if kind_of_attribute(pair[0]) in _LOOK],
            "shape": [pair for pair in self._pairs if kind_of_attribute(pair[0]) in _SHAPE],
            "fabric": [pair for pair in self._pairs if kind_of_attribute(pair[0]) == "材质"],
        }
        used = [pair for pairs in kinds.values() for pair in pairs]
        return {**kinds, "detail": [pair for pair in self._pairs if pair not in used]}

    def rows(self) -> list[Pair]:
        """(label, value) of every attribute for a table; values of one label stand together."""
        rows: dict[str, list[str]] = {}
        for value in self._colours:
            rows.setdefault("颜色", []).append(value)
        for name, value in self._pairs:
            rows.setdefault(_label_of(name, value), []).append(written_value(name, value))
        return [(label, "、".join(dict.fromkeys(values))) for label, values in rows.items()]

    def items(self) -> list[Pair]:
        """(title, sentence) of every attribute: the value is the title where its clause can do without it."""
        made: list[Pair] = []
        for name, value in self._pairs:
            text, clause = written_value(name, value), self.clause((name, value))
            first, _, rest = clause.partition("，")
            left = clause.removeprefix(text).lstrip("的")
            label = _label_of(name, value)
            goes_on = clause.startswith(text) and not left.startswith(("风格", "图案", "一身", "路线", "款"))
            if goes_on and len(left) > 4 and len(text) > 1:
                made.append((text, left))
            elif text in first and len(rest) > 3:
                made.append((text, rest))
            else:
                made.append((label, clause if value in self._table["values"] else text))
        made.sort(key=lambda item: item[0] in ("长度", "风格"))
        return [*([("颜色", "、".join(self._colours))] if self._colours else []), *made]

    def lines(self) -> list[str]:
        """Return one clause a line, for lists without titles."""
        colours = [f"{'、'.join(self._colours)}的{self._plan.spoken}"] if self._colours else []
        return [*colours, *(self.clause(pair) for pair in self._pairs)]

    def clause(self, pair: Pair) -> str:
        name, value = pair
        if kind_of_attribute(name) == "*" and re.search(r"\d", value):
            return value if _OFFER.search(name) else f"{name}{value}"
        known = None if _is_cuff(name, value) else self._table["values"].get(value)
        fitting = [frame for frame in known or () if not self._unfit(frame)]
        frames = fitting or self._table["kinds"].get(kind_of_attribute(name)) or self._table["kinds"]["*"]
        text = written_value(name, value)
        clause = str(self._chooser.order(f"garment {value}", frames)[0]).format(v=text)
        return self._toned(name, value, clause)

    def _unfit(self, frame: str) -> bool:
        """Tell whether a clause speaks of a part that the garment does not have, or of layers it is not worn with."""
        pattern = self._table["unfit"].get(self._worn, "")
        return bool(pattern) and re.search(pattern, frame) is not None

    def _toned(self, name: str, value: str, clause: str) -> str:
        """Return the clause in the copy's tone: formal, with a particle or with a dry remark behind it."""
        tone, kind = self._plan.brief.tone, kind_of_attribute(name)
        effect = clause.partition("，")[2]
        if tone in ("literary", "premium") and _STANDS.match(effect) and written_value(name, value) not in effect:
            calm = self._table[tone].get(kind, "{v}").format(v=written_value(name, value))
            return f"{calm}，{effect}"
        if tone == "professional":
            formal = self._table["formal"].get(kind, "采用{v}").format(v=written_value(name, value))
            return f"{formal}，{effect}" if effect and written_value(name, value) not in effect else formal
        if tone == "lively" and effect and self._particles and not clause.endswith(("了", "的", "呢")):
            self._particles -= 1
            return f"{clause}呀"
        if tone == "humorous" and self._remarks and kind in self._table["remarks"]:
            self._remarks -= 1
            return clause + str(self._chooser.order(f"remark {kind}", self._table["remarks"][kind])[0])
        return clause

    def _open(self, clause: str) -> str:
        plan = self._plan
        colour = "、".join(self._colours[:2])
        if not clause:
            return f"{colour}的{plan.full}。"
        frames = self._table["opens" if colour else "opens_plain"][plan.brief.tone]
        frame = self._chooser.order("garment open", frames)[0]
        colour = colour if colour.endswith("色") or "、" in colour or len(colour) > 1 else f"{colour}色"
        return str(frame.format(colour=colour, noun=plan.full, unit=plan.pack.unit, a=clause))

    def _shared(self, pairs: Sequence[Pair]) -> list[Pair]:
        """Return the pairs; values of one kind that have no clause of their own are one: 面料用的是醋酸和缎面."""
        kinds: dict[str, list[Pair]] = {}
        for name, value in pairs:
            own = value in self._table["values"]
            kind = kind_of_attribute(name)
            kinds.setdefault(f"{name if kind == '*' else kind} {value if own else ''}", []).append((name, value))
        return [(group[0][0], "和".join(value for _, value in group)) for group in kinds.values()]

    def _pairing(self) -> str:
        """Return what it can be worn with."""
        return self._chooser.pick("pairing", self._table["pairings"].get(self._worn, ()))

    def _grouped(self, name: str, pairs: Sequence[Pair]) -> list[str]:
        """Return one or two clauses a sentence; a short copy lists the details."""
        if self._plan.brief.length == "short" and name == "detail" and len(pairs) > 2:
            measured = [pair for pair in pairs if re.search(r"\d", pair[1])]
            texts = list(dict.fromkeys(written_value(*pair) for pair in pairs if pair not in measured))
            told = [self.clause(pair) for pair in measured]
            if len(texts) < 2:
                return ["，".join([*texts, *told]) + "。"]
            end = "，".join(["", *told])
            return [f"细节上有{'、'.join(texts[:-1])}和{texts[-1]}{end}。"]
        made: list[str] = []
        left = [self.clause(pair) for pair in pairs]
        frames: list[str] = self._table["joins"].get(name, ["{a}；{b}", "{a}，{b}"])
        while left:
            paired = [frame for frame in frames if "{b}" in frame]
            if len(left) > 1 and paired and len(left[0]) + len(left[1]) <= _ROOM:
                frame = self._chooser.order(f"join {name} {len(made)}", paired if not made else ["{a}；{b}"])[0]
                made.append(frame.format(a=left.pop(0), b=left.pop(0)) + "。")
                continue
            single = [frame for frame in frames if "{b}" not in frame] or ["{a}"]
            frame = self._chooser.order(f"join {name} {len(made)}", single)[0] if not made else "{a}"
            made.append(frame.format(a=left.pop(0)) + "。")
        return made


def _is_garment(value: str) -> bool:
    """Tell whether an attribute's value is a garment's noun, 外套, and no shape of one, 大裙摆."""
    worn: dict[str, str] = load_copy_data("zh/garments.json")["worn"]
    return any(re.search(rf"(?:{pattern})$", value) for pattern in worn.values())


def written_value(name: str, value: str) -> str:
    """Return an attribute's value as it is written in a text: v领 is V领."""
    table: dict[str, str] = load_copy_data("zh/garments.json")["written"]
    written = value if _is_cuff(name, value) else table.get(value, value)
    return written.removesuffix("风") if value == "ol" else written


def _label_of(name: str, value: str) -> str:
    """Return what stands before a value: the seller's own label where it is no part of a garment."""
    kind = kind_of_attribute(name)
    return name if kind == "*" and re.search(r"\d", value) else _LABELS.get(kind, "细节")


def _is_cuff(name: str, value: str) -> bool:
    """Tell whether 收口 is at the ankle of trousers: its usual clauses speak of sleeves."""
    return name == "裤口" and value == "收口"


def _worn_as(plan: Plan, worn: dict[str, str]) -> str:
    """Return what kind of garment it is, by its noun or else by AdvertiseGen's type."""
    kind = next((value for name, value in plan.attributes if name == "类型"), "")
    for text in (plan.full, plan.name, kind):
        found = [(*match.span()[::-1], name) for name, pattern in worn.items() for match in re.finditer(pattern, text)]
        if found:
            # The noun that ends last, the longest of these: 连衣裙, not 裙.
            return max(found, key=lambda entry: (entry[0], -entry[1]))[2]
    return ""
