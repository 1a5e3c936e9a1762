"""What it takes until a model can answer, against reading its files once; and what converting a folder takes.

    python -m benchmarks.models FOLDER [--convert FOLDER16]

FOLDER is a ChatGLM folder in int4 or int8 safetensors, full size to mean anything (lib_adcopy.chatglm.bench makes one
of noise; to be converted it wants an ice_text.model beside it, any). Reading and loading take turns in processes of
their own, so that a noisy machine is noisy for both. Before each, the files are put out of the system's memory where it
allows that, or read once so that they are in it.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.report import table, write_section
from lib_adcopy.chatglm.folder import weight_files

ROUNDS = 3
_BLOCK = 8 * 2**20
_GB = 1e9


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--convert", type=Path)
    parser.add_argument("--as", dest="part", choices=tuple(_PARTS))
    options = parser.parse_args()
    if options.part:
        print(json.dumps(_PARTS[options.part](options.folder)))
        return
    rows = [*_loading(options.folder), *(_converting(options.convert) if options.convert else [])]
    text = table(["", "time", "memory"], rows)
    made = "Made by `python -m benchmarks.models FOLDER`, 2 cores; memory is the process's anonymous peak less what it "
    made += "had before."
    write_section("performance.md", "A model's start", f"{text}\n\n{made}")
    print(text)


def _loading(folder: Path) -> list[list[str]]:
    size = sum(file.stat().st_size for file in weight_files(folder))
    rows = []
    for state, prepare in (("cold", _forget), ("in the system's memory", _read)):
        reads, loads = [], []
        for _ in range(ROUNDS):
            prepare(folder)
            reads.append(_apart("read", folder))
            prepare(folder)
            loads.append(_apart("load", folder))
        read, load = (statistics.median(one["seconds"] for one in found) for found in (reads, loads))
        peak = max(one["peak"] for one in loads)
        rows.append([f"reading {size / _GB:.2f} GB once, {state}", f"{read:.2f} s", ""])
        ratio = statistics.median(b["seconds"] / a["seconds"] for a, b in zip(reads, loads, strict=True))
        beyond = f"file {(peak - size) / _GB:+.2f} GB"
        rows.append([f"ready to answer, {state}", f"{load:.2f} s = {ratio:.2f} x", beyond])
    return rows


def _converting(folder: Path) -> list[list[str]]:
    size = sum(file.stat().st_size for file in weight_files(folder))
    largest = max(file.stat().st_size for file in weight_files(folder))
    done = _apart("convert", folder)
    memory = f"{done['peak'] / _GB:.2f} GB; result {done['result'] / _GB:.2f}, largest shard {largest / _GB:.2f}"
    return [[f"converting {size / _GB:.2f} GB to int4", f"{done['seconds']:.0f} s", memory]]


def _apart(part: str, folder: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.models", str(folder), "--as", part]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout)


def _forget(folder: Path) -> None:
    """Out of the page cache; a file system that keeps it there makes both sides equally fast."""
    for file in weight_files(folder):
        with file.open("rb") as opened:
            os.fdatasync(opened.fileno())
            os.posix_fadvise(opened.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _read(folder: Path) -> dict[str, float]:
    block = memoryview(bytearray(_BLOCK))
    started = time.perf_counter()
    for file in weight_files(folder):
        with file.open("rb", buffering=0) as opened:
            while opened.readinto(block):
                pass
    return {"seconds": time.perf_counter() - started}


def _load(folder: Path) -> dict[str, float]:
    import torch

    from lib_adcopy.chatglm.load import load_model

    with _Memory() as memory:
        started = time.perf_counter()
        model = load_model(folder, dtype=torch.bfloat16)
        seconds = time.perf_counter() - started
    assert model.lm_head is not None
    return {"seconds": seconds, "peak": memory.peak}


def _convert(folder: Path) -> dict[str, float]:
    import torch  # noqa: F401 - its own memory is none of the conversion's

    from lib_adcopy.model_library.convert import convert

    with tempfile.TemporaryDirectory(dir=folder.parent) as there, _Memory() as memory:
        started = time.perf_counter()
        out = convert(folder, 4, Path(there) / "int4", on_progress=lambda progress: None, stop=threading.Event())
        seconds = time.perf_counter() - started
        assert out
        result = sum(file.stat().st_size for file in weight_files(out))
    return {"seconds": seconds, "peak": memory.peak, "result": result}


class _Memory:
    """The most anonymous memory of this process while the block runs, beyond what it had before. Pages of a mapped file
    are the system's to take back and do not count."""

    def __enter__(self) -> _Memory:
        self._before = self.peak = self._now()
        self._done = threading.Event()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._watcher.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._done.set()
        self._watcher.join()
        self.peak -= self._before

    def _watch(self) -> None:
        while not self._done.wait(0.02):
            self.peak = max(self.peak, self._now())

    @staticmethod
    def _now() -> int:
        status = Path("/proc/self/status").read_text()
        return int(status.partition("RssAnon:")[2].split()[0]) * 1024


_PARTS = {"read": _read, "load": _load, "convert": _convert}


if __name__ == "__main__":
    main()
