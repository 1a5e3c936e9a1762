"""Describe how a creative is set: the platform's format, the layout, and the label of generated content."""

from __future__ import annotations

from dataclasses import dataclass, field

from lib_adcopy.domain.fields import setting

DEFAULT_FORMAT = "xiaohongshu-3:4"
# The layout that suits the ad, another for each seed.
AUTO_LAYOUT = "auto"
NUDGES = ("none", "left", "right", "up", "down", "larger", "smaller")


@dataclass(frozen=True)
class LayoutChoice:
    """`format` is a platform's format by its name ("taobao-main"); the same `layout_seed` gives the same creative.

    `brand_kit` is a saved kit's name, "" for none. `nudge_headline` and `nudge_price` move or size those groups;
    `plate` lays one under all type on pictures.
    `ai_label` is the visible label of generated content: "auto" is on for Chinese. `edits` are slots of the creative
    set by hand, by name; "" switches one off.
    """

    format: str = setting(DEFAULT_FORMAT, offered_by="formats", words="formats", flag="--format")
    layout: str = setting(AUTO_LAYOUT, offered_by="layouts", flag="--layout")
    ai_label: str = setting("auto", choices=("auto", "on", "off"), words="ai_labels", flag="--label")
    brand_kit: str = setting("", offered_by="brand_kits", flag="--brand-kit")
    nudge_headline: str = setting("none", choices=NUDGES, words="nudges")
    nudge_price: str = setting("none", choices=NUDGES, words="nudges")
    plate: bool = setting(False)
    layout_seed: int = 0
    edits: tuple[tuple[str, str], ...] = field(default=())
