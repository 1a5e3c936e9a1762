"""Random briefs of mixed pieces through every stage without a model: `python -m tests.mixed_briefs COUNT [SEED]`."""

from __future__ import annotations

import collections
import random
import sys
import time
import traceback
from typing import Any

from lib_adcopy.copywriting.brief import MAX_CHARACTERS, parse_brief
from lib_adcopy.copywriting.law import check_text
from lib_adcopy.copywriting.review import review_copy
from lib_adcopy.copywriting.writers.template import composed
from lib_adcopy.creative.planning import plan_content
from lib_adcopy.domain.brief import LENGTHS, PLATFORMS, TONES
from lib_adcopy.domain.prompt import Networks
from lib_adcopy.errors import AdCopyError
from lib_adcopy.prompting.derive import derive_prompt
from lib_adcopy.prompting.styles.style import load_styles

_NETWORKS = Networks(loras=("add_detail",), embeddings=("EasyNegative",), base="SD1")
_STYLES = load_styles()

GOODS = (
    "连衣裙", "保温杯", "牛肉干", "蓝牙耳机", "猫砂", "口红", "帐篷", "四件套", "龟背竹", "哑铃", "绘本",
    "家电清洗", "课程", "行车记录仪", "項鍊", "不鏽鋼鍋", "嬰兒推車", "冲锋衣", "半身裙", "瑜伽裤",
    "linen dress", "tent", "mug", "SSD 1TB", "Estée Lauder 小棕瓶", "iPhone 15 手机壳", "U盘", "打印纸", "面膜",
    "会员", "A4纸", "茶叶", "大枣", "T恤", "polo衫",
)  # fmt: skip
WORDS = (
    "纯棉", "316不锈钢", "加厚", "红色", "雾霾蓝", "包邮", "不起球", "送男友", "秋冬", "新款", "无添加", "原价",
    "现价", "到手价", "买一送一", "第二件半价", "满200减30", "限时", "顺丰", "七天无理由", "没有", "不是",
    "别写", "请写得活泼点", "适合", "复古", "手工", "碎花", "宽松", "显瘦", "净含量", "规格：", "颜色：",
    "卖点：", "备注：", "品牌", "型号", "产地云南", "最好的", "国家级", "治疗失眠", "100%", "保濕", "無添加",
    "限量", "waterproof", "cotton", "with", "and", "free shipping", "for kids", "the best",
)  # fmt: skip
AMOUNTS = (
    "500ml", "30㎡", "98℃", "-20℃~120℃", "39.9", "¥199", "￥1,299元", "$49", "99块", "1.5/1.8/2.0m", "S-XXL",
    "80-130斤", "24h", "42dB", "SPF50+", "7-8mm", "3×5cm", "2.5kg*4包", "18K", "5折", "1/2", "½杯", "①", "Ⅷ",
    "零下20度", "一百二十三", "１２３ｍｌ", "9" * 40, "1e999", "-0", "٣٤", "0.0.0.0", "1:1", "12:00-13:00",
    "2026年11月30日", "11.11", "400-123-4567", "13800138000",
)  # fmt: skip
MARKS = (
    "，", ",", "。", " ", "  ", "\n", "\r\n", "\t", "、", "；", ";", "/", "|", "｜", "+", "*", "#", ":", "：",
    "（", "）", "(", ")", "【", "】", "[", "]", "《", "》", "“", "”", '"', "'", "…", "—", "-", "~", "→", "·",
    "•", "!", "？", "@", "&", "%", "\\", "_", "=", "{", "}", "{0}", "{prompt}", "%s", "\\n", "1.", "2)", "- ",
    "* ", "> ", "`", "$", "^",
)  # fmt: skip
ODDITIES = (
    "😀", "👨‍👩‍👧‍👦", "🇨🇳", "👍🏽", "❤️", "1️⃣", "\ud83d", "\ude00", "\x00", "\x07", "\x1b[31m", "\x7f",
    "\x85", "\u200b", "\u200d", "\u200e", "\u202e", "\u2066", "\ufeff", "\u2028", "\u3000", "\u00a0", "\u00ad",
    "é", "e\u0301", "ǅ", "ß", "İ", "ﬁ", "ﷺ", "𰻝", "𠮷", "㍿", "㎏", "ｱ", "ア", "한국", "ไทย", "עברית",
    "العربية", "Привет", "𝓫𝓸𝓵𝓭", "\ue000", "\U000e0041", "\ufffd", "\uffff", "\U0010ffff", "̈" * 12,
)  # fmt: skip
MARKUP = (
    "<b>", "</b>", "<br/>", "<script>alert(1)</script>", "<!--", "-->", "&nbsp;", "&#x1F600;", "<", ">",
    "<lora:", "<lora:x:1>", "<lora:add_detail:0.6:MIDD>", "<lora:x:1:1:lbw=IN02>", "＜lora：x：0.8＞",
    "(红:1.2)", "[a|b]", "BREAK", "AND", "__wild__", "类型#裙", "类型#裙*颜色#红色", "类型#裙*颜色#",
    "#连衣裙*#", "颜色＃红＊", "key#value", "a#b#c", "**", "##", "https://item.taobao.com/x?id=1", "www.a.com",
    "a@b.cn", "微信号abc123", "🔥🔥🔥", "！！！！！！", "。。。", "——————", "( ´ ▽ ` )",
)  # fmt: skip
KINDS = (GOODS, WORDS, AMOUNTS, MARKS, ODDITIES, MARKUP)


