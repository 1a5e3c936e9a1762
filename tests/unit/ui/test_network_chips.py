"""LoRAs and embeddings on chips: what is offered, how a weight steps, and what a press leaves in the prompts."""

from __future__ import annotations

import pytest

from lib_adcopy.domain.prompt import Networks
from lib_adcopy.ui.networks import Use, in_use, offered, weighed, with_use

INSTALLED = Networks(("add_detail", "film"), ("EasyNegative", "mine"), (), "SD1")


def test_only_what_fits_the_checkpoint_is_offered():
    on_sdxl = Networks(INSTALLED.loras, INSTALLED.embeddings, (), "SDXL")
    assert offered(lambda: INSTALLED).value("LoRA add_detail") == "lora:add_detail"
    offers = [value for _, value in offered(lambda: on_sdxl).pairs("zh")]
    assert offers == ["lora:film", "negative:mine", "positive:mine"]


@pytest.mark.parametrize(
    ("kind", "weight", "by", "after"),
    [
        ("lora", 0.5, -0.1, 0.4),
        ("lora", 0.1, -0.1, -0.1),
        ("lora", -0.1, 0.1, 0.1),
        ("lora", -0.1, -0.1, -0.2),
        ("negative", 0.1, -0.1, 0),
    ],
)
def test_a_step_passes_zero_where_a_network_has_another_side(kind, weight, by, after):
    assert Use(kind, "x", weight).stepped(by).weight == after


def test_several_at_once_each_with_its_own_weight_on_either_side_of_zero():
    positive, negative = "a mug", "blurry"
    for kind, name, weight in (("lora", "add_detail", -1.5), ("lora", "film", 2), ("negative", "EasyNegative", -1)):
        positive, negative = with_use(positive, negative, weighed(kind, name, weight))
    assert positive == "a mug, <lora:add_detail:-1.5>, <lora:film:2>"
    assert negative == "blurry, (EasyNegative:0.1)"
    assert [use.weight for use in in_use(positive, negative, INSTALLED)] == [-1.5, 2, 0.1]
