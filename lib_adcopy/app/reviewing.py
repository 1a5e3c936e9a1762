"""Turns a writer's drafts into reviewed candidates."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import replace

from lib_adcopy.app.events import Writing, Written
from lib_adcopy.copywriting.finishing import finish
from lib_adcopy.copywriting.review import rank
from lib_adcopy.copywriting.script import in_script_of
from lib_adcopy.domain.ad import Ad
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.copy import Copy, Draft
from lib_adcopy.errors import AdCopyError

_log = logging.getLogger("adcopy.studio")


def reviewed_drafts(ad: Ad, brief: Brief, drafts: Iterable[Draft]) -> Iterator[Writing | Written]:
    """Pass drafts on as they come, then review them all against `brief`: also those of a writer that failed.

    Of a writer that says itself what is wrong, by an AdCopyError, the finished ones alone.
    """
    latest: dict[int, Copy] = {}
    finished: set[int] = set()

    def written() -> Written:
        copies = [finish(latest[index], brief) for index in sorted(latest)]
        ranked = rank(brief, [copy for copy in copies if copy.text.strip()])
        candidates = tuple(replace(one, copy=in_script_of(one.copy, brief.text)) for one in ranked)
        return Written(replace(ad, candidates=candidates, copy=candidates[0].copy if candidates else ad.copy))

    try:
        for draft in drafts:
            latest[draft.index] = draft.copy
            finished |= {draft.index} if draft.done else set()
            yield Writing(draft)
    except AdCopyError:
        latest = {index: copy for index, copy in latest.items() if index in finished}
        if latest:
            yield written()
        raise
    except Exception as error:
        if not latest:
            raise
        _log.exception("the writer failed after %d candidates had begun", len(latest))
        yield written()
        raise AdCopyError("studio.writer_failed", reason=str(error) or type(error).__name__) from error
    yield written()
