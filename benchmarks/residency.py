"""What two models in one process cost: seconds a swap against the bus's speed, peaks of VRAM, and what grows.

    python -m benchmarks.residency [FOLDER] [--home HOME] [--runs keep:12 swap:8 ...]

FOLDER is a ChatGLM in int4, HOME a studio's folder with an SD1.5 checkpoint in models/Stable-diffusion; both are made
of noise at full size where they are not named. A run is a policy and the GiB of the card it is given: of a larger one
no more can be taken. Without a card growth is measured, and what a swap takes beyond one copy of its bytes, from memory
to memory.
"""

from __future__ import annotations

import argparse
import functools
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.report import table, write_section
from lib_adcopy.chatglm.bench.weights import SIZES, write_checkpoint
from lib_adcopy.chatglm.generation_types import SamplingParams
from lib_adcopy.domain.drawing import DrawSettings
from lib_adcopy.gpu import POLICIES, ModelManager, ModelPlacement
from lib_adcopy.gpu.device import GpuMemory, TorchGpu
from lib_adcopy.gpu.placement import load_options
from lib_adcopy.hosts.base import DrawRequest
from lib_adcopy.hosts.standalone import StandaloneHost
from lib_adcopy.model_library.models import Library, ModelEntry
from tests.hosts import random_sd

ROUNDS = 200
SWAPS = 9
# Caches, kernels and pools are filled by then; growth is what comes after.
WARM = 3
# Policy and GiB. What shall fit is what sellers have.
ON_CARDS = (("keep", 12), ("swap", 8), ("auto", 8))
_GB = 1e9
_ANSWER_TOKENS = 64
_PROMPT_TOKENS = 32
ON_A_CARD = DrawSettings(width=512, height=768, steps=4, seed=1)
ON_A_PROCESSOR = DrawSettings(width=64, height=64, steps=2, seed=1)


@dataclass(frozen=True)
class Rounds:
    """Bytes taken on the card (0 without one), of RAM, and of RAM mapped from files, after the first WARM rounds and
    after the last; the most that was taken on the card; how many rounds there were."""

    early: tuple[int, int, int]
    last: tuple[int, int, int]
    peak: int
    rounds: int

    @property
    def growth(self) -> tuple[float, float]:
        """Of VRAM and of RAM without what is mapped, as shares. What is mapped grows until the model has met all of its
        words, and the system takes it back when it has no room."""
        pairs = zip(self.early[:2], self.last[:2], strict=True)
        vram, ram = (after / before - 1 if before else 0.0 for before, after in pairs)
        return vram, ram


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--runs", nargs="+", type=_run_of, default=ON_CARDS, metavar="POLICY:GIB")
    options = parser.parse_args()
    if options.rounds <= WARM:
        parser.error(f"--rounds: more than {WARM}, the first of which only warm up")
    with tempfile.TemporaryDirectory(prefix="adcopy-bench-") as made:
        folder, home = options.folder or _noise(Path(made)), options.home or Path(made) / "home"
        if not options.home:
            random_sd.make(home, random_sd.FULL)
        _measure(Library((), folders=[folder]).models()[0], home, options.runs, options.rounds)


def _run_of(text: str) -> tuple[str, int]:
    policy, _, size = text.partition(":")
    if policy not in POLICIES:
        raise argparse.ArgumentTypeError(f"{policy} is none of {', '.join(POLICIES)}")
    return policy, int(size)


def _noise(folder: Path) -> Path:
    import torch

    # Where there is no card, as a conversion on this machine leaves it.
    return write_checkpoint(folder / "noise-6b-int4", SIZES["6b"], bits=4, packed=not torch.cuda.is_available())


