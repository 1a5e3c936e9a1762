"""The ports to whoever draws: five small protocols. hosts/webui and hosts/standalone each implement all of them.

A use case asks for the ports it needs. Every method is safe to call from a worker thread.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from lib_adcopy.domain.drawing import DrawSettings
from lib_adcopy.domain.picture import DrawResult
from lib_adcopy.domain.prompt import Networks
from lib_adcopy.prompting.tokens import TokenCount

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True)
class DrawRequest:
    """One run of pictures.

    `infotext` pairs go into the picture's parameters ("Ad copy writer": "template"), `chunks` are whole texts stored as
    PNG chunks of their own (the copy, the brief).
    """

    positive: str
    negative: str
    settings: DrawSettings = field(default_factory=DrawSettings)
    infotext: Mapping[str, str] = field(default_factory=dict)
    chunks: Mapping[str, str] = field(default_factory=dict)
    task_id: str = ""
    user: str = ""


@dataclass(frozen=True)
class DrawProgress:
    """Describe how far a run is.

    `queued` while others are before it. `fraction` 0..1, `seconds_left` and now and then `preview`, the unfinished
    picture, are given only where the host's page does not show them by itself.
    """

    queued: bool = False
    fraction: float | None = None
    seconds_left: float = 0.0
    preview: Image | None = None


@dataclass(frozen=True)
class Paths:
    """The host's folders.

    `models`: ours (ChatGLM folders, prefixes); `extra_models`: folders the user named; `data`: our history, where
    nothing is served to browsers; `output`: where pictures are saved; `extension`: the repository's root; `loras`,
    `embeddings`: where the host looks for them.
    """

    models: Path
    extra_models: tuple[Path, ...]
    data: Path
    output: Path
    extension: Path
    loras: Path
    embeddings: Path


@dataclass(frozen=True)
class SettingRow:
    """One setting on the host's Settings page: a line of text, one of `choices`, a whole number up to `most`, or a
    switch.

    A `secret` one is typed as a password is, kept in a file of its own (storage/secret.py) and never shown again.
    """

    key: str
    default: Any
    choices: tuple[Any, ...] = ()
    most: int = 0
    secret: bool = False


class ImageGenerator(Protocol):
    """Draws pictures."""

    @property
    def can_draw(self) -> bool: ...

    def draw(
        self, request: DrawRequest, on_progress: Callable[[DrawProgress], None], stop: threading.Event
    ) -> DrawResult:
        """Draw, while the caller holds the GpuQueue. Raises AdCopyError("hosts....") with a sentence for the user."""
        ...

    def interrupt(self) -> None:
        """End the run at work; its unfinished picture is kept."""
        ...

    def skip(self) -> None:
        """End the picture at work and go on with the next."""
        ...


class GpuQueue(Protocol):
    """The host's queue: one job at a time on the GPU, whoever asked for it."""

    def held(
        self,
        *,
        task_id: str = "",
        title: str = "",
        steps: int = 0,
        on_queued: Callable[[bool], None] | None = None,
    ) -> AbstractContextManager[GpuJob]:
        """Wait for a turn and hold the queue until the block ends; not re-entrant.

        A job of our own that is not a picture has a `title` and perhaps `steps` for the host's progress bar.
        `on_queued(is_busy)` is called once the host knows the task and before it waits.
        """
        ...

    def gpu_index(self) -> int | None:
        """Return the number of the CUDA device it draws on, None for torch's current one or where it has none."""
        ...

    def picture_memory(self) -> PictureMemory:
        """Return access to the picture model's memory; its models are moved only while the queue is held."""
        ...


