"""The steps of an ad whose picture is the seller's own photo: cut out, derive the scene's prompt, draw, restore."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lib_adcopy.app import photo_scene
from lib_adcopy.app.photo import picture_from_photo
from lib_adcopy.app.photo_prompt import PlannedScene, SceneWords, plan_scene
from lib_adcopy.app.styles import Styling
from lib_adcopy.domain.ad import Ad
from lib_adcopy.domain.drawing import DrawSettings
from lib_adcopy.domain.photo import AUTO, ProductPhoto, SceneChoice
from lib_adcopy.domain.picture import DrawResult, Picture
from lib_adcopy.domain.record import Record
from lib_adcopy.errors import AdCopyError
from lib_adcopy.gpu import ModelManager
from lib_adcopy.hosts.base import DrawProgress, DrawRequest, Host
from lib_adcopy.i18n import Message
from lib_adcopy.photo import keeping
from lib_adcopy.photo.presets import preset, presets
from lib_adcopy.photo.segmentation import SegmentationModel, best_model, segmentation_models
from lib_adcopy.prompting.networks import keep_installed
from lib_adcopy.prompting.product.product import Translate
from lib_adcopy.prompting.sizes import plan_size
from lib_adcopy.storage import CHUNK, record_text

if TYPE_CHECKING:
    from lib_adcopy.photo.cutout import Cutout
    from lib_adcopy.photo.loading import Photo
    from lib_adcopy.photo.picture import PhotoPicture
    from lib_adcopy.photo.placement import Placement

# Cut-outs that stay in memory: that of the photo being worked on, and a few others of the same page.
_CUTOUTS = 3


class PhotoStudio:
    """One for a process; photos on disk are named by their content, cut-outs in memory by their file."""

    def __init__(
        self, host: Host, styling: Styling, models: ModelManager, creatives: Path, translate: Translate | None = None
    ) -> None:
        self._host, self._styling, self._models, self._translate = host, styling, models, translate
        self._folder = creatives / keeping.FOLDER
        self._cutouts: OrderedDict[tuple[Any, ...], tuple[Photo, Cutout]] = OrderedDict()
        self._lock = threading.Lock()

    # ---- what can be chosen

    def scenes(self) -> tuple[str, ...]:
        """List the presets' names, "auto" first."""
        return (AUTO, *presets())

    def segmentation_models(self) -> tuple[SegmentationModel, ...]:
        """List the user's own models that cut products out."""
        return segmentation_models(self._model_folders())

    # ---- the steps

    def cut_out(self, photo: ProductPhoto) -> tuple[Photo, Cutout]:
        """Open the photo and cut its product out, by the user's mask where he mended it. Raises AdCopyError."""
        from lib_adcopy.photo.cutout import cut_out
        from lib_adcopy.photo.loading import open_photo

        key = (*_stamp(photo.file), _digest(photo.mask))
        with self._lock:
            if key in self._cutouts:
                self._cutouts.move_to_end(key)
                return self._cutouts[key]
        opened = open_photo(photo.file)
        made = opened, cut_out(opened, photo.mask, best_model(self._model_folders()))
        with self._lock:
            self._cutouts[key] = made
            while len(self._cutouts) > _CUTOUTS:
                self._cutouts.popitem(last=False)
        return made

    def derive(self, ad: Ad) -> Ad:
        """Derive the scene's prompt from brief, copy and the user's choice; nothing in it draws the product."""
        return replace(ad, prompt=self._planned(ad, self._of(ad)[1]).prompt)

    def draw(
        self,
        ad: Ad,
        *,
        on_progress: Callable[[DrawProgress], None],
        stop: threading.Event,
        task_id: str = "",
        user: str = "",
    ) -> Ad:
        """Draw the ad's prompt around the product and finish each picture at the format's size.

        A picture that shows the product twice is left out with a note; raises AdCopyError where all do.
        """
        photo, cutout = self._of(ad)
        ad, made, notes = self._drawn(self.kept(ad), cutout, on_progress, stop, (task_id, user))
        good = [each for each in made.scenes if not each.repeated]
        if made.scenes and not good:
            raise AdCopyError("photo.repeated")
        pictures = tuple(self._saved(each, photo, ad) for each in good)
        notes = (*notes, *_notes(cutout, good), *_left_out(len(made.scenes) - len(good)), *made.drawn.notes)
        return replace(ad, drawn=replace(made.drawn, pictures=pictures, grid=None, notes=notes))

    def drawn_scene(
        self, ad: Ad, cutout: Cutout, *, stop: threading.Event
    ) -> tuple[PhotoPicture, tuple[Message, ...], str]:
        """Draw one scene around a cut-out that was made already: the finished picture, notes and the infotext.

        Raises AdCopyError where the host drew nothing or the product twice.
        """
        ad, made, notes = self._drawn(ad, cutout, lambda progress: None, stop, ("", ""))
        good = [each for each in made.scenes if not each.repeated]
        if not good:
            raise AdCopyError("photo.repeated")
        return good[0].finished, (*notes, *_notes(cutout, good)), good[0].picture.infotext

    def without_model(self, ad: Ad) -> Ad:
        """Set the product on a ground drawn without a model; `drawn` holds the picture with the product's mask."""
        cutout = self._of(ad)[1]
        ad = self.kept(ad)
        chosen = ad.scene.preset
        ground = preset(chosen).ground if chosen != AUTO else ""
        made = picture_from_photo(
            cutout,
            brief=ad.brief,
            scene=ad.scene.words or ground,
            format_name=ad.layout.format,
            placement=placement_of(ad),
            seed=ad.layout.layout_seed,
        )
        picture = Picture(made.picture.image, "", ad.layout.layout_seed, mask=made.picture.mask)
        return replace(ad, drawn=DrawResult((picture,), notes=made.notes))

    def kept(self, ad: Ad) -> Ad:
        """Return the ad with a copy of its photo and cut-out kept beside the creatives, which its record names."""
        if ad.photo is None or ad.photo.kept:
            return ad
        photo, cutout = self._of(ad)
        return replace(ad, photo=replace(ad.photo, kept=keeping.keep(cutout, photo.rights, self._folder)))

    def restored(self, record: Record) -> ProductPhoto | None:
        """Return the photo that a record names, with its cut-out; None where it names none or it is not there any
        more."""
        file = keeping.kept_file(self._folder, record.photo)
        return ProductPhoto(file, kept=file.name) if file else None

    def chosen(self, kept: str, file: Path | None, reference: str = "") -> ProductPhoto:
        """Return the photo that a page names: a kept one, or one just uploaded. Raises AdCopyError where neither is
        there."""
        found = keeping.kept_file(self._folder, kept)
        ground = keeping.kept_file(self._folder, reference)
        if found is not None:
            return ProductPhoto(found, reference=ground, kept=kept)
        if file is None:
            raise AdCopyError("photo.none_given")
        return ProductPhoto(file, reference=ground)

    def keep_upload(self, file: Path) -> tuple[str, Photo, Cutout]:
        """Cut an uploaded photo out and keep both; return the kept file's name. Raises AdCopyError."""
        photo, cutout = self.cut_out(ProductPhoto(file))
        return keeping.keep(cutout, photo.rights, self._folder), photo, cutout

    def keep_reference(self, file: Path) -> str:
        """Keep a picture whose ground a scene begins with; return its file name. Raises AdCopyError."""
        from lib_adcopy.photo.loading import open_photo

        return keeping.keep_picture(open_photo(file).image, self._folder)

    def mended(self, kept: str, change: Callable[[Cutout, Photo], Cutout]) -> tuple[str, Photo, Cutout]:
        """Change a kept photo's cut-out and keep the new one. Raises AdCopyError where it is not there any more."""
        photo, cutout = self.cut_out(self.chosen(kept, None))
        changed = change(cutout, photo)
        if not (changed.alpha == 255).any():
            raise AdCopyError("photo.empty_mask")
        return keeping.keep(changed, photo.rights, self._folder), photo, changed

    # ---- inside

    def _of(self, ad: Ad) -> tuple[Photo, Cutout]:
        if ad.photo is None:
            raise AdCopyError("photo.none_given")
        return self.cut_out(ad.photo)

    def _drawn(
        self,
        ad: Ad,
        cutout: Cutout,
        on_progress: Callable[[DrawProgress], None],
        stop: threading.Event,
        whose: tuple[str, str],
    ) -> tuple[Ad, photo_scene.SceneResult, tuple[Message, ...]]:
        """Return the ad with what it was drawn by, the scenes, and notes on the prompt; `whose` are task and user."""
        settings = ad.drawing or self._styling.settings(self._styling.style(ad.style), ad.layout.format)
        planned = self._planned(ad, cutout)
        words = ad.prompt or planned.prompt
        networks = self._host.networks(settings.checkpoint)
        positive, negative, notes = keep_installed(words.positive, words.negative, networks)
        if not positive.strip():
            raise AdCopyError("studio.empty_prompt")
        ad = replace(ad, drawing=replace(settings, hires_scale=1.0), prompt=words)
        order = photo_scene.SceneOrder(
            cutout,
            _request(ad, positive, negative, planned, whose),
            plan_size(ad.layout.format, "SD1").final,
            placement_of(ad),
            planned.preset.ground,
            _reference(ad.photo),
            ad.scene.strength,
            planned.preset.name,
        )
        made = photo_scene.draw_scene(lambda request: self._models.draw(request, on_progress, stop), order)
        return ad, made, notes

    def _planned(self, ad: Ad, cutout: Cutout) -> PlannedScene:
        from lib_adcopy.photo.camera import camera_height

        kind = shown_as(ad.scene, ad.brief.category)
        wanted = SceneWords(
            ad.scene.words,
            preset(ad.scene.preset) if ad.scene.preset != AUTO else None,
            "top" if kind == "lying" else camera_height(cutout.alpha) if kind == "standing" else "eye",
            kind,
            max(ad.copy.seed, 0) if ad.copy else 0,
        )
        checkpoint = ad.drawing.checkpoint if ad.drawing else ""
        return plan_scene(
            ad.brief,
            ad.copy,
            wanted,
            self._styling.style(ad.style),
            self._host.networks(checkpoint),
            translate=self._translate,
            user_glossary=self._host.paths().data / "words.csv",
        )

    def _saved(self, drawn: photo_scene.DrawnScene, photo: Photo, ad: Ad) -> Picture:
        """Save the finished picture beside the host's own, with its texts, the label and who made the photo."""
        from lib_adcopy.photo.saving import rights_exif, save_png
        from lib_adcopy.storage.aigc_label import make_label

        host, finished = drawn.picture, drawn.finished
        folder = host.path.parent if host.path else self._folder.parent
        stem = host.path.stem if host.path else f"photo-{host.seed}"
        texts: Mapping[str, str] = {
            **({"parameters": host.infotext} if host.infotext else {}),
            CHUNK: record_text(ad),
            photo_scene.CHUNK: photo_scene.scene_text(finished, finished.scene),
        }
        file = _free(folder, f"{stem}-full")
        save_png(finished.image, file, photo.rights, texts=texts, label=make_label())
        image = finished.image
        if photo.rights:
            # A creative of it names the photo's author too.
            image.info["exif"] = rights_exif(photo.rights)
        # By this webuis show the saved file instead of saving it once more.
        image.already_saved_as = str(file)  # type: ignore[attr-defined]
        return Picture(image, host.infotext, host.seed, file, finished.mask)

    def _model_folders(self) -> tuple[Path, ...]:
        paths = self._host.paths()
        return (paths.models, *paths.extra_models)


