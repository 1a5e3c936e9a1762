"""What is generated: each row with its own prefix, prompts of different length, limits, guards, threads."""

from __future__ import annotations

import threading

import pytest

torch = pytest.importorskip("torch")

from lib_adcopy.chatglm import ChatGLMError, plain_decoder  # noqa: E402
from lib_adcopy.chatglm import model as network  # noqa: E402
from lib_adcopy.chatglm.generate import generate  # noqa: E402
from lib_adcopy.chatglm.generation_types import SamplingParams  # noqa: E402
from lib_adcopy.chatglm.sampling import BatchSampler, Sampler, nucleus, top_candidates  # noqa: E402
from lib_adcopy.chatglm.x86.thread_pool import find_openmp  # noqa: E402
from tests.unit.chatglm.conftest import SMALL, prompt  # noqa: E402


def answers(model, ids, samplers, **options):
    found = [[] for _ in samplers]
    for step in generate(model, torch.tensor(ids), samplers, **options):
        for index, token in step.items():
            found[index].append(token)
    return found


def greedy(count=1):
    return [Sampler(0, SamplingParams(temperature=0.0)) for _ in range(count)]


def test_several_prefixes_and_none_in_one_batch_say_what_each_says_alone(model):
    ids = [prompt(9)]
    wanted = []
    for name in ("long", None, "short", "long"):
        model.use_prefix(name)
        wanted += answers(model, ids, greedy(), max_length=20)
    model.use_prefix(None)
    mixed = answers(model, ids, greedy(4), max_length=20, prefixes=["long", None, "short", "long"])
    assert mixed == wanted
    assert mixed[0] == mixed[3] and len({tuple(row) for row in mixed}) == 3
    assert model.active_prefix is None


def test_prompts_of_different_length_with_different_prefixes(model):
    short, long = prompt(6, seed=5), prompt(11, seed=6)
    padded = [[SMALL.pad_token_id] * 5 + short, long]
    together = answers(model, padded, greedy(2), max_length=18, prefixes=["short", None])
    model.use_prefix("short")
    assert together[0] == answers(model, [short], greedy(), max_length=13)[0]
    model.use_prefix(None)
    assert together[1] == answers(model, [long], greedy(), max_length=18)[0]


def test_candidates_share_one_reading_of_the_prompt(model, monkeypatch):
    read = []
    inner = type(model).forward

    def counted(self, ids, *args, **options):
        read.append(tuple(ids.shape))
        return inner(self, ids, *args, **options)

    monkeypatch.setattr(type(model), "forward", counted)
    answers(model, [prompt(9)], [Sampler(seed) for seed in range(4)], max_length=12, min_length=12)
    assert read == [(1, 9), (4, 1), (4, 1)]


class Ending(Sampler):
    """Draws as a Sampler does and ends after `count` tokens."""

    def __init__(self, count):
        super().__init__(seed=count)
        self._left = count

    def draw(self, candidates):
        self._left -= 1
        others = [each for each in candidates if each.token != SMALL.eos_token_id]
        return super().draw(others) if self._left >= 0 else SMALL.eos_token_id


def test_an_answer_that_ended_leaves_the_others_as_they_were(model):
    ids, lengths = [prompt(9)], (5, 12, 1, 30, 12, 0)
    alone = [answers(model, ids, [Ending(length)], max_length=60)[0] for length in lengths]
    assert answers(model, ids, [Ending(length) for length in lengths], max_length=60) == alone
    assert [len(row) - 1 for row in alone] == list(lengths)


def test_told_to_stop_it_ends_within_a_layer_of_the_prompt_and_within_a_token_of_the_answer(model):
    asked = []

    def after(count):
        asked.clear()
        return lambda: asked.append(0) or len(asked) > count

    layers = len(model.transformer.layers)
    for count in range(layers):
        assert answers(model, [prompt(9)], greedy(2), should_stop=after(count)) == [[], []]
        assert len(asked) == count + 1
    for count in range(3):
        told = answers(model, [prompt(9)], greedy(2), min_length=30, should_stop=after(layers + count))
        assert [len(row) for row in told] == [count + 1] * 2


def test_an_unknown_prefix_is_named_before_anything_is_read(model):
    with pytest.raises(ChatGLMError, match="nosuch"):
        next(generate(model, torch.tensor([prompt(5)]), greedy(), prefixes=["nosuch"]))


