"""The card itself, its kernels and tests, capture beside another thread, and two models in one card's memory."""

from __future__ import annotations

import functools
import importlib.util
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import torch

from benchmarks.card.noise import noise
from benchmarks.card.port import Card, SkippedError
from benchmarks.residency import Numbers, bare_copy, run
from lib_adcopy.chatglm import FolderReport
from lib_adcopy.chatglm.cache import Cache
from lib_adcopy.chatglm.chat import ChatModel
from lib_adcopy.chatglm.cuda.loading import load_kernels
from lib_adcopy.chatglm.offload import WeightOffloader
from lib_adcopy.model_library.models import ModelEntry
from tests.hosts import random_sd

_ROOT = Path(__file__).resolve().parents[2]
_SWAPS, _CAPTURES, _CLAIMED = 5, 20, 32 << 20
# pytest is ended before the part is, or it would outlive it. Rounds end early too, with what they have shown.
_TESTS_SECONDS, _ROUNDS_SECONDS = 110, 45
_QUERY = "--query-gpu=name,driver_version,memory.total,pcie.link.gen.max,pcie.link.width.max"


def device(port: Card) -> Iterator[dict[str, Any]]:
    """Name card, driver and torch; measure the memory's bandwidth and the bus's."""
    yield {"torch": torch.__version__, "cuda": torch.version.cuda, "python": sys.version.split()[0],
           "system": sys.platform}  # fmt: skip
    if port.is_card:
        found = torch.cuda.get_device_properties(0)
        yield {"name": found.name, "capability": f"{found.major}.{found.minor}", "memory_gb": found.total_memory / 1e9}
    if port.is_card and shutil.which("nvidia-smi"):
        command = ["nvidia-smi", _QUERY, "--format=csv,noheader"]
        told = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
        yield {"nvidia_smi": told.stdout.strip().replace("\n", "; ")}
    yield {"gb_per_s": port.bytes_per_s() / 1e9}
    size = 2**30 if port.is_card else 2**20
    yield {"bus_gb_per_s": size / bare_copy(size, port.device.type, pin=port.is_card) / 1e9}


def kernels(port: Card) -> Iterator[dict[str, Any]]:
    """Load the kernels as a webui does at first use: compile them, and compare with torch."""
    started = time.perf_counter()
    found = load_kernels(port.device, port.dtype)
    yield {"seconds": time.perf_counter() - started, "usable": found is not None,
           "faulty": sorted(found.faulty) if found else []}  # fmt: skip


def tests(port: Card) -> Iterator[dict[str, Any]]:
    """Run tests/gpu but for the tuning's, which is a part by itself."""
    if not port.is_card:
        raise SkippedError("needs an NVIDIA card")
    if importlib.util.find_spec("pytest") is None:
        raise SkippedError("pytest is not installed")
    command = [sys.executable, "-m", "pytest", "-q", "tests/gpu", "--ignore", "tests/gpu/test_card_tuning.py"]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False, timeout=_TESTS_SECONDS)
    lines = done.stdout.strip().splitlines()
    failed = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
    yield {"result": lines[-1] if lines else done.stderr[-200:], "failed": failed}


def capture(port: Card) -> Iterator[dict[str, Any]]:
    """Capture graphs while another thread takes and frees the card's memory, as a webui's do."""
    if not port.is_card:
        raise SkippedError("needs an NVIDIA card")
    from lib_adcopy.chatglm.graph_decoder import open_graph_decoder

    model, stop = noise(port, 4), threading.Event()
    cache = Cache.empty(model.config, 1, 8, model.device, model.dtype)
    cache.store.zero_()
    cache.advance(8)
    position = torch.tensor([[[6], [1]]], device=model.device)

    def other() -> None:
        while not stop.is_set():
            torch.empty(_CLAIMED, dtype=torch.uint8, device=model.device).fill_(1)
            torch.cuda.empty_cache()

    with ThreadPoolExecutor(1) as pool:
        beside = pool.submit(other)
        try:
            opened = [open_graph_decoder(model, cache, [0], position, 64) for _ in range(_CAPTURES)]
        finally:
            stop.set()
        beside.result()
    yield {"captured": sum(each is not None and each.has_graph for each in opened), "of": _CAPTURES}


def swaps(port: Card) -> Iterator[dict[str, Any]]:
    """Move a model at 4 bits to host memory and back, beside a bare copy of as many bytes."""
    for pin in (True, False) if port.is_card else (False,):
        offloader = WeightOffloader(noise(port, 4))
        leave = functools.partial(offloader.offload, pin=pin)
        leave()
        on, off = [], []
        for _ in range(_SWAPS):
            on.append(port.seconds(offloader.reload)[1])
            off.append(port.seconds(leave)[1])
        size = offloader.size_bytes
        moved = {"gb": size / 1e9, "on_s": statistics.median(on), "off_s": statistics.median(off)}
        offloader.close()
        del offloader, leave
        yield {"pinned" if pin else "pageable": moved | {"copy_s": bare_copy(size, port.device.type, pin=pin)}}


def rounds(port: Card, gib: int) -> Iterator[dict[str, Any]]:
    """Write and draw by turns on a card of so many GiB, or only write where diffusers is missing."""
    draws = port.is_card and importlib.util.find_spec("diffusers") is not None
    config = port.config
    size = WeightOffloader(noise(port, 4)).size_bytes
    port.reset_peak()
    report = FolderReport("model", 4, size, token_bytes=config.num_layers * 4 * config.hidden_size)
    entry = ModelEntry("noise", Path("noise"), report)
    numbers: Any = Numbers(config)

    def opened(folder: Path, **options: Any) -> ChatModel:
        return ChatModel(noise(port, 4), numbers)

    with tempfile.TemporaryDirectory(prefix="adcopy-card-") as home:
        if draws:
            random_sd.make(Path(home), random_sd.FULL)
        policy = "auto" if port.is_card else "cpu"
        started = time.perf_counter()
        found = run(
            entry, Path(home), policy, port.rounds, gib if port.is_card else 0, opener=opened, draws=draws,
            go_on=lambda: time.perf_counter() - started < _ROUNDS_SECONDS,
        )  # fmt: skip
        seconds = (time.perf_counter() - started) / found.rounds
    vram, ram = found.growth
    yield {"rounds": found.rounds, "draws": draws, "seconds_a_round": seconds, "peak_gb": found.peak / 1e9,
           "vram_growth": vram, "ram_growth": ram}  # fmt: skip
