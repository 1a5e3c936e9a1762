"""A training that was stopped or killed, or whose disk was full, ends as one that was not."""

from __future__ import annotations

import dataclasses
import errno
import os
import signal
import subprocess
import sys
import threading
import time
from importlib.util import find_spec
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from lib_adcopy.errors import AdCopyError  # noqa: E402
from lib_adcopy.training import prefix  # noqa: E402
from lib_adcopy.training.tune import tune  # noqa: E402
from tests.unit.training.runs import QUICK, examples, same, training, weights  # noqa: E402

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("after", [1, 2, 3, 5])
def test_a_stopped_run_ends_with_the_weights_of_an_unbroken_one(tiny, tmp_path, after):
    data, stop = examples(tmp_path), threading.Event()
    tune(data=data, model=tiny, out=tmp_path / "whole", settings=QUICK)

    def interrupt(progress):
        if progress.step == after:
            stop.set()

    half = tune(data=data, model=tiny, out=tmp_path / "broken", settings=QUICK, on_progress=interrupt, stop=stop)
    assert (half["stopped"], half["step"]) == (True, after)
    steps = []
    tune(data=data, model=tiny, out=tmp_path / "broken", settings=QUICK, on_progress=lambda at: steps.append(at.step))
    assert steps == list(range(after + 1, 7))
    assert same(weights(tmp_path / "whole"), weights(tmp_path / "broken"))


def test_what_it_told_before_is_told_again_with_the_checkpoint(tiny, tmp_path):
    """Losses, held-out losses, samples and times, so that a curve begins at its beginning."""
    data = examples(tmp_path)
    run = training(tiny, data, dataclasses.replace(QUICK, held_out=0.2))
    seen = []
    for progress in run.run(threading.Event()):
        seen.append(progress)
        if progress.step == 3:
            run.save_checkpoint(tmp_path)
        if progress.step == 5:
            break
    after = training(tiny, data, run.settings)
    after.resume(tmp_path)
    # Steps after the checkpoint are lost and done again.
    assert after.past == seen[:3]
    assert [one.held_out is not None and one.sample is not None for one in after.past] == [False, True, False]
    last = list(after.run(threading.Event()))[-1]
    assert [one.step for one in after.past] == [1, 2, 3, 4, 5, 6]
    assert after.past[4].loss == seen[4].loss
    assert last.seconds > seen[2].seconds


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill -9 here")
def test_a_killed_run_ends_with_the_weights_of_an_unbroken_one(tiny, tmp_path):
    settings = dataclasses.replace(QUICK, steps=80, save_every=1)
    data = examples(tmp_path)
    tune(data=data, model=tiny, out=tmp_path / "whole", settings=settings)
    code = (
        "import sys, torch; from pathlib import Path\n"
        "from lib_adcopy.training.settings import Settings; from lib_adcopy.training.tune import tune\n"
        "data, model, out = map(Path, sys.argv[1:]); torch.set_num_threads(int(sys.stdin.readline()))\n"
        f"tune(data=data, model=model, out=out, settings={settings!r})"
    )
    out = tmp_path / "killed"
    # Killed at its first checkpoint, then at its fifth after going on: wherever it happens to be just then.
    for checkpoints in (1, 5):
        _kill_after(checkpoints, out / "checkpoint.pt", [code, str(data), str(tiny), str(out)])
    tune(data=data, model=tiny, out=out, settings=settings)
    assert same(weights(tmp_path / "whole"), weights(out))


def _kill_after(count, checkpoint, arguments):
    child = subprocess.Popen(
        [sys.executable, "-c", *arguments], stdin=subprocess.PIPE, text=True, cwd=Path(__file__).resolve().parents[3]
    )
    child.stdin.write(f"{torch.get_num_threads()}\n")
    child.stdin.flush()
    before = last = checkpoint.stat().st_ino if checkpoint.is_file() else None
    seen, until = 0, time.monotonic() + 120
    while seen < count and child.poll() is None and time.monotonic() < until:
        # Every checkpoint is a new file in the old one's place.
        now = checkpoint.stat().st_ino if checkpoint.is_file() else before
        seen, last = seen + (now != last), now
        time.sleep(0.001)
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    assert checkpoint.is_file()


