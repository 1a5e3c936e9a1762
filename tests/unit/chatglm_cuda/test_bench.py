"""The card's benchmark runs through and tells what it promises; the emulator's speeds mean nothing."""

from __future__ import annotations

import pytest
import torch

from lib_adcopy.chatglm.bench import card as bench
from tests.unit.chatglm_cuda.test_decoder import CONFIG, card  # noqa: F401 - the emulated card


@pytest.fixture
def measured(card, monkeypatch):  # noqa: F811
    monkeypatch.setattr(bench, "_DEVICE", torch.device("cpu"))
    monkeypatch.setattr(bench, "_WARM_UP_STEPS", 1)
    monkeypatch.setattr(bench, "_bandwidth", lambda: 1e9)
    monkeypatch.setattr("lib_adcopy.chatglm.layers.prepare_multiply", prepare_emulated)
    for name, value in (("get_device_name", "emulator"), ("max_memory_allocated", 5)):
        monkeypatch.setattr(torch.cuda, name, lambda value=value: value)
    for name in ("synchronize", "empty_cache", "reset_peak_memory_stats"):
        monkeypatch.setattr(torch.cuda, name, lambda: None)
    return lambda: bench.measure(CONFIG, total=8, prompt=5)


def prepare_emulated(weight, scale, bits, dtype):
    from lib_adcopy.chatglm.cuda.multiply import find_backend

    return find_backend(weight, bits, dtype)(weight, scale, bits)


@pytest.mark.slow
def test_every_kind_is_measured_beside_the_official_method(measured):
    found = measured()
    assert found["card"] == "emulator"
    for kind in ("int4", "int8"):
        assert found[kind]["times_official"] > 0
        assert found[kind]["decode_share_of_bandwidth"] > 0
    assert "official_tokens_per_s" not in found["fp16"]


def test_a_kind_without_room_is_an_error_beside_the_others(measured, monkeypatch):
    def refuse(config, bits, *rest):
        if bits == 0:
            raise torch.cuda.OutOfMemoryError("CUDA out of memory. Tried\nmore")
        return {"decode_tokens_per_s": 1.0}

    monkeypatch.setattr(bench, "_measure_kind", refuse)
    assert measured()["fp16"] == {"error": "CUDA out of memory. Tried"}
