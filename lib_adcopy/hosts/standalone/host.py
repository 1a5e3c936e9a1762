"""StandaloneHost: all ports of hosts/base.py for the studio, which has its own folders and its own queue."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from lib_adcopy.domain.drawing import DrawSettings
from lib_adcopy.domain.picture import DrawResult, Picture
from lib_adcopy.domain.prompt import Networks
from lib_adcopy.errors import AdCopyError
from lib_adcopy.hosts.base import DrawProgress, DrawRequest, Paths
from lib_adcopy.hosts.model_family import family
from lib_adcopy.hosts.photo_scene import SceneRequest
from lib_adcopy.hosts.standalone import pipeline, sampling
from lib_adcopy.hosts.standalone.files import Files
from lib_adcopy.hosts.standalone.memory import PipelineMemory
from lib_adcopy.hosts.standalone.options import StoredOptions
from lib_adcopy.prompting.tokens import TokenCount, estimate
from lib_adcopy.storage.creatives import save_drawn
from lib_adcopy.storage.picture_text import PARAMETERS

_log = logging.getLogger("adcopy.standalone")
# Drawing needs these; without them, and without a checkpoint, creatives are set in type.
_NEEDED = ("torch", "diffusers", "transformers", "peft")


class StandaloneHost:
    """`root` is the folder models/, outputs/ and data/ stand in. One job at a time, in the order they came.

    `extra_models` are more folders with language models in them; `options` are settings by their keys, as a webui's
    Settings page has them (device, bits, policy, idle_minutes), over those kept in the data folder.
    """

    name = "standalone"

    def __init__(
        self, root: Path, *, extra_models: Sequence[Path] = (), options: Mapping[str, Any] | None = None
    ) -> None:
        self._root, self._extra_models = root, tuple(extra_models)
        self._stored = StoredOptions(self.paths().data)
        self._options = {**self._stored.read(), **(options or {})}
        self._files = Files(root)
        self._queue = threading.Lock()
        self._interrupted = threading.Event()
        self._skipped = threading.Event()
        self._pipeline: pipeline.Pipeline | None = None

    @property
    def can_draw(self) -> bool:
        return bool(self._files.checkpoints()) and all(find_spec(package) for package in _NEEDED)

    @property
    def can_stream(self) -> bool:
        return True

    def paths(self) -> Paths:
        root = self._root
        models = root / "models"
        return Paths(
            models=models,
            extra_models=self._extra_models,
            data=root / "data" / ".adcopy",
            output=root / "outputs",
            extension=root,
            loras=models / "Lora",
            embeddings=models / "embeddings",
        )

    def language(self) -> str | None:
        return None

    def networks(self, checkpoint: str = "") -> Networks:
        checkpoints = self._files.checkpoints()
        file = checkpoints.get(checkpoint or self.checkpoint()) or next(iter(checkpoints.values()), None)
        base = _family(file) if file else "unknown"
        return Networks(tuple(self._files.loras()), tuple(self._files.embeddings()), (), base)

    def refresh(self) -> None:
        """Do nothing: folders are read each time."""

    def style_files(self) -> tuple[Path, ...]:
        """Return a styles.csv brought from a webui, beside the models folder."""
        file = self._root / "styles.csv"
        return (file,) if file.is_file() else ()

    def samplers(self) -> tuple[str, ...]:
        return sampling.samplers()

    def schedulers(self) -> tuple[str, ...]:
        return ()

    def upscalers(self) -> tuple[str, ...]:
        return ("Lanczos",)

    def checkpoints(self) -> tuple[str, ...]:
        return tuple(self._files.checkpoints())

    def checkpoint(self) -> str:
        return self._pipeline.checkpoint.stem if self._pipeline else ""

    def default_settings(self) -> DrawSettings:
        return DrawSettings()

    def token_count(self, text: str, *, negative: bool, steps: int) -> TokenCount:
        return estimate(text)

    def draw(
        self, request: DrawRequest, on_progress: Callable[[DrawProgress], None], stop: threading.Event
    ) -> DrawResult:
        on_progress(DrawProgress())
        drawn = self._load(request.settings.checkpoint).draw(
            request, on_progress, _Either(stop, self._interrupted), self._skipped
        )
        kind = "img2img-images" if isinstance(request, SceneRequest) else "txt2img-images"
        folder = self._root / "outputs" / kind / time.strftime("%Y-%m-%d")
        pictures = tuple(_save(picture, request, folder) for picture in drawn.pictures)
        return DrawResult(pictures, interrupted=drawn.interrupted)

    def _load(self, wished: str) -> pipeline.Pipeline:
        """Return the wished checkpoint, or else the loaded or the first one, loading it if needed."""
        checkpoints = self._files.checkpoints()
        if not checkpoints:
            raise AdCopyError("hosts.no_checkpoint")
        name = wished or (self._pipeline.checkpoint.stem if self._pipeline else next(iter(checkpoints)))
        if name not in checkpoints:
            raise AdCopyError("hosts.unknown_checkpoint", name=name)
        if self._pipeline is None or self._pipeline.checkpoint != checkpoints[name]:
            self._pipeline = None
            self._pipeline = pipeline.Pipeline(checkpoints[name], self._files, self._root / "data" / "clip")
        return self._pipeline

    def interrupt(self) -> None:
        self._interrupted.set()

    def skip(self) -> None:
        self._skipped.set()

    @contextmanager
    def held(
        self,
        *,
        task_id: str = "",
        title: str = "",
        steps: int = 0,
        on_queued: Callable[[bool], None] | None = None,
    ) -> Iterator[_Job]:
        if on_queued:
            on_queued(self._queue.locked())
        with self._queue:
            self._interrupted.clear()
            yield _Job(self._interrupted)

    def gpu_index(self) -> int | None:
        return None

    def picture_memory(self) -> PipelineMemory:
        return PipelineMemory(lambda: self._pipeline)

    def output_panel(self, tab: str) -> dict[str, Any] | None:
        return None

    def panel_info(self, generation_info: str, extra: int) -> str:
        return generation_info

    def send_targets(self) -> tuple[str, ...]:
        return ()

    def bind_send(self, target: str, button: Any, gallery: Any, parameters: Any) -> None:
        """Do nothing: there is no other tab."""

    def masked_inpaint_boxes(self) -> tuple[Any, Any] | None:
        return None

    def option(self, key: str, default: Any) -> Any:
        return self._options.get(key, default)

    def keep_options(self, values: Mapping[str, Any]) -> None:
        self._stored.keep(values)
        self._options |= values

    def is_shared(self) -> bool:
        return False

    def trusts_origin(self, origin: str) -> bool:
        return False


class _Job:
    """A turn in the studio's queue."""

    def __init__(self, interrupted: threading.Event) -> None:
        self._interrupted = interrupted

    def report_step(self, number: int) -> None:
        """Do nothing: the tab shows the studio's progress itself."""

    @property
    def is_interrupted(self) -> bool:
        return self._interrupted.is_set()


class _Either(threading.Event):
    """An event that is set as soon as one of several is."""

    def __init__(self, *events: threading.Event) -> None:
        super().__init__()
        self._events = events

    def is_set(self) -> bool:
        return any(event.is_set() for event in self._events)


def _family(checkpoint: Path) -> str:
    try:
        return family(checkpoint)
    except AdCopyError as error:
        # Drawing will say what is wrong with it; a prompt can be derived all the same.
        _log.warning("%s", error)
        return "unknown"


def _save(picture: Picture, request: DrawRequest, folder: Path) -> Picture:
    """Save the picture in a new file, with the webui's "parameters" and our chunks."""
    chunks = {PARAMETERS: picture.infotext, **request.chunks}
    if isinstance(request, SceneRequest):
        chunks |= request.finish(picture.image)
    file = save_drawn(picture.image, chunks, folder, picture.seed)
    return Picture(picture.image, picture.infotext, picture.seed, file)
