"""Describe what is done with a creative: composed, mended, drawn in other layouts, exported; always in the chosen brand
kit."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from lib_adcopy.app.branding import Brands, use_font_folder
from lib_adcopy.app.composing import (
    compose_ad,
    export_ad,
    export_main_pictures,
    layout_preview,
    layout_thumbnails,
    mended_layout,
)
from lib_adcopy.domain.ad import Ad
from lib_adcopy.domain.layout import LayoutChoice

if TYPE_CHECKING:
    from PIL.Image import Image

    from lib_adcopy.creative.brand import BrandKit

OnFile = Callable[[int, int], None]


class CreativeStudio:
    """`folder` is where creatives are saved; `data` holds brand kits ("brands") and the user's fonts ("fonts")."""

    def __init__(self, folder: Path, data: Path) -> None:
        self.folder = folder
        self.fonts = data / "fonts"
        self.brands = Brands(data / "brands")
        use_font_folder(self.fonts)

    def compose(self, ad: Ad) -> Ad:
        """Set and save the finished creative at the platform's size."""
        return compose_ad(ad, self.folder, self._brand(ad))

    def mended(self, ad: Ad, check: str) -> LayoutChoice:
        """Return the layout settings with which the check of this name passes."""
        return mended_layout(ad, check, self._brand(ad))

    def preview(self, ad: Ad) -> Image:
        """Draw the ad small, as it would be composed."""
        return layout_preview(ad, self._brand(ad))

    def thumbnails(self, ad: Ad) -> list[tuple[str, Image]]:
        """Draw the ad small in its most fitting layouts: (layout name, picture)."""
        return list(layout_thumbnails(ad, brand=self._brand(ad)))

    def export(self, ad: Ad, formats: Sequence[str], *, on_file: OnFile, stop: threading.Event) -> Path:
        """Save the ad at several formats, in a folder of its own, and return their zip."""
        return export_ad(ad, formats, self._new_folder(), on_file, stop, self._brand(ad))

    def export_main_pictures(self, ad: Ad, *, on_file: OnFile, stop: threading.Event) -> Path:
        """Save Taobao's five main pictures, in a folder of their own, and return their zip."""
        return export_main_pictures(ad, self._new_folder(), on_file, stop, self._brand(ad))

    def _brand(self, ad: Ad) -> BrandKit:
        return self.brands.open(ad.layout.brand_kit)

    def _new_folder(self) -> Path:
        return self.folder / f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(3)}"
