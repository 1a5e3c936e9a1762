"""The table of tensors at the start of a safetensors file.

Format: the header's length (8 bytes, little-endian), the header (JSON: name -> dtype, shape, data_offsets), the data.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

from lib_adcopy.chatglm.formats.errors import BadFileError
from lib_adcopy.chatglm.formats.json_file import parse_json

# The header of a LoRA holds what it was trained on: some megabytes. The library itself allows 100 MB.
LARGEST_HEADER = 32 * 2**20
_METADATA = "__metadata__"


def read_header(file: Path) -> dict[str, dict[str, Any]]:
    """Read the table of tensors, without the metadata. Raises OSError and BadFileError, also for a cut file."""
    size = file.stat().st_size
    with file.open("rb") as opened:
        start = opened.read(8)
        if len(start) < 8:
            raise BadFileError("shorter than a header")
        (length,) = struct.unpack("<Q", start)
        if length > min(LARGEST_HEADER, size - 8):
            raise BadFileError(f"a header of {length} bytes")
        header = parse_json(opened.read(length))
    if not isinstance(header, dict):
        raise BadFileError("no table of tensors")
    tensors = {name: entry for name, entry in header.items() if name != _METADATA}
    if size != 8 + length + max(map(_end, tensors.values()), default=0):
        raise BadFileError("its tensors do not end where the file does")
    return tensors


def _end(entry: Any) -> int:
    """Return where a tensor's bytes end, counted from the header's end."""
    offsets = entry.get("data_offsets") if isinstance(entry, dict) else None
    if not isinstance(offsets, list) or len(offsets) != 2 or not all(type(offset) is int for offset in offsets):
        raise BadFileError("a tensor without its place")
    if not 0 <= offsets[0] <= offsets[1]:
        raise BadFileError("a tensor that ends before it starts")
    return int(offsets[1])
