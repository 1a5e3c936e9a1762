"""The tab: three columns in the order of the work, one row of results, everything rarer folded away."""

from __future__ import annotations

from typing import Any

import gradio as gr

from lib_adcopy.copywriting.brief import LENGTHS, PLATFORMS, TONES
from lib_adcopy.i18n import LANGUAGES, translate, words
from lib_adcopy.prompting.sizes import DEFAULT_FORMAT, formats, plan_size
from lib_adcopy.studio import Studio
from lib_adcopy.ui import models, render, tuning
from lib_adcopy.ui.choices import Choices, listed, named
from lib_adcopy.ui.compat import keep_out_of_defaults, small
from lib_adcopy.ui.events import connect
from lib_adcopy.ui.examples import EXAMPLES

_LANGUAGE_WORDS = Choices(lambda language: [("中文", "zh"), ("English", "en")])


class Tab:
    """The tab's components by name, with the words each shows, so that the language can be switched in place."""

    def __init__(self, studio: Studio, language: str) -> None:
        self.studio = studio
        self.language = language
        self.choosers: dict[str, Choices] = {}
        self._parts: dict[str, Any] = {}
        self._words: dict[str, dict[str, str]] = {}

    def __getitem__(self, name: str) -> Any:
        return self._parts[name]

    def keep(self, name: str, part: Any) -> Any:
        """A component without words of ours."""
        self._parts[name] = part
        return part

    def add(self, kind: type, name: str, *, word: str = "label", hint: bool = False, **options: Any) -> Any:
        """A component with the id adcopy_<name>; its label (or button text) is ui.json's "<name>", its placeholder
        "<name>_hint"."""
        self._words[name] = {word: f"ui.{name}", **({"placeholder": f"ui.{name}_hint"} if hint else {})}
        said = {prop: translate(key, self.language) for prop, key in self._words[name].items()}
        return self.keep(name, kind(**said, elem_id=f"adcopy_{name}", **options))

    def choose(self, kind: type, name: str, choices: Choices, value: str | None, **options: Any) -> Any:
        self.choosers[name] = choices
        chosen = choices.word(value, self.language) if value is not None else None
        return self.add(kind, name, choices=choices.words(self.language), value=chosen, **options)

    def button(self, name: str, **options: Any) -> Any:
        return self.add(gr.Button, name, word="value", **options)

    def fold(self, name: str) -> Any:
        return self.add(gr.Accordion, name, open=False)

    # ---- words and values

    def value(self, name: str, shown: Any) -> Any:
        return self.choosers[name].value(shown) if name in self.choosers else shown

    def shown(self, name: str, value: Any, language: str) -> Any:
        if name in self.choosers and isinstance(value, str):
            return self.choosers[name].word(value, language)
        return value

    def relabelling(self) -> list[Any]:
        """The components `relabelled` gives updates for, in its order."""
        return [*(self._parts[name] for name in self._words if name != "language"), self._parts["tips"]]

    def relabelled(self, language: str, held: dict[str, Any]) -> list[Any]:
        """Every word in `language`; `held` are the choosers' present words, which keep their value."""
        updates = []
        for name, said in self._words.items():
            if name == "language":
                continue
            changed: dict[str, Any] = {prop: translate(key, language) for prop, key in said.items()}
            if name in self.choosers:
                chooser = self.choosers[name]
                word = chooser.word(self.value(name, held[name]), language)
                changed |= {"choices": chooser.words(language), "value": word}
            updates.append(gr.update(**changed))
        return [*updates, _tips(language)]


def build_tab(studio: Studio, **page: Any) -> gr.Blocks:
    """The tab's Blocks, for a webui's on_ui_tabs; `page` are Blocks' options for a page of its own."""
    tab = Tab(studio, studio.language() or LANGUAGES[0])
    with gr.Blocks(analytics_enabled=False, title="Ad Copy", **page) as demo:
        with gr.Column(elem_id="adcopy_root", elem_classes=["adcopy-follows-browser"] if not studio.language() else []):
            _head(tab)
            with gr.Row(elem_id="adcopy_columns"):
                with gr.Column(min_width=320, elem_classes=["adcopy-column"]):
                    _brief(tab)
                with gr.Column(min_width=320, elem_classes=["adcopy-column"]):
                    _copy(tab)
                with gr.Column(min_width=320, elem_classes=["adcopy-column"]):
                    _picture(tab)
            _results(tab)
            tuning.build(tab)
            models.build(tab)
        connect(tab)
        tuning.connect(tab)
        models.connect(tab)
    return demo


