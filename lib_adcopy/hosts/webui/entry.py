"""What the webui is told of us at each load of scripts/adcopy.py: the tab, the settings, the pictures, the farewell."""

from __future__ import annotations

from typing import Any

from modules import script_callbacks

# Here and not when the tab is asked for: by then some webuis load their checkpoint in a second thread, and every file
# read has to wait for it.
from lib_adcopy.app.studio import Studio
from lib_adcopy.hosts.webui import pictures, png_info, settings
from lib_adcopy.ui.tab import build_tab

TAB_ID = "adcopy"
TITLE = "Ad Copy"


class Extension:
    """One load of the extension. "Reload UI" forgets every callback and loads the script again, while our modules stay:
    so callbacks are registered by the load, and what the load held is let go at its end."""

    def __init__(self) -> None:
        self._studio: Studio | None = None

    def register(self) -> None:
        script_callbacks.on_ui_settings(settings.register)
        script_callbacks.on_ui_tabs(self._tab)
        script_callbacks.on_after_component(png_info.add_button)
        script_callbacks.on_before_image_saved(pictures.add_chunks)
        script_callbacks.on_script_unloaded(self._unload)

    def _tab(self) -> list[tuple[Any, str, str]]:
        # The webui's own page is not imported yet when scripts are loaded.
        from lib_adcopy.hosts.webui.host import WebuiHost

        self._studio = Studio(WebuiHost())
        return [(build_tab(self._studio), TITLE, TAB_ID)]

    def _unload(self) -> None:
        if self._studio:
            self._studio.close()
            self._studio = None
