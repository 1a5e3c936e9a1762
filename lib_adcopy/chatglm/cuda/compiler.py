"""Compiles kernels.cu by NVRTC for one kind of GPU at first use and keeps the result in the user's cache folder."""

from __future__ import annotations

import ctypes
import hashlib
import logging
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).with_name("kernels.cu")
_OPTIONS = ("--std=c++17",)
# A GPU newer than NVRTC gets PTX for the newest of these below it, which the driver compiles further.
_VIRTUAL_ARCHITECTURES = (120, 100, 90, 89, 86, 80, 75, 70, 60)
_log = logging.getLogger("adcopy.chatglm")


def build(nvrtc: Any, capability: tuple[int, int], folder: Path | None = None) -> bytes:
    """Return the kernels as cubin (or PTX, see above) for `capability`, from the cache where it has them undamaged.

    `nvrtc` is cpm_kernels' binding. Raises RuntimeError where NVRTC is missing or refuses the source.
    """
    source = SOURCE.read_text(encoding="utf-8")
    architecture = capability[0] * 10 + capability[1]
    key = hashlib.sha256(repr((source, architecture, nvrtc.nvrtcVersion(), _OPTIONS)).encode()).hexdigest()
    file = (folder or cache_folder()) / f"kernels-sm{architecture}-{key[:16]}.bin"
    image = _read(file)
    if image is None:
        started = time.perf_counter()
        image = _compile_for(nvrtc, source, architecture)
        _log.info("compiled the CUDA kernels for sm_%d in %.1f s", architecture, time.perf_counter() - started)
        _write(file, image)
    return image


def cache_folder() -> Path:
    """Return this system's folder for files that a program can make again."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "adcopy" / "cuda"


def _compile_for(nvrtc: Any, source: str, architecture: int) -> bytes:
    try:
        return _compile(nvrtc, source, f"sm_{architecture}")
    except RuntimeError as error:
        if "INVALID_OPTION" not in str(error):
            raise
    for virtual in (known for known in _VIRTUAL_ARCHITECTURES if known < architecture):
        try:
            return _compile(nvrtc, source, f"compute_{virtual}")
        except RuntimeError as error:
            if "INVALID_OPTION" not in str(error):
                raise
    raise RuntimeError(f"this NVRTC compiles nothing for sm_{architecture}")


def _compile(nvrtc: Any, source: str, target: str) -> bytes:
    program = nvrtc.nvrtcProgram()
    nvrtc.nvrtcCreateProgram(program, source, SOURCE.name, 0, [], [])
    try:
        options = [f"--gpu-architecture={target}", *_OPTIONS]
        nvrtc.nvrtcCompileProgram(program, len(options), options)
        binary = target.startswith("sm_")
        size = (nvrtc.nvrtcGetCUBINSize if binary else nvrtc.nvrtcGetPTXSize)(program)
        image = ctypes.create_string_buffer(size)
        (nvrtc.nvrtcGetCUBIN if binary else nvrtc.nvrtcGetPTX)(program, image)
    finally:
        nvrtc.nvrtcDestroyProgram(program)
    return image.raw


def _read(file: Path) -> bytes | None:
    """Read an image, stored behind its sha256; None for one that is missing, cut or changed."""
    try:
        stored = file.read_bytes()
    except OSError:
        return None
    return stored[32:] if hashlib.sha256(stored[32:]).digest() == stored[:32] else None


def _write(file: Path, image: bytes) -> None:
    """Write the file in one step: several webuis may start at once."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as opened:
            opened.write(hashlib.sha256(image).digest() + image)
        Path(opened.name).replace(file)
    except OSError as error:
        _log.info("the compiled kernels cannot be cached: %s", error)
