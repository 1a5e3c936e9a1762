"""Styles: small JSON files, ours under data/styles/, the user's own in a folder of his."""

from __future__ import annotations

import json
import logging
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from lib_adcopy.domain.ad import DEFAULT_STYLE
from lib_adcopy.domain.characters import whole_characters
from lib_adcopy.domain.drawing import DrawSettings
from lib_adcopy.domain.fields import Field, fields_of
from lib_adcopy.domain.prompt import LoraUse
from lib_adcopy.errors import AdCopyError
from lib_adcopy.prompting.sanitise import clean_lead, clean_style
from lib_adcopy.storage.atomic import write_atomic

# The drawing settings a style may recommend.
ADVISED = {name: row for name, row in fields_of(DrawSettings).items() if row.advised}
_FOLDER = Path(__file__).parent / "data"
_NAME = re.compile(r"[\w\u4e00-\u9fff][\w\u4e00-\u9fff -]{0,39}")
# Windows keeps these names for devices.
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})
_WORDS = ("before", "positive", "negative", "pose", "camera", "background", "without_person")
# What stands around the product.
PLACES = ("pose", "camera", "background")
_LARGEST_FILE = 2**20
_ALL = ("place", "room", "season", "light", "mood")
_log = logging.getLogger("adcopy.prompting")


@dataclass(frozen=True)
class Style:
    """Describe how a picture should look: comma-separated English words, and recommendations for drawing.

    `before` stands before the product ("photo of", or "masterpiece," as words of their own), `pose` after it where a
    model wears it, then `camera` (and light) and `background`; `positive` is the tail. `person` False shows garments
    without a model, as `without_person` says. `scene` names what the copy may add ("place" is outdoors, "room"
    indoors); a place it adds takes the background's place, a light the place of what `camera` says of light.
    `settings` are the drawing settings it recommends, by their field names; `width` times `height` is how many pixels
    the first pass should have, in whatever shape the format asks for. `titles` by language; `by_category` are other
    words for some of PLACES where the product is of a category: {"food": {"background": "wooden table"}}.
    """

    name: str
    titles: Mapping[str, str] = field(default_factory=dict)
    before: str = ""
    positive: str = ""
    negative: str = ""
    pose: str = ""
    camera: str = ""
    background: str = ""
    person: bool = True
    without_person: str = ""
    scene: tuple[str, ...] = _ALL
    loras: tuple[LoraUse, ...] = ()
    embeddings: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    by_category: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def of_category(self, category: str) -> Style:
        """Return it as it is for a product of `category`, one of copywriting.brief.CATEGORIES."""
        words: dict[str, Any] = dict(self.by_category.get(category, {}))
        return replace(self, **words)

    @property
    def size(self) -> tuple[int, int]:
        """Width and height it recommends for the first pass, (0, 0) for none."""
        return self.settings.get("width", 0), self.settings.get("height", 0)

    def advice(self, samplers: Sequence[str], schedulers: Sequence[str]) -> dict[str, Any]:
        """Return its recommended settings but for the size, by name; a sampler or scheduler the host lacks is not in
        it.

        A host without schedulers lists "DPM++ 2M Karras" as one sampler.
        """
        named = {"sampler", "scheduler", "width", "height"}
        advised = {name: value for name, value in self.settings.items() if name not in named}
        sampler, scheduler = self.settings.get("sampler", ""), self.settings.get("scheduler", "")
        if not schedulers and f"{sampler} {scheduler}" in samplers:
            return advised | {"sampler": f"{sampler} {scheduler}"}
        if sampler in samplers:
            advised["sampler"] = sampler
            if scheduler in schedulers:
                advised["scheduler"] = scheduler
        return advised

    def title(self, language: str) -> str:
        return self.titles.get(language) or self.name


