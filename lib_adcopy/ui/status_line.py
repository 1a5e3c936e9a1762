"""The status lines of one press of a button."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from lib_adcopy.domain.copy import Draft
from lib_adcopy.hosts.base import DrawProgress
from lib_adcopy.i18n import translate
from lib_adcopy.ui import render

if TYPE_CHECKING:
    from PIL.Image import Image


class StatusLine:
    """Those of a drawing carry the task that the page's progress bar asks about."""

    def __init__(self, language: str, task: str) -> None:
        self._language = language
        self._task = task
        self._run = uuid.uuid4().hex[:8]
        self._preview: Image | None = None

    def __call__(self, key: str, kind: str = "busy", **facts: object) -> str:
        return self.line(translate(f"ui.status.{key}", self._language, **facts), kind)

    def line(self, text: str, kind: str) -> str:
        return render.status(text, kind=kind, run=self._run)

    def writing(self, draft: Draft) -> str:
        return self("pace", pace=f"{draft.tokens / draft.seconds:.1f}") if draft.seconds else self("writing")

    def drawing(self, progress: DrawProgress) -> str:
        """How far it is, with the last look at the picture that was given."""
        self._preview = progress.preview or self._preview
        key, facts = "queued" if progress.queued else "drawing", {}
        if progress.fraction is not None:
            minutes, seconds = divmod(round(progress.seconds_left), 60)
            key, facts = "drawn", {"percent": round(100 * progress.fraction), "left": f"{minutes}:{seconds:02}"}
        text = translate(f"ui.status.{key}", self._language, **facts)
        return render.status(text, kind="busy", run=self._run, task=self._task, picture=self._preview)
