"""The writers there are, and how each is put to work: the template writer, or a model of the library."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lib_adcopy.chatglm import ChatGLMError
from lib_adcopy.copywriting.writers.base import TextModel, TextPiece, Writer
from lib_adcopy.copywriting.writers.chatglm import ChatGLMWriter
from lib_adcopy.copywriting.writers.template import TemplateWriter
from lib_adcopy.errors import AdCopyError
from lib_adcopy.hosts.base import GpuWork, Host
from lib_adcopy.i18n import Message
from lib_adcopy.library.models import Library, ModelEntry
from lib_adcopy.residency import Placement, Residency

TEMPLATE = "template"
# A model smaller than this is a starter: it knows ad copy in AdvertiseGen's form and nothing else, no English scenes.
_STARTER_BELOW_BYTES = 2**30


@dataclass(frozen=True)
class WriterChoice:
    """A writer to offer. `problem` says why it cannot write now, None where it can."""

    id: str
    title: Message
    problem: Message | None = None


class Writers:
    """Template first, then every model folder the library finds, by its folder's name."""

    def __init__(self, host: Host, library: Library, residency: Residency) -> None:
        self._host = host
        self._library = library
        self._residency = residency
        self._template = TemplateWriter()

    def choices(self) -> tuple[WriterChoice, ...]:
        template = WriterChoice(TEMPLATE, Message("studio.writer.template"))
        return (template, *(_choice(entry) for entry in self._library.models()))

    def default(self) -> str:
        """The first model that can write, else the template writer."""
        return next((choice.id for choice in self.choices()[1:] if choice.problem is None), TEMPLATE)

    @contextmanager
    def at_work(
        self, writer: str, *, prefix: str | None, placement: Placement, stop: threading.Event, task_id: str = ""
    ) -> Iterator[Writer]:
        """The writer, its model loaded; a model on the GPU holds the host's queue until the block ends.

        Raises AdCopyError for an unknown writer or prefix and for whatever the model's folder has wrong.
        """
        if writer == TEMPLATE:
            yield self._template
            return
        with self._model(writer, placement, stop, task_id) as model:
            if prefix is not None:
                model.add_prefix(prefix, self._prefix_folder(prefix))
            yield ChatGLMWriter(model, prefix=prefix, ad_model=self._is_starter(writer))

    def describer(self, writer: str, stop: threading.Event) -> Callable[[str], str] | None:
        """How to ask the writer's base model for an English scene; None unless it is big and already loaded."""
        entry = self._library.model(writer)
        if entry is None or self._is_starter(writer) or self._residency.loaded != entry.folder:
            return None

        def describe(query: str) -> str:
            text = ""
            with self._model(writer, self._residency.placement, stop, "") as model:
                for piece in model.stream(query, seeds=(0,), max_length=512, prefix=None, stop=stop):
                    text = piece.text
            return text

        return describe

    @contextmanager
    def _model(self, writer: str, placement: Placement, stop: threading.Event, task_id: str) -> Iterator[Any]:
        entry = self._library.model(writer)
        if entry is None:
            raise AdCopyError("library.unknown_model", name=writer)
        try:
            model = self._residency.model(entry, placement)
            if model.device.type == "cpu":
                yield model
                return
            with self._host.gpu_work("Ad Copy", task_id=task_id) as work:
                yield _Watched(model, work, stop)
        except ChatGLMError as error:
            raise AdCopyError(f"chatglm.{error.code}", **error.params) from error

    def _is_starter(self, writer: str) -> bool:
        entry = self._library.model(writer)
        return entry is not None and entry.report.size_bytes < _STARTER_BELOW_BYTES

    def _prefix_folder(self, name: str) -> Path:
        entry = self._library.prefix(name)
        if entry is None:
            raise AdCopyError("library.unknown_prefix", name=name)
        return entry.folder


class _Watched:
    """A model whose every piece moves the host's progress bar and which stops at the host's Interrupt."""

    def __init__(self, model: TextModel, work: GpuWork, stop: threading.Event) -> None:
        self._model = model
        self._work = work
        self._stop = stop

    def add_prefix(self, name: str, folder: Path) -> None:
        self._model.add_prefix(name, folder)  # type: ignore[attr-defined]

    def stream(self, query: str, *, history: Sequence[tuple[str, str]] = (), **options: Any) -> Iterator[TextPiece]:
        for piece in self._model.stream(query, history=history, **options):
            self._work.step(piece.tokens)
            if self._work.stopped:
                self._stop.set()
            yield piece


def _choice(entry: ModelEntry) -> WriterChoice:
    report = entry.report
    title = Message("studio.writer.chatglm", {"name": entry.name, "bits": report.bits})
    problem = Message(f"chatglm.error.{report.problem.code}", report.problem.params) if report.problem else None
    return WriterChoice(entry.name, title, problem)
