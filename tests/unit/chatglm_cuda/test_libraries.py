# ruff: noqa: N802 - the driver's names
"""Finding CUDA where pip put it."""

from __future__ import annotations

import contextlib
import importlib.util
import logging
import sys
from types import SimpleNamespace

import pytest
import torch

from lib_adcopy.chatglm.cuda import libraries, loading
from lib_adcopy.chatglm.cuda.kernels import CudaKernels
from lib_adcopy.chatglm.cuda.multiply import find_backend


@pytest.fixture
def site(tmp_path, monkeypatch):
    """An empty site-packages in which torch would lie, and no other place to find anything."""
    monkeypatch.setattr(libraries.torch, "__file__", str(tmp_path / "torch" / "__init__.py"))
    monkeypatch.setattr(libraries.sys, "prefix", str(tmp_path / "nowhere"))

    def put(*names):
        for name in names:
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()

    return SimpleNamespace(put=put, path=tmp_path)


@pytest.mark.skipif(sys.platform != "linux", reason="names of Linux's libraries")
@pytest.mark.parametrize(
    ("files", "cuda", "wanted"),
    [
        # torch from PyPI, its CUDA in wheels of its own.
        (["nvidia/cuda_nvrtc/lib/libnvrtc-builtins.so.12.1", "nvidia/cuda_nvrtc/lib/libnvrtc.so.12"], "12.1", 1),
        # torch from its own index: everything in torch/lib, names with a hash.
        (["torch/lib/libnvrtc-672ee683.so.11.2", "torch/lib/libnvrtc-builtins.so.11.8"], "11.8", 0),
        # CUDA 13's wheels share one folder.
        (["nvidia/cu13/lib/libnvrtc.alt.so.13", "nvidia/cu13/lib/libnvrtc.so.13"], "13.0", 1),
        # Two torches were here: that of the one that is left.
        (["nvidia/cuda_nvrtc/lib/libnvrtc.so.12", "nvidia/cu13/lib/libnvrtc.so.13"], "13.0", 1),
        (["nvidia/cuda_nvrtc/lib/libnvrtc.so.12", "nvidia/cu13/lib/libnvrtc.so.13"], "12.8", 0),
    ],
)
def test_nvrtc_is_found_beside_torch(site, files, cuda, wanted):
    site.put(*files)
    assert libraries.find_nvrtc(cuda) == site.path / files[wanted]


def test_nvrtc_that_is_not_there_is_not_found(site):
    assert libraries.find_nvrtc("12.1") is None


@pytest.mark.parametrize(("name", "version"), [("nvrtc64_112_0.dll", "112"), ("nvrtc64_120_0.dll", "120")])
def test_names_on_windows(name, version, monkeypatch):
    monkeypatch.setattr(sys, "platform", "win32")
    spec = importlib.util.find_spec(libraries.__name__)
    windows = importlib.util.module_from_spec(spec)
    sys.modules[spec.name], kept = windows, sys.modules[spec.name]
    try:
        spec.loader.exec_module(windows)
    finally:
        sys.modules[spec.name] = kept
    assert windows._NVRTC.fullmatch(name)[1] == version
    assert not windows._NVRTC.fullmatch("nvrtc64_120_0.alt.dll")
    assert not windows._NVRTC.fullmatch("nvrtc-builtins64_121.dll")


@pytest.mark.skipif(importlib.util.find_spec("cpm_kernels") is None, reason="needs cpm_kernels")
def test_nobody_elses_cpm_kernels_is_touched():
    before = "cpm_kernels" in sys.modules
    bindings = libraries.open_bindings()
    assert callable(bindings.driver.cuLaunchKernel)
    assert ("cpm_kernels" in sys.modules) == before
    assert libraries.open_bindings().nvrtc is bindings.nvrtc


@pytest.fixture
def fresh():
    loading._open.cache_clear()
    yield
    loading._open.cache_clear()


@pytest.mark.parametrize(
    ("device", "dtype", "reason"),
    [
        ("mps", torch.half, "for NVIDIA GPUs"),
        ("privateuseone", torch.half, "for NVIDIA GPUs"),
        ("cuda", torch.bfloat16, "float16, not bfloat16"),
        ("cuda", torch.half, "5.2 is too old"),
    ],
)
def test_where_nothing_works_torch_does_and_the_log_says_so_once(device, dtype, reason, monkeypatch, caplog, fresh):
    monkeypatch.setattr(torch.cuda, "current_device", lambda: 0)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: (5, 2))
    weight = SimpleNamespace(device=torch.device(device), size=lambda dimension: 128)
    with caplog.at_level(logging.WARNING, "adcopy.chatglm"):
        assert find_backend(weight, 4, dtype) is find_backend(weight, 4, dtype) is None
    assert [reason in record.getMessage() for record in caplog.records] == [True]


def test_without_a_driver_torch_works_and_the_log_says_so(monkeypatch, caplog, fresh, tmp_path):
    monkeypatch.setattr(torch.cuda, "current_device", lambda: 0)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: (8, 6))
    monkeypatch.setattr(loading, "build", lambda nvrtc, capability: b"")
    with caplog.at_level(logging.WARNING, "adcopy.chatglm"):
        assert loading.load_kernels(torch.device("cuda", 0), torch.half) is None
    assert len(caplog.records) == 1


@pytest.mark.parametrize("words", ["CUDA Error: out of memory", "NVRTC Error: NVRTC_ERROR_OUT_OF_MEMORY"])
def test_too_little_memory_to_load_them_is_told_and_tried_again(words, monkeypatch, caplog, fresh):
    """Once the picture model has made way there is enough: until then nothing is known of the kernels."""
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: (8, 6))
    monkeypatch.setattr(loading, "open_bindings", lambda: SimpleNamespace(nvrtc=None))
    monkeypatch.setattr(loading, "build", lambda nvrtc, capability: b"")
    monkeypatch.setattr(loading, "check", lambda kernels: True)
    tried = []

    def load(device, bindings, image):
        tried.append(device)
        if len(tried) == 1:
            raise RuntimeError(words)
        return "kernels"

    monkeypatch.setattr(loading, "CudaKernels", load)
    with pytest.raises(RuntimeError, match=words):
        loading.load_kernels(torch.device("cuda", 1), torch.half)
    assert loading.load_kernels(torch.device("cuda", 1), torch.half) == "kernels"
    assert not caplog.records


def test_a_thread_that_used_another_card_last_is_given_this_ones_context(monkeypatch):
    bound = []
    monkeypatch.setattr(torch.cuda, "device", lambda device: contextlib.nullcontext())
    monkeypatch.setattr(torch.cuda, "current_stream", lambda device=None: SimpleNamespace(cuda_stream=0))
    monkeypatch.setattr(torch, "zeros", lambda *size, device: bound.append(device))

    class Driver:
        current = 1

        def cuCtxGetCurrent(self):
            return SimpleNamespace(value=self.current)

        def cuModuleLoadData(self, image):
            return "module"

        def cuModuleGetFunction(self, module, name):
            return name

        def cuLaunchKernel(self, *launch):
            pass

    device, driver = torch.device("cuda", 1), Driver()
    found = CudaKernels(device, libraries.Bindings(None, driver), b"")
    bound.clear()
    found._launch("add_norm", (1, 1, 1), 32)
    assert not bound
    # Card 0's, which the webui used on this thread.
    driver.current = 2
    found._launch("add_norm", (1, 1, 1), 32)
    assert bound == [device]
