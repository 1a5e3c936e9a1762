"""The styles there are: ours, the user's own, the host's; chosen, kept, and what they and a format say of a drawing."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from lib_adcopy.domain.drawing import DrawSettings
from lib_adcopy.domain.prompt import Prompt
from lib_adcopy.errors import AdCopyError
from lib_adcopy.hosts.base import HostCatalogue, HostSettings
from lib_adcopy.prompting.sizes import SizePlan, plan_size
from lib_adcopy.prompting.styles.own_style import style_from
from lib_adcopy.prompting.styles.style import ADVISED, Style, delete_style, load_styles, save_style
from lib_adcopy.prompting.styles.webui_styles import read_webui_styles
from lib_adcopy.storage.ownership import LOCAL, OWNERS_FILE, Ownership, Requester

_KIND = "style"


class StyleHost(HostCatalogue, HostSettings, Protocol):
    """The ports that styles need."""


class Styling:
    """Reads the files afresh each time: the user may edit his own, and the host its styles.csv."""

    def __init__(self, host: StyleHost, ownership: Ownership | None = None) -> None:
        self._host = host
        self._ownership = ownership or Ownership(host.paths().data / OWNERS_FILE)
        self._lock = threading.Lock()

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
        """Return how to draw where nobody has chosen: the host's defaults, the style's advice, the format's sizes."""
        plan = self.plan(style, format_name)
        advice = style.advice(self._host.samplers(), self._host.schedulers())
        size = {"width": plan.width, "height": plan.height}
        return replace(self._host.default_settings(), **{**advice, **size}, hires_scale=max(plan.scale, 1.0))

    def keep(
        self,
        name: str,
        derived: Prompt,
        positive: str,
        negative: str,
        settings: DrawSettings,
        requester: Requester = LOCAL,
    ) -> None:
        """Saves what stands in the boxes as a style of the user's own, in place of one of his of that name.

        `derived` is the prompt as it was before he edited it. Raises AdCopyError for a name that cannot be a file's or
        is another style's, or another requester's.
        """
        base = self.styles().get(derived.style, Style(name))
        advice = {each: value for each in ADVISED if (value := getattr(settings, each))}
        installed = self._host.networks().embeddings
        style = style_from(name, base, derived, positive, negative, installed, advice)
        with self._lock:
            self._check_free(name)
            replaced = name in self._own()
            if replaced and not requester.may_change(self._ownership.owner(_KIND, name)):
                raise AdCopyError("prompting.style_taken", name=name)
            save_style(style, self._folder())
            if not replaced:
                self._ownership.claim(_KIND, name, requester)

    def delete(self, name: str, requester: Requester = LOCAL) -> None:
        """Removes one of the user's own. Raises AdCopyError for any other, and for another requester's."""
        with self._lock:
            if name in self._given() and name not in self._own():
                raise AdCopyError("prompting.style_stays", name=name)
            if name in self._own() and not requester.may_change(self._ownership.owner(_KIND, name)):
                raise AdCopyError("prompting.style_of_another", name=name)
            delete_style(name, self._folder())
            self._ownership.release(_KIND, name)

    def _check_free(self, name: str) -> None:
        """Refuse a name that a file has in other letters' case: some file systems know no case."""
        given = self._given()
        taken = {word.lower() for style in given.values() for word in (style.name, *style.titles.values())}
        other = {own.lower() for own in self.styles() if own not in given and own != name}
        if name.lower() in taken | other:
            raise AdCopyError("prompting.style_taken", name=name)

    def _given(self) -> Mapping[str, Style]:
        """Ours and the host's, without the user's own."""
        return load_styles(None, read_webui_styles(self._host.style_files()))

    def _own(self) -> set[str]:
        """Return the names of the user's own, broken files among them."""
        return {file.stem for file in self._folder().glob("*.json")}

    def _folder(self) -> Path:
        return self._host.paths().data / "styles"
