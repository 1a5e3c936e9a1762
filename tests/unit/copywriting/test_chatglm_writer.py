"""What ChatGLM is asked and what becomes of its answer, with a model that says what the test tells it."""

from __future__ import annotations

import threading
from typing import NamedTuple

import pytest

from lib_adcopy.copywriting.answers import split_copy
from lib_adcopy.copywriting.brief import PLATFORMS, parse_brief
from lib_adcopy.copywriting.law import check_text
from lib_adcopy.copywriting.platforms import over, platforms
from lib_adcopy.copywriting.writers.chatglm import ChatGLMWriter
from lib_adcopy.domain.writing import Sampling

CLOTHING = "裙子，文艺风格，连衣裙，圆领"


class TextPiece(NamedTuple):
    index: int
    text: str
    done: bool
    tokens: int
    seconds: float


class SaysWhatItIsTold:
    def __init__(self, answer):
        self.answer = answer
        self.asked = []

    def stream(self, query, **options):
        self.asked.append((query, options))
        for index in range(len(options["seeds"])):
            half = len(self.answer) // 2
            yield TextPiece(index, self.answer[:half], False, half, 0.1)
            yield TextPiece(index, self.answer, True, len(self.answer), 0.2)


def written(model, brief, *, prefix=None, count=1):
    writer = ChatGLMWriter(model, prefix=prefix)
    return list(writer.write(brief, count=count, seed=5, sampling=Sampling(), stop=threading.Event()))


def test_clothing_is_asked_in_the_form_the_prefix_was_tuned_on():
    model = SaysWhatItIsTold("一条好看的裙子。")
    written(model, parse_brief(CLOTHING), prefix="adgen")
    query, options = model.asked[0]
    assert query == "类型#裙*风格#文艺*裙长#连衣裙*裙领型#圆领"
    assert (options["prefix"], options["raw"]) == ("adgen", True)


def test_other_products_are_asked_of_the_base_model():
    model = SaysWhatItIsTold("好用的杯子。")
    written(model, parse_brief("陶瓷马克杯，奶白色"), prefix="adgen")
    query, options = model.asked[0]
    assert "陶瓷马克杯" in query and "颜色：奶白色" in query and options["prefix"] is None


@pytest.mark.parametrize(
    ("taught", "brief", "query"),
    [
        ("words", "保温杯，奶白色", "保温杯，奶白色"),
        ("words", "产品#保温杯*颜色#奶白*卖点#轻", "保温杯，奶白，轻"),
        ("words", CLOTHING, CLOTHING),
        ("pairs", "保温杯，奶白色", "产品#保温杯*卖点#奶白色"),
        ("pairs", "产品#保温杯*颜色#奶白*卖点#轻", "产品#保温杯*颜色#奶白*卖点#轻"),
        ("pairs", "商品#保温杯*容量#500ml", "商品#保温杯*容量#500ml"),
    ],
)
def test_a_sellers_own_prefix_writes_every_product_and_is_asked_as_it_was_taught(taught, brief, query):
    for ad_model in (False, True):
        model = SaysWhatItIsTold("好用的保温杯，裙子也好看。")
        writer = ChatGLMWriter(model, prefix="my-shop", asked_as=taught, ad_model=ad_model)
        list(writer.write(parse_brief(brief), count=1, seed=5, sampling=Sampling(), stop=threading.Event()))
        (asked, options), = model.asked
        assert (asked, options["prefix"], options["raw"]) == (query, "my-shop", True)


def test_candidates_are_asked_for_in_one_batch_with_their_own_seeds():
    model = SaysWhatItIsTold("好看。")
    drafts = written(model, parse_brief(CLOTHING), count=3)
    assert len(model.asked) == 1
    assert [draft.copy.seed for draft in drafts if draft.done] == [5, 6, 7]


def test_no_banned_word_and_no_markup_is_left_in_what_it_wrote():
    model = SaysWhatItIsTold("标题：顶级连衣裙\n全国第一的<b>版型</b><lora:x:1>，很好看。#连衣裙 #穿搭")
    copy = written(model, parse_brief(CLOTHING))[-1].copy
    assert [finding for finding in check_text(copy.text) if finding.level == "ban"] == []
    assert not set("<>") & set(copy.text)
    assert copy.title.endswith("连衣裙") and copy.hashtags[:2] == ("连衣裙", "穿搭")


