"""The kernels on a real card: what the emulator was asked in tests/unit, and what only a card can show."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
import torch.nn.functional as F

from lib_adcopy.chatglm.graph_decoder import open_graph_decoder
from lib_adcopy.chatglm.plain_decoder import PlainDecoder
from lib_adcopy.chatglm.quantisation import dequantise, quantise
from tests.unit.chatglm_cuda.test_arithmetic import (  # noqa: F401 - run here as they are
    fresh,
    halves,
    same,
    test_a_product_is_that_of_the_official_weight,
    test_a_product_of_a_half_weight_needs_no_scale,
    test_attention_over_the_cache,
    test_dequantising_gives_torchs_very_numbers,
    test_every_byte_is_read_as_the_format_says,
    test_every_number_of_rows_is_checked_with_every_kernel,
    test_gelu_on_the_way_out,
    test_large_activations_do_not_overflow_on_the_way,
    test_residual_and_layer_norm,
)
from tests.unit.chatglm_cuda.test_decoder import (  # noqa: F401 - likewise
    model_of,
    prepare,
    read,
    test_a_card_that_gives_other_scores_is_left_to_torch_and_says_so_once,
    test_steps_are_those_of_the_plain_decoder,
    test_the_cache_grows_up_to_its_limit,
    test_what_the_kernels_do_not_know_is_left_to_torch,
)

# What another thread raises fails the test, whoever waits for it.
pytestmark = [pytest.mark.gpu, pytest.mark.filterwarnings("error::pytest.PytestUnhandledThreadExceptionWarning")]

# Every matrix of ChatGLM-6B, (out, in).
LARGE = [(12288, 4096), (4096, 4096), (16384, 4096), (4096, 16384)]


@pytest.mark.parametrize("bits", [4, 8])
@pytest.mark.parametrize(("outputs", "inputs"), LARGE)
@pytest.mark.parametrize("rows", [1, 4, 8])
def test_the_6bs_own_matrices(kernels, bits, outputs, inputs, rows):
    weight, scale = quantise(halves(outputs, inputs) * 0.02, bits)
    states, bias = halves(rows, inputs, seed=1), halves(outputs, seed=2)
    plain = dequantise(weight, scale, bits, torch.half)
    assert torch.equal(kernels.dequantise(weight, scale, bits), plain)
    wanted = F.linear(states.double(), dequantise(weight, scale, bits, torch.double), bias.double())
    same(kernels.linear(states, weight, scale, bits, bias), wanted)


def test_the_6bs_head(kernels):
    weight, states = halves(130528, 4096) * 0.02, halves(1, 4096, seed=1)
    same(kernels.linear(states, weight, None, 16, None), F.linear(states.float(), weight.float()))


def test_a_step_is_a_graph_and_its_replay_is_the_step(card):
    model = prepare(model_of(4))
    cache, position = read(model, [None, None])
    rows = [0, 1]
    graph, single = (open_graph_decoder(model, cache, rows, position, 60) for _ in range(2))
    assert graph._graph is not None
    single._graph = None
    for step in range(40):
        tokens = [20 + step, 60 + step]
        assert torch.equal(graph.step(tokens), single.step(tokens))


def test_capturing_bears_another_thread_that_asks_for_memory(card):
    model = prepare(model_of(4))
    cache, position = read(model, [None])
    stop = threading.Event()

    def webui():
        while not stop.is_set():
            torch.empty(32 << 20, dtype=torch.uint8, device="cuda").fill_(1)
            torch.cuda.empty_cache()

    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(webui)
        try:
            assert all(open_graph_decoder(model, cache, [0], position, 60)._graph is not None for _ in range(20))
        finally:
            stop.set()
        # Raises what the other thread raised.
        other.result()


def test_steps_may_run_on_another_thread_and_stream(card):
    plain, model = model_of(4), prepare(model_of(4))
    cache, position = read(plain, [None])
    theirs, ours = PlainDecoder(plain, cache, [0], position, 60), open_graph_decoder(model, cache, [0], position, 60)
    torch.cuda.synchronize()

    def work():
        with torch.cuda.stream(torch.cuda.Stream()):
            logits = ours.step([33])
            torch.cuda.current_stream().synchronize()
            return logits

    with ThreadPoolExecutor(1) as pool:
        logits = pool.submit(work).result()
    same(logits, theirs.step([33]), tolerance=1e-2)
