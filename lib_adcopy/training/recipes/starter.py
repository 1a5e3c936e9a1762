"""Trains the starter model (models/starter) from scratch: one command, resumable, says how long it took.

    python -m lib_adcopy.training.recipes.starter --data train.jsonl --dev dev.jsonl --out models/starter
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import math
import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import torch
import torch.nn.functional as F
from safetensors.torch import save_file

from lib_adcopy.chatglm import load_tokenizer
from lib_adcopy.chatglm.config import ChatGLMConfig
from lib_adcopy.chatglm.model import ChatGLM
from lib_adcopy.chatglm.positions import build_inputs
from lib_adcopy.chatglm.tokenizer import ChatGLMTokenizer
from lib_adcopy.training.recipes import starter_data as data

Encoded = tuple[list[int], int, list[float]]
_THREADS = 2
# The rows and columns whose next token is asked for, of the batch that a thread is working on.
_answering = threading.local()


def main() -> None:
    options = _options()
    torch.set_num_threads(1)
    torch.manual_seed(options.seed)
    options.work.mkdir(parents=True, exist_ok=True)
    rows = data.read_pairs(options.data)
    if not (options.work / "ice_text.model").is_file():
        data.build_tokenizer(rows, options.work / "ice_text.model")
    tokenizer = load_tokenizer(options.work)
    config = _config(tokenizer, data.vocabulary_size(options.work / "ice_text.model"))
    model = ChatGLM(config)
    _initialise(model)
    optimizers = _optimizers(model, options.rate)
    done, spent, epoch, progress = _resume(options.work, model, optimizers)
    _drop(model, options.dropout)
    model.lm_head.register_forward_pre_hook(lambda module, given: (given[0][_answering.rows, _answering.columns],))
    workers = ThreadPoolExecutor(_THREADS)
    held_out = _held_out(options.dev, tokenizer)
    started = last = time.time()
    started -= spent
    while progress < 1:
        for batch in _batches(_examples(rows, tokenizer, options, epoch), options.batch, seed=done):
            now, end = time.time(), started + 60 * options.minutes
            # A machine that was busy elsewhere moves the schedule no further than a step: what is left is kept whole.
            share = min(now - last, 5.0) / max(end - last, 1e-6)
            progress, last = max(done / options.steps, progress + (1 - progress) * share), now
            if now >= end:
                progress = 1.0
            if progress >= 1:
                break
            for group in (group for optimizer in optimizers for group in optimizer.param_groups):
                group["lr"] = group["initial_lr"] * _rate(done, progress)
            loss = _step(model, optimizers, batch, workers)
            done += 1
            if done % 25 == 0:
                print(f"{done} {time.time() - started:.0f}s epoch {epoch} loss {loss:.3f}", flush=True)
            if done % options.every == 0:
                clock = {"done": done, "spent": time.time() - started, "epoch": epoch, "progress": progress}
                _save(options.work, model, optimizers, clock)
        epoch += 1
        print(f"epoch {epoch}: dev {_score(model, held_out):.3f} nats a token", flush=True)
    export(model, options.work, options.out)
    print(f"{done} steps, {epoch} epochs, {(time.time() - started) / 60:.1f} minutes", flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("data", "dev", "out"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("build/starter"), help="where checkpoints stand")
    parser.add_argument("--steps", type=int, default=100_000)
    parser.add_argument("--minutes", type=float, default=60.0, help="the schedule ends here or at --steps")
    parser.add_argument("--every", type=int, default=100, help="steps between checkpoints")
    parser.add_argument("--batch", type=int, default=4096, help="tokens in a batch")
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--weight", type=float, default=3.0, help="of the asked-for words' characters in the loss")
    parser.add_argument("--templates", type=int, default=1000, help="template writer's pairs an epoch")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def _config(tokenizer: ChatGLMTokenizer, size: int) -> ChatGLMConfig:
    return ChatGLMConfig(
        vocab_size=size,
        hidden_size=256,
        inner_hidden_size=1024,
        num_layers=5,
        num_attention_heads=8,
        max_sequence_length=1024,
        bos_token_id=tokenizer.bos_id,
        eos_token_id=tokenizer.eos_id,
        mask_token_id=tokenizer.mask_id,
        gmask_token_id=tokenizer.gmask_id,
        pad_token_id=tokenizer.pad_id,
    )


def _initialise(model: ChatGLM) -> None:
    """Outputs of a block start large, for the residual beside them is scaled for 28 layers."""
    model.lm_head.weight = model.transformer.word_embeddings.weight  # type: ignore[assignment]
    for name, weight in model.named_parameters():
        if weight.dim() == 2:
            width = weight.size(1) ** -0.5
            large = name.endswith(("attention.dense.weight", "dense_4h_to_h.weight"))
            embedding = name.endswith("word_embeddings.weight")
            torch.nn.init.normal_(weight, std=0.05 if embedding else width * (3 if large else 1))
        elif name.endswith("bias"):
            torch.nn.init.zeros_(weight)


def _optimizers(model: ChatGLM, rate: float) -> list[torch.optim.Optimizer]:
    """Muon for the blocks' matrices, AdamW for the embedding, biases and norms: fewer steps than AdamW alone."""
    matrices = [weight for weight in model.transformer.layers.parameters() if weight.dim() == 2]
    taken = {id(weight) for weight in matrices}
    others = [weight for weight in model.parameters() if id(weight) not in taken]
    return [
        torch.optim.Muon([{"params": matrices, "initial_lr": 10 * rate}], lr=10 * rate, weight_decay=0.05),
        torch.optim.AdamW(
            [{"params": others, "initial_lr": rate}], lr=rate, betas=(0.9, 0.98), weight_decay=0.0
        ),
    ]