def test_a_revision_brings_the_copy_the_wish_and_every_round():
    model = SaysWhatItIsTold("短短的。")
    copy = split_copy("标题\n原来的文案。")
    history = [(f"第{number}次", copy) for number in range(6)]
    writer = ChatGLMWriter(model, prefix="adgen")
    brief = parse_brief(CLOTHING)
    list(writer.revise(brief, copy, "短一点", history, seed=1, sampling=Sampling(), stop=threading.Event()))
    query, options = model.asked[0]
    assert "原来的文案" in query and "短一点" in query and options["prefix"] is None
    assert [asked for asked, _ in options["history"]] == [asked for asked, _ in history]


def test_a_model_of_ads_alone_is_asked_for_clothing_in_pairs_and_for_nothing_else():
    model = SaysWhatItIsTold("圆领的连衣裙很文艺。")
    writer = ChatGLMWriter(model, ad_model=True)
    made = []
    for words in (CLOTHING, "陶瓷马克杯，奶白色，容量大", "Mug, white"):
        asked = {"seed": 1, "sampling": Sampling(), "stop": threading.Event()}
        made.append(list(writer.write(parse_brief(words), count=1, **asked))[-1].copy.writer)
    assert [query for query, _ in model.asked] == ["类型#裙*风格#文艺*裙长#连衣裙*裙领型#圆领"]
    assert made == ["chatglm", "template", "template"] and all(options["raw"] for _, options in model.asked)


def test_a_model_of_ads_alone_revises_by_writing_the_changed_brief():
    model = SaysWhatItIsTold("圆领的连衣裙很文艺。")
    writer, brief = ChatGLMWriter(model, ad_model=True), parse_brief(CLOTHING + "，显瘦")
    copy = split_copy("原来的文案。", seed=1)
    history = [("突出圆领", copy)]
    list(writer.revise(brief, copy, "不要提显瘦", history, seed=1, sampling=Sampling(), stop=threading.Event()))
    query, options = model.asked[0]
    assert "圆领" in query and "显瘦" not in query and not options.get("history")


@pytest.mark.parametrize("platform", PLATFORMS)
def test_what_a_prefix_wrote_is_a_whole_post_within_the_platforms_limits(platform):
    model = SaysWhatItIsTold("圆领的连衣裙很文艺。" * 300)
    copy = written(model, parse_brief(CLOTHING, platform=platform), prefix="adgen")[-1].copy
    fewest, most = platforms()[platform].hashtags
    assert copy.title and over(copy, platform) == () and fewest <= len(copy.hashtags) <= most


def test_a_word_to_avoid_is_not_left_in_the_answer():
    model = SaysWhatItIsTold("圆领很显脸小，也显瘦，上班能穿。")
    copy = written(model, parse_brief(CLOTHING, avoid_words=("显瘦",)), prefix="adgen")[-1].copy
    assert copy.body == "圆领很显脸小，上班能穿。"


def test_a_revision_for_another_platform_keeps_that_platforms_limits():
    model = SaysWhatItIsTold("标题\n很好看。#连衣裙 #穿搭 #今天穿什么")
    brief = parse_brief(CLOTHING, platform="xiaohongshu")
    asked = {"seed": 1, "sampling": Sampling(), "stop": threading.Event()}
    drafts = ChatGLMWriter(model).revise(brief, split_copy("标题\n原文。"), "换成淘宝风格", (), **asked)
    assert list(drafts)[-1].copy.hashtags == () and "淘宝" in model.asked[0][0]


@pytest.mark.parametrize("ad_model", [True, False], ids=["a model of ads alone", "a model that chats"])
@pytest.mark.parametrize("instruction", ["短一点", "太长了，精简一下"])
def test_shorter_is_shorter_whatever_the_model_says(ad_model, instruction):
    long = "圆领的裙身很文艺，穿着去看展，风一吹就有故事。棉的料子，贴身不闷。裙摆宽宽的，走路带风。收腰，不挑身形。"
    writer = ChatGLMWriter(SaysWhatItIsTold(long), ad_model=ad_model)
    chosen = split_copy(f"今天穿什么\n{long[:36]}")
    drafts = writer.revise(
        parse_brief(CLOTHING), chosen, instruction, (), seed=5, sampling=Sampling(), stop=threading.Event()
    )
    copy = list(drafts)[-1].copy
    assert copy.body == "圆领的裙身很文艺，穿着去看展，风一吹就有故事。"
    assert len(copy.title) <= len(chosen.title)


