"""What the server keeps of a browser tab: little, and each press stops its own work alone."""

from __future__ import annotations

import copy
import threading

import pytest

pytest.importorskip("gradio")

from PIL import Image

from lib_adcopy.app.studio import Studio
from lib_adcopy.domain.picture import Picture
from lib_adcopy.hosts.standalone import StandaloneHost
from lib_adcopy.ui.jobs import Running
from lib_adcopy.ui.kept_pictures import KeptPicture, kept, shown
from lib_adcopy.ui.pipeline_handlers import PipelineHandlers
from lib_adcopy.ui.session import Call, Session


def saved(folder, colour):
    file = folder / f"{colour}.png"
    Image.new("RGB", (8, 8), colour).save(file)
    return file


def test_saved_pictures_are_kept_as_their_files(tmp_path):
    files = [saved(tmp_path, colour) for colour in ("red", "blue")]
    made = [Picture(Image.open(file), "said", 7, file) for file in files]
    held = kept(made)
    assert [one.pixels for one in held] == [None, None]
    assert [image.getpixel((0, 0)) for image in shown(held)] == [(255, 0, 0), (0, 0, 255)]
    assert (held[0].picture().infotext, held[0].picture().seed, held[0].picture().path) == ("said", 7, files[0])
    files[0].unlink()
    files[1].write_bytes(b"no picture")
    assert shown(held) == []
    assert held[0].picture() is None


def test_of_pictures_that_are_not_saved_the_first_few_are_kept():
    held = kept([Picture(Image.new("RGB", (8, 8)), f"said {at}", at) for at in range(100)])
    assert len(held) == 100
    assert 0 < len(shown(held)) <= 8
    assert held[0].image() is not None
    assert held[99].infotext == "said 99"


def test_however_often_somebody_presses_a_dozen_creatives_are_kept(tmp_path):
    session = Session("one")
    for _ in range(50):
        session = session.with_poster(KeptPicture(path=tmp_path / "x.png"))
    assert len(session.posters) == 12
    # The next is set another way than the last.
    assert session.composed == 50
    assert session.with_drawn((), "").posters == ()


def test_each_browser_tab_is_a_session_from_its_first_press():
    first = Session()
    one, other = copy.deepcopy(first), copy.deepcopy(first)
    assert one.key
    assert one.key != other.key
    assert copy.deepcopy(one) is one


def test_a_double_click_stops_the_first_press_and_not_the_second(tmp_path):
    class Doubled(Running):
        """The second click comes while the first is about to begin its work."""

        def begin(self, session):
            first = super().begin(session)
            self.second = super().begin(session)
            return first

    running = Doubled()
    steps = PipelineHandlers(Studio(StandaloneHost(tmp_path)), running)
    values = {"brief": "杯子", "platform": "xiaohongshu", "tone": "natural", "length": "short", "audience": "",
              "brand_words": "", "avoid_words": "", "writer": "template", "copy": "", "style": "classic",
              "checkpoint": ""}  # fmt: skip
    list(steps.derive(Call(Session("one"), "zh", values, "one")))
    assert not running.second.is_set()
    assert running.is_busy("one")
    assert running.stop("one")
    assert running.second.is_set()


def test_work_that_is_over_is_forgotten():
    running = Running()
    stops = {name: running.begin(name) for name in map(str, range(100))}
    for name, stop in stops.items():
        running.end(name, stop)
    assert not any(map(running.is_busy, stops))
    assert not running.stop("7")
    assert running._stops == {}


def test_many_presses_at_once_leave_one_at_work():
    running, stops = Running(), []
    presses = [threading.Thread(target=lambda: stops.append(running.begin("one"))) for _ in range(50)]
    for press in presses:
        press.start()
    for press in presses:
        press.join()
    assert sum(not stop.is_set() for stop in stops) == 1
