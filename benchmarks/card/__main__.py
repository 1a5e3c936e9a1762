"""Runs the parts one after the other: python -m benchmarks.card [--rehearse] [--out card.json] [PART ...]."""

from __future__ import annotations

import argparse
import functools
import json
import logging
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from benchmarks.card import machine
from benchmarks.card.decoding import decoding, sampling
from benchmarks.card.port import Card, Processor, SkippedError
from benchmarks.card.report import write_tables
from benchmarks.card.tuning import tuning

TOTAL_SECONDS = 9 * 60
# Less is not enough to import torch and make the weights.
_FEWEST_SECONDS = 10


@dataclass(frozen=True)
class Part:
    """What is measured, piece by piece, within so many seconds."""

    seconds: int
    measure: Callable[[Card], Iterator[dict[str, Any]]]


PARTS = {
    "device": Part(30, machine.device),
    "kernels": Part(40, machine.kernels),
    "int4": Part(70, functools.partial(decoding, bits=4)),
    "sampling": Part(20, sampling),
    "capture": Part(30, machine.capture),
    "swaps": Part(50, machine.swaps),
    "int8": Part(50, functools.partial(decoding, bits=8)),
    "fp16": Part(50, functools.partial(decoding, bits=0)),
    "tuning": Part(60, tuning),
    "rounds, 12 GiB": Part(70, functools.partial(machine.rounds, gib=12)),
    "rounds, 8 GiB": Part(90, functools.partial(machine.rounds, gib=8)),
    "tests": Part(120, machine.tests),
}


def main() -> None:
    logging.basicConfig(level=logging.WARNING)
    parser = argparse.ArgumentParser("python -m benchmarks.card", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--out", type=Path, default=Path("card.json"))
    parser.add_argument("--rehearse", action="store_true", help="on the processor, in this process; writes no tables")
    parser.add_argument("--alone", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.alone:
        measure(options.alone, Card(), options.out)
        return
    if not options.rehearse and (not torch.cuda.is_available() or torch.version.hip is not None):
        parser.error("needs an NVIDIA card; --rehearse runs the same parts on the processor")
    unknown = set(options.parts) - set(PARTS)
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    found = run(options.parts or tuple(PARTS), options.out, rehearse=options.rehearse)
    if not options.rehearse:
        write_tables(found)


def run(names: tuple[str, ...] | list[str], out: Path, *, rehearse: bool) -> dict[str, Any]:
    """Measure these parts within nine minutes; what was measured is in `out` after each piece."""
    started, found = time.monotonic(), dict[str, Any]()
    for name in names:
        left = TOTAL_SECONDS - (time.monotonic() - started)
        print(f"== {name}", flush=True)
        file = out.with_name(f"{out.stem}-part.json")
        file.unlink(missing_ok=True)
        if left < _FEWEST_SECONDS:
            file.write_text(json.dumps({"skipped": "the nine minutes were over"}), encoding="utf-8")
        elif rehearse:
            measure(name, Processor(), file)
        else:
            _measure_alone(name, file, min(PARTS[name].seconds, left))
        found[name] = _read(file)
        if "skipped" in found[name]:
            print(f"   skipped: {found[name]['skipped']}", flush=True)
        file.unlink(missing_ok=True)
        out.write_text(json.dumps(found, indent=1, ensure_ascii=False), encoding="utf-8")
    print(f"{time.monotonic() - started:.0f} s; {out}", flush=True)
    return found


def measure(name: str, port: Card, file: Path) -> None:
    """Measure one part in this process; each piece is printed, and kept in `file`."""
    part, found = PARTS[name], dict[str, Any]()
    started = time.monotonic()
    try:
        for piece in part.measure(port):
            found |= piece
            print(f"   {json.dumps(piece, ensure_ascii=False)}", flush=True)
            file.write_text(json.dumps(found), encoding="utf-8")
            if time.monotonic() - started > part.seconds:
                raise SkippedError(f"the rest, as its {part.seconds} s were over")
    except SkippedError as reason:
        found["skipped"] = str(reason)
    except Exception as error:
        logging.getLogger("adcopy.card").exception("%s failed", name)
        found["skipped"] = f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"
    file.write_text(json.dumps(found), encoding="utf-8")


def _measure_alone(name: str, file: Path, seconds: float) -> None:
    """Measure one part in a process of its own, which ends after so many seconds whatever it does."""
    command = [sys.executable, "-m", "benchmarks.card", "--alone", name, "--out", str(file)]
    ended = ""
    try:
        done = subprocess.run(command, timeout=seconds, check=False)
        ended = f"its process ended with {done.returncode}" if done.returncode else ""
    except subprocess.TimeoutExpired:
        ended = f"the rest, as its {seconds:.0f} s were over"
    if ended:
        file.write_text(json.dumps({**_read(file), "skipped": ended}), encoding="utf-8")


def _read(file: Path) -> Mapping[str, Any]:
    try:
        found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found


if __name__ == "__main__":
    main()
