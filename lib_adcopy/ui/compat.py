"""What differs between gradio 3.41 and 4.40; the only file that knows."""

from __future__ import annotations

from typing import Any

import gradio as gr

from lib_adcopy.ui.uploads import MAX_UPLOAD_BYTES

GRADIO_4 = int(gr.__version__.split(".")[0]) >= 4


def streaming() -> dict[str, Any]:
    """Arguments for an event several people may run at once: gradio 4 runs one at a time unless told otherwise, and
    gradio 3, which does not, has no word for it."""
    return {"concurrency_limit": None} if GRADIO_4 else {}


def quick() -> dict[str, Any]:
    """Arguments for an event that takes no time and must not wait behind one that does."""
    return {"queue": False, "show_progress": "hidden" if GRADIO_4 else False}


def script(code: str) -> dict[str, str]:
    """A JavaScript function that runs before the handler and gives its inputs."""
    return {"js": code} if GRADIO_4 else {"_js": code}


def small() -> dict[str, Any]:
    """A button beside a box: as wide as its word."""
    return {"scale": 0, "min_width": 90, "size": "sm"}


def narrow() -> dict[str, Any]:
    """Three beside each other in a column."""
    return {"min_width": 96}


def keep_out_of_defaults(*parts: Any) -> None:
    """Marks boxes whose value a webui must not freeze into ui-config.json: texts, and lists that change."""
    for part in parts:
        part.do_not_save_to_config = True


def selectable(image: Any) -> Any:
    """A picture for the gallery. gradio 4 raises when one is chosen whose file lies outside its own cache, and Forge
    gives it the saved file; a copy knows no file, so it is cached."""
    return image.copy() if GRADIO_4 and hasattr(image, "already_saved_as") else image


def serve(demo: gr.Blocks, **options: Any) -> Any:
    """Starts the page with a queue wide enough for several people, without gradio's footer and its API page.

    Nothing in the environment (GRADIO_SHARE, a notebook's host) makes it public.
    """
    if GRADIO_4:
        demo.queue(default_concurrency_limit=8)
        options["max_file_size"] = MAX_UPLOAD_BYTES
    else:
        demo.queue(concurrency_count=8)
    return demo.launch(show_api=False, share=False, root_path="", **options)
