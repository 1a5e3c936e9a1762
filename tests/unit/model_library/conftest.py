"""Model folders a few kilobytes small, and a hub to fetch them from."""

from __future__ import annotations

import json

import pytest

from tests.unit.model_library.hub import hub_at_work

CONFIG = {
    "model_type": "chatglm", "vocab_size": 64, "hidden_size": 32, "inner_hidden_size": 64, "num_layers": 2,
    "num_attention_heads": 4, "max_sequence_length": 32, "position_encoding_2d": True, "quantization_bit": 0,
    "bos_token_id": 60, "eos_token_id": 61, "mask_token_id": 58, "gmask_token_id": 59,
}  # fmt: skip


def safetensors(tensors):
    """The bytes of a .safetensors file of float32 zeros by name and shape."""
    header, end = {}, 0
    for name, shape in tensors.items():
        size = 4
        for side in shape:
            size *= side
        header[name] = {"dtype": "F32", "shape": list(shape), "data_offsets": [end, end + size]}
        end += size
    text = json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + bytes(end)


def model_files():
    """A whole model as a hub lists it: also what is not fetched."""
    shard = safetensors({"transformer.word_embeddings.weight": (64, 20_000)})
    return {
        "config.json": json.dumps(CONFIG).encode(),
        "ice_text.model": b"a tokenizer" * 100,
        "model.safetensors": shard,
        "pytorch_model.bin": b"the same once more",
        "modeling_chatglm.py": b"raise SystemExit('code of a model folder was run')",
        "README.md": b"# a model",
        "MODEL_LICENSE": b"terms",
    }


@pytest.fixture
def hub(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    with hub_at_work() as working:
        yield working
