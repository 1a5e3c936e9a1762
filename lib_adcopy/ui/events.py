"""Which event does what: the table of the tab, and how gradio calls what stands in it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import gradio as gr

from lib_adcopy.ui import models
from lib_adcopy.ui.attribute_handlers import Picking
from lib_adcopy.ui.compat import quick, streaming
from lib_adcopy.ui.edit_handlers import Edits
from lib_adcopy.ui.pipeline_handlers import Steps
from lib_adcopy.ui.session import Call, Session, Updates
from lib_adcopy.ui.streaming import Running
from lib_adcopy.ui.style_handlers import StyleShelf
from lib_adcopy.ui.values import ADVISED, BRIEF, DRAWING, WRITING

if TYPE_CHECKING:
    from lib_adcopy.ui.tab import Tab

_COPY = ("candidates", "copy", "review", "fallback")
_CHIPS = ("tokens", "networks_used")
_PROMPT = ("prompt", "negative_prompt", *_CHIPS, "notes")
_GALLERY = ("gallery", "generation_info", "infotext", "parameters")
_PAIR = ("prompt", "negative_prompt")
_REVIEWED = (*BRIEF, "copy")
_PLANNED = ("style", "format", "checkpoint")
_SIZES = ("width", "height", "hires_scale")
# What a style changes: what it advises, and the sizes.
_STYLED = tuple(dict.fromkeys((*ADVISED, *_SIZES)))


@dataclass(frozen=True)
class On:
    """When `part` has its `event`, `does` is called with the boxes `given` and may change those in `changes`."""

    part: str
    event: str
    does: str
    given: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()


STEPS = (
    On("write", "click", "write", (*BRIEF, *WRITING, "copy"), (*_COPY, "rounds")),
    On("revise", "click", "revise", (*BRIEF, *WRITING, "copy", "wish"), (*_COPY, "rounds")),
    On("wish", "submit", "revise", (*BRIEF, *WRITING, "copy", "wish"), (*_COPY, "rounds")),
    On("fallback", "click", "fallback", (*BRIEF, *WRITING, "copy"), (*_COPY, "writer", "rounds")),
    On("derive", "click", "derive", (*BRIEF, "writer", "copy", "style", "checkpoint"), _PROMPT),
    On("generate", "click", "draw", (*BRIEF, *_PAIR, *DRAWING, "writer", "copy", "style"), (*_PROMPT, *_GALLERY)),
    On("create", "click", "create", (*BRIEF, *WRITING, *DRAWING, "copy", "mode", "style"),
       (*_COPY, "rounds", *_PROMPT, *_GALLERY)),
    On("compose", "click", "compose", (*BRIEF, *_PAIR, *DRAWING, "copy", "style"), _GALLERY),
)  # fmt: skip
EDITS = (
    On("interrupt", "click", "interrupt"),
    On("skip", "click", "skip"),
    On("unload", "click", "unload"),
    On("candidates", "input", "choose", ("candidates", "platform", "copy"), ("copy", "review")),
    On("copy", "blur", "review", _REVIEWED, ("review",)),
    On("lawful", "click", "lawful", _REVIEWED, ("copy", "review")),
    On("fix", "input", "fix", (*_REVIEWED, "fix"), ("copy", "review")),
    On("undo", "click", "undo", _REVIEWED, ("copy", "review", "rounds")),
    On("rounds", "input", "rounds", ("rounds",), ("rounds",)),
    On("forget", "click", "forget", (), ("rounds",)),
    On("language", "change", "greet", ("status",), ()),
    On("clear", "click", "clear", (), (*_COPY, *_PROMPT, "rounds", "gallery", "parameters")),
    On("prompt", "input", "tokens", (*_PAIR, "steps"), _CHIPS),
    On("negative_prompt", "input", "tokens", (*_PAIR, "steps"), _CHIPS),
    On("network_add", "click", "network_add", (*_PAIR, "steps", "network", "network_weight"), (*_PAIR, *_CHIPS)),
    On("weigh", "input", "weigh", (*_PAIR, "steps", "weigh"), (*_PAIR, *_CHIPS)),
    On("format", "input", "size", _PLANNED, _SIZES),
    On("checkpoint", "input", "size", _PLANNED, _SIZES),
    On("style", "input", "style", _PLANNED, _STYLED),
    On("restore", "upload", "restore", ("restore", "copy"), (*BRIEF, *_PAIR, *DRAWING[1:], "copy", "style", "restore")),
)
SHELF = (
    On("style_save", "click", "save", (*BRIEF, *_PAIR, *DRAWING, "copy", "style", "style_name"), ("style",)),
    On("style_delete", "click", "delete", ("style",), ("style",)),
)
_PICKERS = ("product", "kind", "value")
PICKING = (
    On("brief", "change", "read", ("brief", "product"), ("attributes", *_PICKERS)),
    On("example", "input", "example", ("example",), ("brief",)),
    On("language", "change", "examples", (), ("samples",)),
    On("product", "input", "product", ("product", "kind"), _PICKERS),
    On("language", "change", "product", ("product", "kind"), _PICKERS),
    On("language", "change", "read", ("brief", "product"), ("attributes", *_PICKERS)),
    On("kind", "input", "kind", ("product", "kind"), ("value",)),
    On("value", "input", "pick", ("brief", *_PICKERS), ("brief", "value")),
    On("drop", "input", "drop", ("brief", "drop"), ("brief",)),
)


def connect(tab: Tab) -> None:
    """Inside the Blocks' context, once all components are there."""
    running = Running()
    steps, edits = Steps(tab.studio, running), Edits(tab.studio, running)
    session = gr.State(Session())
    for on in STEPS:
        options = {"show_progress": False, **streaming()}
        models.follow(tab, _listen(tab, on, session, _stepping(tab, on, getattr(steps, on.does)), options))
    shelf = StyleShelf(tab.studio, tab.choosers["style"])
    for quickly, table in ((edits, EDITS), (Picking(), PICKING), (shelf, SHELF)):
        for on in table:
            ended = _listen(tab, on, session, _editing(tab, on, getattr(quickly, on.does)), quick())
            if on.does == "unload":
                models.follow(tab, ended)
    _connect_gallery(tab, edits, session)
    _connect_words(tab)


