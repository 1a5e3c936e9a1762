"""On a real card: a parked model says the same, its memory really is given back, and swapping leaks nothing."""

from __future__ import annotations

import threading

import pytest

torch = pytest.importorskip("torch")
pytestmark = [pytest.mark.gpu, pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")]

CONFIG = {
    "vocab_size": 8192, "hidden_size": 512, "inner_hidden_size": 2048, "num_layers": 12, "num_attention_heads": 8,
    "max_sequence_length": 512, "bos_token_id": 8004, "eos_token_id": 8005, "mask_token_id": 8000,
    "gmask_token_id": 8001,
}  # fmt: skip


@pytest.fixture
def model():
    from lib_adcopy.chatglm.config import ChatGLMConfig
    from lib_adcopy.chatglm.model import ChatGLM

    torch.manual_seed(0)
    made = ChatGLM(ChatGLMConfig(**CONFIG)).half()
    for parameter in made.parameters():
        torch.nn.init.normal_(parameter, std=0.02)
    return made.to("cuda").eval().requires_grad_(False)


def said(model):
    with torch.no_grad():
        return model(torch.tensor([[5, 6, 7, 8001, 8004]], device="cuda")).float().cpu()


@pytest.mark.parametrize("pin", [False, True])
def test_a_parked_model_leaves_the_card_and_comes_back_the_same(model, pin):
    from lib_adcopy.chatglm.offload import WeightOffloader

    before, offloader = said(model), WeightOffloader(model)
    # cuBLAS keeps a workspace of its own from the first product on, on some cards of half this model's size.
    others = torch.cuda.memory_allocated() - offloader.size_bytes
    offloader.offload(pin=pin)
    torch.cuda.synchronize()
    assert torch.cuda.memory_allocated() - others < offloader.size_bytes / 10
    offloader.reload()
    assert torch.equal(said(model), before)
    assert torch.cuda.memory_allocated() - others < offloader.size_bytes * 1.1
    offloader.close()


def test_two_hundred_swaps_leave_the_cards_memory_as_it_was(model):
    from lib_adcopy.chatglm.offload import WeightOffloader

    offloader = WeightOffloader(model)

    def swapped():
        offloader.offload(pin=True)
        offloader.reload()
        said(model)
        return torch.cuda.memory_reserved()

    # With an answer: what the first one takes beside the weights stays.
    taken = swapped()
    for _ in range(200):
        last = swapped()
    assert last <= taken * 1.01
    offloader.close()


def test_the_card_tells_what_is_free():
    from lib_adcopy.gpu.device import TorchGpu

    card = TorchGpu()
    card.reset_peak()
    before = card.memory().free
    held = torch.empty(256 * 2**20, dtype=torch.uint8, device="cuda")
    assert before - card.memory().free >= 200 * 2**20
    assert card.peak_bytes() >= 256 * 2**20
    del held
    card.release_unused()
    assert before - card.memory().free < 64 * 2**20


def test_a_whole_turn_swaps_out_the_pictures_and_survives_a_full_card():
    """The manager with a real card, a stand-in for the pictures that takes real memory, and a real error in it."""
    from lib_adcopy.errors import AdCopyError
    from lib_adcopy.gpu import ModelManager, ModelPlacement
    from tests.unit.gpu.machine import FakeHost, FakeModel, Machine, entry

    class Pictures:
        def __init__(self):
            self.weights = torch.zeros(128 * 2**20, dtype=torch.uint8, device="cuda")

        @property
        def size_bytes(self):
            return self.weights.nbytes

        @property
        def gpu_bytes(self):
            return self.weights.nbytes if self.weights.is_cuda else 0

        def offload(self):
            self.weights = self.weights.cpu()

        def restore(self):
            self.weights = self.weights.cuda()

    machine, pictures = Machine(), Pictures()
    host = FakeHost(machine, pictures)
    manager = ModelManager(host, opener=lambda folder, **options: FakeModel(machine, 100, "cuda"))
    with manager.writing(entry(), ModelPlacement(policy="swap"), stop=threading.Event()) as answering:
        assert pictures.gpu_bytes == 0
        assert list(answering.stream("x"))
    assert pictures.gpu_bytes == pictures.size_bytes

    def full():
        with manager.writing(entry(), ModelPlacement(policy="swap"), stop=threading.Event()):
            torch.empty(2**50, dtype=torch.uint8, device="cuda")

    with pytest.raises(AdCopyError) as raised:
        full()
    assert raised.value.code == "gpu.out_of_memory"
    assert pictures.gpu_bytes == pictures.size_bytes
