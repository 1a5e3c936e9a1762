"""What the law forbids is found with its article; innocent words are left alone."""

from __future__ import annotations

import json

import pytest

from lib_adcopy.copywriting.law import apply_suggestion, check_text
from tests.shared_data import SHARED, needs_shared


def banned(text):
    return [finding.term for finding in check_text(text) if finding.level == "ban"]


@pytest.mark.parametrize(
    "text",
    ["全国第一的面膜", "国家级工艺", "顶级羊绒", "7天变白", "喝了能降血压", "销量第一", "NO.1品牌", "药到病除"],
)
def test_a_violation_is_found_with_its_article(text):
    found = [finding for finding in check_text(text) if finding.level == "ban"]
    assert found and all("法" in finding.law or "条例" in finding.law for finding in found)
    assert all(text[finding.start : finding.end] == finding.term for finding in found)


@pytest.mark.parametrize("text", ["最近降温了", "第一次穿", "最后一步扣好扣子", "100%棉", "第一眼就心动", "招财猫摆件"])
def test_an_innocent_sentence_is_not(text):
    assert banned(text) == []


def test_a_suggestion_can_be_applied():
    text = "顶级羊绒，销量第一"
    for finding in reversed(check_text(text)):
        text = apply_suggestion(text, finding)
    assert banned(text) == [] and "羊绒" in text


@needs_shared
def test_human_ad_copy_is_almost_never_banned():
    lines = (SHARED / "adgen" / "train.jsonl").read_text(encoding="utf-8").splitlines()
    copies = [json.loads(line)["summary"] for line in lines]
    assert sum(bool(banned(copy)) for copy in copies) / len(copies) <= 0.01
