"""The studio's own pipeline in and out of the card's memory."""

from __future__ import annotations

from collections.abc import Callable

from lib_adcopy.hosts.standalone.pipeline import Pipeline


class PipelineMemory:
    """`loaded` gives the pipeline there is now, None where nothing was drawn yet."""

    def __init__(self, loaded: Callable[[], Pipeline | None]) -> None:
        self._loaded = loaded

    @property
    def size_bytes(self) -> int:
        return sum(self._bytes().values())

    @property
    def card_bytes(self) -> int:
        return sum(size for device, size in self._bytes().items() if device != "cpu")

    def leave(self) -> None:
        pipeline = self._loaded()
        if pipeline:
            pipeline.move("cpu")

    def come_back(self) -> None:
        pipeline = self._loaded()
        if pipeline:
            pipeline.move(pipeline.device)

    def _bytes(self) -> dict[str, int]:
        pipeline = self._loaded()
        return pipeline.weight_bytes() if pipeline else {}
