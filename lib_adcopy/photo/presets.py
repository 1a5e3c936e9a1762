"""Scenes for product photos, as data: scene_presets.csv, one a line.

Columns: name; categories (of the brief, parted by commas); zh, en (titles); surface, place, light, season, props, mood
(English phrases for a prompt, empty for none); camera ("eye", "low", "high", "top"); negative (what the place must not
be filled with); ground (the one drawn without a model, photo/grounds.py).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from lib_adcopy.errors import AdCopyError

_FILE = Path(__file__).parent / "scene_presets.csv"
_WORDS = Path(__file__).parent / "scene_words.csv"
# How a prompt says where the camera is.
CAMERAS: Mapping[str, str] = MappingProxyType({
    "eye": "eye level view",
    "low": "low angle view",
    "high": "view from slightly above",
    "top": "top view",
})
_ANY = "other"


@dataclass(frozen=True)
class ScenePreset:
    """A surface in a place; the phrases are English, `titles` are by language."""

    name: str
    categories: tuple[str, ...]
    titles: Mapping[str, str]
    surface: str
    place: str
    light: str
    season: str
    props: str
    mood: str
    camera: str
    negative: tuple[str, ...]
    ground: str

    def title(self, language: str) -> str:
        return self.titles.get(language) or self.name


@cache
def presets() -> Mapping[str, ScenePreset]:
    """Return all presets by name, in the file's order."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        found = [_read(row) for row in csv.DictReader(file)]
    return MappingProxyType({preset.name: preset for preset in found})


def preset(name: str) -> ScenePreset:
    """Return a preset; raises AdCopyError for a name that is not there."""
    found = presets().get(name)
    if found is None:
        raise AdCopyError("photo.unknown_scene", name=name)
    return found


def presets_for(category: str, *, kind: str = "standing", camera: str = "") -> list[ScenePreset]:
    """Return the presets that fit a category, the most fitting first.

    A product that hangs or is worn wants a wall, one that stands or lies a surface; `camera` is the photo's own height,
    "" where it is not known.
    """
    fitting = [each for each in presets().values() if category in each.categories]
    fitting = fitting or [each for each in presets().values() if _ANY in each.categories]
    walled = kind in ("hanging", "worn")

    def cost(each: ScenePreset) -> int:
        # The camera counts less than what the product stands on.
        return 2 * (walled == bool(each.surface)) + (bool(camera) and each.camera != camera)

    return sorted(fitting, key=cost)


@cache
def scene_words() -> Mapping[str, str]:
    """Chinese words for places, surfaces and light -> the English phrase a prompt has for them."""
    with _WORDS.open(encoding="utf-8", newline="") as file:
        return MappingProxyType({row["zh"]: row["en"] for row in csv.DictReader(file)})


def _read(row: Mapping[str, str]) -> ScenePreset:
    return ScenePreset(
        row["name"],
        tuple(row["categories"].split(",")),
        {"zh": row["zh"], "en": row["en"]},
        row["surface"],
        row["place"],
        row["light"],
        row["season"],
        row["props"],
        row["mood"],
        row["camera"],
        tuple(word.strip() for word in row["negative"].split(",") if word.strip()),
        row["ground"],
    )
