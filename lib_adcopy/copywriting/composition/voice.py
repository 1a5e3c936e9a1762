"""The sentences around the facts: hooks, scenes, questions, calls to act, in the tone and for the platform."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lib_adcopy.copywriting.composition.bank import load_copy_data
from lib_adcopy.copywriting.composition.chooser import Chooser
from lib_adcopy.copywriting.composition.material import Material
from lib_adcopy.copywriting.composition.slots import fill
from lib_adcopy.copywriting.platforms import platforms
from lib_adcopy.domain.brief import Brief

_WITHOUT_EMOJI = ("professional", "premium", "literary")
# Ten candidates of one brief share no opening.
_DISTINCT = 10
_OWN_HOOKS = 7
_OWN_ASKS = 4
# One title in two and one hook in three carries an emoji.
_EMOJI_EVERY = {"title": 2, "hook": 3}


class Voice:
    """Draws the bank's sentences for one copy; `slots` are what its frames are filled with."""

    def __init__(self, brief: Brief, material: Material, slots: dict[str, str], chooser: Chooser) -> None:
        self._brief, self._material, self._slots, self._chooser = brief, material, slots, chooser
        self._table: dict[str, Any] = load_copy_data(f"{brief.language}/voice.json")
        self._is_zh = brief.language == "zh"

    def hooks(self, *, without_label: bool) -> list[str]:
        """Openings the brief can fill, in the tone asked for; `without_label` leaves out "do you look at X first?"."""
        tone, pack = self._brief.tone, self._material.pack
        frames = [frame for frame in self._table["hooks"] if not (without_label and "{label}" in frame)]
        general = self.usable(frames)
        if tone == "natural":
            own = self.usable(pack.hooks)
            return [*own[: max(_OWN_HOOKS, _DISTINCT - len(general))], *general]
        toned = self.usable(pack.tones.get(tone, ()))
        if tone in ("lively", "humorous", "literary"):
            toned += self.usable(pack.hooks)[: _DISTINCT // 2]
        return [*toned, *general] if len(toned) < _DISTINCT else toned

    def hook(self, *, without_label: bool) -> str:
        hooks = self.hooks(without_label=without_label)
        return self.toned(self._chooser.pick("hook", hooks)) + self.emoji("hook")

    def scene(self, take: int) -> str:
        """One of the `take` scenes of this copy."""
        scenes = self.usable((*self._material.pack.scenes, *self._table["scenes"]))
        return self._chooser.pick("scene", scenes[: _DISTINCT * take], take)

    def ask(self) -> str:
        own = self.usable((*self._material.pack.asks, *self._table["asks"]))[:_DISTINCT]
        tone = self._table["asks_tone"].get(self._brief.tone)
        shared = own[:_OWN_ASKS] if self._brief.tone in ("lively", "humorous") else []
        pool = [*tone, *shared] if tone else own
        return self.toned(self._chooser.pick("ask", pool or self._table["asks"]))

    def call_to_act(self) -> str:
        table = self._table["ctas"].get(self._brief.platform, {})
        return self.toned(self._chooser.pick("cta", table.get(self._brief.tone) or table.get("natural", ())))

    def why_now(self) -> str:
        return self._chooser.pick("why now", self._table["why_now"]) if self._material.kinds("deadline") else ""

    def heading(self, name: str) -> str:
        return self._chooser.pick(f"heading {name}", self._table["headings"][name]) if name else ""

    def framed(self, slot: str, frames: Sequence[str], **more: str) -> str:
        """One of the frames that the brief can fill; "" where it can fill none."""
        slots = {**self._slots, **more}
        frame = self._chooser.pick(slot, [frame for frame in frames if fill(frame, slots)])
        return fill(frame, slots) if frame else ""

    def from_table(self, name: str, **more: str) -> str:
        return self.framed(name, self._table[name], **more)

    def usable(self, entries: Sequence[str]) -> list[str]:
        """The entries the brief can fill, without a word to avoid."""
        words = [word.lower() for word in self._brief.avoid_words if word]
        filled = (fill(entry, self._slots) for entry in entries)
        return [entry for entry in filled if entry and not any(word in entry.lower() for word in words)]

    def toned(self, text: str) -> str:
        """A lively text ends in ～ or ！ instead of a full stop."""
        if self._brief.tone == "lively" and self._is_zh and text.endswith("。"):
            return text[:-1] + ("～" if self._chooser.number("lively", 2) else "！")
        return text

    @property
    def has_emoji(self) -> bool:
        allowed = platforms()[self._brief.platform].emoji
        return allowed and self._is_zh and self._brief.tone not in _WITHOUT_EMOJI

    def emoji(self, place: str) -> str:
        """An emoji for some of the seeds, "" for the others and where platform or tone has none."""
        if not self.has_emoji or self._chooser.number(f"emoji {place}", _EMOJI_EVERY[place]):
            return ""
        return self._chooser.pick("emoji", self._material.pack.emoji)