def _head(tab: Tab) -> None:
    studio = tab.studio

    def writers(language: str) -> list[tuple[str, str]]:
        return [(choice.title.text(language), choice.id) for choice in studio.writers()]

    with gr.Row(elem_id="adcopy_head"):
        tab.choose(gr.Dropdown, "writer", Choices(writers), studio.default_writer(), scale=4, min_width=200)
        tab.choose(gr.Dropdown, "prefix", listed(studio.prefixes, "nothing"), "", scale=2, min_width=140)
        tab.button("refresh", **small())
        tab.button("unload", **small())
        tab.choose(gr.Dropdown, "language", _LANGUAGE_WORDS, tab.language, scale=1, min_width=100)
    tab.keep("where", gr.HTML(elem_id="adcopy_where"))
    hidden = gr.Textbox(elem_id="adcopy_browser_language", elem_classes=["adcopy-hidden"], show_label=False)
    tab.keep("browser_language", hidden)
    tab.keep("tips", gr.HTML(_tips(tab.language), elem_classes=["adcopy-hidden"]))
    keep_out_of_defaults(tab["writer"], tab["prefix"], tab["language"], hidden)


def _brief(tab: Tab) -> None:
    tab.add(gr.Textbox, "brief", lines=4, max_lines=12, hint=True)
    with gr.Row():
        tab.choose(gr.Dropdown, "platform", named("platforms", PLATFORMS), PLATFORMS[0], min_width=130)
        tab.choose(gr.Dropdown, "tone", named("tones", TONES), TONES[0], min_width=130)
    with gr.Row():
        tab.choose(gr.Dropdown, "length", named("lengths", LENGTHS), "medium", min_width=130)
        tab.choose(gr.Dropdown, "mode", named("modes", ("picture", "copy")), "picture", min_width=130)
    tab.add(gr.Slider, "count", minimum=1, maximum=6, step=1, value=3)
    with gr.Row():
        tab.button("write", min_width=120)
        tab.button("create", variant="primary", min_width=120)
    with tab.fold("sampling"):
        with gr.Row():
            tab.add(gr.Slider, "temperature", minimum=0.1, maximum=1.0, step=0.05, value=0.95, min_width=140)
            tab.add(gr.Slider, "top_p", minimum=0.1, maximum=1.0, step=0.05, value=0.7, min_width=140)
        with gr.Row():
            tab.add(gr.Slider, "max_length", minimum=64, maximum=2048, step=64, value=2048, min_width=140)
            tab.add(gr.Number, "copy_seed", value=-1, precision=0, min_width=140)
    with tab.fold("examples"):
        gr.Examples([[text] for text in EXAMPLES], inputs=[tab["brief"]], label="", examples_per_page=len(EXAMPLES))
    with tab.fold("restoring"):
        tab.add(gr.File, "restore", file_types=[".png"], file_count="single")
    keep_out_of_defaults(tab["brief"])


def _copy(tab: Tab) -> None:
    tab.add(gr.Radio, "candidates", choices=[], value=None, visible=False)
    tab.add(gr.Textbox, "copy", lines=9, max_lines=24, hint=True)
    tab.keep("review", gr.HTML(elem_id="adcopy_review"))
    with gr.Row():
        tab.add(gr.Textbox, "wish", lines=1, max_lines=1, hint=True, scale=4, min_width=180)
        tab.button("revise", **small())
    with gr.Row():
        for name in ("lawful", "undo", "clear"):
            tab.button(name, min_width=60, size="sm")
    keep_out_of_defaults(tab["candidates"], tab["copy"], tab["wish"])