def test_a_wish_for_something_else_leaves_the_length_alone():
    long = "圆领的裙身很文艺，穿着去看展，风一吹就有故事。棉的料子，贴身不闷。裙摆宽宽的，走路带风。收腰，不挑身形。"
    writer = ChatGLMWriter(SaysWhatItIsTold(long))
    given, chosen = parse_brief(CLOTHING), split_copy(long[:24])
    drafts = writer.revise(given, chosen, "突出面料", (), seed=5, sampling=Sampling(), stop=threading.Event())
    assert list(drafts)[-1].copy.body == long


def pairs_written(answer, text, **settings):
    writer = ChatGLMWriter(SaysWhatItIsTold(answer), ad_model=True)
    brief = parse_brief(text, **settings)
    return list(writer.write(brief, count=1, seed=5, sampling=Sampling(), stop=threading.Event()))[-1].copy


@pytest.mark.parametrize(
    ("text", "settings", "said"),
    [
        (CLOTHING, {"audience": "学生党"}, "学生党"),
        (CLOTHING, {"brand_words": ("云朵家",), "platform": "moments"}, "云朵家"),
        (CLOTHING + "，送运费险", {}, "送运费险"),
        (CLOTHING + "，送运费险", {"length": "short"}, "送运费险"),
    ],
)
def test_what_pairs_have_no_word_for_is_said_all_the_same(text, settings, said):
    for answer in ("圆领的连衣裙很文艺，好看的裙子谁都喜欢。", "一个标题\n圆领的连衣裙很文艺，好看的裙子谁都喜欢。"):
        copy = pairs_written(answer, text, **settings)
        assert said in copy.title + copy.body and "好看的裙子" in copy.body


def test_a_selling_point_is_said_once():
    copy = pairs_written("圆领的连衣裙很文艺，送运费险。", CLOTHING + "，送运费险")
    assert copy.body.count("送运费险") == 1


def test_a_ban_in_the_brief_is_not_asked_of_a_model_of_ads_alone():
    model = SaysWhatItIsTold("圆领的连衣裙很文艺。")
    brief = parse_brief(CLOTHING + "，国家级")
    asked = {"seed": 1, "sampling": Sampling(), "stop": threading.Event()}
    drafts = ChatGLMWriter(model, ad_model=True).write(brief, count=1, **asked)
    assert "国家级" not in list(drafts)[-1].copy.text
    assert [query for query, _ in model.asked] == ["类型#裙*风格#文艺*裙长#连衣裙*裙领型#圆领"]


class SaysOneAfterTheOther(SaysWhatItIsTold):
    """Gives its answers in turn, the last one from then on."""

    def __init__(self, *answers):
        super().__init__(answers[0])
        self.answers = list(answers)

    def stream(self, query, **options):
        self.answer = self.answers[min(len(self.asked), len(self.answers) - 1)]
        yield from super().stream(query, **options)


SALAD = "裙的圆连领文，艺衣瘦很看好风吹天今你我裙裙的穿一走去上下里外大小多少来到。"


@pytest.mark.parametrize(
    "faulty",
    [
        SALAD, "真丝的圆领连衣裙，澳洲进口。", "GUCCI的圆领连衣裙很文艺。", "圆领圆领圆领，连衣裙很文艺。",
        "圆领连衣裙只要99元。",
    ],
)
def test_a_faulty_sample_is_drawn_again_or_not_shown(faulty):
    good = "圆领的连衣裙很文艺，走起路来裙摆会跟着动。"
    for answers, writer in (((faulty, good), "chatglm"), ((faulty,), "template")):
        model = SaysOneAfterTheOther(*answers)
        asked = {"seed": 5, "sampling": Sampling(), "stop": threading.Event()}
        drafts = list(ChatGLMWriter(model, ad_model=True).write(parse_brief(CLOTHING), count=1, **asked))
        copy = drafts[-1].copy
        assert drafts[-1].done and copy.writer == writer and faulty not in copy.body
        assert len(model.asked) == (2 if writer == "chatglm" else 3)


