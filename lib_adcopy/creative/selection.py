"""Describe which layouts suit an ad: scored by picture, content, category and season; the seed chooses among the
best."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass

from lib_adcopy.creative.colour import distance, to_oklch
from lib_adcopy.creative.content import Content
from lib_adcopy.creative.emblems import emblem_for, emblems
from lib_adcopy.creative.layout import Layout, layouts
from lib_adcopy.creative.palettes import (
    PURE_WHITE,
    Palette,
    from_picture,
    leading_colours,
    palettes,
    suiting,
    with_brand,
)
from lib_adcopy.creative.picture import AnalysedPicture

# Among so many of the best the seed chooses.
_POOL = 7
# Distance of colours in OKLab and of their hues in degrees under which they are alike, and how much of
# a product may be like its ground.
_ALIKE, _SAME_HUE, _ALIKE_SHARE = 0.3, 25, 0.3
_SALE = ("双11", "双十一", "618", "大促", "秒杀", "特惠", "清仓", "满减", "半价", "买一送一", "年货", "直降", "爆款")
_CHINESE = (
    "茶",
    "国风",
    "汉服",
    "旗袍",
    "中秋",
    "月饼",
    "非遗",
    "紫砂",
    "宣纸",
    "刺绣",
    "古风",
    "新中式",
    "端午",
    "粽",
    "糕点",
    "白酒",
    "瓷",
)
_COLD = ("冰", "冷", "凉", "夏", "清爽", "气泡", "iced", "cooling", "summer")
_FESTIVE = ("春节", "新年", "年货", "周年", "中秋", "国庆", "开业", "元旦", "七夕", "情人节", "母亲节", "圣诞")


@dataclass(frozen=True)
class Subject:
    """Describe what the choice depends on: content, the brief's text, category and tone, and the pictures."""

    content: Content
    text: str = ""
    category: str = "other"
    tone: str = "natural"
    pictures: tuple[AnalysedPicture, ...] = ()
    product: str = ""

    @property
    def kind(self) -> str:
        """Return what the first picture is, the most special first: "none", "scene", "plain" (on paper), "cutout"."""
        if not self.pictures:
            return "none"
        first = self.pictures[0]
        if first.has_scene:
            return "scene"
        if first.cutout is not None:
            return "cutout"
        return "plain" if first.analysis.plain else "scene"

    def moods(self) -> set[str]:
        """Moods the words ask for."""
        found = {
            mood
            for mood, triggers in (("sale", _SALE), ("chinese", _CHINESE), ("festive", _FESTIVE))
            if any(word in self.text for word in triggers)
        }
        return found | ({"dark"} if self.tone == "premium" else set())


def ranked(subject: Subject) -> list[Layout]:
    """Layouts that can be used, the most fitting first."""
    usable = [layout for layout in layouts().values() if _usable(layout, subject)]
    return sorted(usable, key=lambda layout: -_score(layout, subject))


def _usable(layout: Layout, subject: Subject) -> bool:
    if subject.kind not in layout.pictures or layout.family == "white":
        return False
    return all(_has(subject, need) for need in layout.needs)


def _has(subject: Subject, need: str) -> bool:
    slot, _, count = need.partition(":")
    value = subject.pictures if slot == "pictures" else getattr(subject.content, slot)
    return len(value) >= int(count) if count else bool(value)


def _score(layout: Layout, subject: Subject) -> float:
    wanted, own = subject.moods(), set(layout.moods)
    score = layout.weight
    # A layout made for a mood is out of place without it.
    special = own & {"sale", "chinese", "festive"}
    score += 2.0 if special & wanted else -3.0 if special else 0.0
    score += 0.5 if own & wanted else 0.0
    score += 1.0 if subject.category in layout.categories else -0.4 if layout.categories else 0.0
    score += 0.8 if layout.needs else 0.0
    if subject.content.price is None and layout.family == "price":
        score -= 2.0
    if len(subject.content.points) < 2 and any(
        "points" in str(part) for form in layout.forms.values() for group in form.groups for part in group.stack
    ):
        score -= 0.2
    return score


def choose(subject: Subject, seed: int) -> Layout:
    """Return the layout for a seed: seeds that follow one another take different ones."""
    best = ranked(subject)
    pool = best[: min(_POOL, len(best))]
    order = list(range(len(pool)))
    random.Random(20_230_901).shuffle(order)
    # The best first for seed 0, then the others in an order of their own.
    return pool[0] if seed == 0 else pool[1:][(seed - 1) % (len(pool) - 1)] if len(pool) > 1 else pool[0]


def _stands_out(picture: AnalysedPicture, palette: Palette) -> bool:
    """Tell whether a product can be told from a palette's ground: no large part of it is of nearly that colour."""
    hue = to_oklch(palette.ground)[2]
    shares = [
        share
        for colour, share in picture.colours
        if distance(colour, palette.ground) < _ALIKE and abs((to_oklch(colour)[2] - hue + 180) % 360 - 180) < _SAME_HUE
    ]
    return sum(shares) < _ALIKE_SHARE


def _goods(subject: Subject) -> str:
    """Return the category of what is sold, for its colours: that of its drawing."""
    drawing = emblem_for(subject.product)
    drawn = emblems()[drawing]["categories"] if drawing else ()
    return subject.category if subject.category in drawn or not drawn else drawn[0]


def _nearest(picture: AnalysedPicture, choices: Sequence[Palette]) -> Palette | None:
    """Return the palette whose accent's hue is nearest to the product's leading one."""
    lead = next(iter(leading_colours(picture)), None)
    if lead is None or not choices:
        return None
    hue = to_oklch(lead)[2]
    return min(choices, key=lambda each: abs((to_oklch(each.accent)[2] - hue + 180) % 360 - 180))


def palette_for(
    layout: Layout, subject: Subject, seed: int, brand: Sequence[tuple[int, int, int]] = (), name: str = ""
) -> Palette:
    """Return the palette for a layout: the one named, the brand's, the picture's own, or one for category and
    season."""
    if layout.family == "white":
        return PURE_WHITE
    named = next((each for each in palettes() if each.name == name), None)
    if named is not None:
        return named
    moods = layout.moods or tuple(subject.moods() & ({"festive", "chinese"} if layout.type_only else {"festive"}))
    choices = suiting(_goods(subject) if layout.type_only else subject.category, moods, subject.text)
    chosen = choices[seed % 2 if not moods else 0]
    if layout.frame == "product" and subject.pictures and moods:
        suited = [each for each in choices if each.mood in moods or any(word in subject.text for word in each.seasons)]
        chosen = next((each for each in suited if _stands_out(subject.pictures[0], each)), chosen)
    special = {"sale", "festive", "chinese"} & set(moods)
    if subject.pictures and "chinese" in special:
        chosen = _nearest(subject.pictures[0], [each for each in choices if each.mood == "chinese"]) or chosen
    if brand:
        return with_brand(chosen, brand)
    if subject.pictures and not special:
        cool = layout.frame == "product" and any(word in subject.text + subject.content.headline for word in _COLD)
        return from_picture(subject.pictures[0], dark="dark" in layout.moods, cool=cool, fallback=chosen.accent)
    return chosen
