"""Products of our own on x86: the numbers that source.py promises, by every set of instructions at hand."""

from __future__ import annotations

import functools
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

torch = pytest.importorskip("torch")
llvm = pytest.importorskip("llvmlite.binding")

from lib_adcopy.chatglm.quantisation import dequantise, quantise  # noqa: E402
from lib_adcopy.chatglm.x86 import compiler, thread_pool, weight_layout  # noqa: E402
from lib_adcopy.chatglm.x86.dot import INSTRUCTIONS, best_instructions  # noqa: E402

OUTPUTS, COLUMNS = 96, 320


@functools.cache
def compiled(instructions):
    features = llvm.get_host_cpu_features()
    if not all(map(features.get, INSTRUCTIONS[instructions].needed)):
        pytest.skip(f"this processor has no {instructions}")
    return compiler.Program(instructions)


@pytest.fixture(params=INSTRUCTIONS)
def program(request):
    return compiled(request.param)


def weight(program, bits):
    """Official, and as the products want it, with its scale."""
    generator = torch.Generator().manual_seed(bits)
    packed, scale = quantise(torch.randn(OUTPUTS, COLUMNS, generator=generator), bits)
    return packed, program.repack(packed) if bits == 4 else packed, scale.float()


def states(rows, seed=0):
    return torch.randn(rows, COLUMNS, generator=torch.Generator().manual_seed(seed)).bfloat16()


def rounded(given):
    """What the activations count as: whole 127ths of the largest of their group, half to even."""
    groups = given.float().unflatten(-1, (-1, weight_layout.GROUP))
    largest = groups.abs().amax(-1, keepdim=True)
    inverse = torch.where(largest > 0, 127 / largest, 0)
    return (torch.round(groups * inverse) * (largest * (1 / 127))).flatten(-2)


@pytest.mark.parametrize("rows", [1, 2, 3, 4, 7, 13])
def test_the_product_is_that_of_activations_in_whole_127ths(program, rows):
    bias = torch.randn(OUTPUTS).bfloat16()
    for bits in program.exact_bits:
        official, laid, scale = weight(program, bits)
        exact = rounded(states(rows)) @ dequantise(official, scale, bits, torch.float32).T + bias.float()
        found = program.multiply(states(rows), laid, scale, bias, bits)
        # What is left is the rounding to bfloat16.
        assert torch.allclose(found.float(), exact, rtol=2**-8, atol=1e-3)


def test_without_a_bias_it_is_the_product_alone(program):
    for bits in program.exact_bits:
        _, laid, scale = weight(program, bits)
        none = program.multiply(states(3), laid, scale, None, bits)
        assert torch.equal(none, program.multiply(states(3), laid, scale, torch.zeros(OUTPUTS).bfloat16(), bits))


def test_a_rows_numbers_depend_neither_on_the_others_nor_on_the_threads(program, monkeypatch):
    monkeypatch.setattr(compiler, "_BYTES_PER_PART", 1)
    for bits in program.exact_bits:
        _, laid, scale = weight(program, bits)
        together = program.multiply(states(7), laid, scale, None, bits)
        alone = torch.cat([program.multiply(states(7)[row : row + 1], laid, scale, None, bits) for row in range(7)])
        assert torch.equal(together, alone)
        for threads in (1, 2, 5, 9):
            with monkeypatch.context() as patch:
                patch.setattr(torch, "get_num_threads", lambda threads=threads: threads)
                assert torch.equal(together, program.multiply(states(7), laid, scale, None, bits))


@pytest.mark.parametrize("broken", [float("nan"), float("inf")])
def test_a_broken_number_breaks_its_own_row_and_says_so(program, broken):
    given = states(3)
    given[1, 70] = broken
    for bits in program.exact_bits:
        _, laid, scale = weight(program, bits)
        found = program.multiply(given, laid, scale, None, bits).float()
        assert not found[1].isfinite().any()
        assert torch.equal(found[[0, 2]], program.multiply(states(3), laid, scale, None, bits).float()[[0, 2]])


def test_a_row_of_zeros_is_the_bias(program):
    bias = torch.randn(OUTPUTS).bfloat16()
    for bits in program.exact_bits:
        _, laid, scale = weight(program, bits)
        assert torch.equal(program.multiply(torch.zeros(1, COLUMNS).bfloat16(), laid, scale, bias, bits)[0], bias)