def load_styles(user_folder: Path | None = None, webui: Sequence[Style] = ()) -> dict[str, Style]:
    """Ours, "classic" first, then the user's, then the webui's; one of the user's with a name of ours replaces it."""
    files = sorted(_FOLDER.glob("*.json"), key=lambda file: (file.stem != DEFAULT_STYLE, file.stem))
    if user_folder is not None and user_folder.is_dir():
        files += sorted(user_folder.glob("*.json"))
    found: dict[str, Style] = {}
    for file in files:
        try:
            found[file.stem] = _read(file)
        except (OSError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
            _log.warning("style %s left out: %s", file.name, error)
    for style in webui:
        found.setdefault(style.name, style)
    return found


def save_style(style: Style, folder: Path) -> Path:
    """Keeps a style in the user's folder. Raises AdCopyError for a name that cannot be a file's, or a full disk."""
    if not _NAME.fullmatch(style.name) or style.name != style.name.strip() or style.name.lower() in _DEVICES:
        raise AdCopyError("prompting.style_name", name=style.name)
    file = folder / f"{style.name}.json"
    whole = {**asdict(style), "titles": dict(style.titles), **style.settings}
    del whole["name"], whole["settings"]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomic(file, json.dumps(whole, ensure_ascii=False, indent=1))
    except OSError as error:
        raise AdCopyError("prompting.style_not_saved", name=style.name, reason=error.strerror or str(error)) from error
    return file


def delete_style(name: str, folder: Path) -> None:
    """Removes one of the user's own; one of ours stays. Raises AdCopyError where he has none of that name."""
    file = folder / f"{name}.json"
    if not _NAME.fullmatch(name) or not file.is_file():
        raise AdCopyError("prompting.unknown_style", name=name)
    file.unlink()


def _read(file: Path) -> Style:
    with file.open("rb") as opened:
        text = opened.read(_LARGEST_FILE + 1)
    if len(text) > _LARGEST_FILE:
        raise ValueError(f"larger than {_LARGEST_FILE} bytes")
    stored: dict[str, Any] = whole_characters(json.loads(text.decode("utf-8-sig")))
    known = {each.name for each in fields(Style)} - {"settings"}
    unknown = stored.keys() - known - ADVISED.keys()
    if unknown:
        _log.warning("style %s: %s not understood", file.name, ", ".join(sorted(unknown)))
    values = {name: stored[name] for name in stored.keys() & known}
    values["loras"] = tuple(LoraUse(str(lora["name"]), float(lora["weight"])) for lora in stored.get("loras", ()))
    values["embeddings"] = tuple(map(str, stored.get("embeddings", ())))
    values["titles"] = {str(language): str(title) for language, title in dict(stored.get("titles", {})).items()}
    values["person"] = stored.get("person", True) is True
    values["scene"] = tuple(kind for kind in stored.get("scene", _ALL) if kind in _ALL)
    values["settings"] = {name: _setting(row, stored[name]) for name, row in ADVISED.items() if stored.get(name)}
    return _plain(Style(**{**values, "name": file.stem}))


def _setting(row: Field, value: Any) -> Any:
    """Return a recommended value as its kind; raises ValueError where it is none or out of its range."""
    if isinstance(value, bool):
        raise ValueError(f"{row.name} cannot be {value}")
    kinds = {"whole": int, "decimal": float}
    read = kinds.get(row.kind, str)(value)
    if not row.accepts(read):
        raise ValueError(f"{row.name} cannot be {value!r}")
    return read


def _plain(style: Style) -> Style:
    """Return a file's words without Chinese and webui syntax, for they reach the prompt."""
    plain: dict[str, Any] = {name: clean_style(getattr(style, name)) for name in _WORDS}
    plain["before"] = clean_lead(style.before)
    plain["by_category"] = {
        category: {place: clean_style(words) for place, words in said.items() if place in PLACES}
        for category, said in style.by_category.items()
    }
    if not all(math.isfinite(lora.weight) for lora in style.loras):
        raise ValueError("a LoRA's weight is no number")
    return replace(style, **plain)
