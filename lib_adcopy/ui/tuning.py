"""The tab's panel for teaching a model one's own products: examples in, what they are like, a training to watch."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from lib_adcopy.domain.writing import SERVER
from lib_adcopy.errors import AdCopyError
from lib_adcopy.i18n import translate
from lib_adcopy.training.service import TrainingRequest, TrainingRun
from lib_adcopy.training.settings import OFFICIAL, PRESETS, Settings, check_numbers
from lib_adcopy.ui import loss_plot, models, render
from lib_adcopy.ui.choices import Choices, named
from lib_adcopy.ui.compat import keep_out_of_defaults, quick, signed, streaming, uploaded_file

if TYPE_CHECKING:
    from lib_adcopy.training.data import DataSet
    from lib_adcopy.ui.components import Tab

_FILES = [".jsonl", ".json", ".csv", ".tsv", ".txt", ".xlsx", ".xls"]
_REQUEST_FIELDS = (
    "tune_data", "tune_model", "tune_name", "tune_preset", "tune_steps", "tune_rate", "tune_projection",
    "tune_held_out", "tune_seed", "tune_general", "tune_share", "tune_skip",
)  # fmt: skip
_PATIENCE_SECONDS = 0.5
_FINDINGS_SHOWN = 50
_SAMPLES_SHOWN = 5


def build(tab: Tab) -> None:
    """Add the panel, folded; inside the Blocks' context."""

    def able(language: str) -> list[tuple[str, str]]:
        found = (choice for choice in tab.studio.writers()[1:] if not choice.problem and choice.id != SERVER)
        return [(choice.title.text(language), choice.id) for choice in found]

    with tab.fold("tuning"):
        tab.add(gr.Markdown, "tune_intro", word="value")
        with gr.Row():
            with gr.Column(min_width=320):
                tab.add(uploaded_file, "tune_data", file_types=_FILES, file_count="single")
                found = [value for _, value in able(tab.language)]
                writer = tab.studio.default_writer()
                model = writer if writer in found else next(iter(found), None)
                tab.choose(gr.Dropdown, "tune_model", Choices(able), model)
                tab.add(gr.Textbox, "tune_name", lines=1, max_lines=1, hint=True)
                recipe = tab.studio.training.recipe(model or "")
                tab.choose(gr.Radio, "tune_preset", named("tune_presets", tuple(PRESETS)), recipe)
                with tab.fold("tune_more"):
                    tab.add(gr.Number, "tune_steps", value=0, precision=0)
                    tab.add(gr.Number, "tune_rate", value=0)
                    # In these the recipes agree, so that the boxes can say what it is.
                    tab.add(gr.Checkbox, "tune_projection", value=OFFICIAL.projection)
                    tab.add(gr.Slider, "tune_held_out", minimum=0, maximum=0.5, step=0.05, value=OFFICIAL.held_out)
                    tab.add(gr.Number, "tune_seed", value=OFFICIAL.seed, precision=0)
                    tab.add(uploaded_file, "tune_general", file_types=_FILES, file_count="single")
                    tab.add(gr.Slider, "tune_share", minimum=0, maximum=0.9, step=0.05, value=0)
                    tab.add(gr.Checkbox, "tune_skip", value=False)
                with gr.Row():
                    for name, look in (("tune_look", {}), ("tune_start", {"variant": "primary"}), ("tune_stop", {})):
                        tab.button(name, min_width=80, **look)
            with gr.Column(min_width=320):
                tab.keep("tune_report", gr.HTML(elem_id="adcopy_tune_report"))
                tab.keep("tune_cost", gr.HTML(elem_id="adcopy_tune_cost"))
                tab.keep("tune_progress", gr.HTML(elem_id="adcopy_tune_progress"))
    keep_out_of_defaults(*(tab[name] for name in ("tune_model", "tune_name", "tune_preset", "tune_steps", "tune_rate")))


