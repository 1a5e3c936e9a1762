"""Small random ChatGLMs, made here so that these tests need no golden data."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest

torch = pytest.importorskip("torch")

from safetensors.torch import save_file  # noqa: E402

from lib_adcopy.chatglm import ChatGLMError, check_folder, load_model  # noqa: E402
from lib_adcopy.chatglm.config import ChatGLMConfig  # noqa: E402
from lib_adcopy.chatglm.model import ChatGLM  # noqa: E402
from lib_adcopy.chatglm.prefix import Prefix  # noqa: E402

# Matrices this small gain nothing from threads, and lose much where the processor is busy.
torch.set_num_threads(1)
SMALL = ChatGLMConfig(
    vocab_size=192, hidden_size=64, inner_hidden_size=128, num_layers=3, num_attention_heads=4, max_sequence_length=96,
    bos_token_id=184, eos_token_id=185, mask_token_id=180, gmask_token_id=181, tie_word_embeddings=False,
)  # fmt: skip


def random_weights(config, seed=0):
    generator = torch.Generator().manual_seed(seed)
    with torch.device("meta"):
        wanted = ChatGLM(config).state_dict()

    def drawn(name, shape):
        noise = torch.randn(shape, generator=generator)
        return 1 + 0.1 * noise if name.endswith("layernorm.weight") else 0.2 * noise

    weights = {name: drawn(name, like.shape) for name, like in wanted.items()}
    if config.tie_word_embeddings:
        weights["lm_head.weight"] = weights["transformer.word_embeddings.weight"].clone()
    return weights


def write_folder(folder, config=SMALL, weights=None):
    folder.mkdir(parents=True, exist_ok=True)
    stored = {"model_type": "chatglm", **asdict(config)}
    (folder / "config.json").write_text(json.dumps(stored), encoding="utf-8")
    save_file(weights or random_weights(config), folder / "model.safetensors")
    return folder


def random_prefix(config, length, seed):
    size = (2 * config.num_layers, config.num_attention_heads, length, config.head_dim)
    return Prefix(3 * torch.randn(size, generator=torch.Generator().manual_seed(seed)))


def prompt(length, config=SMALL, seed=0):
    words = torch.randint(10, 170, (length - 2,), generator=torch.Generator().manual_seed(seed)).tolist()
    return [*words, config.gmask_token_id, config.bos_token_id]


def refused(folder):
    """The error of loading, which the folder's report has to give as well."""
    with pytest.raises(ChatGLMError) as caught:
        load_model(folder)
    assert "\n" not in str(caught.value) and str(caught.value).endswith(".")
    report = check_folder(folder)
    assert report.problem is not None and report.problem.code in (caught.value.code, "no_tokenizer")
    return caught.value.code


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return write_folder(tmp_path_factory.mktemp("chatglm") / "small")


@pytest.fixture
def model(folder):
    """With two prefixes of different length, none of them on."""
    model = load_model(folder)
    model.prefixes["long"] = random_prefix(SMALL, 7, seed=1)
    model.prefixes["short"] = random_prefix(SMALL, 4, seed=2)
    return model
