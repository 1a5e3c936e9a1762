"""A model moved off its card and back is the same model, whatever shares memory and whatever came in between."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

torch = pytest.importorskip("torch")

from lib_adcopy.chatglm.config import ChatGLMConfig  # noqa: E402
from lib_adcopy.chatglm.model import ChatGLM  # noqa: E402
from lib_adcopy.chatglm.offload import WeightOffloader  # noqa: E402
from lib_adcopy.chatglm.prefix import Prefix  # noqa: E402

CONFIG = ChatGLMConfig(
    vocab_size=64, hidden_size=32, inner_hidden_size=64, num_layers=2, num_attention_heads=4, max_sequence_length=32,
    bos_token_id=60, eos_token_id=61, mask_token_id=58, gmask_token_id=59,
)  # fmt: skip
IDS = torch.tensor([[5, 6, 7, 59, 60]])


def made(bits):
    torch.manual_seed(0)
    model = ChatGLM(CONFIG, bits=bits)
    for name, buffer in model.named_buffers():
        if "rotary" not in name:
            buffer.copy_(torch.randint(-100, 100, buffer.shape) if buffer.dtype == torch.int8 else 0.001)
    for name, parameter in model.named_parameters():
        # The constructor leaves an embedding as the memory was.
        if name.endswith(("bias", "word_embeddings.weight")):
            torch.nn.init.normal_(parameter)
    model.lm_head.weight = model.transformer.word_embeddings.weight
    return model.eval().requires_grad_(False)


def said(model):
    with torch.no_grad():
        return model(IDS)


@pytest.mark.parametrize("bits", [0, 8, 4])
def test_a_model_that_was_away_says_the_same(bits):
    model = made(bits)
    before = said(model)
    weight = model.transformer.layers[0].attention.dense.weight
    offloader = WeightOffloader(model)
    for _ in range(3):
        offloader.offload(pin=False)
        assert offloader.is_offloaded
        offloader.reload()
        assert torch.equal(said(model), before)
    assert model.transformer.layers[0].attention.dense.weight is weight
    assert model.lm_head.weight is model.transformer.word_embeddings.weight


def test_what_shares_memory_is_counted_and_kept_once():
    model = made(4)
    offloader = WeightOffloader(model)
    tensors = {id(tensor): tensor for tensor in (*model.parameters(), *model.buffers())}
    size = sum(tensor.numel() * tensor.element_size() for tensor in tensors.values())
    assert offloader.size_bytes == size
    offloader.offload(pin=False)
    offloader.reload()
    storages = {tensor.untyped_storage().data_ptr() for tensor in tensors.values()}
    assert len(storages) == 1


def test_the_host_copy_is_made_once():
    model = made(4)
    offloader = WeightOffloader(model)
    offloader.offload(pin=False)
    at_home = model.lm_head.weight.data_ptr()
    offloader.reload()
    assert model.lm_head.weight.data_ptr() != at_home
    offloader.offload(pin=False)
    assert model.lm_head.weight.data_ptr() == at_home


def test_what_has_its_copy_in_host_memory_is_told():
    model = made(4)
    offloader = WeightOffloader(model)
    assert offloader.host_bytes == 0
    for _ in range(2):
        offloader.offload(pin=False)
        assert offloader.host_bytes == offloader.size_bytes
        offloader.reload()
    model.prefixes["late"] = Prefix(torch.randn(4, 4, 3, 8))
    assert offloader.size_bytes - offloader.host_bytes == 4 * 4 * 3 * 8 * 4


def test_a_refusal_to_pin_does_not_stay_behind_as_another_kernels_error(monkeypatch):
    """CUDA's own last error, which the next launch finds and takes for its own."""
    runtime = SimpleNamespace(last=0)

    def register(pointer, size, flags):
        runtime.last = 2
        return 2

    def launch(*shape, device):
        failed, runtime.last = runtime.last, 0
        if failed:
            raise RuntimeError("CUDA error: out of memory")

    model = made(4)
    before = said(model)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "empty_cache", lambda: None)
    monkeypatch.setattr(torch.cuda, "cudart", lambda: SimpleNamespace(cudaHostRegister=register))
    monkeypatch.setattr("lib_adcopy.chatglm.offload.torch.zeros", launch)
    offloader = WeightOffloader(model)
    offloader.offload(pin=True)
    monkeypatch.undo()
    assert runtime.last == 0
    offloader.reload()
    assert torch.equal(said(model), before)
    offloader.close()


def test_a_prefix_travels_too_also_one_that_came_while_the_model_was_away():
    model = made(0)
    offloader = WeightOffloader(model)
    model.prefixes["early"] = Prefix(torch.randn(4, 4, 3, 8))
    model.use_prefix("early")
    before = said(model)
    offloader.offload(pin=False)
    model.prefixes["late"] = Prefix(torch.randn(4, 4, 3, 8))
    offloader.reload()
    assert torch.equal(said(model), before)
    model.use_prefix("late")
    late = said(model)
    offloader.offload(pin=False)
    offloader.reload()
    assert torch.equal(said(model), late)


def test_a_card_without_room_leaves_the_model_whole_in_host_memory(monkeypatch):
    model = made(4)
    before = said(model)
    offloader = WeightOffloader(model)
    offloader.offload(pin=False)
    real = torch.Tensor.to

    def full(self, *args, **options):
        if options.get("copy"):
            raise torch.OutOfMemoryError("CUDA out of memory")
        return real(self, *args, **options)

    monkeypatch.setattr(torch.Tensor, "to", full)
    with pytest.raises(torch.OutOfMemoryError):
        offloader.reload()
    monkeypatch.undo()
    assert offloader.is_offloaded
    offloader.reload()
    assert torch.equal(said(model), before)


def test_a_closed_model_is_let_go():
    import gc
    import weakref

    model = made(4)
    offloader = WeightOffloader(model)
    offloader.offload(pin=False)
    gone = weakref.ref(model)
    offloader.close()
    del model
    gc.collect()
    assert gone() is None
    assert offloader.size_bytes == 0
