"""The JSON form of an `Ad`: what a saved picture or creative says of how it was made.

    {"version": 2, "brief": TEXT, "settings": {FIELD: VALUE, ...}, "copy": {"title", "body", "hashtags", "writer",
     "seed"}, "prompt": {"positive", "negative"}, "photo": NAME}

"photo" names the copy of a product's photo beside the creatives.
Version 1, written until 0.1.0, was one flat object with the copy as one text; it is migrated when it is read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lib_adcopy.domain.ad import Ad
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.characters import whole_characters
from lib_adcopy.domain.copy import Copy
from lib_adcopy.domain.drawing import DrawSettings
from lib_adcopy.domain.fields import Field, fields_of, values_of
from lib_adcopy.domain.layout import LayoutChoice
from lib_adcopy.domain.photo import SceneChoice
from lib_adcopy.domain.prompt import Prompt

VERSION = 2
# The settings a record keeps; who wrote, and how, stands with the copy.
RECORDED: Mapping[str, Field] = {
    name: row for part in (Brief, Ad, SceneChoice, DrawSettings, LayoutChoice) for name, row in fields_of(part).items()
}


@dataclass(frozen=True)
class Record:
    """Record in a file of the ad it was made for. `settings` are by field name and hold only what the file named, each
    of its field's type and range; whether the host offers them is for whoever knows the host."""

    brief: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)
    copy: Copy | None = None
    prompt: Prompt | None = None
    photo: str = ""


def to_json(ad: Ad) -> dict[str, Any]:
    """The record of an ad, as JSON can hold it."""
    drawing = values_of(ad.drawing) if ad.drawing else {}
    scene = values_of(ad.scene) if ad.photo else {}
    settings = {**values_of(ad.brief), **values_of(ad), **scene, **drawing, **values_of(ad.layout)}
    stored: dict[str, Any] = {"version": VERSION, "brief": ad.brief.text, "settings": settings}
    if ad.copy:
        stored["copy"] = copy_to_json(ad.copy)
    if ad.prompt:
        stored["prompt"] = {"positive": ad.prompt.positive, "negative": ad.prompt.negative}
    if ad.photo and ad.photo.kept:
        stored["photo"] = ad.photo.kept
    return stored


def copy_to_json(copy: Copy) -> dict[str, Any]:
    """Return a copy as JSON can hold it, without its review."""
    return {
        "title": copy.title,
        "body": copy.body,
        "hashtags": list(copy.hashtags),
        "writer": copy.writer,
        "seed": copy.seed,
        "tag_form": copy.tag_form,
    }


def from_json(stored: Any) -> Record:
    """Read a record of any version; anything in it of another type or out of its range is left out, for the file may be
    anybody's. Raises ValueError where it is no record."""
    if not isinstance(stored, dict):
        raise ValueError("no record of an ad")
    version = stored.get("version")
    for old, migrate in _MIGRATIONS.items():
        if not isinstance(version, int) or version <= old:
            stored = migrate(stored)
    settings = stored.get("settings")
    settings = settings if isinstance(settings, dict) else {}
    accepted = {name: _clean(settings[name]) for name, row in RECORDED.items() if row.accepts(settings.get(name))}
    copy, prompt = _copy(stored.get("copy")), _prompt(stored.get("prompt"), accepted)
    return Record(_text(stored, "brief"), accepted, copy, prompt, _text(stored, "photo"))


def _copy(stored: Any) -> Copy | None:
    if not isinstance(stored, dict):
        return None
    tags = stored.get("hashtags")
    words = tuple(_clean(tag) for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else ()
    seed = stored.get("seed")
    form = _text(stored, "tag_form")
    return Copy(
        _text(stored, "title"),
        _text(stored, "body"),
        words,
        writer=_text(stored, "writer"),
        seed=seed if type(seed) is int else -1,
        tag_form=form if form.count("{}") == 1 and form.count("{") == 1 and form.count("}") == 1 else "#{}",
    )


def _prompt(stored: Any, settings: Mapping[str, Any]) -> Prompt | None:
    if not isinstance(stored, dict):
        return None
    return Prompt(_text(stored, "positive"), _text(stored, "negative"), style=settings.get("style", ""))


def _text(stored: Mapping[str, Any], name: str) -> str:
    value = stored.get(name)
    return str(_clean(value)) if isinstance(value, str) else ""


def _clean(value: Any) -> Any:
    """Return a value without halves of characters, its lists as tuples."""
    return tuple(map(_clean, value)) if isinstance(value, list) else whole_characters(value)


def _from_version_1(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Version 1: one flat object; words joined by commas, hires fix an object within "drawing"."""
    drawing = stored.get("drawing")
    drawing = dict(drawing) if isinstance(drawing, dict) else {}
    if drawing:
        hires = drawing.pop("hires", None)
        hires = hires if isinstance(hires, dict) else {"scale": 1.0}
        drawing |= {f"hires_{name}": hires[name] for name in ("scale", "upscaler", "steps") if name in hires}
        drawing["denoising"] = hires.get("denoising_strength")
    # Its "seed" is the copy's; a picture's stands in "drawing".
    flat = {name: value for name, value in stored.items() if name != "seed" and value != ""}
    words = {name: _listed(text) for name, text in flat.items() if _is_words(name)}
    migrated = {"version": 1, "brief": stored.get("brief"), "settings": {**flat, **drawing, **words}}
    if _text(stored, "copy"):
        migrated["copy"] = {"body": stored["copy"], "writer": stored.get("writer"), "seed": stored.get("seed")}
    if _text(stored, "positive") or _text(stored, "negative"):
        migrated["prompt"] = {name: stored.get(name) for name in ("positive", "negative")}
    return migrated


def _is_words(name: str) -> bool:
    return name in RECORDED and RECORDED[name].kind == "words"


def _listed(text: Any) -> list[str] | None:
    return [word for word in text.split("，") if word] if isinstance(text, str) and text else None


_MIGRATIONS: Mapping[int, Callable[[Mapping[str, Any]], dict[str, Any]]] = {1: _from_version_1}
