"""The user's own styles: what stands in the boxes kept under a name, and deleted again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import gradio as gr

from lib_adcopy.app.studio import Studio
from lib_adcopy.copywriting.answers import split_copy
from lib_adcopy.domain.ad import DEFAULT_STYLE
from lib_adcopy.domain.drawing import DrawSettings
from lib_adcopy.domain.fields import made_of
from lib_adcopy.domain.prompt import Prompt
from lib_adcopy.errors import AdCopyError
from lib_adcopy.i18n import translate
from lib_adcopy.ui import render
from lib_adcopy.ui.choices import Choices
from lib_adcopy.ui.session import Call, Updates
from lib_adcopy.ui.values import ad_of, brief_settings


class StyleHandlers:
    """One method an event; `offered` are the styles as their list shows them."""

    def __init__(self, studio: Studio, offered: Choices) -> None:
        self._studio = studio
        self._offered = offered

    def save(self, call: Call) -> Updates:
        name = (call.values["style_name"] or "").strip()
        return self._changed(call, name, "style_saved", name, lambda: self._keep(call, name))

    def delete(self, call: Call) -> Updates:
        name = call.values["style"]

        def change() -> None:
            self._studio.styling.delete(name, call.requester)

        return self._changed(call, DEFAULT_STYLE, "style_deleted", name, change)

    def _keep(self, call: Call, name: str) -> None:
        values = call.values
        if not values["prompt"].strip():
            raise AdCopyError("studio.empty_prompt")
        derived = call.session.derived or self._derived(call)
        settings = DrawSettings(**made_of(DrawSettings, values))
        pair = values["prompt"], values["negative_prompt"]
        self._studio.styling.keep(name, derived, *pair, settings, call.requester)

    def _derived(self, call: Call) -> Prompt:
        """On a page that was loaded again: what the boxes give, to tell the product's words from the style's."""
        values = call.values
        copy = split_copy(values["copy"]) if values["copy"].strip() else None
        try:
            brief = self._studio.parse(values["brief"] or "", **brief_settings(values))
            ad = self._studio.derive(replace(ad_of(values, brief), copy=copy))
        except AdCopyError:
            # Without a brief every word is the style's.
            return Prompt("", "", style="")
        return ad.prompt or Prompt("", "", style="")

    def _changed(self, call: Call, chosen: str, key: str, name: str, change: Callable[[], None]) -> Updates:
        """Return the list after a change, with another style chosen; or one sentence why there was none."""
        try:
            change()
        except AdCopyError as error:
            return {"status": render.status(error.message.text(call.language), kind="error")}
        words = self._offered.words(call.language)
        said = translate(f"ui.status.{key}", call.language, name=name)
        return {
            "style": gr.update(choices=words, value=self._offered.word(chosen, call.language)),
            "status": render.status(said, kind="done"),
        }
