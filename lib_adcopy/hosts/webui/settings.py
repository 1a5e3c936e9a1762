"""Our section on the webui's Settings page, and the command line's flags of preload.py."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from modules import paths_internal, shared

from lib_adcopy.errors import AdCopyError
from lib_adcopy.hosts.base import SettingRow
from lib_adcopy.i18n import language_of, translate
from lib_adcopy.storage.secret import SavedKey

_log = logging.getLogger("adcopy.webui")
_SECTION = ("adcopy", "Ad Copy")


def register(rows: Sequence[SettingRow], box: Callable[[SettingRow], tuple[Any, ...]]) -> None:
    """Add our section, in the webui's own language; a callback for on_ui_settings. `box` gives a row's component."""
    language = page_language()
    for row in rows:
        label = translate(f"hosts.setting.{row.key}", language)
        info = shared.OptionInfo(row.default, label, *box(row), section=_SECTION)
        if row.secret:
            info.onchange = partial(_move_secret, row.key)
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


def keep_options(values: Mapping[str, Any]) -> None:
    """Set settings of ours as the Settings page does, and save them with the webui's."""
    try:
        for key, value in values.items():
            shared.opts.set(f"adcopy_{key}", value)
        shared.opts.save(shared.config_filename)
    except (AssertionError, RuntimeError, OSError) as error:
        # --freeze-settings, or a file that cannot be written.
        raise AdCopyError("hosts.settings_not_saved") from error


def data_folder() -> Path:
    """Return our folder. Its name begins with a dot: the webui serves all other files there to any browser."""
    return Path(paths_internal.data_path) / ".adcopy"


def _move_secret(key: str) -> None:
    """Move a key typed on the Settings page to its own file, before the webui saves its settings.

    Nothing is raised: the webui would print the new value beside the error.
    """
    value = str(getattr(shared.opts, f"adcopy_{key}", "") or "").strip()
    shared.opts.data[f"adcopy_{key}"] = ""
    if not value:
        return
    try:
        SavedKey(data_folder()).save(str(option("server_address", "")), value)
    except OSError as error:
        _log.warning("the key could not be saved: %s", error.strerror)


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
