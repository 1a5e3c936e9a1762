"""WebuiHost: the port, filled by the webui we are loaded in."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from modules import paths_internal, shared

from lib_adcopy.domain.drawing import DrawSettings
from lib_adcopy.domain.picture import DrawResult
from lib_adcopy.domain.prompt import Networks
from lib_adcopy.hosts.base import DrawProgress, DrawRequest, GpuWork, Paths, PictureMemory
from lib_adcopy.hosts.webui import memory, networks, panel, sampling, tokens, turns, txt2img
from lib_adcopy.hosts.webui.settings import extra_model_folders, option, style_files
from lib_adcopy.prompting.tokens import TokenCount

_EXTENSION = Path(__file__).resolve().parents[3]


class WebuiHost:
    """See hosts/base.py. Holds nothing of a user's."""

    name = "webui"

    @property
    def can_draw(self) -> bool:
        return True

    @property
    def can_stream(self) -> bool:
        return not getattr(shared.cmd_opts, "no_gradio_queue", False)

    def paths(self) -> Paths:
        """`data` begins with a dot: the webui serves every other file below its data folder to any browser."""
        opts = shared.opts
        output = Path(opts.outdir_samples or opts.outdir_txt2img_samples)
        data = Path(paths_internal.data_path)
        return Paths(
            models=_EXTENSION / "models",
            extra_models=extra_model_folders(),
            data=data / ".adcopy",
            output=output if output.is_absolute() else data / output,
            extension=_EXTENSION,
            # Without the Lora extension there is no such flag, and nobody to read the folder.
            loras=Path(getattr(shared.cmd_opts, "lora_dir", None) or data / "models" / "Lora"),
            embeddings=Path(shared.cmd_opts.embeddings_dir),
        )

    def language(self) -> str | None:
        chosen = str(getattr(shared.opts, "localization", "") or "")
        return None if chosen in ("", "None") else chosen

    def networks(self, checkpoint: str = "") -> Networks:
        return networks.installed(checkpoint)

    def refresh(self) -> None:
        networks.installed(rescan=True)

    def style_files(self) -> tuple[Path, ...]:
        return style_files()

    def samplers(self) -> tuple[str, ...]:
        return sampling.samplers()

    def schedulers(self) -> tuple[str, ...]:
        return sampling.schedulers()

    def upscalers(self) -> tuple[str, ...]:
        return sampling.upscalers()

    def checkpoints(self) -> tuple[str, ...]:
        return sampling.checkpoints()

    def checkpoint(self) -> str:
        return sampling.checkpoint()

    def default_settings(self) -> DrawSettings:
        return sampling.default_settings()

    def token_count(self, text: str, *, negative: bool, steps: int) -> TokenCount:
        return tokens.count(text, negative=negative, steps=steps)

    def draw(
        self,
        request: DrawRequest,
        on_progress: Callable[[DrawProgress], None],
        stop: threading.Event,
        room: AbstractContextManager[None] | None = None,
    ) -> DrawResult:
        def waiting() -> None:
            on_progress(DrawProgress(queued=turns.busy()))

        with turns.turn(request.task_id or turns.new_task(), queued=waiting):
            if stop.is_set():
                return DrawResult((), interrupted=True)
            # How far it is, the page's own bar tells from here on; to tell it twice costs a processor a picture's time.
            on_progress(DrawProgress())
            with room or nullcontext(), turns.interrupted_by(stop):
                return turns.on_drawing_thread(lambda: txt2img.run(request))

    def interrupt(self) -> None:
        shared.state.interrupt()

    def skip(self) -> None:
        shared.state.skip()

    def gpu_work(self, title: str, *, task_id: str = "", steps: int = 0) -> AbstractContextManager[GpuWork]:
        return turns.language_model_turn(title, task_id, steps)

    def picture_memory(self) -> PictureMemory:
        return memory.picture_memory()

    def output_panel(self, tab: str) -> dict[str, Any] | None:
        return panel.output_panel(tab)

    def panel_info(self, generation_info: str, extra: int) -> str:
        return panel.with_extra(generation_info, extra)

    def send_targets(self) -> tuple[str, ...]:
        return panel.SEND_TARGETS

    def bind_send(self, target: str, button: Any, gallery: Any, parameters: Any) -> None:
        panel.bind_send(target, button, gallery, parameters)

    def option(self, key: str, default: Any) -> Any:
        return option(key, default)

    def is_shared(self) -> bool:
        """1.6 calls it disable_extension_access, later webuis know webui_is_non_local beside it."""
        given = shared.cmd_opts
        marks = ("webui_is_non_local", "disable_extension_access", "hide_ui_dir_config", "share", "listen")
        return any(getattr(given, mark, False) for mark in marks)
