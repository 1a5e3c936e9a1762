"""The picture model leaves the card and returns by each flavour's own means, and its bytes are counted anywhere."""

from __future__ import annotations

import sys
import threading
from types import ModuleType, SimpleNamespace

import pytest

from lib_adcopy.domain.drawing import DrawSettings
from lib_adcopy.gpu import ModelManager
from lib_adcopy.hosts.base import DrawRequest
from tests.hosts.test_contract import host, webui  # noqa: F401 - fixtures


class Weights:
    """A module of one weight of 100 bytes."""

    def __init__(self, device):
        self.move(device)

    def parameters(self):
        yield SimpleNamespace(nbytes=100, device=SimpleNamespace(type=self.device))

    def move(self, device):
        self.device = device


@pytest.fixture
def moved(webui, monkeypatch):  # noqa: F811
    """The flavour's model on a card, and how its host moves it; gives the threads on which it was moved."""
    threads = []
    sd_models = sys.modules["modules.sd_models"]
    if webui.main is None:
        model = Weights("cuda")

        def move(to):
            def moving(given):
                threads.append(threading.current_thread().name)
                given.move(to)

            return moving

        monkeypatch.setattr(sd_models, "send_model_to_cpu", move("cpu"), raising=False)
        monkeypatch.setattr(sd_models, "send_model_to_device", move("cuda"), raising=False)
    else:
        parts = [Weights("cuda") for _ in range(3)]
        patchers = [SimpleNamespace(model=part) for part in parts]
        model = SimpleNamespace(
            forge_objects=SimpleNamespace(
                unet=patchers[0], clip=SimpleNamespace(patcher=patchers[1]), vae=SimpleNamespace(patcher=patchers[2])
            )
        )

        def unload():
            threads.append(threading.current_thread().name)
            for part in parts:
                part.move("cpu")

        name = {"forge": "backend.memory_management", "reforge": "ldm_patched.modules.model_management"}[webui.flavour]
        for at in range(1, name.count(".") + 2):
            package = ".".join(name.split(".")[:at])
            monkeypatch.setitem(sys.modules, package, ModuleType(package))
        sys.modules[name].unload_all_models = unload
    monkeypatch.setattr(sd_models, "model_data", SimpleNamespace(sd_model=model))
    return threads


def test_a_model_leaves_and_comes_back_by_the_hosts_own_means(webui, host, moved):  # noqa: F811
    memory = host.picture_memory()
    size = 100 if webui.main is None else 300
    assert (memory.size_bytes, memory.gpu_bytes) == (size, size)
    worker = threading.Thread(target=memory.offload, name="worker")
    worker.start()
    worker.join()
    assert (memory.size_bytes, memory.gpu_bytes) == (size, 0)
    assert moved == ["worker" if webui.main is None else "forge-main"]
    memory.restore()
    assert memory.gpu_bytes == (size if webui.main is None else 0), "a manager brings back what it draws with"


def test_before_a_checkpoint_is_loaded_there_is_nothing_to_move(webui, host, moved):  # noqa: F811
    sys.modules["modules.sd_models"].model_data.sd_model = None
    memory = host.picture_memory()
    assert (memory.size_bytes, memory.gpu_bytes) == (0, 0)
    worker = threading.Thread(target=lambda: (memory.offload(), memory.restore()))
    worker.start()
    worker.join()
    assert moved == ([] if webui.main is None else ["forge-main"])


def test_memory_is_freed_and_a_picture_drawn_in_one_turn(webui, host, monkeypatch):  # noqa: F811
    seen = []
    manager = ModelManager(host)
    monkeypatch.setattr(manager, "_free_memory_for", lambda pixels, alone=False: seen.append(webui.lock.held) or 0)
    request = DrawRequest("red dress", "", DrawSettings(width=64, height=64, steps=1))
    assert manager.draw(request, lambda progress: None, threading.Event()).pictures
    assert seen == [True] and not webui.lock.held


def test_the_host_says_which_card_it_draws_on(webui, host, monkeypatch):  # noqa: F811
    assert host.gpu_index() == 1
    for device in (SimpleNamespace(type="cuda", index=None), SimpleNamespace(type="cpu", index=None), None):
        monkeypatch.setattr(sys.modules["modules.devices"], "device", device)
        assert host.gpu_index() is None
