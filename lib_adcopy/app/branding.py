"""The seller's brand kits and fonts: saved in the data folder, chosen by name."""

from __future__ import annotations

import importlib
import importlib.util
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lib_adcopy.errors import AdCopyError
from lib_adcopy.model_library.names import is_plain_name

if TYPE_CHECKING:
    from lib_adcopy.creative.brand import BrandKit

_UNSAFE = re.compile(r"[^\w-]+")
_NAME_AT_MOST = 40
# The packages of the "creative" extra that carry fonts (SIL Open Font License), as pyproject.toml pins them.
OPEN_FONTS = ("manimgx-fonts-cjk==2026.9.26.post1", "pylopdf-fonts-zh-cn==0.1.1")
_INSTALL_SECONDS = 900


class Brands:
    """The kits under `folder`, each in a folder of its own: brand.json and the logo."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> tuple[str, ...]:
        """List the saved kits."""
        from lib_adcopy.creative.brand import list_brands

        return tuple(list_brands(self._folder))

    def open(self, name: str) -> BrandKit:
        """Return the kit of this name, an empty one for "" or a kit that is gone."""
        from lib_adcopy.creative.brand import BrandKit, list_brands, read_brand

        found = list_brands(self._folder).get(name)
        return read_brand(found) if found else BrandKit()

    def save(
        self, name: str, *, slogan: str = "", colours: Sequence[str] = (), font: str = "", logo: Path | None = None,
        corner: str = "",
    ) -> str:  # fmt: skip
        """Save a kit and return the name it is chosen by; a kit of that name is replaced, its logo kept if no new one.

        Raises AdCopyError for a name without letters, a colour that is none, or a logo that is no picture.
        """
        from lib_adcopy.creative.brand import BrandKit, save_brand
        from lib_adcopy.creative.colour import parse

        key = _UNSAFE.sub("-", name).strip("-_")[:_NAME_AT_MOST]
        if not key:
            raise AdCopyError("creative.brand_needs_a_name")
        if not is_plain_name(key):
            # A brand may be called Con or Aux; Windows has no such folders.
            key = f"{key}-brand"
        try:
            parsed = tuple(parse(colour) for colour in colours)
        except ValueError as error:
            raise AdCopyError("creative.bad_brand", file=name, reason=str(error)) from error
        folder = self._folder / key
        kept = self.open(key).logo if logo is None else self._keep_logo(logo, folder)
        fonts = {"display": font} if font else {}
        try:
            save_brand(BrandKit(name.strip(), slogan.strip(), parsed, fonts, kept, corner), folder)
        except OSError as error:
            raise AdCopyError("storage.not_saved", folder=str(folder), reason=error.strerror or str(error)) from error
        return key

    def delete(self, name: str) -> None:
        """Delete a kit with its logo."""
        if name in self.names():
            shutil.rmtree(self._folder / name)

    def _keep_logo(self, logo: Path, folder: Path) -> Path:
        """Save the logo as PNG in the kit's folder."""
        from lib_adcopy.creative.brand import BrandKit

        opened = BrandKit(logo=logo).open_logo()
        if opened is None:
            raise AdCopyError("creative.bad_logo", file=logo.name)
        folder.mkdir(parents=True, exist_ok=True)
        opened.save(folder / "logo.png")
        return folder / "logo.png"


def use_font_folder(folder: Path) -> None:
    """Set creatives in the fonts of this folder as well."""
    from lib_adcopy.creative.fonts import add_font_folder

    add_font_folder(folder)


def lacks_open_fonts() -> bool:
    """Return whether a package of the open fonts is missing."""
    return any(importlib.util.find_spec(name.partition("==")[0].replace("-", "_")) is None for name in OPEN_FONTS)


def install_open_fonts() -> None:
    """Install the open fonts into this Python by its own pip; raises AdCopyError with pip's last line."""
    from lib_adcopy.creative.fonts import forget_fonts

    command = [sys.executable, "-m", "pip", "install", "--no-input", "--disable-pip-version-check", *OPEN_FONTS]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=_INSTALL_SECONDS, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise AdCopyError("creative.fonts_not_installed", reason=str(error)) from error
    if done.returncode:
        last = (done.stderr.strip().splitlines() or done.stdout.strip().splitlines() or [""])[-1]
        raise AdCopyError("creative.fonts_not_installed", reason=last[:300])
    importlib.invalidate_caches()
    forget_fonts()