def _rate(step: int, progress: float, warm: int = 40) -> float:
    return min(1.0, (step + 1) / warm) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(progress, 1.0))))


def _drop(model: ChatGLM, share: float) -> None:
    for block in model.transformer.layers:
        for part in (block.attention, block.mlp):
            assert isinstance(part, torch.nn.Module)  # noqa: S101 - for mypy: a layer's parts are modules
            part.register_forward_hook(
                lambda module, inputs, output: F.dropout(output, share, training=module.training)
            )


def _examples(
    rows: list, tokenizer: ChatGLMTokenizer, options: argparse.Namespace, epoch: int
) -> list[Encoded]:
    chance = random.Random(options.seed * 1000 + epoch)
    pairs = data.adgen_pairs(rows, chance)
    pairs += data.template_pairs(options.templates, data.common_characters(), chance)
    encoded = [data.tokens(pair, tokenizer, options.weight) for pair in pairs]
    chance.shuffle(encoded)
    return encoded


def _batches(examples: list[Encoded], most: int, seed: int = 0) -> Iterator[list[Encoded]]:
    """Batches of like lengths in chance order, each of at most `most` tokens with its padding."""
    ordered = sorted(examples, key=lambda example: len(example[0]))
    batches: list[list[Encoded]] = [[]]
    for example in ordered:
        if (len(batches[-1]) + 1) * len(example[0]) > most:
            batches.append([])
        batches[-1].append(example)
    random.Random(seed).shuffle(batches)
    return iter(batches)


def _loss(model: ChatGLM, batch: list[Encoded], *, weighed: bool = True) -> torch.Tensor:
    """Summed nats of the answers' tokens; only their rows reach the head."""
    time_ = max(len(ids) for ids, _, _ in batch)
    pad = model.config.pad_token_id
    ids = torch.tensor([ids + [pad] * (time_ - len(ids)) for ids, _, _ in batch])
    # Row t answers with token t + 1: from <sop> to the token before the end.
    chosen = [(row, at) for row, (ids_, start, _) in enumerate(batch) for at in range(start - 1, len(ids_) - 1)]
    rows, columns = (torch.tensor(side) for side in zip(*chosen, strict=True))
    _answering.rows, _answering.columns = rows, columns
    attention_mask, position_ids = build_inputs(ids, model.config)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = model(ids, attention_mask, position_ids)
    losses = F.cross_entropy(logits.float(), ids[rows, columns + 1], reduction="none")
    return (losses * torch.tensor([w for _, _, answer in batch for w in answer])).sum() if weighed else losses.sum()


