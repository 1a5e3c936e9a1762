"""What a style and a format say of a drawing, on the host at hand."""

from __future__ import annotations

import json
import threading

import pytest

from lib_adcopy.app.studio import Studio
from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.domain.ad import Ad
from lib_adcopy.domain.drawing import DrawSettings
from lib_adcopy.domain.layout import LayoutChoice
from lib_adcopy.domain.prompt import Prompt
from lib_adcopy.errors import AdCopyError
from lib_adcopy.hosts.standalone import StandaloneHost


@pytest.fixture
def studio(tmp_path):
    return Studio(StandaloneHost(tmp_path))


def own_style(studio, name, **said):
    folder = studio.host.paths().data / "styles"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(said), encoding="utf-8")
    return studio.styling.style(name)


def test_the_format_gives_the_shape_and_hires_fix_and_the_style_the_rest(studio):
    style = own_style(studio, "mine", steps=22, cfg_scale=5.5, clip_skip=2, sampler="Euler a", width=640, height=640)
    settings = studio.styling.settings(style, "xiaohongshu-3:4")
    assert (settings.steps, settings.cfg_scale, settings.clip_skip, settings.sampler) == (22, 5.5, 2, "Euler a")
    assert 0.7 < settings.width / settings.height < 0.8 and settings.width * settings.height > 512 * 640
    assert settings.hires and settings.hires.scale == 2
    assert studio.styling.settings(style, "wechat-square").hires is None


def test_a_sampler_the_host_lacks_leaves_the_hosts_own(studio):
    style = own_style(studio, "mine", sampler="No such sampler")
    assert studio.styling.settings(style, "taobao-main").sampler == DrawSettings().sampler


def test_an_unknown_style_or_format_is_said_before_anything_is_written(studio):
    for wrong in ({"style": "nope"}, {"layout": LayoutChoice("nope")}):
        heard = []
        with pytest.raises(AdCopyError):
            studio.create(Ad(parse_brief("马克杯"), **wrong), on_event=heard.append, stop=threading.Event())
        assert heard == []


def test_a_style_of_the_users_own_is_kept_chosen_and_deleted(studio):
    derived = studio.derive(Ad(parse_brief("陶瓷马克杯"), style="street")).prompt
    settings = DrawSettings(steps=21, width=640, height=832, clip_skip=2)
    studio.styling.keep("我的", derived, f"{derived.positive}, film grain", derived.negative, settings)
    style = studio.styling.style("我的")
    assert style.settings == {"steps": 21, "cfg_scale": 7.0, "width": 640, "height": 832, "clip_skip": 2}
    assert "film grain" in studio.derive(Ad(parse_brief("连衣裙"), style="我的")).prompt.positive
    studio.styling.keep("我的", derived, "other words", derived.negative, settings)
    assert studio.styling.style("我的").positive == "other words"
    studio.styling.delete("我的")
    with pytest.raises(AdCopyError):
        studio.styling.style("我的")


@pytest.mark.parametrize("name", ["classic", "Classic", "经典", "FILM", "mine", "../x", "a/b", "", "nul", "x" * 41])
def test_a_name_that_is_taken_or_leaves_the_folder_gets_one_sentence_and_no_file(studio, name, tmp_path):
    (tmp_path / "styles.csv").write_text("name,prompt\nfilm,35mm\n", encoding="utf-8")
    own_style(studio, "Mine")
    before = set(tmp_path.rglob("*.json"))
    with pytest.raises(AdCopyError) as error:
        studio.styling.keep(name, Prompt("", ""), "film grain", "", DrawSettings())
    assert len(error.value.message.text("zh").splitlines()) == 1
    assert set(tmp_path.rglob("*.json")) == before


@pytest.mark.parametrize("name", ["classic", "film", "no such", "../Mine", "../../x"])
def test_only_a_style_of_the_users_own_can_be_deleted(studio, name, tmp_path):
    (tmp_path / "styles.csv").write_text('name,prompt\nfilm,35mm\n../Mine,"x"\n', encoding="utf-8")
    own_style(studio, "Mine")
    (studio.host.paths().data / "Mine.json").write_text("{}", encoding="utf-8")
    before = set(tmp_path.rglob("*.json"))
    with pytest.raises(AdCopyError):
        studio.styling.delete(name)
    assert set(tmp_path.rglob("*.json")) == before
    assert "classic" in studio.styling.styles()
