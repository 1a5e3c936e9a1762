"""Reports the progress of a run of pictures: share done, time left, a preview."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lib_adcopy.domain.drawing import DrawSettings
from lib_adcopy.hosts.base import DrawProgress

if TYPE_CHECKING:
    from PIL.Image import Image

# Red, green and blue of each of the four channels of Stable Diffusion 1's latents: fitted by keturn, "Decoding latents
# to RGB without upscaling", https://discuss.huggingface.co/t/23204.
_RGB = ((0.298, 0.207, 0.208), (0.187, 0.286, 0.173), (-0.158, 0.189, 0.264), (-0.184, -0.271, -0.473))
# Each preview takes GPU time from the picture, and a page shows one at a time.
_PREVIEW_SECONDS = 0.5


def second_pass_steps(settings: DrawSettings) -> int:
    """Return the steps of hires fix, 0 without it: as in the webuis, the requested steps times its strength."""
    hires = settings.hires
    return int((hires.steps or settings.steps) * hires.denoising_strength) if hires else 0


class StepCallback:
    """diffusers' callback after each step of a run: reports progress and ends the picture when asked to.

    A step of the second pass counts as many times more as its picture is larger.
    """

    def __init__(
        self,
        settings: DrawSettings,
        on_progress: Callable[[DrawProgress], None],
        stop: threading.Event,
        skip: threading.Event,
    ) -> None:
        area = settings.hires.scale**2 if settings.hires else 1.0
        self._passes = (float(settings.steps), second_pass_steps(settings) * area)
        self._pictures = settings.batch_count * settings.batch_size
        self._on_progress, self._stop, self._skip = on_progress, stop, skip
        self._started = self._previewed_at = time.monotonic()
        self._picture = self._pass = 0

    @property
    def ended(self) -> bool:
        return self._stop.is_set() or self._skip.is_set()

    def begin_picture(self, index: int) -> None:
        """Begin the picture of that number."""
        self._picture, self._pass = index, 0

    def begin_second_pass(self) -> None:
        self._pass = 1

    def __call__(self, parts: Any, step: int, timestep: Any, outputs: dict[str, Any]) -> dict[str, Any]:
        if self.ended:
            # diffusers skips the remaining steps and decodes the latents as they are.
            parts._interrupt = True
            return outputs
        done = self._passes[self._pass] * (step + 1) / parts.num_timesteps + sum(self._passes[: self._pass])
        fraction = (self._picture + done / sum(self._passes)) / self._pictures
        now = time.monotonic()
        preview = None
        if now - self._previewed_at >= _PREVIEW_SECONDS:
            self._previewed_at, preview = now, latents_as_picture(outputs["latents"])
        left = (now - self._started) * (1 - fraction) / fraction
        self._on_progress(DrawProgress(fraction=fraction, seconds_left=left, preview=preview))
        return outputs


def latents_as_picture(latents: Any) -> Image:
    """Convert SD1 latents (1, 4, height, width) to a picture of as many pixels, roughly in its colours."""
    import torch
    from PIL import Image

    weights = torch.tensor(_RGB, dtype=torch.float32, device=latents.device)
    colours = torch.einsum("chw,cr->hwr", latents[0].float(), weights)
    bytes_ = ((colours + 1) * 127.5).clamp(0, 255).to(torch.uint8).cpu()
    return Image.fromarray(bytes_.numpy())
