"""A writer's model that has to be read first: how far it is is shown, and a stop ends it."""

from __future__ import annotations

import threading
from types import SimpleNamespace

import pytest

pytest.importorskip("gradio")
pytest.importorskip("torch")

from lib_adcopy.app.studio import Studio
from lib_adcopy.gpu import ModelManager
from lib_adcopy.hosts.standalone import StandaloneHost
from lib_adcopy.ui.jobs import Running
from lib_adcopy.ui.models import _ModelsPanel
from lib_adcopy.ui.pipeline_handlers import PipelineHandlers
from lib_adcopy.ui.session import Call, Session
from tests.unit.model_library.conftest import model_files
from tests.unit.ui.test_revision_rounds import VALUES


class Shelf:
    """A studio with one model, whose reading goes on when it may."""

    def __init__(self, home):
        folder = home / "models" / "big"
        folder.mkdir(parents=True)
        for name, content in model_files().items():
            (folder / name).write_bytes(content)
        self.may_go_on = threading.Event()
        host = StandaloneHost(home)
        self.running = Running()
        self.studio = Studio(host, models=ModelManager(host, opener=self.read))
        self.steps = PipelineHandlers(self.studio, self.running)

    def read(self, folder, *, on_progress, **options):
        on_progress(1, 4)
        self.may_go_on.wait(10)
        on_progress(2, 4)
        raise AssertionError("read to its end")

    def pressed(self):
        return self.steps.write(Call(Session(), "zh", {**VALUES, "writer": "big"}))


@pytest.fixture
def shelf(tmp_path):
    return Shelf(tmp_path)


def test_the_reading_is_shown_and_a_stop_ends_it_without_losing_anything(shelf):
    updates = shelf.pressed()
    shown = next(update["status"] for update in updates if "25%" in update.get("status", ""))
    assert "正在加载模型" in shown
    shelf.running.stop("")
    shelf.may_go_on.set()
    after = list(updates)
    assert "已停止加载模型" in after[-1]["status"] and "error" not in after[-1]["status"]
    assert not any("copy" in update or "fallback" in update for update in after)


def test_a_model_loaded_by_its_button_is_shown_as_it_is_read_and_stopped(shelf):
    tab = SimpleNamespace(studio=shelf.studio, choosers={}, value=lambda name, shown: shown)
    panel = _ModelsPanel(tab)
    updates = panel.load("zh", "big")
    shown = next(text for update in updates if "25%" in (text := str(update[2])))
    assert "正在加载" in shown
    panel.stop("zh")
    shelf.may_go_on.set()
    assert "已停止加载模型" in list(updates)[-1][2]