def _picture(tab: Tab) -> None:
    def styles(language: str) -> list[tuple[str, str]]:
        return [(style.title(language), name) for name, style in tab.studio.styles().items()]

    with gr.Row():
        tab.choose(gr.Dropdown, "style", Choices(styles), "classic", min_width=120)
        tab.choose(gr.Dropdown, "format", named("formats", tuple(formats())), DEFAULT_FORMAT, min_width=120)
    tab.add(gr.Textbox, "prompt", lines=4, max_lines=10, hint=True)
    tab.add(gr.Textbox, "negative_prompt", lines=2, max_lines=8)
    tab.keep("tokens", gr.HTML(elem_id="adcopy_tokens"))
    tab.keep("notes", gr.HTML(elem_id="adcopy_notes"))
    with gr.Row():
        tab.button("derive", min_width=90)
        tab.button("generate", variant="primary", min_width=90)
    with gr.Row():
        for name in ("interrupt", "skip", "compose"):
            tab.button(name, min_width=60, size="sm")
    with tab.fold("settings"):
        _settings(tab)
    keep_out_of_defaults(tab["prompt"], tab["negative_prompt"])


def _settings(tab: Tab) -> None:
    host, given = tab.studio.host, tab.studio.host.default_settings()
    size = plan_size(DEFAULT_FORMAT, host.networks().base)
    narrow: dict[str, Any] = {"min_width": 130}
    with gr.Row():
        tab.choose(gr.Dropdown, "checkpoint", listed(host.checkpoints, "as_in_host"), "", **narrow)
        tab.choose(gr.Dropdown, "sampler", listed(host.samplers, "automatic"), given.sampler, **narrow)
        tab.choose(gr.Dropdown, "scheduler", listed(host.schedulers, "automatic"), given.scheduler, **narrow)
    with gr.Row():
        tab.add(gr.Slider, "steps", minimum=1, maximum=150, step=1, value=given.steps, **narrow)
        tab.add(gr.Slider, "cfg_scale", minimum=1, maximum=30, step=0.5, value=given.cfg_scale, **narrow)
    with gr.Row():
        tab.add(gr.Slider, "width", minimum=64, maximum=2048, step=8, value=size.width, **narrow)
        tab.add(gr.Slider, "height", minimum=64, maximum=2048, step=8, value=size.height, **narrow)
    with gr.Row():
        tab.add(gr.Slider, "batch_count", minimum=1, maximum=16, step=1, value=given.batch_count, **narrow)
        tab.add(gr.Slider, "batch_size", minimum=1, maximum=8, step=1, value=given.batch_size, **narrow)
    with gr.Row():
        tab.add(gr.Slider, "clip_skip", minimum=0, maximum=12, step=1, value=given.clip_skip, **narrow)
        tab.add(gr.Number, "seed", value=given.seed, precision=0, **narrow)
    with gr.Row():
        tab.add(gr.Slider, "hires_scale", minimum=1, maximum=2, step=0.05, value=1, **narrow)
        tab.choose(gr.Dropdown, "hires_upscaler", listed(host.upscalers, "automatic"), "", **narrow)
    with gr.Row():
        tab.add(gr.Slider, "hires_steps", minimum=0, maximum=150, step=1, value=0, **narrow)
        tab.add(gr.Slider, "denoising", minimum=0, maximum=1, step=0.01, value=0.5, **narrow)
    with gr.Row():
        tab.choose(gr.Dropdown, "lora", listed(lambda: host.networks().loras, "nothing"), "", **narrow)
        tab.add(gr.Slider, "lora_weight", minimum=-2, maximum=2, step=0.05, value=0.5, **narrow)
    keep_out_of_defaults(tab["checkpoint"], tab["lora"])


def _results(tab: Tab) -> None:
    host = tab.studio.host
    tab.keep("status", gr.HTML(elem_id="adcopy_status"))
    tab.keep("parameters", gr.Textbox(visible=False, show_label=False))
    panel = host.output_panel("adcopy")
    if panel is None:
        with gr.Column(elem_id="adcopy_results"):
            shown: dict[str, Any] = {"columns": 4, "object_fit": "contain", "height": 560, "preview": True}
            gallery = gr.Gallery(elem_id="adcopy_gallery", show_label=False, **shown)
        panel = {"gallery": gallery, "infotext": gr.HTML(elem_id="adcopy_infotext")}
        panel["generation_info"] = gr.Textbox(visible=False, show_label=False)
    for name, part in panel.items():
        tab.keep(name, part)
    targets = host.send_targets()
    if targets:
        with gr.Row(elem_id="adcopy_send"):
            for target in targets:
                host.bind_send(target, tab.button(f"send_{target}", **small()), panel["gallery"], tab["parameters"])


def _tips(language: str) -> str:
    start = "ui.tip."
    found = {key.removeprefix(start): text for key, text in words(language).items() if key.startswith(start)}
    return render.tips(found, language)
