"""The photo's own events: given, cut out, its mask mended, its picture sent on with its mask. They answer at once.

The page holds names of kept files, no pictures: what is drawn is what the hidden box `photo_kept` names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lib_adcopy.app.studio import Studio
from lib_adcopy.errors import AdCopyError
from lib_adcopy.i18n import translate
from lib_adcopy.ui import render
from lib_adcopy.ui.compat import script, sketch_strokes, sketch_value
from lib_adcopy.ui.session import Call, Updates

if TYPE_CHECKING:

    from lib_adcopy.domain.photo import ProductPhoto
    from lib_adcopy.domain.record import Record
    from lib_adcopy.photo.cutout import Cutout
    from lib_adcopy.photo.loading import Photo
    from lib_adcopy.ui.components import Tab

FROM_WORDS, FROM_PHOTO = "words", "photo"
_PAIR = ("prompt", "negative_prompt")
_SHOWN = ("photo_kept", "photo_view", "mask_sketch")
# Component, event, handler, inputs and outputs, as the tab's own table has them.
EVENTS: tuple[tuple[str, str, str, tuple[str, ...], tuple[str, ...]], ...] = (
    ("photo", "upload", "given", ("photo", *_PAIR), ("photo", "picture_from", *_SHOWN, *_PAIR)),
    ("photo", "clear", "taken", _PAIR, ("picture_from", *_SHOWN, *_PAIR)),
    ("picture_from", "input", "switched", _PAIR, _PAIR),
    ("scene_preset", "input", "switched", _PAIR, _PAIR),
    ("reference", "upload", "reference", ("reference",), ("reference", "reference_kept")),
    ("reference", "clear", "no_reference", (), ("reference_kept",)),
    ("mask_more", "click", "more", ("photo_kept",), _SHOWN),
    ("mask_less", "click", "less", ("photo_kept",), _SHOWN),
    ("mask_feather", "click", "feather", ("photo_kept",), _SHOWN),
    ("mask_found", "click", "found", ("photo", *_PAIR), ("photo", "picture_from", *_SHOWN, *_PAIR)),
    ("mask_add", "click", "add", ("photo_kept", "mask_sketch"), _SHOWN),
    ("mask_remove", "click", "remove", ("photo_kept", "mask_sketch"), _SHOWN),
)
SEND_MASKED = ("send_masked", "click", "send_masked", ("parameters",), ("inpaint_picture", "inpaint_mask"))
# Pixels by which one press grows, shrinks or softens a cut-out, as a share of the photo's longer side.
_STEP = 0.002
_SHOW_INPAINT_UPLOAD = "() => { window.switch_to_img2img_tab && switch_to_img2img_tab(4); }"


def connect(tab: Tab, listen: Callable[[tuple[Any, ...], Any], Any]) -> None:
    """Connect the events; `listen` registers one row of a table with a handler's object."""
    handlers = PhotoHandlers(tab.studio)
    for row in EVENTS:
        listen(row, handlers)
    if tab.has("send_masked"):
        ended = listen(SEND_MASKED, handlers)
        ended.then(fn=None, **script(_SHOW_INPAINT_UPLOAD))


