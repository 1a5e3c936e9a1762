"""One card for two models: after everything that can happen, a picture can be drawn and the model answers."""

from __future__ import annotations

import threading
import time
import weakref

import pytest

torch = pytest.importorskip("torch")

from lib_adcopy.chatglm.generation_types import SamplingParams  # noqa: E402
from lib_adcopy.domain.drawing import DrawSettings  # noqa: E402
from lib_adcopy.errors import AdCopyError  # noqa: E402
from lib_adcopy.gpu import LoadingStoppedError, ModelManager, ModelPlacement  # noqa: E402
from lib_adcopy.gpu.device import GpuMemory, TorchGpu  # noqa: E402
from lib_adcopy.gpu.placement import load_options  # noqa: E402
from lib_adcopy.gpu.policy import expected_tokens, writing_bytes  # noqa: E402
from lib_adcopy.hosts.base import DrawRequest  # noqa: E402
from tests.unit.gpu.machine import (  # noqa: E402
    GIB,
    TOKEN,
    FakeGpu,
    FakeHost,
    FakeModel,
    FakePictures,
    Machine,
    OutOfMemoryError,
    entry,
)

SD = int(2.7 * GIB)
INT4 = 4 * GIB
PICTURE = DrawRequest("red dress", "blurry", DrawSettings(width=512, height=768))
HIRES = DrawRequest("red dress", "blurry", DrawSettings(width=512, height=768, hires_scale=2.0))
POLICIES = ("auto", "swap", "keep", "cpu")


class World:
    def __init__(self, *, card=12 * GIB, ram=32 * GIB, managed=False):
        self.machine = Machine(card, ram)
        self.pictures = FakePictures(self.machine, SD, managed)
        self.host = FakeHost(self.machine, self.pictures)
        self.models = []
        self.writer = (INT4, TOKEN)
        self.while_loading = lambda: None
        self.gpu = FakeGpu(self.machine)
        self.manager = ModelManager(self.host, gpu=self.gpu, opener=self.open)

    def open(self, folder, *, device, dtype, quantization_bit, on_progress):
        self.machine.point("open")
        self.while_loading()
        on_progress(1, 2)
        self.models.append(FakeModel(self.machine, self.writer[0], device, self.writer[1]))
        return self.models[-1]

    def write(
        self, policy="auto", *, stop=None, seeds=(1,), max_length=2048, model=None, prefix=False, on_progress=None
    ):
        stop = stop or threading.Event()
        wishes = {"tokens": len(seeds) * max_length}
        if on_progress:
            wishes["on_loading"] = lambda *so_far: on_progress(so_far)
        with self.manager.writing(model or entry(), ModelPlacement(policy=policy), stop=stop, **wishes) as answering:
            if prefix:
                answering.add_prefix("ads", None)
            sampling = SamplingParams(max_length=max_length)
            pieces = list(answering.stream("裙子", seeds=seeds, sampling=sampling, stop=stop))
        return {piece.index: piece for piece in pieces}

    def draw(self, request=PICTURE):
        return self.manager.draw(request, lambda progress: None, threading.Event())

    def works(self, policy):
        """txt2img works for anybody, and the language model answers."""
        assert not self.host.queue.locked()
        with self.host.held():
            self.host.draw(PICTURE, lambda progress: None, threading.Event())
        assert self.write(policy)[0].done
        self.draw()
        return True


@pytest.fixture
def world():
    return World()


def test_on_twelve_gigabytes_auto_keeps_both_on_the_card(world):
    world.write()
    world.draw()
    world.write()
    assert [name for name in world.machine.points if name in ("offload", "pictures leave")] == []
    assert set(world.machine.card) == {"writer", "pictures"}
    assert world.machine.peak <= 12 * GIB


def test_on_eight_gigabytes_auto_swaps_and_stays_inside():
    world = World(card=8 * GIB)
    for _ in range(2):
        world.write(seeds=(1, 2, 3))
        assert set(world.machine.card) == {"pictures"}
        world.draw()
    assert len(world.models) == 1, "a swap reads no disk"
    assert world.machine.peak <= 8 * GIB