def random_brief(generator: random.Random) -> str:
    """Return a brief of up to 24 pieces of all kinds, some of them repeated or cut in two."""
    weights = generator.choice(((4, 4, 3, 5, 1, 1), (1, 1, 1, 2, 3, 3), (3, 5, 5, 8, 0, 0), (1, 1, 1, 1, 1, 1)))
    pieces = [generator.choice(kind) for kind in generator.choices(KINDS, weights, k=generator.randint(0, 24))]
    for at in range(len(pieces)):
        chance = generator.random()
        if chance < 0.02:
            pieces[at] *= generator.choice((2, 7, 50, 400))
        elif chance < 0.05:
            pieces[at] = pieces[at][: generator.randint(0, len(pieces[at]))]
        elif chance < 0.07:
            pieces[at] = "".join(map(chr, generator.choices(range(1, 0x3000), k=3)))
    return generator.choice(("", "", "，", " ", "\n")).join(pieces)[: MAX_CHARACTERS + 2]


def random_settings(generator: random.Random, brief: str) -> dict[str, Any]:
    """Return settings of a brief, its words drawn from the same pieces."""
    word = generator.choice(ODDITIES + WORDS + MARKS)
    settings: dict[str, Any] = {
        "platform": generator.choice(PLATFORMS), "tone": generator.choice(TONES), "length": generator.choice(LENGTHS),
    }  # fmt: skip
    if generator.random() < 0.3:
        settings["audience"] = generator.choice(("", word, brief[:9]))
        settings |= {"brand_words": (word,), "avoid_words": (brief[2:5],)}
    return settings


def run_stages(text: str, settings: dict[str, Any], seed: int = 0) -> None:
    """Parse a brief, write, review, derive the prompt, check the law and plan the creative.

    What a user can mend is an AdCopyError and passes; all that is made can be written to a file as UTF-8.
    """
    try:
        brief = parse_brief(text, **settings)
    except AdCopyError as error:
        made = [error.message.text("zh"), error.message.text("en")]
    else:
        assert all(brief.text[fact.start : fact.end] for fact in brief.facts)
        copy = composed(brief, seed)
        review_copy(brief, copy)
        style = list(_STYLES.values())[seed % len(_STYLES)]
        prompt = derive_prompt(brief, copy, style, _NETWORKS)
        tags = prompt.positive.replace("<lora:add_detail:0.5>", "").replace("<lora:add_detail:", "")
        assert "<lora:" not in tags, prompt.positive
        findings = [*check_text(text), *check_text(copy.text)]
        content = plan_content(brief, copy, seed=seed)
        made = [repr(part) for part in (brief, copy, prompt, content, findings)]
        made += [brief.text, copy.text, prompt.positive, prompt.negative, content.headline, *content.points]
    for part in made:
        part.encode("utf-8")


def main(count: int, seed: int) -> int:
    """Run `count` random briefs from `seed` on; print each kind of failure once with its brief."""
    failures: collections.Counter[str] = collections.Counter()
    slow: list[tuple[float, str]] = []
    begun = time.perf_counter()
    for number in range(seed, seed + count):
        generator = random.Random(number)
        text = random_brief(generator)
        settings = random_settings(generator, text)
        start = time.perf_counter()
        try:
            run_stages(text, settings, number)
        except Exception as error:  # every kind of failure is what is looked for
            where = traceback.extract_tb(error.__traceback__)[-1]
            kind = f"{type(error).__name__} {where.filename.rpartition('/')[2]}:{where.lineno}"
            if not failures[kind]:
                print(f"--- {kind} seed {number}: {error}\n{text!r}\n{settings!r}", flush=True)
                traceback.print_exc(file=sys.stdout)
            failures[kind] += 1
        slow = sorted([*slow, (time.perf_counter() - start, f"{number}: {text[:60]!r} ({len(text)})")])[-3:]
    print(f"{count} briefs in {time.perf_counter() - begun:.0f} s; failures: {dict(failures)}; slowest: {slow}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0))
