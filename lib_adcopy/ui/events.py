"""Binds gradio's events to what stands in the table of events."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import gradio as gr

from lib_adcopy.ui import models, photo_handlers
from lib_adcopy.ui.attribute_handlers import AttributeHandlers
from lib_adcopy.ui.compat import quick, signed, streaming
from lib_adcopy.ui.copy_handlers import CopyHandlers
from lib_adcopy.ui.create import creative_tools
from lib_adcopy.ui.edit_handlers import EditHandlers
from lib_adcopy.ui.event_table import (
    COPY_EDITS,
    EDITS,
    PICKING,
    RESUMED,
    REWORDED,
    SET,
    SHELF,
    STEPS,
    THUMBNAILS,
    Event,
)
from lib_adcopy.ui.guard import guarded
from lib_adcopy.ui.jobs import Running
from lib_adcopy.ui.page_handlers import PageHandlers
from lib_adcopy.ui.pipeline_handlers import PipelineHandlers
from lib_adcopy.ui.session import Call, Session, Updates
from lib_adcopy.ui.session_store import SessionStore, is_page_key
from lib_adcopy.ui.style_handlers import StyleHandlers

if TYPE_CHECKING:
    from lib_adcopy.ui.components import Tab

# The quick ones of the creative, and its small preview.
_TOOLS = tuple(Event(*row) for row in creative_tools.EVENTS)
_PREVIEWS = tuple(Event(part, event, "preview", SET, ("creative_preview",)) for part, event in creative_tools.PREVIEWED)


class _Wiring:
    """The tab's events bound to their handlers; every press reads the newest session of its page and changes that."""

    def __init__(self, tab: Tab) -> None:
        self.tab = tab
        self.store = SessionStore(tab.studio.host.paths().data / "pages")
        self.session = gr.State(Session())

    def inputs(self, row: Event) -> list[Any]:
        """Return the components whose values a handler is called with.

        The session, the language, the page, the row's own.
        """
        tab = self.tab
        return [self.session, tab["language"], tab["page"], *(tab[name] for name in row.inputs)]

    def outputs(self, row: Event) -> list[Any]:
        """Return the components a handler's updates are for."""
        return [self.session, self.tab["status"], *(self.tab[name] for name in row.outputs)]

    def listen(self, row: Event, handler: Callable[..., Any], options: dict[str, Any]) -> Any:
        """Have gradio call the handler at the row's event."""
        inputs = self.inputs(row)
        if "owner" in row.inputs:
            options = {**options, **signed(self.tab["owner"], inputs)}
        part = getattr(self.tab[row.part], row.event)
        guarded_handler = self.tab.guard(handler, with_request=True)
        return part(guarded_handler, inputs=inputs, outputs=self.outputs(row), **options)

    def stepping(self, row: Event, step: Callable[[Call], Iterator[Updates]]) -> Callable[..., Any]:
        """Wrap a long step, whose updates are sent as they come."""

        def handler(request: gr.Request, session: Session, language: str, page: str, *values: Any) -> Iterator[Any]:
            call = self.call(row, request, session, language, page, values)
            before = call.session
            for update in step(call):
                yield self.answer(row, call, before, update)
                before = update.get("session", before)

        def at_once(request: gr.Request, session: Session, language: str, page: str, *values: Any) -> list[Any]:
            call = self.call(row, request, session, language, page, values)
            together: Updates = {}
            for update in step(call):
                together |= update
            return self.answer(row, call, call.session, together)

        return handler if self.tab.studio.host.can_stream else at_once

    def editing(self, row: Event, edit: Callable[[Call], Updates]) -> Callable[..., list[Any]]:
        """Wrap a quick edit, which answers once."""

        def handler(request: gr.Request, session: Session, language: str, page: str, *values: Any) -> list[Any]:
            call = self.call(row, request, session, language, page, values)
            return self.answer(row, call, call.session, edit(call))

        return handler

    def edit(self, row: Event, handlers: Any) -> Any:
        """Bind a quick edit: the method of `handlers` that the row names."""
        return self.listen(row, self.editing(row, getattr(handlers, row.handler)), quick())

    def call(
        self, row: Event, request: gr.Request, session: Session, language: str, page: str, values: tuple[Any, ...]
    ) -> Call:
        """Read one press."""
        tab = self.tab
        read = {name: tab.value(name, value) for name, value in zip(row.inputs, values, strict=True)}
        # Not the State's first value: gradio copies that to every browser tab.
        key = page if is_page_key(page) else session.key or uuid.uuid4().hex
        newest = self.store.get(key) or replace(session, key=key)
        user = str(getattr(request, "username", None) or "")
        requester = tab.guard.requester(request, read.get("owner"))
        shared = not requester.owns_machine
        return Call(newest, tab.value("language", language), read, key, user, shared, requester)

    def answer(self, row: Event, call: Call, before: Session, update: Updates) -> list[Any]:
        """Keep what the update changed of the session, and return it as gradio's outputs."""
        rest = (
            self.tab.shown(name, update[name], call.language) if name in update else gr.update()
            for name in ("status", *row.outputs)
        )
        after = update.get("session", before)
        kept = self.store.apply(before, after) if after is not before else call.session
        return [kept, *rest]


