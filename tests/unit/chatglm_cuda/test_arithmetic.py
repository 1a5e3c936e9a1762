"""What the kernels work out, against plain torch: here run by an emulator, in tests/gpu on a card.

Tensors are made on torch's default device, which is the card there.
"""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F

from lib_adcopy.chatglm.cuda.loading import check
from lib_adcopy.chatglm.cuda.multiply import CudaMultiply
from lib_adcopy.chatglm.quantisation import dequantise, quantise
from lib_adcopy.chatglm.rotary import Rotary, rotate

# Neither outputs nor inputs fill the last block, tile or slice; 4608 and 2560 need a second slice of activations.
SHAPES = [(40, 4608), (17, 2560), (16, 128), (33, 1152)]


def halves(*size, seed=0):
    made = torch.randn(*size, generator=torch.Generator("cpu").manual_seed(seed), device="cpu")
    return made.half().to(torch.empty(0).device)


def same(ours, theirs, tolerance=2e-3):
    """Within fp16's rounding of the largest number."""
    assert ours.dtype == torch.half
    assert torch.isfinite(ours).all()
    torch.testing.assert_close(ours.float(), theirs.float(), rtol=tolerance, atol=tolerance * float(theirs.abs().max()))


@pytest.mark.parametrize("bits", [4, 8])
@pytest.mark.parametrize(("outputs", "inputs"), SHAPES)
@pytest.mark.parametrize("rows", [1, 2, 3, 4, 5, 8])
def test_a_product_is_that_of_the_official_weight(kernels, bits, outputs, inputs, rows):
    weight, scale = quantise(halves(outputs, inputs), bits)
    states, bias = halves(rows, inputs, seed=1), halves(outputs, seed=2)
    wanted = F.linear(states.float(), dequantise(weight, scale, bits, torch.float32), bias.float())
    same(kernels.linear(states, weight, scale, bits, bias), wanted)


@pytest.mark.parametrize("rows", [1, 3, 8])
def test_a_product_of_a_half_weight_needs_no_scale(kernels, rows):
    weight, states = halves(70, 4352), halves(rows, 4352, seed=1)
    same(kernels.linear(states, weight, None, 16, None), F.linear(states.float(), weight.float()))


def test_every_byte_is_read_as_the_format_says(kernels):
    read_every_byte(kernels)


