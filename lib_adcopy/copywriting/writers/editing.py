"""A seller's own text, revised as far as that needs no language model: cut, reposted elsewhere, or added to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from lib_adcopy.copywriting.answers import without_words
from lib_adcopy.copywriting.composition.composer import Composer
from lib_adcopy.copywriting.composition.plan import facts_of
from lib_adcopy.copywriting.finishing import finish
from lib_adcopy.copywriting.instructions import after_rounds, held_to_wishes, names_a_change
from lib_adcopy.copywriting.platforms import platforms
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.copy import Copy


def edited(brief: Brief, chosen: Copy, instruction: str, history: Sequence[tuple[str, Copy]], seed: int) -> Copy | None:
    """`chosen` changed by what the instruction asks for beside the rounds before.

    None for a text that a seed writes again, for an instruction that names nothing, and where no text would be left.
    """
    before, wanted = after_rounds(brief, history, ""), after_rounds(brief, history, instruction)
    if not names_a_change(before, instruction) or (chosen.seed >= 0 and not _only_adds(before, wanted)):
        return None
    kept = without_words(chosen, [word for word in wanted.avoid_words if word not in before.avoid_words])
    if not kept.body:
        return None
    composer = Composer(wanted, seed)
    body = _with_additions(kept, composer.additions(_news(before, wanted)), composer.glue)
    fewest, most = platforms()[wanted.platform].hashtags
    hashtags = tuple(dict.fromkeys((*kept.hashtags, *composer.hashtags())))
    kept = replace(kept, body=body, hashtags=hashtags[: max(fewest, min(len(kept.hashtags), most))])
    return held_to_wishes(finish(kept, wanted), chosen, history, instruction)


def _only_adds(before: Brief, wanted: Brief) -> bool:
    """Tell whether nothing is asked for but new facts: what a writer's own text says beside them then stays."""
    same = replace(wanted, text=before.text, facts=before.facts, statements=before.statements, points=before.points,
                   attributes=before.attributes, category=before.category)  # fmt: skip
    return same == before and len(wanted.facts) > len(before.facts)


def _with_additions(kept: Copy, additions: str, glue: str) -> str:
    """Return the body with the additions in a paragraph before its last, or behind it where it has but one."""
    if not additions:
        return kept.body
    paragraphs = kept.body.split(glue)
    at = len(paragraphs) - 1 if kept.seed >= 0 and len(paragraphs) > 1 else len(paragraphs)
    return glue.join([*paragraphs[:at], additions, *paragraphs[at:]])


def _news(before: Brief, wanted: Brief) -> Brief:
    """Return the wanted brief as if all that it asks for were what it asks for newly."""
    known = {(fact.kind, fact.text) for fact in facts_of(before)}
    added = tuple(fact for fact in facts_of(wanted) if (fact.kind, fact.text) not in known)
    return replace(
        wanted,
        text="",
        facts=added,
        statements=tuple(made for made in wanted.statements if made not in before.statements),
        attributes=(),
        points=(),
        audience=wanted.audience if wanted.audience != before.audience else "",
        tone=wanted.tone if wanted.tone != before.tone else "natural",
        length=wanted.length if wanted.length != before.length else "medium",
        stress=tuple(kind for kind in wanted.stress if kind not in before.stress),
    )
