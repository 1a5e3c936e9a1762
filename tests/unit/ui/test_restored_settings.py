"""Settings out of a picture go back into the boxes they came from, and only those that may stand there."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from lib_adcopy.domain.ad import Ad
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.drawing import DrawSettings
from lib_adcopy.domain.fields import values_of
from lib_adcopy.domain.record import from_json, to_json

values = pytest.importorskip("lib_adcopy.ui.values", reason="the tab needs gradio", exc_type=ImportError)

HOST = SimpleNamespace(
    samplers=lambda: ("Euler a", "DDIM"),
    schedulers=lambda: ("Karras",),
    checkpoints=lambda: ("one.safetensors",),
    upscalers=lambda: ("Latent", "ESRGAN"),
)


def boxes_of(drawing, **forged):
    stored = to_json(Ad(Brief("毛衣"), drawing=drawing))
    stored["settings"] |= forged
    return values.restorable(from_json(stored).settings, HOST)


@pytest.mark.parametrize(
    "settings",
    [
        DrawSettings(),
        DrawSettings(640, 832, 12, "DDIM", "Karras", 5.5, 9, 2, 3, 2, "one.safetensors", 1.7, "ESRGAN", 8, 0.3),
    ],
)
def test_what_was_drawn_with_is_what_stands_in_the_boxes_again(settings):
    boxes = boxes_of(settings)
    assert values_of(settings).items() <= boxes.items()
    assert values.ad_of(boxes, Brief("毛衣")).drawing == settings


@pytest.mark.parametrize(
    ("name", "forged"),
    [
        ("steps", 100_000), ("steps", "<b>30</b>"), ("width", 10**9), ("cfg_scale", float("nan")), ("seed", True),
        ("sampler", "<script>"), ("checkpoint", "../../etc/passwd"), ("scheduler", None), ("batch_count", [4]),
    ],
)  # fmt: skip
def test_what_may_not_stand_there_is_left_out(name, forged):
    boxes = boxes_of(DrawSettings(), **{name: forged})
    assert name not in boxes
    assert boxes["height"] == 512


def test_a_chunk_of_0_1_0_whose_hires_fix_is_none_of_ours_turns_it_off():
    old = {"version": 1, "brief": "毛衣", "drawing": {"steps": 12, "hires": "2x"}}
    assert values.restorable(from_json(old).settings, HOST)["hires_scale"] == 1
