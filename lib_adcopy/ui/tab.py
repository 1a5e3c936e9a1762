"""The tab: three columns in the order of the work, one row of results. Built once, in the language of the host."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import gradio as gr

from lib_adcopy.copywriting.brief import LENGTHS, PLATFORMS, TONES
from lib_adcopy.i18n import LANGUAGES, translate
from lib_adcopy.prompting.sizes import formats
from lib_adcopy.studio import Studio
from lib_adcopy.ui.events import connect
from lib_adcopy.ui.examples import EXAMPLES

DEFAULT_FORMAT = "xiaohongshu-3:4"


@dataclass
class Tab:
    """The tab's components by name, and which of their words are in which language."""

    studio: Studio
    language: str
    parts: dict[str, Any] = field(default_factory=dict)
    labels: list[tuple[Any, str, str]] = field(default_factory=list)

    def __getitem__(self, name: str) -> Any:
        return self.parts[name]

    def add(self, kind: type, name: str, *, word: str = "label", **options: Any) -> Any:
        """A component with the id adcopy_<name>, its label or text from ui.json's "<name>"."""
        key = f"ui.{name}"
        made = kind(**{word: translate(key, self.language)}, elem_id=f"adcopy_{name}", **options)
        self.parts[name] = made
        self.labels.append((made, word, key))
        return made

    def choices(self, room: str, names: tuple[str, ...]) -> list[tuple[str, str]]:
        return [(translate(f"ui.{room}.{name}", self.language), name) for name in names]


def build_tab(studio: Studio, **page: Any) -> gr.Blocks:
    """The tab's Blocks, for a webui's on_ui_tabs; `page` are Blocks' options for a page of its own."""
    tab = Tab(studio, studio.language() or "zh")
    with gr.Blocks(analytics_enabled=False, title="Ad Copy", **page) as demo:
        with gr.Column(elem_id="adcopy_root"):
            _head(tab)
            with gr.Row(elem_id="adcopy_columns"):
                with gr.Column(min_width=320):
                    _brief(tab)
                with gr.Column(min_width=320):
                    _copy(tab)
                with gr.Column(min_width=320):
                    _picture(tab)
            _results(tab)
        connect(tab, demo)
    return demo


def _head(tab: Tab) -> None:
    with gr.Row(elem_id="adcopy_head"):
        writers = [(choice.title.text(tab.language), choice.id) for choice in tab.studio.writers()]
        tab.add(gr.Dropdown, "writer", choices=writers, value=tab.studio.default_writer(), scale=4)
        prefixes = [(translate("ui.no_prefix", tab.language), ""), *((name, name) for name in tab.studio.prefixes())]
        tab.add(gr.Dropdown, "prefix", choices=prefixes, value="", scale=3)
        tab.add(gr.Button, "refresh", word="value", scale=1, min_width=60)
        tab.add(gr.Button, "unload", word="value", scale=1, min_width=60)
        tab.add(gr.Dropdown, "language", choices=list(LANGUAGES), value=tab.language, scale=1, min_width=90)


def _brief(tab: Tab) -> None:
    hint = translate("ui.brief_hint", tab.language)
    tab.add(gr.Textbox, "brief", lines=5, max_lines=12, placeholder=hint)
    with gr.Row():
        tab.add(gr.Dropdown, "platform", choices=tab.choices("platforms", PLATFORMS), value="xiaohongshu", min_width=90)
        tab.add(gr.Dropdown, "tone", choices=tab.choices("tones", TONES), value="natural", min_width=90)
        tab.add(gr.Dropdown, "length", choices=tab.choices("lengths", LENGTHS), value="medium", min_width=90)
    with gr.Row():
        tab.add(gr.Slider, "count", minimum=1, maximum=6, step=1, value=3, min_width=90)
        modes = [(translate(f"ui.modes.{mode}", tab.language), mode) for mode in ("copy", "picture")]
        tab.add(gr.Radio, "mode", choices=modes, value="picture", min_width=90)
    with gr.Row():
        tab.add(gr.Button, "write", word="value")
        tab.add(gr.Button, "create", word="value", variant="primary")
    with gr.Accordion(translate("ui.sampling", tab.language), open=False):
        tab.add(gr.Slider, "temperature", minimum=0.1, maximum=1.0, step=0.05, value=0.95)
        tab.add(gr.Slider, "top_p", minimum=0.1, maximum=1.0, step=0.05, value=0.7)
        tab.add(gr.Slider, "max_length", minimum=64, maximum=2048, step=64, value=2048)
        tab.add(gr.Number, "copy_seed", value=-1, precision=0)
    with gr.Accordion(translate("ui.examples", tab.language), open=False):
        gr.Examples([[text] for text in EXAMPLES], inputs=[tab["brief"]], label="", elem_id="adcopy_examples")