def _measure(entry: ModelEntry, home: Path, runs: Sequence[tuple[str, int]], rounds: int) -> None:
    import torch

    card = torch.cuda.is_available()
    rows = [*_swaps(entry, "cuda"), *_picture_swaps(home)] if card else _swaps(entry, "cpu")
    for policy, size in runs if card else (("cpu", 0),):
        label = f"{policy}, {size} GiB" if size else policy
        rows.append(_row(label, rounds, run(entry, home, policy, rounds, size)))
    text = table(["", "", ""], rows)
    made = f"{torch.cuda.get_device_name() if card else 'No card'}; torch {torch.__version__}"
    title = "Two models on one card" if card else "Two models on a processor"
    write_section("performance.md", title, f"{text}\n\n{made}; made by `python -m benchmarks.residency`.")
    print(text)


class _SmallerCard(TorchGpu):
    """A card of `gib` GiB, whatever its real size: more is neither told nor given."""

    def __init__(self, gib: int) -> None:
        import torch

        super().__init__()
        self._total = gib * 2**30
        torch.cuda.set_per_process_memory_fraction(min(1.0, self._total / torch.cuda.mem_get_info()[1]))

    def memory(self, *, import_torch: bool = True) -> GpuMemory | None:
        real = super().memory(import_torch=import_torch)
        return real and GpuMemory(self._total - (real.total - real.free), self._total)


def run(
    entry: ModelEntry,
    home: Path,
    policy: str,
    rounds: int,
    gib: int = 0,
    *,
    opener: Callable[..., Any] | None = None,
    draws: bool = True,
    go_on: Callable[[], bool] = lambda: True,
) -> Rounds:
    """Writes and, with `draws`, draws by turns, on a card of `gib` GiB (0 without one), as long as it may `go_on`."""
    host = StandaloneHost(home)
    manager = ModelManager(host, gpu=_SmallerCard(gib) if gib else None, opener=opener or _open)
    placement = ModelPlacement(policy=policy)
    settings = ON_A_PROCESSOR if policy == "cpu" else ON_A_CARD
    request = DrawRequest("red dress, studio light", "blurry", settings)
    early, peak = (0, 0, 0), 0
    _forget_peak()
    for number in range(1, rounds + 1):
        stop = threading.Event()
        with manager.writing(entry, placement, stop=stop, tokens=_ANSWER_TOKENS) as answering:
            sampling = SamplingParams(max_length=_ANSWER_TOKENS)
            for _ in answering.stream("写一句广告", seeds=(number,), sampling=sampling, stop=stop):
                pass
        # Before and after: a draw forgets the peak, because the manager measures what it took.
        peak = max(peak, _peak())
        if draws:
            manager.draw(request, lambda progress: None, threading.Event())
        peak = max(peak, _peak())
        early = _taken() if number == WARM else early
        if not go_on():
            break
    last = _taken()
    manager.close()
    host.picture_memory().offload()
    return Rounds(early, last, peak, number)


def _row(what: str, rounds: int, found: Rounds) -> list[str]:
    vram, ram = found.growth
    label = f"{what}: {rounds} rounds of writing and drawing"
    grown = f"RSS {found.early[1] / _GB:.3f} to {found.last[1] / _GB:.3f} GB, {ram:+.2%}"
    grown += f", and {found.early[2] / _GB:.3f} to {found.last[2] / _GB:.3f} GB mapped"
    if not found.peak:
        return [label, "", grown]
    return [label, f"peak {found.peak / _GB:.1f} GB", f"VRAM {vram:+.2%}, {grown}"]


def _swaps(entry: ModelEntry, device: str) -> list[list[str]]:
    """The language model's moves, beside a bare copy of as many bytes from the same kind of memory."""
    from lib_adcopy.chatglm.load import load_model
    from lib_adcopy.chatglm.offload import WeightOffloader

    rows = []
    options = load_options(entry, ModelPlacement(device))
    for pin in (True, False) if device == "cuda" else (False,):
        offloader = WeightOffloader(load_model(entry.folder, **options))
        leaving = functools.partial(offloader.offload, pin=pin)
        leaving()
        copied = bare_copy(offloader.size_bytes, device, pin=pin)
        on, off = [], []
        for _ in range(SWAPS):
            on.append(_seconds(offloader.reload))
            off.append(_seconds(leaving))
        kind = "from memory to memory" if device == "cpu" else "pinned" if pin else "pageable"
        rows.append(_swap_row(f"the language model, {kind}", offloader.size_bytes, on, off, copied))
        offloader.close()
        del offloader, leaving
        TorchGpu().release_unused()
    return rows


