"""What the starter model learns from: AdvertiseGen pairs, and pairs our template writer makes for any other product.

A pair's query is what the ChatGLM writer sends: "类型#裙*风格#文艺" for clothing, "产品#口红*卖点#哑光" for the rest.
"""

from __future__ import annotations

import json
import random
import threading
from dataclasses import dataclass
from pathlib import Path

import sentencepiece

from lib_adcopy.chatglm.tokenizer import ChatGLMTokenizer
from lib_adcopy.copywriting.brief import Brief
from lib_adcopy.copywriting.review.review import says
from lib_adcopy.copywriting.vocabulary import load, synonyms_of
from lib_adcopy.copywriting.writers.base import Sampling
from lib_adcopy.copywriting.writers.template import TemplateWriter

# The official special pieces, in the official order.
_SPECIAL = [
    "<n>", "[MASK]", "[gMASK]", "[sMASK]", "<unused_0>", "<sop>", "<eop>", "<ENC>", "<dBLOCK>", "<|tab|>",
    *(f"<|blank_{size}|>" for size in range(2, 81)),
]  # fmt: skip
_GENERAL_NAMES = ("产品", "卖点")
_PRODUCTS = {
    "beauty": "口红 唇釉 面膜 精华液 面霜 粉底液 眼影盘 腮红 香水 洗面奶 防晒霜 身体乳 睫毛膏 眉笔 卸妆油 洗发水 护手霜 沐浴露",
    "food": "绿茶 挂耳咖啡 坚果礼盒 曲奇饼干 黑巧克力 蛋糕 全麦面包 蜂蜜 酸奶 苹果汁 大米 牛肉干 海苔 草莓 月饼 火锅底料 燕麦片 果干",
    "home": "保温杯 马克杯 陶瓷碗 四件套 羽绒被 枕头 抱枕 懒人沙发 书桌 台灯 毛毯 地毯 窗帘 收纳盒 香薰蜡烛 花瓶 不粘锅 浴巾 雨伞",
    "electronics": "蓝牙耳机 音箱 机械键盘 无线鼠标 充电宝 数据线 平板电脑 显示器 相机 手环 投影仪 电动牙刷 吹风机 扫地机器人 加湿器 电饭煲",
    "mother_baby": "奶瓶 纸尿裤 婴儿推车 儿童餐椅 辅食机 爬行垫 安抚玩偶 婴儿湿巾 儿童水杯 孕妇枕 婴儿睡袋 儿童牙刷 背带 温奶器",
    "pets": "猫粮 狗粮 猫砂 逗猫棒 牵引绳 猫爬架 宠物窝 自动喂食器 宠物饮水机 冻干零食 宠物沐浴露 猫抓板 宠物背包",
    "outdoors": "帐篷 睡袋 登山包 折叠椅 天幕 瑜伽垫 哑铃 羽毛球拍 泳镜 户外水壶 手电筒 骑行头盔 登山杖 滑雪镜 速干毛巾 钓鱼竿",
    "other": "手账本 钢笔 吉他 拼图 积木 桌游 盆栽 鲜花 贺卡 行李箱 钥匙扣 手机壳 颜料 毛笔 书签 车载支架",
}  # fmt: skip
_POINTS = {
    "beauty": "哑光 显白 滋润 不拔干 清爽 保湿 补水 持妆 轻薄 不卡粉 温和 防水 细腻 好推开 淡香 氨基酸 玻尿酸 烟酰胺 敏感肌可用 便携装",
    "food": "酥脆 低糖 无添加 独立包装 香浓 手工 现烤 原味 坚果仁 奶香 清甜 多汁 软糯 冷萃 高纤维 早餐 办公室零食 送礼 海盐味 抹茶味",
    "home": "大容量 加厚 防滑 可机洗 北欧风 316不锈钢 保温 食品级 柔软 透气 易清洗 折叠 静音 复古 原木 亲肤 陶瓷 暖光 遮光 吸水",
    "electronics": "降噪 长续航 快充 便携 低延迟 高清 防水 静音 轻便 无线 大屏 触控 智能 定时 双设备 入耳式 热插拔 护眼 一键启动 Type-C",
    "mother_baby": "柔软 亲肤 透气 食品级硅胶 防胀气 耐摔 易清洗 防漏 可折叠 轻便 圆角 安全带 无荧光剂 大口径 不刺激 纯棉",
    "pets": "鸡肉味 三文鱼 低敏 除臭 结团快 少粉尘 耐咬 可拆洗 保暖 静音 高蛋白 适口 防挣脱 反光条 大空间 益生菌",
    "outdoors": "防雨 轻量 速开 防风 透气 耐磨 大容量 防滑 加厚 折叠 速干 防雾 铝合金 双人 便携 高回弹 夜光 减震",
    "other": "精致 手工 复古 简约 礼物 耐用 大容量 可爱 轻便 送朋友 收藏 顺滑 静音 环保 定制 创意 治愈 限定色",
}  # fmt: skip
_ODD = [("", ""), ("小", ""), ("", "款"), ("迷你", ""), ("便携", ""), ("", "套装"), ("新", "")]


@dataclass(frozen=True)
class Pair:
    """`values`: what the answer was asked to say; their characters weigh more in the loss."""

    query: str
    answer: str
    values: tuple[str, ...]


