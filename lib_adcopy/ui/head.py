"""The page's head: where the models are and the language; who writes; and what the page's own script needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import gradio as gr

from lib_adcopy.domain.writing import AUTOMATIC
from lib_adcopy.i18n import translate
from lib_adcopy.ui import render
from lib_adcopy.ui.choices import Choices
from lib_adcopy.ui.compat import keep_out_of_defaults, quick

if TYPE_CHECKING:
    from lib_adcopy.ui.components import Tab

_LANGUAGES = Choices(lambda language: [("中文", "zh"), ("English", "en")])
# Boxes the page's script writes into: the browser's language, that the models' places are due to be said anew, whose
# browser it is, and what was pressed on chips that are plain HTML.
PRESSED = ("fix", "drop", "weigh", "example", "choose", "edit_fact", "compare", "like", "asked", "mend")
# The page's key and, when it was loaded again, what stood in its boxes.
_PAGE = ("page", "resume")


def build(tab: Tab) -> None:
    """Add the head's widgets; inside the Blocks' context."""
    with gr.Row(elem_id="adcopy_head"):
        tab.keep("where", gr.HTML(elem_id="adcopy_where"))
        tab.choose(gr.Dropdown, "language", _LANGUAGES, tab.language, scale=0, min_width=132)
        tab.button("clear", scale=0, min_width=100, size="sm")
    for name in ("browser_language", "where_asked", "owner", *_PAGE, *PRESSED):
        hidden = gr.Textbox(elem_id=f"adcopy_{name}", elem_classes=["adcopy-hidden"], show_label=False)
        keep_out_of_defaults(tab.keep(name, hidden))
    tab.keep("tips", gr.HTML(render.tips(tab.language), elem_classes=["adcopy-hidden"]))
    keep_out_of_defaults(tab["language"])


def build_writer(tab: Tab) -> None:
    """Add who writes, with which prefix, and the buttons that look for models and let the loaded one go."""
    studio = tab.studio

    def writers(language: str) -> list[tuple[str, str]]:
        return [(choice.title.text(language), choice.id) for choice in studio.writers()]

    def every_prefix(language: str) -> list[tuple[str, str]]:
        named = [("by_category", AUTOMATIC), ("nothing", "")]
        return [
            *((translate(f"ui.{key}", language), value) for key, value in named),
            *((name, name) for name in studio.prefixes()),
        ]

    def of_the_writer(prefix: str, held: Mapping[str, str]) -> bool:
        return prefix in ("", AUTOMATIC, *studio.prefixes(held["writer"]))

    writer = studio.default_writer()
    with gr.Row():
        tab.field("writer", Choices(writers), writer, scale=3, min_width=180)
        prefixes = Choices(every_prefix, of_the_writer)
        tab.field("prefix", prefixes, AUTOMATIC, held={"writer": writer}, scale=2, min_width=130)
    with gr.Row():
        tab.button("refresh", size="sm", min_width=90)
        tab.button("unload", size="sm", min_width=90)
    keep_out_of_defaults(tab["writer"], tab["prefix"])


def connect(tab: Tab) -> None:
    """Offer the prefixes of the writer chosen."""

    def offer(language: str, writer: str, prefix: str) -> Any:
        language, held = tab.value("language", language), {"writer": tab.value("writer", writer)}
        words = tab.choosers["prefix"].words(language, held)
        return gr.update(choices=words, value=prefix if prefix in words else words[0])

    inputs = [tab[name] for name in ("language", "writer", "prefix")]
    tab["writer"].change(tab.guard(offer), inputs=inputs, outputs=[tab["prefix"]], **quick())
