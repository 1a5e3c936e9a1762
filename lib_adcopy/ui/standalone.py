"""The tab as a page of its own, on this machine's loopback address."""

from __future__ import annotations

import atexit
import os
import shutil
from pathlib import Path
from typing import Any

from lib_adcopy.app.studio import Studio

_ROOT = Path(__file__).resolve().parents[2]
_NAME = "127.0.0.1"


def launch(studio: Studio, *, port: int = 7861, open_browser: bool = False, block: bool = True) -> Any:
    """Serve the studio on 127.0.0.1; with `block` off returns gradio's (app, local address, None)."""
    from lib_adcopy.ui.uploads import private_folder

    uploads = private_folder()
    atexit.register(shutil.rmtree, uploads, ignore_errors=True)
    # gradio has no argument for it, and reads it when its components are made.
    os.environ["GRADIO_TEMP_DIR"] = str(uploads)

    import gradio as gr
    from starlette.middleware import Middleware

    from lib_adcopy.ui.compat import script, serve
    from lib_adcopy.ui.studio_gate import StudioGate
    from lib_adcopy.ui.tab import build_tab

    # Fonts of the system: gradio's own themes fetch theirs from the internet.
    plain = gr.themes.Default(font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"])
    # gradio's own footer advertises an API page that the studio does not have.
    css = (_ROOT / "style.css").read_text(encoding="utf-8") + "\nfooter { display: none !important; }"
    page = build_tab(studio, theme=plain, css=css)
    code = (_ROOT / "javascript" / "adcopy.js").read_text(encoding="utf-8")
    with page:
        page.load(None, **script(f"() => {{ if (!window.adcopyTab) {{ {code} }} }}"))
    return serve(
        page,
        server_name=_NAME,
        server_port=port,
        inbrowser=open_browser,
        prevent_thread_lock=not block,
        app_kwargs={"middleware": [Middleware(StudioGate, uploads=uploads, names=(_NAME,))]},
        # gradio 3 serves every file below the working folder.
        blocked_paths=[folder for folder in (str(Path.cwd()),) if not uploads.is_relative_to(folder)],
        # Else gradio 4 serves what GRADIO_ALLOWED_PATHS names.
        allowed_paths=[str(uploads)],
    )
