"""Which event does what: the table of the tab, and how gradio calls what stands in it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import gradio as gr

from lib_adcopy.app.composing import EDITABLE
from lib_adcopy.ui import models, photo_handlers
from lib_adcopy.ui.attribute_handlers import AttributeHandlers
from lib_adcopy.ui.compat import quick, signed, streaming
from lib_adcopy.ui.create.creative_tools import EVENTS as TOOLS
from lib_adcopy.ui.create.creative_tools import PREVIEWED, CreativeToolHandlers
from lib_adcopy.ui.edit_handlers import EditHandlers
from lib_adcopy.ui.guard import guarded
from lib_adcopy.ui.pipeline_handlers import PipelineHandlers
from lib_adcopy.ui.session import Call, Session, Updates
from lib_adcopy.ui.streaming import Running
from lib_adcopy.ui.style_handlers import StyleHandlers
from lib_adcopy.ui.values import ADVISED, BRIEF, DRAWING, PHOTO_SOURCE, WRITING

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
# What a mended check or an undo sets beside the slots.
_LAID = ("layout", "ai_label", "plate", "nudge_headline", "nudge_price")
_REVIEWED = (*BRIEF, "copy")
_PLANNED = ("style", "format", "checkpoint")
_SIZES = ("width", "height", "hires_scale")
# What a style changes: what it advises, and the sizes.
_STYLED = tuple(dict.fromkeys((*ADVISED, *_SIZES)))


@dataclass(frozen=True)
class Event:
    """When `part` has its `event`, `handler` is called with the boxes `inputs` and may change those in `outputs`."""

    part: str
    event: str
    handler: str
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()


STEPS = (
    Event("write", "click", "write", (*BRIEF, *WRITING, "copy"), (*_COPY, "rounds")),
    Event("revise", "click", "revise", (*BRIEF, *WRITING, "copy", "wish"), (*_COPY, "rounds")),
    Event("wish", "submit", "revise", (*BRIEF, *WRITING, "copy", "wish"), (*_COPY, "rounds")),
    Event("fallback", "click", "fallback", (*BRIEF, *WRITING, "copy"), (*_COPY, "writer", "rounds")),
    Event("derive", "click", "derive", (*BRIEF, *PHOTO_SOURCE, "writer", "copy", "style", "checkpoint"),
          _PROMPT),
    Event("generate", "click", "draw", (*BRIEF, *_PAIR, *DRAWING, "writer", "copy", "style"), (*_PROMPT, *_GALLERY)),
    Event("create", "click", "create", (*BRIEF, *WRITING, *DRAWING, "copy", "mode", "style", "photo"),
       (*_COPY, "rounds", *_PROMPT, *_GALLERY, *_CREATIVE)),
    Event("compose", "click", "compose", _SET, (*_GALLERY, *_CREATIVE)),
    Event("export", "click", "export", _SET, ("exported",)),
    Event("main_pictures", "click", "main_pictures", _SET, ("exported",)),
    Event("mend", "input", "mend", (*_SET, "mend"), (*_GALLERY, *_CREATIVE, *_LAID)),
    Event("undo_creative", "click", "undo_creative", _SET, (*_GALLERY, *_CREATIVE, *_LAID)),
)  # fmt: skip
EDITS = (
    Event("interrupt", "click", "interrupt"),
    Event("skip", "click", "skip"),
    Event("unload", "click", "unload"),
    Event("choose", "input", "choose", ("choose", "platform", "copy"), ("candidates", "copy", "review", "copying")),
    Event("copy", "blur", "review", _REVIEWED, ("review", "copying")),
    Event("lawful", "click", "lawful", _REVIEWED, ("copy", "review", "copying")),
    Event("fix", "input", "fix", (*_REVIEWED, "fix"), ("copy", "review", "copying")),
    Event("undo", "click", "undo", _REVIEWED, ("copy", "review", "copying", "rounds")),
    Event("rounds", "input", "rounds", ("rounds",), ("rounds",)),
    Event("forget", "click", "forget", (), ("rounds",)),
    Event("language", "change", "greet", ("status",), ()),
    Event("clear", "click", "clear", (), (*_COPY, *_PROMPT, "rounds", "gallery", "parameters")),
    Event("prompt", "input", "tokens", (*_PAIR, "steps"), _CHIPS),
    Event("negative_prompt", "input", "tokens", (*_PAIR, "steps"), _CHIPS),
    Event("network_add", "click", "network_add", (*_PAIR, "steps", "network", "network_weight"), (*_PAIR, *_CHIPS)),
    Event("weigh", "input", "weigh", (*_PAIR, "steps", "weigh"), (*_PAIR, *_CHIPS)),
    Event("format", "input", "size", _PLANNED, _SIZES),
    Event("checkpoint", "input", "size", _PLANNED, _SIZES),
    Event("style", "input", "style", _PLANNED, _STYLED),
    Event("restore", "upload", "restore", ("restore", "copy"),
          (*BRIEF, *_PAIR, *DRAWING, "copy", "style", "restore", "photo_view", "mask_sketch")),
)
SHELF = (
    Event("style_save", "click", "save", (*BRIEF, *_PAIR, *DRAWING, "copy", "style", "style_name", "owner"),
          ("style",)),
    Event("style_delete", "click", "delete", ("style", "owner"), ("style",)),
)
_PICKERS = ("product", "kind", "value")
PICKING = (
    Event("brief", "change", "read", ("brief", "product"), ("facts", "samples", *_PICKERS)),
    Event("edit_fact", "input", "edit_fact", ("edit_fact",), ("fact_kind", "fact_text")),
    Event("fact_set", "click", "set_fact", ("brief", "fact_kind", "fact_text"), ("brief", "fact_text")),
    Event("fact_text", "submit", "set_fact", ("brief", "fact_kind", "fact_text"), ("brief", "fact_text")),
    Event("example", "input", "example", ("example",), ("brief",)),
    Event("language", "change", "examples", (), ("samples",)),
    Event("product", "input", "product", ("product", "kind"), _PICKERS),
    Event("language", "change", "product", ("product", "kind"), _PICKERS),
    Event("language", "change", "read", ("brief", "product"), ("facts", "samples", *_PICKERS)),
    Event("kind", "input", "kind", ("product", "kind"), ("value",)),
    Event("value", "input", "pick", ("brief", *_PICKERS), ("brief", "value")),
    Event("drop", "input", "drop", ("brief", "drop"), ("brief",)),
)


def connect(tab: Tab) -> None:
    """Inside the Blocks' context, once all components are there."""
    running = Running()
    steps, edits = PipelineHandlers(tab.studio, running), EditHandlers(tab.studio, running)
    session = gr.State(Session())
    for row in STEPS:
        options = {"show_progress": False, **streaming()}
        ended = _listen(tab, row, session, _stepping(tab, row, getattr(steps, row.handler)), options)
        models.follow(tab, ended)
        if row.handler in ("create", "compose", "mend", "undo_creative"):
            _follow_with_thumbnails(tab, ended, steps, session)
    shelf = StyleHandlers(tab.studio, tab.choosers["style"])
    tools = CreativeToolHandlers(tab.studio, tab.choosers["brand_kit"])
    for part, event in PREVIEWED:
        row = Event(part, event, "preview", _SET, ("creative_preview",))
        _listen(tab, row, session, _editing(tab, row, steps.preview), quick())
    table_of_tools = tuple(Event(*row) for row in TOOLS)
    for quickly, table in ((edits, EDITS), (AttributeHandlers(), PICKING), (shelf, SHELF), (tools, table_of_tools)):
        for row in table:
            ended = _listen(tab, row, session, _editing(tab, row, getattr(quickly, row.handler)), quick())
            if row.handler == "unload":
                models.follow(tab, ended)
    photo_handlers.connect(
        tab,
        lambda row, handlers: _listen(
            tab, Event(*row), session, _editing(tab, Event(*row), getattr(handlers, row[2])), quick()
        ),
    )
    _connect_gallery(tab, edits, session)
    _connect_thumbnails(tab, steps, session)
    _connect_words(tab)


