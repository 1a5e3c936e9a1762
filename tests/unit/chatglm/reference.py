"""ChatGLM-6B (v1) written out head by head and row by row from the published facts: slow, plain, and shares no line
with the model it checks."""

from __future__ import annotations

import math

import torch


def logits(weights, config, ids, prefix=None):
    """(time, vocab) for one unpadded prompt. `prefix` (2 * layers, heads, length, head_dim) or None."""
    w = {name: weight.double() for name, weight in weights.items()}
    start = ids.index(config.bos_token_id)
    wanted = config.gmask_token_id if config.gmask_token_id in ids else config.mask_token_id
    frozen = ids.index(wanted)
    first = [at if at < start else frozen for at in range(len(ids))]
    second = [0 if at < start else at - start + 1 for at in range(len(ids))]
    hidden = w["transformer.word_embeddings.weight"][ids]
    alpha = math.sqrt(56)
    for layer in range(config.num_layers):
        root = f"transformer.layers.{layer}."
        normed = _norm(hidden, w, root + "input_layernorm", config)
        heads = _heads(normed, w, root, layer, config, first, second, start, prefix)
        hidden = normed * alpha + _linear(heads, w, root + "attention.dense")
        normed = _norm(hidden, w, root + "post_attention_layernorm", config)
        wide = _gelu(_linear(normed, w, root + "mlp.dense_h_to_4h"))
        hidden = normed * alpha + _linear(wide, w, root + "mlp.dense_4h_to_h")
    return _norm(hidden, w, "transformer.final_layernorm", config) @ w["lm_head.weight"].T


def _heads(normed, w, root, layer, config, first, second, start, prefix):
    mixed = _linear(normed, w, root + "attention.query_key_value")
    size, found = config.hidden_size // config.num_attention_heads, []
    for head in range(config.num_attention_heads):
        q, k, v = mixed[:, head * 3 * size : (head + 1) * 3 * size].split(size, dim=1)
        q = torch.stack([_turn(row, a, b) for row, a, b in zip(q, first, second, strict=True)])
        k = torch.stack([_turn(row, a, b) for row, a, b in zip(k, first, second, strict=True)])
        before = 0
        if prefix is not None:
            k = torch.cat([prefix[2 * layer, head].double(), k])
            v = torch.cat([prefix[2 * layer + 1, head].double(), v])
            before = prefix.size(2)
        rows = []
        for at, row in enumerate(q):
            seen = before + max(start, at + 1)
            scores = k[:seen] @ row / math.sqrt(size)
            shares = (scores - scores.max()).exp()
            rows.append((shares / shares.sum()) @ v[:seen])
        found.append(torch.stack(rows))
    return torch.cat(found, dim=1)


def _turn(row, first, second):
    half = len(row) // 2
    return torch.cat([_turn_half(row[:half], first), _turn_half(row[half:], second)])


def _turn_half(part, position):
    """Pairs (i, i + n) of a half turn by position / 10000^(i / n), the frequency rounded to fp16."""
    n, turned = len(part) // 2, torch.empty_like(part)
    for i in range(n):
        frequency = float(torch.tensor(1.0 / 10000 ** (2 * i / len(part))).half())
        cos, sin = math.cos(position * frequency), math.sin(position * frequency)
        turned[i] = part[i] * cos - part[i + n] * sin
        turned[i + n] = part[i + n] * cos + part[i] * sin
    return turned


def _norm(states, w, name, config):
    centred = states - states.mean(dim=-1, keepdim=True)
    spread = (centred.square().mean(dim=-1, keepdim=True) + config.layernorm_epsilon).sqrt()
    return centred / spread * w[f"{name}.weight"] + w[f"{name}.bias"]


def _linear(states, w, name):
    return states @ w[f"{name}.weight"].T + w[f"{name}.bias"]


def _gelu(states):
    return 0.5 * states * (1 + torch.tanh(math.sqrt(2 / math.pi) * (states + 0.044715 * states**3)))
