"""Describe who can reach the webui's page, by its command line: its owner alone, or others as well."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})
# Flags of any webui that open the page to others, or are there because it is open: tunnels, signing in, proxies.
_FLAGS = (
    "share", "listen", "ngrok", "cloudflared", "localhostrun", "remotemoe", "gradio_auth", "gradio_auth_path",
    "subpath", "hide_ui_dir_config",
)  # fmt: skip
# What a webui concluded itself: 1.6 knows the first alone, later ones both. Neither sees everything above, and both
# take a server name of loopback for a public one.
_CONCLUDED = ("disable_extension_access", "webui_is_non_local")


def is_shared(flags: Any, environment: Mapping[str, str] | None = None) -> bool:
    """Return whether others than the machine's owner can reach the page; `flags` is the webui's cmd_opts."""
    if any(getattr(flags, name, None) for name in _FLAGS):
        return True
    name = getattr(flags, "server_name", None)
    if name:
        return str(name).lower() not in _LOOPBACK
    # Without a flag gradio listens where its own variable says.
    given = (os.environ if environment is None else environment).get("GRADIO_SERVER_NAME", "")
    if given and given.lower() not in _LOOPBACK:
        return True
    return any(getattr(flags, mark, False) for mark in _CONCLUDED)


def trusts_origin(flags: Any, origin: str) -> bool:
    """Return whether the owner allowed the origin, by our flag or the webui's."""
    named = [*(getattr(flags, "adcopy_allow_origin", None) or ())]
    named += str(getattr(flags, "cors_allow_origins", None) or "").split(",")
    if any(_same(origin, one.strip()) for one in named if one.strip()):
        return True
    pattern = getattr(flags, "cors_allow_origins_regex", None)
    return bool(pattern and re.fullmatch(pattern, origin))


def _same(origin: str, named: str) -> bool:
    given, wanted = urlsplit(origin), urlsplit(named.rstrip("/"))
    return (given.scheme, given.netloc.lower()) == (wanted.scheme, wanted.netloc.lower()) and bool(wanted.netloc)
