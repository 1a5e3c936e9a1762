"""Describe what is shown of a prompt pair beside its boxes: the tokens it takes and the networks it uses."""

from __future__ import annotations

from lib_adcopy.hosts.base import HostCatalogue
from lib_adcopy.ui import render
from lib_adcopy.ui.networks import in_use
from lib_adcopy.ui.session import Updates


def pair_shown(host: HostCatalogue, positive: str, negative: str, steps: int, language: str) -> Updates:
    count = host.token_count
    return {
        "tokens": render.tokens(
            count(positive, negative=False, steps=steps), count(negative, negative=True, steps=steps)
        ),
        "networks_used": render.networks(in_use(positive, negative, host.networks()), language),
    }
