"""Edits of the facts read in a brief: written into its own words, so that the text stays the one truth.

What was misread is put right by a label ("材质：棉"), which the reader takes at its word.
"""

from __future__ import annotations

import re

# What stands between two facts of a brief; a fact is taken out with one of its separators.
_SEPARATORS = " \u3000,，、;；。|/\n\t*"
_EDGE = re.compile(rf"^[{re.escape(_SEPARATORS)}]+|[{re.escape(_SEPARATORS)}]+$")
_LABEL = r"[\u4e00-\u9fffA-Za-z][\u4e00-\u9fffA-Za-z ]{0,11}"
_LABEL_BEFORE = re.compile(rf"(?:^|[\s,，、;；。|/*])(?P<label>{_LABEL})[:：#]\s*$")


# What names the kind of a fact behind it says nothing without it: 文艺风格.
_TRAILERS = frozenset(("风格", "风", "图案", "颜色", "色", "材质", "面料", "版型", "设计", "款", "款式", "元素", "的"))


def without_fact(text: str, start: int, end: int) -> str:
    """Return the brief without `text[start:end]`, what names its kind beside it, and one separator."""
    trailer = re.match(rf"[^{re.escape(_SEPARATORS)}]*", text[end:])
    alone = start == 0 or text[start - 1] in _SEPARATORS
    if trailer and trailer[0] in _TRAILERS and alone:
        end += len(trailer[0])
    labelled = _LABEL_BEFORE.search(text[:start])
    if labelled:
        start = labelled.start("label")
    if text[end : end + 1] in set(_SEPARATORS):
        end += 1
        # "mug, 350 ml, white": the space after the comma goes too.
        if text[start - 1 : start] == " " == text[end : end + 1]:
            end += 1
    elif start and text[start - 1] in _SEPARATORS:
        start -= 1
    return _EDGE.sub("", text[:start] + text[end:])


def with_fact(text: str, label: str, value: str) -> str:
    """Return the brief with one labelled fact more, separated as the brief is."""
    value = " ".join(value.split())
    added = f"{label}：{value}" if _is_chinese(label) else f"{label}: {value}"
    text = _EDGE.sub("", text)
    if not text:
        return added
    if "\n" in text:
        return f"{text}\n{added}"
    return f"{text}，{added}" if _is_chinese(text + added) else f"{text}, {added}"


def with_fact_changed(text: str, start: int, end: int, label: str, value: str) -> str:
    """Return the brief with `text[start:end]` read as what `label` names, and with `value` for its words."""
    return with_fact(without_fact(text, start, end), label, value)


def _is_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)
