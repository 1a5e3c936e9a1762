"""A chat model that answers badly: what is posted keeps the platform's limits and habits all the same."""

from __future__ import annotations

import json
import re
import threading
from typing import NamedTuple

import pytest

from lib_adcopy.copywriting.brief import PLATFORMS, parse_brief
from lib_adcopy.copywriting.law import check_text
from lib_adcopy.copywriting.platforms import over, platforms
from lib_adcopy.copywriting.review import rank, review_copy
from lib_adcopy.copywriting.writers.chatglm import ChatGLMWriter
from lib_adcopy.domain.copy import Copy
from lib_adcopy.domain.review import Claim
from lib_adcopy.domain.writing import Sampling
from tests.shared_data import SHARED, needs_shared

BRIEF = "陶瓷马克杯，奶白色，手柄圆润"
EMOJI = re.compile("[\u2600-\u27bf\u2b00-\u2bff\ufe0f\u200d\U0001f000-\U0001faff]")
ANSWERS = {
    "no title": "奶白色的马克杯，手柄圆润，早上用来喝牛奶。",
    "too long": "一只马克杯\n" + "奶白色的杯身看着干净，手柄圆润好握。" * 200,
    "a title too long": "这只奶白色的陶瓷马克杯手柄圆润握着顺手早上喝牛奶下午喝茶都合适\n手柄圆润。",
    "emoji": "☕奶白色的马克杯✨好看\n手柄圆润🌿握着顺手😀！\n喝茶🍵 #马克杯 #喝茶",
    "too many hashtags": "马克杯\n手柄圆润。" + "".join(f"#杯子{number} " for number in range(30)),
    "banned words": "全国第一的马克杯\n史上最好的杯子，手柄圆润。顶级陶瓷，包治百病。#销量第一 #马克杯",
    "nothing but banned words": "全国销量第一！喝了能治好糖尿病！",
    "markup": "**标题：奶白色马克杯**\n## 手柄圆润\n- <b>握着顺手</b><script>1</script><lora:x:1>\n标签：#马克杯",
}


class Piece(NamedTuple):
    index: int
    text: str
    done: bool
    tokens: int = 1
    seconds: float = 0.1


class Answers:
    def __init__(self, answer):
        self.answer = answer

    def stream(self, query, **options):
        for index in range(len(options["seeds"])):
            yield Piece(index, self.answer, True)


def written(answer, platform, **settings):
    brief = parse_brief(BRIEF, platform=platform, **settings)
    asked = {"count": 1, "seed": 3, "sampling": Sampling(), "stop": threading.Event()}
    return list(ChatGLMWriter(Answers(answer)).write(brief, **asked))[-1].copy


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_every_answer_becomes_a_post_of_its_platform(answer, platform):
    copy, limits = written(answer, platform), platforms()[platform]
    assert copy.title and copy.body and over(copy, platform) == ()
    assert len(copy.title) <= limits.title and len(copy.body) <= limits.body
    assert limits.hashtags[0] <= len(copy.hashtags) <= limits.hashtags[1]
    assert limits.emoji or not EMOJI.search(copy.text)
    assert [found.term for found in check_text(copy.text) if found.level == "ban"] == []
    assert not re.search(r"[<>*`]|##|script|标题：|标签：", copy.text)


def test_an_emoji_between_two_words_leaves_a_pause():
    assert written("马克杯\n手柄圆润🌿握着顺手😀。喝茶🍵", "taobao").body.startswith("手柄圆润，握着顺手。喝茶")
    assert "🌿" in written("马克杯\n手柄圆润🌿握着顺手", "xiaohongshu").body


def test_an_answer_of_which_nothing_may_be_posted_is_the_template_writers():
    assert written(ANSWERS["nothing but banned words"], "taobao").writer == "template"
    assert written(ANSWERS["banned words"], "taobao").writer == "chatglm"


def test_a_hashtag_is_written_as_its_platform_writes_it():
    assert "#马克杯#" in written("马克杯\n手柄圆润。#马克杯", "weibo").text.split()
    assert "#马克杯" in written("马克杯\n手柄圆润。#马克杯", "xiaohongshu").text.split()


@needs_shared
def test_limits_are_those_of_the_platforms_published_figures():
    published = json.loads((SHARED / "docs" / "platform_specs.json").read_text(encoding="utf-8"))
    known = {name: facts for name, facts in published.items() if name in platforms()}
    wanted = {(name, part): facts[part] for name, facts in known.items() for part in ("title", "body") if part in facts}
    assert wanted and {(name, part): getattr(platforms()[name], part) for name, part in wanted} == wanted
    assert platforms()["moments"].title == published["wechat_moments_ad_450"]["title"][1]
    assert platforms()["wechat_mp"].title == published["wechat_mp_cover"]["title"]


def test_a_latin_word_that_nobody_named_counts_against_a_candidate():
    brief = parse_brief("黑色连衣裙，收腰，V领，圆点图案", brand_words=("Lunar",))
    clean = Copy(title="", body="黑色的连衣裙，收腰，V领，Lunar家的圆点图案，配polo衫和oversize外套都行。")
    stray = Copy(title="", body="黑色的连衣裙，收腰，V领，hinge圆点图案。")
    assert review_copy(brief, clean).claims == ()
    assert review_copy(brief, stray).claims == (Claim("word", "hinge"),)
    assert rank(brief, [stray, clean])[0].copy.body == clean.body


def test_an_english_candidate_is_written_in_latin_words():
    brief = parse_brief("ceramic mug, milk white")
    assert review_copy(brief, Copy(title="", body="A milk white ceramic mug for slow mornings.")).claims == ()
