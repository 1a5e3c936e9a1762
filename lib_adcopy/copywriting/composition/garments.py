"""Prose for AdvertiseGen's attributes: a few flowing sentences on look, shape, details and fabric of a garment."""

from __future__ import annotations

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
_ROOM = 38


class GarmentProse:
    """Words the attributes of one garment; candidates differ in their clauses and in the order of the sentences."""

    def __init__(self, plan: Plan, chooser: Chooser) -> None:
        self._plan, self._chooser = plan, chooser
        self._table: dict[str, Any] = load_copy_data("zh/garments.json")
        written: dict[str, str] = self._table["written"]
        product = plan.brief.product_pair
        named = plan.full
        pairs = [pair for pair in plan.attributes if pair[0] != "类型" and pair != product]
        pairs = [pair for pair in pairs if pair[1] not in named or kind_of_attribute(pair[0]) in ("材质",)]
        self._written = written
        # Dry remarks left for this copy.
        self._remarks = 2
        self._colours = [value for name, value in pairs if kind_of_attribute(name) == "颜色"]
        others = [pair for pair in dict.fromkeys(pairs) if kind_of_attribute(pair[0]) != "颜色"]
        # A value under two names, lace as fabric and as pattern, is told once.
        others = list({value: (name, value) for name, value in reversed(others)}.values())[::-1]
        styles = [written.get(value, value) for name, value in others if name == "风格"]
        self._pairs = [pair for pair in others if pair[0] != "风格"]
        if styles:
            self._pairs.insert(0, ("风格", "、".join(styles)))

    def sentences(self, order: int) -> list[str]:
        """Return the garment's prose; `order` 0 begins with its look, 1 with its shape, 2 with its details."""
        groups = {
            "look": [pair for pair in self._pairs if kind_of_attribute(pair[0]) in _LOOK],
            "shape": [pair for pair in self._pairs if kind_of_attribute(pair[0]) in _SHAPE],
            "fabric": [pair for pair in self._pairs if kind_of_attribute(pair[0]) == "材质"],
        }
        used = [pair for pairs in groups.values() for pair in pairs]
        groups["detail"] = [pair for pair in self._pairs if pair not in used]
        orders = (
            ("look", "shape", "detail", "fabric"), ("shape", "fabric", "look", "detail"),
            ("fabric", "look", "detail", "shape"),
        )  # fmt: skip
        ordered = [(name, groups[name]) for name in orders[order % 3] if groups[name]]
        if not ordered:
            return [self._open("")] if self._colours else []
        first, pairs = ordered[0]
        made = [self._open(self.clause(pairs[0]))]
        rest = [(first, pairs[1:]), *ordered[1:]]
        for name, group in rest:
            made += self._grouped(name, [self.clause(pair) for pair in group])
        if self._plan.brief.tone == "lively":
            made = [text[:-1] + "！" if at % 2 and text.endswith("。") else text for at, text in enumerate(made)]
        return made

    def rows(self) -> list[Pair]:
        """(label, value) of every attribute for a table; values of one label stand together."""
        rows: dict[str, list[str]] = {}
        for value in self._colours:
            rows.setdefault("颜色", []).append(value)
        for name, value in self._pairs:
            rows.setdefault(_LABELS.get(kind_of_attribute(name), name), []).append(self._text(value))
        return [(label, "、".join(values)) for label, values in rows.items()]

    def items(self) -> list[Pair]:
        """(short title, clause) of every attribute, for lists."""
        labels = [_LABELS.get(kind_of_attribute(name), "细节") for name, _ in self._pairs]
        made = [(label, self.clause(pair)) for label, pair in zip(labels, self._pairs, strict=True)]
        made.sort(key=lambda item: item[0] in ("长度", "风格"))
        return [*made, *([("颜色", f"颜色是{'、'.join(self._colours)}")] if self._colours else [])]

    def clause(self, pair: Pair) -> str:
        name, value = pair
        # 收口 of trousers is at the ankle; its clauses speak of sleeves.
        known = None if name == "裤口" and value == "收口" else self._table["values"].get(value)
        frames = known or self._table["kinds"].get(kind_of_attribute(name)) or self._table["kinds"]["*"]
        text = value if known is None and name == "裤口" else self._text(value)
        clause = self._chooser.order(f"garment {value}", frames)[0].format(v=text)
        return self._toned(name, value, clause)

    def _toned(self, name: str, value: str, clause: str) -> str:
        """Return the clause in the copy's tone: formal, cut to what it names, or with a dry remark behind it."""
        tone, kind = self._plan.brief.tone, kind_of_attribute(name)
        first, _, effect = clause.partition("，")
        if tone == "premium":
            return first if self._text(value) in first else f"{_LABELS.get(kind, '细节')}，{self._text(value)}"
        if tone == "professional":
            formal = self._table["formal"].get(kind, "采用{v}").format(v=self._text(value))
            return f"{formal}，{effect}" if effect and self._text(value) not in effect else formal
        if tone == "lively" and effect and not clause.endswith(("了", "的", "呢")):
            return clause + self._chooser.order(f"particle {value}", ["哦", "呀", ""])[0]
        if tone == "humorous" and self._remarks and kind in self._table["remarks"]:
            self._remarks -= 1
            return clause + str(self._chooser.order(f"remark {kind}", self._table["remarks"][kind])[0])
        return clause

    def _text(self, value: str) -> str:
        return self._written.get(value, value).removesuffix("风") if value == "ol" else self._written.get(value, value)

    def _open(self, clause: str) -> str:
        plan = self._plan
        colour = "、".join(self._colours[:2])
        if not clause:
            return f"{colour}的{plan.full}。"
        frames = self._table["opens" if colour else "opens_plain"][plan.brief.tone]
        frame = self._chooser.order("garment open", frames)[0]
        colour = colour if colour.endswith("色") or "、" in colour or len(colour) > 1 else f"{colour}色"
        return str(frame.format(colour=colour, noun=plan.full, unit=plan.pack.unit, a=clause))

    def _grouped(self, name: str, clauses: Sequence[str]) -> list[str]:
        """Return one or two clauses a sentence."""
        made: list[str] = []
        left = list(clauses)
        frames: list[str] = self._table["joins"].get(name, ["{a}；{b}", "{a}，{b}"])
        while left:
            pair = [frame for frame in frames if "{b}" in frame and len(left) > 1]
            short = len(left) > 1 and len(left[0]) + len(left[1]) <= _ROOM
            if pair and short:
                frame = self._chooser.order(f"join {name} {len(made)}", pair)[0]
                made.append(frame.format(a=left.pop(0), b=left.pop(0)) + "。")
                continue
            single = [frame for frame in frames if "{b}" not in frame] or ["{a}"]
            frame = self._chooser.order(f"join {name} {len(made)}", single)[0] if not made else "{a}"
            made.append(frame.format(a=left.pop(0)) + "。")
        return made
