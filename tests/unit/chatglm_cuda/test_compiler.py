# ruff: noqa: N802, N815 - NVRTC's names
"""The kernels compiled by the real NVRTC, which needs no card, and kept on disk."""

from __future__ import annotations

import importlib.util
import re
import threading

import pytest

from lib_adcopy.chatglm.cuda import compiler
from lib_adcopy.chatglm.cuda.compiler import build, cache_folder
from lib_adcopy.chatglm.cuda.libraries import find_nvrtc, open_bindings

OTHERS = [(6, 1), (7, 0), (7, 5), (8, 0), (8, 9), (9, 0)]


class CountingNVRTC:
    """As much of the binding as `build` uses; its images name what was asked for."""

    def __init__(self, known=("sm_86",)):
        self.known, self.compiled, self.version = known, [], (12, 1)

    def nvrtcVersion(self):
        return self.version

    def nvrtcProgram(self):
        return None

    def nvrtcCreateProgram(self, program, source, name, *headers):
        assert "linear_" in source

    def nvrtcCompileProgram(self, program, count, options):
        target = options[0].partition("=")[2]
        if target not in self.known:
            raise RuntimeError("NVRTC Error: NVRTC_ERROR_INVALID_OPTION")
        self.compiled.append(target)

    def nvrtcGetCUBINSize(self, program):
        return len(self.compiled[-1])

    def nvrtcGetCUBIN(self, program, buffer):
        buffer.raw = self.compiled[-1].encode()

    nvrtcGetPTXSize, nvrtcGetPTX = nvrtcGetCUBINSize, nvrtcGetCUBIN

    def nvrtcDestroyProgram(self, program):
        pass


@pytest.fixture(scope="session")
def nvrtc():
    if importlib.util.find_spec("cpm_kernels") is None or find_nvrtc() is None:
        pytest.skip("needs cpm_kernels and nvidia-cuda-nvrtc-cu12")
    return open_bindings().nvrtc


@pytest.mark.parametrize(
    "capability", [(8, 6), *(pytest.param(each, marks=pytest.mark.slow) for each in OTHERS)], ids=str
)
def test_nvrtc_compiles_for_every_generation(nvrtc, capability, tmp_path):
    if capability < (7, 5) and nvrtc.nvrtcVersion() >= (13, 0):
        pytest.skip("NVRTC 13 has dropped this card")
    image = build(nvrtc, capability, tmp_path)
    assert image.startswith(b"\x7fELF")
    for name in (b"linear_4_1", b"linear_8_8", b"linear_16_4", b"dequantise_4", b"attend_128", b"add_norm"):
        assert name in image


def test_a_gtx_10_multiplies_no_halves(nvrtc):
    """It does so at 1/64 of the speed of floats: 15 tokens a second on a 1080 Ti instead of about 95."""
    if nvrtc.nvrtcVersion() >= (13, 0):
        pytest.skip("NVRTC 13 has dropped this card")
    arithmetic = re.compile(r"\b(?:add|sub|mul|fma)\.(?:rn\.)?f16")
    source = compiler.SOURCE.read_text(encoding="utf-8")
    assert not arithmetic.search(compiler._compile(nvrtc, source, "compute_61").decode())
    assert arithmetic.search(compiler._compile(nvrtc, source, "compute_60").decode())


@pytest.mark.slow
def test_a_card_newer_than_nvrtc_gets_ptx(nvrtc, tmp_path):
    assert b".visible .entry linear_4_1" in build(nvrtc, (99, 9), tmp_path)


def test_a_mistake_in_the_source_is_told_with_its_line(nvrtc, tmp_path, monkeypatch):
    broken = tmp_path / "broken.cu"
    broken.write_text("__global__ void linear_4_1() { nonsense; }", encoding="utf-8")
    monkeypatch.setattr(compiler, "SOURCE", broken)
    with pytest.raises(RuntimeError, match=r"broken\.cu\(1\)"):
        build(nvrtc, (8, 6), tmp_path)


def test_a_second_start_compiles_nothing(tmp_path):
    nvrtc = CountingNVRTC()
    assert build(nvrtc, (8, 6), tmp_path) == build(nvrtc, (8, 6), tmp_path) == b"sm_86"
    assert nvrtc.compiled == ["sm_86"]


def test_another_nvrtc_card_or_source_compiles_anew(tmp_path, monkeypatch):
    nvrtc = CountingNVRTC(known=("sm_86", "sm_89"))
    build(nvrtc, (8, 6), tmp_path)
    build(nvrtc, (8, 9), tmp_path)
    nvrtc.version = (12, 4)
    build(nvrtc, (8, 6), tmp_path)
    changed = tmp_path / "kernels.cu"
    changed.write_text(compiler.SOURCE.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    monkeypatch.setattr(compiler, "SOURCE", changed)
    build(nvrtc, (8, 6), tmp_path)
    assert nvrtc.compiled == ["sm_86", "sm_89", "sm_86", "sm_86"]


@pytest.mark.parametrize(
    "damage", [lambda data: data[:-1], lambda data: data[:40] + b"?" + data[41:], lambda data: b""]
)
def test_a_damaged_file_is_compiled_again(tmp_path, damage):
    nvrtc = CountingNVRTC(known=("sm_86",))
    nvrtc.nvrtcGetCUBINSize = lambda program: 64
    nvrtc.nvrtcGetCUBIN = lambda program, buffer: setattr(buffer, "raw", b"x" * 64)
    build(nvrtc, (8, 6), tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_bytes(damage(file.read_bytes()))
    assert build(nvrtc, (8, 6), tmp_path) == b"x" * 64
    assert len(nvrtc.compiled) == 2


def test_a_folder_that_cannot_be_written_costs_only_the_next_compile(tmp_path):
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    nvrtc = CountingNVRTC()
    assert build(nvrtc, (8, 6), blocked / "cuda") == b"sm_86"


def test_several_starts_at_once_leave_one_whole_file(tmp_path):
    threads = [threading.Thread(target=build, args=(CountingNVRTC(), (8, 6), tmp_path)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(tmp_path.iterdir())) == 1
    assert build(CountingNVRTC(known=()), (8, 6), tmp_path) == b"sm_86"


def test_the_cache_is_the_users_own(monkeypatch, tmp_path):
    for system, variable in (("linux", "XDG_CACHE_HOME"), ("win32", "LOCALAPPDATA")):
        monkeypatch.setattr(compiler.sys, "platform", system)
        monkeypatch.setenv(variable, str(tmp_path))
        assert cache_folder() == tmp_path / "adcopy" / "cuda"