def test_max_length_counts_the_prompt_and_cuts(model):
    ids = [prompt(9)]
    assert len(answers(model, ids, greedy(), max_length=15, min_length=15)[0]) == 6
    everything = answers(model, ids, greedy(), max_length=10**6, min_length=10**6)[0]
    assert len(everything) == SMALL.max_sequence_length - 9
    with pytest.raises(ChatGLMError, match="9 tokens"):
        next(generate(model, torch.tensor(ids), greedy(), max_length=9))


def test_min_length_keeps_the_end_away_and_the_guard_leaves_it_alone():
    logits = torch.full((1, 192), -5.0)
    logits[0, SMALL.eos_token_id], logits[0, 40] = 20.0, 10.0
    for temperature in (0.0, 0.95):
        sampling = SamplingParams(temperature=temperature)
        assert drawn(logits, sampling) == [SMALL.eos_token_id]
        assert drawn(logits, sampling, banned=SMALL.eos_token_id) == [40]
    for broken in (torch.nan, torch.inf, -torch.inf):
        logits[0, 7] = broken
        assert drawn(logits, banned=SMALL.eos_token_id) == [5]


def test_a_row_of_broken_scores_spoils_no_other(model, monkeypatch):
    ids, inner = [prompt(9)], type(model).forward
    alone = answers(model, ids, [Sampler(1)], max_length=14, min_length=14)[0]

    def broken(self, *args, **options):
        logits = inner(self, *args, **options)
        if len(logits) > 1:
            logits[0] = torch.inf
        return logits

    monkeypatch.setattr(type(model), "forward", broken)
    found = answers(model, ids, [Sampler(0), Sampler(1)], max_length=14, min_length=14)
    assert found[0][1:] == [5] * 4 and found[1] == alone


def test_steps_may_run_on_different_threads_and_leave_gradients_as_they_were(model):
    steps = generate(model, torch.tensor([prompt(9)]), greedy(), max_length=14, min_length=14)
    found = []

    def one():
        found.append(next(steps)[0])
        assert torch.is_grad_enabled() and not torch.is_inference_mode_enabled()

    for _ in range(5):
        thread = threading.Thread(target=one)
        thread.start()
        thread.join()
    assert found == answers(model, [prompt(9)], greedy(), max_length=14, min_length=14)[0]


def drawn(logits, sampling=None, banned=None, seen=(1, 2), seed=0):
    """One token a row, all by the same seed."""
    samplers = [Sampler(seed, sampling) for _ in logits]
    found = BatchSampler(samplers, [seen] * len(logits)).draw(logits, range(len(logits)), banned)
    return list(found.values())


def test_the_nucleus_is_that_of_a_full_sort():
    logits = torch.randn(3, 192, generator=torch.Generator().manual_seed(0)) * 3
    for top_k in (0, 50):
        heated = logits / 0.9
        if top_k:
            heated = heated.masked_fill(heated < heated.topk(top_k).values[:, -1:], -torch.inf)
        ascending, order = heated.sort(dim=-1)
        dropped = ascending.softmax(-1).cumsum(-1) <= 0.3
        wanted = heated.masked_fill(dropped.scatter(1, order, dropped), -torch.inf).softmax(-1)
        found = torch.zeros_like(logits)
        for row, best in enumerate(top_candidates(logits, [SamplingParams(0.9, 0.7, top_k)] * 3)):
            shares = nucleus([score for score, _ in best], 0.9, 0.7)
            found[row, [token for _, token in best[: len(shares)]]] = torch.tensor(shares) / sum(shares)
        torch.testing.assert_close(found, wanted, rtol=1e-5, atol=1e-7)


def test_a_repeated_token_is_made_less_likely():
    logits = torch.full((1, 192), -5.0)
    logits[0, 30], logits[0, 31] = 3.0, 2.5
    assert drawn(logits, SamplingParams(temperature=0.0), seen=[30]) == [30]
    assert drawn(logits, SamplingParams(temperature=0.0, repetition_penalty=1.5), seen=[30]) == [31]


