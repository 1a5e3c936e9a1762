"""Prices, offers, sizes and the like: found by patterns over the whole text, before it is cut into phrases.

amounts.json: "fragments" are parts that patterns name in braces; "patterns" are tried in their order, and what one has
taken is closed to those after it. A pattern of the kind "spec" states nothing by itself: it keeps "蓝牙5.3" from being
read as a number of something.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_suffix(".json")
_FRAGMENT = re.compile(r"\{([A-Z]+[A-Z_\d]*)\}")
_NUMBER = re.compile(r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?")
_CURRENCIES = (
    ("HKD", r"HK\$|港币|港元"), ("TWD", r"NT\$|台币"), ("USD", r"\$|美元|美金|usd|dollars?|刀"), ("EUR", r"€|欧元"),
    ("GBP", r"£|英镑"), ("JPY", "日元"),
)  # fmt: skip
# What a price is counted by, behind its number: "/把", "一套", "2瓶".
_COUNTED_BY = re.compile(r"(?:/|[一每])(?P<one>[^\d\s/]+)$|(?:/|(?<=[元块圆]))(?P<some>\d+(?:\.\d+)?[^\d\s.,]+?)装?$")
_UNITS = {
    "毫升": "ml", "公升": "L", "升": "L", "l": "L", "克": "g", "公斤": "kg", "千克": "kg", "毫克": "mg",
    "厘米": "cm", "公分": "cm", "㎝": "cm", "毫米": "mm", "㎜": "mm", "米": "m", "公里": "km", "千米": "km",
    "英寸": "inch", "吋": "inch", '"': "inch", "in": "inch", "inches": "inch", "g": "g", "gb": "GB", "tb": "TB",
    "mah": "mAh", "毫安": "mAh", "毫安时": "mAh", "磅": "lb", "lbs": "lb", "pounds": "lb", "pound": "lb",
    "盎司": "oz", "ounces": "oz", "ounce": "oz", "克拉": "ct", "carat": "ct", "carats": "ct",
}  # fmt: skip
# "容量：350ml": a name with a colon is no part of the amount.
_LABEL = re.compile(r"[^\d\s:：]{1,8}\s*[:：]\s*(?=\S)")
# Numbers that name a day of sales: 双11 469.
_SALE_DAYS = re.compile(r"双1[12]|618(?=\D)")
_MEASURE = re.compile(r"(?P<numbers>\d[\d.,]*(?:\s*[-~至到/x×*X+]\s*\d[\d.,]*)*)\s*(?P<unit>[^\d\s,，、;；()（）]+)")


@dataclass(frozen=True)
class Amount:
    """A stretch of text that a pattern has taken; `value` as in a Fact."""

    kind: str
    start: int
    end: int
    value: str = ""
    pattern: str = ""


@dataclass(frozen=True)
class _Pattern:
    name: str
    kind: str
    value: str
    regex: re.Pattern[str]


def find_amounts(plain: str) -> list[Amount]:
    """Return every amount of a text, none overlapping another, in the text's order."""
    taken = bytearray(len(plain))
    found: list[Amount] = []
    for pattern in _patterns():
        for start, end in _matches(pattern.regex, plain):
            if not any(taken[start:end]):
                taken[start:end] = b"\x01" * (end - start)
                found.append(Amount(pattern.kind, start, end, _value(pattern.value, plain[start:end]), pattern.name))
    return sorted(found, key=lambda amount: amount.start)


def price_value(text: str, counted_by: str = "") -> str:
    """Normalise a price: "129元" to "129.0 CNY", "69.9元/把" to "69.9 CNY/把"."""
    numbers = [float(number.replace(",", "")) for number in _NUMBER.findall(_SALE_DAYS.sub("", text))]
    currency = next((name for name, signs in _CURRENCIES if re.search(signs, text, re.IGNORECASE)), "CNY")
    by = counted_by or _counted_by(text)
    numbers = numbers[: len(numbers) - by[:1].isdigit()] if not counted_by else numbers
    amount = "-".join(str(number) for number in numbers[:2])
    return f"{amount} {currency}" + (f"/{by}" if by else "")


def _counted_by(text: str) -> str:
    found = _COUNTED_BY.search(re.sub("(?:带走|到手|包邮|起)$|\\s", "", text))
    return (found["one"] or found["some"]) if found else ""


def measure_value(text: str) -> str:
    """Normalise a measure: "净含量500克" to "500 g", "45x15cm" to "45x15 cm", "500张/包" to "500 张/包"."""
    found = _MEASURE.search(text)
    if found is None:
        return ""
    numbers = re.sub(r"\s+", "", found["numbers"]).replace("~", "-").replace("×", "x").replace("*", "x")
    numbers = re.sub("[至到]", "-", numbers).strip(",.")
    unit = re.split(r"[装高长宽厚深床屏左大起重]", found["unit"])[0] or found["unit"]
    return f"{numbers} {_UNITS.get(unit.lower(), unit)}"


def _value(form: str, text: str) -> str:
    if form == "money":
        return price_value(text)
    if form == "measure":
        return measure_value(text)
    if form == "counted":
        return re.sub(r"\s+", "", re.sub(r"^\D+", "", text)).replace("装/", "/").replace("入/", "/")
    return ""


def _matches(regex: re.Pattern[str], plain: str) -> Iterator[tuple[int, int]]:
    for match in regex.finditer(plain):
        start, end = match.span()
        label = _LABEL.match(plain, start, end)
        start = label.end() if label and label.end() < end else start
        while start < end and plain[start].isspace():
            start += 1
        while end > start and plain[end - 1].isspace():
            end -= 1
        if start < end:
            yield start, end


@cache
def _patterns() -> tuple[_Pattern, ...]:
    data = json.loads(_FILE.read_text(encoding="utf-8"))
    fragments: dict[str, str] = data["fragments"]

    def expanded(pattern: str) -> str:
        while _FRAGMENT.search(pattern):
            pattern = _FRAGMENT.sub(lambda match: fragments[match[1]], pattern)
        # Blanks without end between optional words take cubic time where a text has hundreds of them.
        return pattern.replace(r"\s*", r"\s{0,6}")

    return tuple(
        _Pattern(row["name"], row["kind"], row["value"], re.compile(expanded(row["pattern"]), re.IGNORECASE))
        for row in data["patterns"]
    )
