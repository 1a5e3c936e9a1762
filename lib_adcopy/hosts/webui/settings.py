"""Our section on the webui's Settings page, and the command line's flags of preload.py."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from modules import shared

from lib_adcopy.gpu import DEVICES, POLICIES
from lib_adcopy.i18n import language_of, translate
from lib_adcopy.ui.elsewhere import one_of, up_to

_log = logging.getLogger("adcopy.webui")
_SECTION = ("adcopy", "Ad Copy")
_BITS = (0, 4, 8, 16)
_IDLE_MINUTES_AT_MOST = 240
# Key, default, and the box it is set with, by default a line of text; the words stand in i18n/<language>/hosts.json
# under "setting.<key>".
_SETTINGS: tuple[tuple[str, Any, tuple[Any, ...]], ...] = (
    ("model_folders", "", ()),
    ("device", DEVICES[0], one_of(DEVICES)),
    ("bits", 0, one_of(_BITS)),
    ("policy", POLICIES[0], one_of(POLICIES)),
    ("idle_minutes", 0, up_to(_IDLE_MINUTES_AT_MOST)),
)


def register() -> None:
    """For on_ui_settings: the section, in the webui's own language."""
    language = page_language()
    for key, default, box in _SETTINGS:
        label = translate(f"hosts.setting.{key}", language)
        shared.opts.add_option(f"adcopy_{key}", shared.OptionInfo(default, label, *box, section=_SECTION))


def page_language() -> str:
    """ "zh" or "en", for words on the webui's own pages, which no browser changes."""
    return language_of(getattr(shared.opts, "localization", "") or "en")


def option(key: str, default: Any) -> Any:
    """A setting of ours ("device"); a flag on the command line goes before it. The Settings page may not be built
    yet, and then knows none of ours."""
    flag = getattr(shared.cmd_opts, f"adcopy_{key}", None)
    return flag if flag not in (None, "") else getattr(shared.opts, f"adcopy_{key}", default)


def extra_model_folders() -> tuple[Path, ...]:
    """Folders the owner named, in the settings (separated by ;) and by --adcopy-model-dir."""
    named = str(getattr(shared.opts, "adcopy_model_folders", "") or "").split(";")
    flags = getattr(shared.cmd_opts, "adcopy_model_dir", None) or []
    return tuple(Path(name.strip()) for name in (*flags, *named) if name and name.strip())


def style_files() -> tuple[Path, ...]:
    """--styles-file: one path in 1.6, a list of them since, where a * takes every file that fits."""
    named = getattr(shared.cmd_opts, "styles_file", None) or ()
    found: list[Path] = []
    for name in (named,) if isinstance(named, (str, Path)) else named:
        path = Path(name)
        try:
            found += sorted(path.parent.glob(path.name)) if "*" in path.name else [path]
        except (OSError, ValueError) as error:
            # "**" is no pattern of glob's, and a folder may be closed to us.
            _log.warning("--styles-file %s cannot be read: %s", name, error)
    return tuple(dict.fromkeys(path for path in found if _is_file(path)))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
