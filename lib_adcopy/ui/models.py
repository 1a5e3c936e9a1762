"""The tab's panel for models: where each is now, what there is, and getting or converting more."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from lib_adcopy.errors import AdCopyError
from lib_adcopy.gpu import LoadingStoppedError
from lib_adcopy.i18n import translate
from lib_adcopy.model_library.disk import format_size
from lib_adcopy.model_library.models import ModelEntry, prefix_card
from lib_adcopy.model_library.progress import WorkProgress
from lib_adcopy.model_library.sources import PUBLISHED, SOURCES
from lib_adcopy.model_library.tasks import LibraryTask, Work
from lib_adcopy.photo.segmentation import SegmentationModel
from lib_adcopy.ui import render
from lib_adcopy.ui.choices import Choices, listed, named
from lib_adcopy.ui.compat import keep_out_of_defaults, quick, small, streaming

if TYPE_CHECKING:
    from lib_adcopy.app.studio import Studio
    from lib_adcopy.gpu import Status
    from lib_adcopy.ui.components import Tab

_PATIENCE_SECONDS = 0.5
_GB = 1e9
# From the end of the idle time until an unloaded model's memory is free.
_LEAVES_WITHIN_SECONDS = 2


def build(tab: Tab) -> None:
    """Add the panel, folded.

    Inside the Blocks' context. What can be fetched is not offered where others reach the page.
    """
    with tab.fold("models"), gr.Row():
        with gr.Column(min_width=320):
            found = _found(tab.studio, tab.language)
            tab.keep("models_list", gr.HTML(found, elem_id="adcopy_models_list"))
            with gr.Row():
                tab.button("models_look", **small())
                tab.button("models_load", **small())
        with gr.Column(min_width=320):
            tab.keep("models_progress", gr.HTML(elem_id="adcopy_models_progress"))
            if tab.studio.host.is_shared():
                tab.add(gr.Markdown, "models_shared", word="value")
            else:
                _getting(tab)


def _getting(tab: Tab) -> None:
    def known(language: str) -> list[tuple[str, str]]:
        return [(f"{name} ({format_size(model.size_bytes)})", name) for name, model in PUBLISHED.items()]

    def here() -> list[str]:
        return [entry.name for entry in tab.studio.library.models() if not entry.report.problem]

    narrow: dict[str, Any] = {"min_width": 130}
    with gr.Row():
        tab.choose(gr.Dropdown, "models_name", Choices(known), next(iter(PUBLISHED)), min_width=170)
        tab.choose(gr.Dropdown, "models_source", named("models_sources", tuple(SOURCES)), next(iter(SOURCES)), **narrow)
        tab.button("models_fetch", **small())
    with gr.Row():
        tab.choose(gr.Dropdown, "models_kind", named("models_kinds", ("lora", "embedding")), "lora", **narrow)
        tab.add(gr.Textbox, "models_address", lines=1, max_lines=1, hint=True, **narrow)
        tab.button("models_download", **small())
    with gr.Row():
        found = here()
        tab.choose(gr.Dropdown, "models_source_model", listed(here), found[0] if found else None, **narrow)
        tab.choose(gr.Dropdown, "models_bits", named("models_bits_of", ("4", "8")), "4", **narrow)
        tab.button("models_convert", **small())
    with gr.Row():
        tab.add(gr.Textbox, "models_mirror", lines=1, max_lines=1, hint=True, **narrow)
        tab.button("models_stop", **small())
    keep_out_of_defaults(tab["models_address"], tab["models_source_model"], tab["models_mirror"])


def connect(tab: Tab) -> None:
    """Bind the panel's events; inside the Blocks' context, once the tab's components are there."""
    panel = _ModelsPanel(tab)
    look = [tab["models_list"], tab["where"]]
    shown = [*look, tab["models_progress"], *(tab[name] for name in panel.lists)]
    tab["language"].change(tab.guard(panel.reworded), inputs=[tab["language"]], outputs=look, **quick())
    tab["models_look"].click(tab.guard(panel.look), inputs=[tab["language"]], outputs=look, **quick())
    tab["where_asked"].input(tab.guard(panel.where), inputs=[tab["language"]], outputs=[tab["where"]], **quick())
    _long(tab, "models_load", panel.load, ("writer",), shown, tab.guard)
    if tab.studio.host.is_shared():
        return
    owner = tab.guard.for_owner
    _long(tab, "models_fetch", panel.fetch, ("models_name", "models_source", "models_mirror"), shown, owner)
    _long(tab, "models_download", panel.download, ("models_kind", "models_address"), shown, owner)
    _long(tab, "models_convert", panel.convert, ("models_source_model", "models_bits"), shown, owner)
    stopped = {"inputs": [tab["language"]], "outputs": [tab["models_progress"]]}
    tab["models_stop"].click(tab.guard.for_owner(panel.stop), **stopped, **quick())


