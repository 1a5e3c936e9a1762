"""Text from outside made text that a file, a tokenizer and a console can hold; done once, where it comes in."""

from __future__ import annotations

import re
from typing import Any

# A browser cuts an emoji in two at a box's limit, and JSON can spell either half.
_HALF = re.compile("[\ud800-\udfff]")


def whole_characters(value: Any) -> Any:
    """Return a text, or what a list, tuple or dict holds, without lone surrogates; other values stay as they are.

    Two halves that belong together are joined.
    """
    if isinstance(value, str):
        return value if _HALF.search(value) is None else _joined(value)
    if isinstance(value, (list, tuple)) and type(value) in (list, tuple):
        return type(value)(map(whole_characters, value))
    if type(value) is dict:
        return {whole_characters(name): whole_characters(item) for name, item in value.items()}
    return value


def _joined(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "ignore")
