"""Pictures, content and an ad to set; skips where no font has Chinese."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw, ImageFilter

from lib_adcopy.creative.content import Content, Price
from lib_adcopy.creative.picture import AnalysedPicture


@pytest.fixture(scope="session", autouse=True)
def fonts(chinese_font):
    """Every test here sets Chinese."""


@pytest.fixture(scope="session")
def content():
    return Content(
        headline="熬夜脸的一小时补水课",
        points=("玻尿酸补水", "无香精配方", "敏感肌可用"),
        price=Price("129", tag="到手价", was="199"),
        badge="新品首发",
        note="活动至12月5日",
        cta="立即试用",
        brand="LUMEN",
        specs=(("容量", "30ml"), ("产地", "杭州"), ("质保", "2年")),
    )


@pytest.fixture(scope="session")
def product():
    """A red box on a plain grey ground, in the middle third."""
    image = Image.new("RGB", (480, 640), (232, 232, 230))
    ImageDraw.Draw(image).rectangle((160, 200, 320, 480), fill=(200, 30, 40))
    return AnalysedPicture(image)


@pytest.fixture(scope="session")
def scene():
    """A dark box before a ground of many colours."""
    image = Image.effect_noise((120, 160), 90).resize((480, 640)).filter(ImageFilter.GaussianBlur(6)).convert("RGB")
    ImageDraw.Draw(image).rectangle((170, 220, 310, 500), fill=(30, 60, 160))
    return AnalysedPicture(image)
