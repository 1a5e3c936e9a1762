"""Registers what the extension adds to a webui with the webui's script callbacks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from modules import script_callbacks

from lib_adcopy.hosts.base import SettingRow
from lib_adcopy.hosts.webui import pictures, png_info, settings


@dataclass(frozen=True)
class Callbacks:
    """Describe what the webui calls, and what it builds its pages from.

    `create_tab` returns the tab's Blocks. `setting_box` gives a setting's component and its arguments, `send_here`
    creates the button of the PNG Info tab; both know gradio, which this package does not. `on_server` gets the webui's
    FastAPI app, `on_unload` ends this load of the extension.
    """

    create_tab: Callable[[], Any]
    settings: Sequence[SettingRow]
    setting_box: Callable[[SettingRow], tuple[Any, ...]]
    send_here: Callable[[str], object]
    on_server: Callable[[Any], None]
    on_unload: Callable[[], None]


def _note_box(component: Any, **arguments: Any) -> None:
    # The webui's own page is not imported yet when scripts are loaded.
    from lib_adcopy.hosts.webui.panel import note_box

    note_box(component, **arguments)


def register(tab_id: str, title: str, callbacks: Callbacks) -> None:
    """Register for one load of the script: "Reload UI" forgets all callbacks and loads it again."""
    script_callbacks.on_ui_settings(lambda: settings.register(callbacks.settings, callbacks.setting_box))
    script_callbacks.on_ui_tabs(lambda: [(callbacks.create_tab(), title, tab_id)])
    add_button = png_info.button_adder(callbacks.send_here)

    def after_component(component: Any, **arguments: Any) -> None:
        add_button(component, **arguments)
        _note_box(component, **arguments)

    script_callbacks.on_after_component(after_component)
    script_callbacks.on_before_image_saved(pictures.add_chunks)
    script_callbacks.on_app_started(lambda page, server: callbacks.on_server(server))
    script_callbacks.on_script_unloaded(callbacks.on_unload)
