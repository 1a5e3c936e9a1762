"""How a creative is set: the platform's format and the layout."""

from __future__ import annotations

from dataclasses import dataclass

from lib_adcopy.domain.fields import setting

DEFAULT_FORMAT = "xiaohongshu-3:4"


@dataclass(frozen=True)
class LayoutChoice:
    """`format` is a platform's format by its name ("taobao-main"); the same `layout_seed` gives the same creative."""

    format: str = setting(DEFAULT_FORMAT, offered_by="formats", words="formats", flag="--format")
    layout_seed: int = 0
