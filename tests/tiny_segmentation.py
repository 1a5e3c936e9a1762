"""A segmentation model of a few bytes, written as ONNX by hand (onnx.proto3): a pixel is product where it is red."""

from __future__ import annotations

import struct
from pathlib import Path


def _varint(value: int) -> bytes:
    out = b""
    while True:
        value, low = value >> 7, value & 127
        out += bytes([low | (128 if value else 0)])
        if not value:
            return out


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _bytes(field: int, content: bytes | str) -> bytes:
    content = content.encode() if isinstance(content, str) else content
    return _varint(field << 3 | 2) + _varint(len(content)) + content


def _tensor(name: str, shape: tuple[int, ...], values: list[float]) -> bytes:
    dims = b"".join(_number(1, side) for side in shape)
    return dims + _number(2, 1) + _bytes(8, name) + _bytes(9, struct.pack(f"<{len(values)}f", *values))


def _value(name: str, shape: tuple[int, ...]) -> bytes:
    dims = b"".join(_bytes(1, _number(1, side)) for side in shape)
    return _bytes(1, name) + _bytes(2, _bytes(1, _number(1, 1) + _bytes(2, dims)))


def _node(kind: str, inputs: tuple[str, ...], output: str) -> bytes:
    return b"".join(_bytes(1, name) for name in inputs) + _bytes(2, output) + _bytes(4, kind)


def write_redness(file: Path, side: int) -> Path:
    """Write a model (1, 3, side, side) -> (1, 1, side, side): sigmoid of a 1x1 convolution, red against the rest."""
    weights = _tensor("weights", (1, 3, 1, 1), [4.0, -3.0, -3.0])
    bias = _tensor("bias", (1,), [-10.0])
    # OpenCV does not take the kernel's size from the weights.
    kernel = _bytes(1, "kernel_shape") + _number(8, 1) + _number(8, 1) + _number(20, 7)
    graph = b"".join(
        [
            _bytes(1, _node("Conv", ("picture", "weights", "bias"), "logits") + _bytes(5, kernel)),
            _bytes(1, _node("Sigmoid", ("logits",), "mask")),
            _bytes(2, "redness"),
            _bytes(5, weights),
            _bytes(5, bias),
            _bytes(11, _value("picture", (1, 3, side, side))),
            _bytes(12, _value("mask", (1, 1, side, side))),
        ]
    )
    model = _number(1, 8) + _bytes(7, graph) + _bytes(8, _number(2, 13))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(model)
    return file
