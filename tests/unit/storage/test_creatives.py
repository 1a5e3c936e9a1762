"""What a picture keeps of how it was made, given back; whatever anybody's file says instead is left out."""

from __future__ import annotations

import json
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.domain.ad import Ad
from lib_adcopy.domain.copy import Copy
from lib_adcopy.domain.drawing import DrawSettings
from lib_adcopy.domain.fields import values_of
from lib_adcopy.domain.prompt import Prompt
from lib_adcopy.errors import AdCopyError
from lib_adcopy.storage.creatives import CHUNK, read, record_text, save, save_drawn

BRIEF = parse_brief("连衣裙，圆领", audience="学生", brand_words=("青禾", "Qinghe"), avoid_words=("便宜",))
COPY = Copy("夏天", "圆领的裙子。", seed=5, writer="template")
SETTINGS = DrawSettings(
    steps=12, seed=-1, clip_skip=2, hires_scale=1.5, hires_upscaler="Latent", hires_steps=4, denoising=0.4
)
AD = Ad(BRIEF, copy=COPY, drawing=SETTINGS)
SAVED = Path(__file__).resolve().parents[2] / "data" / "saved_by_0.1.0"


def png(file, **texts):
    chunks = PngInfo()
    for name, text in texts.items():
        chunks.add_itxt(name, text)
    Image.new("RGB", (8, 8)).save(file, pnginfo=chunks)
    return file


def test_everything_a_creative_was_made_of_comes_back(tmp_path):
    ad = replace(AD, prompt=Prompt("a dress", "blurry", style="classic"))
    record = read(save(Image.new("RGB", (8, 8)), record_text(ad), tmp_path, "连衣裙"))
    assert (record.brief, record.copy) == (BRIEF.text, COPY)
    assert record.prompt == Prompt("a dress", "blurry", style="classic")
    said = record.settings
    assert (said["audience"], said["brand_words"], said["avoid_words"]) == ("学生", ("青禾", "Qinghe"), ("便宜",))
    assert values_of(SETTINGS).items() <= said.items()


def test_pictures_saved_by_0_1_0_come_back_as_they_did_then():
    record = read(SAVED / "creative.png")
    assert (record.brief, record.copy.text) == (
        "亚麻衬衫，米白色，宽松",
        "米白亚麻衬衫\n宽松的版型，上班也穿得住。\n#衬衫 #亚麻\n#衬衫 #亚麻",
    )
    assert (record.copy.writer, record.copy.seed) == ("template", 77)
    assert record.prompt == Prompt(
        "photo of a white linen shirt, <lora:add_detail:0.5>", "blurry, EasyNegative", style="street"
    )
    assert record.settings == {
        "platform": "taobao", "tone": "lively", "length": "short", "audience": "上班族",
        "brand_words": ("棉麻集", "Mianma"), "avoid_words": ("显瘦",), "style": "street",
        "width": 640, "height": 832, "steps": 22, "sampler": "Euler a", "scheduler": "Karras", "cfg_scale": 5.5,
        "seed": 901, "batch_size": 2, "batch_count": 3, "clip_skip": 2, "checkpoint": "one.safetensors",
        "hires_scale": 1.7, "hires_upscaler": "ESRGAN", "hires_steps": 8, "denoising": 0.3,
    }  # fmt: skip
    assert read(SAVED / "drawn.png").settings["seed"] == 4242
    assert read(SAVED / "drawn.png").settings["hires_scale"] == 1
    bare = read(SAVED / "brief_only.png")
    assert (bare.brief, bare.copy, bare.prompt) == ("陶瓷马克杯", None, None)
    assert bare.settings == {"platform": "xiaohongshu", "tone": "natural", "length": "medium"}


def test_each_picture_of_a_run_has_its_own_seed(tmp_path):
    text = record_text(AD)
    parameters = "a dress\nSteps: 12, Sampler: Euler a, Seed: 41, Size: 512x512"
    assert read(png(tmp_path / "a.png", parameters=parameters, **{CHUNK: text})).settings["seed"] == 41


def test_a_prompt_that_speaks_of_a_seed_is_not_taken_for_one(tmp_path):
    text = record_text(AD)
    parameters = "a packet, Seed: 7\nSteps: 12, Sampler: Euler a, Seed: 41, Size: 512x512"
    assert read(png(tmp_path / "a.png", parameters=parameters, **{CHUNK: text})).settings["seed"] == 41


