"""A layer's fast product is the official weight's, within what bfloat16 or activations of 8 bits round."""

from __future__ import annotations

import dataclasses

import pytest

torch = pytest.importorskip("torch")

import torch.nn.functional as F  # noqa: E402
from safetensors.torch import load_file, save_file  # noqa: E402

from lib_adcopy.chatglm import load_model  # noqa: E402
from lib_adcopy.chatglm.backends import prepare_multiply  # noqa: E402
from lib_adcopy.chatglm.kernels import dot, int4pack  # noqa: E402
from lib_adcopy.chatglm.kernels.dot import DotMultiply  # noqa: E402
from lib_adcopy.chatglm.kernels.fbgemm import FbgemmMultiply  # noqa: E402
from lib_adcopy.chatglm.kernels.int8pack import Int8PackMultiply  # noqa: E402
from lib_adcopy.chatglm.layers import QuantisedLinear  # noqa: E402
from lib_adcopy.chatglm.load import read_weights  # noqa: E402
from lib_adcopy.chatglm.quantisation import dequantise, quantise  # noqa: E402
from tests.unit.chatglm.conftest import SMALL, prompt, write_folder  # noqa: E402

ROWS = (1, 4, 30, 130)
# How far a product may be off: activations rounded in bfloat16, in groups of 8 bits, and all of a row together in 8.
LIMITS = {int4pack.Int4PackMultiply: 0.005, Int8PackMultiply: 0.005, DotMultiply: 0.008, FbgemmMultiply: 0.03}
NEEDS_INT4PACK = pytest.mark.skipif(not hasattr(torch, "_weight_int4pack_mm_for_cpu"), reason="torch before 2.6")
NEEDS_FBGEMM = pytest.mark.skipif(
    torch.backends.quantized.engine not in ("fbgemm", "x86"), reason="no fbgemm on this CPU"
)


def layer(bits, inputs=192, outputs=320, seed=0):
    generator = torch.Generator().manual_seed(seed)
    made = QuantisedLinear(inputs, outputs, bits)
    made.weight, made.weight_scale = quantise(torch.randn(outputs, inputs, generator=generator), bits)
    made.bias = torch.nn.Parameter(torch.randn(outputs, generator=generator).bfloat16(), requires_grad=False)
    return made, dequantise(made.weight, made.weight_scale, bits, torch.float32)


def off(found, wanted):
    return float((found.float() - wanted).norm() / wanted.norm())


@pytest.fixture
def without_our_own(monkeypatch):
    """A machine without llvmlite, or with a processor too old for it."""
    monkeypatch.setattr(dot, "get_program", lambda: None)


@pytest.mark.parametrize("multiply", LIMITS)
@pytest.mark.parametrize("bits", [4, 8])
def test_every_product_is_by_the_official_weight(multiply, bits):
    made, exact = layer(bits)
    if not multiply.suits(made.weight, bits):
        pytest.skip(f"no {multiply.__name__} for {bits} bits here")
    product = multiply(made.weight, made.weight_scale, bits)
    assert off(product.dequantised(torch.float32), exact) < 0.004
    for rows in ROWS:
        states = torch.randn(2, rows, 192).bfloat16()
        assert off(product(states, made.bias), F.linear(states.float(), exact, made.bias.float())) < LIMITS[multiply]


@pytest.mark.parametrize("bits", [4, 8])
def test_a_prepared_layer_lets_the_official_weight_go(bits):
    made, _ = layer(bits)
    made.prepare(torch.bfloat16)
    assert made.multiply is not None and not hasattr(made, "weight")


@pytest.mark.parametrize("bits", [4, 8])
def test_without_products_of_our_own_torchs_are_taken(without_our_own, bits):
    made, _ = layer(bits)
    made.prepare(torch.bfloat16)
    assert isinstance(made.multiply, (int4pack.Int4PackMultiply, Int8PackMultiply, FbgemmMultiply))


def test_float32_stays_exact():
    made, exact = layer(4)
    made.bias = torch.nn.Parameter(made.bias.float(), requires_grad=False)
    made.prepare(torch.float32)
    states = torch.randn(3, 192)
    assert made.multiply is None
    assert torch.equal(made(states), F.linear(states, exact, made.bias))


