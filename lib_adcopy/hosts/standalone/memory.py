"""Offloads the studio's own pipeline and restores it."""

from __future__ import annotations

from collections.abc import Callable

from lib_adcopy.hosts.standalone.pipeline import Pipeline


class PipelineMemory:
    """PictureMemory of the pipeline that `loaded` returns, None where nothing was drawn yet."""

    def __init__(self, loaded: Callable[[], Pipeline | None]) -> None:
        self._loaded = loaded

    @property
    def size_bytes(self) -> int:
        return sum(self._bytes().values())

    @property
    def gpu_bytes(self) -> int:
        return sum(size for device, size in self._bytes().items() if device != "cpu")

    def offload(self) -> None:
        pipeline = self._loaded()
        if pipeline:
            pipeline.move("cpu")

    def restore(self) -> None:
        pipeline = self._loaded()
        if pipeline:
            pipeline.move(pipeline.device)

    def _bytes(self) -> dict[str, int]:
        pipeline = self._loaded()
        return pipeline.weight_bytes() if pipeline else {}
