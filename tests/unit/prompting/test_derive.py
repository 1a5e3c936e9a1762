"""The prompt says this product in English, product first, with only the networks that are there."""

from __future__ import annotations

import json

import pytest

from lib_adcopy.copywriting import vocabulary
from lib_adcopy.copywriting.brief import Brief, parse_brief
from lib_adcopy.domain.copy import Copy
from lib_adcopy.domain.prompt import Networks
from lib_adcopy.prompting.checkpoints import reads_chinese
from lib_adcopy.prompting.derive import derive_prompt
from lib_adcopy.prompting.glossary.glossary import load_glossary
from lib_adcopy.prompting.styles.style import load_styles
from lib_adcopy.prompting.tokens import CHUNK, estimate_tokens
from tests.shared_data import SHARED, needs_shared

STYLES = load_styles()
CLASSIC = STYLES["classic"]
ALL = Networks(
    loras=("add_detail",),
    embeddings=("badhandv4", "EasyNegative", "EasyNegativeV2", "ng_deepnegative_v1_75t"),
    base="SD1",
)


def derived(text, *, copy=None, networks=ALL, style=CLASSIC, **options):
    return derive_prompt(parse_brief(text), copy, style, networks, **options)


def untranslated(prompt):
    return [note.params["words"] for note in prompt.notes if note.key.endswith("not_translated")]


def test_the_classic_style_is_in_effect():
    prompt = derived("裙子，文艺风格，简约图案，连衣裙，圆领")
    assert prompt.positive.startswith("1 young woman wearing a dress, ")
    assert (
        "round neckline" in prompt.subject and "artsy style" in prompt.positive and "8k resolution" in prompt.positive
    )
    assert prompt.positive.endswith("<lora:add_detail:0.5>")
    assert prompt.negative.startswith("badhandv4, EasyNegative, EasyNegativeV2, ng_deepnegative_v1_75t, text")
    assert prompt.notes == ()


@pytest.mark.parametrize(
    ("product", "place"),
    [("牛肉干", "wooden table"), ("口红", "stone surface"), ("帐篷", "campsite"), ("蓝牙耳机", "desk")],
)
def test_the_category_decides_where_a_product_stands(product, place):
    assert place in derived(product).positive
    assert place not in derived("裙子，圆领").positive


def test_what_the_copy_says_of_the_place_stands_instead_of_the_categorys():
    seen = derived("牛肉干，五香", copy=Copy("", "坐在海边慢慢嚼。")).positive
    assert "wooden table" not in seen and ("sea" in seen or "beach" in seen)


def test_clothes_are_shown_as_clothes_whatever_their_category():
    seen = derived("婴儿连体衣，纯棉").positive
    assert "wearing" in seen and "product photography" not in seen


def test_every_value_of_the_vocabulary_has_english_under_its_name():
    for name, values in vocabulary.values().items():
        for value in values:
            brief = Brief(text=value, attributes=((name, value),), category="clothing")
            prompt = derive_prompt(brief, None, CLASSIC, ALL)
            assert prompt.positive.isascii() and prompt.notes == (), (name, value)


def test_the_name_decides_what_a_word_means():
    assert "single solid color" in derived("类型#裙*颜色#纯色").positive
    assert "plain unpatterned" in derived("类型#裙*图案#纯色").positive


def test_all_names_of_a_garment_make_one_garment():
    assert derived("类型#裙*裙型#a字*裙长#连衣裙").subject[0] == "1 young woman wearing an A-line dress"
    assert derived("类型#上衣*衣样式#外套*衣样式#风衣").subject[0] == "1 young woman wearing a trench coat jacket"
    assert derived("类型#裤*裤型#阔腿裤*裤长#短裤").subject[0] == "1 young woman wearing wide-leg shorts"
    assert derived("类型#裙*裙领型#圆领").subject[0] == "1 young woman wearing a dress"


def test_colour_and_material_stand_by_the_thing_they_belong_to():
    assert derived("陶瓷马克杯，白色").subject == ("a single white ceramic mug",)
    assert derived("口红，正红色，金色外壳").subject == ("a single true red lipstick", "golden case")
    assert derived("口红，红色礼盒").subject == ("a single lipstick", "in a red gift box")
    assert derived("真丝衬衫，红色").subject[0] == "1 young woman wearing a red silk shirt"


