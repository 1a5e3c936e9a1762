from __future__ import annotations

import dataclasses
import json

import pytest

# Characters of the test's own sentences; the tokenizer is built on the spot, so no other data is needed.
SPECIAL = ["<n>", "[MASK]", "[gMASK]", "<sop>", "<eop>", "<|tab|>"]


@pytest.fixture(scope="session")
def tiny(tmp_path_factory):
    return make_tiny(tmp_path_factory.mktemp("tiny"))


def make_tiny(folder):
    """A ChatGLM folder with random weights: 2 layers, hidden size 32, a tokenizer of single characters."""
    folder.mkdir(exist_ok=True)
    torch = pytest.importorskip("torch")
    sentencepiece = pytest.importorskip("sentencepiece")
    from safetensors.torch import save_file

    from lib_adcopy.chatglm import load_tokenizer
    from lib_adcopy.chatglm.config import ChatGLMConfig
    from lib_adcopy.chatglm.model import ChatGLM

    letters = list("裙裤衣红黄蓝绿好看轻软新款的，。#*类型颜色1234567890甲乙丙丁戊己庚辛壬癸")
    sentencepiece.SentencePieceTrainer.Train(
        sentence_iterator=iter(letters * 2),
        model_prefix=str(folder / "ice_text"),
        model_type="unigram",
        vocab_size=400,
        hard_vocab_limit=False,
        max_sentencepiece_length=1,
        character_coverage=1.0,
        byte_fallback=True,
        user_defined_symbols=SPECIAL,
        normalization_rule_name="identity",
        pad_id=3,
        minloglevel=2,
    )
    tokenizer = load_tokenizer(folder)
    size = sentencepiece.SentencePieceProcessor(model_file=str(folder / "ice_text.model")).GetPieceSize()
    config = ChatGLMConfig(
        vocab_size=size,
        hidden_size=32,
        inner_hidden_size=64,
        num_layers=2,
        num_attention_heads=2,
        max_sequence_length=128,
        bos_token_id=tokenizer.bos_id,
        eos_token_id=tokenizer.eos_id,
        mask_token_id=tokenizer.mask_id,
        gmask_token_id=tokenizer.gmask_id,
        pad_token_id=tokenizer.pad_id,
    )
    torch.manual_seed(0)
    model = ChatGLM(config)
    # The constructor leaves the embedding's memory as it finds it.
    torch.nn.init.normal_(model.transformer.word_embeddings.weight)
    # The residual is scaled for 28 layers; attention and MLP must be as loud to be heard beside it.
    loud = {"dense.weight": 8, "dense_4h_to_h.weight": 8, "query_key_value.weight": 3}
    weights = {
        name: weight * next((by for end, by in loud.items() if name.endswith(end)), 1)
        for name, weight in model.state_dict().items()
    }
    save_file(weights, folder / "model.safetensors")
    stored = {"model_type": "chatglm", "position_encoding_2d": True, **dataclasses.asdict(config)}
    (folder / "config.json").write_text(json.dumps(stored), encoding="utf-8")
    return folder
