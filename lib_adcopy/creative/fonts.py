"""A font that has Chinese: the system's first, then one that an installed package carries. None is shipped."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from PIL import ImageFont

from lib_adcopy.errors import AdCopyError

# Where each system keeps the Chinese font its users know, best looking first.
_KNOWN = {
    "win32": ("msyhbd.ttc", "msyh.ttc", "simhei.ttf", "simsun.ttc"),
    "darwin": ("PingFang.ttc", "STHeiti Medium.ttc", "Hiragino Sans GB.ttc"),
}
_FOLDERS = {
    "win32": (Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts",),
    "darwin": (Path("/System/Library/Fonts"), Path("/Library/Fonts")),
}
_PACKAGES = ("zhplot",)


def find_font(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The font at `size` pixels. Raises AdCopyError where neither system nor package has one with Chinese."""
    file, index = _file(bold)
    return ImageFont.truetype(str(file), size, index=index)


@cache
def _file(bold: bool) -> tuple[Path, int]:
    found = _from_fontconfig(bold) or _from_known_folders() or _from_packages()
    if found is None:
        raise AdCopyError("creative.no_font")
    return found


def _from_fontconfig(bold: bool) -> tuple[Path, int] | None:
    if shutil.which("fc-match") is None:
        return None
    pattern = f"sans-serif:lang=zh-cn{':bold' if bold else ''}"
    asked = ["fc-match", "--format=%{file}\n%{index}\n%{lang}", pattern]
    # Whatever the locale is, the path of a font is the file system's.
    answer = os.fsdecode(subprocess.run(asked, capture_output=True, check=False, timeout=10).stdout).splitlines()
    if len(answer) < 3 or "zh-cn" not in answer[2].split("|"):
        return None
    # The upper half of fontconfig's index names a variable font's instance, the lower the face in a collection.
    return (Path(answer[0]), int(answer[1]) & 0xFFFF) if Path(answer[0]).is_file() else None


def _from_known_folders() -> tuple[Path, int] | None:
    for folder in _FOLDERS.get(sys.platform, ()):
        for name in _KNOWN[sys.platform]:
            if (folder / name).is_file():
                return folder / name, 0
    return None


def _from_packages() -> tuple[Path, int] | None:
    for package in _PACKAGES:
        spec = find_spec(package)
        for place in (spec.submodule_search_locations or ()) if spec else ():
            for file in sorted(Path(place).rglob("*.[ot]tf")):
                return file, 0
    return None
