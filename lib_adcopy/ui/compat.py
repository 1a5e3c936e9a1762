"""Hides what differs between gradio 3 and 4; the only file that knows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from lib_adcopy.i18n import FALLBACK, translate
from lib_adcopy.ui.uploads import MAX_UPLOAD_BYTES

GRADIO_4 = int(gr.__version__.split(".")[0]) >= 4


def streaming() -> dict[str, Any]:
    """Return arguments for an event several people may run at once.

    Gradio 4 runs one at a time unless told otherwise, and gradio 3, which does not, has no word for it.
    """
    return {"concurrency_limit": None} if GRADIO_4 else {}


def quick() -> dict[str, Any]:
    """Return arguments for an event that takes no time and must not wait behind one that does."""
    return {"queue": False, "show_progress": "hidden" if GRADIO_4 else False}


def script(code: str) -> dict[str, str]:
    """Return a JavaScript function that runs before the handler and gives its inputs."""
    return {"js": code} if GRADIO_4 else {"_js": code}


def signed(owner: Any, inputs: list[Any]) -> dict[str, str]:
    """Return arguments for an event whose handler wants to know whose browser asks: the page's script fills in `owner`.

    gradio 3 gives the function the outputs as well.
    """
    # By identity: gradio 4 compares components by what they hold.
    at, count = next(at for at, one in enumerate(inputs) if one is owner), len(inputs)
    return script(
        f"(...args) => window.adcopyTab ? window.adcopyTab.signed(args, {at}, {count}) : args.slice(0, {count})"
    )


def small() -> dict[str, Any]:
    """Return arguments for a button beside a box: as wide as its word."""
    return {"scale": 0, "min_width": 90, "size": "sm"}


def narrow() -> dict[str, Any]:
    """Return arguments for three beside each other in a column."""
    return {"min_width": 96}


def keep_out_of_defaults(*parts: Any) -> None:
    """Mark boxes whose value a webui must not freeze into ui-config.json: texts, and lists that change."""
    for part in parts:
        part.do_not_save_to_config = True


def uploaded_file(**options: Any) -> gr.File:
    """Return a box for a file, which takes what was uploaded and no other path or address of a hand-made request.

    gradio 3 opens any path; gradio 4 any path in an object without its "meta", and fetches addresses. No class of
    its own: gradio writes a .pyi file beside the source of every class derived from its components.
    """
    box: Any = gr.File(**options)
    preprocess = box.preprocess

    def checked(given: Any) -> Any:
        folder = Path(box.GRADIO_CACHE if GRADIO_4 else box.DEFAULT_TEMP_DIR).resolve()
        if not all(Path(name).resolve().is_relative_to(folder) for name in _paths(given)):
            raise gr.Error(translate("ui.not_uploaded", FALLBACK))
        return preprocess(given)

    box.preprocess = checked
    if GRADIO_4:
        to_cache = box.async_move_resource_to_block_cache

        async def from_here(path: Any) -> Any:
            if "://" in str(path):
                raise gr.Error(translate("ui.not_uploaded", FALLBACK))
            return await to_cache(path)

        box.async_move_resource_to_block_cache = from_here
    return box


def sketch_box(**options: Any) -> Any:
    """A picture to paint on with the host's own sketch tool; `sketch_strokes` reads what was painted.

    gradio 4.40's editor stops the page once it is given a picture, so there it is a box for a mask painted elsewhere.
    """
    if GRADIO_4:
        return gr.Image(type="pil", image_mode="L", sources=["upload", "clipboard"], height=200, **options)
    return gr.Image(type="pil", source="upload", tool="sketch", image_mode="RGB", height=420, **options)


def sketch_value(image: Any) -> Any:
    """Return what a sketch box shows for a picture: the picture to paint on, nothing where there is no painting."""
    return None if GRADIO_4 else image


def sketch_strokes(value: Any) -> Any:
    """Return what was painted on a sketch box's picture, or the mask put in, as a mask (L, white = painted); None
    for none."""
    strokes = value.get("mask") if isinstance(value, dict) else value if GRADIO_4 else None
    if strokes is None:
        return None
    mask = strokes.convert("L")
    return mask if mask.getextrema()[1] > 127 else None


def _paths(given: Any) -> list[str]:
    """Return the paths in a file box's value; gradio 3 also takes a file's bytes there."""
    if given is None:
        return []
    if isinstance(given, list):
        return [path for one in given for path in _paths(one)]
    if isinstance(given, dict):
        return [str(given["name"])] if given.get("is_file") else []
    return [str(given.path)]


def selectable(image: Any) -> Any:
    """Return a picture for the gallery.

    Gradio 4 raises when one is chosen whose file lies outside its own cache, and Forge gives it the saved file; a copy
    knows no file, so it is cached.
    """
    return image.copy() if GRADIO_4 and hasattr(image, "already_saved_as") else image


def gallery(images: list[Any]) -> Any:
    """Return pictures for the gallery, the first shown large.

    Gradio 3 does so by itself whenever its pictures change, gradio 4 not where the gallery was emptied before.
    """
    return gr.update(value=images, selected_index=0 if images else None) if GRADIO_4 else images


def serve(demo: gr.Blocks, **options: Any) -> Any:
    """Start the page with a queue wide enough for several people, without gradio's footer and its API page.

    Nothing in the environment (GRADIO_SHARE, a notebook's host) makes it public.
    """
    if GRADIO_4:
        demo.queue(default_concurrency_limit=8)
        options["max_file_size"] = MAX_UPLOAD_BYTES
    else:
        demo.queue(concurrency_count=8)
    return demo.launch(show_api=False, share=False, root_path="", **options)