def test_swap_always_leaves_the_card_to_whoever_works(world):
    world.write("swap")
    at = world.machine.points.index
    assert at("pictures leave") < at("open") < at("token") < at("offload") < at("pictures come back")
    assert world.models[0].pinned


def test_keep_moves_nothing(world):
    world.write("keep")
    world.draw()
    assert set(world.machine.points) == {"queue", "open", "reload", "token"}


def test_on_the_cpu_the_card_and_the_queue_are_left_to_the_pictures(world):
    with world.host.held():
        assert world.write("cpu")[0].done
    assert set(world.machine.card) == {"pictures"}
    assert world.models[0].device.type == "cpu"


def test_without_a_card_auto_writes_on_the_cpu_and_cuda_is_refused():
    world = World(card=SD)
    world.machine.total = 0
    assert world.write()[0].done
    assert world.models[0].device.type == "cpu"
    with (
        pytest.raises(AdCopyError) as raised,
        world.manager.writing(entry(), ModelPlacement("cuda"), stop=threading.Event()),
    ):
        pass
    assert raised.value.code == "model_library.no_cuda"


def test_the_model_is_read_onto_the_card_that_the_host_draws_on(world):
    world.write()
    assert world.models[0].device == torch.device("cuda", 1)


def test_the_hosts_card_is_asked_and_no_other(monkeypatch):
    asked = []

    def answer(device):
        asked.append(device)
        return 1

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (answer(device), 4))
    for name in ("memory_reserved", "memory_allocated", "max_memory_allocated", "reset_peak_memory_stats"):
        monkeypatch.setattr(torch.cuda, name, answer)
    gpu = TorchGpu(lambda: 1)
    gpu.reset_peak()
    gpu.peak_bytes()
    assert gpu.memory() == GpuMemory(1, 4)
    assert set(asked) == {"cuda:1"}
    assert TorchGpu().name == "cuda"


