"""StandaloneHost: folders of this repository, one queue of its own, words in the browser's language."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lib_adcopy.errors import AdCopyError
from lib_adcopy.hosts.base import DrawProgress, DrawRequest, DrawResult, DrawSettings, Paths
from lib_adcopy.prompting.prompt import Networks
from lib_adcopy.prompting.tokens import CHUNK, estimate_tokens


class StandaloneHost:
    """`root` is the repository's folder. One job at a time, in the order they came."""

    name = "standalone"

    def __init__(self, root: Path) -> None:
        self._root = root
        self._queue = threading.Lock()
        self._interrupted = threading.Event()

    @property
    def can_draw(self) -> bool:
        return False

    @property
    def can_stream(self) -> bool:
        return True

    def paths(self) -> Paths:
        root = self._root
        return Paths(root / "models", (), root / "data" / ".adcopy", root / "outputs", root)

    def language(self) -> str | None:
        return None

    def networks(self) -> Networks:
        return Networks()

    def refresh(self) -> None:
        """Folders are read afresh each time."""

    def samplers(self) -> tuple[str, ...]:
        return ()

    def schedulers(self) -> tuple[str, ...]:
        return ()

    def upscalers(self) -> tuple[str, ...]:
        return ()

    def checkpoints(self) -> tuple[str, ...]:
        return ()

    def checkpoint(self) -> str:
        return ""

    def default_settings(self) -> DrawSettings:
        return DrawSettings()

    def token_count(self, text: str, *, negative: bool, steps: int) -> tuple[int, int]:
        count = estimate_tokens(text)
        return count, max(1, -(-count // CHUNK)) * CHUNK

    def draw(
        self, request: DrawRequest, on_progress: Callable[[DrawProgress], None], stop: threading.Event
    ) -> DrawResult:
        raise AdCopyError("studio.cannot_draw")

    def interrupt(self) -> None:
        self._interrupted.set()

    def skip(self) -> None:
        self._interrupted.set()

    @contextmanager
    def gpu_work(self, title: str, *, task_id: str = "", steps: int = 0) -> Iterator[_Work]:
        with self._queue:
            self._interrupted.clear()
            yield _Work(self._interrupted)

    def output_panel(self, tab: str) -> dict[str, Any] | None:
        return None

    def panel_info(self, generation_info: str, extra: int) -> str:
        return generation_info

    def send_targets(self) -> tuple[str, ...]:
        return ()

    def bind_send(self, target: str, button: Any, gallery: Any, parameters: Any) -> None:
        """No other tab to send to."""

    def option(self, key: str, default: Any) -> Any:
        return default

    def is_shared(self) -> bool:
        return False


class _Work:
    def __init__(self, interrupted: threading.Event) -> None:
        self._interrupted = interrupted

    def step(self, n: int) -> None:
        """Nothing to feed: the tab shows the studio's own progress."""

    @property
    def stopped(self) -> bool:
        return self._interrupted.is_set()
