"""Strict JSON: UTF-8, of bounded size and depth, every number finite."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from lib_adcopy.chatglm.formats.errors import BadFileError

# The index of a published model is 35 kB.
LARGEST_JSON = 16 * 2**20


def read_json(file: Path, *, largest: int = LARGEST_JSON) -> Any:
    """Read a JSON file of at most `largest` bytes. Raises OSError and BadFileError."""
    with file.open("rb") as opened:
        data = opened.read(largest + 1)
    if len(data) > largest:
        raise BadFileError(f"larger than {largest} bytes")
    return parse_json(data)


def read_json_object(file: Path, *, largest: int = LARGEST_JSON) -> dict[str, Any]:
    """Read a JSON file as `read_json` does; a BadFileError for any other value than an object."""
    stored = read_json(file, largest=largest)
    if not isinstance(stored, dict):
        raise BadFileError("no JSON object")
    return stored


def parse_json(data: bytes) -> Any:
    """Parse UTF-8 JSON, a byte order mark allowed. Raises BadFileError, also for NaN, 1e999 and deep nesting."""
    try:
        return json.loads(data.decode("utf-8-sig"), parse_constant=_refuse, parse_float=_finite)
    except RecursionError:
        # Without its cause: a traceback of a thousand frames helps nobody.
        raise BadFileError("nested too deeply") from None
    except ValueError as error:
        raise BadFileError(str(error)) from error


def _refuse(constant: str) -> float:
    raise ValueError(f"{constant} is no number")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(f"{text[:20]} is too large")
    return value
