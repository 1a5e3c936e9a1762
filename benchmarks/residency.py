"""What two models in one process cost: seconds a swap against the bus's speed, peaks of VRAM, and what grows.

    python -m benchmarks.residency FOLDER --home HOME

FOLDER is a full-size ChatGLM in int4 (lib_adcopy.chatglm.bench makes one of noise), HOME a studio's folder with an
SD1.5 checkpoint in models/Stable-diffusion. Without a card only growth is measured, which asks for no size of them.
"""

from __future__ import annotations

import argparse
import functools
import gc
import statistics
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.report import table, write_section
from lib_adcopy.hosts.base import DrawRequest, DrawSettings
from lib_adcopy.hosts.standalone import StandaloneHost
from lib_adcopy.library.models import Library, ModelEntry
from lib_adcopy.residency import Placement, Residency

ROUNDS = 200
SWAPS = 9
# Caches, kernels and pools are filled by then; growth is what comes after.
WARM = 3
_GB = 1e9
_ANSWER_TOKENS = 64
_PROMPT_TOKENS = 32
ON_A_CARD = DrawSettings(width=512, height=768, steps=4, seed=1)
ON_A_PROCESSOR = DrawSettings(width=64, height=64, steps=2, seed=1)


@dataclass(frozen=True)
class Rounds:
    """Bytes taken on the card (0 without one) and of RAM, after the first WARM rounds and after the last; the most that
    was taken on the card."""

    early: tuple[int, int]
    last: tuple[int, int]
    peak: int

    @property
    def growth(self) -> tuple[float, float]:
        """Of VRAM and of RAM, as shares."""
        vram, ram = (after / before - 1 if before else 0.0 for before, after in zip(self.early, self.last, strict=True))
        return vram, ram


def main() -> None:
    import torch

    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    if options.rounds <= WARM:
        parser.error(f"--rounds: more than {WARM}, the first of which only warm up")
    entry = Library((), folders=[options.folder]).models()[0]
    card = torch.cuda.is_available()
    rows = [*_swaps(entry), *_picture_swaps(options.home)] if card else []
    for policy in ("swap", "keep", "auto") if card else ("cpu",):
        rows.append(_row(policy, options.rounds, run(entry, options.home, policy, options.rounds)))
    text = table(["", "", ""], rows)
    made = f"{torch.cuda.get_device_name() if card else 'No card'}; torch {torch.__version__}; made by "
    note = f"{made}`python -m benchmarks.residency FOLDER --home HOME`."
    title = "Two models on one card" if card else "Two models on a processor"
    write_section("performance.md", title, f"{text}\n\n{note}")
    print(text)


def run(entry: ModelEntry, home: Path, policy: str, rounds: int) -> Rounds:
    """Writes and draws by turns."""
    host = StandaloneHost(home)
    residency = Residency(host, opener=_open)
    placement = Placement(policy=policy)
    settings = ON_A_PROCESSOR if policy == "cpu" else ON_A_CARD
    request = DrawRequest("red dress, studio light", "blurry", settings)
    early, peak = (0, 0), 0
    _forget_peak()
    for number in range(1, rounds + 1):
        stop = threading.Event()
        with residency.writing(entry, placement, stop=stop, tokens=_ANSWER_TOKENS) as answering:
            for _ in answering.stream("写一句广告", seeds=(number,), max_length=_ANSWER_TOKENS, stop=stop):
                pass
        # Before and after: a draw forgets the peak, because the residency measures what it took.
        peak = max(peak, _peak())
        residency.draw(request, lambda progress: None, threading.Event())
        peak = max(peak, _peak())
        early = _taken() if number == WARM else early
    last = _taken()
    residency.close()
    host.picture_memory().leave()
    return Rounds(early, last, peak)


def _row(policy: str, rounds: int, found: Rounds) -> list[str]:
    vram, ram = found.growth
    label = f"{policy}: {rounds} rounds of writing and drawing"
    grown = f"RSS {found.early[1] / _GB:.3f} to {found.last[1] / _GB:.3f} GB, {ram:+.2%}"
    if not found.peak:
        return [label, "", grown]
    return [label, f"peak {found.peak / _GB:.1f} GB", f"VRAM {vram:+.2%}, {grown}"]


