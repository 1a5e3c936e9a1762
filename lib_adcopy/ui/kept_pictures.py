"""A browser tab's pictures between two presses: the file where there is one, and pixels only where there is none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lib_adcopy.domain.picture import Picture
from lib_adcopy.storage.picture_text import picture_errors

if TYPE_CHECKING:
    from PIL.Image import Image

# Of pictures that a webui was told not to save: a session stays in memory as long as the server runs.
_UNSAVED_KEPT = 8


@dataclass(frozen=True)
class KeptPicture:
    """`pixels` is None where the picture is read from `path`, and where it is not kept at all."""

    infotext: str = ""
    seed: int = -1
    path: Path | None = None
    pixels: Image | None = None
    mask: Image | None = None

    def image(self) -> Image | None:
        """Return the picture; None where it is not kept, or its file was deleted or broken since."""
        if self.path is None:
            return self.pixels
        from PIL import Image

        try:
            with Image.open(self.path) as opened:
                opened.load()
                image = opened.copy()
        except picture_errors():
            return None
        # By this webuis show the saved file instead of saving it once more.
        image.already_saved_as = str(self.path)  # type: ignore[attr-defined]
        return image

    def picture(self) -> Picture | None:
        image = self.image()
        return Picture(image, self.infotext, self.seed, self.path, self.mask) if image is not None else None


def kept(pictures: Sequence[Picture]) -> tuple[KeptPicture, ...]:
    """Return what a session holds of a drawing; of pictures without a file the first few."""
    unsaved = [id(picture) for picture in pictures if picture.path is None][:_UNSAVED_KEPT]
    return tuple(
        KeptPicture(one.infotext, one.seed, one.path, one.image if id(one) in unsaved else None, one.mask)
        for one in pictures
    )


def shown(pictures: Iterable[KeptPicture]) -> list[Image]:
    """Return those that can still be shown."""
    images = (picture.image() for picture in pictures)
    return [image for image in images if image is not None]
