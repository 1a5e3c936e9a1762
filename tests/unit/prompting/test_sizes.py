"""From format to what a checkpoint can draw."""

from __future__ import annotations

import json

import pytest

from lib_adcopy.errors import AdCopyError
from lib_adcopy.i18n import words
from lib_adcopy.prompting.sizes import formats, plan_size
from tests.shared_data import SHARED, needs_shared


@pytest.mark.parametrize("base", ["SD1", "SDXL", "unknown"])
@pytest.mark.parametrize("name", sorted(formats()))
def test_every_format_has_a_first_pass_the_checkpoint_can_draw(base, name):
    plan = plan_size(name, base)
    assert plan.width % 64 == 0 and plan.height % 64 == 0 and plan.final == formats()[name]
    longest, shortest = max(plan.width, plan.height), min(plan.width, plan.height)
    assert longest <= (1536 if base == "SDXL" else 768) and longest >= (960 if base == "SDXL" else 512)
    assert longest / shortest <= 2
    if base == "SDXL":
        assert 0.8 <= plan.width * plan.height / 2**20 <= 1.2
    assert 1 <= plan.scale <= 2
    wanted = plan.final[0] / plan.final[1]
    drawn = plan.width / plan.height
    assert not 1 / 1.8 <= wanted <= 1.8 or max(drawn / wanted, wanted / drawn) < 1.06


@pytest.mark.parametrize("name", sorted(formats()))
def test_a_second_pass_reaches_the_format_or_does_what_it_can(name):
    plan = plan_size(name, "SD1")
    covers = plan.width * plan.scale >= plan.final[0] and plan.height * plan.scale >= plan.final[1]
    nearly = max(plan.final[0] / plan.width, plan.final[1] / plan.height) <= 1.1
    assert covers or plan.scale == 2 or (nearly and plan.scale == 1)


def test_a_styles_size_says_how_many_pixels_and_the_format_their_shape():
    for recommended in ((768, 768), (1024, 576)):
        plan = plan_size("xiaohongshu-3:4", "SD1", recommended)
        assert plan.width < plan.height and 0.85 < plan.width * plan.height / (recommended[0] * recommended[1]) < 1.15
    assert plan_size("taobao-main", "SD1", (640, 640)).width == 640
    for extreme in ((8, 8), (9999, 9999)):
        plan = plan_size("xiaohongshu-3:4", "SD1", extreme)
        assert 64 <= plan.width <= plan.height <= 2048


def test_an_unknown_format_is_one_sentence():
    with pytest.raises(AdCopyError):
        plan_size("a4", "SD1")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_format_has_a_name_for_the_user(language):
    assert not [name for name in formats() if f"ui.formats.{name}" not in words(language)]


@needs_shared
def test_every_size_the_platforms_publish_is_there():
    specs = json.loads((SHARED / "docs" / "platform_specs.json").read_text(encoding="utf-8"))
    wanted = [size for entry in specs.values() for size in _sizes(entry)]
    assert len(wanted) > 15 and not [size for size in wanted if size not in formats().values()]


def _sizes(entry):
    """Pairs of pixel sizes, without the smallest and largest a platform allows."""
    if isinstance(entry, list):
        if len(entry) == 2 and all(isinstance(side, int) and side > 200 for side in entry):
            yield tuple(entry)
    elif isinstance(entry, dict):
        for key, value in entry.items():
            if not key.startswith(("min", "max")):
                yield from _sizes(value)
