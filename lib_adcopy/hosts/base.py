"""The port: what we need of whoever draws. hosts/webui and hosts/standalone each give one Host."""

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
    """`infotext` pairs go into the picture's parameters ("Ad copy writer": "template"), `chunks` are whole
    texts kept as PNG chunks of their own (the copy, the brief)."""

    positive: str
    negative: str
    settings: DrawSettings = field(default_factory=DrawSettings)
    infotext: Mapping[str, str] = field(default_factory=dict)
    chunks: Mapping[str, str] = field(default_factory=dict)
    task_id: str = ""
    user: str = ""


@dataclass(frozen=True)
class DrawProgress:
    """`queued` while others are before it. `fraction` 0..1, `seconds_left` and now and then `preview`, the picture as
    it stands, only where the host's page shows none of these by itself."""

    queued: bool = False
    fraction: float | None = None
    seconds_left: float = 0.0
    preview: Image | None = None


@dataclass(frozen=True)
class Paths:
    """`models`: ours (ChatGLM folders, prefixes); `extra_models`: folders the user named; `data`: our history,
    where nothing is served to browsers; `output`: where pictures are saved; `extension`: the repository's root;
    `loras`, `embeddings`: where the host looks for them."""

    models: Path
    extra_models: tuple[Path, ...]
    data: Path
    output: Path
    extension: Path
    loras: Path
    embeddings: Path


class Host(Protocol):
    """A place that draws. Every method is safe to call from a worker thread."""

    name: str

    @property
    def can_draw(self) -> bool: ...

    @property
    def can_stream(self) -> bool:
        """Whether a handler may answer in pieces; a webui started with --no-gradio-queue takes one answer only."""
        ...

    def paths(self) -> Paths: ...

    def language(self) -> str | None:
        """The tag of the language the host is set to ("zh_CN"), None where it says nothing."""
        ...

    def networks(self, checkpoint: str = "") -> Networks:
        """What can be used with `checkpoint`, "" for the one that is loaded or chosen in the host. Never loads one."""
        ...

    def refresh(self) -> None:
        """Looks again for networks and checkpoints that were added since."""
        ...

    def style_files(self) -> tuple[Path, ...]:
        """The styles.csv files of the host's own styles that exist."""
        ...

    def samplers(self) -> tuple[str, ...]: ...

    def schedulers(self) -> tuple[str, ...]:
        """Labels, empty where the host has no separate schedulers."""
        ...

    def upscalers(self) -> tuple[str, ...]: ...

    def checkpoints(self) -> tuple[str, ...]: ...

    def checkpoint(self) -> str:
        """The loaded one, "" where none is."""
        ...

    def default_settings(self) -> DrawSettings:
        """The user's own txt2img defaults."""
        ...

    def token_count(self, text: str, *, negative: bool, steps: int) -> TokenCount:
        """As the host itself counts; an estimate where it cannot."""
        ...

    def draw(
        self,
        request: DrawRequest,
        on_progress: Callable[[DrawProgress], None],
        stop: threading.Event,
        room: AbstractContextManager[None] | None = None,
    ) -> DrawResult:
        """Raises AdCopyError("hosts....") with a sentence for the user; never returns None. `room` is entered once the
        host's queue is held and left before it is given back."""
        ...

    def interrupt(self) -> None: ...

    def skip(self) -> None: ...

    def gpu_work(self, title: str, *, task_id: str = "", steps: int = 0) -> AbstractContextManager[GpuWork]:
        """The host's queue held for a piece of our own GPU work (writing); waits its turn."""
        ...

    def picture_memory(self) -> PictureMemory:
        """The picture model's place on the card; to be moved only while the host's queue is held."""
        ...

    def output_panel(self, tab: str) -> dict[str, Any] | None:
        """The host's own gallery with its buttons, made inside the tab's Blocks: components by the names "gallery",
        "generation_info", "infotext" and "log"; None where the tab makes its own gallery."""
        ...

    def panel_info(self, generation_info: str, extra: int) -> str:
        """The panel's JSON once `extra` pictures of ours stand behind the host's own in its gallery."""
        ...

    def send_targets(self) -> tuple[str, ...]:
        """The host's tabs a picture can be sent to, "txt2img" and the like; none without a webui."""
        ...

    def bind_send(self, target: str, button: Any, gallery: Any, parameters: Any) -> None:
        """Makes a button send the chosen picture and the infotext in the `parameters` box to a tab of the host."""
        ...

    def option(self, key: str, default: Any) -> Any:
        """A setting of ours by its short name: "device", "bits"."""
        ...

    def is_shared(self) -> bool:
        """Whether others than the machine's owner can reach the page: then no downloads, no path boxes."""
        ...


class GpuWork(Protocol):
    """A turn on the GPU: `step` feeds the host's progress bar, `stopped` says that someone pressed Interrupt."""

    def step(self, n: int) -> None: ...

    @property
    def stopped(self) -> bool: ...


class PictureMemory(Protocol):
    """Where the picture model's weights are. `leave` and `come_back` are called inside `gpu_work` alone; both may raise
    what the host's own means raise, and may then be called again."""

    @property
    def size_bytes(self) -> int:
        """Of all its weights, 0 where none is loaded."""
        ...

    @property
    def card_bytes(self) -> int:
        """Of those that are on the card now."""
        ...

    def leave(self) -> None:
        """Into host memory, by the host's own means."""
        ...

    def come_back(self) -> None:
        """Ready to draw again; nothing to do where the host brings it back itself."""
        ...
