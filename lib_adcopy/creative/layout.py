"""Layouts as data: one JSON file each in layouts/, checked on reading. layouts/README.md tells how to add one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from lib_adcopy.errors import AdCopyError

FOLDER = Path(__file__).parent / "layouts"
FORMS = ("tall", "square", "wide")
# A form a layout may have besides: between tall and square, which is taken where there is none.
PORTRAIT = "portrait"
FRAMES = ("none", "bleed", "box", "round", "circle", "arch", "slant", "polaroid", "product")
ALIGNMENTS = ("left", "center", "right")
ANCHORS = ("top", "middle", "bottom")
PICTURES = ("none", "scene", "plain", "cutout")
BACKINGS = ("", "card", "glass", "paper", "ribbon")
SURFACES = ("ground", "card", "accent", "dark", "glass", "paper")
_SCHEMA = "layout.schema.json"
_USER_FOLDERS: list[Path] = []

Percent = tuple[float, float, float, float]


@dataclass(frozen=True)
class Group:
    """Type that is fitted together. `box` is x, y, w, h in percent of the canvas; `stack` its parts from the top.

    A part is a slot's name with its manner after a colon ("points:list"), or a tuple of two parts side by side.
    `headline` is the largest headline as a share of the canvas's shorter side. `backing` is laid under the type
    ("card", "glass", "paper", "ribbon"), as large as the type or, where it `fills`, as the box. `spread` sets two parts
    side by side at the box's ends.
    """

    box: Percent
    stack: tuple[str | tuple[str, ...], ...]
    align: str = "left"
    anchor: str = "top"
    surface: str = "ground"
    headline: float = 0.15
    spread: bool = False
    vertical: bool = False
    backing: str = ""
    fills: bool = False


@dataclass(frozen=True)
class Panel:
    """A backing at a place of its own: `kind` is "card", "band", "ribbon", "ticket", "paper", "glass" or "slant"."""

    kind: str
    box: Percent
    surface: str = "card"
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Form:
    """A layout at one shape of canvas. `pictures` are the boxes of the pictures, `subject` where a full-bleed picture's
    subject stands; `label` are corners for the AI label, the best first; `brand` a box or None for the header's;
    `emblem` where a drawing of the goods stands that have no picture."""

    groups: tuple[Group, ...]
    pictures: tuple[Percent, ...] = ()
    subject: Percent | None = None
    panels: tuple[Panel, ...] = ()
    label: tuple[str, ...] = ()
    brand: Percent | None = None
    scrim: str = ""
    emblem: Percent | None = None
    ground: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Layout:
    """A way to set a creative. `name` is its file's; `title` its name in each language.

    `pictures` are the kinds of pictures it takes, `needs` slots without which it is not used ("points:3",
    "pictures:2"); `margin` is the least margin of type, as a share of the canvas's shorter side.
    """

    name: str
    title: Mapping[str, str]
    family: str
    pictures: tuple[str, ...]
    type: str
    forms: Mapping[str, Form]
    frame: str = "none"
    ground: Mapping[str, Any] = field(default_factory=dict)
    ornaments: tuple[Mapping[str, Any], ...] = ()
    badge: str = "circle"
    moods: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    slots: tuple[str, ...] = ()
    mirrors: bool = False
    weight: float = 1.0
    margin: float = 0.045

    @property
    def type_only(self) -> bool:
        """Tell whether it is made for no picture at all."""
        return self.frame == "none"


def add_layout_folder(folder: Path) -> None:
    """Reads a user's own layouts from here as well; of two with one name the user's counts."""
    if folder not in _USER_FOLDERS:
        _USER_FOLDERS.append(folder)
        layouts.cache_clear()


@cache
def layouts() -> Mapping[str, Layout]:
    """Return every layout by its name."""
    files = [
        file for folder in (FOLDER, *_USER_FOLDERS) for file in sorted(folder.glob("*.json")) if file.name != _SCHEMA
    ]
    return {file.stem: read_layout(file) for file in files}


def get_layout(name: str) -> Layout:
    """Return the layout of this name; raises AdCopyError where there is none."""
    found = layouts().get(name)
    if found is None:
        raise AdCopyError("creative.unknown_layout", name=name, known=", ".join(layouts()))
    return found


def read_layout(file: Path) -> Layout:
    """Return a layout file; raises AdCopyError that names the file and what is wrong with it."""
    try:
        stored = json.loads(file.read_text(encoding="utf-8"))
        return _layout(file.stem, stored)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AdCopyError("creative.bad_layout", file=file.name, reason=f"{type(error).__name__}: {error}") from error


def _layout(name: str, stored: Mapping[str, Any]) -> Layout:
    forms = {form: _form(stored["forms"][form]) for form in (*FORMS, PORTRAIT) if form in stored["forms"]}
    if not forms:
        raise ValueError("no forms")
    plain: dict[str, Any] = {
        key: stored[key]
        for key in ("title", "family", "type", "frame", "ground", "badge", "mirrors", "weight", "margin")
        if key in stored
    }
    listed: dict[str, Any] = {
        key: tuple(stored[key])
        for key in ("ornaments", "moods", "categories", "needs", "slots", "pictures")
        if key in stored
    }
    made = Layout(name=name, forms=forms, **plain, **listed)
    _check(made)
    return made


def _check(layout: Layout) -> None:
    for value, allowed in ((layout.frame, FRAMES), *((each, PICTURES) for each in layout.pictures)):
        if value not in allowed:
            raise ValueError(f"{value!r} is not one of {', '.join(allowed)}")
    for form in layout.forms.values():
        for group in form.groups:
            for value, allowed in (
                (group.align, ALIGNMENTS), (group.anchor, ANCHORS), (group.surface, SURFACES), (group.backing, BACKINGS)
            ):  # fmt: skip
                if value not in allowed:
                    raise ValueError(f"{value!r} is not one of {', '.join(allowed)}")


def _form(stored: Mapping[str, Any]) -> Form:
    pictures = stored.get("pictures", ())
    return Form(
        groups=tuple(_group(each) for each in stored["groups"]),
        pictures=tuple(_percent(each) for each in pictures),
        subject=_percent(stored["subject"]) if "subject" in stored else None,
        panels=tuple(
            Panel(each["kind"], _percent(each["box"]), each.get("surface", "card"), each.get("options", {}))
            for each in stored.get("panels", ())
        ),
        label=tuple(stored.get("label", ())),
        brand=_percent(stored["brand"]) if stored.get("brand") else None,
        scrim=stored.get("scrim", ""),
        emblem=_percent(stored["emblem"]) if "emblem" in stored else None,
        ground=stored.get("ground"),
    )


def _group(stored: Mapping[str, Any]) -> Group:
    stack = tuple(tuple(part) if isinstance(part, list) else part for part in stored["stack"])
    rest = {key: value for key, value in stored.items() if key not in ("box", "stack")}
    return Group(_percent(stored["box"]), stack, **rest)


def _percent(box: Any) -> Percent:
    x, y, width, height = (float(value) for value in box)
    if not (0 <= x <= 100 and 0 <= y <= 100 and 0 < width <= 100.01 and 0 < height <= 100.01):
        raise ValueError(f"box {box} is not within 0-100 percent")
    return x, y, width, height


def form_of(width: int, height: int) -> str:
    """Return which form a canvas takes: "tall" up to 2:3, "portrait" up to 6:7, "wide" from 6:5, "square" between."""
    ratio = width / height
    if 0.66 <= ratio < 0.86:
        return PORTRAIT
    return "tall" if ratio < 0.66 else "wide" if ratio > 1.2 else "square"