def _copy(tab: Tab) -> None:
    tab.add(gr.Radio, "candidates", choices=[], value=None, visible=False)
    tab.add(gr.Textbox, "copy", lines=9, max_lines=24, placeholder=translate("ui.copy_hint", tab.language))
    tab.parts["review"] = gr.HTML(elem_id="adcopy_review")
    with gr.Row():
        tab.add(gr.Button, "lawful", word="value", min_width=90)
        tab.add(gr.Button, "undo", word="value", min_width=90)
    with gr.Row():
        hint = translate("ui.wish_hint", tab.language)
        tab.add(gr.Textbox, "wish", lines=1, max_lines=3, placeholder=hint, scale=4)
        tab.add(gr.Button, "revise", word="value", scale=1, min_width=90)


def _picture(tab: Tab) -> None:
    styles = [(style.title(tab.language), name) for name, style in tab.studio.styles().items()]
    with gr.Row():
        tab.add(gr.Dropdown, "style", choices=styles, value="classic", min_width=110)
        tab.add(gr.Dropdown, "format", choices=list(formats()), value=DEFAULT_FORMAT, min_width=110)
        tab.add(gr.Button, "derive", word="value", min_width=110)
    tab.add(gr.Textbox, "prompt", lines=4, max_lines=10, placeholder=translate("ui.prompt_hint", tab.language))
    tab.add(gr.Textbox, "negative_prompt", lines=2, max_lines=8)
    with gr.Row():
        tab.parts["tokens"] = gr.HTML(elem_id="adcopy_tokens")
    tab.parts["notes"] = gr.HTML(elem_id="adcopy_notes")
    with gr.Accordion(translate("ui.settings", tab.language), open=False):
        _settings(tab)
    with gr.Row():
        tab.add(gr.Button, "generate", word="value", variant="primary")
        tab.add(gr.Button, "interrupt", word="value", min_width=70)
        tab.add(gr.Button, "skip", word="value", min_width=70)
    tab.add(gr.Button, "poster", word="value")


def _settings(tab: Tab) -> None:
    host, given = tab.studio.host, tab.studio.host.default_settings()
    with gr.Row():
        samplers, schedulers = host.samplers(), host.schedulers()
        tab.add(gr.Dropdown, "sampler", choices=["", *samplers], value=given.sampler, min_width=110)
        tab.add(gr.Dropdown, "scheduler", choices=["", *schedulers], value=given.scheduler, min_width=110)
    with gr.Row():
        tab.add(gr.Slider, "steps", minimum=1, maximum=150, step=1, value=given.steps, min_width=110)
        tab.add(gr.Slider, "cfg_scale", minimum=1, maximum=30, step=0.5, value=given.cfg_scale, min_width=110)
    with gr.Row():
        tab.add(gr.Slider, "width", minimum=64, maximum=2048, step=8, value=given.width, min_width=110)
        tab.add(gr.Slider, "height", minimum=64, maximum=2048, step=8, value=given.height, min_width=110)
    with gr.Row():
        tab.add(gr.Slider, "batch_count", minimum=1, maximum=16, step=1, value=given.batch_count, min_width=110)
        tab.add(gr.Slider, "clip_skip", minimum=0, maximum=12, step=1, value=given.clip_skip, min_width=110)
    with gr.Row():
        tab.add(gr.Slider, "hires_scale", minimum=1, maximum=2, step=0.05, value=1, min_width=110)
        tab.add(gr.Number, "seed", value=given.seed, precision=0, min_width=110)


def _results(tab: Tab) -> None:
    tab.parts["status"] = gr.HTML(elem_id="adcopy_status")
    panel = tab.studio.host.output_panel("adcopy")
    if panel is not None:
        tab.parts |= panel
        return
    with gr.Column(elem_id="adcopy_results"):
        tab.parts["gallery"] = gr.Gallery(
            label=translate("ui.gallery", tab.language), elem_id="adcopy_gallery", columns=4, object_fit="contain"
        )
    tab.parts["infotext"] = gr.HTML(elem_id="adcopy_infotext")