@NEEDS_FBGEMM
@pytest.mark.parametrize("bits", [4, 8])
def test_fbgemm_keeps_the_weight_exactly(bits):
    made, exact = layer(bits)
    multiply = FbgemmMultiply(made.weight, made.weight_scale, bits)
    assert torch.allclose(multiply.dequantised(torch.float32), exact)
    states = torch.randn(5, 192).bfloat16()
    assert off(multiply(states, None), states.float() @ exact.T) < 0.03


@NEEDS_INT4PACK
def test_a_machine_that_packs_otherwise_is_served_by_torchs_own_packing(without_our_own, monkeypatch):
    made, exact = layer(4)
    monkeypatch.setattr(int4pack, "_layout_is_known", lambda: False)
    made.prepare(torch.bfloat16)
    for rows in ROWS:
        states = torch.randn(rows, 192).bfloat16()
        assert off(made(states), F.linear(states.float(), exact, made.bias.float())) < 0.005


def test_weights_packed_beforehand_are_the_official_ones_in_other_order():
    packed = int4pack.repack(layer(4)[0].weight)
    assert torch.equal(int4pack.to_official(packed), layer(4)[0].weight)
    assert not torch.equal(packed.view(torch.int8), layer(4)[0].weight)


def test_a_shape_nobody_can_pack_is_left_to_another_path():
    made, exact = layer(4, inputs=36, outputs=50)
    assert not isinstance(
        prepare_multiply(made.weight, made.weight_scale, 4, torch.bfloat16), (DotMultiply, int4pack.Int4PackMultiply)
    )
    made.prepare(torch.bfloat16)
    states = torch.randn(3, 36).bfloat16()
    assert off(made(states), F.linear(states.float(), exact, made.bias.float())) < 0.03


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_the_gradient_goes_through_a_quantised_layer(dtype):
    made, exact = layer(4)
    made.bias = torch.nn.Parameter(made.bias.to(dtype), requires_grad=False)
    made.prepare(dtype)
    states = torch.randn(3, 192).to(dtype).requires_grad_()
    weight = torch.randn(320)
    (made(states).float() * weight).sum().backward()
    assert off(states.grad, (weight @ exact).expand(3, -1)) < (1e-5 if dtype == torch.float32 else 0.01)


@pytest.mark.parametrize("bits", [4, 8])
def test_a_fast_model_stays_within_twice_what_bfloat16_itself_rounds(folder, bits):
    ids = torch.tensor([prompt(60)])
    exact = load_model(folder, quantization_bit=bits)
    fast = load_model(folder, dtype=torch.bfloat16, quantization_bit=bits)
    assert all(
        module.multiply is not None for module in fast.modules() if isinstance(module, QuantisedLinear)
    )
    wanted = exact(ids)
    rounded = (load_model(folder, quantization_bit=bits).to(torch.bfloat16)(ids).float() - wanted).abs().mean()
    fbgemm = not hasattr(torch, "_weight_int4pack_mm_for_cpu")
    assert (fast(ids).float() - wanted).abs().mean() < rounded * (6 if fbgemm else 2)


@pytest.mark.parametrize("tied", [True, False])
def test_a_fast_model_has_its_head_in_eight_bits_and_its_embedding_as_the_file_has_it(tmp_path, tied):
    config = dataclasses.replace(SMALL, tie_word_embeddings=tied)
    fast = load_model(write_folder(tmp_path / "model", config), dtype=torch.bfloat16, quantization_bit=4)
    stored = dict(read_weights(tmp_path / "model"))
    assert torch.equal(fast.transformer.word_embeddings.weight, stored["transformer.word_embeddings.weight"])
    exact = stored.get("lm_head.weight", stored["transformer.word_embeddings.weight"])
    packed, scale = quantise(exact, 8)
    assert torch.equal(fast.lm_head.dequantised(torch.float32), dequantise(packed, scale, 8, torch.float32))


def test_a_fast_model_whose_file_has_only_a_head_looks_its_words_up_there(tmp_path):
    folder = write_folder(tmp_path / "model", dataclasses.replace(SMALL, tie_word_embeddings=True))
    weights = load_file(folder / "model.safetensors")
    ids = torch.tensor([prompt(20)])
    wanted = load_model(folder, dtype=torch.bfloat16, quantization_bit=4)(ids)
    weights["lm_head.weight"] = weights.pop("transformer.word_embeddings.weight").clone()
    save_file(weights, folder / "model.safetensors")
    assert torch.equal(load_model(folder, dtype=torch.bfloat16, quantization_bit=4)(ids), wanted)
