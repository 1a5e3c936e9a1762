"""WebuiHost: all ports of hosts/base.py, implemented by the webui that loaded this extension."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from modules import paths_internal, shared

from lib_adcopy.domain.drawing import DrawSettings
from lib_adcopy.domain.picture import DrawResult
from lib_adcopy.domain.prompt import Networks
from lib_adcopy.hosts.base import DrawProgress, DrawRequest, GpuJob, Paths, PictureMemory
from lib_adcopy.hosts.photo_scene import SceneRequest
from lib_adcopy.hosts.webui import gpu_queue, img2img, memory, networks, panel, sampling, sharing, tokens, txt2img
from lib_adcopy.hosts.webui.settings import data_folder, extra_model_folders, keep_options, option, style_files
from lib_adcopy.prompting.tokens import TokenCount

_EXTENSION = Path(__file__).resolve().parents[3]


class WebuiHost:
    """See hosts/base.py. Keeps no user data."""

    name = "webui"

    @property
    def can_draw(self) -> bool:
        return True

    @property
    def can_stream(self) -> bool:
        return not getattr(shared.cmd_opts, "no_gradio_queue", False)

    def paths(self) -> Paths:
        """Return the folders."""
        opts = shared.opts
        output = Path(opts.outdir_samples or opts.outdir_txt2img_samples)
        data = Path(paths_internal.data_path)
        return Paths(
            models=_EXTENSION / "models",
            extra_models=extra_model_folders(),
            data=data_folder(),
            output=output if output.is_absolute() else data / output,
            extension=_EXTENSION,
            # The flag is the Lora extension's; without it nobody reads the folder.
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
        self, request: DrawRequest, on_progress: Callable[[DrawProgress], None], stop: threading.Event
    ) -> DrawResult:
        # The page's own bar shows the progress from here on; reporting it too would slow a picture on a CPU.
        on_progress(DrawProgress())
        with gpu_queue.interrupted_by(stop):
            return gpu_queue.run_on_drawing_thread(lambda: _run(request))

    def interrupt(self) -> None:
        shared.state.interrupt()

    def skip(self) -> None:
        shared.state.skip()

    def held(
        self,
        *,
        task_id: str = "",
        title: str = "",
        steps: int = 0,
        on_queued: Callable[[bool], None] | None = None,
    ) -> AbstractContextManager[GpuJob]:
        return gpu_queue.held(task_id=task_id, title=title, steps=steps, on_queued=on_queued)

    def gpu_index(self) -> int | None:
        return memory.gpu_index()

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

    def masked_inpaint_boxes(self) -> tuple[Any, Any] | None:
        return panel.masked_inpaint_boxes()

    def option(self, key: str, default: Any) -> Any:
        return option(key, default)

    def keep_options(self, values: Mapping[str, Any]) -> None:
        keep_options(values)

    def is_shared(self) -> bool:
        return sharing.is_shared(shared.cmd_opts)

    def trusts_origin(self, origin: str) -> bool:
        return sharing.trusts_origin(shared.cmd_opts, origin)


def _run(request: DrawRequest) -> DrawResult:
    return img2img.run(request) if isinstance(request, SceneRequest) else txt2img.run(request)
