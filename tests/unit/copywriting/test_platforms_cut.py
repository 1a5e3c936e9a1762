"""A text cut to a platform's limit: never within a number, a range or a Latin word."""

from __future__ import annotations

import pytest

from lib_adcopy.copywriting.platforms import shortened


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [
        ("空气炸锅 6.5L大容量 线长1.5m", 16, "空气炸锅 6.5L大容量"),
        ("车载支架 耐温-20~70度", 12, "车载支架"),
        ("龟背竹八到十片39.9元", 10, "龟背竹八到十片"),
        ("好看。价格39.9元很划算", 9, "好看。"),
        ("Great mug. Only 9.99", 18, "Great mug."),
    ],
)
def test_no_number_is_cut(text, limit, cut):
    assert shortened(text, limit) == cut