def connect(tab: Tab) -> None:
    """Bind the panel's events; inside the Blocks' context, once the tab's components are there."""
    panel = _TuningPanel(tab)
    given = [tab["language"], *(tab[name] for name in _REQUEST_FIELDS)]
    report = {"inputs": given, "outputs": [tab["tune_report"], tab["tune_cost"]], "show_progress": False}
    cost = {"inputs": given, "outputs": [tab["tune_cost"]], "show_progress": False}
    recipe = {"inputs": [tab["language"], tab["tune_model"]], "outputs": [tab["tune_preset"]]}
    tab["tune_data"].upload(tab.guard(panel.look), **report, **streaming())
    tab["tune_data"].clear(tab.guard(panel.forget), outputs=report["outputs"], **quick())
    for event in ("upload", "clear"):
        getattr(tab["tune_general"], event)(tab.guard(panel.look_if_given), **report, **streaming())
    tab["tune_skip"].input(tab.guard(panel.look_if_given), **report, **streaming())
    tab["tune_look"].click(tab.guard(panel.look_anew), **report, **streaming())
    # The recipe follows the model first. What a page sets by itself is no input, so nothing is worked out twice.
    chosen = tab["tune_model"].input(tab.guard(panel.recipe), **recipe, **quick())
    chosen.then(tab.guard(panel.cost), **cost, **streaming())
    for name in ("tune_preset", "tune_steps", "tune_projection"):
        tab[name].input(tab.guard(panel.cost), **cost, **streaming())
    tab["tune_held_out"].release(tab.guard(panel.cost), **cost, **streaming())
    start = panel.start if tab.studio.host.can_stream else panel.start_at_once
    outputs = [tab["tune_progress"], tab["writer"], tab["prefix"]]
    given = [tab["language"], tab["owner"], *given[1:]]
    begun = {"inputs": given, "outputs": outputs, "show_progress": False, **signed(tab["owner"], given)}
    taught = tab["tune_start"].click(tab.guard(start, with_request=True), **begun, **streaming())
    models.follow_made(tab, taught)
    asked = [tab["language"], tab["owner"]]
    stopped = {"inputs": asked, "outputs": [tab["tune_progress"]], **signed(tab["owner"], asked)}
    tab["tune_stop"].click(tab.guard(panel.stop, with_request=True), **stopped, **quick())


class _TuningPanel:
    """The panel's handlers. The training itself is the studio's: it goes on when the page is closed."""

    def __init__(self, tab: Tab) -> None:
        self._tab = tab
        self._studio = tab.studio

    def recipe(self, language: str, model: str) -> str:
        """Return the recipe that suits the model just chosen."""
        language = self._tab.value("language", language)
        suited = self._studio.training.recipe(self._tab.value("tune_model", model))
        return self._tab.shown("tune_preset", suited, language)

    def look(self, language: str, *values: Any, anew: bool = False) -> list[str]:
        """Return what the file holds, and what the training would take."""
        language = self._tab.value("language", language)
        try:
            request = self._request(values)
            shown = _report(self._read(request, request.data), language)
            if request.general:
                heading = escape(translate("training.panel.general", language))
                general = _report(self._read(request, request.general), language)
                shown += f'<p class="adcopy-infotext">{heading}</p>{general}'
            return [shown, self._cost(request, language, anew)]
        except AdCopyError as error:
            return [render.status(error.message.text(language), kind="error"), ""]

    def look_anew(self, language: str, *values: Any) -> list[str]:
        return self.look(language, *values, anew=True)

    def look_if_given(self, language: str, *values: Any) -> list[str]:
        """Look, where the seller's own examples are there yet."""
        given = dict(zip(_REQUEST_FIELDS, values, strict=True))
        return self.look(language, *values) if given["tune_data"] is not None else self.forget()

    def forget(self) -> list[str]:
        return ["", ""]

    def cost(self, language: str, *values: Any) -> str:
        """Return what the training would take, once there is a file that can be read."""
        language = self._tab.value("language", language)
        try:
            request = self._request(values)
            self._read(request, request.data)
        except AdCopyError:
            return ""
        return self._cost(request, language)

    def _read(self, request: TrainingRequest, file: Path) -> DataSet:
        return self._studio.training.read_data(file, skip_broken=request.skip_broken)

    def _cost(self, request: TrainingRequest, language: str, anew: bool = False) -> str:
        from lib_adcopy.training.report import cost, split

        if not request.model:
            return ""
        try:
            check_numbers(request.settings)
            taken = self._studio.training.estimate(request, self._studio.placement(), remeasure=anew)
            said = split(self._read(request, request.data), request.settings, language)
            return render.status(said) + render.status(cost(taken, language))
        except AdCopyError as error:
            return render.status(error.message.text(language), kind="error")

    def start(self, request: gr.Request, language: str, secret: Any, *values: Any) -> Iterator[list[Any]]:
        """Start the training, or joins the requester's own at work, and shows how it goes until it is over."""
        language = self._tab.value("language", language)
        requester = self._tab.guard.requester(request, secret)
        try:
            task = f"task(adcopy-{uuid.uuid4().hex})"
            job = self._studio.training.start(
                self._request(values), self._studio.placement(), task_id=task, requester=requester
            )
        except AdCopyError as error:
            yield [render.status(error.message.text(language), kind="error"), gr.update(), gr.update()]
            return
        while not job.finished.wait(_PATIENCE_SECONDS):
            yield [_progress(job, language), gr.update(), gr.update()]
        yield [_progress(job, language), *self._chosen(job, language)]

    def _chosen(self, job: TrainingRun, language: str) -> list[Any]:
        """Return the model that was taught and its new prefix, for the boxes of the writer and the prefix."""
        if not job.card or not job.card["step"]:
            return [gr.update(), gr.update()]
        model, choosers = job.request.model, self._tab.choosers
        prefixes = choosers["prefix"].words(language, {"writer": model})
        return [choosers["writer"].word(model, language), gr.update(choices=prefixes, value=job.request.name)]

    def start_at_once(self, request: gr.Request, language: str, secret: Any, *values: Any) -> list[Any]:
        """As `start`, for a page that takes one answer only: pressed again it shows how far the training is."""
        return next(iter(self.start(request, language, secret, *values)))

    def stop(self, request: gr.Request, language: str, secret: Any) -> Any:
        language = self._tab.value("language", language)
        if self._studio.training.stop(self._tab.guard.requester(request, secret)):
            return render.status(translate("training.panel.stopping", language), kind="busy")
        return render.status(translate("training.panel.nothing_to_stop", language))

    def _request(self, values: Sequence[Any]) -> TrainingRequest:
        held = {name: self._tab.value(name, value) for name, value in zip(_REQUEST_FIELDS, values, strict=True)}
        data = _file(held["tune_data"])
        if data is None:
            raise AdCopyError("training.no_data")
        general = _file(held["tune_general"])
        name = (held["tune_name"] or "").strip()
        return TrainingRequest(data, held["tune_model"], name, _settings(held), general, bool(held["tune_skip"]))


