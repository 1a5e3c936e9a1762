"""Describe what each platform allows: title and body lengths in characters, how many hashtags are usual, emoji or
not."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from lib_adcopy.copywriting.vocabulary import load
from lib_adcopy.domain.copy import Copy

_EMOJI = re.compile("[\u2600-\u27bf\u2b00-\u2bff\u3030\u303d\u3297\u3299\ufe0f\u200d\u20e3\U0001f000-\U0001faff]+")
# A point or a tilde before a digit stands within a number: 6.5L, -20~70. An item of a list ends with its line.
_SENTENCE_END = re.compile(r"(?:[。！？!?]+|[~～.]+(?![\dA-Za-z]))[\"”）)]?|(?<=\S)(?=\n)")
# A number or a Latin word, which is never cut.
_TOKEN_END = re.compile(r"[A-Za-z\d.%*×~+-]+$")


@dataclass(frozen=True)
class Platform:
    """`hashtags` is (fewest, most) of what is usual there, `tag_form` how one is written."""

    id: str
    title: int
    body: int
    hashtags: tuple[int, int]
    emoji: bool
    tag_form: str = "#{}"


@cache
def platforms() -> dict[str, Platform]:
    return {
        name: Platform(name, **{**facts, "hashtags": tuple(facts["hashtags"])})
        for name, facts in load("platforms.json").items()
    }


def fit(copy: Copy, platform: str) -> Copy:
    """`copy` within the platform's limits and habits: the body loses whole sentences from its end, never half of one.

    Emoji go where a platform has none.
    """
    limits = platforms()[platform]
    if not limits.emoji:
        copy = replace(copy, title=without_emoji(copy.title), body=without_emoji(copy.body))
    return replace(
        copy,
        title=copy.title if display_width(copy.title) <= limits.title else shortened(copy.title, limits.title),
        body=shortened(copy.body, allowed(copy.body, limits.body)),
        hashtags=copy.hashtags[: limits.hashtags[1]],
        tag_form=limits.tag_form,
    )


def without_emoji(text: str) -> str:
    """Return the text without emoji; a comma stands where one parted two words."""
    parted = re.sub(rf"(?<=[\w%％]) *{_EMOJI.pattern} *(?=\w)", "，", text)
    return "\n".join(line.strip() for line in _EMOJI.sub("", parted).split("\n"))


def display_width(text: str) -> float:
    """Length as platforms count titles: a Chinese character is one, a Latin letter or digit half."""
    return sum(1.0 if ord(character) > 0x2E7F else 0.5 for character in text)


def allowed(text: str, limit: int) -> int:
    """Return how many characters a limit is for this text: platforms count Latin letters as half a character."""
    return limit if not text or any("\u4e00" <= character <= "\u9fff" for character in text) else 2 * limit


def over(copy: Copy, platform: str) -> tuple[str, ...]:
    """Return which of "title" and "body" the platform would refuse as too long."""
    limits = platforms()[platform]
    body = len(copy.body) > allowed(copy.body, limits.body)
    return (*(("title",) if display_width(copy.title) > limits.title else ()), *(("body",) if body else ()))


def shortened(text: str, limit: int) -> str:
    """Return at most `limit` characters of the text: whole sentences, or whole clauses where its first is longer."""
    if len(text) <= limit:
        return text
    cut = text[:limit]
    ends = [match.end() for match in _SENTENCE_END.finditer(text) if match.end() <= limit]
    if ends:
        return cut[: ends[-1]]
    clause = max(cut.rfind(mark) for mark in "，,；; ")
    if clause > 0:
        return cut[:clause]
    token = _TOKEN_END.search(cut)
    return cut[: token.start()] if token and token.start() > 0 else cut
