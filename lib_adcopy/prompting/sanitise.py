"""Words from a user or a model made safe to stand in a prompt: no syntax of the webui, no Chinese."""

from __future__ import annotations

import re

# <lora:...> tags, and the characters by which the webui weighs, alternates and schedules words.
_SYNTAX = re.compile(r"<[^<>]*>|[<>()\[\]{}|\\:*#]|\bBREAK\b|\bAND\b")
_NOT_PLAIN = re.compile(r"[^\x20-\x7e]")
_SPACES = re.compile(r"\s+")
# What a model adds when it means well: words that make the sampler paint letters.
_LETTERS = re.compile(r"\b(?:text|caption|slogan|title|letters?|words?|logo|watermark|headline)\b[^,]*", re.IGNORECASE)


def clean_words(text: str) -> str:
    """Printable ASCII without prompt syntax, single spaces, no commas at the ends."""
    plain = _NOT_PLAIN.sub(" ", _SYNTAX.sub(" ", text))
    return _SPACES.sub(" ", plain).replace(" ,", ",").strip(" ,.;")


def clean_scene(text: str, *, at_most: int = 12) -> list[str]:
    """A model's English description as up to `at_most` short phrases, without any that would paint letters."""
    line = next((part for part in text.splitlines() if part.strip()), "")
    phrases = [clean_words(_LETTERS.sub("", part)) for part in re.split(r"[,.;]", line)]
    return [phrase for phrase in dict.fromkeys(phrases) if 2 < len(phrase) <= 60][:at_most]
