"""Which event does what: the table of the tab, and how gradio calls what stands in it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import gradio as gr

from lib_adcopy.app.composing import EDITABLE
from lib_adcopy.ui import models
from lib_adcopy.ui.attribute_handlers import AttributeHandlers
from lib_adcopy.ui.compat import quick, signed, streaming
from lib_adcopy.ui.edit_handlers import Edits
from lib_adcopy.ui.guard import guarded
from lib_adcopy.ui.pipeline_handlers import Steps
from lib_adcopy.ui.session import Call, Session, Updates
from lib_adcopy.ui.streaming import Running
from lib_adcopy.ui.style_handlers import StyleShelf
from lib_adcopy.ui.values import ADVISED, BRIEF, DRAWING, WRITING

if TYPE_CHECKING:
    from lib_adcopy.ui.components import Tab

_COPY = ("candidates", "copy", "review", "copying", "fallback")
_CHIPS = ("tokens", "networks_used")
_PROMPT = ("prompt", "negative_prompt", *_CHIPS, "notes")
_GALLERY = ("gallery", "generation_info", "infotext", "parameters")
_PAIR = ("prompt", "negative_prompt")
_SLOTS = tuple(f"slot_{name}" for name in EDITABLE)
_CREATIVE = ("checks", *_SLOTS)
_SET = (*BRIEF, *_PAIR, *DRAWING, "copy", "style", *_SLOTS)
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
    On("create", "click", "create", (*BRIEF, *WRITING, *DRAWING, "copy", "mode", "style", "photo", "photo_scene"),
       (*_COPY, "rounds", *_PROMPT, *_GALLERY, *_CREATIVE)),
    On("compose", "click", "compose", _SET, (*_GALLERY, *_CREATIVE)),
    On("export", "click", "export", _SET, ("exported",)),
)  # fmt: skip
EDITS = (
    On("interrupt", "click", "interrupt"),
    On("skip", "click", "skip"),
    On("unload", "click", "unload"),
    On("choose", "input", "choose", ("choose", "platform", "copy"), ("candidates", "copy", "review", "copying")),
    On("photo", "upload", "photo", ("photo",), ("photo_view", "photo")),
    On("photo", "clear", "photo", ("photo",), ("photo_view", "photo")),
    On("copy", "blur", "review", _REVIEWED, ("review", "copying")),
    On("lawful", "click", "lawful", _REVIEWED, ("copy", "review", "copying")),
    On("fix", "input", "fix", (*_REVIEWED, "fix"), ("copy", "review", "copying")),
    On("undo", "click", "undo", _REVIEWED, ("copy", "review", "copying", "rounds")),
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
    On("style_save", "click", "save", (*BRIEF, *_PAIR, *DRAWING, "copy", "style", "style_name", "owner"), ("style",)),
    On("style_delete", "click", "delete", ("style", "owner"), ("style",)),
)
_PICKERS = ("product", "kind", "value")
PICKING = (
    On("brief", "change", "read", ("brief", "product"), ("facts", "samples", *_PICKERS)),
    On("edit_fact", "input", "edit_fact", ("edit_fact",), ("fact_kind", "fact_text")),
    On("fact_set", "click", "set_fact", ("brief", "fact_kind", "fact_text"), ("brief", "fact_text")),
    On("fact_text", "submit", "set_fact", ("brief", "fact_kind", "fact_text"), ("brief", "fact_text")),
    On("example", "input", "example", ("example",), ("brief",)),
    On("language", "change", "examples", (), ("samples",)),
    On("product", "input", "product", ("product", "kind"), _PICKERS),
    On("language", "change", "product", ("product", "kind"), _PICKERS),
    On("language", "change", "read", ("brief", "product"), ("facts", "samples", *_PICKERS)),
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
        ended = _listen(tab, on, session, _stepping(tab, on, getattr(steps, on.does)), options)
        models.follow(tab, ended)
        if on.does in ("create", "compose"):
            _follow_with_thumbnails(tab, ended, steps, session)
    shelf = StyleShelf(tab.studio, tab.choosers["style"])
    for quickly, table in ((edits, EDITS), (AttributeHandlers(), PICKING), (shelf, SHELF)):
        for on in table:
            ended = _listen(tab, on, session, _editing(tab, on, getattr(quickly, on.does)), quick())
            if on.does == "unload":
                models.follow(tab, ended)
    _connect_gallery(tab, edits, session)
    _connect_thumbnails(tab, steps, session)
    _connect_words(tab)


_THUMBNAILS = On("layouts", "select", "thumbnails", _SET, ("layouts", "layout_names"))


def _follow_with_thumbnails(tab: Tab, ended: Any, steps: Steps, session: gr.State) -> None:
    """Draw the ad in other layouts once a creative is finished, in the background.

    Gives no session back: meanwhile another press may have changed it.
    """

    def handler(request: gr.Request, held: Session, language: str, *values: Any) -> list[Any]:
        update = steps.thumbnails(_call(tab, _THUMBNAILS, request, held, language, values))
        return [update.get(name, gr.update()) for name in _THUMBNAILS.changes]

    ended.then(
        tab.guard(handler, with_request=True),
        inputs=[session, tab["language"], *(tab[name] for name in _THUMBNAILS.given)],
        outputs=[tab[name] for name in _THUMBNAILS.changes],
        show_progress=False,
        **streaming(),
    )


def _connect_thumbnails(tab: Tab, steps: Steps, session: gr.State) -> None:
    """A thumbnail pressed chooses its layout, and the creative is set in it."""

    def chosen(request: gr.Request, event: gr.SelectData, names: list[str], language: str) -> Any:
        tab.guard.check(request)
        index = event.index if isinstance(event.index, int) else -1
        if not 0 <= index < len(names):
            return gr.update()
        return tab.shown("layout", names[index], tab.value("language", language))

    chosen.__annotations__["event"] = gr.SelectData
    picked = tab["layouts"].select(
        guarded(chosen), inputs=[tab["layout_names"], tab["language"]], outputs=[tab["layout"]], **quick()
    )
    on = next(one for one in STEPS if one.does == "compose")
    picked.then(
        tab.guard(_stepping(tab, on, steps.compose), with_request=True),
        inputs=[session, tab["language"], *(tab[name] for name in on.given)],
        outputs=[session, tab["status"], *(tab[name] for name in on.changes)],
        show_progress=False,
        **streaming(),
    )


def _listen(tab: Tab, on: On, session: gr.State, handler: Callable[..., Any], options: dict[str, Any]) -> Any:
    inputs = [session, tab["language"], *(tab[name] for name in on.given)]
    if "owner" in on.given:
        options = {**options, **signed(tab["owner"], inputs)}
    return getattr(tab[on.part], on.event)(
        tab.guard(handler, with_request=True),
        inputs=inputs,
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
    user = str(getattr(request, "username", None) or "")
    requester = tab.guard.requester(request, read.get("owner"))
    shared = not requester.owns_machine
    return Call(session, tab.value("language", language), read, session.key, user, shared, requester)


def _outputs(tab: Tab, on: On, call: Call, update: Updates) -> list[Any]:
    rest = (
        tab.shown(name, update[name], call.language) if name in update else gr.update()
        for name in ("status", *on.changes)
    )
    return [update.get("session", call.session), *rest]


def _connect_gallery(tab: Tab, edits: Edits, session: gr.State) -> None:
    def chosen(request: gr.Request, event: gr.SelectData, held: Session, language: str) -> list[Any]:
        tab.guard.check(request)
        update = edits.picture(Call(held, tab.value("language", language), {}), event.index)
        return [update.get(name, gr.update()) for name in ("infotext", "parameters")]

    chosen.__annotations__["event"] = gr.SelectData
    outputs = [tab["infotext"], tab["parameters"]]
    tab["gallery"].select(guarded(chosen), inputs=[session, tab["language"]], outputs=outputs, **quick())


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
        return tab.choosers["language"].word(tab.value("language", wanted), tab.language)

    inputs = [tab["language"], *(tab[name] for name in choosers)]
    tab["language"].change(tab.guard(relabel), inputs=inputs, outputs=tab.relabelling(), **quick())
    tab["refresh"].click(tab.guard(refresh), inputs=inputs, outputs=tab.relabelling(), **quick())
    tab["browser_language"].input(
        tab.guard(follow), inputs=[tab["browser_language"]], outputs=[tab["language"]], **quick()
    )