def _listen(tab: Tab, on: On, session: gr.State, handler: Callable[..., Any], options: dict[str, Any]) -> Any:
    # gradio finds the request by its annotation, which must be the class and not its name.
    handler.__annotations__["request"] = gr.Request
    return getattr(tab[on.part], on.event)(
        handler,
        inputs=[session, tab["language"], *(tab[name] for name in on.given)],
        outputs=[session, tab["status"], *(tab[name] for name in on.changes)],
        **options,
    )


def _stepping(tab: Tab, on: On, step: Callable[[Call], Iterator[Updates]]) -> Callable[..., Any]:
    def handler(request: gr.Request, session: Session, language: str, *values: Any) -> Iterator[list[Any]]:
        call = _call(tab, on, request, session, language, values)
        for update in step(call):
            yield _outputs(tab, on, call, update)

    def at_once(request: gr.Request, session: Session, language: str, *values: Any) -> list[Any]:
        call = _call(tab, on, request, session, language, values)
        together: Updates = {}
        for update in step(call):
            together |= update
        return _outputs(tab, on, call, together)

    return handler if tab.studio.host.can_stream else at_once


def _editing(tab: Tab, on: On, edit: Callable[[Call], Updates]) -> Callable[..., list[Any]]:
    def handler(request: gr.Request, session: Session, language: str, *values: Any) -> list[Any]:
        call = _call(tab, on, request, session, language, values)
        return _outputs(tab, on, call, edit(call))

    return handler


def _call(
    tab: Tab, on: On, request: gr.Request, session: Session, language: str, values: tuple[Any, ...]
) -> Call:
    read = {name: tab.value(name, value) for name, value in zip(on.given, values, strict=True)}
    if not session.key:
        # Not the State's first value: gradio copies that to every browser tab.
        session = replace(session, key=uuid.uuid4().hex)
    user = getattr(request, "username", None)
    return Call(session, tab.value("language", language), read, session.key, str(user or ""))


def _outputs(tab: Tab, on: On, call: Call, update: Updates) -> list[Any]:
    rest = (
        tab.shown(name, update[name], call.language) if name in update else gr.update()
        for name in ("status", *on.changes)
    )
    return [update.get("session", call.session), *rest]


def _connect_gallery(tab: Tab, edits: Edits, session: gr.State) -> None:
    def chosen(event: gr.SelectData, held: Session, language: str) -> list[Any]:
        update = edits.picture(Call(held, tab.value("language", language), {}), event.index)
        return [update.get(name, gr.update()) for name in ("infotext", "parameters")]

    chosen.__annotations__["event"] = gr.SelectData
    outputs = [tab["infotext"], tab["parameters"]]
    tab["gallery"].select(chosen, inputs=[session, tab["language"]], outputs=outputs, **quick())


def _connect_words(tab: Tab) -> None:
    """The language switched, the lists read anew, and the language the page's script found in the browser."""
    choosers = list(tab.choosers)

    def relabel(language: str, *values: Any) -> list[Any]:
        held = dict(zip(choosers, values, strict=True))
        return tab.relabelled(tab.value("language", language), held)

    def refresh(language: str, *values: Any) -> list[Any]:
        tab.studio.host.refresh()
        return relabel(language, *values)

    def follow(wanted: str) -> str:
        return tab.choosers["language"].word(wanted, wanted)

    inputs = [tab["language"], *(tab[name] for name in choosers)]
    tab["language"].change(relabel, inputs=inputs, outputs=tab.relabelling(), **quick())
    tab["refresh"].click(refresh, inputs=inputs, outputs=tab.relabelling(), **quick())
    tab["browser_language"].input(
        follow, inputs=[tab["browser_language"]], outputs=[tab["language"]], **quick()
    )