def test_a_part_takes_the_words_after_it_too_and_the_bottle_of_a_bottle_is_the_product():
    assert derived("马克杯，杯盖木质").subject == ("a single mug", "wooden lid")
    assert derived("香水，粉色瓶身").subject == ("a single pink perfume bottle",)
    assert derived("铁观音茶叶，礼盒装，红色").subject == ("tieguanyin oolong tea leaves", "in a red gift box")


def test_a_dish_is_served_and_not_packed():
    assert derived("螺蛳粉，袋装").subject == ("a single bowl of spicy rice noodle soup",)
    assert derived("虾仁馄饨").subject == ("a single bowl of peeled shrimp wontons",)


def test_a_set_is_not_one_of_its_parts():
    assert "tracksuit" in derived("运动套装，灰色，连帽卫衣，束脚裤").subject[0]


def test_the_sellers_container_takes_the_usual_ones_place():
    assert derived("面霜，玻璃瓶").subject == ("a single face cream in a glass bottle",)


@pytest.mark.parametrize(
    ("brief", "noun"),
    [
        ("奶油白，牛奶盒造型，马克杯", "mug"),
        ("苹果手机壳，透明", "phone case"),
        ("大闸蟹礼盒，公蟹", "hairy crabs"),
        ("咖啡杯碟套装，手绘", "cup and saucer"),
        ("无线麦克风，自带音响", "microphone"),
        ("帐篷，送收纳袋，双人", "tent"),
        ("保鲜盒，适合微波炉", "food storage container"),
        ("月球土壤收纳挂架", "rack"),
        ("芒果布丁", "mango pudding"),
    ],
)
def test_the_product_is_what_is_for_sale(brief, noun):
    first = derived(brief).subject[0]
    assert noun in first, first


def test_what_the_brief_denies_is_not_drawn():
    for brief in ("马克杯，白色，不是红色", "连衣裙，白色，不是红色", "马克杯，白色，不像陶瓷，告别红色"):
        positive = derived(brief).positive
        assert "white" in positive and "red" not in positive and "ceramic" not in positive, positive


def test_nobody_stands_beside_a_mug_and_one_person_wears_a_dress():
    mug, dress = derived("马克杯"), derived("连衣裙")
    assert "woman" not in mug.positive and "person" in mug.negative
    assert "1 young woman" in dress.positive and "multiple people" in dress.negative
    assert "handbag" in dress.negative and "handbag" not in derived("手提包").negative


@pytest.mark.parametrize(
    ("brief", "who"),
    [
        ("男士衬衫，白色", "1 young man"),
        ("女童连衣裙", "1 little girl"),
        ("童装卫衣", "1 child"),
        ("孕妇裙", "1 pregnant woman"),
    ],
)
def test_who_wears_it_is_who_it_is_for(brief, who):
    assert derived(brief).positive.startswith(f"{who} wearing")


def test_a_child_is_never_drawn_alluring():
    assert "alluring" not in derived("女童连衣裙，性感风格").positive


def test_a_style_without_people_shows_the_garment_alone():
    prompt = derived("连衣裙，红色", style=STYLES["flat_lay"])
    assert prompt.positive.startswith("a single red dress, neatly laid flat") and "person" in prompt.negative


def test_letters_are_not_denied_where_the_product_has_them():
    assert "text" not in derived("类型#上衣*图案#文字*衣样式#卫衣").negative.split(", ")


def test_the_order_is_product_pose_camera_background_tail():
    positive = derived("连衣裙，红色，蕾丝", style=STYLES["street"]).positive
    order = ["wearing", "lace", "standing pose", "85mm", "city street", "high quality"]
    places = [positive.index(word) for word in order]
    assert places == sorted(places)


def test_the_copy_adds_what_can_be_seen_and_not_what_cannot():
    copy = Copy("", "春天的花园里，显瘦又百搭，沐浴在阳光下。包邮！")
    prompt = derived("连衣裙，红色", copy=copy)
    assert {"spring", "in a garden", "in sunlight"} <= set(prompt.scene)
    assert "slim" not in prompt.positive and prompt.positive.isascii()


def test_words_nobody_can_translate_are_reported():
    prompt = derived("陶瓷马克杯，龘靐款")
    assert prompt.positive.startswith("a single ceramic mug") and prompt.positive.isascii()
    assert untranslated(prompt) == ["龘靐"]


