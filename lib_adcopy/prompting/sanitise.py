"""Words from a user or a model made safe to stand in a prompt: no syntax of the webui, no Chinese."""

from __future__ import annotations

import re

# <lora:...> tags, and the characters by which the webui weighs, alternates and schedules words.
_SYNTAX = re.compile(r"<[^<>]*>|[<>()\[\]{}|\\:*#]|\bBREAK\b|\bAND\b")
_NOT_PLAIN = re.compile(r"[^\x20-\x7e]")
_SPACES = re.compile(r"\s+")
# How an answer begins before it says anything: "Sure! Here is the description:", "Lighting:", "The photo shows".
_PREAMBLE = re.compile(
    r"^\s*(?:(?:sure|certainly|of course|okay|ok)\b\s*|[A-Za-z' ]{1,40}:\s*|"
    r"(?:the|this|an?) (?:\w+ )?(?:image|photo|photograph|picture|scene|setting|shot|background|atmosphere|lighting) "
    r"(?:(?:that|which) )?"
    r"(?:(?:is|was|are|has|shows?|depicts?|features?|captures?|displays?|takes place|taken|set|shot)\b\s*)+|"
    r"(?:the )?(?:place|location|season|time|weather|light|mood) (?:is|was)\b\s*|"
    r"(?:there|it|this|that) (?:is|are|was)\b\s*)",
    re.IGNORECASE,
)
# Where a sentence goes on to something else; full-width marks are a Chinese model's.
_JOINTS = re.compile(
    r"[,.;!?\u3001\u3002\uff0c\uff1b\uff01\uff1f]|\s-\s|"
    r"\b(?:and|with|while|where|which|that|featuring|creating|surrounded by)\b",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"^(?:(?:an?|the|some|set|placed|shot|taken|located|bathed|standing|sitting|filled)\s+)+", re.IGNORECASE
)
_NOT_WORDS = re.compile(r"[^A-Za-z' -]")


def clean_words(text: str) -> str:
    """Printable ASCII without prompt syntax, single spaces, no commas at the ends."""
    plain = _NOT_PLAIN.sub(" ", _SYNTAX.sub(" ", text))
    return _SPACES.sub(" ", plain).replace(" ,", ",").strip(" ,.;")


def clean_style(text: str) -> str:
    """Return a style's words: ASCII, without network tags; weights and the like are its author's wish and stay."""
    plain = _NOT_PLAIN.sub(" ", re.sub(r"<[^<>]*>|[<>]", " ", text))
    words = (_SPACES.sub(" ", part).strip(" ;") for part in plain.split(","))
    return ", ".join(word for word in words if word)


def clean_lead(text: str) -> str:
    """Return a style's words before the product; a comma at their end keeps them apart from it."""
    words = clean_style(text)
    return f"{words}," if words and text.rstrip().endswith(",") else words


def clean_scene(text: str, *, at_most: int = 12) -> list[str]:
    """Return a model's English description as up to `at_most` short phrases of plain words; quotes and digits, which
    would be painted as letters, take their phrase with them."""
    found: list[str] = []
    for line in text.splitlines():
        for part in _JOINTS.split(line):
            phrase = _LEADING.sub("", clean_words(_PREAMBLE.sub("", part)).strip(" \"'-_`~"))
            if 2 < len(phrase) <= 60 and not _NOT_WORDS.search(phrase) and phrase not in found:
                found.append(phrase)
    return found[:at_most]
