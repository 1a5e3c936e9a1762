"""What may stand in a title: an effect, a taste, a material; no condition, no date, no bare size."""

import pytest

from lib_adcopy.copywriting.composition.leading import is_title_text


@pytest.mark.parametrize(
    "text",
    ["腊月二十三停发", "不许下网", "草鱼9块", "安装自己来", "大概20分钟", "3-6个月一换", "得38個位", "全家福+200",
     "看完前3节觉得没用", "一个号限一次", "偏远地区除外", "周五上午送到", "20-30㎡", "圈口54-60可调", "普通调变速40"],
)  # fmt: skip
def test_conditions_dates_and_bare_sizes_are_no_title(text):
    assert not is_title_text(text, "zh")


@pytest.mark.parametrize(
    "text", ["不沾杯", "显白", "东港自家大棚", "用的是316不锈钢", "续航12小时", "吸汗防滑", "360度一键旋转", "无荧光剂"]
)
def test_what_makes_it_wanted_may_be_a_title(text):
    assert is_title_text(text, "zh")
