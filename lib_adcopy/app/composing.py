"""Setting an ad as a creative: one format, all of them in a zip, or small in several layouts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lib_adcopy.domain.ad import Ad, Creative
from lib_adcopy.domain.layout import LayoutChoice
from lib_adcopy.storage import CHUNK, record_text, save

if TYPE_CHECKING:
    from PIL.Image import Image

    from lib_adcopy.creative.brand import BrandKit
    from lib_adcopy.creative.content import Content
    from lib_adcopy.creative.maker import Request

# Slots a seller edits as one line of text.
EDITABLE = ("headline", "subline", "points", "price", "badge", "note", "cta", "brand")


def compose_ad(ad: Ad, folder: Path, brand: BrandKit | None = None) -> Ad:
    """Set and save the finished creative at the platform's size: the first picture, or type alone without one."""
    from lib_adcopy.creative.checks import check
    from lib_adcopy.creative.maker import make
    from lib_adcopy.storage.aigc_label import make_label

    request = _request(ad, brand)
    rendered = make(request, ad.layout.format)
    checks = check(rendered)
    name = (ad.copy.title if ad.copy else "") or ad.brief.text
    file = save(
        rendered.image, record_text(_recorded(ad)), folder, name, label=make_label(), rights=rendered.rights
    )  # fmt: skip
    creative = Creative(
        rendered.image,
        file,
        rendered.arrangement.order.layout.name,
        tuple((slot, slot_text(request.filled, slot)) for slot in EDITABLE),
        tuple((each.level, each.message) for each in checks),
        tuple(each.name for each in checks if each.mend),
    )
    return replace(ad, creative=creative)


def mended_layout(ad: Ad, name: str, brand: BrandKit | None = None) -> LayoutChoice:
    """Return the layout settings with which the check of this name passes, as far as one press can mend it."""
    from lib_adcopy.creative.checks import check
    from lib_adcopy.creative.maker import preview
    from lib_adcopy.creative.mend import mend

    request, layout = _request(ad, brand), ad.layout
    found = next((each for each in check(preview(request, layout.format)) if each.name == name and each.mend), None)
    if found is None:
        return layout
    after = mend(request, found.mend)
    edits = {**dict(layout.edits), **{slot: text or "" for slot, text in after.edits.items()}}
    for slot in EDITABLE:
        if slot_text(after.content, slot) != slot_text(request.content, slot):
            edits[slot] = slot_text(after.filled, slot)
    return replace(
        layout,
        layout=after.layout,
        plate=after.backed,
        ai_label="on" if after.label and not request.label else layout.ai_label,
        nudge_headline=after.nudges.get("headline", "none"),
        nudge_price=after.nudges.get("price", "none"),
        edits=tuple(edits.items()),
    )


def export_ad(
    ad: Ad,
    formats: Sequence[str],
    folder: Path,
    on_file: Callable[[int, int], None],
    stop: threading.Event,
    brand: BrandKit | None = None,
) -> Path:
    """Save the ad at several formats and zip them; formats that need a picture are left out where there is none.

    `on_file(done, of)` is called after each. A stop leaves the files written so far, zipped.
    """
    from lib_adcopy.creative.export import file_stem, save_creative, write_zip
    from lib_adcopy.creative.formats import get_format
    from lib_adcopy.creative.maker import make
    from lib_adcopy.storage.aigc_label import make_label

    request = _request(ad, brand)
    wanted = [name for name in formats if request.pictures or get_format(name).text]
    texts, label = {CHUNK: record_text(_recorded(ad))}, make_label()
    files = []
    for number, name in enumerate(wanted, 1):
        if stop.is_set():
            break
        rendered = make(request, name)
        stem = file_stem(number, name, request.filled.headline)
        saved = save_creative(
            rendered.image, get_format(name), folder, stem, texts=texts, label=label, rights=rendered.rights
        )
        files.append(saved.path)
        on_file(number, len(wanted))
    return write_zip(files, folder / "creatives.zip")


def export_main_pictures(
    ad: Ad, folder: Path, on_file: Callable[[int, int], None], stop: threading.Event, brand: BrandKit | None = None
) -> Path:
    """Save Taobao's five main pictures of the ad, and zip them; raises AdCopyError without a picture."""
    from lib_adcopy.creative.export import save_creative, write_zip
    from lib_adcopy.creative.sets import FIVE, taobao_five
    from lib_adcopy.storage.aigc_label import make_label

    texts, label, files = {CHUNK: record_text(_recorded(ad))}, make_label(), []
    for number, (name, made) in enumerate(taobao_five(_request(ad, brand)), 1):
        if stop.is_set():
            break
        format_ = made.arrangement.order.format
        stem = f"{number}-{name}"
        saved = save_creative(made.image, format_, folder, stem, texts=texts, label=label, rights=made.rights)
        files.append(saved.path)
        on_file(number, len(FIVE))
    return write_zip(files, folder / "main-pictures.zip")


def layout_thumbnails(ad: Ad, count: int = 8, brand: BrandKit | None = None) -> Iterator[tuple[str, Image]]:
    """Draw the ad small in its most fitting layouts: (layout name, picture)."""
    from lib_adcopy.creative.maker import thumbnails

    yield from thumbnails(_request(ad, brand), ad.layout.format, count)


def layout_preview(ad: Ad, brand: BrandKit | None = None) -> Image:
    """Draw the ad small, as it would be composed."""
    from lib_adcopy.creative.maker import preview

    return preview(_request(ad, brand), ad.layout.format).image


def slot_text(content: Content, slot: str) -> str:
    """Return a slot's text as a form shows it and `Content.edited` reads it: bars between points, an old price behind
    one."""
    value = getattr(content, slot)
    if slot == "points":
        return " | ".join(value)
    if slot == "price":
        return "" if value is None else f"{value.text} | {value.was}" if value.was else value.text
    return str(value)


def _request(ad: Ad, brand: BrandKit | None = None) -> Request:
    from lib_adcopy.creative.maker import request_for
    from lib_adcopy.creative.picture import AnalysedPicture

    layout = ad.layout
    found = ad.drawn.pictures[0] if ad.drawn and ad.drawn.pictures else None
    request = request_for(
        ad.brief,
        ad.copy,
        # What a host drew around a photo's product has an infotext; a ground of ours may be left out.
        [AnalysedPicture(found.image, found.mask, bool(found.infotext))] if found else [],
        label=None if layout.ai_label == "auto" else layout.ai_label == "on",
        seed=layout.layout_seed,
        layout=layout.layout,
    )
    nudges = {"headline": layout.nudge_headline, "price": layout.nudge_price}
    return replace(
        request,
        edits=dict(layout.edits),
        nudges={slot: way for slot, way in nudges.items() if way != "none"},
        backed=layout.plate,
        brand=brand or request.brand,
    )


def _recorded(ad: Ad) -> Ad:
    """Return the ad as its file records it: the settings of a picture are its own; without one there are none to
    keep."""
    picture = ad.drawn.pictures[0] if ad.drawn and ad.drawn.pictures else None
    # A photo on a ground that no host drew has no infotext.
    drawn = ad.drawing is not None and picture is not None and (ad.photo is None or bool(picture.infotext))
    return replace(ad, drawing=replace(ad.drawing, seed=picture.seed) if drawn and ad.drawing and picture else None)
