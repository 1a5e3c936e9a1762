"""Training from the tab: in the host's turn, outliving the page, stopped and gone on with, listed at once."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import replace

import pytest

torch = pytest.importorskip("torch")

from lib_adcopy.app.studio import Studio  # noqa: E402
from lib_adcopy.errors import AdCopyError  # noqa: E402
from lib_adcopy.gpu import ModelPlacement  # noqa: E402
from lib_adcopy.gpu.generation import GenerationSession  # noqa: E402
from lib_adcopy.hosts.standalone import StandaloneHost  # noqa: E402
from lib_adcopy.training.service import TrainingRequest  # noqa: E402
from lib_adcopy.training.settings import Settings  # noqa: E402

QUICK = Settings(prefix_length=4, steps=6, accumulation=2, rate=1e-2, held_out=0.2, save_every=2)
ON_CPU = ModelPlacement("cpu")


@pytest.fixture
def studio(tiny, tmp_path):
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "tiny").symlink_to(tiny)
    return Studio(StandaloneHost(tmp_path))


@pytest.fixture
def asked(studio, tmp_path):
    pairs = [(f"类型#{kind}*颜色#{colour}", f"{colour}的{kind}，好看。") for kind in "裙裤衣" for colour in "红黄蓝绿"]
    rows = [json.dumps({"content": query, "summary": copy}, ensure_ascii=False) for query, copy in pairs]
    (tmp_path / "data.jsonl").write_text("\n".join(rows), encoding="utf-8")
    return TrainingRequest(tmp_path / "data.jsonl", studio.library.models()[0].name, "my-shop", QUICK)


def test_a_finished_training_is_listed_with_its_card(studio, asked):
    job = studio.training.start(asked, ON_CPU)
    assert job.finished.wait(120)
    assert job.error is None
    assert studio.prefixes() == ("my-shop",)
    assert [one.step for one in job.steps] == [1, 2, 3, 4, 5, 6]
    assert [one.step for one in job.steps if one.held_out is not None] == [2, 4, 6]
    assert all(one.sample[0].startswith("类型#") for one in job.steps if one.sample)
    assert job.card["scores"].keys() >= {"coverage", "rouge-1"}
    stored = json.loads((studio.library.prefix("my-shop").folder / "card.json").read_text(encoding="utf-8"))
    assert stored["scores"] == job.card["scores"]
    assert stored["general_examples"] == 0


def test_a_second_press_joins_the_training_at_work_and_stop_saves_it(studio, asked):
    slow = TrainingRequest(asked.data, asked.model, "slow", Settings(prefix_length=4))
    first = studio.training.start(slow, ON_CPU)
    assert studio.training.start(asked, ON_CPU) is first
    while not first.steps and not first.is_finished:
        first.finished.wait(0.01)
    assert studio.training.stop()
    assert first.finished.wait(120)
    assert first.card["stopped"]
    again = studio.training.start(first.request, ON_CPU)
    while not again.steps and not again.is_finished:
        again.finished.wait(0.01)
    studio.close()
    assert again.finished.wait(120)
    assert again.steps[0].step == first.steps[-1].step + 1
    assert list(again.before) == first.steps
    assert not studio.training.stop()


def test_stopped_before_its_first_step_it_leaves_no_prefix_of_noise(studio, asked):
    from threading import Event

    stop, seen = Event(), []
    stop.set()
    card = studio.training.train(asked, ON_CPU, on_progress=seen.append, stop=stop)
    assert (card["stopped"], card["step"], seen) == (True, 0, [])
    assert studio.prefixes() == ()
    again = studio.training.start(asked, ON_CPU)
    assert again.finished.wait(120)
    assert again.card["step"] == 6


@pytest.mark.parametrize("name", ["", "../outside", "a/b", ".hidden", "x" * 41, "nul", "COM1", "a\\b", "C:"])
def test_a_name_that_is_no_folder_of_ours_is_refused(studio, asked, name):
    with pytest.raises(AdCopyError) as raised:
        studio.training.start(TrainingRequest(asked.data, asked.model, name), ON_CPU)
    assert raised.value.code == "training.bad_name"


def test_a_file_of_general_pairs_without_a_share_is_not_passed_over(studio, asked):
    for general, share in ((asked.data, 0.0), (None, 0.3), (asked.data, 0.95)):
        wrong = replace(asked, general=general, settings=replace(QUICK, general_share=share))
        with pytest.raises(AdCopyError) as raised:
            studio.training.start(wrong, ON_CPU)
        assert raised.value.code == "training.bad_share"


@pytest.mark.parametrize(
    "wrong", [{"steps": 0}, {"steps": -3}, {"rate": 0.0}, {"rate": float("inf")}, {"rate": float("nan")},
              {"held_out": -0.5}, {"held_out": 1.0}, {"seed": -1}, {"seed": 2**32}],
)  # fmt: skip
def test_numbers_nothing_can_be_trained_with_are_named_before_the_start(studio, asked, wrong):
    with pytest.raises(AdCopyError) as raised:
        studio.training.start(replace(asked, settings=replace(QUICK, **wrong)), ON_CPU)
    assert raised.value.code == f"training.bad_{next(iter(wrong))}"
    # A sentence, not the key of one.
    assert str(raised.value).startswith("Give a")


def test_the_published_recipe_is_for_every_model_but_a_starter(studio, asked, tmp_path):
    from tests.unit.training.test_default_writer import model

    model(tmp_path / "models" / "big", 2 * 2**30)
    assert studio.training.recipe(asked.model) == "starter"
    assert studio.training.recipe("big") == "official"


def test_a_model_or_finished_prefix_is_not_written_over(studio, asked):
    studio.training.start(asked, ON_CPU).finished.wait(120)
    with pytest.raises(AdCopyError) as raised:
        studio.training.start(asked, ON_CPU)
    assert raised.value.code == "training.name_taken"


def test_what_is_wrong_with_the_file_is_told_by_the_job(studio, asked, tmp_path):
    (tmp_path / "empty.jsonl").write_text("", encoding="utf-8")
    job = studio.training.start(TrainingRequest(tmp_path / "empty.jsonl", asked.model, "mine"), ON_CPU)
    assert job.finished.wait(60)
    assert job.error.code == "training.empty"
    assert studio.prefixes() == ()


def test_general_pairs_are_mixed_in_and_named_in_the_card(studio, asked, tmp_path):
    rows = [json.dumps({"content": f"新款{at}", "summary": "好看。"}, ensure_ascii=False) for at in range(30)]
    (tmp_path / "general.jsonl").write_text("\n".join(rows), encoding="utf-8")
    mixed = Settings(prefix_length=4, steps=2, accumulation=1, held_out=0.0, general_share=0.5, save_every=2)
    job = studio.training.start(
        TrainingRequest(asked.data, asked.model, "mixed", mixed, tmp_path / "general.jsonl"), ON_CPU
    )
    assert job.finished.wait(120)
    assert (job.card["examples"], job.card["general_examples"]) == (12, 12)
    assert len(job.card["general_sha256"]) == 64


def test_the_hosts_bar_moves_its_interrupt_stops_and_pictures_make_room(studio, asked, monkeypatch):
    """As on a card: the turn is the host's, whose model leaves before the first step."""
    seen, writing = [], studio.models.writing

    class Work:
        is_interrupted = False

        def report_step(self, number):
            seen.append(number)
            self.is_interrupted = number == 3

    @contextmanager
    def on_card(entry, placement, *, stop, task_id):
        seen.append(task_id)
        with writing(entry, placement, stop=stop) as turn:
            yield GenerationSession(turn.model, Work(), stop, lambda: seen.append("room"))

    monkeypatch.setattr(studio.models, "writing", on_card)
    job = studio.training.start(asked, ON_CPU, task_id="task(x)")
    assert job.finished.wait(120)
    assert seen == ["task(x)", "room", 1, 2, 3]
    assert job.card["stopped"]


