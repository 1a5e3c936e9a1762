"""Teaching a model the seller's own products from the tab: the examples looked at, the training in its turn."""

from __future__ import annotations

import functools
import logging
import re
import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lib_adcopy.chatglm import ChatGLMError
from lib_adcopy.errors import AdCopyError
from lib_adcopy.gpu import LoadingStoppedError, ModelManager, Placement
from lib_adcopy.hosts.base import DrawingHost
from lib_adcopy.model_library.models import Library, ModelEntry, is_starter
from lib_adcopy.storage.ownership import LOCAL, OWNERS_FILE, Ownership, Requester
from lib_adcopy.training.settings import OFFICIAL, Settings, check_settings

if TYPE_CHECKING:
    from lib_adcopy.training.data import DataSet
    from lib_adcopy.training.estimate import Estimate, Pass
    from lib_adcopy.training.training import Progress

_log = logging.getLogger("adcopy.teaching")
_KIND = "training"
_NAME = re.compile(r"[\w\-]{1,40}")


@dataclass(frozen=True)
class Lesson:
    """What is to be taught: the examples' file, to which model, under which name it will be listed, how.

    `general` is a file of pairs to mix in, settings.general_share of the whole.
    """

    data: Path
    model: str
    name: str
    settings: Settings = OFFICIAL
    general: Path | None = None


class Job:
    """A training at work or over: what it told so far, then its `card` or its `error`.

    `before` is what it told before it was stopped or killed, as far as it goes on from there."""

    def __init__(self, lesson: Lesson, task_id: str, owner: str = "") -> None:
        """`owner` is the `id` of whoever began it."""
        self.lesson, self.task_id, self.owner = lesson, task_id, owner
        self.before: Sequence[Progress] = ()
        self.seen: list[Progress] = []
        self.stop, self.finished = threading.Event(), threading.Event()
        self.card: dict[str, Any] | None = None
        self.error: Exception | None = None

    @property
    def done(self) -> bool:
        return self.finished.is_set()


