"""Fonts with Chinese: open ones first, a system's commercial one last and with a warning. None is shipped.

Order: packages of the "creative" extra, a folder of the user's, open fonts of the system, whatever else the system has.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from lib_adcopy.errors import AdCopyError

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

OPEN, COMMERCIAL, UNKNOWN = "open", "commercial", "unknown"
FAMILIES = ("sans", "serif", "kai")
# Python packages that carry fonts under the SIL Open Font License.
_PACKAGES = ("manimgx_fonts_cjk", "pylopdf_fonts_zh_cn")
_OPEN_NAMES = re.compile(
    r"noto[-_ ]?(sans|serif)[-_ ]?(cjk|sc|hans)|source[-_ ]?han|siyuan|lxgw|wenkai|smiley|deyihei|zcool|wqy|"
    r"alibabapuhuiti|harmonyos[-_ ]?sans[-_ ]?sc|dejavusans(-bold)?\.|notosanssymbols|notosansmath",
    re.IGNORECASE,
)
# Need a licence in advertisements: Founder's, Monotype's, Apple's and Hanyi's faces as systems bring them.
_COMMERCIAL_NAMES = re.compile(
    r"^(msyh|simhei|simsun|simkai|deng|st(heiti|song|kai|xihei)|pingfang|hiragino)", re.IGNORECASE
)
_FOLDERS = {
    "win32": (
        Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts",
        Path.home() / "AppData/Local/Microsoft/Windows/Fonts",
    ),
    "darwin": (Path("/System/Library/Fonts"), Path("/Library/Fonts"), Path.home() / "Library/Fonts"),
}
_UNIX_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".local/share/fonts",
    Path.home() / ".fonts",
)
_WEIGHTS = (
    ("thin", 100), ("extralight", 200), ("demilight", 350), ("light", 300), ("medium", 500), ("semibold", 600),
    ("demibold", 600), ("extrabold", 800), ("bold", 700), ("black", 900), ("heavy", 900),
)  # fmt: skip
_ENDINGS = frozenset((".ttf", ".otf", ".ttc", ".otc"))
# In Han text these say for which country's forms a face was drawn.
_REGIONS = re.compile(r"\b(SC|CN|Hans)\b")
_SAMPLE = "国"
_MEASURED_AT = 200


@dataclass(frozen=True)
class Face:
    """A face in a file. `weights` is (lowest, highest) where the font is variable, else the one weight twice."""

    file: str
    index: int
    name: str
    family: str
    weights: tuple[int, int]
    licence: str
    rank: int

    def off(self, weight: int) -> int:
        """Return how far this face's nearest weight is from the wanted one."""
        return max(self.weights[0] - weight, weight - self.weights[1], 0)


_user_folders: list[Path] = []


def add_font_folder(folder: Path) -> None:
    """Fonts of this folder come right after the packages' (a seller's own, with the licences he has)."""
    if folder not in _user_folders:
        _user_folders.append(folder)
        forget_fonts()


def forget_fonts() -> None:
    """Look for fonts anew the next time: some were installed or added."""
    for cached in (faces, face_for, has_glyph, _chain, face_of, _advance):
        cached.cache_clear()


@cache
def faces() -> tuple[Face, ...]:
    """Return every face with Chinese, best first. Raises AdCopyError where there is none."""
    found = tuple(_discover())
    if not any(face.family in FAMILIES for face in found):
        raise AdCopyError("creative.no_font")
    return found


def _discover() -> Iterator[Face]:
    for package in _PACKAGES:
        spec = find_spec(package)
        for place in (spec.submodule_search_locations or ()) if spec else ():
            yield from _faces_in(Path(place), OPEN, 0)
    for folder in _user_folders:
        yield from _faces_in(folder, UNKNOWN, 1)
    system = [file for folder in _FOLDERS.get(sys.platform, _UNIX_FOLDERS) for file in _font_files(folder)]
    for licence, names, rank in ((OPEN, _OPEN_NAMES, 2), (COMMERCIAL, _COMMERCIAL_NAMES, 4)):
        for file in system:
            if names.search(file.name):
                face = _face(file, licence, rank)
                if face:
                    yield face


def _faces_in(folder: Path, licence: str, rank: int) -> Iterator[Face]:
    for file in _font_files(folder):
        face = _face(file, OPEN if _OPEN_NAMES.search(file.name) else licence, rank)
        if face:
            yield face


def _font_files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.suffix.lower() in _ENDINGS) if folder.is_dir() else []


