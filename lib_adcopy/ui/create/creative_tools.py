"""The tools that change the result: brand kits, nudges, a live preview, fonts; and what those buttons do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from lib_adcopy.app.branding import install_open_fonts, lacks_open_fonts
from lib_adcopy.app.composing import EDITABLE
from lib_adcopy.app.studio import Studio
from lib_adcopy.errors import AdCopyError
from lib_adcopy.i18n import translate
from lib_adcopy.ui import render
from lib_adcopy.ui.choices import Choices, listed, named
from lib_adcopy.ui.compat import keep_out_of_defaults, small, uploaded_file
from lib_adcopy.ui.session import Call, Updates

if TYPE_CHECKING:
    from lib_adcopy.ui.components import Tab

_BOXES = ("brand_name", "brand_slogan", "brand_colours", "brand_font")
_KIT = (*_BOXES, "brand_corner")
# Where a brand has the AI label; "auto" leaves it to the layout.
_CORNERS = ("auto", "top-right", "top-left", "bottom-right", "bottom-left")
_EMPTY = dict.fromkeys(_BOXES, "") | {"brand_corner": "auto"}
# (component, event, method, components whose values it is given, those it may change) of the quick buttons.
EVENTS = (
    ("brand_save", "click", "save_brand", (*_KIT, "brand_logo"), ("brand_kit",)),
    ("brand_delete", "click", "delete_brand", ("brand_kit",), ("brand_kit", *_KIT)),
    ("brand_kit", "input", "show_brand", ("brand_kit",), _KIT),
    ("fonts_get", "click", "get_fonts", (), ("fonts",)),
    ("language", "change", "tell_fonts", (), ("fonts",)),
)
# What is drawn anew, small, as soon as it is changed.
PREVIEWED = (
    ("brand_kit", "change"), ("nudge_headline", "input"), ("nudge_price", "input"), ("plate", "input"),
    *((f"slot_{name}", "blur") for name in EDITABLE),
)  # fmt: skip


def build(tab: Tab) -> None:
    """Add the folds below the result; inside the Blocks' context."""
    with tab.fold("creative_tools"):
        tab.keep("creative_preview", gr.HTML(elem_id="adcopy_creative_preview"))
        with gr.Row():
            tab.field("nudge_headline", min_width=110)
            tab.field("nudge_price", min_width=110)
            tab.field("plate", min_width=90)
        with gr.Row():
            tab.button("undo_creative", **small())
            tab.button("main_pictures", **small())
    with tab.fold("brand_fold"):
        tab.field("brand_kit", listed(tab.studio.creative.brands.names, "brand_none"), min_width=130)
        for name in _BOXES:
            keep_out_of_defaults(tab.add(gr.Textbox, name, lines=1, max_lines=1, hint=True))
        keep_out_of_defaults(tab.choose(gr.Dropdown, "brand_corner", named("corners", _CORNERS), "auto"))
        tab.add(uploaded_file, "brand_logo", file_types=["image"], file_count="single")
        with gr.Row():
            tab.button("brand_save", **small())
            tab.button("brand_delete", **small())
        tab.keep("fonts", gr.HTML(fonts_told(tab.language), elem_id="adcopy_fonts"))
        tab.button("fonts_get", **small())


def fonts_told(language: str) -> str:
    """Render which fonts creatives are set in, with their licences, and what is missing."""
    from lib_adcopy.creative.fonts import OPEN, faces

    try:
        found = faces()
    except AdCopyError as error:
        return render.status(error.message.text(language), kind="error")
    names = dict.fromkeys(
        f"{face.name} ({translate(f'ui.licence.{face.licence}', language)})" for face in found[:8] if face.name
    )
    key = "missing" if lacks_open_fonts() and not any(face.licence == OPEN for face in found) else "used"
    return render.status(translate(f"ui.fonts.{key}", language, names=", ".join(names)), kind="done")


class CreativeToolHandlers:
    """One method an event; `offered` are the brand kits as their list shows them."""

    def __init__(self, studio: Studio, offered: Choices) -> None:
        self._studio = studio
        self._offered = offered

    def save_brand(self, call: Call) -> Updates:
        """Save the kit in the boxes under its name and choose it."""
        values = call.values
        given: Any = values["brand_logo"]
        try:
            self._only_owner(call)
            name = self._studio.creative.brands.save(
                values["brand_name"],
                slogan=values["brand_slogan"],
                colours=values["brand_colours"].replace("，", " ").replace(",", " ").split(),
                font=values["brand_font"].strip(),
                logo=Path(getattr(given, "name", given)) if given is not None else None,
                corner="" if values["brand_corner"] == "auto" else values["brand_corner"],
            )
        except AdCopyError as error:
            return {"status": render.status(error.message.text(call.language), kind="error")}
        return self._chosen(call, name) | {"status": self._said(call, "brand_saved", name)}

    def delete_brand(self, call: Call) -> Updates:
        """Delete the chosen kit."""
        name = call.values["brand_kit"]
        try:
            self._only_owner(call)
        except AdCopyError as error:
            return {"status": render.status(error.message.text(call.language), kind="error")}
        self._studio.creative.brands.delete(name)
        return self._chosen(call, "") | _EMPTY | {"status": self._said(call, "brand_deleted", name)}

    def show_brand(self, call: Call) -> Updates:
        """Show the chosen kit in its boxes."""
        from lib_adcopy.creative.colour import to_hex

        try:
            kit = self._studio.creative.brands.open(call.values["brand_kit"])
        except AdCopyError as error:
            return {"status": render.status(error.message.text(call.language), kind="error")}
        colours = ", ".join(to_hex(colour) for colour in kit.colours)
        return {
            "brand_name": kit.name, "brand_slogan": kit.slogan, "brand_colours": colours,
            "brand_font": kit.fonts.get("display", ""), "brand_corner": kit.corner or "auto",
        }  # fmt: skip

    def get_fonts(self, call: Call) -> Updates:
        """Install the open fonts."""
        try:
            self._only_owner(call)
            install_open_fonts()
        except AdCopyError as error:
            return {"status": render.status(error.message.text(call.language), kind="error")}
        return {"fonts": fonts_told(call.language), "status": self._said(call, "fonts_installed", "")}

    def tell_fonts(self, call: Call) -> Updates:
        """Tell of the fonts in the language switched to."""
        return {"fonts": fonts_told(call.language)}

    def _only_owner(self, call: Call) -> None:
        if call.is_shared:
            raise AdCopyError("creative.owner_only")

    def _chosen(self, call: Call, name: str) -> Updates:
        words = self._offered.words(call.language)
        return {"brand_kit": gr.update(choices=words, value=self._offered.word(name, call.language))}

    def _said(self, call: Call, key: str, name: str) -> str:
        return render.status(translate(f"ui.status.{key}", call.language, name=name), kind="done")
