"""`creative` as a stranger runs it: files, what is drawn on them, and one clear line for what is wrong."""

from __future__ import annotations

import json

import pytest
from PIL import Image, ImageDraw

from lib_adcopy.cli import main
from lib_adcopy.storage.aigc_label import read_label

pytestmark = pytest.mark.usefixtures("chinese_font")
BRIEF = "云隅手作陶瓷马克杯，可进微波炉，釉下彩安全，到手价39元，原价59元，第2件半价"


@pytest.fixture
def photo(tmp_path):
    image = Image.new("RGBA", (300, 400), (0, 0, 0, 0))
    ImageDraw.Draw(image).rounded_rectangle((90, 60, 210, 380), 30, fill=(30, 120, 90, 255))
    image.save(tmp_path / "cup.png")
    return str(tmp_path / "cup.png")


@pytest.fixture
def brand(tmp_path):
    logo = Image.new("RGBA", (120, 120), (0, 0, 0, 0))
    ImageDraw.Draw(logo).ellipse((10, 10, 110, 110), fill=(200, 30, 60, 255))
    logo.save(tmp_path / "logo.png")
    kit = {"name": "青禾", "colours": ["#2f7d68"], "logo": "logo.png"}
    (tmp_path / "brand.json").write_text(json.dumps(kit), encoding="utf-8")
    return str(tmp_path / "brand.json")


@pytest.fixture
def run(capsys, tmp_path):
    def call(*options):
        asked = ["creative", "--json", "--brief", BRIEF, "--format", "moments-4:5", "--out", str(tmp_path)]
        code = main([*asked, *options])
        said = capsys.readouterr()
        return code, json.loads(said.out) if code == 0 else said.err.strip()

    return call


def test_price_offer_and_points_are_drawn_and_labelled(run, photo, tmp_path):
    code, answer = run("--image", photo)
    assert code == 0
    (file,) = answer["files"]
    said = "".join(file["text"])
    assert all(part in said for part in ("云隅手作", "39", "到手价", "59", "可进微波炉", "AI生成"))
    assert file["checks"]["contrast"] >= 4.5 and file["checks"]["cut_text"] == 0
    assert {"name", "level", "text", "mend"} == set(file["findings"][0])
    assert read_label(tmp_path / file["path"]) is not None


def test_a_brand_stands_on_it_and_the_label_can_be_switched_off(run, photo, brand):
    _, answer = run("--image", photo, "--brand", brand, "--label", "off")
    text = answer["files"][0]["text"]
    assert "青禾" in text and "AI生成" not in text
    assert any(each["name"] == "label" and each["level"] == "warning" for each in answer["files"][0]["findings"])


def test_five_main_pictures_are_one_set(run, photo):
    _, answer = run("--image", photo, "--main-pictures")
    assert [file["path"].split(".")[0] for file in answer["files"]] == [
        "1-hero", "2-points", "3-detail", "4-size", "5-white",
    ]  # fmt: skip
    assert answer["files"][4]["text"] == []


@pytest.mark.parametrize(
    "options",
    [
        ("--layout", "nowhere"), ("--image", "missing.png"), ("--brand", "missing.json"), ("--nudge", "headline=aside"),
        ("--set", "heading=x"), ("--main-pictures",),
    ],
)  # fmt: skip
def test_what_is_wrong_is_one_line(run, options):
    code, said = run(*options)
    assert code == 2
    assert len(said.splitlines()) == 1