def read_every_byte(kernels):
    """All 256 bytes at every place of a load, against a row of ones in turn."""
    for bits, width in ((4, 32), (8, 16)):
        columns = 128 // bits * 8
        every = torch.arange(256).to(torch.uint8).view(torch.int8)
        weight = every[:, None].expand(-1, columns * bits // 8).contiguous()
        scale = torch.ones(256, dtype=torch.half)
        plain = dequantise(weight, scale, bits, torch.half)
        assert torch.equal(kernels.dequantise(weight, scale, bits), plain)
        for column in range(0, width, 3):
            states = torch.zeros(1, columns, dtype=torch.half)
            states[0, column] = 1
            assert torch.equal(kernels.linear(states, weight, scale, bits, None)[0], plain[:, column])


@pytest.mark.parametrize("bits", [4, 8])
def test_dequantising_gives_torchs_very_numbers(kernels, bits):
    weight, scale = quantise(halves(48, 1152) * 0.02, bits)
    assert torch.equal(kernels.dequantise(weight, scale, bits), dequantise(weight, scale, bits, torch.half))


def test_gelu_on_the_way_out(kernels):
    weight, scale = quantise(halves(24, 256) * 0.1, 4)
    states, bias = halves(2, 256, seed=1), halves(24, seed=2)
    wanted = F.gelu(F.linear(states, dequantise(weight, scale, 4, torch.half), bias).float(), approximate="tanh")
    same(kernels.linear(states, weight, scale, 4, bias, gelu=True), wanted)


def test_large_activations_do_not_overflow_on_the_way(kernels):
    """Products of 60000 and 100 cancel: fp16 in between would be inf."""
    weight, scale = quantise(torch.tensor([[7.0, -7.0] * 64]).half(), 4)
    states = torch.full((1, 128), 60000.0).half()
    assert kernels.linear(states, weight, scale, 4, None).item() == 0


@pytest.mark.parametrize("width", [64, 4096, 8192])
@pytest.mark.parametrize("with_residual", [True, False])
def test_residual_and_layer_norm(kernels, width, with_residual):
    norm = torch.nn.LayerNorm(width, eps=1e-5).half().requires_grad_(False)
    norm.weight.data, norm.bias.data = halves(width, seed=3), halves(width, seed=4)
    states, residual, out = halves(3, width), halves(3, width, seed=1), torch.empty(3, width).half()
    total = residual * 7.4833 + states if with_residual else states
    kernels.add_norm(states, residual if with_residual else None, 7.4833, norm, out)
    same(out, F.layer_norm(total.float(), (width,), norm.weight.float(), norm.bias.float(), 1e-5))


@pytest.mark.parametrize("head_dim", [32, 64, 128])
@pytest.mark.parametrize("filled", [0, 5, 63, 200])
@pytest.mark.parametrize("with_mask", [True, False])
@torch.no_grad()
def test_attention_over_the_cache(kernels, head_dim, filled, with_mask):
    rows, heads, length = 2, 3, 224
    mixed = halves(rows, heads * 3 * head_dim) * 2
    # What is not filled may be anything.
    keys, values = (torch.full((rows, heads, length, head_dim), torch.nan).half() for _ in range(2))
    keys[:, :, :filled], values[:, :, :filled] = halves(2, rows, heads, filled, head_dim, seed=1)
    positions = torch.tensor([[40, 3], [17, 90]])
    mask = torch.ones(rows, length, dtype=torch.bool)
    if with_mask:
        mask[0, : filled // 2] = False
        keys[0, :, : filled // 2] = values[0, :, : filled // 2] = torch.inf
    rotary, out = Rotary(head_dim, 128).to(mixed.device), torch.empty(rows, heads * head_dim).half()
    parts = mixed.view(rows, heads, 1, 3, head_dim)
    query, key = rotate(parts[..., :2, :], *rotary(positions.unsqueeze(2))).unbind(dim=3)
    value = parts[..., 2, :]
    count = torch.tensor([filled], dtype=torch.int32)
    column_mask = mask.view(torch.uint8) if with_mask else None
    kernels.attend(mixed, rotary.cos, rotary.sin, positions, count, column_mask, keys, values, out)

    torch.testing.assert_close(keys[:, :, filled], key[:, :, 0], rtol=1e-3, atol=1e-3)
    assert torch.equal(values[:, :, filled], value[:, :, 0])
    assert torch.isnan(keys[:, :, filled + 1 :]).all()
    seen = mask[:, None, None, : filled + 1]
    clean = [torch.nan_to_num(part[:, :, : filled + 1].float(), posinf=0) for part in (keys, values)]
    wanted = F.scaled_dot_product_attention(query.float(), *clean, attn_mask=seen).transpose(1, 2).flatten(1)
    same(out, wanted)


@pytest.fixture
def fresh(kernels):
    """Nothing is known of the kernels yet, nor afterwards."""
    kernels.faulty.clear()
    yield kernels
    kernels.faulty.clear()


def test_the_check_at_first_use_passes_and_can_fail(fresh, monkeypatch):
    assert check(fresh)
    assert not fresh.faulty
    right = fresh.linear
    monkeypatch.setattr(fresh, "linear", lambda *args: right(*args) * 1.02)
    assert not check(fresh)
    assert not fresh.supports_bits(4)


def test_every_number_of_rows_is_checked_with_every_kernel(fresh, monkeypatch):
    right, checked = fresh.linear, set()

    def noted(states, weight, scale, bits, bias):
        checked.add((bits, len(states)))
        return right(states, weight, scale, bits, bias)

    monkeypatch.setattr(fresh, "linear", noted)
    assert check(fresh)
    assert checked >= {(bits, rows) for bits in (4, 8, 16) for rows in (1, 2, 3, 4, 8)}


@pytest.mark.parametrize("failure", ["wrong", "a launch error"])
def test_one_faulty_kernel_costs_its_own_rows_alone(fresh, monkeypatch, failure):
    right = fresh.linear

    def faulty(states, weight, scale, bits, bias, **options):
        product = right(states, weight, scale, bits, bias, **options)
        if (bits, fresh.batch(bits, len(states))) != (4, 2):
            return product
        if failure == "wrong":
            return product + 1
        raise RuntimeError("CUDA Error: too many resources requested for launch")

    monkeypatch.setattr(fresh, "linear", faulty)
    assert check(fresh)
    assert fresh.faulty == {(4, 2)}
    # Two rows take the kernel of four.
    assert [fresh.batch(4, rows) for rows in (1, 2, 3, 8, 9)] == [1, 4, 4, 8, None]
    assert fresh.batch(8, 2) == 2


def test_a_faulty_largest_kernel_leaves_long_batches_to_torch(fresh):
    fresh.faulty |= {(8, 8), (8, 4)}
    weight, scale = quantise(halves(40, 256), 8)
    product = CudaMultiply(fresh, weight, scale, 8)
    states = halves(3, 256, seed=1)
    same(product(states, None), F.linear(states.float(), dequantise(weight, scale, 8, torch.float32)))
    assert not fresh.supports_rows(8, 3) and fresh.supports_rows(8, 2)


def test_the_check_raises_what_says_that_memory_ran_out(fresh, monkeypatch):
    def full(*args):
        raise RuntimeError("CUDA Error: out of memory")

    monkeypatch.setattr(fresh, "linear", full)
    with pytest.raises(RuntimeError, match="out of memory"):
        check(fresh)
