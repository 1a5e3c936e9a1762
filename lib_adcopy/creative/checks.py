"""Describe what is checked on a finished creative, and what one press mends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lib_adcopy.copywriting.law import check_text
from lib_adcopy.creative.canvas import Order
from lib_adcopy.creative.colour import ENOUGH
from lib_adcopy.creative.fonts import COMMERCIAL, UNKNOWN, face_for
from lib_adcopy.creative.formats import TITLE
from lib_adcopy.creative.label import is_sufficient
from lib_adcopy.creative.render import Rendered
from lib_adcopy.i18n import Message

# What people's own posters reach on the published sets (occlusion), and half of what needs a plate (unreadability).
_OCCLUSION, _UNREADABLE = 0.12, 0.05
OK, WARNING, FAULT = "ok", "warning", "fault"


@dataclass(frozen=True)
class Check:
    """One check. `level` is "ok", "warning" or "fault"; `mend` are changes that mend it, {} where there are none."""

    name: str
    level: str
    message: Message
    mend: Mapping[str, Any] = field(default_factory=dict)


def check(rendered: Rendered) -> tuple[Check, ...]:
    """Return every check of a creative, faults first."""
    order = rendered.arrangement.order
    found = [
        *_measured(rendered), *_missing(rendered), *_sizes(rendered), *_law(rendered, order), *_labelled(order),
        *_fonts(rendered),
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda each: (FAULT, WARNING, OK).index(each.level)))


def _made(name: str, bad: bool, level: str, mend: Mapping[str, Any] | None = None, **params: object) -> Check:
    key = f"creative.check.{name}.{'bad' if bad else 'ok'}"
    return Check(name, level if bad else OK, Message(key, params), (mend or {}) if bad else {})


def _measured(rendered: Rendered) -> list[Check]:
    measures = rendered.measures
    low = [line for line, ratio in measures.contrasts if ratio < ENOUGH]
    return [
        _made(
            "contrast",
            bool(low),
            FAULT,
            {"backed": True},
            value=f"{measures.contrast:.1f}",
            line=low[0] if low else "",
        ),
        _made(
            "occlusion", measures.occlusion > _OCCLUSION, WARNING, {"layout": "next"}, value=f"{measures.occlusion:.2f}"
        ),
        _made(
            "unreadability",
            measures.unreadability > _UNREADABLE,
            WARNING,
            {"backed": True},
            value=f"{measures.unreadability:.3f}",
        ),
        _made("overlap", measures.overlap > 0, FAULT, {"layout": "next"}, value=f"{measures.overlap:.3f}"),
        _made(
            "outside",
            bool(measures.outside),
            FAULT,
            {"layout": "next"},
            line=measures.outside[0] if measures.outside else "",
        ),
    ]


def _missing(rendered: Rendered) -> list[Check]:
    dropped = rendered.arrangement.dropped
    names = ", ".join(dict.fromkeys(slot for slot in dropped if slot in ("headline", "price", "badge", "brand")))
    return [_made("missing", bool(names), WARNING, {"layout": "next"}, slots=names)]


def _sizes(rendered: Rendered) -> list[Check]:
    order = rendered.arrangement.order
    least = min((text.size for text in rendered.arrangement.texts if text.slot not in ("mark",)), default=0.0)
    small = [
        _made(
            "small_type",
            least < order.format.smallest * 0.8,
            WARNING,
            {"slots": {"note": None}},
            size=round(least),
            need=order.format.smallest,
        )
    ]
    if order.format.card and rendered.arrangement.headline:
        need = TITLE * order.format.width / order.format.card
        small.append(
            _made(
                "small_title",
                rendered.arrangement.headline < need * 0.8,
                WARNING,
                {"nudge": {"headline": "larger"}},
                size=round(rendered.arrangement.headline),
                need=round(need),
            )
        )
    return small


def _law(rendered: Rendered, order: Order) -> list[Check]:
    found = check_text("\n".join(_sentences(rendered)))
    banned = [finding for finding in found if finding.level == "ban"]
    if not banned:
        return [_made("law", False, FAULT)]
    first = banned[0]
    return [_made("law", True, FAULT, {"replace": {first.term: first.replacement}}, term=first.term, law=first.law)]


def _sentences(rendered: Rendered) -> list[str]:
    """Return what is drawn, slot by slot: a claim that is broken over two lines is one claim."""
    joined: dict[tuple[int, str], str] = {}
    space = " " if rendered.arrangement.order.content.language == "en" else ""
    for text in rendered.arrangement.texts:
        key = (text.group, text.slot)
        between = "\n" if text.slot in ("points", "specs") else space if key in joined else ""
        joined[key] = joined.get(key, "") + between + text.text
    return [text.strip() for text in joined.values()]


def _labelled(order: Order) -> list[Check]:
    if not order.label:
        return [_made("label", True, WARNING, {"label": True})]
    if not is_sufficient(order.label):
        return [_made("label_wording", True, FAULT, {"label": True}, wording=order.label)]
    return [_made("label", False, WARNING)]


def _fonts(rendered: Rendered) -> list[Check]:
    styles = {(text.style.family, text.style.weight) for text in rendered.arrangement.texts}
    used = {face_for(family, weight) for family, weight in styles}
    paid = next((face for face in used if face.licence in (COMMERCIAL, UNKNOWN)), None)
    return [_made("font", paid is not None, WARNING, face=paid.name if paid else "")]


def summary(rendered: Rendered) -> dict[str, float]:
    """Return the figures of the command line's contract."""
    measures = rendered.measures
    return {
        "contrast": round(measures.contrast, 2),
        "occlusion": round(measures.occlusion, 4),
        "unreadability": round(measures.unreadability, 4),
        "overlap": round(measures.overlap, 4),
        "alignment": round(measures.alignment, 4),
        "cut_text": len(measures.outside),
    }
