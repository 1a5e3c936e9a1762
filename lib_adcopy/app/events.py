"""Describe what happens while a creative is made, told to whoever watches (the tab, the command line)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lib_adcopy.domain.ad import Ad
from lib_adcopy.domain.copy import Draft
from lib_adcopy.hosts.base import DrawProgress


@dataclass(frozen=True)
class Loading:
    """The writer's model is being read; in bytes."""

    done: int
    total: int

    @property
    def fraction(self) -> float:
        """Share read so far, 0..1."""
        return min(self.done / self.total, 1.0) if self.total else 0.0


@dataclass(frozen=True)
class Writing:
    """A candidate as far as it is written."""

    draft: Draft


@dataclass(frozen=True)
class Written:
    """The ad with all its candidates, reviewed, best first."""

    ad: Ad


@dataclass(frozen=True)
class Derived:
    """The ad with its prompt."""

    ad: Ad


@dataclass(frozen=True)
class Drawing:
    """Report how far the pictures are."""

    progress: DrawProgress


@dataclass(frozen=True)
class Drawn:
    """The ad with its pictures."""

    ad: Ad


@dataclass(frozen=True)
class Composed:
    """The ad with its finished creative."""

    ad: Ad


@dataclass(frozen=True)
class Exporting:
    """The export has come so far: `done` of `of` formats."""

    done: int
    of: int


@dataclass(frozen=True)
class Exported:
    """The zip of all formats."""

    path: Path


Event = Loading | Writing | Written | Derived | Drawing | Drawn | Composed | Exporting | Exported
