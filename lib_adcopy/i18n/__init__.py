"""Words for the user: one JSON file a room and language, flat keys, {placeholders}.

Not the webui's own localizations/: Akegarasu's 1.6 replaces the user's file by an extension's of the same name.
`Message("prompting.note.lora_missing", {"name": "x"})` is looked up as "note.lora_missing" in
i18n/<language>/prompting.json.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

LANGUAGES = ("zh", "en")
FALLBACK = "en"
_HERE = Path(__file__).parent
_log = logging.getLogger("adcopy.i18n")


@cache
def words(language: str) -> Mapping[str, str]:
    """Return every key of `language` ("zh" or "en") with its room's name before it: {"ui.write": "Write copy", ...}."""
    if language not in LANGUAGES:
        raise ValueError(language)
    found: dict[str, str] = {}
    for file in sorted((_HERE / language).glob("*.json")):
        for key, value in json.loads(file.read_text(encoding="utf-8")).items():
            found[f"{file.stem}.{key}"] = value
    return found


def translate(key: str, language: str, **params: object) -> str:
    """Return the sentence for `key`, in English where `language` lacks it, the key itself where both do."""
    for candidate in (language, FALLBACK) if language in LANGUAGES else (FALLBACK,):
        template = words(candidate).get(key)
        if template is not None:
            return template.format_map(params) if params else template
    _log.warning("no words for %s", key)
    return key


def language_of(tag: str | None) -> str:
    """Return the language for a locale or file name such as "zh_CN", "zh-Hans (Stable)" or "en-US"."""
    lowered = (tag or "").strip().lower()
    return "zh" if lowered.startswith(("zh", "chinese", "简", "中")) else "en"


@dataclass(frozen=True)
class Message:
    """A sentence not yet in a language: rooms make these, the tab and the command line print them."""

    key: str
    params: Mapping[str, object] = field(default_factory=dict)

    def text(self, language: str) -> str:
        return translate(self.key, language, **dict(self.params))
