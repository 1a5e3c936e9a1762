"""LoRAs and embeddings: only what is installed and fits, each on its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.domain.prompt import LoraUse, Networks
from lib_adcopy.prompting.derive import derive_prompt
from lib_adcopy.prompting.networks import keep_installed, offered, tags_in, with_lora
from lib_adcopy.prompting.styles.style import load_styles
from tests.shared_data import SHARED

CLASSIC = load_styles()["classic"]
SET = ("badhandv4", "EasyNegative", "EasyNegativeV2", "ng_deepnegative_v1_75t")


def derived(networks, style=CLASSIC):
    return derive_prompt(parse_brief("连衣裙，红色"), None, style, networks)


def test_what_is_missing_is_named_and_not_left_as_plain_words():
    prompt = derived(Networks(embeddings=("EasyNegative",), base="SD1"))
    assert "lora" not in prompt.positive and "badhandv4" not in prompt.negative
    assert {str(note.params["name"]) for note in prompt.notes} == {"add_detail", *SET} - {"EasyNegative"}


def test_a_missing_lora_does_not_spoil_the_others():
    style = replace(CLASSIC, loras=(LoraUse("nope", 1), LoraUse("add_detail", 0.5), LoraUse("Film", -1)))
    prompt = derived(Networks(("add_detail", "film"), SET, base="SD1"), style)
    assert prompt.positive.endswith("<lora:add_detail:0.5> <lora:film:-1>") and len(prompt.notes) == 1


def test_on_sdxl_the_sd15_set_is_left_out_with_one_note_and_the_rest_stays():
    style = replace(CLASSIC, loras=(*CLASSIC.loras, LoraUse("xl_film", 0.8)))
    prompt = derived(Networks(("add_detail", "xl_film"), SET, (), "SDXL"), style)
    assert prompt.loras == (LoraUse("xl_film", 0.8),) and prompt.embeddings == ()
    assert [note.key for note in prompt.notes] == ["prompting.note.other_base"]
    assert "SDXL" in prompt.notes[0].text("zh") and "add_detail" in prompt.notes[0].text("zh")


def test_an_embedding_of_the_wrong_width_is_skipped_by_name():
    prompt = derived(Networks(("add_detail",), SET[1:], SET[:1], "SD1"))
    assert prompt.embeddings == SET[1:] and "badhandv4" in prompt.notes[0].text("en")


def test_only_what_fits_is_offered():
    sdxl = Networks(("add_detail", "xl"), ("EasyNegative", "mine"), (), "SDXL")
    assert (offered(sdxl).loras, offered(sdxl).embeddings) == (("xl",), ("mine",))
    assert offered(replace(sdxl, base="SD1")) == replace(sdxl, base="SD1")


def test_tags_typed_for_networks_that_are_not_there_are_dropped():
    typed = "a mug, <lora:nope:1>, <lora:add_detail:0.7>, <lora:add_detail:abc>"
    positive, negative, notes = keep_installed(typed, "EasyNegativeV2, blurry", Networks(("add_detail",)))
    assert positive == "a mug, <lora:add_detail:0.7>" and negative == "blurry"
    assert len(notes) == 3


def test_a_typed_sd15_tag_is_dropped_on_sdxl_though_the_file_is_there():
    networks = Networks(("add_detail",), ("EasyNegative",), (), "SDXL")
    positive, negative, notes = keep_installed("a mug, <lora:add_detail:1>", "EasyNegative, blurry", networks)
    assert (positive, negative, len(notes)) == ("a mug", "blurry", 2)


def test_a_weight_can_be_changed_within_its_range_and_several_stand_together():
    prompt = with_lora(with_lora("a mug", "add_detail", -5), "film", 0.3)
    assert prompt == "a mug, <lora:add_detail:-2>, <lora:film:0.3>"
    assert with_lora(prompt, "add_detail", 0) == "a mug, <lora:film:0.3>"
    assert with_lora(prompt, "film", float("nan")) == "a mug, <lora:add_detail:-2>"


def test_tags_are_read_with_whatever_stands_in_them():
    assert tags_in("<lora:a> <lora:b:0.5:0.7> <lora:c:te=0.4> <lora:d:x> <hypernet:e:1>") == (
        LoraUse("a", 1),
        LoraUse("b", 0.5),
        LoraUse("c", 0.4),
    )


@pytest.mark.parametrize("rest", ["1:1:lbw=IN02", "0.6:MIDD", "0.5:lbw=OUTALL:stop=10", "0.5:1,0,1,1"])
def test_what_other_extensions_read_in_a_tag_is_kept_as_typed(rest):
    typed = f"mug, <lora:add_detail:{rest}>"
    assert keep_installed(typed, "", Networks(loras=("add_detail",), base="SD1")) == (typed, "", ())


def test_an_alias_is_kept_as_typed_and_a_chinese_keyboards_signs_are_read():
    networks = Networks(loras=("add_detail",), base="SD1", lora_aliases=("detail-1.0",))
    assert keep_installed("mug, <lora:detail-1.0:0.7>", "", networks) == ("mug, <lora:detail-1.0:0.7>", "", ())
    assert keep_installed("mug, ＜lora：add_detail：0.8＞", "", networks)[0] == "mug, <lora:add_detail:0.8>"
    assert keep_installed("mug, <lora:other:0.7>", "", networks)[0] == "mug"


TYPED = SHARED / "cases" / "networks" / "tags.txt"


@pytest.mark.skipif(not TYPED.is_file(), reason="the shared inputs are not here")
def test_the_shared_tags_stay_where_the_network_is_there_and_are_named_where_it_is_not():
    networks = Networks(loras=("add_detail",), base="SD1", lora_aliases=("xcxcxc-1.0",))
    for line in TYPED.read_text(encoding="utf-8").splitlines():
        typed = line.split("    (")[0].strip()
        positive, _, notes = keep_installed(f"mug, {typed}", "", networks)
        is_there = "missing" not in typed
        assert bool(notes) != is_there and ("<lora:" in positive) == is_there, typed
        assert not set("＜＞：") & set(positive), typed
