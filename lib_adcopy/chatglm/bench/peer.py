"""Measures chatglm.cpp in the same way, in a Python that has it and need not have torch: python peer.py FILE."""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("file", type=Path)
    parser.add_argument("--prompt", type=int, default=128)
    parser.add_argument("--tokens", type=int, default=24)
    options = parser.parse_args()

    import chatglm_cpp
    from chatglm_cpp._C import GenerationConfig

    model = chatglm_cpp.Pipeline(str(options.file)).model
    ids = random.Random(0).choices(range(10, 5000), k=options.prompt)
    greedy = GenerationConfig(do_sample=False)
    stamps, past = [time.perf_counter()], 0
    for _ in range(options.tokens):
        found = model.generate_next_token(ids, None, greedy, past, options.prompt)
        stamps.append(time.perf_counter())
        past = len(ids)
        ids.append(found)
    steps = [later - earlier for earlier, later in zip(stamps[1:], stamps[2:])]  # noqa: B905, RUF007 (Python 3.9)
    print(json.dumps({
        "chatglm_cpp": chatglm_cpp.__version__,
        "prefill_tokens_per_s": options.prompt / (stamps[1] - stamps[0]),
        "tokens_per_s": 1 / statistics.median(steps),
        "peak_rss_gb": peak_rss_gb(),
    }))  # fmt: skip


def peak_rss_gb() -> float | None:
    """Return the peak memory of this process in GB; None where /proc does not say."""
    status = Path("/proc/self/status")
    if not status.is_file():
        return None
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024 / 1e9


if __name__ == "__main__":
    main()
