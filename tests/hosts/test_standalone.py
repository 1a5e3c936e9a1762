"""The studio's own pipeline: a checkpoint drawn with its networks in effect, on random weights."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

pytest.importorskip("torch")
pytest.importorskip("diffusers")

from PIL import Image, ImageChops

from lib_adcopy.domain.drawing import DrawSettings
from lib_adcopy.errors import AdCopyError
from lib_adcopy.gpu import ModelManager
from lib_adcopy.hosts.base import DrawRequest
from lib_adcopy.hosts.standalone import StandaloneHost
from lib_adcopy.hosts.standalone.tokenizer import find_merges
from tests.hosts import random_sd

pytestmark = pytest.mark.skipif(find_merges() is None, reason="no package here carries CLIP's merges")
SETTINGS = DrawSettings(width=64, height=64, steps=2, seed=7, sampler="Euler a")
TAGGED = "red dress, round neckline, <lora:add_detail:0.8>"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("studio")
    random_sd.make(folder)
    return folder


@pytest.fixture(scope="module")
def host(home):
    return StandaloneHost(home)


def draw(host, positive="red dress", negative="", progress=None, stop=None, **changes):
    settings = replace(SETTINGS, **changes)
    request = DrawRequest(positive, negative, settings, {"Ad Copy writer": "template"}, {"adcopy": "{}"})
    return ModelManager(host).draw(request, (progress or [].append), stop or threading.Event())


def same(one, other):
    return ImageChops.difference(one, other).getbbox() is None


def test_the_networks_of_the_folders_are_listed(host):
    found = host.networks()
    assert (found.loras, set(found.embeddings), found.base) == (("add_detail",), {"EasyNegative", "badhandv4"}, "SD1")
    assert host.can_draw


def test_one_seed_draws_one_picture(host):
    assert same(draw(host).pictures[0].image, draw(host).pictures[0].image)
    assert not same(draw(host).pictures[0].image, draw(host, seed=8).pictures[0].image)


def test_lora_and_embeddings_change_the_pixels_and_come_off_again(host):
    plain = draw(host).pictures[0].image
    assert not same(plain, draw(host, "red dress, <lora:add_detail:0.8>").pictures[0].image)
    assert same(plain, draw(host).pictures[0].image)
    easy, hands = (draw(host, negative=name).pictures[0].image for name in ("EasyNegative", "badhandv4"))
    assert not same(plain, easy)
    assert not same(easy, hands)


def test_a_picture_is_saved_with_its_parameters(host):
    picture = draw(host, TAGGED, "EasyNegative, blurry").pictures[0]
    with Image.open(picture.path) as saved:
        text = saved.info["parameters"]
        assert saved.info["adcopy"] == "{}"
    assert text == picture.infotext
    for fact in ("Negative prompt: EasyNegative", "Steps: 2", "Sampler: Euler a", "Seed: 7", "Size: 64x64",
                 'Lora hashes: "add_detail: ', 'TI hashes: "EasyNegative: ', "Ad Copy writer: template"):
        assert fact in text


def test_long_prompts_and_emphasis_are_read_to_their_end(host):
    long = ", ".join(["soft light"] * 60)
    assert not same(draw(host, long).pictures[0].image, draw(host, f"{long}, green").pictures[0].image)
    assert not same(draw(host, "red dress").pictures[0].image, draw(host, "(red:1.4) dress").pictures[0].image)


def test_every_sampler_draws(host):
    for sampler in host.samplers():
        assert draw(host, sampler=sampler, steps=3).pictures[0].image.size == (64, 64)


def test_clip_skip_and_hires_fix_have_their_effect(host):
    assert not same(draw(host).pictures[0].image, draw(host, clip_skip=2).pictures[0].image)
    assert draw(host, hires_scale=1.5, hires_upscaler="Lanczos").pictures[0].image.size == (96, 96)


def test_progress_counts_both_passes_of_every_picture_and_never_goes_back(host):
    seen = []
    hires = {"hires_scale": 2, "hires_upscaler": "Lanczos", "denoising": 0.5}
    draw(host, steps=4, batch_count=2, **hires, sampler="Heun", progress=seen.append)
    fractions = [event.fraction for event in seen if event.fraction is not None]
    assert fractions == sorted(set(fractions))
    assert fractions[-1] == 1
    # The second pass draws four times the pixels in half the steps: two thirds of the work.
    first_pass = max(fraction for fraction in fractions if fraction < 0.5 / 3 + 1e-6)
    assert first_pass == pytest.approx(0.5 / 3)
    assert seen[-1].seconds_left == 0


def test_the_second_pass_takes_its_own_steps(host):
    plain = draw(host, steps=4, hires_scale=1.5, denoising=0.5).pictures[0]
    more = draw(host, steps=4, hires_scale=1.5, hires_steps=9, denoising=0.5).pictures[0]
    assert not same(plain.image, more.image)
    assert "Hires steps: 9" in more.infotext
    # No step is left of so little.
    assert draw(host, steps=4, hires_scale=2, denoising=0.1).pictures[0].image.size == (128, 128)


def test_the_picture_is_looked_at_while_it_is_drawn(host, monkeypatch):
    from lib_adcopy.hosts.standalone import progress

    monkeypatch.setattr(progress, "_PREVIEW_SECONDS", 0)
    seen = []
    draw(host, steps=3, progress=seen.append)
    looks = [event.preview for event in seen if event.preview]
    assert [look.size for look in looks] == [(8, 8)] * 3
    assert not same(looks[0], looks[-1])


def test_latents_are_seen_in_their_colours():
    import torch

    from lib_adcopy.hosts.standalone.progress import latents_as_picture

    grey = latents_as_picture(torch.zeros(1, 4, 2, 3))
    assert (grey.size, grey.getpixel((0, 0))) == ((3, 2), (127, 127, 127))
    # The third channel is blue and green against red.
    third = torch.zeros(1, 4, 1, 1)
    third[0, 2] = 3
    red, green, blue = latents_as_picture(third).getpixel((0, 0))
    assert red < 127 < green < blue


def test_an_interrupted_picture_is_kept_and_the_next_ones_are_not_begun(host):
    stop, seen = threading.Event(), []

    def progress(event):
        seen.append(event.fraction)
        if len(seen) == 3:
            stop.set()

    result = draw(host, steps=20, batch_count=3, progress=progress, stop=stop)
    assert result.interrupted
    assert len(result.pictures) == 1
    # The first tells that it waits for nobody.
    drawn = [fraction for fraction in seen if fraction is not None]
    assert seen[0] is None and drawn == [pytest.approx(step / 60) for step in range(1, len(drawn) + 1)] and drawn


def test_a_skipped_picture_makes_way_for_the_next(host):
    seen = []

    def progress(event):
        seen.append(event.fraction)
        if len(seen) == 3:
            host.skip()

    result = draw(host, steps=10, batch_count=2, progress=progress)
    assert len(result.pictures) == 2
    assert not result.interrupted


def test_what_cannot_be_drawn_with_is_named(tmp_path):
    host = StandaloneHost(tmp_path)
    assert not host.can_draw
    folder = tmp_path / "models" / "Stable-diffusion"
    folder.mkdir(parents=True)
    (folder / "torn.safetensors").write_bytes(b"\x10\x00\x00")
    with pytest.raises(AdCopyError, match="incomplete"):
        draw(host)


def test_a_lora_that_does_not_fit_is_named_and_the_next_picture_is_drawn(host, home):
    import torch
    from safetensors.torch import save_file

    target = "lora_unet_mid_block_attentions_0_transformer_blocks_0_attn1_to_q"
    odd = {f"{target}.lora_down.weight": torch.randn(4, 999), f"{target}.lora_up.weight": torch.randn(999, 4),
           f"{target}.alpha": torch.tensor(4.0)}
    save_file(odd, home / "models" / "Lora" / "odd.safetensors")
    try:
        with pytest.raises(AdCopyError, match="does not fit"):
            draw(host, "dress, <lora:odd:1>")
    finally:
        (home / "models" / "Lora" / "odd.safetensors").unlink()
    assert draw(host).pictures
