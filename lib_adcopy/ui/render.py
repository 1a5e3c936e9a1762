"""What the tab shows as HTML. All text from users and models is escaped here and nowhere else."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from lib_adcopy.copywriting.platforms import allowed, platforms
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.copy import Candidate, Copy
from lib_adcopy.domain.review import Finding, Review
from lib_adcopy.i18n import Message, translate, words
from lib_adcopy.prompting.tokens import TokenCount
from lib_adcopy.ui.networks import STEP, Use

if TYPE_CHECKING:
    from PIL.Image import Image

# Of AdvertiseGen's ads nineteen in twenty repeat less than 4 %; what is well above that is noticed.
_REPETITION_READ_OVER = 0.05
# Characters of a candidate's body on its card: about two lines.
_FIRST_WORDS = 60
_SIGNS = {"less": "−", "more": "+", "remove": "×"}


def status(text: str, *, kind: str = "info", run: str = "", task: str = "", picture: Image | None = None) -> str:
    """One line; `kind` is info, busy, done or error. `run` tells one press of a button from the next, also for whoever
    automates the page; the page's script watches the host's progress of `task`. `picture` is shown below."""
    marks = "".join(f' data-{name}="{escape(value)}"' for name, value in (("run", run), ("task", task)) if value)
    shown = f'<img class="adcopy-preview" alt="" src="{_inline(picture)}">' if picture else ""
    return f'<div class="adcopy-status adcopy-{kind}" role="status"{marks}>{escape(text)}{shown}</div>'


def _inline(picture: Image) -> str:
    """A small picture as an address that holds it: nothing is written to a file that a browser could ask for."""
    held = io.BytesIO()
    picture.save(held, format="JPEG", quality=80)
    return f"data:image/jpeg;base64,{base64.b64encode(held.getvalue()).decode('ascii')}"


def review(candidate: Candidate, platform: str, language: str) -> str:
    """Coverage, lengths, repetition, claims and findings of one candidate."""
    copy, found = candidate.copy, candidate.review
    limits = platforms()[platform]
    chips = [
        chip(translate("ui.review.coverage", language, done=len(found.covered), all=_all(found)), not found.missing),
        _length("title", copy.title, limits.title, found.too_long, language),
        _length("body", copy.body, limits.body, found.too_long, language),
        chip(
            translate("ui.review.repetition", language, percent=round(100 * found.repetition)),
            found.repetition <= _REPETITION_READ_OVER,
        ),
    ]
    chips += [chip(translate("ui.review.missing", language, value=value), False) for _, value in found.missing]
    chips += [chip(translate("ui.review.claim", language, text=claim.text), False) for claim in found.claims]
    rows = "".join(_finding(finding, language) for finding in found.findings)
    return f'<div class="adcopy-review">{"".join(chips)}{rows}</div>'


def notes(found: Iterable[Message], language: str) -> str:
    rows = "".join(f"<li>{escape(note.text(language))}</li>" for note in found)
    return f'<ul class="adcopy-notes">{rows}</ul>' if rows else ""


def infotext(text: str) -> str:
    """A picture's parameters, as the webui shows them below its gallery."""
    return f'<p class="adcopy-infotext">{"<br>".join(escape(line) for line in text.splitlines())}</p>'


def tokens(positive: TokenCount, negative: TokenCount) -> str:
    """Both prompts' lengths, as the webui writes them: 41/75; ≈ before what is no count."""
    shown = [f"{'≈ ' if count.about else ''}{count.used}/{count.limit}" for count in (positive, negative)]
    return f'<span class="adcopy-tokens">+ {shown[0]} · − {shown[1]}</span>'


def networks(uses: Iterable[Use], language: str) -> str:
    """The networks in the prompts, each with buttons to weigh it and to take it out."""
    chips = []
    for use in uses:
        weights = {"less": use.stepped(-STEP).weight, "more": use.stepped(STEP).weight, "remove": 0.0}
        buttons = "".join(
            _press(
                "weigh",
                (use.kind, use.name, weight),
                _SIGNS[key],
                translate(f"ui.networks.{key}", language, name=use.name),
            )
            for key, weight in weights.items()
        )
        mark = "− " if use.kind == "negative" else ""
        name = escape(f"{mark}{use.name} {use.weight:g}")
        chips.append(f'<span class="adcopy-chip adcopy-good">{name}{buttons}</span>')
    return f'<div class="adcopy-review">{"".join(chips)}</div>' if chips else ""


def facts(brief: Brief, language: str) -> str:
    """What was read in the brief, each with its kind, a button to put it right and one to take it out."""
    chips = []
    for fact in brief.facts:
        kind = translate(f"ui.facts.{fact.kind}", language)
        place = (fact.start, fact.end, fact.kind, fact.text)
        change = _press("edit_fact", place, "✎", translate("ui.fact_change", language, value=fact.text))
        drop = _press("drop", place, "×", translate("ui.attributes.remove", language, value=fact.text))
        words = f'<b>{escape(kind)}</b> {escape(fact.text)}'
        chips.append(f'<span class="adcopy-chip">{words}{change}{drop}</span>')
    return f'<div class="adcopy-review">{"".join(chips)}</div>' if chips else ""


def rounds(made: Iterable[tuple[str, Copy]], language: str) -> dict[str, Any]:
    """The rounds of revision as a table: what was asked, what came of it."""
    headers = [translate("ui.rounds.wish", language), translate("ui.rounds.copy", language)]
    return {"headers": headers, "data": [[wish, copy.text] for wish, copy in made] or [["", ""]]}


