"""A text the seller wrote or changed himself is revised and not written anew."""

from __future__ import annotations

import threading

import pytest

from lib_adcopy.copywriting.answers import split_copy
from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.copywriting.platforms import over
from lib_adcopy.copywriting.writers.chatglm import ChatGLMWriter
from lib_adcopy.copywriting.writers.template import TemplateWriter
from lib_adcopy.domain.writing import Sampling

BRIEF = parse_brief("连衣裙，显瘦，雪纺，圆领", platform="taobao")
OWN = "周六穿它去见外婆\n外婆说这条裙子好看。圆领大方，也显瘦。雪纺凉快，走一天都不闷！下周还想穿它去河边。"


class NeverAsked:
    def stream(self, query, **options):
        raise AssertionError(query)


@pytest.fixture(params=["template", "starter"])
def revise(request):
    writer = TemplateWriter() if request.param == "template" else ChatGLMWriter(NeverAsked(), ad_model=True)

    def revised(wish, history=(), text=OWN):
        drafts = writer.revise(
            BRIEF, split_copy(text), wish, history, seed=4, sampling=Sampling(), stop=threading.Event()
        )
        return list(drafts)[-1].copy

    return revised


def test_shorter_and_shorter_again(revise):
    once = revise("短一点")
    twice = revise("短一点", [("短一点", once)], once.text)
    assert "外婆" in once.body and "外婆" in twice.body
    assert len(twice.body) < len(once.body) < len(split_copy(OWN).body)


def test_on_another_platform(revise):
    copy = revise("换成小红书风格")
    assert copy.body == split_copy(OWN).body and copy.title == "周六穿它去见外婆"
    assert 3 <= len(copy.hashtags) <= 8 and over(copy, "xiaohongshu") == ()


def test_without_a_word(revise):
    assert revise("不要说显瘦").body == "外婆说这条裙子好看。圆领大方。雪纺凉快，走一天都不闷！下周还想穿它去河边。"


@pytest.mark.parametrize(
    ("wish", "said"),
    [("突出面料", "雪纺"), ("面向学生党", "学生党"), ("加上满200减30", "满200减30"), ("长一点", ""), ("活泼一点", "")],
)
def test_with_something_more(revise, wish, said):
    body, own = revise(wish).body, split_copy(OWN).body
    assert body.startswith(own) and len(body) > len(own) and said in body[len(own) :]


def test_without_its_exclamation_marks(revise):
    assert revise("不要感叹号").body == split_copy(OWN).body.replace("！", "。")


def test_what_names_nothing_is_written_anew():
    drafts = TemplateWriter().revise(
        BRIEF, split_copy(OWN), "再来一版", (), seed=4, sampling=Sampling(), stop=threading.Event()
    )
    assert "外婆" not in list(drafts)[-1].copy.body
