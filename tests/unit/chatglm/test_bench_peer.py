"""The peer's file holds every tensor where its form says, up to the last byte."""

from __future__ import annotations

import struct

import pytest

pytest.importorskip("torch")

from lib_adcopy.chatglm.bench.ggml import write_ggml
from tests.unit.chatglm.conftest import SMALL, random_weights


def tensors(data, at):
    while at < len(data):
        (length,) = struct.unpack_from("<i", data, at)
        name = data[at + 4 : at + 4 + length].decode()
        at += 4 + length
        (dimensions,) = struct.unpack_from("<i", data, at)
        *shape, kind = struct.unpack_from(f"<{dimensions + 1}i", data, at + 4)
        at += 4 * (dimensions + 2)
        at += -at % 16
        yield name, tuple(shape), kind
        count = 1
        for size in shape:
            count *= size
        at += count * 4 if kind == 0 else count // 32 * 18
    assert at == len(data)


def test_every_tensor_but_the_head_is_there_and_nothing_is_left_over(tmp_path):
    data = write_ggml(tmp_path / "it", SMALL, b"a tokenizer").read_bytes()
    assert data[:4] == b"ggml"
    head = 4 + 4 + 14 * 4
    assert data[head : head + 4 + 11] == struct.pack("<i", 11) + b"a tokenizer"
    found = {name: (shape, kind) for name, shape, kind in tensors(data, head + 15)}
    wanted = {name: tuple(weight.shape) for name, weight in random_weights(SMALL).items() if name != "lm_head.weight"}
    assert {name: shape for name, (shape, _) in found.items()} == wanted
    assert all((kind == 2) == (len(shape) == 2) for shape, kind in found.values())
