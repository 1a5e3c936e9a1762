"""Training from the tab: the examples are read, time and memory estimated, and the training runs in its turn."""

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
from lib_adcopy.gpu import LoadingStoppedError, ModelManager, ModelPlacement
from lib_adcopy.hosts.base import DrawingHost
from lib_adcopy.model_library.models import Library, ModelEntry, is_starter
from lib_adcopy.model_library.names import is_plain_name
from lib_adcopy.storage.ownership import LOCAL, OWNERS_FILE, Ownership, Requester
from lib_adcopy.training.settings import OFFICIAL, Settings, check_settings

if TYPE_CHECKING:
    from lib_adcopy.training.data import DataSet
    from lib_adcopy.training.estimate import Estimate, Pass
    from lib_adcopy.training.training import StepResult

_log = logging.getLogger("adcopy.training")
# What a prefix is called in the file of owners.
_KIND = "training"
_NAME = re.compile(r"[\w\-]{1,40}")


@dataclass(frozen=True)
class TrainingRequest:
    """The examples' file, the model to train a prefix for, the prefix's name, and the settings.

    `general` is a file of general pairs to mix in, settings.general_share of the whole. `skip_broken` leaves out lines
    in another encoding than their file's.
    """

    data: Path
    model: str
    name: str
    settings: Settings = OFFICIAL
    general: Path | None = None
    skip_broken: bool = False


class TrainingRun:
    """A running or finished training: its steps so far, then its `card` or its `error`.

    `before` are the steps that a stopped or killed run of the same request took, where this one goes on from it.
    """

    def __init__(self, request: TrainingRequest, task_id: str, owner: str = "") -> None:
        """`owner` is the `id` of the requester that began it."""
        self.request, self.task_id, self.owner = request, task_id, owner
        self.before: Sequence[StepResult] = ()
        self.steps: list[StepResult] = []
        self.stop, self.finished = threading.Event(), threading.Event()
        self.card: dict[str, Any] | None = None
        self.error: Exception | None = None

    @property
    def is_finished(self) -> bool:
        return self.finished.is_set()


