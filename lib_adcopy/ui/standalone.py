"""The tab as a page of its own, on this machine's loopback address."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lib_adcopy.studio import Studio
from lib_adcopy.ui.compat import serve


def launch(studio: Studio, *, port: int = 7861, open_browser: bool = False, block: bool = True) -> Any:
    """Serves the studio on 127.0.0.1; returns gradio's (app, local address, None) with `block` off."""
    import gradio as gr

    from lib_adcopy.ui.tab import build_tab

    root = Path(__file__).resolve().parents[2]
    page = build_tab(studio)
    page.css = (root / "style.css").read_text(encoding="utf-8")
    script = (root / "javascript" / "adcopy.js").read_text(encoding="utf-8")
    with page:
        _load_script(page, gr, script)
    return serve(page, server_name="127.0.0.1", server_port=port, inbrowser=open_browser, prevent_thread_lock=not block)


def _load_script(page: Any, gr: Any, script: str) -> None:
    from lib_adcopy.ui.compat import script as as_argument

    # A function expression that runs the file once in the page: both gradios evaluate it when the page has loaded.
    page.load(None, inputs=None, outputs=None, **as_argument(f"() => {{ if (!window.adcopyTab) {{ {script} }} }}"))
