"""A seller who tells a story still sells one thing, and what he says to the writer stays with the writer."""

from __future__ import annotations

import pytest

from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.copywriting.script import simplified


def _product(text: str) -> str:
    return simplified(parse_brief(text).product)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("开店五年了,只卖我姥姥做的酱猪蹄。她以前在工厂看锅炉,真空装好冰袋发走。45一斤", "酱猪蹄"),
        ("我们家猫砂是木薯的,可以冲马桶。三包69,家里有五只猫", "猫砂"),
        ("有人问为什么我们的藤编灯罩这么贵,因为一个要编两天。不含灯泡,线长1米可剪,380一个", "灯罩"),
        ("我们店在菜场后门,做了八年的手工水饺。白菜12 虾仁18,都是十五只", "水饺"),
        ("我们厂做了六年冲锋衣代工,现在自己出一款。内胆可以单穿。胸口两个袋,399", "冲锋衣"),
        ("帮我写个陶艺体验课的推文,一个半小时做一个马克杯,单人168,双人300", "陶艺体验课"),
        ("想写一条关于我家果园里的露营位的。一共6个位,150一晚,自带帐篷,租帐篷另加100", "露营位"),
        ("收二手钢琴的朋友看过来。立式,琴况八成,4800不含搬运", "二手钢琴"),
        ("孩子的英语分级读物 全套40本 点读笔不送 现在150带走", "英语分级读物"),
        ("周末开团山东烟薯。烟薯25号,5斤18.9,烤着吃流蜜", "烟薯"),
        ("棉麻窗帘定制,36一平,挂钩式打孔式都能做,罗马杆另算", "窗帘"),
        ("乒乓球拍一对 红黑 配胶皮两张 球包 129 初学够用", "乒乓球拍"),
        ("我奶奶做的坛子肉,后腿肉,盐是本地的井盐,夏天必须冰箱", "坛子肉"),
        ("二手相机出:银色 单机身 有原盒充电器 4600", "二手相机"),
        ("家用除湿机,地下室,轻音", "除湿机"),
        ("Sourdough starter kit: dehydrated starter, glass jar, linen cover. $18", "starter kit"),
        ("我家牛肉面馆开了九年,门口有棵大槐树。早上五点半开门,小碗12,大碗15", "牛肉面"),
        ("姐妹们今天又包了一百个饺子,白菜、鲅鱼两种馅,白菜30一份,鲅鱼42", "饺子"),
        ("帮我写一篇猫咪寄养的,自己家里的空房间改的,平时45一天", "猫咪寄养"),
        ("老爸修了一辈子钟表,铺子很小。换电池20起,老座钟要看情况报价,修不好不收钱", "钟表维修"),
        ("品名：可视空气炸锅\n容量：5L", "可视空气炸锅"),
        ("品牌:禾屿 香薰蜡烛\n香型:雨后松林(前调青草 尾调广藿香)\n119/个", "香薰蜡烛"),
    ],
)
def test_a_story_sells_one_thing(text, name):
    assert _product(text).endswith(name)


@pytest.mark.parametrize(
    ("text", "name", "category"),
    [
        ("少儿围棋启蒙,6岁以上,每周日上午,12次一期960。棋具这边提供,缺课可以补。试听一次30", "围棋启蒙", "courses"),
        ("成人芭蕾 零基础 每期8人 周二周四晚7:30 12节1180 舞鞋自备 不是减肥课", "成人芭蕾", "courses"),
        ("本店专修各种手表 换电池20起 表带截节免费 先报价不修不收钱", "手表", "services"),
        ("上门做饭|四菜一汤\n168/次\n海鲜处理另收30\n提前一天约", "上门做饭", "services"),
    ],
)
def test_what_is_done_or_taught_is_no_thing(text, name, category):
    brief = parse_brief(text)
    assert name in brief.product
    assert brief.category == category


