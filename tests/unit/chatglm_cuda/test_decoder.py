"""A whole step by the kernels against the plain decoder: here run by an emulator, in tests/gpu on a card."""

from __future__ import annotations

import contextlib
import gc
import logging
from types import SimpleNamespace

import pytest
import torch

from lib_adcopy.chatglm import graph_decoder as room
from lib_adcopy.chatglm.cache import Cache
from lib_adcopy.chatglm.config import ChatGLMConfig
from lib_adcopy.chatglm.cuda import multiply
from lib_adcopy.chatglm.layers import QuantisedEmbedding, QuantisedLinear
from lib_adcopy.chatglm.model import ChatGLM
from lib_adcopy.chatglm.plain_decoder import PlainDecoder
from lib_adcopy.chatglm.positions import build_inputs
from lib_adcopy.chatglm.prefix import Prefix
from lib_adcopy.chatglm.quantisation import quantise

CONFIG = ChatGLMConfig(
    vocab_size=130, hidden_size=128, inner_hidden_size=256, num_layers=2, num_attention_heads=2, max_sequence_length=64,
    bos_token_id=104, eos_token_id=105, mask_token_id=100, gmask_token_id=101,
)  # fmt: skip
PROMPT = [5, 6, 7, 8, 101, 104]


class RefusingGraph:
    def capture_begin(self, capture_error_mode):
        raise RuntimeError("no capture here")

    def capture_end(self):
        pass

    def pool(self):
        raise RuntimeError("not captured")


@pytest.fixture
def card(kernels, monkeypatch):
    """A machine whose card is the emulator and whose driver captures no graphs."""
    stream = SimpleNamespace(cuda_stream=0, wait_stream=lambda other: None)
    monkeypatch.setattr(torch.cuda, "current_stream", lambda device=None: stream)
    monkeypatch.setattr(torch.cuda, "Stream", lambda device: stream)
    monkeypatch.setattr(torch.cuda, "stream", lambda stream: contextlib.nullcontext())
    monkeypatch.setattr(torch.cuda, "CUDAGraph", RefusingGraph)
    monkeypatch.setattr(room, "load_kernels", lambda device, dtype: kernels)
    monkeypatch.setattr(multiply, "load_kernels", lambda device, dtype: kernels)
    monkeypatch.setattr(kernels, "can_capture", None)
    return kernels


@torch.no_grad()
def model_of(bits, embedding_bits=0):
    torch.manual_seed(0)
    model = ChatGLM(
        CONFIG, bits=bits, embedding_bits=embedding_bits, head_bits=embedding_bits, dtype=torch.half
    ).half().eval()
    for module in model.modules():
        if isinstance(module, QuantisedLinear | QuantisedEmbedding):
            width = module.weight.size(1) * 8 // module.bits
            module.weight, module.weight_scale = quantise(torch.randn(len(module.weight), width) * 0.1, module.bits)
    for parameter in model.parameters():
        parameter.normal_(std=0.1)
    for layer in model.modules():
        if isinstance(layer, torch.nn.LayerNorm):
            layer.weight.add_(1)
    model.rotary.float()
    return model.to(torch.empty(0).device).requires_grad_(False)


def prepare(model):
    """What loading on a card does."""
    for module in model.modules():
        if isinstance(module, QuantisedLinear):
            made = multiply.find_backend(module.weight, module.bits, torch.half)
            module.multiply = made(module.weight, module.weight_scale, module.bits)
    return model


@torch.no_grad()
def read(model, prefixes):
    """The prompt's cache, a row for each prefix, and the place of its last token."""
    columns = max(prefix.length if prefix else 0 for prefix in prefixes)
    ids = torch.tensor([PROMPT] * len(prefixes))
    inputs = build_inputs(ids, CONFIG)
    cache = Cache.empty(CONFIG, len(prefixes), columns + ids.size(1), model.device, model.dtype)
    cache.put_prefixes(prefixes)
    mask = torch.nn.functional.pad(inputs.attention_mask, (columns, 0), value=True)
    if cache.column_mask is not None:
        mask[..., :columns] = cache.column_mask[:, None, None, :columns]
    model(ids, mask, inputs.position_ids, cache=cache, last_only=True)
    return cache, inputs.position_ids[:, :, -1:]


def prefix(length, seed):
    generator = torch.Generator("cpu").manual_seed(seed)
    return Prefix(torch.randn(4, 2, length, 64, generator=generator).half() * 0.3)


@pytest.mark.parametrize(
    ("bits", "embedding_bits", "prefixes"),
    [
        (0, 0, [None]),
        (8, 0, [None]),
        (4, 0, [None, prefix(5, 1), prefix(3, 2)]),
        (4, 4, [prefix(2, 3)]),
    ],
)
def test_steps_are_those_of_the_plain_decoder(card, bits, embedding_bits, prefixes):
    plain = model_of(bits, embedding_bits)
    prefixes = [each.to(plain.device, torch.half) if each else None for each in prefixes]
    cache, position = read(plain, prefixes)
    rows = list(range(len(prefixes)))
    theirs = PlainDecoder(plain, cache, rows, position, 60)
    ours = room.open_graph_decoder(prepare(model_of(bits, embedding_bits)), cache, rows, position, 60)
    assert isinstance(ours, room.GraphDecoder)
    for step in range(3):
        tokens = [20 + 3 * row + step for row in rows]
        wanted = theirs.step(tokens).float()
        difference = (ours.step(tokens).float() - wanted).abs().max()
        assert difference < 0.01 * wanted.abs().max()
        if step == 1 and len(rows) == 3:
            rows = [0, 2]
            theirs.select(rows)
            ours.select(rows)