class HostCatalogue(Protocol):
    """Describe what can be chosen for a picture."""

    def networks(self, checkpoint: str = "") -> Networks:
        """Return what fits `checkpoint`, "" for the one loaded or chosen in the host. Never loads one."""
        ...

    def refresh(self) -> None:
        """Search again for networks and checkpoints that were added since."""
        ...

    def style_files(self) -> tuple[Path, ...]:
        """Return the existing styles.csv files of the host's own styles."""
        ...

    def samplers(self) -> tuple[str, ...]: ...

    def schedulers(self) -> tuple[str, ...]:
        """Return labels, none where the host has no separate schedulers."""
        ...

    def upscalers(self) -> tuple[str, ...]: ...

    def checkpoints(self) -> tuple[str, ...]: ...

    def checkpoint(self) -> str:
        """Return the loaded one, "" where none is."""
        ...

    def default_settings(self) -> DrawSettings:
        """Return the user's own txt2img defaults."""
        ...

    def token_count(self, text: str, *, negative: bool, steps: int) -> TokenCount:
        """Count as the host itself does; an estimate where it cannot."""
        ...


class HostPage(Protocol):
    """The page the tab is part of."""

    @property
    def can_stream(self) -> bool:
        """Tell whether a handler may answer in pieces; a webui started with --no-gradio-queue takes one answer only."""
        ...

    def language(self) -> str | None:
        """Return the tag of the host's language ("zh_CN"), None where it is left to the browser."""
        ...

    def output_panel(self, tab: str) -> dict[str, Any] | None:
        """Create the host's gallery with its buttons inside the tab's Blocks.

        Components by the names "gallery", "generation_info", "infotext" and "log"; None where the tab makes its own.
        """
        ...

    def panel_info(self, generation_info: str, extra: int) -> str:
        """Return the panel's JSON with `extra` pictures of ours behind the host's own in its gallery."""
        ...

    def send_targets(self) -> tuple[str, ...]:
        """Return the host's tabs a picture can be sent to, "txt2img" and the like; none without a webui."""
        ...

    def bind_send(self, target: str, button: Any, gallery: Any, parameters: Any) -> None:
        """Make a button send the chosen picture and the infotext in the `parameters` box to a tab of the host."""
        ...

    def masked_inpaint_boxes(self) -> tuple[Any, Any] | None:
        """Return the host's boxes for a picture and for its mask (white = draw) to inpaint; None where it has none."""
        ...

    def is_shared(self) -> bool:
        """Return whether others than the machine's owner can reach the page: then no downloads, no path boxes."""
        ...

    def trusts_origin(self, origin: str) -> bool:
        """Return whether the owner named `origin` ("https://ads.example") as one whose pages may use the tab."""
        ...


class HostSettings(Protocol):
    """Folders and settings."""

    def paths(self) -> Paths: ...

    def option(self, key: str, default: Any) -> Any:
        """Return a setting of ours by its short name: "device", "bits"."""
        ...

    def keep_options(self, values: Mapping[str, Any]) -> None:
        """Keep settings of ours, by their short names, for this and later starts; raises AdCopyError."""
        ...


class DrawingHost(ImageGenerator, GpuQueue, HostSettings, Protocol):
    """Describe what drawing and writing on the GPU need."""


class Host(DrawingHost, HostCatalogue, HostPage, Protocol):
    """All ports, as an adapter implements them; for whoever composes the use cases."""

    name: str


class GpuJob(Protocol):
    """A turn in the host's queue."""

    def report_step(self, number: int) -> None:
        """Move the host's progress bar."""
        ...

    @property
    def is_interrupted(self) -> bool:
        """Tell whether someone pressed the host's Interrupt."""
        ...


class PictureMemory(Protocol):
    """Describe where the picture model's weights are.

    `offload` and `restore` are called while the queue is held; both may raise what the host raises and may then be
    called again.
    """

    @property
    def size_bytes(self) -> int:
        """Size of all its weights, 0 where none is loaded."""
        ...

    @property
    def gpu_bytes(self) -> int:
        """Size of those that are on the GPU now."""
        ...

    def offload(self) -> None:
        """Move them to host memory, by the host's own means."""
        ...

    def restore(self) -> None:
        """Make it ready to draw again; nothing to do where the host does so itself."""
        ...
