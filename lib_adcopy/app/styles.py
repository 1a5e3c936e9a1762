"""The styles there are: ours, the user's own, the host's; chosen, kept, and what they and a format say of a drawing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from lib_adcopy.domain.drawing import DrawSettings
from lib_adcopy.domain.prompt import Prompt
from lib_adcopy.errors import AdCopyError
from lib_adcopy.hosts.base import Host
from lib_adcopy.prompting.sizes import SizePlan, plan_size
from lib_adcopy.prompting.styles.own_style import style_from
from lib_adcopy.prompting.styles.style import ADVISED, Style, delete_style, load_styles, save_style
from lib_adcopy.prompting.styles.webui_styles import read_webui_styles


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

    def plan(self, style: Style, format_name: str, checkpoint: str = "") -> SizePlan:
        """Sizes for the format with `checkpoint`, "" the loaded one; at first as many pixels as the style wants."""
        return plan_size(format_name, self._host.networks(checkpoint).base, style.size)

    def settings(self, style: Style, format_name: str) -> DrawSettings:
        """How to draw where nobody has chosen: the host's defaults, the style's advice, the format's sizes."""
        plan = self.plan(style, format_name)
        advice = style.advice(self._host.samplers(), self._host.schedulers())
        size = {"width": plan.width, "height": plan.height}
        return replace(self._host.default_settings(), **{**advice, **size}, hires_scale=max(plan.scale, 1.0))

    def keep(self, name: str, derived: Prompt, positive: str, negative: str, settings: DrawSettings) -> None:
        """Saves what stands in the boxes as a style of the user's own, in place of one of his of that name.

        `derived` is the prompt as it was before he edited it. Raises AdCopyError for a name that cannot be a file's or
        is another style's.
        """
        self._check_free(name)
        base = self.styles().get(derived.style, Style(name))
        advice = {each: value for each in ADVISED if (value := getattr(settings, each))}
        installed = self._host.networks().embeddings
        save_style(style_from(name, base, derived, positive, negative, installed, advice), self._folder())

    def delete(self, name: str) -> None:
        """Removes one of the user's own. Raises AdCopyError for any other."""
        if name in self._given() and not self._is_own(name):
            raise AdCopyError("prompting.style_stays", name=name)
        delete_style(name, self._folder())

    def _check_free(self, name: str) -> None:
        """Where files' names have no case, Mine and mine are one."""
        given = self._given()
        taken = {word.lower() for style in given.values() for word in (style.name, *style.titles.values())}
        other = {own.lower() for own in self.styles() if own not in given and own != name}
        if name.lower() in taken | other:
            raise AdCopyError("prompting.style_taken", name=name)

    def _given(self) -> Mapping[str, Style]:
        """Ours and the host's, without the user's own."""
        return load_styles(None, read_webui_styles(self._host.style_files()))

    def _is_own(self, name: str) -> bool:
        return (self._folder() / f"{name}.json").is_file()

    def _folder(self) -> Path:
        return self._host.paths().data / "styles"
