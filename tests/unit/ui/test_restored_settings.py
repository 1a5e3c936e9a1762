"""Settings out of a picture go back into the boxes they came from, and only those that may stand there."""

from __future__ import annotations

from dataclasses import asdict
from types import SimpleNamespace

import pytest

from lib_adcopy.domain.drawing import DrawSettings, HiresFix

values = pytest.importorskip("lib_adcopy.ui.values", reason="the tab needs gradio", exc_type=ImportError)

HIRES = HiresFix(1.7, "ESRGAN", 8, 0.3)
HOST = SimpleNamespace(
    samplers=lambda: ("Euler a", "DDIM"),
    schedulers=lambda: ("Karras",),
    checkpoints=lambda: ("one.safetensors",),
    upscalers=lambda: ("Latent", "ESRGAN"),
)


@pytest.mark.parametrize(
    "settings",
    [
        DrawSettings(),
        DrawSettings(640, 832, 12, "DDIM", "Karras", 5.5, 9, 2, 3, 2, "one.safetensors", HIRES),
    ],
)
def test_what_was_drawn_with_is_what_stands_in_the_boxes_again(settings):
    boxes = values.drawing_values(asdict(settings), HOST)
    # The boxes of hires fix, which a drawing without it leaves as they are.
    resting = {"hires_upscaler": "", "hires_steps": 0, "denoising": 0.5}
    assert values.draw_settings({**resting, **boxes}) == settings


@pytest.mark.parametrize(
    ("name", "forged"),
    [
        ("steps", 100_000), ("steps", "<b>30</b>"), ("width", 10**9), ("cfg_scale", float("nan")), ("seed", True),
        ("sampler", "<script>"), ("checkpoint", "../../etc/passwd"), ("scheduler", None), ("batch_count", [4]),
    ],
)  # fmt: skip
def test_what_may_not_stand_there_is_left_out(name, forged):
    boxes = values.drawing_values({**asdict(DrawSettings()), name: forged}, HOST)
    assert name not in boxes
    assert boxes["height"] == 512


def test_a_chunk_whose_hires_fix_is_none_of_ours_turns_it_off():
    assert values.drawing_values({"hires": "2x"}, HOST)["hires_scale"] == 1
