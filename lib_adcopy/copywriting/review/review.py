"""Reviewing a candidate: coverage of the brief, claims nobody made, repetition, length, advertising law."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from lib_adcopy.copywriting.brief import Brief
from lib_adcopy.copywriting.copy import Copy
from lib_adcopy.copywriting.law import Finding, check_text
from lib_adcopy.copywriting.platforms import over
from lib_adcopy.copywriting.vocabulary import synonyms_of, values

_UNITS = "%|％|ml|毫升|g|克|kg|公斤|斤|w|瓦|mah|小时|天|年|项|件|层|支|目"
_NUMBER = re.compile(rf"\d+(?:\.\d+)?\s*(?:{_UNITS})", re.IGNORECASE)
_CERTIFICATE = re.compile(r"认证|专利|获奖|检测报告|质检|ISO\s*\d+|SGS|有机(?=食品|产品|棉)")
_PLACES = "新疆|意大利|法国|日本|韩国|德国|美国|英国|澳洲|澳大利亚|新西兰|瑞士|泰国"
# Beside the vocabulary's fabrics, what other goods are made of and a seller must be able to prove.
_MATERIALS = (
    "真皮", "牛皮", "羊皮", "纯银", "足银", "黄金", "不锈钢", "陶瓷", "骨瓷", "紫砂", "实木", "红木", "乳胶", "鹅绒",
    "鸭绒", "羽绒", "水晶", "翡翠", "和田玉", "碳纤维", "钛合金", "硅胶", "长绒棉", "埃及棉", "玻尿酸", "烟酰胺",
)  # fmt: skip
# Latin words that Chinese copy uses as its own; any other is a slip of a model, or a brand nobody named.
_LATIN = re.compile(r"[A-Za-z]{2,}")
_USUAL_LATIN = frozenset((
    "logo", "ins", "oversize", "bf", "ol", "chic", "vintage", "diy", "spa", "app", "usb", "type", "wifi", "led", "ok",
    "vs", "by", "pro", "max", "plus", "mini", "tee", "vip", "get", "cm", "mm", "ml", "kg", "spf", "pa", "upf", "pvc",
    "pu", "eva", "ta",
))  # fmt: skip
_ORIGIN = re.compile(rf"(?:{_PLACES})(?:进口|产|长绒棉|原装|面料|工艺)?|进口")


@dataclass(frozen=True)
class Claim:
    """Something the copy states and the brief does not. `kind`: material, number, certificate, origin or word."""

    kind: str
    text: str


@dataclass(frozen=True)
class Review:
    """`missing` and `covered` are the brief's attributes and points, points under the name "".

    `repetition` is the share of 4-grams of characters that are repeats, 0..1; `too_long` says which of "title" and
    "body" is over the platform's limit; `score` ranks candidates, higher is better.
    """

    covered: tuple[tuple[str, str], ...]
    missing: tuple[tuple[str, str], ...]
    claims: tuple[Claim, ...]
    findings: tuple[Finding, ...]
    repetition: float
    too_long: tuple[str, ...]

    @property
    def coverage(self) -> float:
        """Share of the brief's attributes and points that the copy speaks of; 1 for a brief without any."""
        whole = len(self.covered) + len(self.missing)
        return len(self.covered) / whole if whole else 1.0

    @property
    def banned(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.level == "ban")

    @property
    def score(self) -> float:
        faults = 2.0 * len(self.banned) + 0.5 * len(self.claims) + 0.1 * len(self.findings) + len(self.too_long)
        return self.coverage - faults - self.repetition


def review_copy(brief: Brief, copy: Copy) -> Review:
    text = copy.text
    wanted = [*brief.attributes, *(("", point) for point in brief.points)]
    covered = tuple(pair for pair in wanted if says(text, *pair))
    return Review(
        covered=covered,
        missing=tuple(pair for pair in wanted if pair not in covered),
        claims=_claims(brief, text),
        findings=check_text(text),
        repetition=repetition(copy.body),
        too_long=over(copy, brief.platform),
    )


def rank(brief: Brief, candidates: Sequence[Copy]) -> tuple[Copy, ...]:
    """The candidates with their reviews, best first; equal ones keep their order."""
    reviewed = [replace(copy, review=review_copy(brief, copy)) for copy in candidates]
    return tuple(sorted(reviewed, key=lambda copy: -(copy.review.score if copy.review else 0.0)))


def says(text: str, name: str, value: str) -> bool:
    """Whether the text names the value, literally or by a synonym."""
    lowered = text.lower()
    return any(word.lower() in lowered for word in synonyms_of().get((name, value), (value,)))


def repetition(text: str, size: int = 4) -> float:
    """Share of `size`-grams of characters that stand in the text more than once, 0..1."""
    grams = Counter(text[at : at + size] for at in range(len(text) - size + 1))
    whole = sum(grams.values())
    return sum(count - 1 for count in grams.values()) / whole if whole else 0.0


def _claims(brief: Brief, text: str) -> tuple[Claim, ...]:
    known = " ".join((brief.text, *brief.brand_words)).lower()
    found = [Claim("material", value) for value in (*values()["材质"], *_MATERIALS) if len(value) > 1 and value in text]
    for kind, pattern in (("number", _NUMBER), ("certificate", _CERTIFICATE), ("origin", _ORIGIN)):
        found += [Claim(kind, match.group()) for match in pattern.finditer(text)]
    if brief.language == "zh":
        latin = (word for word in _LATIN.findall(text) if word.lower() not in _usual_latin())
        found += [Claim("word", word) for word in latin]
    return tuple(dict.fromkeys(claim for claim in found if not _stated(claim.text, known)))


@cache
def _usual_latin() -> frozenset[str]:
    return _USUAL_LATIN | {word.lower() for words in synonyms_of().values() for word in _LATIN.findall(" ".join(words))}


def _stated(claim: str, known: str) -> bool:
    words = next((words for (name, value), words in synonyms_of().items() if name == "材质" and value == claim), ())
    return any(word.lower() in known for word in (claim, *words))