_THUMBNAILS = Event("layouts", "select", "thumbnails", _SET, ("layouts", "layout_names"))


def _follow_with_thumbnails(tab: Tab, ended: Any, steps: PipelineHandlers, session: gr.State) -> None:
    """Draw the ad in other layouts once a creative is finished, in the background.

    Gives no session back: meanwhile another press may have changed it.
    """

    def handler(request: gr.Request, held: Session, language: str, *values: Any) -> list[Any]:
        update = steps.thumbnails(_call(tab, _THUMBNAILS, request, held, language, values))
        return [update.get(name, gr.update()) for name in _THUMBNAILS.outputs]

    ended.then(
        tab.guard(handler, with_request=True),
        inputs=[session, tab["language"], *(tab[name] for name in _THUMBNAILS.inputs)],
        outputs=[tab[name] for name in _THUMBNAILS.outputs],
        show_progress=False,
        **streaming(),
    )


def _connect_thumbnails(tab: Tab, steps: PipelineHandlers, session: gr.State) -> None:
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
    row = next(one for one in STEPS if one.handler == "compose")
    picked.then(
        tab.guard(_stepping(tab, row, steps.compose), with_request=True),
        inputs=[session, tab["language"], *(tab[name] for name in row.inputs)],
        outputs=[session, tab["status"], *(tab[name] for name in row.outputs)],
        show_progress=False,
        **streaming(),
    )