def test_what_was_drawn_is_repeated_less_and_each_answer_has_its_own_penalty():
    logits = torch.full((2, 192), -5.0)
    logits[:, 30], logits[:, 31] = 3.0, 2.5
    greedy = [SamplingParams(temperature=0.0, repetition_penalty=penalty) for penalty in (1.5, 1.0)]
    batch = BatchSampler([Sampler(0, each) for each in greedy], [[1], [1]])
    assert [batch.draw(logits, [0, 1]) for _ in range(2)] == [{0: 30, 1: 30}, {0: 31, 1: 30}]
    assert batch.draw(logits[:1], [1]) == {1: 30}


def sent_to_host(monkeypatch):
    """The sizes of what is copied off a device from now on."""
    sizes, copied = [], torch.Tensor.cpu

    def counted(tensor, *args, **options):
        sizes.append(tensor.numel())
        return copied(tensor, *args, **options)

    monkeypatch.setattr(torch.Tensor, "cpu", counted)
    return sizes


def test_a_token_sends_some_fifty_candidates_a_row_to_the_host_in_one_copy(monkeypatch):
    logits = torch.randn(4, 130528, generator=torch.Generator().manual_seed(0)).bfloat16()
    sizes = sent_to_host(monkeypatch)
    drawn(logits)
    (size,) = sizes
    assert size <= 4 * 150


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.half])
def test_which_of_equal_scores_a_device_names_first_changes_no_text(monkeypatch, dtype):
    """Rows with many equal scores: around the fiftieth, and nearly all of them."""
    generator = torch.Generator().manual_seed(0)
    logits = torch.stack([torch.randn(3000, generator=generator).mul(4).round(), torch.zeros(3000)]).to(dtype)
    logits[1, 77] = 1.0
    right, wanted = torch.Tensor.topk, [drawn(logits, seed=seed) for seed in range(50)]

    def otherwise(tensor, count):
        """Equal scores in the order of another device."""
        shuffled = torch.randperm(tensor.size(1), generator=generator)
        scores, places = right(tensor[:, shuffled], count)
        return scores, shuffled[places]

    monkeypatch.setattr(torch.Tensor, "topk", otherwise)
    assert [drawn(logits, seed=seed) for seed in range(50)] == wanted
    assert len({row[1] for row in wanted}) > 40


def test_a_seed_draws_the_same_tokens_with_every_torch_and_device():
    """Made by this project's own generator; a change of it changes every text a seller has the seed of."""
    logits = torch.tensor([[(token * 7919 % 192) / 30 for token in range(192)]])
    sampler = Sampler(7)
    batch = BatchSampler([sampler], [[]])
    assert [batch.draw(logits, [0])[0] for _ in range(8)] == [102, 147, 110, 98, 155, 151, 49, 155]


def test_a_long_prompts_scores_are_made_in_blocks(model, monkeypatch):
    """All at once they are as many as heads times tokens squared: more than a gigabyte of a 6B's 1,800 tokens."""
    short, long = prompt(40, seed=5), prompt(61, seed=6)
    padded = torch.tensor([[SMALL.pad_token_id] * 21 + short, long])
    with torch.no_grad():
        wanted = model(padded)
    largest, softmax = [], torch.nn.functional.softmax

    def counted(scores, **options):
        largest.append(scores.size(2))
        return softmax(scores, **options)

    monkeypatch.setattr(torch.nn.functional, "softmax", counted)
    monkeypatch.setattr(network, "_QUERY_BLOCK", 16)
    with torch.no_grad():
        torch.testing.assert_close(model(padded), wanted)
    assert max(largest) == 16
    assert network._QUERY_BLOCK * 32 * 1800 * 14 < 512 * 2**20


def test_a_cache_that_grows_often_says_the_same(model, monkeypatch):
    ids, samplers = torch.tensor([prompt(7)]), 3
    prefixes = [None, *sorted(model.prefixes), None][:samplers]
    said = []
    for columns in (1, 5, 64):
        monkeypatch.setattr(plain_decoder, "_CPU_CACHE_GROWTH", columns)
        made = [Sampler(seed) for seed in range(samplers)]
        said.append(list(generate(model, ids, made, max_length=30, min_length=30, prefixes=prefixes)))
    assert said[0] == said[1] == said[2] and len(said[0]) == 23


def test_a_small_model_takes_one_thread_whatever_the_machine_has(model):
    if find_openmp() is None:
        pytest.skip("torch's OpenMP library is not found here")
    threads = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        with plain_decoder.thread_policy(model, 1):
            assert torch.get_num_threads() == 1
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(threads)
