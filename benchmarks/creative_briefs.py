"""The briefs that creatives are measured on, their facts typed by hand, so that setting alone is measured."""

from __future__ import annotations

import json
from pathlib import Path

from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.copy import Copy
from lib_adcopy.domain.facts import Fact

_FILE = Path(__file__).with_suffix(".json")


def load_briefs() -> list[tuple[Brief, Copy, str]]:
    """(brief, copy, the picture's product or "") of every brief."""
    return [_read(stored) for stored in json.loads(_FILE.read_text(encoding="utf-8"))]


def _read(stored: dict[str, str]) -> tuple[Brief, Copy, str]:
    facts, text = [], ""
    for part in stored["facts"].split("|"):
        kind, _, said = part.partition(":")
        said, _, value = said.partition("=")
        start = len(text)
        facts.append(Fact(kind, said, value, start, start + len(said)))
        text += f"{said}，"
    brief = Brief(
        text=text.rstrip("，"),
        facts=tuple(facts),
        category=stored["category"],
        platform=stored["platform"],
        language=stored.get("language", "zh"),
    )
    return brief, Copy(stored["title"], ""), stored["picture"]
