"""Counts a prompt's tokens as the webui does."""

from __future__ import annotations

import inspect
import logging
import re
from typing import Any

from modules import sd_models, ui

from lib_adcopy.hosts.webui.networks import NOT_LOADED
from lib_adcopy.prompting.tokens import TokenCount, estimate

_log = logging.getLogger("adcopy.webui")
_COUNT = re.compile(r">\s*(\d+)/(\d+)\s*<")


def count(text: str, *, negative: bool, steps: int) -> TokenCount:
    """Return the webui's own count; an estimate until it has a checkpoint to count with."""
    model = getattr(getattr(sd_models, "model_data", None), "sd_model", None)
    if type(model).__name__ == NOT_LOADED:
        # It counts words for tokens.
        return estimate(text)
    taken = inspect.signature(ui.update_token_counter).parameters
    extra: dict[str, Any] = {"styles": []} if "styles" in taken else {}
    if "is_positive" in taken:
        extra["is_positive"] = not negative
    try:
        found = _COUNT.search(ui.update_token_counter(text, steps, **extra))
    except Exception as error:
        # Before a checkpoint is loaded some hosts have no tokenizer yet, and each says so in its own way.
        _log.debug("the host cannot count tokens yet: %s", error)
        found = None
    return TokenCount(int(found[1]), int(found[2])) if found else estimate(text)
