"""What a style and a format say of a drawing, on the host at hand."""

from __future__ import annotations

import json
import threading

import pytest

from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.errors import AdCopyError
from lib_adcopy.hosts.base import DrawSettings
from lib_adcopy.hosts.standalone import StandaloneHost
from lib_adcopy.studio import Studio, WriteOptions


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
    for wrong in ({"style": "nope"}, {"format_name": "nope"}):
        heard = []
        with pytest.raises(AdCopyError):
            studio.create(
                parse_brief("马克杯"), WriteOptions(), **wrong, on_event=heard.append, stop=threading.Event()
            )
        assert heard == []
