"""An update over 0.1.0 keeps what its user set: settings, defaults in ui-config.json, styles of his own."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("gradio")

from lib_adcopy.app.settings import SETTINGS
from lib_adcopy.app.studio import Studio
from lib_adcopy.hosts.standalone import StandaloneHost
from lib_adcopy.ui.tab import build_tab

OLD_SETTINGS = {"model_folders": "", "device": "cpu", "bits": 4, "policy": "swap", "idle_minutes": 15}
# The boxes whose values 0.1.0 let a webui keep, as "adcopy/<name>/value".
OLD_DEFAULTS = [
    "batch_count", "batch_size", "cfg_scale", "clip_skip", "copy_seed", "count", "denoising", "format",
    "height", "hires_scale", "hires_steps", "hires_upscaler", "length", "max_length", "mode", "models_bits",
    "models_kind", "models_source", "network_weight", "platform", "sampler", "scheduler", "seed", "steps",
    "style", "temperature", "tone", "top_p", "tune_held_out", "tune_projection", "tune_seed", "tune_share",
    "width",
]  # fmt: skip
OLD_STYLE = {
    "titles": {"zh": "我的黄昏"}, "before": "", "positive": "soft light, film grain", "negative": "text, logo",
    "pose": "relaxed pose", "camera": "warm tones", "background": "meadow", "person": True, "without_person": "",
    "scene": ["place", "season", "mood"], "loras": [{"name": "film", "weight": 0.5}], "embeddings": ["EasyNegative"],
    "by_category": {"food": {"background": "picnic blanket"}}, "steps": 24, "sampler": "DPM++ 2M", "cfg_scale": 6.0,
}  # fmt: skip


def test_every_setting_is_known_by_its_old_name_and_takes_its_old_value():
    rows = {row.key: row for row in SETTINGS}
    for key, value in OLD_SETTINGS.items():
        choices = getattr(rows[key], "choices", ())
        assert not choices or value in choices, key


def test_a_users_defaults_are_found_under_their_old_names(tmp_path):
    page = build_tab(Studio(StandaloneHost(tmp_path)))
    labelled = [part for part in page.blocks.values() if getattr(part, "label", None)]
    kept = {format(part.label, "") for part in labelled if not getattr(part, "do_not_save_to_config", False)}
    assert set(OLD_DEFAULTS) - kept == set()


def test_a_style_of_the_users_is_offered_as_it_was(tmp_path):
    host = StandaloneHost(tmp_path)
    folder = host.paths().data / "styles"
    folder.mkdir(parents=True)
    (folder / "我的黄昏.json").write_text(json.dumps(OLD_STYLE, ensure_ascii=False), encoding="utf-8")
    style = Studio(host).styling.style("我的黄昏")
    assert (style.positive, style.camera, style.titles["zh"]) == ("soft light, film grain", "warm tones", "我的黄昏")
    assert (style.settings["steps"], style.settings["cfg_scale"]) == (24, 6.0)
    assert [lora.name for lora in style.loras] == ["film"] and style.embeddings == ("EasyNegative",)