def test_the_cache_grows_up_to_its_limit(card, monkeypatch):
    monkeypatch.setattr(room, "CACHE_GROWTH", 3)
    plain = model_of(4)
    cache, position = read(plain, [None])
    theirs = PlainDecoder(plain, cache, [0], position, 14)
    ours = room.open_graph_decoder(prepare(model_of(4)), cache, [0], position, 14)
    for step in range(14 - cache.filled):
        wanted = theirs.step([30 + step]).float()
        assert (ours.step([30 + step]).float() - wanted).abs().max() < 0.01 * wanted.abs().max()


def test_a_step_is_seven_launches_a_layer(card):
    model = prepare(model_of(4))
    cache, position = read(model, [None])
    ours = room.open_graph_decoder(model, cache, [0], position, 60)
    card.launches.clear()
    ours.step([9])
    layer = ["add_norm", "linear_4_1", "attend_64", "linear_4_1", "add_norm", "linear_4_1", "linear_4_1"]
    assert card.launches == [*layer * 2, "add_norm", "linear_16_1"]


def test_a_card_that_gives_other_scores_is_left_to_torch_and_says_so_once(card, monkeypatch, caplog):
    model = prepare(model_of(4))
    cache, position = read(model, [None])
    monkeypatch.setattr(card, "attend", lambda *arguments: None)
    with caplog.at_level(logging.WARNING, "adcopy.chatglm"):
        assert room.open_graph_decoder(model, cache, [0], position, 60) is None
        assert room.open_graph_decoder(model, cache, [0], position, 60) is None
    assert [record.levelname for record in caplog.records] == ["WARNING"]


def test_another_number_of_rows_and_another_model_are_judged_by_themselves(card, monkeypatch):
    model = prepare(model_of(4))
    cache, position = read(model, [None])
    right = card.attend
    monkeypatch.setattr(card, "attend", lambda *arguments: None)
    assert room.open_graph_decoder(model, cache, [0], position, 60) is None
    monkeypatch.setattr(card, "attend", right)
    assert room.open_graph_decoder(model, cache, [0], position, 60) is None
    assert room.open_graph_decoder(model, cache, [0, 0], position.expand(2, -1, -1), 60) is not None
    assert room.open_graph_decoder(prepare(model_of(8)), cache, [0], position, 60) is not None


def test_a_kernel_that_cannot_be_launched_leaves_the_step_to_torch(card, monkeypatch):
    def refuse(*arguments):
        raise RuntimeError("CUDA Error: invalid argument")

    monkeypatch.setattr(card, "attend", refuse)
    model = prepare(model_of(4))
    cache, position = read(model, [None])
    assert room.open_graph_decoder(model, cache, [0], position, 60) is None


def test_a_faulty_product_leaves_its_rows_to_torch(card):
    card.faulty |= {(4, 8), (4, 4)}
    model = prepare(model_of(4))
    cache, position = read(model, [None])
    assert room.open_graph_decoder(model, cache, [0] * 3, position.expand(3, -1, -1), 60) is None
    assert room.open_graph_decoder(model, cache, [0] * 2, position.expand(2, -1, -1), 60) is not None


def test_what_the_kernels_do_not_know_is_left_to_torch(card):
    unprepared = model_of(4)
    cache, position = read(unprepared, [None])
    assert room.open_graph_decoder(unprepared, cache, [0], position, 60) is None
    assert room.open_graph_decoder(prepare(model_of(4)), cache, [0] * 9, position.expand(9, -1, -1), 60) is None


def test_many_rows_are_dequantised_and_few_are_fused(card):
    layer = prepare(model_of(4)).transformer.layers[0].mlp.dense_h_to_4h
    plain = model_of(4).transformer.layers[0].mlp.dense_h_to_4h
    for rows, kernel in ((8, "linear_4_8"), (9, "dequantise_4")):
        torch.manual_seed(rows)
        states = torch.randn(1, rows, 128).half()
        card.launches.clear()
        torch.testing.assert_close(layer(states), plain(states), rtol=5e-3, atol=5e-3)
        assert card.launches == [kernel]


class GraphOfTorch20:
    def capture_begin(self, pool=None):
        raise AssertionError("captures while other threads use the card")


def test_a_torch_that_captures_for_all_threads_decodes_without_a_graph(card, monkeypatch, caplog):
    monkeypatch.setattr(torch.cuda, "CUDAGraph", GraphOfTorch20)
    model = prepare(model_of(4))
    cache, position = read(model, [None])
    with caplog.at_level(logging.WARNING, "adcopy.chatglm"):
        for _ in range(2):
            assert isinstance(room.open_graph_decoder(model, cache, [0], position, 60), room.GraphDecoder)
    assert len(caplog.records) == 1


def test_a_failed_capture_leaves_the_allocator_as_it_was_and_is_not_tried_again(card, monkeypatch):
    class FailingGraph:
        begun, collected = 0, []

        def capture_begin(self, capture_error_mode):
            type(self).begun += 1
            self.collected.append(gc.isenabled())

        def capture_end(self):
            raise RuntimeError("operation failed due to a previous error during capture")

        def pool(self):
            return (0, 7)

    ended = []
    monkeypatch.setattr(torch.cuda, "CUDAGraph", FailingGraph)
    monkeypatch.setattr(torch._C, "_cuda_endAllocateToPool", lambda *place: ended.append(place), raising=False)
    monkeypatch.setattr(torch.cuda, "current_device", lambda: 0)
    model = prepare(model_of(4))
    cache, position = read(model, [None])
    for _ in range(2):
        assert room.open_graph_decoder(model, cache, [0], position, 60)._graph is None
    assert (FailingGraph.begun, FailingGraph.collected, ended) == (1, [False], [(0, (0, 7))])
    assert gc.isenabled()
