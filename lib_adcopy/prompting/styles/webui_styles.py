"""The webui's own styles.csv: name, prompt, negative_prompt; {prompt} marks where the user's prompt goes, of which only
the product stands there with us: pose, background and scene follow it, so a weight around the mark is let go.

Format: AUTOMATIC1111's modules/styles.py. Files of its first year have "text" for "prompt". A row whose prompts are
both empty only divides the list.
"""

from __future__ import annotations

import csv
import logging
import re
from collections.abc import Iterable
from pathlib import Path

from lib_adcopy.prompting.networks import tags_in
from lib_adcopy.prompting.sanitise import clean_lead, clean_style
from lib_adcopy.prompting.styles.style import Style

_PLACEHOLDER = "{prompt}"
# The look-behind keeps a row of ten thousand brackets from being tried from each of them.
_WEIGHTED = re.compile(r"(?<![(\[])[(\[]+\s*\{prompt\}\s*(?::\s*[\d.]+\s*)?[)\]]+")
_LARGEST_FILE = 16 * 2**20
_log = logging.getLogger("adcopy.prompting")


def read_webui_styles(files: Iterable[Path]) -> tuple[Style, ...]:
    """Return every style of these files that says something, the first of a name; a file that cannot be read is
    logged."""
    found: dict[str, Style] = {}
    for file in files:
        try:
            if file.stat().st_size > _LARGEST_FILE:
                raise ValueError(f"larger than {_LARGEST_FILE} bytes")
            lines = file.read_text(encoding="utf-8-sig").splitlines(keepends=True)
            for row in csv.DictReader(lines, skipinitialspace=True):
                style = _style(row)
                if style is not None:
                    found.setdefault(style.name, style)
        except (OSError, ValueError, csv.Error) as error:
            _log.warning("%s was left out: %s", file.name, error)
    return tuple(found.values())


def _style(row: dict[str, str | None]) -> Style | None:
    name = (row.get("name") or "").strip()
    prompt = row.get("prompt") or row.get("text") or ""
    negative = row.get("negative_prompt") or ""
    if not name or not (prompt.strip() or negative.strip()):
        return None
    before, mark, after = _WEIGHTED.sub(_PLACEHOLDER, prompt).partition(_PLACEHOLDER)
    if not mark:
        before, after = "", prompt
    return Style(
        name,
        before=clean_lead(before),
        positive=clean_style(after.replace(_PLACEHOLDER, "")),
        negative=clean_style(negative.replace(_PLACEHOLDER, "")),
        loras=tags_in(prompt),
    )