def test_facts_that_an_answer_leaves_out_are_added_and_changed_ones_sampled_again():
    brief = parse_brief("陶瓷马克杯，奶白色，350ml，39元，第2件半价")
    right = "标题：奶白色的马克杯\n正文：奶白色的陶瓷马克杯，350ml，39元，第2件半价。\n话题：马克杯 桌面好物"
    model = SaysOneAfterTheOther(right.replace("350ml", "500ml"), right)
    copy = written(model, brief)[-1].copy
    assert "350ml" in copy.body and "500" not in copy.text and len(model.asked) == 2
    assert copy.hashtags[:2] == ("马克杯", "桌面好物") and copy.title == "奶白色的马克杯"
    model = SaysWhatItIsTold("标题：奶白色的马克杯\n正文：奶白色的陶瓷马克杯，放桌上刚好。")
    copy = written(model, brief)[-1].copy
    assert len(model.asked) == 1 and all(fact in copy.body for fact in ("350ml", "39元", "第2件半价"))


def test_what_stays_wrong_after_two_more_samples_is_cut_out_and_said_right():
    brief = parse_brief("陶瓷马克杯，奶白色，350ml，39元")
    model = SaysWhatItIsTold("标题：奶白色的马克杯\n正文：奶白色的陶瓷马克杯，装得下500ml，放桌上正好。")
    copy = written(model, brief)[-1].copy
    assert len(model.asked) == 3 and "500" not in copy.text and "350ml" in copy.body and "39元" in copy.body


def test_a_model_of_chinese_ads_alone_is_not_asked_for_english():
    model = SaysWhatItIsTold("好看。")
    brief = parse_brief("Mug, white", audience="early birds")
    asked = {"seed": 5, "sampling": Sampling(), "stop": threading.Event()}
    copies = [draft.copy for draft in ChatGLMWriter(model, ad_model=True).write(brief, count=2, **asked) if draft.done]
    assert model.asked == [] and [copy.writer for copy in copies] == ["template"] * 2
    assert all("mug" in copy.text.lower() and "early birds" in copy.text.lower() for copy in copies)


def test_length_and_tone_are_heard_where_the_model_is_asked_in_pairs():
    answer = (
        "圆领的裙身很文艺，穿着去看展，风一吹就有故事。棉的料子，贴身不闷。裙摆宽宽的，走路带风。收腰的连衣裙，不挑身形。"
        "颜色素净，配双平底鞋就能走一个下午。"
    )
    brief = CLOTHING + "，棉，收腰"
    bodies = {length: pairs_written(answer, brief, length=length).body for length in ("short", "medium", "long")}
    assert bodies["medium"] == answer
    assert len(bodies["short"]) <= 70 < len(answer) < len(bodies["long"])
    assert len(pairs_written(answer, brief, tone="lively").body) > len(answer)


def revised_as_told(text, instruction, answer):
    writer, brief = ChatGLMWriter(SaysWhatItIsTold(answer), ad_model=True), parse_brief(text)
    drafts = writer.revise(
        brief, split_copy("原来的文案。", seed=1), instruction, (), seed=1, sampling=Sampling(), stop=threading.Event()
    )
    return list(drafts)[-1].copy


@pytest.mark.parametrize(
    ("text", "instruction", "stressed"),
    [
        ("裙子，文艺风格，雪纺，连衣裙", "突出面料", "雪纺"),
        ("保温杯，大容量，304不锈钢", "突出304不锈钢", "304不锈钢"),
        ("Mug, white, matte finish", "highlight matte finish", "matte finish"),
    ],
)
def test_a_model_of_ads_alone_dwells_on_what_is_to_be_stressed(text, instruction, stressed):
    assert stressed in revised_as_told(text, instruction, "一个好看的保温杯。").body.lower()


def test_signs_are_left_out_of_a_revision():
    copy = revised_as_told(CLOTHING, "不要感叹号，去掉表情", "好看😍真的好看！")
    assert copy.body == "好看，真的好看。" and "✨" not in copy.title