def _face(file: Path, licence: str, rank: int) -> Face | None:
    """Return the face of a file that has simplified Chinese, or a face of symbols; None where it cannot be opened."""
    from PIL import ImageFont

    first = None
    for index in range(12 if file.suffix.lower() in (".ttc", ".otc") else 1):
        try:
            font = ImageFont.truetype(str(file), 20, index=index, layout_engine=ImageFont.Layout.BASIC)
        except OSError:
            break
        family, style = (part or "" for part in font.getname())
        found = Face(
            str(file),
            index,
            f"{family} {style}".strip(),
            _family(family, file),
            _weights(font, style, file),
            licence,
            rank,
        )
        if _REGIONS.search(family):
            return found
        first = first or found
    return first


def _family(name: str, file: Path) -> str:
    lowered = f"{name} {file.stem}".lower()
    if re.search(r"dejavu|symbols|math|emoji", lowered):
        return "symbols"
    if re.search(r"kai", lowered):
        return "kai"
    return "serif" if re.search(r"serif|song|ming|sun", lowered) else "sans"


def _weights(font: FreeTypeFont, style: str, file: Path) -> tuple[int, int]:
    try:
        for axis in font.get_variation_axes():
            if b"eight" in bytes(axis.get("name") or b"") or axis["maximum"] >= 700:
                return int(axis["minimum"]), int(axis["maximum"])
    except (OSError, NotImplementedError):
        pass  # Not a variable font.
    lowered = f"{style} {file.stem}".lower()
    weight = next((number for word, number in _WEIGHTS if word in lowered), 400)
    return weight, weight


@cache
def face_for(family: str, weight: int) -> Face:
    """Return the best face of a family ("sans", "serif", "kai", or a face's own name) at a weight of 100-900."""
    known = faces()
    for wanted in (family, "serif" if family == "kai" else "sans", "sans", "serif"):
        fitting = [face for face in known if face.family == wanted or face.name.lower().startswith(wanted.lower())]
        if fitting:
            # A commercial face only where no open one is there at all.
            return min(fitting, key=lambda face: (face.licence == COMMERCIAL, face.off(weight), face.rank))
    return known[0]


@lru_cache(maxsize=512)
def load_font(face: Face, weight: int, size: int) -> FreeTypeFont:
    """Return the face at `size` pixels."""
    from PIL import ImageFont

    font = ImageFont.truetype(face.file, size, index=face.index, layout_engine=ImageFont.Layout.BASIC)
    if face.weights[0] != face.weights[1]:
        font.set_variation_by_axes([min(max(weight, face.weights[0]), face.weights[1])])
    return font


@cache
def has_glyph(face: Face, character: str) -> bool:
    """Tell whether the face draws the character: what it lacks comes out as its ".notdef" box, or as nothing."""
    if character.isspace():
        return True
    drawn = _drawn(face, character)
    return any(drawn) and drawn != _drawn(face, "\U0010ffff")


def _drawn(face: Face, character: str) -> bytes:
    return bytes(load_font(face, 400, 24).getmask(character))


@cache
def _chain(family: str, weight: int) -> tuple[Face, ...]:
    first = face_for(family, weight)
    others = [face for face in faces() if face.licence != COMMERCIAL or first.licence == COMMERCIAL]
    others.sort(key=lambda face: (face.family != first.family, face.off(weight), face.rank))
    return (first, *others)


@cache
def face_of(family: str, weight: int, character: str) -> Face | None:
    """Return the first face of the family's fallbacks that has the character; None where no font does."""
    return next((face for face in _chain(family, weight) if has_glyph(face, character)), None)


@cache
def _advance(face: Face, weight: int, character: str) -> float:
    return load_font(face, weight, _MEASURED_AT).getlength(character) / _MEASURED_AT


def advance(family: str, weight: int, character: str) -> float:
    """Return the width of a character in em; 0.0 for one no font has."""
    face = face_of(family, weight, character)
    return _advance(face, weight, character) if face else 0.0


def find_font(size: int, *, bold: bool = False) -> FreeTypeFont:
    """Return a plain Chinese font at `size` pixels. Raises AdCopyError where there is none."""
    weight = 700 if bold else 400
    return load_font(face_for("sans", weight), weight, size)


def licences(families: tuple[str, ...] = ("sans", "serif")) -> tuple[Face, ...]:
    """Return the faces that these families come to, so that a check can warn of one that needs a licence."""
    return tuple(dict.fromkeys(face_for(family, 700) for family in families))
