"""A brief: the seller's words with what they say, and how the copy is to be written."""

from __future__ import annotations

from dataclasses import dataclass

from lib_adcopy.domain.facts import Fact
from lib_adcopy.domain.fields import setting
from lib_adcopy.domain.statements import Statement

PLATFORMS = ("xiaohongshu", "douyin", "taobao", "jd", "moments", "wechat_mp", "weibo", "bilibili")
# "electronics" is what the trade calls digital devices (phones, audio, computers); "digital" is what is delivered as
# a file or an account (software, templates, memberships).
CATEGORIES = (
    "clothing", "beauty", "food", "home", "appliances", "electronics", "mother_baby", "toys", "pets", "outdoors",
    "sports", "jewellery", "books", "plants", "cars", "courses", "services", "digital", "other",
)  # fmt: skip
LENGTHS = ("short", "medium", "long")
TONES = ("natural", "lively", "literary", "professional", "humorous", "premium")

_PRODUCT_NAMES = (("衣样式",), ("裙型", "裤型"), ("裙长", "裤长"), ("类型",))
_GENERAL = frozenset(("裙子", "裙", "裤子", "裤", "上衣", "衣服", "女装", "男装"))
_NOUNS = {
    "裙": "裙子", "裤": "裤子", "上衣": "上衣", "a字": "a字裙", "百褶": "百褶裙", "蛋糕": "蛋糕裙",
    "大裙摆": "大裙摆裙子", "polo": "polo衫", "衫": "小衫", "中裙": "中裙", "长裤": "长裤",
}  # fmt: skip


@dataclass(frozen=True)
class Brief:
    """A product to advertise.

    `text` is what the seller wrote, markup and control characters blanked out; `facts` what it says, in its order,
    their offsets into `text`. `attributes` are AdvertiseGen (name, value) pairs in the order given; `points` are the
    facts that are none of these, as written, the product's name among them. `language` is the copy's ("zh" or "en").
    `statements` are the same words as whole clauses, `unused` the rest that went into none of them.
    `stress` names what a revision wants spoken of first: kinds of attributes ("材质", "领") or points.
    """

    text: str
    attributes: tuple[tuple[str, str], ...] = ()
    points: tuple[str, ...] = ()
    category: str = "other"
    platform: str = setting("xiaohongshu", choices=PLATFORMS, words="platforms", flag="--platform")
    tone: str = setting("natural", choices=TONES, words="tones", flag="--tone")
    length: str = setting("medium", choices=LENGTHS, words="lengths", flag="--length")
    audience: str = setting("", flag="--audience")
    brand_words: tuple[str, ...] = setting((), flag="--brand")
    avoid_words: tuple[str, ...] = setting((), flag="--avoid")
    language: str = "zh"
    stress: tuple[str, ...] = ()
    facts: tuple[Fact, ...] = ()
    statements: tuple[Statement, ...] = ()
    unused: tuple[str, ...] = ()

    @property
    def product(self) -> str:
        """The noun the copy talks about: the brief's most specific word for the product, the seller's own."""
        named = next((fact.value or fact.text for fact in self.facts if fact.kind == "name" and not fact.name), "")
        if named and not (named in _GENERAL and self.product_pair):
            return named
        if self.product_pair:
            return self._sellers_word(*self.product_pair) or product_noun(*self.product_pair)
        return self.points[0] if self.points else self.text

    @property
    def own_brand(self) -> str:
        """The first of the brand words that the seller gave beside the brief, "" for none."""
        return next(iter(self.brand_words), "")

    def names_brand(self, text: str) -> bool:
        """Tell whether a text has one of the brand words; true where there are none."""
        return not self.brand_words or any(word in text for word in self.brand_words)

    @property
    def product_pair(self) -> tuple[str, str] | None:
        """The attribute that says what the product is."""
        named = [pair for pair in self.attributes if pair[0] == "类型" or not pair[1].endswith("款")]
        pairs = (pair for names in _PRODUCT_NAMES for pair in named if pair[0] in names)
        return next(pairs, None)

    def _sellers_word(self, name: str, value: str) -> str:
        """Return the noun the seller wrote where AdvertiseGen has another value for it: its 外套 may be a 大衣."""
        written = [fact.text for fact in self.facts if (fact.name, fact.value) == (name, value) and fact.text != value]
        return next((word for word in written if name == "衣样式" or word[-1] in "裙裤"), "")

    @property
    def adgen(self) -> str:
        """The attributes in the form AdvertiseGen models are tuned on: "类型#裙*风格#文艺"."""
        return "*".join(f"{name}#{value}" for name, value in self.attributes)

    def statements_of(self, *roles: str) -> tuple[Statement, ...]:
        """Return the clauses of these roles, in the order the seller wrote them."""
        return tuple(statement for statement in self.statements if statement.role in roles)

    def facts_of(self, *kinds: str) -> tuple[Fact, ...]:
        """Return the facts of these kinds, in the order the seller wrote them."""
        return tuple(fact for fact in self.facts if fact.kind in kinds)


def product_noun(name: str, value: str) -> str:
    """Return how a product attribute reads as a noun: 裙型#百褶 is a 百褶裙."""
    return _NOUNS.get(value, value)
