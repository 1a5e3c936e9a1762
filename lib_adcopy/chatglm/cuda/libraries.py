"""cpm_kernels' bindings to NVRTC and the driver, for the libraries that torch was installed with.

cpm_kernels 1.0.11 looks in CUDA_PATH, /usr/local/cuda, the linker's cache and, on Windows, PATH: it misses what pip
installs and takes a toolkit older or newer than the driver. Importing its top level counts GPUs, which raises where
there is none, and needs pkg_resources, which setuptools has dropped. So its `library` folder is loaded under another
name with another finder; a copy that somebody else imported is left alone.
"""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
import re
import sys
import threading
import types
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

_PACKAGE = "lib_adcopy.chatglm.cuda.cpm_library"
# Not "alt" builds or builtins. The first group is the CUDA version, or its major part.
_NVRTC = re.compile(
    r"nvrtc64_(\d+)_0\.dll" if sys.platform == "win32" else r"libnvrtc(?:-[0-9a-f]+)?\.so\.(\d+)[.\d]*"
)
_lock = threading.Lock()


@dataclass(frozen=True)
class Bindings:
    """cpm_kernels.library.nvrtc and .cuda; each function raises RuntimeError where its library is missing or fails."""

    nvrtc: Any
    driver: Any


def open_bindings() -> Bindings:
    """Import the bindings. Raises ImportError without cpm_kernels, RuntimeError or OSError on an unknown system."""
    with _lock:
        if _PACKAGE not in sys.modules:
            package = types.ModuleType(_PACKAGE)
            package.__path__ = [str(_library_folder())]
            sys.modules[_PACKAGE] = package
            base = importlib.import_module(f"{_PACKAGE}.base")
            vars(base)["unix_find_lib"] = _finder(base.unix_find_lib)
            vars(base)["windows_find_lib"] = _finder(base.windows_find_lib)
        return Bindings(
            importlib.import_module(f"{_PACKAGE}.nvrtc"), importlib.import_module(f"{_PACKAGE}.cuda")
        )


def find_nvrtc(cuda: str | None = torch.version.cuda) -> Path | None:
    """Return the NVRTC beside this torch, of several the one of torch's CUDA version (`cuda`, "12.1")."""
    major = cuda.partition(".")[0] if cuda else ""
    found = [
        (not match[1].startswith(major), order, file)
        for order, file in enumerate(_library_files())
        if (match := _NVRTC.fullmatch(file.name))
    ]
    return min(found)[2] if found else None


def _finder(original: Callable[[str], str | None]) -> Callable[[str], str | None]:
    def find(name: str) -> str | None:
        if name == "nvrtc" and (file := find_nvrtc()):
            return str(file)
        if name == "cuda":
            return _driver()
        return original(name)

    return find


def _driver() -> str | None:
    """Return the name under which torch has loaded the driver already; there is no other copy."""
    name = "nvcuda.dll" if sys.platform == "win32" else "libcuda.so.1"
    try:
        ctypes.CDLL(name)
    except OSError:
        return None
    return name


def _library_files() -> Iterator[Path]:
    """List the folders in which wheels of torch and NVIDIA, and conda, keep shared libraries."""
    torch_folder = Path(torch.__file__).parent
    packages = torch_folder.parent / "nvidia"
    folders = [torch_folder / "lib"]
    for pattern in ("*/lib", "*/bin", "*/bin/x86_64"):
        folders += sorted(packages.glob(pattern))
    folders += [Path(sys.prefix, "lib"), Path(sys.prefix, "Library", "bin")]
    for folder in folders:
        if folder.is_dir():
            yield from sorted(folder.iterdir())


def _library_folder() -> Path:
    spec = importlib.util.find_spec("cpm_kernels")
    if spec is None or not spec.submodule_search_locations:
        raise ImportError("cpm_kernels is not installed")
    return Path(spec.submodule_search_locations[0]) / "library"
