"""ControlNet, where it is installed: its models, and units for a run of ours.

Mikubill's extension and the one built into Forge and reForge both take a dict for a unit in the script's arguments.
"""

from __future__ import annotations

import importlib
import logging
from collections.abc import Sequence
from typing import Any

from lib_adcopy.hosts.photo_scene import ControlUnit

_log = logging.getLogger("adcopy.webui")
_TITLE = "controlnet"


def models() -> tuple[str, ...]:
    """Return the names of the installed ControlNet models, none without ControlNet."""
    for module, listed in (("lib_controlnet.global_state", "get_all_controlnet_names"),
                           ("scripts.global_state", "cn_models_names")):  # fmt: skip
        try:
            found = getattr(importlib.import_module(module), listed)
        except (ImportError, AttributeError):
            continue
        names = found() if callable(found) else found.values()
        return tuple(str(name) for name in names if str(name) != "None")
    return ()


def with_units(arguments: tuple[Any, ...], runner: Any, units: Sequence[ControlUnit]) -> tuple[Any, ...]:
    """Return the scripts' arguments with `units` in the first places of ControlNet's; unchanged where there is none.

    A unit without a picture of its own takes the run's canvas and mask.
    """
    if not units:
        return arguments
    for script in getattr(runner, "alwayson_scripts", ()):
        if str(script.title()).lower() == _TITLE:
            places = min(len(units), script.args_to - script.args_from)
            changed = list(arguments)
            for number in range(places):
                changed[script.args_from + number] = _unit(units[number])
            return tuple(changed)
    _log.info("a scene asked for ControlNet, which is not installed")
    return arguments


def _unit(unit: ControlUnit) -> dict[str, Any]:
    return {
        "enabled": True,
        "module": unit.module,
        "model": unit.model,
        "weight": unit.weight,
        "pixel_perfect": True,
        "save_detected_map": False,
    }
