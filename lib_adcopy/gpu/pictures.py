"""The picture model's absence during one held turn: it leaves at most once and always comes back."""

from __future__ import annotations

import logging

from lib_adcopy.gpu.device import Card
from lib_adcopy.hosts.base import PictureMemory

_log = logging.getLogger("adcopy.residency")


class Pictures:
    """For one turn; the host's queue is held from the first call to the last."""

    def __init__(self, memory: PictureMemory, card: Card) -> None:
        self._memory = memory
        self._card = card
        self._away = False

    @property
    def missing_bytes(self) -> int:
        """What has to come back onto the card before a picture can be drawn."""
        return max(self._memory.size_bytes - self._memory.card_bytes, 0)

    def leave(self) -> None:
        """Off the card, unless it is off already."""
        if not self._away:
            # First the mark: a move that fails halfway has to be undone as well.
            self._away = True
            self._memory.leave()
            self._card.give_back()

    def come_back(self) -> None:
        """Ready to draw, if it had left; what the host's own means raise is passed on."""
        if self._away:
            self._memory.come_back()
            self._away = False
