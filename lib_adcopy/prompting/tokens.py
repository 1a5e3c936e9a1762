"""A modest estimate of CLIP's token count where no webui is there to ask: words, and pieces of long ones."""

from __future__ import annotations

import re

_WORDS = re.compile(r"<[^<>]*>|[A-Za-z]+|\d|[^\sA-Za-z\d]")
CHUNK = 75


def estimate_tokens(text: str) -> int:
    """About how many tokens CLIP makes of `text`; LoRA tags count nothing, as in the webui."""
    return sum(1 + max(0, len(word) - 8) // 5 for word in _WORDS.findall(text) if not word.startswith("<"))


def estimate(text: str) -> tuple[int, int]:
    """`estimate_tokens`, and the limit of the chunk they fall in (41, 75)."""
    used = estimate_tokens(text)
    return used, max(1, -(-used // CHUNK)) * CHUNK
