"""Describe how long a prompt is; a cautious estimate of CLIP's count where no text encoder is loaded to ask."""

from __future__ import annotations

import re
from typing import NamedTuple

_WORDS = re.compile(r"<[^<>]*>|[A-Za-z]+|\d|[^\sA-Za-z\d]")
CHUNK = 75


class TokenCount(NamedTuple):
    """Tokens and the limit of the chunk they fall in (41, 75); `about` where they were not counted but estimated."""

    used: int
    limit: int
    about: bool = False


def estimate_tokens(text: str) -> int:
    """About how many tokens CLIP makes of `text`, rather too many: words, and pieces of long ones. LoRA tags count
    nothing, as in the webui."""
    return sum(1 + max(0, len(word) - 3) // 4 for word in _WORDS.findall(text) if not word.startswith("<"))


def estimate(text: str) -> TokenCount:
    used = estimate_tokens(text)
    return TokenCount(used, max(1, -(-used // CHUNK)) * CHUNK, about=True)
