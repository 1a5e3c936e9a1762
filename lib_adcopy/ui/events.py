"""Which button does what: components in, handlers of handlers.py, components out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import gradio as gr

from lib_adcopy.i18n import translate
from lib_adcopy.ui.compat import quick, script, streaming
from lib_adcopy.ui.handlers import Handlers, Session

if TYPE_CHECKING:
    from lib_adcopy.ui.tab import Tab

_BRIEF = ("brief", "platform", "tone", "length")
_WRITING = ("writer", "prefix", "count", "temperature", "top_p", "max_length", "copy_seed")
_DRAWING = (
    "format", "sampler", "scheduler", "steps", "cfg_scale", "width", "height", "batch_count", "clip_skip",
    "hires_scale", "seed",
)  # fmt: skip
_COPY = ("candidates", "copy", "review")
_PROMPT = ("prompt", "negative_prompt", "tokens", "notes")
_DRAWN = ("gallery", "generation_info", "infotext", "notes")
# Button: (what its handler is given, what it may change, whether it can be interrupted).
_STEPS: dict[str, tuple[tuple[str, ...], tuple[str, ...], bool]] = {
    "write": ((*_BRIEF, *_WRITING, "copy"), _COPY, True),
    "revise": ((*_BRIEF, *_WRITING, "copy", "wish"), _COPY, True),
    "derive": ((*_BRIEF, "writer", "copy", "style"), _PROMPT, False),
    "generate": ((*_BRIEF, "copy", "style", "prompt", "negative_prompt", *_DRAWING), (*_PROMPT, *_DRAWN), True),
    "create": ((*_BRIEF, *_WRITING, "copy", "mode", "style", *_DRAWING), (*_COPY, *_PROMPT, *_DRAWN), True),
    "poster": ((*_BRIEF, "copy", "format"), ("gallery",), False),
}
# Gives the handler a task id, its first input, and lets the webui's progress bar watch it. gradio 3 hands a script the
# outputs too, and takes only inputs back.
_START = "(...args) => adcopyTab.start(args.slice(0, {inputs}))"


def connect(tab: Tab, demo: gr.Blocks) -> None:
    """Inside the Blocks' context, once all components are there."""
    handlers = Handlers(tab.studio)
    session = gr.State(Session())
    task = gr.Textbox(visible=False, elem_id="adcopy_task")
    steps: dict[str, Callable[..., Iterator[dict]]] = {
        "write": handlers.write,
        "revise": handlers.revise,
        "derive": handlers.derive,
        "generate": handlers.draw,
        "create": handlers.create,
        "poster": handlers.poster,
    }
    for button, (given, changed, starts) in _STEPS.items():
        names = [name for name in dict.fromkeys(changed) if name in tab.parts]
        tab[button].click(
            _bound(steps[button], given, names),
            inputs=[task, session, tab["language"], *(tab[name] for name in given)],
            outputs=[session, tab["status"], *(tab[name] for name in names)],
            show_progress=False,
            **(script(_START.format(inputs=len(given) + 3)) if starts else {}),
            **streaming(),
        )
    _small(tab, handlers, session)


def _bound(step: Callable[..., Iterator[dict]], given: tuple[str, ...], names: list[str]) -> Callable[..., Any]:
    """A handler of dictionaries as gradio calls it: values in their order, updates in theirs."""

    def handler(
        request: gr.Request, task: str, session: Session, language: str, *values: Any
    ) -> Iterator[list[Any]]:
        for update in step(session, task, language, dict(zip(given, values, strict=True)), request):
            rest = (update.get(name, gr.update()) for name in ("status", *names))
            yield [update["session"], *rest]

    # gradio finds the request by its annotation, which must be the class and not its name.
    handler.__annotations__["request"] = gr.Request
    return handler


def _small(tab: Tab, handlers: Handlers, session: gr.State) -> None:
    """Events that take no time: they do not queue, so an interrupt is never behind what it interrupts."""
    language = tab["language"]

    def interrupt(request: gr.Request, tag: str) -> str:
        return handlers.interrupt(tag, request)

    interrupt.__annotations__["request"] = gr.Request
    tab["interrupt"].click(interrupt, inputs=[language], outputs=[tab["status"]], **quick())
    tab["skip"].click(handlers.skip, inputs=[], outputs=[], **quick())
    tab["unload"].click(handlers.unload, inputs=[language], outputs=[tab["status"]], **quick())
    tab["refresh"].click(handlers.refresh, inputs=[language], outputs=[tab["writer"], tab["prefix"]], **quick())
    chosen = [session, language, tab["candidates"], tab["platform"]]
    tab["candidates"].input(handlers.choose, inputs=chosen, outputs=[tab["copy"], tab["review"]], **quick())
    edited = [language, *(tab[name] for name in _BRIEF), tab["copy"]]
    tab["copy"].blur(handlers.review, inputs=edited, outputs=[tab["review"]], **quick())
    tab["lawful"].click(handlers.lawful, inputs=edited, outputs=[tab["copy"], tab["review"]], **quick())
    tab["undo"].click(handlers.undo, inputs=[session, tab["copy"]], outputs=[session, tab["copy"]], **quick())
    prompts = [tab["prompt"], tab["negative_prompt"], tab["steps"]]
    for name in ("prompt", "negative_prompt"):
        tab[name].input(handlers.tokens, inputs=prompts, outputs=[tab["tokens"]], **quick())
    tab["format"].change(handlers.size, inputs=[tab["format"]], outputs=[tab["width"], tab["height"]], **quick())

    def relabel(tag: str) -> list[Any]:
        return [gr.update(**{word: translate(key, tag)}) for _, word, key in tab.labels]

    language.change(relabel, inputs=[language], outputs=[part for part, _, _ in tab.labels], **quick())
