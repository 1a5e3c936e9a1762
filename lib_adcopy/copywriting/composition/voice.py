"""Sentences around the statements: hooks, titles, caveats, closings, in the copy's tone (data/copy/.../frames.json)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from lib_adcopy.copywriting.composition.bank import load_copy_data
from lib_adcopy.copywriting.composition.chooser import Chooser
from lib_adcopy.copywriting.composition.english import article_of, capital
from lib_adcopy.copywriting.composition.plan import Plan, Unit
from lib_adcopy.copywriting.composition.scenes import scenes_of
from lib_adcopy.copywriting.platforms import platforms

_WITHOUT_EMOJI = ("professional", "premium", "literary")
# What the seller asks his readers himself; one such line is enough.
_ASKS = re.compile(r"私我|私信|留言|戳|滴滴|扣1|要的|喊我|回我|联系|call|message me|DM ", re.IGNORECASE)
# What a statement is about surely enough by its words alone.
_SURE_BY_WORDS = ("material", "battery", "noise", "capacity", "flavour", "install")
# Longest name, in characters, that a title says in place of the noun alone.
_LONGEST_NOUN = 9
# Tones that do not shout, and what shouts.
_CALM = ("premium", "literary", "professional")
_FAMILIAR = re.compile(r"吱|喊|举手|冒个?泡|留个数|看好了就拍|带走|says? the word|hands up", re.IGNORECASE)
_SLOT = re.compile(r"\{(\w+)\}")
# A caveat that says by itself that it is one.
_SAYS_ITSELF = re.compile(r"缺点|注意|提醒|说明|不足|友情提示|note|please|be aware", re.IGNORECASE)


class Voice:
    """Fills the frames of one copy; what a frame says is drawn once."""

    def __init__(self, plan: Plan, chooser: Chooser) -> None:
        self._plan, self._chooser = plan, chooser
        self._tone = plan.brief.tone
        self._table: dict[str, Any] = load_copy_data(f"{plan.brief.language}/frames.json")
        self._asides = dict(self._table.get("asides", {})) if self._tone == "humorous" else {}
        self._asides_left = 1

    def frame(self, slot: str, frames: Sequence[str], limit: int = 0, **values: str) -> str:
        """Return one of the frames whose slots are all filled and that is no longer than `limit`; "" for none."""
        names = {"product": self._plan.spoken, "short": self._plan.short, "unit": self._plan.pack.unit, **values}
        names["intro"] = self._plan.intro
        if self._plan.kind in ("service", "course") and names["unit"] == "款":
            # What is done for somebody is not counted so: a sentence that counts it is not used.
            names["unit"] = ""
        if not self._plan.is_zh:
            names["a_short"] = f"{article_of(self._plan.short)} {self._plan.short}".strip()
            names |= {capital(name): capital(value) for name, value in names.items()}
        words = [word for word in self._plan.brief.avoid_words if word]
        made = {}
        for frame in frames:
            if all(names.get(name) for name in _SLOT.findall(frame)):
                text = _tidied(frame.format(**names), self._plan.is_zh)
                if (not limit or len(text) <= limit) and not any(word in text for word in words):
                    made[frame] = text
        chosen = self._chooser.pick(slot, list(made))
        return made.get(chosen, "")

    def angles(self, wanted: Sequence[str]) -> list[str]:
        """Return those of the angles that the tone has frames for."""
        hooks = self._table["hooks"]
        return [angle for angle in wanted if angle == "voice" or hooks[angle].get(self._tone)]

    def hook(self, angle: str, limit: int, **values: str) -> str:
        frames: list[str] = self._table["hooks"][angle][self._tone]
        if self._plan.spoken != self._plan.short:
            # An opening that says the noun alone would lose what the seller calls it.
            frames = [frame for frame in frames if "roduct}" in frame] or frames
        return self.frame(f"hook {angle}", frames, limit, **values)

    def title(self, rule: str, angle: str, limit: int, **values: str) -> str:
        """Return a title that fits; the noun is whole where there is room: 石榴石手串, not 手串."""
        frames = self._table["titles"][rule].get(angle, ())
        longer = (self._plan.spoken,) if self._plan.is_zh else ()
        for short in (*(text for text in longer if len(text) <= _LONGEST_NOUN), self._plan.short):
            if made := self.frame(f"title {rule} {angle}", frames, limit, short=short, **values):
                return made
        return ""

    def garment_title(self, colour: str, noun: str, tags: str, limit: int) -> str:
        frames = self._table["garment_titles"][self._tone]
        if not colour:
            frames = [frame for frame in frames if not frame.startswith("{colour}，")]
            frames = [frame.replace("，{colour}", "").replace("{colour}", "") for frame in frames]
        return self.frame("garment title", frames, limit, colour=colour, noun=noun, tags=tags)

    def caveat(self, text: str) -> str:
        if _SAYS_ITSELF.match(text):
            return ""
        return self.frame("caveat", self._table["caveat"][self._tone], c=text)

    def closing(self) -> str:
        """Return what the reader is asked at the end; "" where the platform asks nothing."""
        table = self._table["closings"].get(self._plan.brief.platform)
        if not table or any(_ASKS.search(unit.text) for unit in self._plan.of("place", "voice", "service", "offer")):
            return ""
        own: list[str] = table.get(self._plan.kind) or table["goods"]
        if self._tone in _CALM:
            own = [frame for frame in own if not _FAMILIAR.search(frame)] or own
        if self._plan.brief.category == "food":
            own = [frame for frame in own if "怎么用" not in frame]
        if "约" not in self._plan.brief.text:
            # What needs no appointment is not booked.
            own = [frame for frame in own if "约" not in frame]
        tones = self._table["closing_tones"].get(self._tone, {})
        # What closes an article formally is too much under a post.
        short_form = self._plan.brief.platform not in ("wechat_mp", "bilibili")
        toned: list[str] = tones.get("post", tones.get("*", [])) if short_form else tones.get("*", [])
        plain = self._tone == "professional" and self._plan.brief.platform in ("douyin", "moments")
        pool = own if plain or not toned or self._plan.kind != "goods" else toned
        return self.frame("closing", pool)

    def opener(self) -> str:
        """Return one sentence of when such a product is wanted; else, for a literary text, one in the tone."""
        scene = self._chooser.pick("scene", scenes_of(self._plan))
        if scene:
            return scene if scene.endswith("？") else f"{scene}。"
        literary = self._tone == "literary" and self._plan.is_zh
        return self._chooser.pick("opener", self._plan.pack.tones.get("literary", ())) if literary else ""

    def guide(self, units: Sequence[Unit]) -> str:
        """Return by what such a product is chosen, of what the brief tells; "" where that is less than two things."""
        words: dict[str, str] = self._table["guide_words"]
        told = [unit.facet.name for unit in units if unit.is_answer or unit.facet.name in _SURE_BY_WORDS]
        told = [name for name in told if name != "flavour" or self._plan.brief.category == "food"]
        named = list(dict.fromkeys(words[name] for name in told if name in words))[:3]
        frames: list[str] = self._table["guide"].get(self._plan.kind, self._table["guide"].get(self._tone, ()))
        if len(named) < 2:
            return ""
        *before, last = named
        told_words = f"{'、'.join(before)}和{last}" if self._plan.is_zh else f"{', '.join(before)} and {last}"
        return self.frame("guide", frames, w=told_words)

    def greeting(self) -> str:
        """Return how somebody in a chat begins to speak of what he sells, "" for tones that begin at once."""
        frames: list[str] = self._table["greetings"].get(self._tone, ())
        return self.frame("greeting", frames)

    def stressed(self, text: str) -> str:
        return f"重点说一遍：{text}。" if self._plan.is_zh else f"Worth repeating: {text}."

    def heading(self, name: str) -> str:
        kind = f"{name}_{self._plan.kind}"
        found: list[str] = self._table["headings"].get(kind) or self._table["headings"][name]
        return self.frame(f"heading {name}", found) or self.frame(f"heading {name}", found[:1])

    def shop_label(self, name: str, units: Sequence[Unit]) -> str:
        """Return the label of a line of a product page, "" where none is sure."""
        text = "，".join(f"{unit.label}{unit.text}" for unit in units)
        if name == "price":
            told = {unit.role for unit in units}
            return next((label for role, label in self._table["shop"][name] if told == {role}), self._price_label())
        if name == "service" and self._plan.kind != "goods":
            return ""
        rules: list[tuple[str, str]] = self._table["shop"][name]
        return next((label for pattern, label in rules if re.search(pattern, text, re.IGNORECASE)), "")

    def _price_label(self) -> str:
        labels: list[tuple[str, str]] = self._table["shop"]["price"]
        return next(label for role, label in labels if role == "price")

    def bullet(self) -> str:
        kind = "emoji" if self.has_emoji else "plain"
        return self._chooser.order("bullet", self._table["bullets"][kind])[0]

    def aside(self, unit: Unit) -> str:
        """Return a dry remark behind a statement of a humorous copy, at most one in a text."""
        # Two of three candidates hold one; the third is dry enough.
        wanted = self._asides_left and self._chooser.number("aside", 3)
        options = self._asides.pop(unit.facet.name, None) if wanted else None
        if not options:
            return ""
        self._asides_left -= 1
        return self._chooser.order(f"aside {unit.facet.name}", options)[0]

    @property
    def has_emoji(self) -> bool:
        allowed = platforms()[self._plan.brief.platform].emoji
        return allowed and self._plan.is_zh and self._tone not in _WITHOUT_EMOJI

    def emoji(self) -> str:
        return self._chooser.pick("emoji", self._plan.pack.emoji) if self.has_emoji else ""


def _tidied(text: str, is_zh: bool) -> str:
    """Return no doubled stops where a statement brought its own; a capital at the beginning of an English sentence."""
    text = re.sub(r"([。！？!?～…])[。！～]+", r"\1", text) if is_zh else text
    if not is_zh:
        text = re.sub(r"([.!?])\.", r"\1", text)
        return text[:1].upper() + text[1:]
    return text