def _listen(tab: Tab, row: Event, session: gr.State, handler: Callable[..., Any], options: dict[str, Any]) -> Any:
    inputs = [session, tab["language"], *(tab[name] for name in row.inputs)]
    if "owner" in row.inputs:
        options = {**options, **signed(tab["owner"], inputs)}
    return getattr(tab[row.part], row.event)(
        tab.guard(handler, with_request=True),
        inputs=inputs,
        outputs=[session, tab["status"], *(tab[name] for name in row.outputs)],
        **options,
    )


def _stepping(tab: Tab, row: Event, step: Callable[[Call], Iterator[Updates]]) -> Callable[..., Any]:
    def handler(request: gr.Request, session: Session, language: str, *values: Any) -> Iterator[list[Any]]:
        call = _call(tab, row, request, session, language, values)
        for update in step(call):
            yield _outputs(tab, row, call, update)

    def at_once(request: gr.Request, session: Session, language: str, *values: Any) -> list[Any]:
        call = _call(tab, row, request, session, language, values)
        together: Updates = {}
        for update in step(call):
            together |= update
        return _outputs(tab, row, call, together)

    return handler if tab.studio.host.can_stream else at_once


def _editing(tab: Tab, row: Event, edit: Callable[[Call], Updates]) -> Callable[..., list[Any]]:
    def handler(request: gr.Request, session: Session, language: str, *values: Any) -> list[Any]:
        call = _call(tab, row, request, session, language, values)
        return _outputs(tab, row, call, edit(call))

    return handler


def _call(
    tab: Tab, row: Event, request: gr.Request, session: Session, language: str, values: tuple[Any, ...]
) -> Call:
    read = {name: tab.value(name, value) for name, value in zip(row.inputs, values, strict=True)}
    if not session.key:
        # Not the State's first value: gradio copies that to every browser tab.
        session = replace(session, key=uuid.uuid4().hex)
    user = str(getattr(request, "username", None) or "")
    requester = tab.guard.requester(request, read.get("owner"))
    shared = not requester.owns_machine
    return Call(session, tab.value("language", language), read, session.key, user, shared, requester)


def _outputs(tab: Tab, row: Event, call: Call, update: Updates) -> list[Any]:
    rest = (
        tab.shown(name, update[name], call.language) if name in update else gr.update()
        for name in ("status", *row.outputs)
    )
    return [update.get("session", call.session), *rest]


def _connect_gallery(tab: Tab, edits: EditHandlers, session: gr.State) -> None:
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
