"""The status lines of one press of a button, and the steps it goes through."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import TYPE_CHECKING

from lib_adcopy.domain.copy import Draft
from lib_adcopy.hosts.base import DrawProgress
from lib_adcopy.i18n import Message
from lib_adcopy.ui import render
from lib_adcopy.ui.session import Ended

if TYPE_CHECKING:
    from PIL.Image import Image

# What the user can do about an error, by the error's code: where its buttons lead.
WAYS_OUT = {
    "studio.cannot_draw": ("photo", "compose"),
    "hosts.no_checkpoint": ("photo", "compose"),
    "hosts.out_of_memory": ("compose",),
    "copywriting.cannot_follow": ("models",),
    "copywriting.nothing_written": ("fallback",),
    "studio.writer_failed": ("fallback",),
    "model_library.unknown_model": ("fallback", "models"),
}


def ways_out(code: str) -> tuple[str, ...]:
    """Return where the buttons lead that mend an error, none for one that has none."""
    return ("fallback",) if code.startswith("model_server.") else WAYS_OUT.get(code, ())


class StatusLine:
    """Those of a drawing carry the task that the page's progress bar asks about.

    `steps` are the names of what the press does, in order; `reach` says how far it is.
    """

    def __init__(self, language: str, task: str = "", steps: Sequence[str] = (), run: str = "") -> None:
        self._language = language
        self._task = task
        self._run = run or uuid.uuid4().hex[:8]
        self._preview: Image | None = None
        self._steps = steps
        self._took: dict[str, float] = {}
        self._since = 0.0

    def begin(self, at: float) -> None:
        """Start the first step, at a time.monotonic()."""
        self._since = at

    def reach(self, step: str, at: float) -> None:
        """Note that `step` is done."""
        if step in self._steps and step not in self._took:
            self._took[step], self._since = max(0.0, at - self._since), at

    def __call__(self, key: str, kind: str = "busy", **facts: object) -> str:
        return self.line(Message(f"ui.status.{key}", facts), kind)

    def line(self, message: Message, kind: str, ways: Sequence[str] = ()) -> str:
        """Render the line with the steps, and the buttons that mend an error."""
        beside = self._shown_steps(kind) + render.ways_out(ways, self._language)
        return render.status(message.text(self._language), kind=kind, run=self._run, beside=beside)

    def ended(self, ended: Ended, ways: Sequence[str] = ()) -> str:
        """Render how it ended."""
        return self.line(ended.message, ended.kind, ways)

    def writing(self, draft: Draft) -> str:
        """Render the line while copy is being written."""
        return self("pace", pace=f"{draft.tokens / draft.seconds:.1f}") if draft.seconds else self("writing")

    def drawing(self, progress: DrawProgress) -> str:
        """Render how far the picture is, with the last look at it that was given."""
        self._preview = progress.preview or self._preview
        key, facts = "queued" if progress.queued else "drawing", {}
        if progress.fraction is not None:
            minutes, seconds = divmod(round(progress.seconds_left), 60)
            key, facts = "drawn", {"percent": round(100 * progress.fraction), "left": f"{minutes}:{seconds:02}"}
        text = Message(f"ui.status.{key}", facts).text(self._language)
        more = {"run": self._run, "task": self._task, "picture": self._preview, "beside": self._shown_steps("busy")}
        return render.status(text, kind="busy", **more)  # type: ignore[arg-type]

    def _shown_steps(self, kind: str) -> str:
        made: list[tuple[str, str, float]] = []
        for name in self._steps:
            state = "done" if name in self._took else "todo"
            if state == "todo" and kind == "busy" and not any(one[1] == "busy" for one in made):
                state = "busy"
            made.append((name, state, self._took.get(name, 0.0)))
        return render.steps(made, self._language)