def _picture_swaps(home: Path) -> list[list[str]]:
    """The picture model's moves, by the studio's means."""
    host = StandaloneHost(home)
    with host.held():
        host.draw(DrawRequest("red dress", "", ON_A_CARD), lambda progress: None, threading.Event())
    memory = host.picture_memory()
    off, on = [], []
    for _ in range(SWAPS):
        off.append(_seconds(memory.offload))
        on.append(_seconds(memory.restore))
    memory.offload()
    copied = bare_copy(memory.size_bytes, "cuda", pin=False)
    return [_swap_row("the picture model, pageable", memory.size_bytes, on, off, copied)]


def _swap_row(what: str, size: int, on: Sequence[float], off: Sequence[float], copied: float) -> list[str]:
    moved, left = statistics.median(on), statistics.median(off)
    beside = f"{moved / copied:.2f} x a bare copy of {copied:.3f} s"
    return [f"{what}, {size / _GB:.2f} GB", f"{moved:.3f} s on, {left:.3f} s off", beside]


def bare_copy(size: int, device: str, *, pin: bool) -> float:
    """Seconds. Locked in place, as the offloader does: torch's own pinned memory is rounded up and never given back."""
    import torch

    # Filled: pages nobody wrote are one page, and copied at its cache's speed.
    bare = torch.full((size,), 1, dtype=torch.uint8)
    runtime = torch.cuda.cudart() if pin else None
    if runtime and int(runtime.cudaHostRegister(bare.data_ptr(), size, 0)):
        raise SystemExit(f"{size} bytes cannot be pinned here")
    try:
        return statistics.median(_seconds(functools.partial(bare.to, device, copy=True)) for _ in range(SWAPS))
    finally:
        if runtime:
            runtime.cudaHostUnregister(bare.data_ptr())
        TorchGpu().release_unused()


def _open(folder: Path, **options: Any) -> Any:
    """A ChatModel; noise, which has no tokenizer, is asked and answers in numbers."""
    from lib_adcopy.chatglm import ChatModel, load_model
    from lib_adcopy.chatglm.config import ChatGLMConfig

    if (folder / "ice_text.model").is_file():
        return ChatModel.open(folder, **options)
    numbers: Any = Numbers(ChatGLMConfig.read(folder))
    return ChatModel(load_model(folder, **options), numbers)


class Numbers:
    """As much of a tokenizer as an answer takes."""

    def __init__(self, config: Any) -> None:
        self._end = [config.gmask_token_id, config.bos_token_id]

    def encode(self, text: str) -> list[int]:
        return [*range(10, 10 + _PROMPT_TOKENS), *self._end]

    def piece_id(self, piece: str) -> int:
        return 0

    def join_pieces(self, ids: Sequence[int], *, skip_special: bool = True) -> str:
        return "字" * len(ids)


def _taken() -> tuple[int, int, int]:
    import psutil
    import torch

    memory = psutil.Process().memory_info()
    mapped = getattr(memory, "shared", 0)
    if not torch.cuda.is_available():
        return 0, memory.rss - mapped, mapped
    free, total = torch.cuda.mem_get_info()
    return total - free, memory.rss - mapped, mapped


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
    _finished()
    started = time.perf_counter()
    kept = move()
    _finished()
    seconds = time.perf_counter() - started
    del kept
    return seconds


def _finished() -> None:
    """What was asked of a card is done when it says so."""
    import torch

    if torch.cuda.is_available():
        torch.cuda.synchronize()


if __name__ == "__main__":
    main()
