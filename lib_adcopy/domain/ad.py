"""An ad on its way from brief to creative: the one value that every use case takes and returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.copy import Candidate, Copy
from lib_adcopy.domain.drawing import DrawSettings
from lib_adcopy.domain.fields import setting
from lib_adcopy.domain.layout import LayoutChoice
from lib_adcopy.domain.photo import ProductPhoto, SceneChoice
from lib_adcopy.domain.picture import DrawResult
from lib_adcopy.domain.prompt import Prompt
from lib_adcopy.domain.writing import WriteOptions
from lib_adcopy.i18n import Message

if TYPE_CHECKING:
    from PIL.Image import Image

DEFAULT_STYLE = "classic"


@dataclass(frozen=True)
class Creative:
    """A finished creative, and where it was saved.

    `layout` names its layout; `slots` are its texts by slot, as they can be edited; `checks` are what was checked, each
    "ok", "warning" or "fault" with a sentence; `mendable` names those that one press mends.
    """

    image: Image
    path: Path
    layout: str = ""
    slots: tuple[tuple[str, str], ...] = ()
    checks: tuple[tuple[str, Message], ...] = ()
    mendable: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ad:
    """The brief with what has been made of it so far; each step fills in one more part.

    `candidates` are reviewed, best first; `copy` is the chosen one. `style` is how the picture should look.
    `photo` is the seller's own photo of the product and `scene` where it is set. `drawing` None takes the style's and
    the format's settings. `drawn` are the pictures, `creative` the finished file.
    """

    brief: Brief
    writing: WriteOptions = field(default_factory=WriteOptions)
    candidates: tuple[Candidate, ...] = ()
    copy: Copy | None = None
    style: str = setting(DEFAULT_STYLE, offered_by="styles", flag="--style")
    prompt: Prompt | None = None
    photo: ProductPhoto | None = None
    scene: SceneChoice = field(default_factory=SceneChoice)
    drawing: DrawSettings | None = None
    drawn: DrawResult | None = None
    layout: LayoutChoice = field(default_factory=LayoutChoice)
    creative: Creative | None = None