def test_a_slow_training_is_kept_by_the_clock_too(tiny, tmp_path, monkeypatch):
    """A step of the 6B takes seconds: a kill must not cost a hundred of them."""
    from lib_adcopy.training import tune as command

    monkeypatch.setattr(command, "_CHECKPOINT_SECONDS", 0)
    settings, steps = dataclasses.replace(QUICK, save_every=1000), []

    def dies(progress):
        if progress.step == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tune(data=examples(tmp_path), model=tiny, out=tmp_path / "mine", settings=settings, on_progress=dies)
    tune(data=tmp_path / "data.jsonl", model=tiny, out=tmp_path / "mine", settings=settings,
         on_progress=lambda at: steps.append(at.step))  # fmt: skip
    assert steps == [4, 5, 6]


def test_a_full_disk_leaves_the_last_good_checkpoint(tiny, tmp_path, monkeypatch):
    run = training(tiny, examples(tmp_path), QUICK)
    steps = run.run(threading.Event())
    next(steps)
    run.save_checkpoint(tmp_path)
    good = (tmp_path / "checkpoint.pt").read_bytes()
    next(steps)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(AdCopyError, match="No space left"):
        run.save_checkpoint(tmp_path)
    assert (tmp_path / "checkpoint.pt").read_bytes() == good
    assert not list(tmp_path.glob("*.part"))


def test_a_disk_that_is_full_when_the_prefix_is_saved_leaves_the_last_checkpoint(tiny, tmp_path, monkeypatch):
    data = examples(tmp_path)
    tune(data=data, model=tiny, out=tmp_path / "whole", settings=QUICK)
    save = prefix.save_tensors

    def full(content, file):
        if file.name == "pytorch_model.bin":
            raise OSError(28, "No space left on device")
        save(content, file)

    monkeypatch.setattr(prefix, "save_tensors", full)
    with pytest.raises(AdCopyError, match="No space left"):
        tune(data=data, model=tiny, out=tmp_path / "mine", settings=QUICK)
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["checkpoint.pt"]
    monkeypatch.undo()
    seen = []
    tune(data=data, model=tiny, out=tmp_path / "mine", settings=QUICK, on_progress=seen.append)
    assert seen == []
    assert same(weights(tmp_path / "whole"), weights(tmp_path / "mine"))


@pytest.mark.skipif(find_spec("resource") is None, reason="no limits on a file's size here")
def test_what_the_disk_said_is_told_and_nothing_half_written_is_left(tiny, tmp_path):
    """A real write that fails: no file may be larger than a part of the checkpoint."""
    import resource

    run = training(tiny, examples(tmp_path), dataclasses.replace(QUICK, prefix_length=64))
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        with pytest.raises(AdCopyError) as raised:
            run.save_checkpoint(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "enforce fail" not in str(raised.value)
    assert raised.value.params["reason"] == os.strerror(errno.EFBIG)
    assert [path.name for path in tmp_path.iterdir()] == ["data.jsonl"]


def test_another_runs_or_a_damaged_checkpoint_is_not_gone_on_with(tiny, tmp_path):
    run = training(tiny, examples(tmp_path), QUICK)
    next(run.run(threading.Event()))
    run.save_checkpoint(tmp_path)
    with pytest.raises(AdCopyError, match="other data or settings"):
        training(tiny, tmp_path / "data.jsonl", dataclasses.replace(QUICK, rate=1e-3)).resume(tmp_path)
    (tmp_path / "checkpoint.pt").write_bytes(b"damaged")
    with pytest.raises(AdCopyError, match="damaged"):
        run.resume(tmp_path)