def follow(tab: Tab, ended: Any) -> None:
    """Say anew where each model is, after the event `ended`."""
    ended.then(tab.guard(_ModelsPanel(tab).where), inputs=[tab["language"]], outputs=[tab["where"]], **quick())


def follow_made(tab: Tab, ended: Any) -> None:
    """Follow an event that may have made a model or a prefix: what there is is listed anew as well."""
    look = [tab["models_list"], tab["where"]]
    ended.then(tab.guard(_ModelsPanel(tab).look), inputs=[tab["language"]], outputs=look, **quick())


def _long(
    tab: Tab,
    button: str,
    handler: Callable[..., Iterator[list[Any]]],
    given: tuple[str, ...],
    outputs: list[Any],
    guard: Callable[[Callable[..., Any]], Callable[..., Any]],
) -> None:
    def at_once(*values: Any) -> list[Any]:
        """Answer once, for a page that takes one answer only; pressed again it shows how far the work is."""
        return next(iter(handler(*values)))

    inputs = [tab["language"], *(tab[name] for name in given)]
    answer = guard(handler if tab.studio.host.can_stream else at_once)
    tab[button].click(answer, inputs=inputs, outputs=outputs, show_progress=False, **streaming())


class _ModelsPanel:
    """The panel's handlers; the long ones give what is listed, where the models are, how the work goes, and at its end
    the dropdowns that offer what came of it."""

    def __init__(self, tab: Tab) -> None:
        self._tab = tab
        self._studio = tab.studio
        self.lists = [name for name in ("writer", "lora", "models_source_model") if name in tab.choosers]

    def look(self, language: str) -> list[str]:
        """Look into every folder, also for damage that its names and sizes do not show."""
        language = self._tab.value("language", language)
        cutters = _cutters(self._studio.photos.segmentation_models(), language)
        return [_listed(self._studio.library.checked(), language) + cutters, self.where(language)]

    def reworded(self, language: str) -> list[str]:
        """Say the same in the language switched to."""
        return [_found(self._studio, self._tab.value("language", language)), self.where(language)]

    def where(self, language: str) -> str:
        return _where(self._studio.models.status(), self._tab.value("language", language))

    def load(self, language: str, writer: str) -> Iterator[list[Any]]:
        name = self._tab.value("writer", writer)

        def work(on_progress: Any, stop: Any) -> None:
            on_progress(WorkProgress("loading"))

            def on_loading(seen: Any) -> None:
                on_progress(WorkProgress("loading", seen.done, seen.total))

            self._studio.load(name, stop=stop, on_loading=on_loading)

        yield from self._shown(f"load {name}", work, language)

    def fetch(self, language: str, name: str, source: str, mirror: str) -> Iterator[list[Any]]:
        chosen, source = self._tab.value("models_name", name), self._tab.value("models_source", source)
        installer = self._studio.installer

        def work(on_progress: Any, stop: Any) -> Path | None:
            return installer.fetch(chosen, source, mirror=(mirror or "").strip(), on_progress=on_progress, stop=stop)

        yield from self._shown(f"fetch {chosen}", work, language)

    def download(self, language: str, kind: str, address: str) -> Iterator[list[Any]]:
        chosen, installer = self._tab.value("models_kind", kind), self._studio.installer

        def work(on_progress: Any, stop: Any) -> Path | None:
            return installer.fetch_file(address or "", chosen, on_progress=on_progress, stop=stop)

        yield from self._shown(f"download {address}", work, language)

    def convert(self, language: str, name: str | None, bits: str) -> Iterator[list[Any]]:
        chosen, installer = int(self._tab.value("models_bits", bits)), self._studio.installer

        def work(on_progress: Any, stop: Any) -> Path | None:
            return installer.convert(name or "", chosen, on_progress=on_progress, stop=stop)

        yield from self._shown(f"convert {name} {chosen}", work, language)

    def stop(self, language: str) -> str:
        key = "stopping" if self._studio.installer.tasks.stop() else "nothing_to_stop"
        language = self._tab.value("language", language)
        return render.status(translate(f"model_library.panel.{key}", language), kind="busy")

    def _shown(self, what: str, work: Work, language: str) -> Iterator[list[Any]]:
        """Show how the work goes until it is over. It goes on when the page is closed."""
        language = self._tab.value("language", language)
        task = self._studio.installer.tasks.begin(what, work)
        while not task.finished.wait(_PATIENCE_SECONDS):
            as_they_are = [gr.update() for _ in self.lists]
            yield [gr.update(), gr.update(), render.status(_progress(task, language), kind="busy"), *as_they_are]
        offered = [gr.update(choices=self._tab.choosers[name].words(language)) for name in self.lists]
        yield [*self.look(language), _ended(task, language), *offered]


