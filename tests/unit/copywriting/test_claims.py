"""What a copy states and the brief does not: found whatever words say it, never where the seller said it himself."""

from __future__ import annotations

import pytest

from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.copywriting.review import review_copy
from lib_adcopy.domain.copy import Copy


def claims(brief, text):
    return [(claim.kind, claim.text) for claim in review_copy(parse_brief(brief), Copy(title="", body=text)).claims]


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("纯棉的面料，很柔软。", ("material", "纯棉")),
        ("真丝面料，垂感好。", ("material", "真丝")),
        ("莫代尔贴身穿。", ("material", "莫代尔")),
        ("316不锈钢内胆。", ("number", "316")),
        ("3000毫安的电池。", ("number", "3000毫安")),
        ("只要９９元。", ("number", "99元")),
        ("续航五小时。", ("number", "五小时")),
        ("送三年质保。", ("number", "三年质保")),
        ("支持IPX7防水。", ("number", "7")),
        ("拿过红点奖。", ("certificate", "红点奖")),
        ("通过FDA检测。", ("certificate", "FDA")),
        ("按欧盟标准做的。", ("certificate", "欧盟标准")),
        ("产自云南。", ("origin", "产自云南")),
        ("景德镇手工烧制。", ("origin", "景德镇手工")),
        ("云南产的。", ("origin", "云南产")),
    ],
)
def test_what_nobody_stated_is_found(text, claim):
    assert claim in claims("保温杯，黑色，大容量", text)


@pytest.mark.parametrize(
    ("brief", "text"),
    [
        ("保温杯，1.5 kg，304不锈钢", "重1.5kg，304不锈钢。"),
        ("外套，90％白鸭绒", "90%白鸭绒。"),
        ("猫粮，三层锁鲜，500克", "3层锁鲜，500g。"),
        ("收纳盒，3层", "三层的。"),
        ("连衣裙，桑蚕丝", "真丝的连衣裙。"),
        ("衬衫，棉", "纯棉的衬衫。"),
        ("茶叶，云南普洱", "产自云南。"),
        ("连衣裙，立体剪裁", "3d立体剪裁，配牛仔外套，一层又一层的裙摆，在云南的古镇走两步。"),
    ],
)
def test_what_the_seller_stated_or_nobody_claims_is_not(brief, text):
    assert claims(brief, text) == []


def test_a_number_is_stated_only_as_itself():
    assert claims("耳机，15小时续航", "5小时续航。") == [("number", "5小时")]
    assert claims("耳机，30小时续航", "30天续航。") == [("number", "30天")]


def test_a_certificate_is_told_once():
    assert claims("连衣裙，圆领", "有SGS报告。") == [("certificate", "SGS")]