def placement_of(ad: Ad) -> Placement:
    """Return where the user wants the product, as photo/placement.py takes it."""
    from lib_adcopy.photo.placement import Placement

    scene = ad.scene
    kind = shown_as(scene, ad.brief.category)
    return Placement(kind, scene.scale, (scene.x, scene.y), scene.rotation, scene.flip)


def shown_as(scene: SceneChoice, category: str) -> str:
    """Tell whether the product stands, hangs, lies or is worn: as chosen, or as its category usually is."""
    from lib_adcopy.photo.placement import kind_of

    return kind_of(category) if scene.kind == AUTO else scene.kind


def _request(
    ad: Ad, positive: str, negative: str, planned: PlannedScene, whose: tuple[str, str]
) -> DrawRequest:
    infotext = {"Ad Copy scene": planned.preset.name}
    if ad.copy and ad.copy.writer:
        infotext["Ad Copy writer"] = ad.copy.writer
    return DrawRequest(positive, negative, ad.drawing or DrawSettings(), infotext, {CHUNK: record_text(ad)}, *whose)


def _reference(photo: ProductPhoto | None) -> Any:
    from lib_adcopy.photo.loading import open_photo

    return open_photo(photo.reference).image if photo and photo.reference else None


def _notes(cutout: Cutout, scenes: list[photo_scene.DrawnScene]) -> tuple[Message, ...]:
    from lib_adcopy.app.photo import notes_of

    return notes_of(cutout, scenes[0].finished.placed.enlarged) if scenes else ()


def _left_out(count: int) -> tuple[Message, ...]:
    return (Message("photo.note.repeated", {"count": count}),) if count else ()


def _stamp(file: Path) -> tuple[str, int, int]:
    try:
        found = file.stat()
    except OSError as error:
        raise AdCopyError("photo.no_file", name=file.name, reason=error.strerror or str(error)) from error
    return str(file), found.st_mtime_ns, found.st_size


def _digest(mask: Any) -> int:
    return hash(mask.tobytes()) if mask is not None else 0


def _free(folder: Path, stem: str) -> Path:
    """Return a name that no file of the folder has."""
    file, number = folder / f"{stem}.png", 1
    while file.exists():
        file, number = folder / f"{stem}-{number}.png", number + 1
    return file
