"""A machine of bytes: card, RAM, a picture model and language models that take room there and can be told to fail."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch

from lib_adcopy.chatglm import FolderReport
from lib_adcopy.chatglm.generation_types import SamplingParams
from lib_adcopy.domain.picture import DrawResult
from lib_adcopy.errors import AdCopyError
from lib_adcopy.gpu.device import GpuMemory
from lib_adcopy.model_library.models import ModelEntry

GIB = 2**30
TOKEN = 28 * 2 * 4096 * 2


class OutOfMemoryError(RuntimeError):
    def __init__(self):
        super().__init__("CUDA out of memory. Tried to allocate some")


class Machine:
    """Bytes by owner on the card and in RAM, and those that torch holds back. Every move is a numbered point at which
    `fails` may raise."""

    def __init__(self, card=12 * GIB, ram=32 * GIB):
        self.total, self.ram_total = card, ram
        self.card, self.ram = {}, {}
        self.points, self.fail_at, self.fail_with = [], 0, None
        self.peak = self.held = 0

    def point(self, name):
        self.points.append(name)
        if len(self.points) == self.fail_at:
            raise self.fail_with

    def take(self, owner, size):
        if size > self.free:
            raise OutOfMemoryError
        self.card[owner] = self.card.get(owner, 0) + size
        self.peak = max(self.peak, sum(self.card.values()))

    def let_go(self, owner):
        self.card.pop(owner, None)

    @property
    def free(self):
        return self.total - sum(self.card.values())


class FakeGpu:
    """gpu.device.Gpu on a Machine."""

    name = "cuda:1"

    def __init__(self, machine):
        self.machine = machine
        self.spills = False

    def memory(self, *, import_torch=True):
        return GpuMemory(self.machine.free, self.machine.total) if self.machine.total else None

    def free_ram(self):
        return self.machine.ram_total - sum(self.machine.ram.values())

    def release_unused(self):
        self.machine.held = 0

    def reset_peak(self):
        self.machine.peak = self.before = sum(self.machine.card.values())

    def peak_bytes(self):
        return self.machine.peak - self.before


class FakePictures:
    """hosts.base.PictureMemory; a `managed` one comes back by itself when something is drawn."""

    def __init__(self, machine, size, managed=False):
        self.machine, self.size_bytes, self.managed = machine, size, managed
        self.on_card = False
        self.enter()

    @property
    def gpu_bytes(self):
        return self.size_bytes if self.on_card else 0

    def enter(self):
        if not self.on_card:
            self.machine.take("pictures", self.size_bytes)
            self.on_card = True

    def offload(self):
        self.machine.point("pictures leave")
        self.machine.let_go("pictures")
        self.on_card = False

    def restore(self):
        self.machine.point("pictures come back")
        if not self.managed:
            self.enter()


class FakeModel:
    """chatglm.ChatModel: weights on the card, and a cache while it answers."""

    def __init__(self, machine, size, device, token_bytes=TOKEN):
        self.machine, self.size_bytes, self.device = machine, size, torch.device(device)
        self.token_bytes = token_bytes
        self.is_offloaded = self.closed = False
        self.asked = []
        # Tokens of an answer, and how many come in a second.
        self.steps, self.pace = 3, 30.0
        self.host_bytes = 0
        self.parking, self.may_park = threading.Event(), threading.Event()
        self.may_park.set()
        if device != "cpu":
            machine.take("writer", size)

    def add_prefix(self, name, folder):
        self.machine.point("prefix")

    def offload(self, *, pin=False):
        self.machine.point("offload")
        self.parking.set()
        self.may_park.wait(10)
        self.machine.ram["writer"] = self.host_bytes = self.size_bytes
        self.pinned = pin
        self.machine.let_go("writer")
        self.is_offloaded = True

    def reload(self):
        self.machine.point("reload")
        if self.is_offloaded:
            self.machine.take("writer", self.size_bytes)
            self.is_offloaded = False

    def close(self):
        self.closed = True
        self.machine.let_go("writer")
        self.machine.ram.pop("writer", None)

    def stream(self, query, *, seeds=(0,), sampling=None, stop=None, **options):
        max_length = (sampling or SamplingParams()).max_length
        assert not self.closed and not self.is_offloaded
        self.asked.append((tuple(seeds), max_length))
        on_card = self.device.type != "cpu"
        try:
            if on_card:
                self.machine.take("cache", self.token_bytes * max_length * len(seeds))
            for number in range(1, self.steps + 1):
                for index, seed in enumerate(seeds):
                    self.machine.point("token")
                    done = number == self.steps
                    yield Piece(index, f"{query} {seed} " * number, done, number, number / self.pace)
                if stop is not None and stop.is_set():
                    return
        finally:
            self.machine.let_go("cache")
            self.machine.held += GIB if on_card else 0


@dataclass(frozen=True)
class Piece:
    index: int
    text: str
    done: bool
    tokens: int
    seconds: float


class FakeHost:
    """hosts.base.DrawingHost as far as the manager asks; its queue, as a webui's, is not re-entrant."""

    def __init__(self, machine, pictures):
        self.machine, self.pictures = machine, pictures
        self.queue = threading.Lock()
        self.options = {}
        self.interrupted = False
        self.steps = []
        # What a picture of any size takes.
        self.drawing_fixed = 0

    def gpu_index(self):
        return None

    def picture_memory(self):
        return self.pictures

    def option(self, key, default):
        return self.options.get(key, default)

    @contextmanager
    def held(self, *, task_id="", title="", steps=0, on_queued=None):
        if on_queued:
            on_queued(self.queue.locked())
        assert self.queue.acquire(timeout=5), "the queue was never given back"
        try:
            if title:
                self.machine.point("queue")
            yield self
        finally:
            self.interrupted = False
            self.queue.release()

    def report_step(self, number):
        self.steps.append(number)

    @property
    def is_interrupted(self):
        return self.interrupted

    def draw(self, request, on_progress, stop):
        assert self.queue.locked(), "a picture is drawn in the queue's turn"
        if self.pictures.managed:
            self.pictures.enter()
        assert self.pictures.on_card, "a picture was drawn with a model that is away"
        settings = request.settings
        scale = settings.hires.scale if settings.hires else 1
        try:
            pixels = int(settings.width * settings.height * scale * scale)
            self.machine.take("drawing", self.drawing_fixed + pixels * 4000)
        except OutOfMemoryError as error:
            raise AdCopyError("hosts.out_of_memory") from error
        finally:
            self.machine.let_go("drawing")
        return DrawResult(())


def entry(name="chatglm-6b-int4", size=4 * GIB, bits=4, token_bytes=TOKEN):
    return ModelEntry(name, Path("models") / name, FolderReport("model", bits, size, token_bytes))
