"""What a picture keeps of how it was made, given back; whatever anybody's file says instead is left out."""

from __future__ import annotations

import json
from dataclasses import asdict

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.domain.copy import Copy
from lib_adcopy.domain.drawing import DrawSettings, HiresFix
from lib_adcopy.domain.prompt import Prompt
from lib_adcopy.errors import AdCopyError
from lib_adcopy.storage.creatives import CHUNK, read, record_text, save

BRIEF = parse_brief("连衣裙，圆领", audience="学生", brand_words=("青禾", "Qinghe"), avoid_words=("便宜",))
COPY = Copy("夏天", "圆领的裙子。", seed=5, writer="template")
SETTINGS = DrawSettings(steps=12, seed=-1, clip_skip=2, hires=HiresFix(1.5, "Latent", 4, 0.4))


def png(file, **texts):
    chunks = PngInfo()
    for name, text in texts.items():
        chunks.add_itxt(name, text)
    Image.new("RGB", (8, 8)).save(file, pnginfo=chunks)
    return file


def test_everything_a_creative_was_made_of_comes_back(tmp_path):
    text = record_text(BRIEF, COPY, Prompt("a dress", "blurry", style="classic"), asdict(SETTINGS))
    record = read(save(Image.new("RGB", (8, 8)), text, tmp_path, "连衣裙"))
    assert (record.brief, record.audience, record.copy) == (BRIEF.text, "学生", COPY.text)
    assert (record.brand_words, record.avoid_words) == ("青禾，Qinghe", "便宜")
    assert (record.positive, record.negative, record.style) == ("a dress", "blurry", "classic")
    assert record.drawing == asdict(SETTINGS)


def test_each_picture_of_a_run_has_its_own_seed(tmp_path):
    text = record_text(BRIEF, COPY, None, asdict(SETTINGS))
    parameters = "a dress\nSteps: 12, Sampler: Euler a, Seed: 41, Size: 512x512"
    assert read(png(tmp_path / "a.png", parameters=parameters, **{CHUNK: text})).drawing["seed"] == 41


def test_a_prompt_that_speaks_of_a_seed_is_not_taken_for_one(tmp_path):
    text = record_text(BRIEF, COPY, None, asdict(SETTINGS))
    parameters = "a packet, Seed: 7\nSteps: 12, Sampler: Euler a, Seed: 41, Size: 512x512"
    assert read(png(tmp_path / "a.png", parameters=parameters, **{CHUNK: text})).drawing["seed"] == 41


def test_a_file_of_before_there_were_settings_is_read(tmp_path):
    old = json.dumps({"version": 1, "brief": "毛衣", "copy": "暖和。"})
    record = read(png(tmp_path / "old.png", **{CHUNK: old}))
    assert (record.brief, record.copy, record.drawing) == ("毛衣", "暖和。", {})


@pytest.mark.parametrize("text", ["[]", "null", "{", "7"])
def test_a_chunk_that_is_no_record_is_refused(tmp_path, text):
    with pytest.raises(AdCopyError):
        read(png(tmp_path / "other.png", **{CHUNK: text}))


def test_values_of_another_type_are_left_out(tmp_path):
    forged = json.dumps({"brief": ["毛衣"], "seed": True, "drawing": "steps", "copy": "暖和。"})
    record = read(png(tmp_path / "forged.png", **{CHUNK: forged}))
    assert (record.brief, record.seed, record.drawing, record.copy) == ("", -1, {}, "暖和。")