def _step(
    model: ChatGLM, optimizers: list[torch.optim.Optimizer], batch: list[Encoded], workers: ThreadPoolExecutor
) -> float:
    """Return one step. Each thread works out a part of the batch alone: they meet once a step, not once an
    operation."""
    model.train()
    parts = [part for number in range(_THREADS) if (part := batch[number::_THREADS])]
    whole = sum(weight for _, _, answer in batch for weight in answer)
    weights = list(model.parameters())

    def worked_out(part: list[Encoded]) -> tuple[float, tuple[torch.Tensor, ...]]:
        loss = _loss(model, part) / whole
        return loss.item(), torch.autograd.grad(loss, weights)

    losses, gradients = zip(*workers.map(worked_out, parts), strict=True)
    for weight, *found in zip(weights, *gradients, strict=True):
        weight.grad = torch.stack(found).sum(0) if len(found) > 1 else found[0]
    torch.nn.utils.clip_grad_norm_(weights, 1.0)
    for optimizer in optimizers:
        optimizer.step()
    return sum(losses)


def _held_out(file: Path, tokenizer: ChatGLMTokenizer, count: int = 96) -> list[list[Encoded]]:
    pairs = [
        data.Pair("*".join(f"{name}#{value}" for name, value in attributes), text, ())
        for attributes, text in data.read_pairs(file)[:count]
    ]
    return list(_batches([data.tokens(pair, tokenizer, 1.0) for pair in pairs], 4096))


@torch.no_grad()
def _score(model: ChatGLM, batches: list[list[Encoded]]) -> float:
    model.eval()
    count = sum(len(answer) for batch in batches for _, _, answer in batch)
    return sum(_loss(model, batch, weighed=False).item() for batch in batches) / count


def _save(work: Path, model: ChatGLM, optimizers: list[torch.optim.Optimizer], clock: dict[str, float]) -> None:
    state = {"model": model.state_dict(), "optimizers": [optimizer.state_dict() for optimizer in optimizers]}
    torch.save({**state, **clock}, work / "checkpoint.part")
    (work / "checkpoint.part").replace(work / "checkpoint.pt")


def _resume(
    work: Path, model: ChatGLM, optimizers: list[torch.optim.Optimizer]
) -> tuple[int, float, int, float]:
    """Steps done, seconds spent, epoch, progress 0..1: of the checkpoint where there is one."""
    if not (work / "checkpoint.pt").is_file():
        return 0, 0.0, 0, 0.0
    kept = torch.load(work / "checkpoint.pt", weights_only=True)
    model.load_state_dict(kept["model"])
    for optimizer, state in zip(optimizers, kept["optimizers"], strict=True):
        optimizer.load_state_dict(state)
    return kept["done"], kept["spent"], kept["epoch"], kept.get("progress", 0.2)


def export(model: ChatGLM, work: Path, out: Path) -> None:
    """The official folder form: config.json, ice_text.model, fp16 weights with the head left out as it is tied."""
    out.mkdir(parents=True, exist_ok=True)
    weights = {
        name: weight.detach().half().contiguous()
        for name, weight in model.state_dict().items()
        if name != "lm_head.weight"
    }
    save_file(weights, out / "model.safetensors", metadata={"format": "pt"})
    config = {
        "architectures": ["ChatGLMModel"],
        "model_type": "chatglm",
        "torch_dtype": "float16",
        "position_encoding_2d": True,
        **dataclasses.asdict(model.config),
    }
    (out / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    (out / "ice_text.model").write_bytes((work / "ice_text.model").read_bytes())


if __name__ == "__main__":
    main()