def _settings(held: dict[str, Any]) -> Settings:
    """Return the recipe chosen, with what the boxes under it say otherwise; an empty number is the recipe's."""
    said: dict[str, Any] = {
        "general_share": float(held["tune_share"] or 0),
        "projection": bool(held["tune_projection"]),
        "held_out": float(held["tune_held_out"] or 0),
    }
    if held["tune_steps"]:
        said["steps"] = int(held["tune_steps"])
    if held["tune_rate"]:
        said["rate"] = float(held["tune_rate"])
    if held["tune_seed"] is not None:
        said["seed"] = int(held["tune_seed"])
    return replace(PRESETS[held["tune_preset"]], **said)


def _file(given: Any) -> Path | None:
    """gradio 3 gives an open file, gradio 4 a path."""
    return None if given is None else Path(getattr(given, "name", given))


def _report(data: DataSet, language: str) -> str:
    from lib_adcopy.training import report
    from lib_adcopy.training.data import HISTOGRAM_STEP, overview

    seen = overview(data)
    chips = "".join(render.chip(text, good) for text, good in report.facts(seen, language))
    rows = "".join(f"<li>{escape(row)}</li>" for row in report.rows(data, language, _FINDINGS_SHOWN))
    lengths = escape(translate("training.panel.lengths", language))
    return (
        f'<div class="adcopy-review">{chips}</div><p class="adcopy-infotext">{lengths}</p>'
        f"{loss_plot.histogram(seen.lengths, HISTOGRAM_STEP)}"
        f'<ul class="adcopy-notes adcopy-scroll" tabindex="0">{rows}</ul>'
    )


def _progress(job: TrainingRun, language: str) -> str:
    seen = [*job.before, *job.steps]
    names = (translate("training.panel.loss", language), translate("training.panel.held_out", language))
    steps = job.request.settings.steps
    held = [(one.step, one.held_out) for one in seen if one.held_out is not None]
    drawn = loss_plot.losses(steps, [(one.step, one.loss) for one in seen], held, names)
    samples = [one for one in seen if one.sample][-_SAMPLES_SHOWN:]
    rows = "".join(
        f"<li>{one.step}: {escape(one.sample[0])} → {escape(one.sample[1])}</li>" for one in samples if one.sample
    )
    return f'{_state(job, language)}{drawn}<ul class="adcopy-notes">{rows}</ul>'


def _state(job: TrainingRun, language: str) -> str:
    if job.error is not None:
        known = isinstance(job.error, AdCopyError)
        text = job.error.message.text(language) if known else ""  # type: ignore[attr-defined]
        fault = translate("ui.status.fault", language, fault=type(job.error).__name__)
        return render.status(text or fault, kind="error")
    if job.card is not None:
        key = "finished" if not job.card["stopped"] else "stopped" if job.card["step"] else "stopped_early"
        return render.status(translate(f"training.panel.{key}", language, name=job.request.name), kind="done")
    if not job.steps:
        return render.status(translate("training.panel.loading", language), task=job.task_id, kind="busy")
    from lib_adcopy.training.report import duration

    last, first = job.steps[-1], job.steps[0]
    # As fast as it is now, whatever it was before a resume. The first step is slower than the rest; before there is
    # another, what it took is all that is known.
    took = (last.seconds - first.seconds) / (last.step - first.step) if last is not first else last.seconds / last.step
    facts = {"step": last.step, "steps": last.steps, "loss": f"{last.loss:.3f}",
             "left": duration(took * (last.steps - last.step), language)}  # fmt: skip
    return render.status(translate("training.panel.step", language, **facts), task=job.task_id, kind="busy")
