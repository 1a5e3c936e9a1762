"""Speed and memory of the model, side by side in one run: full-size random weights, every measurement in a process of
its own, the peers beside it."""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import torch

from lib_adcopy.chatglm.bench.weights import SIZES, write_checkpoint

_log = logging.getLogger("adcopy.chatglm")
# Another Python with another torch, to be measured in the same run.
_OTHER_PYTHON = "ADCOPY_BENCH_PYTHON"


def run(size: str = "tiny", folder: Path | None = None) -> dict[str, Any]:
    """Everything measured, by name; a measurement that failed is {"error": its last line}.

    Random weights are written below `folder`, else where temporary files go (6b: 13 GB), and removed again.
    """
    with tempfile.TemporaryDirectory(prefix="adcopy-bench-", dir=folder) as made:
        return _tiny(Path(made)) if size == "tiny" else _full(Path(made))


def _tiny(folder: Path) -> dict[str, Any]:
    written = write_checkpoint(folder / "fp32", SIZES["tiny"], bits=0)
    return {"fp32": _measure("answer", written, "--dtype", "float32", "--prompt", "48", "--tokens", "100")}


def _full(folder: Path) -> dict[str, Any]:
    int4 = write_checkpoint(folder / "int4", SIZES["6b"], bits=4)
    found = {
        "bandwidth": _measure("bandwidth", int4),
        "int4": _measure("answer", int4, "--candidates", "4"),
        # As the published CPU code works: every weight dequantised, then multiplied, for every token.
        "official int4 method": _measure("answer", int4, "--dtype", "float32", "--prompt", "8", "--tokens", "4"),
    }
    if os.environ.get(_OTHER_PYTHON):
        found["int4, other torch"] = _measure("answer", int4, python=os.environ[_OTHER_PYTHON])
    if torch.cuda.is_available():
        found["card"] = _measure("card", int4)
    found["profile"] = _measure("profile", int4, "--candidates", "4")
    shutil.rmtree(int4)
    converted = write_checkpoint(folder / "converted", SIZES["6b"], bits=4, packed=True)
    found["converted int4"] = _measure("load", converted)
    shutil.rmtree(converted)
    fp16 = write_checkpoint(folder / "fp16", SIZES["6b"], bits=0)
    found["fp16 to int4"] = _measure("load", fp16, "--bits", "4")
    return found


def _measure(kind: str, folder: Path, *options: str, python: str = sys.executable) -> dict[str, Any]:
    _log.info("measuring %s %s", kind, " ".join(options))
    root = Path(__file__).resolve().parents[3]
    command = [python, "-m", "lib_adcopy.chatglm.bench.measure", kind, str(folder), *options]
    done = subprocess.run(
        command, cwd=root, env={**os.environ, "PYTHONPATH": str(root)}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        return {"error": (done.stderr.strip().splitlines() or ["no output"])[-1]}
    return json.loads(done.stdout.strip().splitlines()[-1])