@pytest.mark.parametrize(
    "note",
    [
        "写给朋友圈的",
        "写小红书",
        "不要写治咳嗽什么的，平台要罚",
        "别写百年老店，没有那么久",
        "别提医生推荐，没有证",
        "写得别像景区",
        "想发个朋友圈",
        "我替他发一下",
        "这块帮我多写几句",
        "这个一定要写清楚",
        "图片我后面发",
        "其他的你看着办",
        "就这些",
    ],
)
def test_a_note_and_its_reason_stay_with_the_writer(note):
    statements = parse_brief(f"土蜂蜜 一斤68，会结晶，{note}").statements
    told = [each for each in statements if any(part in each.text for part in note.split("，"))]
    assert told
    assert {each.role for each in told} == {"instruction"}


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("车厘子 5斤258，坏果包赔，签收2小时内拍照", "坏果包赔，签收2小时内拍照"),
        ("露营位 150一晚，狗可以来，要牵绳", "狗可以来，要牵绳"),
        ("二手钢琴 4800，有两个键回得慢，修过一次", "有两个键回得慢，修过一次"),
        ("书法课 12次960，缺课可以补，一学期最多补两次", "缺课可以补，一学期最多补两次"),
        ("书法课 试听一次40，报名抵学费", "试听一次40，报名抵学费"),
        ("猫砂 三包69，粉尘少一点，不是完全没有", "粉尘少一点，不是完全没有"),
        ("酱牛肉 88一斤，江浙沪隔天到，其他地方走冷链加12", "江浙沪隔天到，其他地方走冷链加12"),
    ],
)
def test_a_limit_stays_with_what_it_limits(text, clause):
    assert clause in [each.text for each in parse_brief(text).statements]


@pytest.mark.parametrize(
    ("text", "price"),
    [
        ("车厘子，5斤一箱258，2斤分装108", "5斤一箱258，2斤分装108"),
        ("二手钢琴，4800不含搬运，三楼以下搬运300", "4800不含搬运，三楼以下搬运300"),
        ("租拍立得啦!迷你款 一天25 三天60 一周110 押金300。掉漆不用赔", "一天25，三天60，一周110，押金300"),
    ],
)
def test_a_bare_number_behind_what_it_buys_is_a_price(text, price):
    assert price in [each.text for each in parse_brief(text).statements if each.role == "price"]


def test_a_line_of_a_price_list_keeps_its_price():
    text = "深度保洁 园区上门\n1. 开荒保洁 7元/平\n2. 油烟机拆洗 118/台\n3. 自带工具"
    prices = [each.text for each in parse_brief(text).statements_of("price")]
    assert prices == ["开荒保洁 7元/平", "油烟机拆洗 118/台"]


def test_a_price_is_not_the_battery_beside_it():
    prices = parse_brief("跳绳 钢丝包胶 轴承手柄 电子计数 纽扣电池 26.8元 体考训练").statements_of("price")
    assert [each.text for each in prices] == ["26.8元"]


def test_the_second_thing_of_a_list_has_its_own_statements():
    statements = parse_brief("卖两个东西:1.空气炸锅 4L 涂层完好 100;2.同品牌的电热水壶 1.5L 有水垢 25").statements
    assert [each.text for each in statements if each.product] == ["同品牌的电热水壶", "1.5L", "有水垢", "25"]


def test_an_english_list_is_one_statement():
    text = "Desk clock, shows time, date, one to-do list. Sound is soft. $39. Made in Málaga. Not loud"
    statements = parse_brief(text).statements
    texts = [each.text for each in statements]
    assert "shows time, date, one to-do list" in texts
    assert "Made in Málaga" in texts


@pytest.mark.parametrize("text", ["成人芭蕾 零基础 周二周四晚7:30 12节1180", "银手镯 足银990 660", "晴雨伞 UPF50+ 59"])
def test_an_hour_a_fineness_and_a_degree_of_protection_are_neither_price_nor_model(text):
    told = {fact.text for fact in parse_brief(text).facts if fact.kind in ("price", "model")}
    assert not any(word in fact for word in ("7", "30", "990", "UPF") for fact in told)
