"""Choices that differ from one seed to the next."""

from __future__ import annotations

import random
from collections.abc import Sequence


class Chooser:
    """Draws from lists so that consecutive seeds draw different entries.

    Each list is shuffled once by `key` (the brief) and entered at the seed's own place: candidates with the seeds
    s, s+1, ... of one brief share no entry while the list is longer than what they take from it. What a copy has
    already used is not drawn again.
    """

    def __init__(self, key: str, seed: int) -> None:
        self._key, self._seed = key, seed
        self._used: set[str] = set()

    def order(self, slot: str, entries: Sequence[str], take: int = 1) -> list[str]:
        """Return all entries, the seed's own first; `take` is how many of them one copy uses."""
        unique = list(dict.fromkeys(entries))
        random.Random(f"{self._key}|{slot}").shuffle(unique)
        start = self._seed * take % len(unique) if unique else 0
        rotated = unique[start:] + unique[:start]
        return [entry for entry in rotated if entry not in self._used]

    def pick(self, slot: str, entries: Sequence[str], take: int = 1) -> str:
        """Return the first of `order`, used up; "" where nothing is left."""
        left = self.order(slot, entries, take)
        if not left:
            return ""
        self._used.add(left[0])
        return left[0]

    def use(self, entry: str) -> None:
        """Count an entry as drawn."""
        self._used.add(entry)

    def number(self, slot: str, below: int) -> int:
        """Return a number in 0..below-1 that goes round with the seed."""
        return (random.Random(f"{self._key}|{slot}").randrange(below) + self._seed) % below
