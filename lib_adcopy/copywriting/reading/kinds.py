"""Describe what kind of fact a phrase states: by its label, its words, or the patterns of kinds.json, first match
wins."""

from __future__ import annotations

import json
import re
from functools import cache, lru_cache
from pathlib import Path

# 双面打不卡纸 and 梳理不掉毛 are of no paper or wool.
_NO_MATERIAL = re.compile("[不防免无零][掉卡粘沾伤起缠夹塞漏][\u4e00-\u9fff]?[纸毛绒皮石丝线布]$")
_DENIALS = frozenset("无不免零非没")


@lru_cache(maxsize=4096)
def kind_of_phrase(text: str) -> str:
    """Return one of FACT_KINDS for a phrase of a seller's, "feature" where no pattern tells more."""
    kind = next((kind for kind, pattern in _rules() if pattern.search(text)), "feature")
    # 无胶 names no material, 不掉色 no colour.
    denied = text[:1] in _DENIALS or _NO_MATERIAL.search(text)
    return "feature" if kind in ("material", "colour") and denied else kind


@cache
def _rules() -> tuple[tuple[str, re.Pattern[str]], ...]:
    data: dict[str, list[tuple[str, str]]] = json.loads(Path(__file__).with_suffix(".json").read_text(encoding="utf-8"))
    return tuple((kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in data["rules"])