class TrainingService:
    """P-Tuning v2 on the library's models, with the host's queue held. What the user can mend is an AdCopyError."""

    def __init__(
        self, host: DrawingHost, library: Library, models: ModelManager, ownership: Ownership | None = None
    ) -> None:
        self._host, self._library, self._models = host, library, models
        self._ownership = ownership or Ownership(host.paths().data / OWNERS_FILE)
        self._lock = threading.Lock()
        self._measuring = threading.Lock()
        self._pass_seconds: dict[Pass, float] = {}
        self._data_sets: dict[tuple[Path, int, int, bool], DataSet] = {}
        self.run: TrainingRun | None = None

    def read_data(self, data: Path, *, skip_broken: bool = False) -> DataSet:
        """Read a file of examples; one of the last two read is not read again while it is unchanged.

        `skip_broken` leaves out the lines that are not in the file's encoding.
        """
        from lib_adcopy.training.data import read_data

        try:
            stat = data.stat()
        except OSError:
            return read_data(data, skip_broken=skip_broken)
        stamp = (data, stat.st_mtime_ns, stat.st_size, skip_broken)
        data_set = self._data_sets.get(stamp) or read_data(data, skip_broken=skip_broken)
        # A request's own pairs and its general ones.
        others = [item for item in self._data_sets.items() if item[0] != stamp]
        self._data_sets = dict([*others[-1:], (stamp, data_set)])
        return data_set

    def recipe(self, model: str) -> str:
        """Return the preset for a model: the published one, except for a starter, which needs its own."""
        return "starter" if is_starter(self._library.model(model)) else "official"

    def estimate(self, request: TrainingRequest, placement: ModelPlacement, *, remeasure: bool = False) -> Estimate:
        """Estimate time and memory, measured on one block of the model; the model itself is not loaded.

        A measurement is kept, so that an answer to more or fewer steps comes at once; `remeasure` repeats it, for a
        machine that is less busy than it was.
        """
        import torch

        from lib_adcopy.chatglm.config import ChatGLMConfig
        from lib_adcopy.gpu.device import TorchGpu
        from lib_adcopy.gpu.placement import quantisation
        from lib_adcopy.training.estimate import Pass, estimate

        entry = self._entry(request.model)
        device = placement.resolved(has_gpu=torch.cuda.is_available()).device
        if device == "cuda":
            device = TorchGpu(self._host.gpu_index).name
        bits = quantisation(entry, placement) or entry.report.bits
        config = ChatGLMConfig.read(entry.folder)
        examples = self.read_data(request.data, skip_broken=request.skip_broken).examples
        one_pass = Pass.of(config, request.settings, examples, device=device, bits=bits)
        seconds = self._seconds_of(one_pass, remeasure=remeasure)
        return estimate(one_pass, seconds, request.settings, examples)

    def _seconds_of(self, one_pass: Pass, *, remeasure: bool) -> float:
        # One at a time: two would slow each other down.
        with self._measuring:
            if remeasure or one_pass not in self._pass_seconds:
                gpu_queue: AbstractContextManager[object] = nullcontext()
                if one_pass.device.startswith("cuda"):
                    gpu_queue = self._host.held(title="Ad Copy")
                with gpu_queue:
                    self._pass_seconds[one_pass] = one_pass.seconds()
            return self._pass_seconds[one_pass]

    def start(
        self, request: TrainingRequest, placement: ModelPlacement, *, task_id: str = "", requester: Requester = LOCAL
    ) -> TrainingRun:
        """Start a training on a thread of its own, or return the requester's own that is running.

        It outlives the page that began it. Raises AdCopyError for what can be seen to be wrong beforehand, and where
        somebody else's is running.
        """
        with self._lock:
            if self.run is not None and not self.run.is_finished and not requester.may_change(self.run.owner):
                raise AdCopyError("training.busy")
            if self.run is None or self.run.is_finished:
                self._entry(request.model)
                self._claim(self._output_folder(request.name), requester)
                check_settings(request.settings, mixing=request.general is not None)
                self.run = TrainingRun(request, task_id, requester.id)
                work = functools.partial(self._work, self.run, placement)
                threading.Thread(target=work, name="adcopy-training", daemon=True).start()
            return self.run

    def stop(self, requester: Requester = LOCAL) -> bool:
        """End the requester's training after its step; tells whether there was one. Started again, it goes on."""
        run = self.run
        if run is None or run.is_finished or not requester.may_change(run.owner):
            return False
        run.stop.set()
        return True

    def train(
        self,
        request: TrainingRequest,
        placement: ModelPlacement,
        *,
        on_progress: Callable[[StepResult], None],
        stop: threading.Event,
        task_id: str = "",
        on_resumed: Callable[[Sequence[StepResult]], None] = lambda past: None,
    ) -> dict[str, Any]:
        """Train the prefix and save it among the models, where it is listed at once; returns its card.

        Goes on where a stopped or killed training of the same request was. Raises AdCopyError.
        """
        from lib_adcopy.training.training import Training
        from lib_adcopy.training.tune import not_begun, train

        entry, out = self._entry(request.model), self._output_folder(request.name)
        read = functools.partial(self.read_data, skip_broken=request.skip_broken)
        examples, general = read(request.data), read(request.general) if request.general else None
        try:
            with (
                self._models.writing(entry, placement, stop=stop, task_id=task_id) as session,
                session.model.exclusive() as model,
            ):
                session.free_gpu_memory()

                def on_step(result: StepResult) -> None:
                    session.report_step(result.step)
                    on_progress(result)

                training = Training(model.model, model.tokenizer, examples, request.settings, general=general)
                card = train(
                    training, base=entry.folder, out=out, on_progress=on_step, stop=stop, on_resumed=on_resumed
                )
                # One of this name that was loaded before is outdated.
                model.model.prefixes.pop(out.name, None)
        except LoadingStoppedError:
            return not_begun(out)
        except ChatGLMError as error:
            raise AdCopyError(f"chatglm.{error.code}", **error.params) from error
        return card

    def _work(self, run: TrainingRun, placement: ModelPlacement) -> None:
        def on_resumed(past: Sequence[StepResult]) -> None:
            run.before = past

        try:
            run.card = self.train(
                run.request, placement, on_progress=run.steps.append, stop=run.stop, task_id=run.task_id,
                on_resumed=on_resumed,
            )  # fmt: skip
        except AdCopyError as error:
            run.error = error
        except Exception as error:
            _log.exception("the training failed")
            run.error = error
        finally:
            run.finished.set()

    def _entry(self, name: str) -> ModelEntry:
        entry = self._library.model(name)
        if entry is None:
            raise AdCopyError("model_library.unknown_model", name=name)
        if entry.report.problem is not None:
            raise AdCopyError(f"chatglm.{entry.report.problem.code}", **entry.report.problem.params)
        return entry

    def _claim(self, out: Path, requester: Requester) -> None:
        """Make the name the requester's. Raises AdCopyError where it is that of somebody else's stopped training."""
        if out.exists() and not requester.may_change(self._ownership.owner(_KIND, out.name)):
            raise AdCopyError("training.name_taken", name=out.name)
        if not out.exists():
            self._ownership.claim(_KIND, out.name, requester)

    def _output_folder(self, name: str) -> Path:
        """Return the prefix's folder among our models. Raises AdCopyError for a bad or taken name."""
        from lib_adcopy.training.tune import check_free

        if not _NAME.fullmatch(name) or not is_plain_name(name):
            raise AdCopyError("training.bad_name")
        out = self._host.paths().models / name
        check_free(out)
        return out
