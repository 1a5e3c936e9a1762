"""Styles: small JSON files, ours under data/styles/, the user's own in a folder of his."""

from __future__ import annotations

import json
import logging
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from lib_adcopy.errors import AdCopyError
from lib_adcopy.prompting.prompt import LoraUse

_FOLDER = Path(__file__).parent / "data" / "styles"
_NAME = re.compile(r"[\w\u4e00-\u9fff][\w\u4e00-\u9fff -]{0,39}")
_log = logging.getLogger("adcopy.prompting")


@dataclass(frozen=True)
class Style:
    """How a picture should look. `titles` by language; sizes and sampler are recommendations, 0 and "" for none."""

    name: str
    titles: dict[str, str] = field(default_factory=dict)
    positive: str = ""
    negative: str = ""
    background: str = ""
    loras: tuple[LoraUse, ...] = ()
    embeddings: tuple[str, ...] = ()
    sampler: str = ""
    steps: int = 30
    cfg_scale: float = 7.0
    clip_skip: int = 0

    def title(self, language: str) -> str:
        return self.titles.get(language) or self.name


def load_styles(user_folder: Path | None = None) -> dict[str, Style]:
    """Ours, "classic" first, then the user's; one of his with a name of ours takes its place."""
    files = sorted(_FOLDER.glob("*.json"), key=lambda file: (file.stem != "classic", file.stem))
    if user_folder is not None and user_folder.is_dir():
        files += sorted(user_folder.glob("*.json"))
    found: dict[str, Style] = {}
    for file in files:
        try:
            found[file.stem] = _read(file)
        except (OSError, ValueError, TypeError, KeyError) as error:
            _log.warning("style %s left out: %s", file.name, error)
    return found


def save_style(style: Style, folder: Path) -> Path:
    """Keeps a style in the user's folder. Raises AdCopyError for a name that cannot be a file's."""
    if not _NAME.fullmatch(style.name):
        raise AdCopyError("prompting.style_name", name=style.name)
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{style.name}.json"
    file.write_text(json.dumps(asdict(style), ensure_ascii=False, indent=1), encoding="utf-8")
    return file


def _read(file: Path) -> Style:
    stored: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    stored["name"] = file.stem
    stored["loras"] = tuple(LoraUse(lora["name"], float(lora["weight"])) for lora in stored.get("loras", ()))
    stored["embeddings"] = tuple(stored.get("embeddings", ()))
    return Style(**stored)
