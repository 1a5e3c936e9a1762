"""Measures speed and memory of the model and its peers in one run: full-size random weights, one process each."""

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

from lib_adcopy.chatglm.bench.ggml import write_ggml
from lib_adcopy.chatglm.bench.weights import SIZES, write_checkpoint

_log = logging.getLogger("adcopy.chatglm")
# Another Python with another torch, and one that has chatglm-cpp, to be measured in the same run.
_OTHER_PYTHON, _PEER_PYTHON = "ADCOPY_BENCH_PYTHON", "ADCOPY_BENCH_PEER_PYTHON"
_ROOT = Path(__file__).resolve().parents[3]


def run(size: str = "tiny", folder: Path | None = None) -> dict[str, Any]:
    """Return all measurements by name; one that failed is {"error": its last line}.

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
        # The published CPU code's method: every weight dequantised, then multiplied, for every token.
        "official int4 method": _measure("answer", int4, "--dtype", "float32", "--prompt", "8", "--tokens", "4"),
    }
    if os.environ.get(_OTHER_PYTHON):
        found["int4, other torch"] = _measure("answer", int4, python=os.environ[_OTHER_PYTHON])
    found["profile"] = _measure("profile", int4, "--candidates", "4")
    shutil.rmtree(int4)
    converted = write_checkpoint(folder / "converted", SIZES["6b"], bits=4, packed=True)
    found["converted int4"] = _measure("answer", converted, "--candidates", "4")
    shutil.rmtree(converted)
    if os.environ.get(_PEER_PYTHON):
        tokenizer = (_ROOT / "models" / "starter" / "ice_text.model").read_bytes()
        peer = write_ggml(folder / "q4_0.bin", SIZES["6b"], tokenizer)
        script = Path(__file__).with_name("peer.py")
        found["chatglm.cpp Q4_0"] = _result([os.environ[_PEER_PYTHON], str(script), str(peer)])
        peer.unlink()
    fp16 = write_checkpoint(folder / "fp16", SIZES["6b"], bits=0)
    found["fp16 to int4"] = _measure("load", fp16, "--bits", "4")
    return found


def _measure(kind: str, folder: Path, *options: str, python: str = sys.executable) -> dict[str, Any]:
    _log.info("measuring %s %s", kind, " ".join(options))
    return _result([python, "-m", "lib_adcopy.chatglm.bench.measure", kind, str(folder), *options])


def _result(command: list[str]) -> dict[str, Any]:
    done = subprocess.run(
        command, cwd=_ROOT, env={**os.environ, "PYTHONPATH": str(_ROOT)}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        return {"error": (done.stderr.strip().splitlines() or ["no output"])[-1]}
    return json.loads(done.stdout.strip().splitlines()[-1])
