"""Sections of a document in docs/, each rewritten by the benchmark that measures it."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parents[1] / "docs"


def write_section(document: str, title: str, text: str) -> None:
    """Puts `text` under "## title" of docs/<document>, in place of what stood there."""
    file = DOCS / document
    before = file.read_text(encoding="utf-8") if file.is_file() else f"# {file.stem.capitalize()}\n"
    section = f"## {title}\n\n{text.strip()}\n"
    pattern = re.compile(rf"^## {re.escape(title)}\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)
    if pattern.search(before):
        after = pattern.sub(lambda match: section + "\n", before)
    else:
        after = f"{before.rstrip()}\n\n{section}"
    file.write_text(after.rstrip() + "\n", encoding="utf-8")


def table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
