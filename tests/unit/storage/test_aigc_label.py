"""The AI label in a file's metadata: one, readable, beside our record and the webui's parameters."""

from __future__ import annotations

import json

import pytest
from PIL import Image

from lib_adcopy.errors import AdCopyError
from lib_adcopy.storage.aigc_label import check_producer, make_label, read_label
from lib_adcopy.storage.picture_file import KINDS, encode_picture
from lib_adcopy.storage.picture_text import read_texts

TEXTS = {
    "adcopy": json.dumps({"version": 1, "brief": "连衣裙 <红>&“白”"}, ensure_ascii=False),
    "parameters": "一条裙子\nSteps: 30, Seed: 7",
}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_file_carries_label_record_and_parameters(tmp_path, kind):
    label = make_label("MyShop")
    file = tmp_path / f"a.{kind}"
    file.write_bytes(encode_picture(Image.new("RGB", (64, 48), "teal"), kind, texts=TEXTS, label=label))
    assert read_label(file) == label
    assert read_texts(file)["parameters"] == TEXTS["parameters"]
    assert file.read_bytes().count(b"TC260:AIGC>") == 2
    with Image.open(file) as opened:
        assert opened.size == (64, 48)


@pytest.mark.parametrize("kind", KINDS)
def test_the_record_is_read_back(tmp_path, kind):
    from lib_adcopy.storage import read

    file = tmp_path / f"a.{kind}"
    file.write_bytes(encode_picture(Image.new("RGB", (64, 48), "teal"), kind, texts=TEXTS, label=make_label()))
    assert read(file).brief == "连衣裙 <红>&“白”"


def test_the_label_is_the_standards_json():
    stored = json.loads(make_label("MyShop", now=0).text)
    assert stored["Label"] == "1" and stored["ContentProducer"] == stored["ContentPropagator"] == "MyShop"
    assert stored["ProduceID"] == stored["PropagateID"] and stored["ProduceID"].startswith("19700101T000000Z-")
    assert all(isinstance(value, str) for value in stored.values())


@pytest.mark.parametrize(
    "name", ["我的店", "my shop", 'a"b', "a\\b", "001191110102MACQD9K64010001", "00119111010012345678X010001"]
)
def test_a_producer_the_standard_does_not_allow_is_refused(name):
    if name == "001191110102MACQD9K64010001":
        check_producer(name)
        return
    with pytest.raises(AdCopyError):
        check_producer(name)
