"""Our section on the webui's Settings page, and the command line's flags of preload.py."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from modules import shared

from lib_adcopy.hosts.base import SettingRow
from lib_adcopy.i18n import language_of, translate

_log = logging.getLogger("adcopy.webui")
_SECTION = ("adcopy", "Ad Copy")


def register(rows: Sequence[SettingRow], box: Callable[[SettingRow], tuple[Any, ...]]) -> None:
    """Add our section, in the webui's own language; a callback for on_ui_settings. `box` gives a row's component."""
    language = page_language()
    for row in rows:
        label = translate(f"hosts.setting.{row.key}", language)
        info = shared.OptionInfo(row.default, label, *box(row), section=_SECTION)
        shared.opts.add_option(f"adcopy_{row.key}", info)


def page_language() -> str:
    """Return "zh" or "en", for words on the webui's own pages, which no browser changes."""
    return language_of(getattr(shared.opts, "localization", "") or "en")


def option(key: str, default: Any) -> Any:
    """Return a setting of ours ("device"); a command-line flag overrides it.

    Until the Settings page is built the webui knows none of them.
    """
    flag = getattr(shared.cmd_opts, f"adcopy_{key}", None)
    return flag if flag not in (None, "") else getattr(shared.opts, f"adcopy_{key}", default)


def extra_model_folders() -> tuple[Path, ...]:
    """Return the folders named in the settings (separated by ;) and by --adcopy-model-dir."""
    named = str(getattr(shared.opts, "adcopy_model_folders", "") or "").split(";")
    flags = getattr(shared.cmd_opts, "adcopy_model_dir", None) or []
    return tuple(Path(name.strip()) for name in (*flags, *named) if name and name.strip())


def style_files() -> tuple[Path, ...]:
    """Return the files of --styles-file: one path in 1.6, later a list in which a * matches any name."""
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
