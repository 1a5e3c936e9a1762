"""Progress reports of the library's work."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lib_adcopy.i18n import Message


@dataclass(frozen=True)
class WorkProgress:
    """`phase` is "listing", "fetching", "checking", "converting" or "loading"; `done` and `total` are bytes.

    `file` is the one at hand; `note` is something the user should know when the work is over.
    """

    phase: str
    done: int = 0
    total: int = 0
    file: str = ""
    note: Message | None = None

    @property
    def fraction(self) -> float:
        return min(self.done / self.total, 1.0) if self.total else 0.0


OnProgress = Callable[[WorkProgress], None]
