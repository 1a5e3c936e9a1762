"""Describe which ground or scene the words ask for."""

from __future__ import annotations

from lib_adcopy.photo.grounds import GROUNDS

# Words that ask for one of the grounds drawn without a model; the first that is there counts.
_ASKED = (
    ("window", ("window", "morning", "sunlight", "sun ", "窗", "阳光", "晨光", "清晨", "光影")),
    ("white", ("pure white", "white background", "white ground", "白底")),
    ("surface", ("table", "desk", "marble", "stone", "counter", "wood", "桌", "台面", "大理石", "石", "木", "厨房")),
    ("gradient", ("gradient", "studio", "渐变", "影棚", "简约", "简洁")),
    ("plain", ("plain", "solid", "纯色", "单色")),
)
_USUAL = "surface"
_CLOTHES = "clothing"


def ground_for(words: str, category: str = "other") -> str:
    """Return the ground that fits words in either language, or the usual one for the category."""
    lowered = f"{words.lower()} "
    if lowered.strip() in GROUNDS:
        return lowered.strip()
    for ground, asked in _ASKED:
        if any(word in lowered for word in asked):
            return ground
    return "gradient" if category == _CLOTHES else _USUAL
