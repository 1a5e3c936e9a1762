"""What happens while a creative is made, told to whoever watches (the tab, the command line)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lib_adcopy.domain.copy import Copy, Draft
from lib_adcopy.domain.prompt import Prompt
from lib_adcopy.hosts.base import DrawProgress, DrawResult

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True)
class Loading:
    """The writer's model is read first; in bytes."""

    done: int
    total: int

    @property
    def fraction(self) -> float:
        return min(self.done / self.total, 1.0) if self.total else 0.0


@dataclass(frozen=True)
class Writing:
    draft: Draft


@dataclass(frozen=True)
class Written:
    """All candidates, reviewed, best first."""

    candidates: tuple[Copy, ...]


@dataclass(frozen=True)
class Derived:
    prompt: Prompt


@dataclass(frozen=True)
class Drawing:
    progress: DrawProgress


@dataclass(frozen=True)
class Drawn:
    result: DrawResult


@dataclass(frozen=True)
class Composed:
    """A finished creative, saved at `path`."""

    image: Image
    path: Path


Event = Loading | Writing | Written | Derived | Drawing | Drawn | Composed
