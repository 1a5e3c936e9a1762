"""Any size of model gives the logits of the published formulas, alone, padded in a batch, cached, and with prefixes."""

from __future__ import annotations

import dataclasses

import pytest

torch = pytest.importorskip("torch")

from lib_adcopy.chatglm import load_model  # noqa: E402
from lib_adcopy.chatglm.cache import Cache  # noqa: E402
from lib_adcopy.chatglm.positions import build_inputs  # noqa: E402
from tests.unit.chatglm import reference  # noqa: E402
from tests.unit.chatglm.conftest import SMALL, prompt, random_prefix, random_weights, write_folder  # noqa: E402

ATOL = 2e-4
SIZES = {
    "small": SMALL,
    "one head, odd vocab": dataclasses.replace(SMALL, num_attention_heads=1, hidden_size=32, vocab_size=191),
    "deep": dataclasses.replace(SMALL, num_layers=6, inner_hidden_size=96, layernorm_epsilon=1e-3),
    "tied": dataclasses.replace(SMALL, tie_word_embeddings=True),
}


@pytest.mark.parametrize("name", SIZES)
def test_a_model_of_any_size_follows_the_published_formulas(tmp_path, name):
    config = SIZES[name]
    weights = random_weights(config, seed=3)
    model = load_model(write_folder(tmp_path / "m", config, weights))
    model.prefixes["p"] = random_prefix(config, 5, seed=4)
    for ids in (prompt(9), [*prompt(12, seed=1), 33, 44], [20, config.mask_token_id, 30, config.bos_token_id, 7]):
        for chosen in (None, "p"):
            model.use_prefix(chosen)
            store = model.prefixes["p"].store if chosen else None
            wanted = reference.logits(weights, config, ids, store)
            assert torch.allclose(model(torch.tensor([ids]))[0].double(), wanted, atol=ATOL, rtol=0)


def test_an_early_checkpoint_has_its_ids_shifted(tmp_path):
    import json

    config = dataclasses.replace(
        SMALL, vocab_size=150528, hidden_size=16, inner_hidden_size=32, num_layers=1, num_attention_heads=1,
        bos_token_id=150004, eos_token_id=150005, pad_token_id=20003,
    )  # fmt: skip
    weights = random_weights(config)
    folder = write_folder(tmp_path / "early", config, weights)
    stored = json.loads((folder / "config.json").read_text())
    for name in ("mask_token_id", "gmask_token_id", "num_image_tokens"):
        del stored[name]
    (folder / "config.json").write_text(json.dumps(stored))
    model = load_model(folder)
    found = model.config
    assert (found.mask_token_id, found.gmask_token_id, found.num_image_tokens) == (150000, 150001, 20000)
    ids = [20100, 20200, 150001, 150004]
    exact = dataclasses.replace(config, mask_token_id=150000, gmask_token_id=150001)
    wanted = reference.logits(weights, exact, ids)
    assert torch.allclose(model(torch.tensor([ids]))[0].double(), wanted, atol=ATOL, rtol=0)


def test_left_padding_changes_nothing(model):
    short, long = prompt(6, seed=5), prompt(11, seed=6)
    padded = torch.tensor([[SMALL.pad_token_id] * 5 + short, long])
    for chosen in (None, "long"):
        model.use_prefix(chosen)
        together = model(padded)
        assert torch.allclose(together[0, 5:], model(torch.tensor([short]))[0], atol=ATOL, rtol=0)
        assert torch.allclose(together[1], model(torch.tensor([long]))[0], atol=ATOL, rtol=0)
    assert torch.isfinite(together).all()


def test_reading_token_by_token_gives_what_reading_at_once_gives(model):
    ids = torch.tensor([[*prompt(10), 50, 60, 70]])
    whole = model(ids)
    inputs = build_inputs(ids, SMALL)
    cache = Cache.empty(SMALL, 1, 13, model.device, model.dtype)
    model(ids[:, :10], inputs.attention_mask[..., :10, :10], inputs.position_ids[..., :10], cache=cache)
    for at in range(10, 13):
        found = model(ids[:, at : at + 1], cache.attention_mask(), inputs.position_ids[..., at : at + 1], cache=cache)
        assert torch.allclose(found[:, 0], whole[:, at], atol=ATOL, rtol=0)
