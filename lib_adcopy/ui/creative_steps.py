"""The long steps of a finished creative: set, mended, undone, previewed, exported."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lib_adcopy.app.events import Composed, Exported, Exporting
from lib_adcopy.domain.ad import Ad
from lib_adcopy.domain.layout import AUTO_LAYOUT
from lib_adcopy.errors import AdCopyError
from lib_adcopy.i18n import Message
from lib_adcopy.prompting.sizes import formats
from lib_adcopy.ui import render
from lib_adcopy.ui.session import Call, Ended, Session, Updates, pressed
from lib_adcopy.ui.step_runner import StepRunner, Tell


class CreativeSteps(StepRunner):
    """One method a button; each gives updates by the names of components, "session" among them."""

    def compose(self, call: Call) -> Iterator[Updates]:
        """Set the ad; each press another way, but what was changed by hand is seen on the creative as it stands."""

        def work(tell: Tell) -> None:
            ad = self._ad_to_set(call, session, seed=0)
            tell(Composed(self._studio.compose(replace(ad, layout=layout))))

        session = call.session.with_slot_edits(call.values)
        last = session.layouts_set[-1] if session.layouts_set else None
        layout = replace(self._ad_if_any(call).layout, edits=session.slot_edits)
        changed = last is not None and replace(last, layout_seed=0) != layout
        seed = last.layout_seed if last is not None and changed else session.composed
        layout = replace(layout, layout_seed=seed)
        session = session.with_layout_set(layout)
        stop = self._running.begin(call.session_id)
        yield from self._shown(work, call, session, stop)

    def mend(self, call: Call) -> Iterator[Updates]:
        """Set the creative again so that the check whose button was pressed passes."""
        session = call.session.with_slot_edits(call.values)
        try:
            now = self._ad_to_set(call, session, seed=_seed(session))
            layout = self._studio.creative.mended(now, str(pressed(call.values["mend"])))
        except AdCopyError as error:
            yield _ended(call, Ended(error.message, "error"))
            return
        yield from self._reset(call, session.with_layout_set(layout), replace(now, layout=layout))

    def undo_creative(self, call: Call) -> Iterator[Updates]:
        """Set the creative before the last change again, with its settings."""
        session = call.session
        if len(session.layouts_set) < 2:
            yield _ended(call, Ended(Message("ui.status.nothing_to_undo"), "nothing"))
            return
        session = replace(session, layouts_set=session.layouts_set[:-1])
        try:
            now = self._ad_to_set(call, session, seed=0)
        except AdCopyError as error:
            yield _ended(call, Ended(error.message, "error"))
            return
        yield from self._reset(call, session, replace(now, layout=session.layouts_set[-1]))

    def _reset(self, call: Call, session: Session, ad: Ad) -> Iterator[Updates]:
        """Set the ad, and show its layout settings in their boxes."""
        session = replace(session, slot_edits=ad.layout.edits)
        stop, layout = self._running.begin(call.session_id), ad.layout
        boxes = {
            "layout": layout.layout, "ai_label": layout.ai_label, "plate": layout.plate,
            "nudge_headline": layout.nudge_headline, "nudge_price": layout.nudge_price,
        }  # fmt: skip
        for update in self._shown(lambda tell: tell(Composed(self._studio.compose(ad))), call, session, stop):
            yield boxes | update

    def preview(self, call: Call) -> Updates:
        """Show the creative as it would be, small, while it is edited."""
        if not call.values["copy"].strip() or not call.session.posters:
            return {}
        session = call.session.with_slot_edits(call.values)
        try:
            image = self._studio.creative.preview(self._ad_to_set(call, session, seed=_seed(session)))
        except AdCopyError as error:
            return {"status": render.status(error.message.text(call.language), kind="error")}
        return {"creative_preview": render.preview(image)}

    def export(self, call: Call) -> Iterator[Updates]:
        """Save the ad at every format, zipped."""

        def work(tell: Tell) -> None:
            ad = self._ad_to_set(call, session, seed=max(session.composed - 1, 0))
            file = self._studio.export(ad, tuple(formats()), on_file=lambda n, of: tell(Exporting(n, of)), stop=stop)
            tell(Exported(file))

        session = call.session.with_slot_edits(call.values)
        stop = self._running.begin(call.session_id)
        yield from self._shown(work, call, session, stop)

    def main_pictures(self, call: Call) -> Iterator[Updates]:
        """Save Taobao's five main pictures, zipped."""

        def work(tell: Tell) -> None:
            ad = self._ad_to_set(call, session, seed=max(session.composed - 1, 0))
            file = self._studio.creative.export_main_pictures(
                ad, on_file=lambda done, of: tell(Exporting(done, of)), stop=stop
            )
            tell(Exported(file))

        session = call.session.with_slot_edits(call.values)
        stop = self._running.begin(call.session_id)
        yield from self._shown(work, call, session, stop)

    def thumbnails(self, call: Call) -> Updates:
        """Draw the ad small in several layouts, once there is a creative."""
        if not call.values["copy"].strip() or not call.session.posters:
            return {}
        try:
            ad = self._ad_to_set(call, call.session, seed=0)
        except AdCopyError:
            # Its photo is gone; the press that needs it says so.
            return {}
        found = self._studio.creative.thumbnails(replace(ad, layout=replace(ad.layout, layout=AUTO_LAYOUT)))
        return {"layouts": [image for _, image in found], "layout_names": [name for name, _ in found]}


def _ended(call: Call, ended: Ended) -> Updates:
    text = ended.message.text(call.language)
    return {"session": replace(call.session, ended=ended), "status": render.status(text, kind=ended.kind)}


def _seed(session: Session) -> int:
    return session.layouts_set[-1].layout_seed if session.layouts_set else 0
