"""Words from a user or a model made safe to stand in a prompt: no syntax of the webui, no Chinese."""

from __future__ import annotations

import re

# <lora:...> tags, and the characters by which the webui weighs, alternates and schedules words.
_SYNTAX = re.compile(r"<[^<>]*>|[<>()\[\]{}|\\:*#]|\bBREAK\b|\bAND\b")
_NOT_PLAIN = re.compile(r"[^\x20-\x7e]")
_SPACES = re.compile(r"\s+")
# What a model adds when it means well: words that make the sampler paint letters.
_LETTERS = re.compile(
    r"\b(?:texts?|captions?|slogans?|titles?|letters?|lettering|words?|logos?|watermarks?|headlines?|brand|typography|"
    r"writing|written|sign(?:board)?s?|saying|says|reads?|price|label(?:s|led|ed)?|poster|banner)\b",
    re.IGNORECASE,
)
# How an answer begins before it says anything: "Sure! Here is the description:".
_PREAMBLE = re.compile(
    r"^\s*(?:(?:sure|certainly|of course|okay|ok)\b\s*|here(?:'s| is| are)\b[^:\n]*:|"
    r"(?:description|scene|answer|english)\s*:|"
    r"(?:the|this) (?:image|photo|picture|scene)\s+(?:shows?|is|depicts?|features?)\b)",
    re.IGNORECASE,
)


def clean_words(text: str) -> str:
    """Printable ASCII without prompt syntax, single spaces, no commas at the ends."""
    plain = _NOT_PLAIN.sub(" ", _SYNTAX.sub(" ", text))
    return _SPACES.sub(" ", plain).replace(" ,", ",").strip(" ,.;")


def clean_style(text: str) -> str:
    """A style's words: ASCII, without network tags; weights and the like are its author's wish and stay."""
    plain = _NOT_PLAIN.sub(" ", re.sub(r"<[^<>]*>|[<>]", " ", text))
    words = (_SPACES.sub(" ", part).strip(" ;") for part in plain.split(","))
    return ", ".join(word for word in words if word)


def clean_lead(text: str) -> str:
    """A style's words before the product; a comma at their end keeps them apart from it."""
    words = clean_style(text)
    return f"{words}," if words and text.rstrip().endswith(",") else words


def clean_scene(text: str, *, at_most: int = 12) -> list[str]:
    """A model's English description as up to `at_most` short phrases, without any that would paint letters."""
    found: list[str] = []
    for line in text.splitlines():
        for part in re.split(r"[,.;!?]", line):
            phrase = clean_words(re.sub(r"^\s*(?:and|with)\s+", "", _PREAMBLE.sub("", part)))
            if 2 < len(phrase) <= 60 and not _LETTERS.search(part) and phrase not in found:
                found.append(phrase)
    return found[:at_most]
