"""A webui that several people use: training and styles belong to whoever made them; both gradios, over HTTP."""

from __future__ import annotations

import json
import threading
from types import SimpleNamespace

import pytest

pytest.importorskip("gradio")
pytest.importorskip("torch")

from tests.page_client import RefusedError
from tests.plain_page import Webui, client, served

MINE, THEIRS = {"adcopy_owner": "m" * 64}, {"adcopy_owner": "t" * 64}
LATER = {"adcopy_style": "Mine"}


@pytest.fixture
def host(tmp_path):
    return Webui(tmp_path, shared=True)


@pytest.fixture
def page(host, monkeypatch):
    """The page, its `training` a thread that ends when it is stopped or `over` is set."""
    from lib_adcopy.training.service import TrainingService

    over = threading.Event()

    def train(self, request, placement, *, on_progress, stop, task_id="", on_resumed=None):
        while not (stop.wait(0.05) or over.is_set()):
            pass
        return {"out": "x", "stopped": stop.is_set(), "step": 0}

    monkeypatch.setattr(TrainingService, "train", train)
    monkeypatch.setattr(TrainingService, "_entry", lambda self, name: SimpleNamespace())
    with served(host) as (address, studio):
        made = client(address)
        path = made.upload("shop.jsonl", json.dumps({"content": "类型#杯子", "summary": "轻"}).encode())
        made.training = {"adcopy_tune_data": made.file(path), "adcopy_tune_name": "shop"}
        made.studio, made.address = studio, address
        yield made
        over.set()


def begun(page, who, **values):
    """The first line a press of Train shows."""
    shown = page.steps("adcopy_tune_start", first_only=True, **{**page.training, **who, **values})
    return shown[0]["adcopy_tune_progress"]


def another(page):
    return client(page.address, config=page.config)


def test_pressing_train_shows_nobody_elses_training(page):
    assert "adcopy-busy" in begun(page, MINE)
    job = page.studio.training.run
    other = another(page)
    other.training = page.training
    for who in (THEIRS, {}, {"adcopy_owner": ""}, {"adcopy_owner": "m"}, {"adcopy_owner": ["m" * 64]}):
        shown = begun(other, who, adcopy_tune_name="another")
        assert "adcopy-error" in shown
        assert job.task_id not in shown
        assert "shop" not in shown
    assert page.studio.training.run is job
    # The one who began it joins it, from another tab of the same browser as well.
    assert job.task_id in begun(other, MINE)


def test_nobody_else_stops_a_training(page):
    begun(page, MINE)
    job = page.studio.training.run
    for who in (THEIRS, {}):
        assert "adcopy-busy" not in another(page).call("adcopy_tune_stop", **who)["adcopy_tune_progress"]
        assert not job.stop.is_set()
    assert "adcopy-busy" in another(page).call("adcopy_tune_stop", **MINE)["adcopy_tune_progress"]
    assert job.stop.is_set()


def test_nobody_goes_on_with_anothers_stopped_training(page):
    begun(page, MINE)
    another(page).call("adcopy_tune_stop", **MINE)
    page.studio.training.run.finished.wait(10)
    (page.studio.host.paths().models / "shop").mkdir(parents=True)
    other = another(page)
    other.training = page.training
    assert "adcopy-error" in begun(other, THEIRS)
    assert "adcopy-busy" in begun(other, THEIRS, adcopy_tune_name="theirs")
    another(page).call("adcopy_tune_stop", **THEIRS)
    page.studio.training.run.finished.wait(10)
    assert "adcopy-busy" in begun(page, MINE)


def keep(page, name, who, prompt="a red mug"):
    return page.call("adcopy_style_save", adcopy_style_name=name, adcopy_prompt=prompt, **who)["adcopy_status"]


def delete(page, name, who):
    return page.call("adcopy_style_delete", adcopy_style=name, **who)["adcopy_status"]


def test_a_style_is_changed_and_deleted_by_whoever_saved_it(page):
    file = page.studio.host.paths().data / "styles" / "Mine.json"
    assert "adcopy-done" in keep(page, "Mine", MINE)
    before = file.read_bytes()
    for who in (THEIRS, {}):
        for attempt in (lambda who=who: delete(another(page), "Mine", who),
                        lambda who=who: keep(another(page), "Mine", who, "a blue mug")):  # fmt: skip
            assert "adcopy-error" in attempt()
            assert file.read_bytes() == before
    assert "adcopy-done" in keep(another(page), "Mine", MINE, "a green mug")
    assert "green" in file.read_text(encoding="utf-8")
    assert "adcopy-done" in delete(another(page), "Mine", MINE)
    assert not file.exists()
    # The name is free again.
    assert "adcopy-done" in keep(another(page), "Mine", THEIRS)


def test_what_the_owner_of_the_machine_saved_before_stays(page, host):
    host.shared = False
    assert "adcopy-done" in keep(page, "Old", {})
    host.shared = True
    for who in (MINE, THEIRS, {}):
        assert "adcopy-error" in delete(another(page), "Old", who)
    host.shared = False
    assert "adcopy-done" in delete(another(page), "Old", {})


def test_the_owner_of_the_machine_may_stop_and_delete_everything(page, host):
    keep(page, "Mine", MINE)
    begun(page, MINE)
    host.shared = False
    assert "adcopy-busy" in another(page).call("adcopy_tune_stop")["adcopy_tune_progress"]
    assert "adcopy-done" in delete(another(page), "Mine", {})


def test_a_page_reached_through_a_tunnel_is_shared_whatever_the_flags_say(page, host):
    host.shared = False
    keep(page, "Mine", MINE)
    with served(host) as (address, _):
        headers = {"X-Forwarded-For": "203.0.113.9", "Origin": address.rstrip("/")}
        tunnel = client(address, headers=headers)
        assert "adcopy-error" in delete(tunnel, "Mine", THEIRS)
        for button in ("models_fetch", "models_download", "models_convert", "models_stop"):
            with pytest.raises(RefusedError):
                tunnel.call(f"adcopy_{button}")


def test_interrupt_and_skip_reach_no_work_of_others(page, host):
    for button in ("interrupt", "skip"):
        page.call(f"adcopy_{button}")
    assert (host.interrupted, host.skipped) == (0, 0)
    host.shared = False
    for button in ("interrupt", "skip"):
        page.call(f"adcopy_{button}")
    assert (host.interrupted, host.skipped) == (1, 1)


def test_no_secret_of_a_browser_is_written_down(page, tmp_path):
    keep(page, "Mine", MINE)
    begun(page, MINE)
    another(page).call("adcopy_tune_stop", **MINE)
    written = b"".join(file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())
    assert MINE["adcopy_owner"].encode() not in written


def test_a_broken_list_of_owners_locks_nobody_out_of_the_tab(page, host):
    keep(page, "Mine", MINE)
    file = page.studio.host.paths().data / "owners.json"
    for content in (b"{", b"[]", b'{"style": 7}', b"[" * 100_000, b"\xff"):
        file.write_bytes(content)
        assert "adcopy-error" in delete(page, "Mine", THEIRS)
        assert "adcopy_status" in page.call("adcopy_clear")
    host.shared = False
    assert "adcopy-done" in delete(page, "Mine", {})