def test_the_estimate_grows_with_the_work_and_needs_no_weights_loaded(studio, asked):
    short = studio.training.estimate(asked, ON_CPU)
    long = studio.training.estimate(
        TrainingRequest(asked.data, asked.model, "x", Settings(prefix_length=4, steps=6000, accumulation=2)), ON_CPU
    )
    assert 0 < short.seconds < long.seconds
    # Of the examples' own lengths, not of what the recipe would allow.
    roomy = TrainingRequest(asked.data, asked.model, "x", replace(QUICK, max_source=512, max_target=512))
    assert studio.training.estimate(roomy, ON_CPU).memory == short.memory
    assert studio.models.loaded_folder is None
    # Of the 6B the projection alone is some 15 GB.
    projected = TrainingRequest(asked.data, asked.model, "x", replace(QUICK, projection=True))
    assert studio.training.estimate(projected, ON_CPU).memory > short.memory


def test_other_steps_are_answered_without_measuring_or_reading_again(studio, asked, monkeypatch):
    """A number typed key by key asks each time."""
    from lib_adcopy.training import data
    from lib_adcopy.training.estimate import Pass

    measured, read = [], []
    seconds, read_data = Pass.seconds, data.read_data
    monkeypatch.setattr(Pass, "seconds", lambda one: (measured.append(one), seconds(one))[1])
    monkeypatch.setattr(data, "read_data", lambda file, **how: (read.append(file), read_data(file, **how))[1])
    taken = [
        studio.training.estimate(replace(asked, settings=replace(QUICK, steps=steps)), ON_CPU).seconds
        for steps in (1, 10, 100)
    ]
    assert taken == pytest.approx([taken[0], 10 * taken[0], 100 * taken[0]])
    assert (len(measured), len(read)) == (1, 1)
    studio.training.estimate(replace(asked, settings=replace(QUICK, batch=2)), ON_CPU)
    studio.training.estimate(asked, ON_CPU, remeasure=True)
    assert (len(measured), len(read)) == (3, 1)
    rows = asked.data.read_text(encoding="utf-8").splitlines()
    asked.data.write_text("\n".join(rows[1:]), encoding="utf-8")
    assert len(studio.training.read_data(asked.data).examples) == 11


def test_the_estimate_is_measured_on_the_card_that_the_host_draws_on(studio, asked, monkeypatch):
    from contextlib import nullcontext

    from lib_adcopy.training.estimate import Pass

    turns, measured = [], []
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "mem_get_info", lambda device: (1, 2))
    monkeypatch.setattr(studio.host, "gpu_index", lambda: 1)
    monkeypatch.setattr(studio.host, "held", lambda title: turns.append(title) or nullcontext())
    monkeypatch.setattr(Pass, "seconds", lambda one: measured.append(one.device) or 1.0)
    studio.training.estimate(asked, ModelPlacement())
    assert (measured, turns) == (["cuda:1"], ["Ad Copy"])


def test_the_published_memory_is_estimated_for_the_published_recipe():
    """THUDM's README names 6.7 GB for int4, sequence 128, batch 1 x 16."""
    from lib_adcopy.chatglm.config import ChatGLMConfig
    from lib_adcopy.training import estimate as room

    needed = room._memory(ChatGLMConfig(), Settings(), 2, 4, 128) + room._CUDA_BYTES
    assert 4.5e9 < needed < 6.7 * 2**30
    assert room._memory(ChatGLMConfig(), Settings(), 2, 16, 128) > 12e9
    assert room._memory(ChatGLMConfig(), Settings(projection=True), 2, 4, 128) > needed + 14e9
