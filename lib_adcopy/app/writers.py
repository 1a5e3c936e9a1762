"""The writers there are, and how each is put to work: the template writer, a model of the library, or a server's."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lib_adcopy.app.server import WritingServer
from lib_adcopy.chatglm import ChatGLMError, missing_package
from lib_adcopy.chatglm.generation_types import SamplingParams
from lib_adcopy.copywriting.writers.base import Writer
from lib_adcopy.copywriting.writers.chatglm import ChatGLMWriter
from lib_adcopy.copywriting.writers.presets import Presets
from lib_adcopy.copywriting.writers.server import ServerWriter
from lib_adcopy.copywriting.writers.template import TemplateWriter
from lib_adcopy.domain.writing import SERVER, TEMPLATE
from lib_adcopy.errors import AdCopyError
from lib_adcopy.gpu import ModelManager, ModelUse
from lib_adcopy.gpu.generation import GenerationSession
from lib_adcopy.i18n import Message
from lib_adcopy.model_library.models import Library, ModelEntry, is_starter, prefix_card

# Room for a scene of a few phrases.
_SCENE_SAMPLING = SamplingParams(max_length=512)


@dataclass(frozen=True)
class WriterChoice:
    """A writer to offer. `problem` says why it cannot write now, None where it can."""

    id: str
    title: Message
    problem: Message | None = None


class Writers:
    """Template first, then every model folder the library finds, by its folder's name, then the user's server."""

    def __init__(self, library: Library, models: ModelManager, presets: Path, server: WritingServer) -> None:
        """`presets` is the user's own file of them, which need not exist."""
        self._server = server
        self._presets = presets
        self._library = library
        self._models = models
        self._template = TemplateWriter()

    def choices(self) -> tuple[WriterChoice, ...]:
        template = WriterChoice(TEMPLATE, Message("studio.writer.template"))
        server = self._server.title
        served = (WriterChoice(SERVER, server, self._server.problem),) if server else ()
        return (template, *self._model_choices(), *served)

    def _model_choices(self) -> tuple[WriterChoice, ...]:
        return tuple(_choice(entry) for entry in self._library.models())

    def default(self) -> str:
        """Return the user's first model that can write, else the template writer; the starter only where it is
        chosen."""
        able = (choice.id for choice in self._model_choices() if choice.problem is None)
        return next((writer for writer in able if not self._is_starter(writer)), TEMPLATE)

    def default_model(self) -> str:
        """Return the first model that can write, the user's own before the starter; TEMPLATE where there is none."""
        able = (choice.id for choice in self._model_choices() if choice.problem is None)
        return min(able, key=self._is_starter, default=TEMPLATE)

    @contextmanager
    def at_work(self, writer: str, prefix: str | None, use: ModelUse) -> Iterator[Writer]:
        """Give the writer, its model loaded; a model on the GPU holds the host's queue until the block ends.

        Raises AdCopyError for an unknown writer or prefix and for whatever the model's folder has wrong.
        """
        if writer == TEMPLATE:
            yield self._template
            return
        if writer == SERVER:
            yield ServerWriter(self._server.model(), presets=Presets(self._presets))
            return
        with self._model(writer, use) as model:
            asked_as = ""
            if prefix is not None:
                entry = self._prefix(prefix)
                card = prefix_card(entry)
                asked_as = card.asked_as if card else ""
                model.add_prefix(prefix, entry.folder)
            presets = Presets(self._presets)
            yield ChatGLMWriter(
                model, prefix=prefix, asked_as=asked_as, ad_model=self._is_starter(writer), presets=presets
            )

    def describer(self, writer: str, stop: threading.Event) -> Callable[[str], str] | None:
        """Return how to ask the writer's base model for an English scene; None unless it is big and already loaded."""
        entry = self._library.model(writer)
        if entry is None or self._is_starter(writer) or self._models.loaded_folder != entry.folder:
            return None

        def describe(query: str) -> str:
            text = ""
            use = ModelUse(self._models.placement, stop, tokens=_SCENE_SAMPLING.max_length)
            with self._model(writer, use) as model:
                for piece in model.stream(query, seeds=(0,), sampling=_SCENE_SAMPLING, prefix=None, stop=stop):
                    text = piece.text
            return text

        return describe

    def load(self, writer: str, use: ModelUse) -> None:
        """Load the writer's model before anybody asks it; the template writer needs none, and a server has its own."""
        if writer == SERVER:
            self._server.client().models(use.stop)
        elif writer != TEMPLATE:
            with self._model(writer, use):
                pass

    @contextmanager
    def _model(self, writer: str, use: ModelUse) -> Iterator[GenerationSession]:
        """Give the writer's model."""
        entry = self._library.model(writer)
        if entry is None:
            raise AdCopyError("model_library.unknown_model", name=writer)
        try:
            with self._models.writing(
                entry, use.placement, stop=use.stop, task_id=use.task_id, tokens=use.tokens, on_loading=use.on_loading
            ) as model:
                yield model
        except ChatGLMError as error:
            raise AdCopyError(f"chatglm.{error.code}", **error.params) from error

    def _is_starter(self, writer: str) -> bool:
        return is_starter(self._library.model(writer))

    def _prefix(self, name: str) -> ModelEntry:
        entry = self._library.prefix(name)
        if entry is None:
            raise AdCopyError("model_library.unknown_prefix", name=name)
        return entry


def _choice(entry: ModelEntry) -> WriterChoice:
    report = entry.report
    title = Message("studio.writer.chatglm", {"name": entry.name, "bits": report.bits})
    wrong = report.problem or missing_package()
    problem = Message(f"chatglm.error.{wrong.code}", wrong.params) if wrong else None
    return WriterChoice(entry.name, title, problem)
