"""Describe what a base model is asked with: role, platform, facts and examples. The user's own file stands over ours.

data/presets.json: language -> kind ("write", "revise") -> text with {platform}, {tone}, {length}, {habits},
{structure}, {audience}, {facts}, {title}, {examples}, and for a revision {copy} and {instruction}; "words" -> language
-> what the settings are called; "habits" -> language -> how a platform is written for, "structures" in which parts;
"rows" -> language -> what a statement's role is called in the table of facts; "examples" -> category -> copies to
write like. The user's presets.json in the data folder may hold any part of it.
"""

from __future__ import annotations

import json
import string
from pathlib import Path
from typing import Any

from lib_adcopy.copywriting.platforms import platforms
from lib_adcopy.copywriting.vocabulary import load
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.characters import whole_characters
from lib_adcopy.errors import AdCopyError

_SETTINGS = ("platform", "tone", "length", "habits", "structure", "audience", "brand", "avoid")
_KNOWN = frozenset((*_SETTINGS, "facts", "title", "examples", "copy", "instruction"))


class Presets:
    """Ours, or with `own` (a file that need not exist) those parts replaced that it names.

    Raises AdCopyError for a file that is no JSON object or has a {placeholder} nobody fills.
    """

    def __init__(self, own: Path | None = None) -> None:
        self._table = _merged(load("presets.json"), _read(own) if own is not None and own.is_file() else {})

    def query(self, kind: str, brief: Brief, **more: str) -> str:
        words = self._table["words"][brief.language]
        asides = self._table["asides"][brief.language]
        # The examples are Chinese; before an English brief they would turn the answer Chinese.
        examples = self._table["examples"].get(brief.category, []) if brief.language == "zh" else []
        filled: str = self._table[brief.language][kind].format(
            platform=words[brief.platform],
            tone=words[brief.tone],
            length=words[brief.length],
            title=platforms()[brief.platform].title,
            habits=self._table["habits"][brief.language][brief.platform],
            structure=self._table["structures"][brief.language][brief.platform],
            facts=self._facts(brief),
            audience=asides["audience"].format(brief.audience) if brief.audience else "",
            brand=asides["brand"].format(asides["and"].join(brief.brand_words)) if brief.brand_words else "",
            avoid=asides["avoid"].format(asides["and"].join(brief.avoid_words)) if brief.avoid_words else "",
            examples=asides["examples"].format("\n".join(examples)) if examples else "",
            **more,
        )
        return filled

    def _facts(self, brief: Brief) -> str:
        """Return the brief as a table, a statement a row under the seller's label or its role's name."""
        rows = self._table["rows"][brief.language]
        colon = "：" if brief.language == "zh" else ": "
        told = [made for made in brief.statements if made.role in rows]
        avoid = [word for word in brief.avoid_words if word]
        told = [made for made in told if not any(word in made.text for word in avoid)]
        lines = [f"{made.label or rows[made.role]}{colon}{made.text}" for made in told]
        if not any(made.role == "product" for made in told):
            lines.insert(0, f"{rows['product']}{colon}{brief.product}")
        return "\n".join(lines) if told else brief.text


def _read(file: Path) -> dict[str, Any]:
    try:
        stored = whole_characters(json.loads(file.read_text(encoding="utf-8-sig")))
    except (OSError, ValueError) as error:
        raise AdCopyError("copywriting.bad_presets", file=file.name, reason=str(error)) from error
    if not isinstance(stored, dict):
        raise AdCopyError("copywriting.bad_presets", file=file.name, reason="{ }")
    for language in ("zh", "en"):
        for text in (stored.get(language) or {}).values():
            _check(str(text), file)
    return stored


def _check(text: str, file: Path) -> None:
    try:
        names = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError as error:
        raise AdCopyError("copywriting.bad_presets", file=file.name, reason=str(error)) from error
    # A placeholder that reaches into an object is no placeholder of ours.
    if unknown := sorted(names - _KNOWN):
        raise AdCopyError("copywriting.bad_presets", file=file.name, reason=f"{{{unknown[0]}}}")


def _merged(ours: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    both = dict(ours)
    for name, value in own.items():
        nested = isinstance(ours.get(name), dict) and isinstance(value, dict)
        both[name] = _merged(ours[name], value) if nested else value
    return both
