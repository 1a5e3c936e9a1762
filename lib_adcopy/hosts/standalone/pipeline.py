"""Draws requests with one checkpoint, its LoRAs and embeddings."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from lib_adcopy.domain.drawing import DrawSettings
from lib_adcopy.domain.picture import DrawResult, Picture
from lib_adcopy.domain.prompt import LoraUse
from lib_adcopy.errors import AdCopyError
from lib_adcopy.hosts.base import DrawProgress, DrawRequest
from lib_adcopy.hosts.photo_scene import SceneRequest
from lib_adcopy.hosts.standalone import inpaint, sampling
from lib_adcopy.hosts.standalone.checkpoint import load_pipeline
from lib_adcopy.hosts.standalone.conditioning import Embeddings, encode
from lib_adcopy.hosts.standalone.files import Files
from lib_adcopy.hosts.standalone.infotext import infotext
from lib_adcopy.hosts.standalone.progress import StepCallback, second_pass_steps
from lib_adcopy.hosts.standalone.tokenizer import load_tokenizer
from lib_adcopy.prompting.networks import tags_in, without_tags

_SEEDS = random.SystemRandom()


class Pipeline:
    """A loaded checkpoint. Not thread-safe: the caller holds the host's queue."""

    def __init__(self, checkpoint: Path, files: Files, tokenizer_folder: Path) -> None:
        import torch

        self.checkpoint = checkpoint
        self._files = files
        self.device = device = "cuda" if torch.cuda.is_available() else "cpu"
        # Half precision on a CPU is slower than single and rounds.
        dtype = torch.float16 if device == "cuda" else torch.float32
        self._parts = load_pipeline(checkpoint, load_tokenizer(tokenizer_folder), device, dtype)
        self._embeddings = Embeddings(self._parts.tokenizer, self._parts.text_encoder)
        self._loras: tuple[LoraUse, ...] = ()

    def move(self, device: str) -> None:
        self._parts.to(device)
        if device == "cpu" and self.device != device:
            import torch

            torch.cuda.empty_cache()

    def weight_bytes(self) -> dict[str, int]:
        """Return the bytes of the weights by the type of device they are on."""
        found: dict[str, int] = {}
        for part in (self._parts.unet, self._parts.vae, self._parts.text_encoder):
            for weight in part.parameters():
                found[weight.device.type] = found.get(weight.device.type, 0) + weight.nbytes
        return found

    def draw(
        self,
        request: DrawRequest,
        on_progress: Callable[[DrawProgress], None],
        stop: threading.Event,
        skip: threading.Event,
    ) -> DrawResult:
        """Draw `batch_count` times `batch_size` pictures one after the other; a stopped one is kept unfinished."""
        settings = request.settings
        loras = tags_in(request.positive)
        self._load_loras(loras)
        embeddings = self._files.embeddings()
        positive, used = self._embeddings.use(embeddings, without_tags(request.positive))
        negative, used_negative = self._embeddings.use(embeddings, request.negative)
        first = settings.seed if settings.seed >= 0 else _SEEDS.randrange(2**32)
        count = settings.batch_count * settings.batch_size
        sampler = sampling.named(settings.sampler)
        files = self._files.loras()
        watch = StepCallback(settings, on_progress, stop, skip)
        pictures = []
        for index in range(count):
            if stop.is_set():
                break
            skip.clear()
            watch.begin_picture(index)
            image = self._one(request, (positive, negative), first + index, sampler, watch)
            text = infotext(
                request,
                seed=first + index,
                sampler=sampler,
                checkpoint=self.checkpoint,
                loras={lora.name: files[lora.name] for lora in loras if lora.name in files},
                embeddings={name: embeddings[name] for name in (*used, *used_negative)},
            )
            pictures.append(Picture(image, text, first + index))
        return DrawResult(tuple(pictures), interrupted=stop.is_set())

    def _one(self, request: DrawRequest, texts: tuple[str, str], seed: int, sampler: str, watch: StepCallback) -> Any:
        import torch

        settings, parts = request.settings, self._parts
        parts.scheduler = sampling.scheduler(sampler)
        with torch.inference_mode():
            prompt, negative = encode(texts, parts.tokenizer, parts.text_encoder, settings.clip_skip)
            common = {
                "prompt_embeds": prompt,
                "negative_prompt_embeds": negative,
                "num_inference_steps": settings.steps,
                "guidance_scale": settings.cfg_scale,
                "generator": torch.Generator("cpu").manual_seed(seed),
                "callback_on_step_end": watch,
            }
            if isinstance(request, SceneRequest):
                return inpaint.draw_scene(parts, request, common, sampling.scheduler(sampler))
            if inpaint.is_inpainting(parts):
                size = (settings.width, settings.height)
                image = inpaint.draw_from_nothing(parts, size, common, sampling.scheduler(sampler))
            else:
                image = parts(width=settings.width, height=settings.height, **common).images[0]
            if settings.hires and not watch.ended:
                watch.begin_second_pass()
                image = self._enlarge(image, settings, common, sampler)
        return image

    def _enlarge(self, image: Any, settings: DrawSettings, common: dict[str, Any], sampler: str) -> Any:
        """Enlarge the picture and draw over it: hires fix."""
        from diffusers import StableDiffusionImg2ImgPipeline
        from PIL import Image

        hires = settings.hires
        assert hires is not None  # noqa: S101 - for mypy: only called where there is a second pass
        size = tuple(int(side * hires.scale) // 8 * 8 for side in (settings.width, settings.height))
        given = image.resize(size, Image.Resampling.LANCZOS)
        if not second_pass_steps(settings):
            # So little is to be drawn over that there is no step to do it in.
            return given
        again = StableDiffusionImg2ImgPipeline(**self._parts.components, requires_safety_checker=False)
        again.set_progress_bar_config(disable=True)
        again.scheduler = sampling.scheduler(sampler)
        steps = hires.steps or settings.steps
        asked = {**common, "num_inference_steps": steps, "strength": hires.denoising_strength}
        return again(image=given, **asked).images[0]

    def _load_loras(self, loras: tuple[LoraUse, ...]) -> None:
        """Load exactly these LoRAs, unloading the ones before."""
        if loras == self._loras:
            return
        from safetensors import SafetensorError
        from safetensors.torch import load_file

        files = self._files.loras()
        if self._loras:
            self._parts.unload_lora_weights()
            self._loras = ()
        names = [f"lora{number}" for number in range(len(loras))]
        for name, lora in zip(names, loras, strict=True):
            if lora.name not in files:
                raise AdCopyError("hosts.no_lora", name=lora.name)
            try:
                self._parts.load_lora_weights(load_file(str(files[lora.name])), adapter_name=name)
            except (KeyError, RuntimeError, ValueError, OSError, SafetensorError) as error:
                with suppress(ValueError):
                    self._parts.unload_lora_weights()
                raise AdCopyError("hosts.lora_unfit", name=lora.name) from error
        if loras:
            self._parts.set_adapters(names, [lora.weight for lora in loras])
        self._loras = loras

