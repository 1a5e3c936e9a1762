"""A ChatGLM folder that answers everything with one sentence: its layers do nothing, its head leads from each piece of
the sentence to the next. The tokenizer is the starter's."""

from __future__ import annotations

import json
import shutil
from itertools import pairwise
from pathlib import Path

import torch
from safetensors.torch import save_file

from lib_adcopy.chatglm.tokenizer import load_tokenizer

STARTER = Path(__file__).resolve().parents[1] / "models" / "starter"
WIDTH = 64


def make(folder, sentence):
    """Writes the folder. No piece of `sentence` may stand in it twice: the next word depends on the last one alone."""
    folder.mkdir(parents=True)
    shutil.copy(STARTER / "ice_text.model", folder)
    tokenizer = load_tokenizer(folder)
    said = [tokenizer.bos_id, *tokenizer.encode(sentence, special=False), tokenizer.eos_id]
    assert len(set(said)) == len(said) <= WIDTH, tokenizer.decode(said)
    config = json.loads((STARTER / "config.json").read_text())
    config |= {"hidden_size": WIDTH, "inner_hidden_size": WIDTH, "num_layers": 1, "num_attention_heads": 2,
               "tie_word_embeddings": False}
    (folder / "config.json").write_text(json.dumps(config))
    save_file(_weights(config["vocab_size"], said), folder / "model.safetensors")
    return folder


def _weights(vocabulary, said):
    embedding, head = torch.zeros(vocabulary, WIDTH), torch.zeros(vocabulary, WIDTH)
    for place, (piece, following) in enumerate(pairwise(said)):
        embedding[piece, place] = 1.0
        head[following, place] = 10.0
    weights = {"transformer.word_embeddings.weight": embedding, "lm_head.weight": head}
    layer = "transformer.layers.0"
    for name, out in (("attention.query_key_value", 3 * WIDTH), ("attention.dense", WIDTH),
                      ("mlp.dense_h_to_4h", WIDTH), ("mlp.dense_4h_to_h", WIDTH)):
        weights[f"{layer}.{name}.weight"], weights[f"{layer}.{name}.bias"] = torch.zeros(out, WIDTH), torch.zeros(out)
    for norm in (f"{layer}.input_layernorm", f"{layer}.post_attention_layernorm", "transformer.final_layernorm"):
        weights[f"{norm}.weight"], weights[f"{norm}.bias"] = torch.ones(WIDTH), torch.zeros(WIDTH)
    return weights