def _press(box: str, value: Any, sign: str, title: str) -> str:
    """A button in plain HTML: the page's script writes its value into the hidden box of that name."""
    stored = escape(json.dumps(value, ensure_ascii=False), quote=True)
    shown = escape(title, quote=True)
    return (
        f'<button type="button" class="adcopy-press" data-press="{box}" data-value="{stored}" title="{shown}" '
        f'aria-label="{shown}">{escape(sign)}</button>'
    )


def samples(briefs: Sequence[str]) -> str:
    """Briefs to begin with, a button each. gradio 4.40's Dataset renders the whole page anew at every frame."""
    return f'<div class="adcopy-samples">{"".join(_press("example", text, text, text) for text in briefs)}</div>'


def tips(language: str) -> str:
    """What the page's script shows when the pointer rests on a control, by the control's name."""
    start = "ui.tip."
    tips = {key.removeprefix(start): text for key, text in words(language).items() if key.startswith(start)}
    stored = escape(json.dumps(tips, ensure_ascii=False), quote=True)
    tabs = escape(json.dumps([translate(f"ui.tabs.{name}", language) for name in ("create", "models")]), quote=True)
    shown = f'data-language="{escape(language)}" data-tips="{stored}" data-tabs="{tabs}"'
    return f'<div id="adcopy_words" {shown} hidden></div>'


def candidates(found: Sequence[Candidate], chosen: str, platform: str, language: str) -> str:
    """The candidates as cards: title, first lines, what the review says; the chosen one is marked."""
    if not found:
        return ""
    cards = "".join(_card(number, candidate, chosen, platform, language) for number, candidate in enumerate(found))
    return f'<div class="adcopy-cards">{cards}</div>'


def _card(number: int, candidate: Candidate, chosen: str, platform: str, language: str) -> str:
    limits, copy, found = platforms()[platform], candidate.copy, candidate.review
    said = translate("ui.review.coverage", language, done=len(found.covered), all=_all(found))
    chips = chip(said, not found.missing) + _length("body", copy.body, limits.body, found.too_long, language)
    if found.findings:
        chips += chip(translate("ui.review.findings", language, count=len(found.findings)), False)
    named = translate("ui.candidate", language, number=number + 1)
    stored = escape(json.dumps(number), quote=True)
    mark = ' aria-pressed="true"' if copy.text == chosen else ' aria-pressed="false"'
    first = escape(" ".join(copy.body.split())[:_FIRST_WORDS])
    return (
        f'<button type="button" class="adcopy-card" data-press="choose" data-value="{stored}"{mark} '
        f'aria-label="{escape(named, quote=True)}"><b>{escape(copy.title or named)}</b><span>{first}</span>'
        f'<span class="adcopy-review">{chips}</span></button>'
    )


def reviewed(candidate: Candidate, platform: str, language: str) -> dict[str, str]:
    """The updates that go with a copy: its review, and the buttons that put it on the clipboard."""
    return {"review": review(candidate, platform, language), "copying": copying(candidate.copy, language)}


def copying(copy: Copy, language: str) -> str:
    """Buttons that put a part of the copy on the clipboard, the tags and all of it."""
    parts = {"title": copy.title, "body": copy.body, "tags": copy.tags, "all": copy.text}
    buttons = "".join(
        f'<button type="button" class="adcopy-copy" data-copy="{escape(text, quote=True)}" '
        f'data-done="{escape(translate("ui.copying.done", language), quote=True)}">'
        f'{escape(translate(f"ui.copying.{part}", language))}</button>'
        for part, text in parts.items()
        if text
    )
    return f'<div class="adcopy-review">{buttons}</div>' if buttons else ""


def _all(review: Review) -> int:
    return len(review.covered) + len(review.missing)


def preview(picture: Image) -> str:
    """Render a picture within the page."""
    return f'<div class="adcopy-photo"><img alt="" src="{_inline(picture)}"></div>'


def checks(found: Sequence[tuple[str, Message]], language: str, mendable: Sequence[str] = ()) -> str:
    """Render what was checked on a creative: faults and warnings as sentences, what is right in one line.

    Checks named in `mendable` have a button that mends them.
    """
    mend = translate("ui.checks.mend", language)
    wrong = [(level, message) for level, message in found if level != "ok"]
    rows = "".join(
        f'<div class="adcopy-finding{" adcopy-ban" if level == "fault" else ""}">{escape(message.text(language))}'
        f"{_press('mend', name, mend, mend) if (name := message.key.split('.')[-2]) in mendable else ''}</div>"
        for level, message in wrong
    )
    good = chip(translate("ui.checks.passed", language, done=len(found) - len(wrong), all=len(found)), not wrong)
    return f'<div class="adcopy-review">{good}{rows}</div>' if found else ""


def photo(picture: Image, text: str, *, good: bool) -> str:
    """A photo with its product cut out, and how sure that is."""
    return f'<div class="adcopy-photo"><img alt="" src="{_inline(picture)}">{chip(text, good)}</div>'


def chip(text: str, good: bool) -> str:
    """A few words in a frame, calm or warning."""
    return f'<span class="adcopy-chip {"adcopy-good" if good else "adcopy-bad"}">{escape(text)}</span>'


def _finding(finding: Finding, language: str) -> str:
    level = translate(f"ui.law.{finding.level}", language)
    text = f"{level}：{finding.term} · {finding.law} · {finding.suggestion}"
    button = ""
    if finding.replacement or finding.level == "ban":
        key = "fix" if finding.replacement else "drop"
        word = translate(f"ui.law.{key}", language, word=finding.replacement)
        button = _press("fix", finding.term, word, word)
    return f'<div class="adcopy-finding adcopy-{finding.level}">{escape(text)} {button}</div>'


def _length(part: str, text: str, limit: int, too_long: Sequence[str], language: str) -> str:
    return chip(f"{translate(f'ui.review.{part}', language)} {len(text)}/{allowed(text, limit)}", part not in too_long)
