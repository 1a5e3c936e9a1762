"""What is drawn is what OCR reads: no line is cut, broken or painted over. Skips without rapidocr."""

from __future__ import annotations

import numpy as np
import pytest

from lib_adcopy.creative.maker import Request, make

pytest.importorskip("rapidocr_onnxruntime")


@pytest.fixture(scope="module")
def engine():
    from rapidocr_onnxruntime import RapidOCR

    return RapidOCR()


def letters(text):
    return "".join(character for character in text if character.isalnum())


@pytest.mark.parametrize(("layout", "format_name"), [("headline-above", "moments-4:5"), ("type-split", "wechat-cover")])
def test_every_line_is_read_back(engine, content, product, layout, format_name):
    pictures = () if layout.startswith("type") else (product,)
    made = make(Request(content, pictures=pictures, layout=layout, label="AI生成"), format_name)
    found, _ = engine(np.asarray(made.image)[:, :, ::-1])
    read = letters("".join(text for _, text, _ in found or []))
    drawn = [letters(line) for line in made.lines]
    right = sum(len(line) for line in drawn if line in read)
    assert right >= 0.9 * sum(map(len, drawn))
