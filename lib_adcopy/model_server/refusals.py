"""Reads what a server's refusal means, as one sentence for the user."""

from __future__ import annotations

import json
import re
from typing import Any

from lib_adcopy.errors import AdCopyError
from lib_adcopy.model_library.addresses import without_secrets
from lib_adcopy.model_server.address import ServerAddress

_LONGEST_REASON = 160
_BLANK = re.compile(r"[\s\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069]+")
_NO_MODEL = re.compile(r"model.{0,160}?(?:not[ _-]?found|not exist|not[ _]loaded|unknown|try pulling)", re.IGNORECASE)


def refusal(address: ServerAddress, status: int, body: bytes, *, model: str, key: str) -> AdCopyError:
    """Return the error for an answer that is not 200. The key is never part of it, whatever the server repeats."""
    told = json_object(body)
    params: dict[str, object] = {"address": address.origin}
    if 300 <= status < 400:
        return AdCopyError("model_server.redirect", **params)
    if status in (401, 403, 407):
        return AdCopyError("model_server.unauthorized", **params)
    if status == 429:
        return AdCopyError("model_server.busy", **params)
    reason = reason_of(told, key) if told else ""
    if model and 400 <= status < 500 and _NO_MODEL.search(reason):
        return AdCopyError("model_server.no_model", model=model, **params)
    if status in (404, 405):
        # A server that knows the call says in JSON what is missing, and that can only be the model.
        if model and reason:
            return AdCopyError("model_server.no_model", model=model, **params)
        return AdCopyError("model_server.no_api", **params)
    return AdCopyError("model_server.failed", reason=f"{status} {reason}".strip(), **params)


def json_object(body: bytes | str) -> dict[str, Any] | None:
    """Return a JSON object, None for anything else."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def reason_of(told: dict[str, Any], key: str) -> str:
    """Return what a server's JSON says is wrong, on one short line, without the key."""
    error = told.get("error") or told.get("detail") or told.get("message") or ""
    if isinstance(error, dict):
        error = error.get("message") or error.get("code") or ""
    text = error if isinstance(error, str) else ""
    hidden = text.replace(key, "***") if key else text
    return without_secrets(_BLANK.sub(" ", hidden)).strip()[:_LONGEST_REASON]
