"""A brand kit: name, logo, colours, fonts, slogan and corner, in a folder with brand.json or as that file alone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lib_adcopy.creative.colour import RGB, parse, to_hex
from lib_adcopy.domain.characters import whole_characters
from lib_adcopy.errors import AdCopyError
from lib_adcopy.storage.atomic import write_atomic
from lib_adcopy.storage.picture_text import picture_errors

if TYPE_CHECKING:
    from PIL.Image import Image

_FILE = "brand.json"
_LOGO_BYTES = 20 * 2**20
_LOGO_PIXELS = 4096 * 4096


@dataclass(frozen=True)
class BrandKit:
    """`colours` are the brand's, the leading one first; `fonts` are a role's family ("display": "LXGW WenKai").

    `logo` is a file beside the kit, `corner` where the AI label goes ("" lets the layout choose).
    """

    name: str = ""
    slogan: str = ""
    colours: tuple[RGB, ...] = ()
    fonts: Mapping[str, str] = field(default_factory=dict)
    logo: Path | None = None
    corner: str = ""

    def open_logo(self) -> Image | None:
        """Return the logo, cropped to its ink; raises AdCopyError where it is no picture or too large."""
        if self.logo is None:
            return None
        from PIL import Image

        try:
            if self.logo.stat().st_size > _LOGO_BYTES:
                raise AdCopyError("creative.bad_logo", file=self.logo.name)
            with Image.open(self.logo) as opened:
                if opened.width * opened.height > _LOGO_PIXELS:
                    raise AdCopyError("creative.bad_logo", file=self.logo.name)
                logo = opened.convert("RGBA")
        except picture_errors() as error:
            raise AdCopyError("creative.bad_logo", file=self.logo.name) from error
        box = logo.getchannel("A").point(lambda value: 255 if value > 8 else 0).getbbox()
        return logo.crop(box) if box else None


def read_brand(path: Path) -> BrandKit:
    """Return the kit of a folder or of its brand.json; raises AdCopyError that says what is wrong."""
    file = path / _FILE if path.is_dir() else path
    try:
        stored: dict[str, Any] = whole_characters(json.loads(file.read_text(encoding="utf-8-sig")))
        logo = _beside(file, str(stored["logo"])) if stored.get("logo") else None
        return BrandKit(
            name=str(stored.get("name", "")),
            slogan=str(stored.get("slogan", "")),
            colours=tuple(parse(str(colour)) for colour in stored.get("colours", stored.get("colors", ()))),
            fonts={str(role): str(family) for role, family in dict(stored.get("fonts", {})).items()},
            logo=logo,
            corner=str(stored.get("corner", "")),
        )
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise AdCopyError("creative.bad_brand", file=file.name, reason=str(error)) from error


def _beside(file: Path, name: str) -> Path:
    """Return a file in the kit's own folder; a kit from elsewhere names no other."""
    found = (file.parent / name).resolve()
    if file.parent.resolve() not in found.parents:
        raise ValueError(f"{name} is not beside {file.name}")
    return found


def save_brand(kit: BrandKit, folder: Path) -> Path:
    """Writes brand.json into the folder, which must hold the logo already."""
    folder.mkdir(parents=True, exist_ok=True)
    stored = {
        "name": kit.name, "slogan": kit.slogan, "colours": [to_hex(colour) for colour in kit.colours],
        "fonts": dict(kit.fonts), "logo": kit.logo.name if kit.logo else "", "corner": kit.corner,
    }  # fmt: skip
    write_atomic(folder / _FILE, json.dumps(stored, ensure_ascii=False, indent=1) + "\n")
    return folder / _FILE


def list_brands(folder: Path) -> dict[str, Path]:
    """Saved kits: the folders of `folder` that have a brand.json, by folder name."""
    return {file.parent.name: file.parent for file in sorted(folder.glob(f"*/{_FILE}"))} if folder.is_dir() else {}