class PhotoHandlers:
    """One method an event; each gives updates by the names of components."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def given(self, call: Call) -> Updates:
        """Cut the product of a new photo out and show it; the picture is from now on made from it."""
        file = uploaded(call.values["photo"])
        if file is None:
            return {}
        try:
            name, photo, cutout = self._studio.photos.keep_upload(file)
        except AdCopyError as error:
            return {**_said(error, call), "photo": None, **dict.fromkeys(_SHOWN, None), "photo_kept": ""}
        key = "sure" if cutout.is_sure else "unsure"
        shown = _shown(name, photo, cutout, translate(f"ui.photo_view.{key}", call.language), good=cutout.is_sure)
        return {"picture_from": FROM_PHOTO, **shown, **_without_derived(call)}

    def taken(self, call: Call) -> Updates:
        """The photo was taken away: pictures are drawn from words again."""
        empty = {"photo_kept": "", "photo_view": "", "mask_sketch": None}
        return {"picture_from": FROM_WORDS, **empty, **_without_derived(call)}

    def found(self, call: Call) -> Updates:
        """Throw away what was mended by hand."""
        return self.given(call)

    def switched(self, call: Call) -> Updates:
        """A prompt that was derived for the other kind of picture, or for another scene, is derived anew."""
        return _without_derived(call)

    def reference(self, call: Call) -> Updates:
        """Keep a picture whose ground the scene begins with."""
        file = uploaded(call.values["reference"])
        if file is None:
            return {}
        try:
            return {"reference_kept": self._studio.photos.keep_reference(file)}
        except AdCopyError as error:
            return {**_said(error, call), "reference": None, "reference_kept": ""}

    def no_reference(self, call: Call) -> Updates:
        return {"reference_kept": ""}

    def more(self, call: Call) -> Updates:
        from lib_adcopy.photo.cutout.mend import grow

        return self._mended(call, lambda cutout, photo: grow(cutout, photo, _pixels(cutout)))

    def less(self, call: Call) -> Updates:
        from lib_adcopy.photo.cutout.mend import shrink

        return self._mended(call, lambda cutout, photo: shrink(cutout, photo, _pixels(cutout)))

    def feather(self, call: Call) -> Updates:
        from lib_adcopy.photo.cutout.mend import feather

        return self._mended(call, lambda cutout, photo: feather(cutout, photo, _pixels(cutout)))

    def add(self, call: Call) -> Updates:
        """Take what was painted as the product."""
        return self._painted(call, belongs=True)

    def remove(self, call: Call) -> Updates:
        """Take what was painted as ground."""
        return self._painted(call, belongs=False)

    def send_masked(self, call: Call) -> Updates:
        """The picture whose infotext is shown, and white where a webui may draw: everywhere but on the product."""
        from PIL import ImageChops, ImageFilter

        text = call.values["parameters"]
        masked = [picture for picture in call.session.pictures if picture.mask is not None]
        chosen = next((picture for picture in masked if picture.infotext == text), masked[0] if masked else None)
        image = chosen.image() if chosen else None
        if chosen is None or image is None or chosen.mask is None:
            return _said(AdCopyError("photo.no_masked_picture"), call)
        opaque = chosen.mask.point(lambda value: 255 if value == 255 else 0).filter(ImageFilter.MinFilter(9))
        return {"inpaint_picture": image.convert("RGB"), "inpaint_mask": ImageChops.invert(opaque).convert("RGB")}

    # ---- inside

    def _painted(self, call: Call, *, belongs: bool) -> Updates:
        from lib_adcopy.photo.cutout.mend import paint

        strokes = sketch_strokes(call.values["mask_sketch"])
        if strokes is None:
            return _said(AdCopyError("photo.nothing_painted"), call)
        return self._mended(call, lambda cutout, photo: paint(cutout, photo, strokes, belongs=belongs))

    def _mended(self, call: Call, change: Callable[[Cutout, Photo], Cutout]) -> Updates:
        try:
            name, photo, cutout = self._studio.photos.mended(call.values["photo_kept"], change)
        except AdCopyError as error:
            return _said(error, call)
        return _shown(name, photo, cutout, translate("ui.photo_view.mended", call.language), good=True)


def wants_photo(call: Call) -> bool:
    """Return whether the picture is to be made from a photo."""
    values = call.values
    waits = not values.get("photo_kept") and uploaded(values.get("photo")) is not None
    return values.get("picture_from") == FROM_PHOTO or waits


def kept_photo_shown(studio: Studio, name: str, language: str) -> Updates:
    """Return what shows a photo that is kept under `name`, for a page that comes back; nothing where it is gone."""
    try:
        photo, cutout = studio.photos.cut_out(studio.photos.chosen(name, None))
    except AdCopyError:
        return {}
    return _shown(name, photo, cutout, translate("ui.photo_view.sure", language), good=True)


def chosen_photo(studio: Studio, call: Call) -> ProductPhoto | None:
    """The photo that the picture is to be made from, None where it is drawn from words.

    Raises AdCopyError where a photo is wanted and none is there.
    """
    values = call.values
    kept, file = values.get("photo_kept") or "", uploaded(values.get("photo"))
    if values.get("picture_from") != FROM_PHOTO and (kept or file is None):
        return None
    # An upload that is still being cut out has no name yet.
    return studio.photos.chosen(kept, file, values.get("reference_kept") or "")


def restored_photo(studio: Studio, record: Record, language: str) -> Updates:
    """The updates that bring the photo of a restored file back; drawing from words where it had none."""
    photo = studio.photos.restored(record)
    if photo is None:
        return {"picture_from": FROM_WORDS, "photo_kept": "", "photo_view": ""}
    opened, cutout = studio.photos.cut_out(photo)
    text = translate("ui.photo_view.sure", language)
    return {"picture_from": FROM_PHOTO, **_shown(photo.kept, opened, cutout, text, good=True)}


def uploaded(given: Any) -> Path | None:
    """The path of a file box's value, None for an empty one."""
    return Path(getattr(given, "name", given)) if given else None


def _shown(name: str, photo: Photo, cutout: Cutout, text: str, *, good: bool) -> Updates:
    from lib_adcopy.photo.mask_view import over_photo

    small = over_photo(photo, cutout, 220)
    return {
        "photo_kept": name,
        "photo_view": render.photo(small, text, good=good),
        "mask_sketch": sketch_value(over_photo(photo, cutout, 700)),
    }


def _without_derived(call: Call) -> Updates:
    """Empty prompts where they are as they were derived; what the user wrote stays."""
    derived = call.session.derived
    if derived is None or call.values["prompt"] != derived.positive:
        return {}
    negative = {"negative_prompt": ""} if call.values["negative_prompt"] == derived.negative else {}
    return {"prompt": "", **negative, "session": replace(call.session, derived=None)}


def _pixels(cutout: Cutout) -> int:
    return max(1, round(_STEP * max(cutout.alpha.shape)))


def _said(error: AdCopyError, call: Call) -> Updates:
    return {"status": render.status(error.message.text(call.language), kind="error")}