def read_pairs(file: Path) -> list[tuple[tuple[tuple[str, str], ...], str]]:
    """(attributes, text) of every AdvertiseGen row."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [(_attributes(row["content"]), row["summary"].replace("<UNK>", "")) for row in rows]


def _attributes(content: str) -> tuple[tuple[str, str], ...]:
    split = (piece.partition("#") for piece in content.split("*"))
    return tuple(dict.fromkeys((name, value) for name, _, value in split))


def adgen_pairs(rows: list[tuple[tuple[tuple[str, str], ...], str]], chance: random.Random) -> list[Pair]:
    """One pair a row. What the text does not say is mostly not asked for: what is asked for is then always said."""
    made = []
    for attributes, text in rows:
        kept = [pair for pair in attributes if says(text, *pair) or chance.random() < 0.05]
        if not kept:
            continue
        if chance.random() < 0.25:
            chance.shuffle(kept)
        words = tuple(word for pair in kept for word in synonyms_of().get(pair, (pair[1],)))
        made.append(Pair("*".join(f"{name}#{value}" for name, value in kept), text, words))
    return made


def template_pairs(count: int, characters: str, chance: random.Random) -> list[Pair]:
    """Pairs for products that are no clothing. Some words are made of chance characters, so copying is learnt."""
    writer, stop = TemplateWriter(), threading.Event()
    made = []
    for _ in range(count):
        category = chance.choice(list(_PRODUCTS))
        before, after = chance.choice(_ODD)
        product = before + chance.choice(_PRODUCTS[category].split()) + after
        points = chance.sample(_POINTS[category].split(), chance.randint(1, 5))
        points = [_chance_word(characters, chance) if chance.random() < 0.3 else point for point in points]
        if chance.random() < 0.15:
            product = _chance_word(characters, chance)
        brief = Brief(
            text="，".join([product, *points]),
            points=(product, *points),
            category=category,
            length=chance.choice(("short", "medium")),
        )
        drafts = writer.write(brief, count=1, seed=chance.randrange(2**31), sampling=Sampling(), stop=stop)
        *_, last = drafts
        query = "*".join([f"产品#{product}", *(f"卖点#{point}" for point in points)])
        made.append(Pair(query, last.copy.text, (product, *points)))
    return made


def _chance_word(characters: str, chance: random.Random) -> str:
    return "".join(chance.choice(characters) for _ in range(chance.randint(2, 5)))


def common_characters() -> str:
    """The 3755 characters of GB 2312's first level, in its order."""
    codes = (bytes((row, column)) for row in range(0xB0, 0xD8) for column in range(0xA1, 0xFF))
    return "".join(code.decode("gb2312", errors="ignore") for code in codes)


def build_tokenizer(rows: list[tuple[tuple[tuple[str, str], ...], str]], file: Path) -> None:
    """Writes a sentencepiece model of single characters, with the official special pieces and byte fallback."""
    texts = [text for _, text in rows] + [f"{name}{value}" for pairs, _ in rows for name, value in pairs]
    templates = json.dumps(load("templates_zh.json"), ensure_ascii=False)
    words = " ".join([*_PRODUCTS.values(), *_POINTS.values()])
    ascii_letters = "".join(map(chr, range(33, 127)))
    seen = {*"".join(texts), *templates, *words, *ascii_letters, *common_characters(), *"，。！？；：、（）《》“”‘’—…·～【】％"}
    characters = sorted(character for character in seen if not character.isspace())
    names = sorted({name for pairs, _ in rows for name, _ in pairs}) + list(_GENERAL_NAMES)
    symbols = _SPECIAL + [f"{name}#" for name in names]
    model = file.with_suffix("")
    sentencepiece.SentencePieceTrainer.Train(
        sentence_iterator=iter(characters * 2),
        model_prefix=str(model),
        model_type="unigram",
        vocab_size=4 + len(symbols) + 256 + len(characters) + 1,
        hard_vocab_limit=False,
        max_sentencepiece_length=1,
        character_coverage=1.0,
        byte_fallback=True,
        user_defined_symbols=symbols,
        normalization_rule_name="identity",
        remove_extra_whitespaces=False,
        unk_piece="<unk>", bos_piece="<s>", eos_piece="</s>", pad_piece="<pad>",
        unk_id=0, bos_id=1, eos_id=2, pad_id=3,
        minloglevel=2,
    )  # fmt: skip
    model.with_suffix(".vocab").unlink()


def vocabulary_size(file: Path) -> int:
    return sentencepiece.SentencePieceProcessor(model_file=str(file)).GetPieceSize()


def tokens(pair: Pair, tokenizer: ChatGLMTokenizer, weight: float) -> tuple[list[int], int, list[float]]:
    """Ids of query and answer, where the answer starts, and the answer's weights ([...] + the end's)."""
    query, answer = tokenizer.encode(pair.query), tokenizer.encode(pair.answer, special=False)
    weights = [1.0] * (len(answer) + 1)
    if len(answer) == len(pair.answer) + 1:
        lowered = pair.answer.lower()
        for value in pair.values:
            at = lowered.find(value.lower()) if value else -1
            while at >= 0:
                weights[at + 1 : at + 1 + len(value)] = [weight] * len(value)
                at = lowered.find(value.lower(), at + 1)
    return [*query, *answer, tokenizer.eos_id], len(query), weights
