"""Describe what every copy goes through before it is shown: banned terms, words to avoid, the platform's limits and
habits."""

from __future__ import annotations

from lib_adcopy.copywriting.answers import without_bans, without_words
from lib_adcopy.copywriting.platforms import fit
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.copy import Copy


def finish(copy: Copy, brief: Brief) -> Copy:
    """Return the copy as it may be posted where the brief says."""
    return fit(without_bans(without_words(copy, brief.avoid_words)), brief.platform)