def _swaps(entry: ModelEntry) -> list[list[str]]:
    """The language model's moves, beside a bare copy of as many bytes from the same kind of memory."""
    import torch

    from lib_adcopy.chatglm.load import load_model
    from lib_adcopy.chatglm.parking import Parking

    rows = []
    for pin in (True, False):
        parking = Parking(load_model(entry.folder, device="cuda", dtype=torch.float16))
        leaving = functools.partial(parking.leave, pin=pin)
        leaving()
        copied = _bare_copy(parking.size_bytes, pin=pin)
        on, off = [], []
        for _ in range(SWAPS):
            on.append(_seconds(parking.enter))
            off.append(_seconds(leaving))
        kind = "pinned" if pin else "pageable"
        rows.append(_swap_row(f"the language model, {kind}", parking.size_bytes, on, off, copied))
        parking.close()
        del parking, leaving
        gc.collect()
        torch.cuda.empty_cache()
    return rows


def _picture_swaps(home: Path) -> list[list[str]]:
    """The picture model's moves, by the studio's means."""
    host = StandaloneHost(home)
    host.draw(DrawRequest("red dress", "", ON_A_CARD), lambda progress: None, threading.Event())
    memory = host.picture_memory()
    off, on = [], []
    for _ in range(SWAPS):
        off.append(_seconds(memory.leave))
        on.append(_seconds(memory.come_back))
    memory.leave()
    copied = _bare_copy(memory.size_bytes, pin=False)
    return [_swap_row("the picture model, pageable", memory.size_bytes, on, off, copied)]


def _swap_row(what: str, size: int, on: Sequence[float], off: Sequence[float], copied: float) -> list[str]:
    moved, left = statistics.median(on), statistics.median(off)
    beside = f"{moved / copied:.2f} x a bare copy of {copied:.3f} s"
    return [f"{what}, {size / _GB:.2f} GB", f"{moved:.3f} s onto the card, {left:.3f} s off it", beside]


def _bare_copy(size: int, *, pin: bool) -> float:
    """Seconds. Locked in place, as the residency does: torch's own pinned memory is rounded up and never given back."""
    import torch

    # Filled: pages nobody wrote are one page, and copied at its cache's speed.
    bare = torch.full((size,), 1, dtype=torch.uint8)
    runtime = torch.cuda.cudart() if pin else None
    if runtime and int(runtime.cudaHostRegister(bare.data_ptr(), size, 0)):
        raise SystemExit(f"{size} bytes cannot be pinned here")
    try:
        return statistics.median(_seconds(functools.partial(bare.to, "cuda")) for _ in range(SWAPS))
    finally:
        if runtime:
            runtime.cudaHostUnregister(bare.data_ptr())
        torch.cuda.empty_cache()


def _open(folder: Path, **options: Any) -> Any:
    """A ChatModel; noise, which has no tokenizer, is asked and answers in numbers."""
    from lib_adcopy.chatglm import ChatModel, load_model
    from lib_adcopy.chatglm.config import ChatGLMConfig

    if (folder / "ice_text.model").is_file():
        return ChatModel.open(folder, **options)
    numbers: Any = _Numbers(ChatGLMConfig.read(folder))
    return ChatModel(load_model(folder, **options), numbers)


class _Numbers:
    """As much of a tokenizer as an answer takes."""

    def __init__(self, config: Any) -> None:
        self._end = [config.gmask_token_id, config.bos_token_id]

    def encode(self, text: str) -> list[int]:
        return [*range(10, 10 + _PROMPT_TOKENS), *self._end]

    def piece_id(self, piece: str) -> int:
        return 0

    def spell(self, ids: Sequence[int]) -> str:
        return "字" * len(ids)


def _taken() -> tuple[int, int]:
    import psutil
    import torch

    ram = psutil.Process().memory_info().rss
    if not torch.cuda.is_available():
        return 0, ram
    free, total = torch.cuda.mem_get_info()
    return total - free, ram


def _forget_peak() -> None:
    import torch

    if torch.cuda.is_available():
        torch.cuda.reset_peak_memory_stats()


def _peak() -> int:
    """The most taken on the card since it was last forgotten: torch's, and what everybody else has there now."""
    import torch

    if not torch.cuda.is_available():
        return 0
    return torch.cuda.max_memory_reserved() + _taken()[0] - torch.cuda.memory_reserved()


def _seconds(move: Callable[[], Any]) -> float:
    import torch

    torch.cuda.synchronize()
    started = time.perf_counter()
    kept = move()
    torch.cuda.synchronize()
    seconds = time.perf_counter() - started
    del kept
    return seconds


if __name__ == "__main__":
    main()