def connect(tab: Tab) -> None:
    """Bind every event; inside the Blocks' context, once all components are there."""
    running, wiring = Running(), _Wiring(tab)
    steps = PipelineHandlers(tab.studio, running, wiring.store)
    edits = EditHandlers(tab.studio, running)
    pages = PageHandlers(tab, running, wiring.store)
    options = {"show_progress": False, **streaming()}
    for row in STEPS:
        ended = wiring.listen(row, wiring.stepping(row, getattr(steps, row.handler)), options)
        models.follow(tab, ended)
        if row.handler in ("create", "compose", "mend", "undo_creative"):
            _follow_with_thumbnails(wiring, ended, steps)
    wiring.listen(RESUMED, wiring.stepping(RESUMED, pages.resume), options)
    shelf = StyleHandlers(tab.studio, tab.choosers["style"])
    tables = ((CopyHandlers(tab.studio), COPY_EDITS), (edits, EDITS), (AttributeHandlers(), PICKING), (shelf, SHELF))
    tools = creative_tools.CreativeToolHandlers(tab.studio, tab.choosers["brand_kit"])
    for quickly, table in (*tables, (pages, (REWORDED,)), (tools, _TOOLS), (steps, _PREVIEWS)):
        for row in table:
            ended = wiring.edit(row, quickly)
            if row.handler == "unload":
                models.follow(tab, ended)
    photo_handlers.connect(tab, lambda row, handlers: wiring.edit(Event(*row), handlers))
    _connect_gallery(wiring, edits)
    _connect_thumbnails(wiring, steps)
    _connect_words(tab)


def _follow_with_thumbnails(wiring: _Wiring, ended: Any, steps: PipelineHandlers) -> None:
    """Draw the ad in other layouts once a creative is finished, in the background."""
    tab = wiring.tab

    def handler(request: gr.Request, held: Session, language: str, page: str, *values: Any) -> list[Any]:
        update = steps.thumbnails(wiring.call(THUMBNAILS, request, held, language, page, values))
        return [update.get(name, gr.update()) for name in THUMBNAILS.outputs]

    ended.then(
        tab.guard(handler, with_request=True),
        inputs=wiring.inputs(THUMBNAILS),
        outputs=[tab[name] for name in THUMBNAILS.outputs],
        show_progress=False,
        **streaming(),
    )


def _connect_thumbnails(wiring: _Wiring, steps: PipelineHandlers) -> None:
    """Choose the layout of a pressed thumbnail, and set the creative in it."""
    tab = wiring.tab

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
        tab.guard(wiring.stepping(row, steps.compose), with_request=True),
        inputs=wiring.inputs(row),
        outputs=wiring.outputs(row),
        show_progress=False,
        **streaming(),
    )


def _connect_gallery(wiring: _Wiring, edits: EditHandlers) -> None:
    tab, row = wiring.tab, Event("gallery", "select", "picture", (), ("infotext", "parameters"))

    def chosen(request: gr.Request, event: gr.SelectData, held: Session, language: str, page: str) -> list[Any]:
        tab.guard.check(request)
        update = edits.picture(wiring.call(row, request, held, language, page, ()), event.index)
        return [update.get(name, gr.update()) for name in row.outputs]

    chosen.__annotations__["event"] = gr.SelectData
    outputs = [tab[name] for name in row.outputs]
    tab["gallery"].select(guarded(chosen), inputs=wiring.inputs(row), outputs=outputs, **quick())


def _connect_words(tab: Tab) -> None:
    """Switch the language, read the lists anew, and follow the browser's language."""
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
