# ruff: noqa: N802 - the driver's names
"""kernels.cu compiled as C++, behind the interface of cpm_kernels' driver binding: Kernels run on CPU tensors."""

from __future__ import annotations

import contextlib
import ctypes
import platform
import shutil
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch

from lib_adcopy.chatglm.cuda import kernels as room
from lib_adcopy.chatglm.cuda.compiler import SOURCE
from lib_adcopy.chatglm.cuda.libraries import Bindings


class EmulatedDriver:
    def __init__(self, library):
        self._library = ctypes.CDLL(str(library))
        self.launches = []

    def cuCtxGetCurrent(self):
        return ctypes.c_void_p(1)

    def cuModuleLoadData(self, image):
        return ctypes.c_void_p(1)

    def cuModuleGetFunction(self, module, name):
        return name

    def cuLaunchKernel(self, name, x, y, z, threads, threads_y, threads_z, shared, stream, pointers):
        assert (threads_y, threads_z, shared) == (1, 1, 0)
        self.launches.append(name)
        assert not self._library.launch(name.encode(), x, y, z, threads, (ctypes.c_void_p * len(pointers))(*pointers))


@pytest.fixture(scope="session")
def emulator(tmp_path_factory):
    return compiled(tmp_path_factory.mktemp("emulator"))


@pytest.fixture(scope="session")
def float_emulator(tmp_path_factory):
    """The kernels as sm_61 gets them."""
    return compiled(tmp_path_factory.mktemp("emulator"), "-DUNPACK_BY_FLOATS")


def compiled(folder, *more):
    if platform.system() != "Linux" or platform.machine() != "x86_64" or not shutil.which("g++"):
        pytest.skip("needs g++ on Linux")
    library = folder / "emulator.so"
    options = ["-std=c++17", "-O2", "-march=native", "-Wno-unknown-pragmas", "-shared", "-fPIC"]
    files = [*more, f'-DKERNELS="{SOURCE}"', "-o", library, Path(__file__).with_name("emulator.cpp")]
    done = subprocess.run(["g++", *options, *files], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return library


@pytest.fixture
def kernels(emulator, monkeypatch):
    return emulated(emulator, monkeypatch)


@pytest.fixture
def float_kernels(float_emulator, monkeypatch):
    return emulated(float_emulator, monkeypatch)


def emulated(library, monkeypatch):
    monkeypatch.setattr(torch.cuda, "device", lambda device: contextlib.nullcontext())
    monkeypatch.setattr(torch.cuda, "current_stream", lambda device=None: SimpleNamespace(cuda_stream=0))
    driver = EmulatedDriver(library)
    kernels = room.CudaKernels(torch.device("cpu"), Bindings(nvrtc=None, driver=driver), b"")
    kernels.launches = driver.launches
    return kernels
