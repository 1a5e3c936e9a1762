"""The tables of docs/performance.md, of what was measured; a figure that is missing leaves its cell empty."""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
    head = ["steps alone, tokens/s (of the bandwidth)", *(f"rows: {count}" for count in ROWS), "official, one", "ours"]
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
    rows = [
        [name, told(found[name])]
        for name, told in _TOLD.items()
        # A part that failed at once has a reason and no figures.
        if set(found.get(name, {})) - {"skipped"}
    ]
    return table(["", "measured"], rows) if rows else ""


def _kernels(one: Mapping[str, Any]) -> str:
    if not one["usable"]:
        return "not usable; the log says why"
    wrong = ", ".join(f"{bits} bits at {rows} rows" for bits, rows in one["faulty"]) or "none"
    return f"compiled and checked in {one['seconds']:.1f} s; wrong: {wrong}"


def _sampling(one: Mapping[str, Any]) -> str:
    keys = {rows: f"rows_{rows}_ms" for rows in ROWS}
    return "a token of " + ", ".join(f"{rows} rows {one[key]:.2f} ms" for rows, key in keys.items() if key in one)


def _swaps(one: Mapping[str, Any]) -> str:
    return "; ".join(
        f"{kind}, {one[kind]['gb']:.2f} GB: on {one[kind]['on_s']:.3f} s, off {one[kind]['off_s']:.3f} s, a bare copy "
        f"{one[kind]['copy_s']:.3f} s"
        for kind in ("pinned", "pageable")
        if kind in one
    )


def _tuning(one: Mapping[str, Any]) -> str:
    official = f", the official method {one['official_steps_per_s']:.3f}" if "official_steps_per_s" in one else ""
    return f"{one['steps_per_s']:.3f} steps/s{official}; peak {one['peak_gb']:.2f} GB"


def _rounds(one: Mapping[str, Any]) -> str:
    work = "writing and drawing" if one["draws"] else "writing, without diffusers"
    return (
        f"{one['rounds']} rounds of {work}, {one['seconds_a_round']:.2f} s each; peak {one['peak_gb']:.1f} GB, VRAM "
        f"{one['vram_growth']:+.2%}, RAM {one['ram_growth']:+.2%}"
    )


_TOLD: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "kernels": _kernels,
    "sampling": _sampling,
    "capture": lambda one: f"{one['captured']} of {one['of']} graphs beside a thread that takes and frees memory",
    "swaps": _swaps,
    "tuning": _tuning,
    "rounds, 12 GiB": _rounds,
    "rounds, 8 GiB": _rounds,
    "tests": lambda one: "; ".join([one["result"], *one["failed"]]),
}


def _skipped(found: Mapping[str, Any]) -> str:
    told = [f"{name}: {one['skipped']}" for name, one in found.items() if "skipped" in one]
    return f"Not measured: {'; '.join(told)}." if told else ""


def _figure(found: Mapping[str, Any], key: str, shape: str) -> str:
    return format(found[key], shape) if key in found else ""