def _progress(task: LibraryTask, language: str) -> str:
    seen = task.progress
    facts = {"percent": round(100 * seen.fraction), "file": seen.file, "done": format_size(seen.done),
             "total": format_size(seen.total)}  # fmt: skip
    return translate(f"model_library.panel.{seen.phase}", language, **facts)


def _ended(task: LibraryTask, language: str) -> str:
    if isinstance(task.error, AdCopyError):
        kind = "done" if isinstance(task.error, LoadingStoppedError) else "error"
        return render.status(task.error.message.text(language), kind=kind)
    if task.error is not None:
        fault = translate("ui.status.fault", language, fault=type(task.error).__name__)
        return render.status(fault, kind="error")
    if task.progress.phase == "loading":
        return render.status(translate("model_library.panel.loaded", language), kind="done")
    if task.path is None:
        return render.status(translate("model_library.panel.stopped", language), kind="done")
    done = render.status(translate("model_library.panel.done", language, name=task.path.name), kind="done")
    return done + "".join(render.status(note.text(language)) for note in task.notes)


def _found(studio: Studio, language: str) -> str:
    """Return what there is, by names and sizes alone."""
    listed = _listed((*studio.library.models(), *studio.library.prefixes()), language)
    return listed + _cutters(studio.photos.segmentation_models(), language)


def _cutters(models: Sequence[SegmentationModel], language: str) -> str:
    """Render the segmentation models that cut photos' products out, the one that is used first."""
    rows = []
    for model in models:
        problem = f" · ⚠ {translate(f'photo.model.{model.problem}', language)}" if model.problem else ""
        kind = translate("photo.model.kind", language)
        rows.append(f"<li>{escape(f'{model.name} · {kind} · {format_size(model.size_bytes)}{problem}')}</li>")
    return f'<ul class="adcopy-notes" tabindex="0">{"".join(rows)}</ul>' if rows else ""


def _listed(entries: tuple[ModelEntry, ...], language: str) -> str:
    """Return each with its kind, bits, size and what is wrong with it.

    Prefixes below the model they were tuned on, those of no model here at the end.
    """
    if not entries:
        return render.status(translate("model_library.panel.nothing", language))
    models = [entry for entry in entries if entry.report.kind == "model"]
    below: dict[str, list[ModelEntry]] = {entry.name: [] for entry in models}
    others: list[ModelEntry] = []
    for entry in entries:
        if entry.report.kind == "prefix":
            card = prefix_card(entry)
            below.get(card.base_model if card else "", others).append(entry)
    rows = [_row(entry, language, below[entry.name]) for entry in models]
    rows += [_row(entry, language) for entry in others]
    return f'<ul class="adcopy-notes adcopy-scroll" tabindex="0">{"".join(rows)}</ul>'


def _row(entry: ModelEntry, language: str, prefixes: Sequence[ModelEntry] = ()) -> str:
    below = "".join(_row(prefix, language) for prefix in prefixes)
    return f"<li>{_said(entry, language)}{f'<ul>{below}</ul>' if below else ''}</li>"


def _said(entry: ModelEntry, language: str) -> str:
    report = entry.report
    facts = {"bits": report.bits, "size": format_size(report.size_bytes)}
    parts = [entry.name, translate(f"model_library.panel.{report.kind}", language, **facts)]
    card = prefix_card(entry) if report.kind == "prefix" else None
    if card:
        parts.append(translate("model_library.panel.card", language, base=card.base_model, examples=card.examples))
    if report.problem:
        problem = AdCopyError(f"chatglm.{report.problem.code}", **report.problem.params).message
        parts.append(f"⚠ {problem.text(language)}")
    return escape(" · ".join(parts))


def _where(status: Status, language: str) -> str:
    def place(of: str, at: str, size: int) -> str:
        return translate(f"model_library.where.{of}", language, place=translate(f"model_library.where.{at}", language),
                         size=f" {format_size(size)}" if size else "")  # fmt: skip

    parts = [
        place("writer", status.writer_place, status.writer_bytes),
        place("pictures", status.picture_place, status.picture_bytes),
    ]
    if status.gpu_memory:
        used = status.gpu_memory.total - status.gpu_memory.free
        facts = {"used": f"{used / _GB:.1f}", "total": f"{status.gpu_memory.total / _GB:.1f}"}
        parts.append(translate("model_library.where.gpu_memory", language, **facts))
    if status.is_spilled:
        parts.append(translate("gpu.spilled", language))
    # So fine that no two lines are the same: gradio leaves an old one standing, and its clock is not wound again.
    due = "" if status.unloads_in is None else f' data-due="{status.unloads_in + _LEAVES_WITHIN_SECONDS:.3f}"'
    return f'<span class="adcopy-tokens"{due}>{escape(" · ".join(parts))}</span>'
