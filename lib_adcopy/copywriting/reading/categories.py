"""The category of a product: its noun's, unless it is made for a pet or a baby."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lib_adcopy.copywriting.reading.product_noun import Noun

_PETS = re.compile(
    r"宠物?(?=[^爱])|猫(?!眼|头鹰|步|人|王)|狗(?!不理|尾)|犬|仓鼠|鹦鹉|龙猫|乌龟|兔兔|水族|\bpets?\b|\bcats?\b|\bdogs?\b|\bpupp(?:y|ies)\b|\bkittens?\b|\bhamsters?\b",
    re.IGNORECASE,
)
_BABIES = re.compile(
    r"婴儿|婴幼|宝宝|新生儿|幼儿(?!园)|哺乳|待产|产妇|月子(?!餐)|孕妇|孕期|孕妈|\bbab(?:y|ies)\b|\btoddlers?\b|\binfants?\b|\bnewborns?\b|\bmaternity\b|\bnursing\b",
    re.IGNORECASE,
)
_CHILDREN = re.compile(r"儿童|小孩|孩子|童装|亲子|学生宝贝|小朋友|\bkids?\b|\bchild(?:ren)?'?s?\b", re.IGNORECASE)
# An animal or a child that is drawn on the thing and does not use it.
_PICTURED = re.compile(r"咪?(?:图案|印花|造型|形|型|头|耳|眼|爪|尾|脸|款|色|刺绣|卡通|纹| print| pattern|-shaped)")
_FOR_PETS = frozenset((
    "clothing", "beauty", "food", "home", "appliances", "electronics", "mother_baby", "outdoors", "sports", "toys",
    "other",
))  # fmt: skip
_FOR_BABIES = frozenset(("clothing", "beauty", "food", "home", "appliances", "outdoors", "other"))
_FOR_CHILDREN = frozenset(("home", "appliances", "outdoors", "other", "beauty", "food"))
# What shows that a thing belongs into a car.
_CARS = re.compile(
    "车载|主副驾|点烟[器口]|安全气囊|轿车|网约车|车主|车机|中控屏|出风口|汽车|特斯拉|副驾|后备箱专用|车标|后视镜"
)
_FOR_CARS = ("home", "electronics", "other", "appliances")
_IN_A_CAR = re.compile("坐垫|靠垫|头枕|腰靠|支架|膜|充气泵|香薰|吸尘器|遮阳|收纳|垫|充电器|摄像头|挂件|冰箱|记录仪")
_TOYS = re.compile("遥控|玩具|电动玩具|惯性")
# A book that is sent as a file, and no reader for them.
_FILE = re.compile("PDF|epub|mobi|下载|网盘|\\d+页", re.IGNORECASE)
_EXPECTING = re.compile("孕|maternity", re.IGNORECASE)


def category_of_noun(plain: str, noun: Noun, audiences: Sequence[str]) -> str:
    """The category of a noun found in a text; `audiences` are whom the text says it is for."""
    before = plain[noun.run.start : noun.end]
    name = plain[noun.start : noun.end]
    category = noun.term.category
    if category in _FOR_CARS and _IN_A_CAR.search(name) and _CARS.search(plain):
        return "cars"
    if name.endswith("电子书") and _FILE.search(plain):
        return "digital"
    if category == "cars" and _TOYS.search(before):
        return "toys"
    # Whom it is good for too does not make it his: 敏感肌孕期都能用.
    said = [text for text in audiences if not (category == "beauty" and _EXPECTING.search(text))]
    return owner_category(category, [before, *said], worn=noun.term.kind == "garment")


def owner_category(category: str, texts: Sequence[str], *, worn: bool = False) -> str:
    """The category of a thing of `category` for whoever the texts name: a dog's raincoat is a pet's, a cot's sheet a
    baby's; but a mug with a cat on it is no mug for cats."""
    said = [text for text in texts if text]
    if category in _FOR_PETS and any(_uses(_PETS, text) for text in said):
        return "pets"
    # What a mother-to-be wears is a garment as any other.
    expecting = worn and any(_EXPECTING.search(text) for text in said)
    if category in _FOR_BABIES and not expecting and any(_uses(_BABIES, text) for text in said):
        return "mother_baby"
    if category in _FOR_CHILDREN and any(_uses(_CHILDREN, text) for text in said):
        return "mother_baby"
    return category


def is_owned(category: str, text: str) -> bool:
    """Return whether a text names whom a thing of this category is made for."""
    signs = {"pets": _PETS, "mother_baby": _BABIES}.get(category)
    return bool(signs and signs.search(text)) or (category == "mother_baby" and bool(_CHILDREN.search(text)))


def _uses(signs: re.Pattern[str], text: str) -> bool:
    return any(not _PICTURED.match(text, found.end()) for found in signs.finditer(text))