def test_words_nobody_can_translate_go_to_a_checkpoint_that_reads_chinese():
    assert reads_chinese("Taiyi-Stable-Diffusion-1B-Chinese-v0.1") and not reads_chinese("majicmixRealistic_v7")
    prompt = derived("陶瓷马克杯，龘靐款", reads_chinese=True)
    assert "龘靐" in prompt.positive and untranslated(prompt) == []


def test_an_offline_translator_is_asked_for_what_the_glossary_lacks():
    asked = []

    def translate(words):
        asked.extend(words)
        return {"龘靐": "thunder <lora:evil:1> pattern"}

    prompt = derived("陶瓷马克杯，龘靐款，鱻麤款", translate=translate)
    assert asked == ["龘靐", "鱻麤"] and "thunder pattern" in prompt.subject
    assert untranslated(prompt) == ["鱻麤"] and "evil" not in prompt.positive


def test_the_product_never_passes_the_first_chunk():
    brief = "连衣裙，" + "，".join(
        value for name in ("裙款式", "颜色", "裙领型") for value in vocabulary.values()[name]
    )
    prompt = derived(brief, copy=Copy("", "春天花园阳光海边"))
    assert estimate_tokens(", ".join(prompt.subject)) <= CHUNK
    assert prompt.scene == () and any(note.key.endswith("too_long") for note in prompt.notes)


def test_the_scene_gives_way_before_the_product_and_the_style_does_not():
    count = lambda text: 10 * len(text.split(", "))  # noqa: E731
    prompt = derived(
        "连衣裙，红色，圆领，泡泡袖", copy=Copy("", "春天花园阳光温柔"), style=STYLES["street"], count_tokens=count
    )
    assert "puff sleeves" in prompt.subject and prompt.scene == ()
    assert "city street background" in prompt.positive


@pytest.mark.parametrize("style", sorted(STYLES))
def test_every_style_that_ships_can_be_used(style):
    for brief in ("连衣裙，红色", "陶瓷马克杯，白色", "猫粮，鸡肉味"):
        prompt = derived(brief, style=STYLES[style], copy=Copy("", "秋天的午后，咖啡馆里很温暖"))
        assert prompt.positive.isascii() and prompt.negative.isascii() and ", ," not in prompt.positive
    assert STYLES[style].title("zh") and STYLES[style].title("en")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("a single white ceramic mug", 5),
        ("1 young woman wearing a red pleated dress, puff sleeves, round neckline", 16),
        ("8k resolution, high quality, highly detailed", 9),
    ],
)
def test_the_estimate_is_near_clips_own_count_and_rather_above_it(text, count):
    assert count <= estimate_tokens(f"{text}, <lora:add_detail:0.5>") - 1 <= 1.3 * count + 1


@needs_shared
def test_every_attribute_of_briefs_never_seen_stands_in_the_prompt():
    lines = (SHARED / "adgen" / "dev.jsonl").read_text(encoding="utf-8").splitlines()[:100]
    glossary = load_glossary()
    for line in lines:
        brief = parse_brief(json.loads(line)["content"])
        subject = ", ".join(derive_prompt(brief, None, CLASSIC, ALL).subject)
        for name, value in brief.attributes:
            found = glossary.attribute(name, value)
            assert name == "类型" or (found and found.en in subject), (name, value, subject)


@pytest.mark.parametrize(
    ("brief", "shown", "hidden"),
    [
        ("陶瓷花瓶 白色/绿色/蓝色 高25cm 59元", "white ceramic", ("green", "blue", "25", "59")),
        ("护手霜 红石榴味 添加绿茶提取物 60g", "hand cream", ("red", "green")),
        ("女士羽绒服 90%白鹅绒 黑色", "black down jacket", ("white",)),
        ("针织开衫 米白色 里面配个黑色吊带", "cardigan", ("black", "camisole")),
    ],
)
def test_one_variant_is_drawn_and_nothing_that_cannot_be_seen(brief, shown, hidden):
    prompt = derived(brief)
    subject = ", ".join(prompt.subject)
    assert shown in subject and not [word for word in hidden if word in subject], subject


@pytest.mark.parametrize("brief", ["洗衣机清洗 上门 98元", "周末书法课 零基础 10节 680元"])
def test_what_is_done_for_the_buyer_is_shown_by_where_it_is_done(brief):
    prompt = derived(brief)
    assert not prompt.subject[0].startswith(("a single", "1 ")) and "person" in prompt.negative
    assert len(prompt.subject) == 1 and prompt.positive.isascii()
