"""Composes the extension of a webui: its host, the studio and the tab. scripts/adcopy.py runs it at each load."""

from __future__ import annotations

from typing import Any

# Imported here and not when the tab is created: by then some webuis load their checkpoint in a second thread, and every
# file read has to wait for it.
from lib_adcopy.app.settings import SETTINGS
from lib_adcopy.app.studio import Studio
from lib_adcopy.hosts.webui.callbacks import Callbacks, register
from lib_adcopy.ui.guard import wrap_server
from lib_adcopy.ui.host_pages import send_here, setting_box
from lib_adcopy.ui.tab import build_tab

TAB_ID = "adcopy"
TITLE = "Ad Copy"


class Extension:
    """One load of the extension. "Reload UI" ends it and begins another, while the modules stay imported."""

    def __init__(self) -> None:
        self._studio: Studio | None = None

    def register(self) -> None:
        callbacks = Callbacks(
            create_tab=self._create_tab,
            settings=SETTINGS,
            setting_box=setting_box,
            send_here=send_here,
            on_server=wrap_server,
            on_unload=self._close,
        )
        register(TAB_ID, TITLE, callbacks)

    def _create_tab(self) -> Any:
        # The webui's own page is not imported yet when scripts are loaded.
        from lib_adcopy.hosts.webui.host import WebuiHost

        self._studio = Studio(WebuiHost())
        return build_tab(self._studio)

    def _close(self) -> None:
        if self._studio:
            self._studio.close()
            self._studio = None