def test_the_largest_weights_and_activations_do_not_overflow(program):
    for bits in program.exact_bits:
        packed = torch.full((16, COLUMNS * bits // 8), -120 if bits == 4 else -128, dtype=torch.int8)
        laid = program.repack(packed) if bits == 4 else packed
        given = torch.full((1, COLUMNS), -3.0).bfloat16()
        found = program.multiply(given, laid, torch.ones(16), None, bits)
        assert torch.allclose(found.float(), torch.tensor(3.0 * COLUMNS * (8 if bits == 4 else 128)), rtol=2**-8)


def in_blocks(packed):
    """By the words of weight_layout.py, one byte after another."""
    rows, width = packed.shape
    blocks = torch.empty(rows // weight_layout.LANES, width // 4, weight_layout.LANES * 4, dtype=torch.uint8)
    for row in range(rows):
        for byte in range(width):
            lane, place = row % weight_layout.LANES, byte % 4
            blocks[row // weight_layout.LANES, byte // 4, 4 * lane + place] = (int(packed[row, byte]) & 0xFF) ^ 0x88
    return blocks


def test_a_weight_in_blocks_is_the_official_one_in_other_order(program, monkeypatch):
    monkeypatch.setattr(compiler, "_BYTES_PER_PART", 1)
    packed, laid, _ = weight(program, 4)
    assert torch.equal(laid, in_blocks(packed))
    assert torch.equal(weight_layout.to_official(laid), packed)
    assert weight_layout.official_shape(laid) == packed.shape
    assert not weight_layout.can_repack(packed[:-1]) and not weight_layout.can_repack(packed[:, :-4])


def test_the_fastest_instructions_are_taken():
    features = dict.fromkeys(("avx2", "fma", "avxvnni", "avx512bw", "avx512vnni"), True)
    assert best_instructions(features) == "avx512vnni"
    assert best_instructions({**features, "avx512vnni": False}) == "avxvnni"
    assert best_instructions({"avx2": True, "fma": True}) == "avx2"
    assert best_instructions({"avx2": True}) is None and best_instructions({}) is None


def test_a_processor_of_another_kind_is_left_to_torch(monkeypatch):
    monkeypatch.setattr(compiler.platform, "machine", lambda: "arm64")
    assert compiler._compile.__wrapped__() is None


def test_what_llvm_refuses_is_said_and_left_to_torch(monkeypatch, caplog):
    def refuse(instructions):
        raise RuntimeError("no memory that code may run in")

    monkeypatch.setattr(compiler, "Program", refuse)
    with caplog.at_level("INFO", logger="adcopy.chatglm"):
        assert compiler._compile.__wrapped__() is None
    assert "no memory that code may run in" in caplog.text


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says what is loaded")
def test_torch_is_alone_on_its_thread_only_while_it_is_told_so():
    threads = torch.get_num_threads()
    with thread_pool.single_torch_thread(), thread_pool.single_torch_thread():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == threads


def test_many_threads_may_ask_at_once(program, monkeypatch):
    monkeypatch.setattr(compiler, "_BYTES_PER_PART", 1)
    _, laid, scale = weight(program, 4)
    wanted = program.multiply(states(4), laid, scale, None, 4)
    with ThreadPoolExecutor(6) as pool:
        found = [pool.submit(program.multiply, states(4), laid, scale, None, 4) for _ in range(600)]
    assert all(torch.equal(each.result(), wanted) for each in found)


def test_work_goes_on_after_a_rest(program, monkeypatch):
    monkeypatch.setattr(compiler, "_BYTES_PER_PART", 1)
    _, laid, scale = weight(program, 4)
    wanted = program.multiply(states(4), laid, scale, None, 4)
    for rest in (0.0, 0.001, 0.02, 0.1):
        time.sleep(rest)
        assert torch.equal(program.multiply(states(4), laid, scale, None, 4), wanted)


def test_it_is_compiled_once():
    if compiler.get_program() is None:
        pytest.skip("no products of our own on this machine")
    assert compiler.get_program() is compiler.get_program()
