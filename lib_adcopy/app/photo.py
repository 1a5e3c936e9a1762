"""The use case of a product photo: from its cut-out to the finished picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.layout import DEFAULT_FORMAT
from lib_adcopy.i18n import Message
from lib_adcopy.prompting.sizes import plan_size

if TYPE_CHECKING:
    from lib_adcopy.photo.cutout import Cutout
    from lib_adcopy.photo.picture import PhotoPicture
    from lib_adcopy.photo.placement import Placement

# The platforms' main picture on white.
_WHITE_FORMAT = "taobao-main"
_ENLARGED_AT_MOST = 1.3


@dataclass(frozen=True)
class MadePicture:
    """A finished picture and what the user should know of it."""

    picture: PhotoPicture
    notes: tuple[Message, ...] = ()


def picture_from_photo(
    cutout: Cutout,
    *,
    brief: Brief | None = None,
    scene: str = "",
    format_name: str = "",
    placement: Placement | None = None,
    white: bool = False,
    seed: int = 0,
) -> MadePicture:
    """The picture of a cut-out product at a format's size, on a ground drawn without a model.

    `white` asks for the platforms' main picture; `scene` in words, or the brief, chooses the ground otherwise.
    """
    from lib_adcopy.photo.grounds import WHITE
    from lib_adcopy.photo.picture import on_drawn_ground
    from lib_adcopy.photo.placement import Placement, kind_of
    from lib_adcopy.photo.scenes import ground_for

    category = brief.category if brief else "other"
    words = scene or (brief.text if brief else "")
    ground = WHITE if white else ground_for(words, category)
    size = plan_size(format_name or (_WHITE_FORMAT if white else DEFAULT_FORMAT), "SD1").final
    placed = placement or Placement(kind=kind_of(category))
    picture = on_drawn_ground(cutout, size, ground, placed, seed=seed)
    notes = notes_of(cutout, picture.placed.enlarged)
    return MadePicture(picture, notes if white else (*notes, Message("photo.note.no_model")))


def notes_of(cutout: Cutout, enlarged: float) -> tuple[Message, ...]:
    """Name what the user should know of a cut-out that was pasted `enlarged` times as large."""
    notes: list[Message] = []
    if not cutout.is_sure:
        notes.append(Message("photo.note.look"))
    if enlarged > _ENLARGED_AT_MOST:
        notes.append(Message("photo.note.enlarged", {"times": f"{enlarged:.1f}"}))
    return tuple(notes)
