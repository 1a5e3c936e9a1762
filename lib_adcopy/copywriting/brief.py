"""What is advertised: the seller's words, read into AdvertiseGen attributes and selling points."""

from __future__ import annotations

from dataclasses import dataclass

PLATFORMS = ("xiaohongshu", "douyin", "taobao", "jd", "moments", "wechat_mp", "weibo", "bilibili")
CATEGORIES = ("clothing", "beauty", "food", "home", "electronics", "mother_baby", "pets", "outdoors", "other")
LENGTHS = ("short", "medium", "long")
TONES = ("natural", "lively", "literary", "professional", "humorous", "premium")


@dataclass(frozen=True)
class Brief:
    """A product to advertise.

    `attributes` are AdvertiseGen (name, value) pairs in the order given; `points` are the words the
    vocabulary does not know, kept as selling points. `language` is the copy's ("zh" or "en").
    """

    text: str
    attributes: tuple[tuple[str, str], ...] = ()
    points: tuple[str, ...] = ()
    category: str = "other"
    platform: str = "xiaohongshu"
    tone: str = "natural"
    length: str = "medium"
    audience: str = ""
    brand_words: tuple[str, ...] = ()
    avoid_words: tuple[str, ...] = ()
    language: str = "zh"
