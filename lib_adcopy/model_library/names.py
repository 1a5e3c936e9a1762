"""File names from strangers: an index, a hub's listing, a server's answer. One strict form on every system."""

from __future__ import annotations

import re
import unicodedata

_RESERVED_ON_WINDOWS = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)", re.IGNORECASE)
_FORBIDDEN = frozenset('/\\:*?"<>|')
# File systems allow 255 bytes (or UTF-16 units) a name; a suffix such as ".part" must fit behind it.
_MOST_BYTES = 200


def is_plain_name(name: str) -> bool:
    """Tell whether `name` names a file straight in its folder, and the same file on every system.

    Refused: separators, drives, colons, wildcards, control and format characters, "." and "..", a leading dot, a
    trailing dot or space, names that Windows reserves for devices, and names too long for a file system.
    """
    if not name or len(name.encode("utf-8", "surrogatepass")) > _MOST_BYTES:
        return False
    if name.startswith((".", " ")) or name.endswith((".", " ")):
        return False
    if _FORBIDDEN & set(name) or any(unicodedata.category(character) in ("Cc", "Cf", "Cs") for character in name):
        return False
    return not _RESERVED_ON_WINDOWS.fullmatch(name.partition(".")[0].rstrip())


def plain_name_from(server_name: str) -> str:
    """Return a plain name made of a server's suggestion, "" where nothing usable is left of it."""
    name = server_name.replace("\\", "/").rpartition("/")[2]
    name = re.sub(r"[^\w.()+ -]", "_", name).strip(" .")
    return name if is_plain_name(name) else ""