def test_four_ads_are_counted_by_what_is_written_and_send_no_picture_model_away():
    """The same card with 2,048 tokens for each of four answers had too little."""
    world = World(card=int(10.2 * GIB))
    tokens = expected_tokens("卖点" * 50, 4, 2048, raw=False)
    world.machine.take("another program", GIB // 2)
    with world.manager.writing(entry(), ModelPlacement(), stop=threading.Event(), tokens=tokens):
        assert set(world.machine.card) == {"writer", "pictures", "another program"}
    assert tokens * TOKEN + writing_bytes(0) < 3 * GIB < 4 * 2048 * TOKEN


def test_a_short_limit_is_the_most_that_is_counted():
    assert expected_tokens("卖点" * 2000, 3, 600, raw=False) == 4 * 600
    assert expected_tokens("裙子", 1, 2048, raw=True) < expected_tokens("裙子", 1, 2048, raw=False)


def test_where_the_driver_spills_a_margin_stays_free(world):
    world.gpu.spills = True
    world.machine.take("another program", int(4.3 * GIB))
    tight = expected_tokens("卖点", 1, 2048, raw=False)
    with world.manager.writing(entry(), ModelPlacement(), stop=threading.Event(), tokens=tight):
        assert "pictures" not in world.machine.card


def test_where_the_driver_spills_answers_that_do_not_fit_are_written_one_by_one_before_it_does(world):
    world.gpu.spills = True
    world.machine.take("another program", int(4.9 * GIB))
    world.write("keep", seeds=(1, 2, 3), max_length=1600)
    assert world.models[0].asked == [((1,), 1024), ((2,), 1024), ((3,), 1024)]
    assert set(world.machine.card) == {"writer", "pictures", "another program"}


@pytest.mark.parametrize(
    ("spills", "other", "steps", "slow"),
    [
        (True, 5.0, 2.0, True),
        # An older card is as slow where nothing spills; a driver that raises does not spill.
        (True, 2.0, 2.0, False),
        (False, 5.0, 2.0, False),
        (True, 5.0, 60.0, False),
    ],
)
def test_an_answer_from_system_memory_is_noticed_by_its_speed_and_said(world, caplog, spills, other, steps, slow):
    world.gpu.spills = spills
    world.machine.take("another program", int(other * GIB))
    with world.manager.writing(entry(), ModelPlacement(policy="keep"), stop=threading.Event()) as answering:
        answering._model.steps, answering._model.token_bytes = 40, 0
        answering._model.pace = steps
        list(answering.stream("裙子", seeds=(1,)))
    assert world.manager.status().is_spilled is slow
    assert ("reaches into the system's" in caplog.text) is slow


def test_a_large_picture_gets_the_card_to_itself_where_both_do_not_fit(world):
    world.write()
    world.draw(HIRES)
    assert world.models[0].is_offloaded
    world.write()
    assert len(world.models) == 1


def test_a_picture_that_did_not_fit_is_tried_with_the_card_to_itself(world):
    world.write("keep")
    world.draw(HIRES)
    assert world.models[0].is_offloaded
    assert world.works("keep")


def test_a_model_that_cannot_be_parked_does_not_stand_in_the_pictures_way(world):
    world.write()
    world.machine.points.clear()
    world.machine.fail_at, world.machine.fail_with = 1, RuntimeError("the driver refused")
    world.draw(HIRES)
    assert world.models[0].closed
    assert world.works("auto")


def test_what_a_picture_took_is_remembered(world, monkeypatch):
    """The guess for a pixel is too low for this card: after one picture the next decision knows."""
    monkeypatch.setattr("lib_adcopy.gpu.policy._DRAWING_BYTES_PER_PIXEL", 1)
    world.draw(HIRES)
    world.write()
    assert not world.models[0].is_offloaded
    world.draw(HIRES)
    assert world.models[0].is_offloaded
    assert "hosts.out_of_memory" not in world.machine.points


def test_a_small_picture_says_nothing_of_larger_ones(world):
    """Most of what it takes does not grow with it: counted by the pixel, it would send the writer away for ever."""
    world.host.drawing_fixed = GIB // 2
    world.write()
    world.draw(DrawRequest("red dress", "blurry", DrawSettings(width=64, height=64)))
    for _ in range(2):
        world.draw()
        world.write()
    assert "offload" not in world.machine.points


def test_a_small_writer_sends_no_picture_model_away():
    """What its answers take goes by its own layers and width."""
    world = World(card=4 * GIB)
    world.writer = (GIB // 64, 4096)
    world.write(seeds=(1, 2, 3), model=entry("starter", GIB // 64, token_bytes=4096))
    assert "pictures leave" not in world.machine.points


def test_two_hundred_rounds_leave_nothing_behind():
    for policy, card, managed in (("swap", 8, False), ("auto", 8, True), ("auto", 12, False), ("keep", 12, True)):
        world = World(card=card * GIB, managed=managed)
        world.works(policy)
        taken, held = dict(world.machine.card), dict(world.machine.ram)
        threads = threading.active_count()
        for _ in range(200):
            world.write(policy, seeds=(1, 2))
            world.draw()
        assert (world.machine.card, world.machine.ram) == (taken, held)
        assert threading.active_count() == threads
        assert len(world.models) == 1


@pytest.mark.parametrize("managed", [False, True])
@pytest.mark.parametrize("policy", ["auto", "swap"])
@pytest.mark.parametrize("error", [OutOfMemoryError(), ValueError("broken"), MemoryError()])
def test_a_failure_at_any_point_of_the_section_leaves_both_usable(policy, error, managed):
    """Once for every point a turn passes, in its first turn and in one with the model in host memory."""
    for turns_before in (0, 1):
        reached = 0
        while True:
            world = World(card=8 * GIB, managed=managed)
            for _ in range(turns_before):
                world.write(policy)
            reached += 1
            world.machine.points.clear()
            world.machine.fail_at, world.machine.fail_with = reached, error
            try:
                world.write(policy, seeds=(1, 2), prefix=True)
            except (AdCopyError, ValueError, MemoryError) as raised:
                assert not isinstance(raised, AdCopyError) or raised.code == "gpu.out_of_memory"
            failed = len(world.machine.points) >= reached
            world.machine.fail_at = 0
            assert world.works(policy)
            if not failed:
                break
        assert reached > 8


def test_an_answer_for_which_there_was_no_room_is_tried_once_more_alone_and_shorter():
    world = World(card=9 * GIB)
    pieces = world.write("keep", seeds=(1, 2, 3))
    assert all(pieces[index].done and f" {index + 1} " in pieces[index].text for index in range(3))
    assert world.models[0].asked == [((1, 2, 3), 2048), ((1,), 1024), ((2,), 1024), ((3,), 1024)]
    assert world.works("keep")


def test_what_was_finished_before_the_memory_ran_out_is_kept(world):
    world.write()
    world.machine.points.clear()
    # queue, resume, then three tokens of the first answer and two of the second.
    world.machine.fail_at, world.machine.fail_with = 8, OutOfMemoryError()
    pieces = world.write(seeds=(1, 2))
    assert [pieces[index].done for index in (0, 1)] == [True, True]
    assert world.models[0].asked[-1] == ((2,), 1024)


def test_too_little_for_the_smallest_answer_is_said():
    world = World(card=int(4.2 * GIB))
    with pytest.raises(AdCopyError) as raised:
        world.write("swap")
    assert raised.value.code == "gpu.out_of_memory"
    assert world.pictures.on_card


def test_a_model_that_cannot_stay_in_ram_is_read_again(world):
    world.machine.ram_total = GIB
    world.write("swap")
    assert world.models[0].closed
    assert world.works("swap")


def test_a_copy_that_is_in_ram_already_needs_no_more_of_it(world):
    world.machine.ram_total = INT4 + GIB
    for _ in range(3):
        world.write("swap")
        assert world.models[-1].is_offloaded
    assert len(world.models) == 1, "a swap reads no disk"


def test_what_writing_held_back_is_given_to_the_others_on_the_card(world):
    """A graph's private memory is used by no other graph: kept, it grows with every text."""
    for policy in POLICIES[:3]:
        world.write(policy)
        assert world.machine.held == 0


def test_pinned_memory_leaves_as_much_to_others(world):
    world.machine.ram_total = 7 * GIB
    world.write("swap")
    assert world.models[0].is_offloaded
    assert not world.models[0].pinned


def test_interrupt_ends_the_writing_and_gives_back(world):
    stop = threading.Event()
    with world.manager.writing(entry(), ModelPlacement(policy="swap"), stop=stop) as answering:
        pieces = []
        for piece in answering.stream("裙子", stop=stop):
            pieces.append(piece)
            world.host.interrupted = True
        assert len(pieces) < 3
    assert stop.is_set()
    assert world.works("swap")


@pytest.mark.parametrize("policy", POLICIES)
def test_a_stop_while_the_model_is_read_ends_the_reading(world, policy):
    stop = threading.Event()
    world.while_loading = stop.set
    with pytest.raises(LoadingStoppedError):
        world.write(policy, stop=stop)
    assert world.manager.loaded_folder is None
    assert world.pictures.on_card
    world.while_loading = lambda: None
    assert world.works(policy)


def test_the_hosts_interrupt_ends_the_reading_too(world):
    world.while_loading = lambda: setattr(world.host, "interrupted", True)
    with pytest.raises(LoadingStoppedError):
        world.write()
    world.while_loading = lambda: None
    assert world.works("auto")


@pytest.mark.parametrize("policy", ["swap", "cpu"])
def test_a_button_pressed_again_goes_on_with_what_the_first_press_has_read(world, policy):
    """An impatient seller's second press stops his first: the model is read once all the same, and both hear of it."""
    first, heard = threading.Event(), []
    second = threading.Thread(target=lambda: heard.append(world.write(policy, on_progress=heard.append)))

    def pressed_again():
        second.start()
        while len(world.manager._requests) < 2:
            time.sleep(0.001)
        first.set()

    world.while_loading = pressed_again
    world.write(policy, stop=first)
    second.join(10)
    assert heard[0] == (1, 2)
    assert heard[1][0].done
    assert len(world.models) == 1


def test_reload_ui_ends_a_reading_for_which_others_wait_too(world):
    ends = []

    def waiting():
        with pytest.raises(AdCopyError):
            world.write("cpu")
        ends.append("waiting")

    other = threading.Thread(target=waiting)

    def reloaded():
        other.start()
        while len(world.manager._requests) < 2:
            time.sleep(0.001)
        closing.start()
        time.sleep(0.05)

    closing = threading.Thread(target=world.manager.close)
    world.while_loading = reloaded
    with pytest.raises(LoadingStoppedError):
        world.write("cpu")
    for thread in (other, closing):
        thread.join(10)
    assert ends == ["waiting"]
    assert world.manager.loaded_folder is None


def test_what_was_read_of_a_model_is_let_go_before_the_pictures_come_back(world):
    """Its error travels on to the page, with all that its traceback holds."""
    let_go = []

    class Weights:
        pass

    def half_read(folder, **options):
        weights = Weights()
        weakref.finalize(weights, let_go.append, "weights")
        raise ValueError("a broken shard")

    manager = ModelManager(world.host, gpu=FakeGpu(world.machine), opener=half_read)
    restore = world.pictures.restore
    world.pictures.restore = lambda: (let_go.append("come back"), restore())
    with (
        pytest.raises(ValueError, match="broken"),
        manager.writing(entry(), ModelPlacement(policy="swap"), stop=threading.Event()),
    ):
        pass
    assert let_go == ["weights", "come back"]


def test_a_language_model_that_fails_as_it_leaves_the_card_does_not_hold_the_pictures_back(world):
    def failing(leave):
        def left(**options):
            leave(**options)
            raise RuntimeError("captures_underway.empty() INTERNAL ASSERT FAILED")

        return left

    with world.manager.writing(entry(), ModelPlacement(policy="swap"), stop=threading.Event()):
        model = world.models[0]
        model.offload, model.close = failing(model.offload), failing(model.close)
    assert world.pictures.on_card


def test_a_page_closed_while_the_model_writes_gives_back(world):
    def writing():
        with world.manager.writing(entry(), ModelPlacement(policy="swap"), stop=threading.Event()) as answering:
            yield from answering.stream("裙子")

    reader = writing()
    next(reader)
    reader.close()
    assert world.pictures.on_card
    assert world.works("swap")


def test_another_model_takes_the_place_of_the_first(world):
    world.write()
    world.write(model=entry("other"))
    assert world.models[0].closed
    assert world.manager.loaded_folder.name == "other"
    assert world.machine.card["writer"] == INT4


def test_a_changed_policy_is_no_reason_to_load_again(world):
    world.write("keep")
    world.write("swap")
    assert len(world.models) == 1
    assert world.models[0].is_offloaded


def test_unload_frees_card_and_ram_at_once_or_when_the_turn_ends(world):
    world.write("swap")
    assert world.manager.unload()
    assert world.models[0].closed
    assert world.machine.ram == {}
    with world.manager.writing(entry(), ModelPlacement(), stop=threading.Event()):
        assert not world.manager.unload()
        assert not world.models[1].closed
    assert world.models[1].closed
    assert world.works("auto")


def test_unload_pressed_as_the_turn_ends_is_done_too(world):
    pressed = []

    def option(key, default):
        if not pressed:
            pressed.append(world.manager.unload())
        return default

    world.host.option = option
    world.write()
    assert pressed == [False]
    assert world.models[0].closed


def test_unload_pressed_while_the_model_moves_leaves_nothing_in_ram(world):
    world.write()
    model = world.models[0]
    model.may_park.clear()
    drawing = threading.Thread(target=world.draw, args=(HIRES,))
    drawing.start()
    assert model.parking.wait(10)
    unloading = threading.Thread(target=world.manager.unload)
    unloading.start()
    unloading.join(0.2)
    model.may_park.set()
    for thread in (drawing, unloading):
        thread.join(10)
    assert model.closed
    assert world.machine.ram == {}
    assert world.works("auto")


def test_reload_ui_stops_the_writer_and_frees_everything(world):
    stop, begun = threading.Event(), threading.Event()

    def write():
        with world.manager.writing(entry(), ModelPlacement(policy="swap"), stop=stop) as answering:
            begun.set()
            stop.wait(10)
            list(answering.stream("裙子", stop=stop))

    worker = threading.Thread(target=write)
    worker.start()
    begun.wait(10)
    world.manager.close()
    worker.join(10)
    assert stop.is_set()
    assert set(world.machine.card) == {"pictures"}
    assert world.machine.ram == {}
    assert world.pictures.on_card
    with pytest.raises(AdCopyError) as raised:
        world.write()
    assert raised.value.code == "gpu.closed"
    assert set(world.machine.card) == {"pictures"}


def test_a_model_nobody_uses_goes_after_a_while_where_that_is_wished(world):
    world.host.options["idle_minutes"] = 0.0005
    world.write()
    deadline = time.monotonic() + 10
    while not world.models[0].closed and time.monotonic() < deadline:
        time.sleep(0.01)
    assert world.models[0].closed
    world.host.options["idle_minutes"] = 0
    world.write()
    time.sleep(0.1)
    assert not world.models[1].closed


def test_the_status_says_when_an_idle_model_goes(world):
    world.host.options["idle_minutes"] = 10
    world.write()
    assert 590 < world.manager.status().unloads_in <= 600
    with world.manager.writing(entry(), ModelPlacement(), stop=threading.Event()):
        assert world.manager.status().unloads_in is None
    world.host.options["idle_minutes"] = 0
    world.write()
    assert world.manager.status().unloads_in is None
    world.manager.close()


def test_a_closed_manager_leaves_no_clock_running(world):
    before = set(threading.enumerate())
    world.host.options["idle_minutes"] = 10
    world.write()
    (clock,) = set(threading.enumerate()) - before
    world.manager.close()
    clock.join(10)
    assert not clock.is_alive()


def test_the_status_says_where_each_model_is(world):
    assert (world.manager.status().writer_place, world.manager.status().picture_place) == ("not_loaded", "gpu")
    world.write("swap")
    shown = world.manager.status()
    assert (shown.writer, shown.writer_place, shown.writer_bytes) == ("chatglm-6b-int4", "offloaded", INT4)
    assert shown.gpu_memory.total == 12 * GIB
    with world.manager.writing(entry(), ModelPlacement(policy="swap"), stop=threading.Event()):
        shown = world.manager.status()
        assert (shown.writer_place, shown.picture_place) == ("gpu", "offloaded")
    world.write("cpu")
    assert world.manager.status().writer_place == "cpu"


def test_turns_of_several_people_follow_each_other(world):
    failed = []

    def one(number):
        try:
            for _ in range(5):
                world.write("swap", seeds=(number,))
                world.draw()
        except Exception as error:
            failed.append(error)

    workers = [threading.Thread(target=one, args=(number,)) for number in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    assert failed == []
    assert len(world.models) == 1
    assert world.works("swap")


@pytest.mark.parametrize(("bits", "dtype"), [(4, "bfloat16"), (8, "bfloat16"), (16, "float32")])
def test_a_model_stored_in_few_bits_gets_the_activations_its_fast_products_take(bits, dtype):
    torch = pytest.importorskip("torch")
    options = load_options(entry(size=GIB, bits=bits), ModelPlacement(device="cpu"))
    assert options["dtype"] is getattr(torch, dtype) and options["quantization_bit"] is None
