"""Two parts of a stack side by side."""

from __future__ import annotations

from dataclasses import dataclass, replace

from lib_adcopy.creative.elements import Element
from lib_adcopy.creative.items.setting import Extent, Item, Setting
from lib_adcopy.creative.price_block import PriceBlock


@dataclass(frozen=True)
class SideBySide:
    """Two parts side by side, the second at the right end (or close to the first); middles on one line.

    A price beside something has its tag and the price before above the digits where it would not fit otherwise.
    """

    first: Item
    second: Item
    spread: bool = False
    gap: float = 0.6
    slot: str = ""
    between: float = 0.6

    def _fitting(self, s: float, room: float) -> tuple[Item, Extent, Extent] | None:
        """Return the first part as it fits, with what both take."""
        firsts: list[Item] = [self.first]
        if isinstance(self.first, PriceBlock) and self.first.stacked is None:
            firsts.append(replace(self.first, stacked=True))
        for first in firsts:
            one = first.extent(s, room)
            two = self.second.extent(s, room - one[0] - self.between * s) if one else None
            if one and two:
                return first, one, two
        return None

    def extent(self, s: float, room: float) -> Extent | None:
        found = self._fitting(s, room)
        if found is None:
            return None
        _, one, two = found
        return room if self.spread else one[0] + self.between * s + two[0], max(one[1], two[1])

    def place(self, s: float, room: float, left: float, top: float) -> list[Element]:
        found = self._fitting(s, room)
        if found is None:
            return []
        first, one, two = found
        height = max(one[1], two[1])
        setting: Setting = self.first.setting  # type: ignore[attr-defined]
        start = left if self.spread else left + setting.offset(one[0] + self.between * s + two[0], room)
        second = left + room - two[0] if self.spread else start + one[0] + self.between * s
        placed = first.place(s, one[0], start, top + (height - one[1]) / 2)
        return placed + self.second.place(s, two[0], second, top + (height - two[1]) / 2)
