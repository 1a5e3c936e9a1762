"""How fast ChatGLM-6B answers on this machine's processor, into docs/performance.md: python -m benchmarks.chatglm.

A Python with another torch in ADCOPY_BENCH_PYTHON, and one with chatglm-cpp in ADCOPY_BENCH_PEER_PYTHON, are measured
beside it. With a file named, the tables are made of what `python -m lib_adcopy bench --size 6b --json` printed into it.
"""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path
from typing import Any

from benchmarks.report import table, write_section
from lib_adcopy.chatglm.bench import run

_PEER = "chatglm.cpp Q4_0"
# Bytes of weights an int4 model reads for every token: 28 blocks in 4 bits, the head in 8.
_READ_GB = (28 * 201_326_592 / 2 + 130528 * 4096) / 1e9


def main() -> None:
    logging.basicConfig(level=logging.INFO)
    found = json.loads(Path(sys.argv[1]).read_text()) if len(sys.argv) > 1 else run("6b")
    write_section("performance.md", "ChatGLM-6B on a processor", _answers(found) + "\n\n" + _loads(found))
    if "shares" in found.get("profile", {}):
        write_section("performance.md", "Where a step of ChatGLM-6B goes on a processor", _shares(found["profile"]))


def _answers(found: dict[str, Any]) -> str:
    limit = found["bandwidth"]["gb_per_s"] / _READ_GB
    official = found["official int4 method"]["tokens_per_s"]
    peer = found.get(_PEER, {}).get("tokens_per_s")
    rows = []
    for name in ("converted int4", "int4", "int4, other torch", _PEER, "official int4 method"):
        if "tokens_per_s" not in found.get(name, {}):
            continue
        one, speed = found[name], found[name]["tokens_per_s"]
        made = f"torch {one['torch']}" if "torch" in one else one["chatglm_cpp"]
        four = one.get("together", {})
        together = four.get("tokens_per_s")
        peaks = [f"{each['peak_rss_gb']:.2f}" for each in (one, four) if each]
        prefill = f"{one['prefill_tokens_per_s']:.1f}" if name != "official int4 method" else ""
        rows.append([
            f"{name}, {made}",
            f"{speed:.2f}",
            f"{speed / limit:.0%}",
            f"{speed / official:.1f} x",
            f"{speed / peer:.2f} x" if peer else "",
            prefill,
            f"{together:.2f} ({together / speed:.2f} x)" if together else "",
            f"{' / '.join(peaks)} GB",
        ])
    head = ["full size, random weights", "tokens/s", "of the limit", "official", _PEER, "prefill of 128, tokens/s",
            "four answers, tokens/s", "peak memory, one / four"]  # fmt: skip
    speed = found["bandwidth"]["gb_per_s"]
    return (
        f"{table(head, rows)}\n\nThe limit is {limit:.1f} tokens/s: {_READ_GB:.2f} GB of weights a token, read at the "
        f"{speed:.1f} GB/s that a sum over 1 GiB reaches."
    )


def _loads(found: dict[str, Any]) -> str:
    rows = []
    for name in ("int4", "converted int4", "fp16 to int4"):
        if "load_s" not in found.get(name, {}):
            continue
        one = found[name]
        rows.append([
            name, f"{one['load_s']:.2f} s", f"{one['read_s']:.2f} s", f"{one['load_s'] / one['read_s']:.2f} x",
            f"{one['load_peak_rss_gb']:.2f} GB", f"{one['result_gb']:.2f} GB", f"{one['shard_gb']:.2f} GB",
        ])  # fmt: skip
    return table(["loading", "ready after", "reading alone", "ratio", "peak memory", "result", "largest file"], rows)


def _shares(found: dict[str, Any]) -> str:
    columns = found["shares"]
    names = list(dict.fromkeys(name for shares in columns.values() for name in shares))
    rows = []
    for name in names:
        cells = [f"{shares[name]:.1%}" if name in shares else "" for shares in columns.values()]
        rows.append([f"`{name}`", *cells])
    head = ["share of the step", *(f"answers: {count}" for count in columns)]
    return f"{table(head, rows)}\n\ntorch {found['torch']}, threads: {found['threads']}; each column's seven largest."


if __name__ == "__main__":
    main()
