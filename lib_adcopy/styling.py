"""The styles there are: ours, the user's own, the host's; chosen, kept, and what they and a format say of a drawing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from lib_adcopy.errors import AdCopyError
from lib_adcopy.hosts.base import DrawSettings, HiresFix, Host
from lib_adcopy.prompting.sizes import SizePlan, plan_size
from lib_adcopy.prompting.styles import Style, load_styles
from lib_adcopy.prompting.webui_styles import read_webui_styles


class Styling:
    """Reads the files afresh each time: the user may edit his own, and the host its styles.csv."""

    def __init__(self, host: Host) -> None:
        self._host = host

    def styles(self) -> Mapping[str, Style]:
        return load_styles(self._folder(), read_webui_styles(self._host.style_files()))

    def style(self, name: str) -> Style:
        """Raises AdCopyError for a name that is not there (any more)."""
        found = self.styles().get(name)
        if found is None:
            raise AdCopyError("prompting.unknown_style", name=name)
        return found

    def plan(self, style: Style, format_name: str) -> SizePlan:
        """Sizes for the format with the loaded checkpoint, as many pixels at first as the style recommends."""
        return plan_size(format_name, self._host.networks().base, (style.width, style.height))

    def settings(self, style: Style, format_name: str) -> DrawSettings:
        """How to draw where nobody has chosen: the host's defaults, the style's advice, the format's sizes."""
        plan = self.plan(style, format_name)
        advice = style.advice(self._host.samplers(), self._host.schedulers())
        size = {"width": plan.width, "height": plan.height}
        hires = HiresFix(plan.scale) if plan.scale > 1 else None
        return replace(self._host.default_settings(), **{**advice, **size}, hires=hires)

    def _folder(self) -> Path:
        return self._host.paths().data / "styles"