def test_a_file_of_before_there_were_settings_is_read(tmp_path):
    old = json.dumps({"version": 1, "brief": "毛衣", "copy": "暖和。"})
    record = read(png(tmp_path / "old.png", **{CHUNK: old}))
    assert (record.brief, record.copy.text, record.settings) == ("毛衣", "暖和。", {})


@pytest.mark.parametrize("text", ["[]", "null", "{", "7"])
def test_a_chunk_that_is_no_record_is_refused(tmp_path, text):
    with pytest.raises(AdCopyError):
        read(png(tmp_path / "other.png", **{CHUNK: text}))


def test_values_of_another_type_are_left_out(tmp_path):
    forged = json.dumps({"brief": ["毛衣"], "seed": True, "drawing": "steps", "copy": "暖和。"})
    record = read(png(tmp_path / "forged.png", **{CHUNK: forged}))
    assert (record.brief, record.copy.seed, record.settings, record.copy.text) == ("", -1, {}, "暖和。")


@pytest.mark.parametrize("text", ["[" * 100_000, '{"brief":' * 100_000, '{"seed":1e999,"brief":"x"}'])
def test_a_chunk_made_to_break_a_reader_is_refused_or_read_without_it(tmp_path, text):
    try:
        record = read(png(tmp_path / "other.png", **{CHUNK: text}))
    except AdCopyError as error:
        assert error.code == "storage.not_ours"
    else:
        assert (record.brief, record.settings) == ("x", {})


def test_numbers_no_setting_can_hold_and_halves_of_characters_are_left_out(tmp_path):
    forged = '{"brief":"\\ud800杯","seed":' + "9" * 400 + ',"drawing":{"steps":1e999,"width":64,"hires":{"scale":NaN}}}'
    record = read(png(tmp_path / "forged.png", **{CHUNK: forged}))
    assert (record.brief, record.settings) == ("杯", {"width": 64})


def test_a_picture_too_large_to_decode_is_read_by_its_chunk_alone(tmp_path):
    """The header claims 10,000 million pixels and no data follow: whoever decodes it fails."""
    whole = png(tmp_path / "a.png", **{CHUNK: json.dumps({"brief": "毛衣"})}).read_bytes()
    size = struct.pack(">4sII", b"IHDR", 100_000, 100_000) + whole[24:29]
    huge = whole[:12] + size + struct.pack(">I", zlib.crc32(size)) + whole[33:]
    (tmp_path / "huge.png").write_bytes(huge[: huge.index(b"IDAT") - 4])
    assert read(tmp_path / "huge.png").brief == "毛衣"


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_a_picture_of_another_format_is_not_decoded(tmp_path, kind, monkeypatch):
    Image.new("RGB", (8, 8)).save(tmp_path / "a", format=kind)
    monkeypatch.setattr(Image, "open", None)
    with pytest.raises(AdCopyError) as refused:
        read(tmp_path / "a")
    assert refused.value.code == "storage.not_ours"


def test_creatives_of_one_second_never_take_each_others_place(tmp_path, monkeypatch):
    monkeypatch.setattr("time.strftime", lambda _: "20250101-000000")
    image = Image.new("RGB", (1, 1))
    with ThreadPoolExecutor(8) as pool:
        files = list(pool.map(lambda at: save(image, json.dumps({"brief": f"{at}"}), tmp_path, "杯"), range(240)))
    assert sorted(int(read(file).brief) for file in files) == list(range(240))


def test_a_disk_that_fails_leaves_no_part_of_a_creative(tmp_path, monkeypatch):
    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(AdCopyError, match="No space"):
        save(Image.new("RGB", (8, 8)), "{}", tmp_path, "杯")
    assert list(tmp_path.iterdir()) == []


def test_a_drawn_picture_takes_no_name_that_is_taken_after_others_were_deleted(tmp_path):
    first, second, third = (save_drawn(Image.new("RGB", (8, 8)), {"parameters": f"{at}"}, tmp_path, 7) for at in "abc")
    first.unlink()
    fourth = save_drawn(Image.new("RGB", (8, 8)), {"parameters": "d"}, tmp_path, 7)
    names = [file.name for file in (second, third, fourth)]
    assert names == ["00001-7.png", "00002-7.png", "00003-7.png"]
    with Image.open(third) as kept:
        assert kept.text["parameters"] == "c"
