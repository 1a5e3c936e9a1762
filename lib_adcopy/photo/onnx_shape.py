"""Read the size of an ONNX file's first input without a runtime: onnx.proto3's ModelProto, field by field."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path

# Field numbers: ModelProto.graph, GraphProto.input, ValueInfoProto.type, TypeProto.tensor_type,
# TypeProto.Tensor.shape, TensorShapeProto.dim, Dimension.dim_value.
_GRAPH, _INPUT, _TYPE, _TENSOR, _SHAPE, _DIM, _VALUE = 7, 11, 2, 1, 2, 1, 1
_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


def input_size(file: Path) -> int:
    """Return the side in px of the first input (1, 3, side, side); 0 where it is left open or not square.

    Raises ValueError where the file is no ONNX model, and OSError.
    """
    with file.open("rb") as opened, mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ) as data:
        graph = _first(data, 0, len(data), _GRAPH)
        if graph is None:
            raise ValueError("no graph in it")
        span = graph
        for number in (_INPUT, _TYPE, _TENSOR, _SHAPE):
            inner = _first(data, *span, number)
            if inner is None:
                return 0
            span = inner
        sides = [_dimension(data, *value) for number, value in _fields(data, *span) if number == _DIM]
    return sides[2] if len(sides) == 4 and sides[2] == sides[3] else 0


def _dimension(data: mmap.mmap, start: int, end: int) -> int:
    for number, span in _fields(data, start, end):
        if number == _VALUE:
            return _varint(data, span[0], end)[0]
    return 0


def _first(data: mmap.mmap, start: int, end: int, wanted: int) -> tuple[int, int] | None:
    return next((span for number, span in _fields(data, start, end) if number == wanted), None)


def _fields(data: mmap.mmap, start: int, end: int) -> Iterator[tuple[int, tuple[int, int]]]:
    """Yield each field's number and where its content stands."""
    at = start
    while at < end:
        key, at = _varint(data, at, end)
        number, kind = key >> 3, key & 7
        if kind == _VARINT:
            yield number, (at, end)
            _, at = _varint(data, at, end)
            continue
        if kind == _BYTES:
            length, at = _varint(data, at, end)
        elif kind in (_FIXED64, _FIXED32):
            length = 8 if kind == _FIXED64 else 4
        else:
            raise ValueError(f"no such kind of field: {kind}")
        if at + length > end or not number:
            raise ValueError("a field is longer than the file")
        yield number, (at, at + length)
        at += length


def _varint(data: mmap.mmap, at: int, end: int) -> tuple[int, int]:
    value = shift = 0
    while at < end and shift < 64:
        byte = data[at]
        at += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, at
        shift += 7
    raise ValueError("a number does not end")