class Teaching:
    """P-Tuning v2 with the host's queue held and the library's models. What the user can mend is an AdCopyError."""

    def __init__(
        self, host: DrawingHost, library: Library, models: ModelManager, ownership: Ownership | None = None
    ) -> None:
        self._host, self._library, self._models = host, library, models
        self._ownership = ownership or Ownership(host.paths().data / OWNERS_FILE)
        self._lock = threading.Lock()
        self._measuring = threading.Lock()
        self._measured: dict[Pass, float] = {}
        self._looked: dict[tuple[Path, int, int], DataSet] = {}
        self.job: Job | None = None

    def look(self, data: Path) -> DataSet:
        """What a file holds; one of the last two looked at is not read again while it stays as it is."""
        from lib_adcopy.training.data import read_data

        try:
            found = data.stat()
        except OSError:
            return read_data(data)
        stamp = (data, found.st_mtime_ns, found.st_size)
        looked = self._looked.get(stamp) or read_data(data)
        # A lesson's own pairs and its general ones.
        others = [one for one in self._looked.items() if one[0] != stamp]
        self._looked = dict([*others[-1:], (stamp, looked)])
        return looked

    def recipe(self, model: str) -> str:
        """The name of the recipe for a model: the published one, but for one so small that it needs its own."""
        return "starter" if is_starter(self._library.model(model)) else "official"

    def estimate(self, lesson: Lesson, placement: Placement, *, anew: bool = False) -> Estimate:
        """Time and memory, measured on one block of the model; the model itself is not loaded.

        What was measured before is not measured again, so that an answer to more or fewer steps comes at once; `anew`
        it is, for a machine that is less busy than it was.
        """
        import torch

        from lib_adcopy.chatglm.config import ChatGLMConfig
        from lib_adcopy.gpu.placement import quantisation
        from lib_adcopy.training.estimate import Pass, estimate

        entry = self._entry(lesson.model)
        device = placement.resolved(has_gpu=torch.cuda.is_available()).device
        bits = quantisation(entry, placement) or entry.report.bits
        config, examples = ChatGLMConfig.read(entry.folder), self.look(lesson.data).examples
        one = Pass.of(config, lesson.settings, examples, device=device, bits=bits)
        return estimate(one, self._seconds(one, anew=anew), lesson.settings, examples)

    def _seconds(self, one: Pass, *, anew: bool) -> float:
        # One at a time: two would measure each other.
        with self._measuring:
            if anew or one not in self._measured:
                turn: AbstractContextManager[object] = nullcontext()
                if one.device == "cuda":
                    turn = self._host.held(title="Ad Copy")
                with turn:
                    self._measured[one] = one.seconds()
            return self._measured[one]

    def start(
        self, lesson: Lesson, placement: Placement, *, task_id: str = "", requester: Requester = LOCAL
    ) -> Job:
        """Begins a training on a thread of its own; the requester's own at work goes on and is given instead.

        It outlives the page that began it. Raises AdCopyError for what can be seen to be wrong beforehand, and where
        somebody else's is at work.
        """
        with self._lock:
            if self.job is not None and not self.job.done and not requester.may_change(self.job.owner):
                raise AdCopyError("training.busy")
            if self.job is None or self.job.done:
                self._entry(lesson.model)
                self._claim(self._out(lesson.name), requester)
                check_settings(lesson.settings, mixing=lesson.general is not None)
                self.job = Job(lesson, task_id, requester.id)
                work = functools.partial(self._work, self.job, placement)
                threading.Thread(target=work, name="adcopy-teaching", daemon=True).start()
            return self.job

    def stop(self, requester: Requester = LOCAL) -> bool:
        """Ends the requester's training at work after its step; whether there was one. Started again, it goes on."""
        job = self.job
        if job is None or job.done or not requester.may_change(job.owner):
            return False
        job.stop.set()
        return True

    def teach(
        self,
        lesson: Lesson,
        placement: Placement,
        *,
        on_progress: Callable[[Progress], None],
        stop: threading.Event,
        task_id: str = "",
        on_resumed: Callable[[Sequence[Progress]], None] = lambda past: None,
    ) -> dict[str, Any]:
        """Trains the prefix and saves it among the models, where it is listed at once; returns its card.

        Goes on where a stopped or killed training of the same lesson stood.
        """
        from lib_adcopy.training.training import Training
        from lib_adcopy.training.tune import not_begun, train

        entry, out = self._entry(lesson.model), self._out(lesson.name)
        examples = self.look(lesson.data)
        general = self.look(lesson.general) if lesson.general else None
        try:
            with (
                self._models.writing(entry, placement, stop=stop, task_id=task_id) as turn,
                turn.model.exclusive() as model,
            ):
                turn.free_gpu_memory()

                def told(progress: Progress) -> None:
                    turn.report_step(progress.step)
                    on_progress(progress)

                training = Training(model.model, model.tokenizer, examples, lesson.settings, general=general)
                card = train(
                    training, base=entry.folder, out=out, on_progress=told, stop=stop, on_resumed=on_resumed
                )
                # One of this name that was loaded before is read anew.
                model.model.prefixes.pop(out.name, None)
        except LoadingStoppedError:
            return not_begun(out)
        except ChatGLMError as error:
            raise AdCopyError(f"chatglm.{error.code}", **error.params) from error
        return card

    def _work(self, job: Job, placement: Placement) -> None:
        def goes_on(past: Sequence[Progress]) -> None:
            job.before = past

        try:
            job.card = self.teach(
                job.lesson, placement, on_progress=job.seen.append, stop=job.stop, task_id=job.task_id,
                on_resumed=goes_on,
            )  # fmt: skip
        except AdCopyError as error:
            job.error = error
        except Exception as error:
            _log.exception("the training failed")
            job.error = error
        finally:
            job.finished.set()

    def _entry(self, name: str) -> ModelEntry:
        entry = self._library.model(name)
        if entry is None:
            raise AdCopyError("model_library.unknown_model", name=name)
        if entry.report.problem is not None:
            raise AdCopyError(f"chatglm.{entry.report.problem.code}", **entry.report.problem.params)
        return entry

    def _claim(self, out: Path, requester: Requester) -> None:
        """Make the name the requester's; raises AdCopyError where it is that of somebody else's stopped training."""
        if out.exists() and not requester.may_change(self._ownership.owner(_KIND, out.name)):
            raise AdCopyError("training.name_taken", name=out.name)
        if not out.exists():
            self._ownership.claim(_KIND, out.name, requester)

    def _out(self, name: str) -> Path:
        """The folder among ours; a finished prefix or a model of that name is not written over."""
        from lib_adcopy.training.tune import check_free

        if not _NAME.fullmatch(name):
            raise AdCopyError("training.bad_name")
        out = self._host.paths().models / name
        check_free(out)
        return out
