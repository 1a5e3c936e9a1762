"""What sharing one card costs: seconds a swap against the bus's speed, peaks of VRAM, and whether anything grows.

    python -m benchmarks.residency FOLDER --home HOME

FOLDER is a full-size ChatGLM in int4, HOME a studio's folder with an SD1.5 checkpoint in models/Stable-diffusion. Needs
a CUDA device.
"""

from __future__ import annotations

import argparse
import functools
import statistics
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.report import table, write_section
from lib_adcopy.hosts.base import DrawRequest, DrawSettings
from lib_adcopy.hosts.standalone import StandaloneHost
from lib_adcopy.library.models import Library, ModelEntry
from lib_adcopy.residency import Placement, Residency

ROUNDS = 200
SWAPS = 9
_GB = 1e9
PICTURE = DrawRequest("red dress, studio light", "blurry", DrawSettings(width=512, height=768, steps=4, seed=1))


def main() -> None:
    import torch

    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    if not torch.cuda.is_available():
        raise SystemExit("no CUDA device")
    entry = Library((), folders=[options.folder]).models()[0]
    rows = _swaps(entry)
    for policy in ("swap", "keep", "auto"):
        rows += _rounds(entry, options.home, policy, options.rounds)
    text = table(["", "", ""], rows)
    note = f"{torch.cuda.get_device_name()}; made by `python -m benchmarks.residency FOLDER --home HOME`."
    write_section("performance.md", "Two models on one card", f"{text}\n\n{note}")
    print(text)


def _swaps(entry: ModelEntry) -> list[list[str]]:
    """One move each way, beside a bare copy of as many bytes in the same memory."""
    import torch

    from lib_adcopy.chatglm.load import load_model
    from lib_adcopy.chatglm.parking import Parking

    rows = []
    for pin in (True, False):
        parking = Parking(load_model(entry.folder, device="cuda", dtype=torch.float16))
        parking.leave(pin=pin)
        bare = torch.empty(parking.size_bytes, dtype=torch.uint8, pin_memory=pin)
        copied = statistics.median(_seconds(functools.partial(bare.to, "cuda")) for _ in range(SWAPS))
        moved = []
        for _ in range(SWAPS):
            moved.append(_seconds(parking.enter))
            parking.leave(pin=pin)
        kind = "pinned" if pin else "pageable"
        size, seconds = parking.size_bytes / _GB, statistics.median(moved)
        beside = f"{seconds / copied:.2f} x a bare copy"
        rows.append([f"{size:.2f} GB onto the card, {kind}", f"{seconds:.3f} s", beside])
        parking.close()
        parking = bare = None
        torch.cuda.empty_cache()
    return rows


def _rounds(entry: ModelEntry, home: Path, policy: str, rounds: int) -> list[list[str]]:
    """Writes and draws by turns; growth is that of the last round over the third."""
    import torch

    host = StandaloneHost(home)
    residency = Residency(host)
    placement = Placement(policy=policy)
    early: tuple[int, int] = (0, 0)
    torch.cuda.reset_peak_memory_stats()
    for number in range(rounds):
        stop = threading.Event()
        with residency.writing(entry, placement, stop=stop, tokens=256) as answering:
            for _ in answering.stream("写一句广告", seeds=(number,), max_length=64, stop=stop):
                pass
        residency.draw(PICTURE, lambda progress: None, threading.Event())
        early = _taken() if number == 2 else early
    last, peak = _taken(), torch.cuda.max_memory_reserved()
    residency.close()
    host.picture_memory().leave()
    grown = " / ".join(f"{100 * (after / before - 1):+.1f} %" for before, after in zip(early, last, strict=True))
    label = f"{policy}: {rounds} rounds of writing and drawing"
    return [[label, f"peak {peak / _GB:.1f} GB", f"VRAM / RSS {grown}"]]


def _taken() -> tuple[int, int]:
    import psutil
    import torch

    free, total = torch.cuda.mem_get_info()
    return total - free, psutil.Process().memory_info().rss


def _seconds(move: Callable[[], Any]) -> float:
    import torch

    torch.cuda.synchronize()
    started = time.perf_counter()
    kept = move()
    torch.cuda.synchronize()
    del kept
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
