"""Runs one measurement and prints it as a JSON object: python -m lib_adcopy.chatglm.bench.measure KIND FOLDER."""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from lib_adcopy.chatglm.bench.peer import peak_rss_gb
from lib_adcopy.chatglm.folder import weight_files
from lib_adcopy.chatglm.generate import generate
from lib_adcopy.chatglm.kernels.dot import DotMultiply
from lib_adcopy.chatglm.load import load_model
from lib_adcopy.chatglm.model import ChatGLM
from lib_adcopy.chatglm.sampling import Sampler

_BLOCK = 2**24


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("kind", choices=("bandwidth", "load", "answer", "profile"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--dtype", default="bfloat16")
    parser.add_argument("--bits", type=int)
    parser.add_argument("--prompt", type=int, default=128)
    parser.add_argument("--tokens", type=int, default=24)
    parser.add_argument("--candidates", type=int, default=0)
    options = parser.parse_args()
    kinds = {"bandwidth": _bandwidth, "load": _load, "answer": _answer, "profile": _profile}
    found = kinds[options.kind](options)
    print(json.dumps({"torch": torch.__version__, **found}))


def _bandwidth(options: argparse.Namespace) -> dict[str, Any]:
    """Measure bytes a second of a sum over 1 GiB, the best of ten: the limit of every decoder."""
    memory = torch.ones(2**28, dtype=torch.float32)
    return {"gb_per_s": memory.numel() * 4 / min(_seconds(memory.sum) for _ in range(10)) / 1e9}


def _load(options: argparse.Namespace) -> dict[str, Any]:
    return _loaded(options)[1]


def _answer(options: argparse.Namespace) -> dict[str, Any]:
    """Measure the time to the first token and the tokens a second from there, for one and more answers."""
    model, found = _loaded(options)
    found |= _timed(model, options.prompt, options.tokens, 1)
    if options.candidates:
        found["together"] = _timed(model, options.prompt, options.tokens, options.candidates)
    return found


def _profile(options: argparse.Namespace) -> dict[str, Any]:
    """Measure the seven operators with the largest shares of a decoding step's time, for one and more answers."""
    model = _loaded(options)[0]
    for multiply in model.modules():
        if isinstance(multiply, DotMultiply):
            multiply.forward = _recorded(multiply)  # type: ignore[method-assign]
    counts = (1, options.candidates) if options.candidates else (1,)
    shares = {str(count): _shares(model, options, count) for count in counts}
    return {"threads": torch.get_num_threads(), "shares": shares}


def _recorded(multiply: DotMultiply) -> Callable[..., torch.Tensor]:
    """Wrap a product so that torch's profiler, which sees only torch's operators, shows it by name."""
    product = multiply.forward

    def recorded(states: torch.Tensor, bias: torch.Tensor | None) -> torch.Tensor:
        with torch.profiler.record_function(f"x86 product, {multiply.bits} bits"):
            return product(states, bias)

    return recorded


def _shares(model: ChatGLM, options: argparse.Namespace, count: int) -> dict[str, float]:
    samplers = [Sampler(seed) for seed in range(count)]
    length = options.prompt + options.tokens
    steps = generate(model, _prompt(model, options.prompt), samplers, max_length=length, min_length=length)
    next(steps)
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]) as profile:
        for _ in steps:
            pass
    spent = sorted(((event.self_cpu_time_total, event.key) for event in profile.key_averages()), reverse=True)
    total = sum(time for time, _ in spent)
    return {name: time / total for time, name in spent[:7]}


def _loaded(options: argparse.Namespace) -> tuple[ChatGLM, dict[str, Any]]:
    """Load the model; measure reading its files alone and loading it, both from the page cache."""
    reading = min(_seconds(lambda: _read(options.folder)) for _ in range(2))
    started = time.perf_counter()
    model = load_model(options.folder, dtype=getattr(torch, options.dtype), quantization_bit=options.bits)
    return model, {
        "read_s": reading,
        "load_s": time.perf_counter() - started,
        "load_peak_rss_gb": peak_rss_gb(),
        "result_gb": _bytes(model) / 1e9,
        "shard_gb": max(file.stat().st_size for file in weight_files(options.folder)) / 1e9,
    }


def _timed(model: ChatGLM, prompt: int, tokens: int, candidates: int) -> dict[str, Any]:
    ids = _prompt(model, prompt)
    samplers = [Sampler(seed) for seed in range(candidates)]
    stamps, count = [time.perf_counter()], 0
    for step in generate(model, ids, samplers, max_length=prompt + tokens):
        stamps.append(time.perf_counter())
        count = len(step)
    steps = [later - earlier for earlier, later in itertools.pairwise(stamps[1:])]
    return {
        "first_token_s": stamps[1] - stamps[0],
        "prefill_tokens_per_s": prompt / (stamps[1] - stamps[0]),
        "tokens_per_s": count / statistics.median(steps),
        "answers": count,
        "peak_rss_gb": peak_rss_gb(),
    }


def _prompt(model: ChatGLM, length: int) -> torch.Tensor:
    config = model.config
    ids = torch.randint(10, 5000, (1, length - 2), generator=torch.Generator().manual_seed(0))
    return torch.cat([ids, torch.tensor([[config.gmask_token_id, config.bos_token_id]])], dim=1)


def _read(folder: Path) -> None:
    block = bytearray(_BLOCK)
    for file in weight_files(folder):
        with file.open("rb", buffering=0) as opened:
            while opened.readinto(block):
                pass


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def _bytes(model: ChatGLM) -> int:
    tensors = {tensor.data_ptr(): tensor for tensor in (*model.parameters(), *model.buffers())}
    return sum(tensor.numel() * tensor.element_size() for tensor in tensors.values())


if __name__ == "__main__":
    main()
