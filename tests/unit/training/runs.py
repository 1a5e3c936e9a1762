"""Short trainings of the tiny model."""

from __future__ import annotations

import json

import torch

from lib_adcopy.chatglm import load_model, load_tokenizer
from lib_adcopy.training.data import read_data
from lib_adcopy.training.settings import Settings
from lib_adcopy.training.training import Training

QUICK = Settings(
    prefix_length=4, steps=6, accumulation=2, rate=1e-2, held_out=0.0, save_every=2, gradient_checkpointing=False
)


def examples(folder, count=20):
    file = folder / "data.jsonl"
    colours, kinds = "红黄蓝绿", "裙裤衣款新"
    pairs = [(f"类型#{kinds[at // 4]}*颜色#{colours[at % 4]}", f"{colours[at % 4]}的{kinds[at // 4]}，好看。")
             for at in range(count)]  # fmt: skip
    rows = [json.dumps({"content": query, "summary": answer}, ensure_ascii=False) for query, answer in pairs]
    file.write_text("\n".join(rows), encoding="utf-8")
    return file


def weights(out):
    return torch.load(out / "pytorch_model.bin", weights_only=True)


def same(left, right):
    return left.keys() == right.keys() and all(torch.equal(left[name], right[name]) for name in left)


def training(tiny, data, settings):
    return Training(load_model(tiny), load_tokenizer(tiny), read_data(data), settings)
