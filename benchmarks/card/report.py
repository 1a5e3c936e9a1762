"""The tables of docs/performance.md, of what was measured; a figure that is missing leaves its cell empty."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from benchmarks.card.decoding import ROWS
from benchmarks.report import table, write_section

TITLE = "ChatGLM-6B on an NVIDIA card"
_KINDS = ("int4", "int8", "fp16")


def write_tables(found: Mapping[str, Any]) -> None:
    """Write the section from the parts by their names."""
    parts = [_made(found), _decoding(found), _reading(found), _others(found), _skipped(found)]
    write_section("performance.md", TITLE, "\n\n".join(part for part in parts if part))


def _made(found: Mapping[str, Any]) -> str:
    told = found.get("device", {})
    return (
        f"{told.get('nvidia_smi') or told.get('name', 'no card')}; torch {told.get('torch', '?')}; "
        f"{_figure(told, 'gb_per_s', '.0f')} GB/s read by a sum over 1 GiB, "
        f"{_figure(told, 'bus_gb_per_s', '.1f')} GB/s over the bus. Random weights of the full size. "
        "Made by `python -m benchmarks.card`."
    )


def _decoding(found: Mapping[str, Any]) -> str:
    rows = []
    for kind in _KINDS:
        one = found.get(kind, {})
        cells = [
            f"{one[f'rows_{count}']['tokens_per_s']:.1f} ({one[f'rows_{count}']['share_of_bandwidth']:.0%})"
            if f"rows_{count}" in one
            else ""
            for count in ROWS
        ]
        official = one.get("official_tokens_per_s")
        times = f"{one['rows_1']['tokens_per_s'] / official:.1f} x" if official else ""
        rows.append([kind, *cells, _figure(one, "official_tokens_per_s", ".1f"), times])
    head = ["steps alone, tokens/s (of the bandwidth)", *(f"{count} rows" for count in ROWS), "official, 1 row", "ours"]
    return table(head, rows)


def _reading(found: Mapping[str, Any]) -> str:
    measured = [key for kind in _KINDS for key in found.get(kind, {})]
    keys = [key for key in dict.fromkeys(measured) if key.startswith(("prefill", "to_"))]
    if not keys:
        return ""
    rows = []
    for kind in _KINDS:
        one, cells = found.get(kind, {}), []
        for key in keys:
            whole = one.get(key)
            if isinstance(whole, dict):
                cells.append(f"{whole['tokens_per_s']:.1f}, {whole['peak_gb']:.2f} GB")
            else:
                cells.append(_figure(one, key, ".0f"))
        rows.append([kind, *cells])
    return table(["", *(_heading(key) for key in keys)], rows)


def _heading(key: str) -> str:
    _, size, *_ = key.split("_")
    return f"prefill of {size}, tokens/s" if key.startswith("prefill") else f"whole, to {size} tokens: tokens/s, peak"


def _others(found: Mapping[str, Any]) -> str:
    rows = []
    for name, one in found.items():
        if name not in (*_KINDS, "device") and set(one) - {"skipped"}:
            rows.append([name, "; ".join(f"{key} {_told(value)}" for key, value in one.items() if key != "skipped")])
    return table(["", "measured"], rows) if rows else ""


def _skipped(found: Mapping[str, Any]) -> str:
    told = [f"{name}: {one['skipped']}" for name, one in found.items() if "skipped" in one]
    return f"Not measured: {'; '.join(told)}." if told else ""


def _told(value: Any) -> str:
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, dict):
        return ", ".join(f"{key} {_told(inner)}" for key, inner in value.items())
    return str(value)


def _figure(found: Mapping[str, Any], key: str, shape: str) -> str:
    return format(found[key], shape) if key in found else ""
