"""Shows copy in the tab: candidates as cards, two side by side, and the review of the one in the box."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from lib_adcopy.copywriting.platforms import allowed, platforms
from lib_adcopy.domain.copy import Candidate, Copy
from lib_adcopy.domain.review import Finding, Review
from lib_adcopy.i18n import translate
from lib_adcopy.ui.render import chip, press

# Of AdvertiseGen's ads nineteen in twenty repeat less than 4 %; what is well above that is noticed.
_REPETITION_READ_OVER = 0.05
# Characters of a candidate's body on its card: about two lines.
_FIRST_WORDS = 60


def candidates(found: Sequence[Candidate], chosen: str, platform: str, language: str) -> str:
    """Render the candidates as cards: title, first lines, what the review says; the chosen one is marked."""
    if not found:
        return ""
    cards = "".join(_card(number, one, chosen, platform, language) for number, one in enumerate(found))
    return f'<div class="adcopy-cards">{cards}</div>'


def _card(number: int, candidate: Candidate, chosen: str, platform: str, language: str) -> str:
    copy, named = candidate.copy, translate("ui.candidate", language, number=number + 1)
    mark = "true" if copy.text == chosen else "false"
    first = escape(" ".join(copy.body.split())[:_FIRST_WORDS])
    label = escape(f"{named}：{copy.title}" if language == "zh" else f"{named}: {copy.title}", quote=True)
    actions = "".join(
        press(box, number, word := translate(f"ui.candidates.{key}", language), word, focus=focus)
        for box, key, focus in (("compare", "compare", ""), ("like", "like", ""), ("choose", "revise", "wish"))
    )
    return (
        f'<div class="adcopy-candidate"><button type="button" class="adcopy-card" data-press="choose" '
        f'data-value="{number}" aria-pressed="{mark}" aria-label="{label}"><b>{escape(copy.title or named)}</b>'
        f'<span>{first}</span><span class="adcopy-review">{_card_chips(candidate, platform, language)}</span></button>'
        f'<div class="adcopy-actions" role="group" aria-label="{escape(named, quote=True)}">{actions}</div></div>'
    )


def _card_chips(candidate: Candidate, platform: str, language: str) -> str:
    limits, copy, found = platforms()[platform], candidate.copy, candidate.review
    said = translate("ui.review.coverage", language, done=len(found.covered), all=_all(found))
    chips = chip(said, not found.missing) + _length("body", copy.body, limits.body, found.too_long, language)
    if found.findings:
        chips += chip(translate("ui.review.findings", language, count=len(found.findings)), False)
    return chips


def compared(pair: Sequence[tuple[int, Candidate]], platform: str, language: str) -> str:
    """Render two candidates side by side, each whole, with the facts it says and leaves out."""
    if len(pair) != 2:
        return ""
    close = translate("ui.candidates.close", language)
    sides = "".join(_side(number, one, platform, language) for number, one in pair)
    return f'<div class="adcopy-compared">{sides}</div>{press("compare", -1, close, close)}'


def _side(number: int, candidate: Candidate, platform: str, language: str) -> str:
    copy, use, facts = candidate.copy, translate("ui.candidates.use", language), ""
    between = "、" if language == "zh" else ", "
    for key, pairs in (("said", candidate.review.covered), ("lost", candidate.review.missing)):
        values = between.join(value for _, value in pairs)
        facts += f"<p>{escape(translate(f'ui.candidates.{key}', language, values=values))}</p>" if pairs else ""
    chips = f'<span class="adcopy-review">{_card_chips(candidate, platform, language)}</span>'
    body = "<br>".join(escape(line) for line in copy.body.splitlines())
    title = escape(copy.title or translate("ui.candidate", language, number=number + 1))
    text = f"<b>{title}</b><p>{body}</p><p>{escape(copy.tags)}</p>"
    return f"<div>{text}{chips}{facts}{press('choose', number, use, use)}</div>"


def reviewed(candidate: Candidate, platform: str, language: str) -> dict[str, str]:
    """Return the updates that go with a copy: its review, and the buttons that put it on the clipboard."""
    return {"review": review(candidate, platform, language), "copying": copying(candidate.copy, language)}


def review(candidate: Candidate, platform: str, language: str) -> str:
    """Render coverage, lengths, repetition and claims of one candidate, and its findings inside the text."""
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
    rows = "".join(_reason(finding, language) for finding in found.findings)
    return f'<div class="adcopy-review">{"".join(chips)}</div>{_marked(copy.text, found, language)}{rows}'


def _marked(text: str, found: Review, language: str) -> str:
    """Return the text with what was found in it marked, each finding with the button that mends it."""
    if not found.findings:
        return ""
    shown, at = "", 0
    for finding in found.findings:
        if finding.start < at:
            continue
        reason = escape(_sentence(finding, language), quote=True)
        shown += escape(text[at : finding.start])
        mark = f'<mark class="adcopy-{finding.level}" title="{reason}">{escape(finding.term)}</mark>'
        shown += mark + _mend(finding, language)
        at = finding.end
    return f'<p class="adcopy-marked">{(shown + escape(text[at:])).replace(chr(10), "<br>")}</p>'


def _mend(finding: Finding, language: str) -> str:
    if not finding.replacement and finding.level != "ban":
        return ""
    key = "fix" if finding.replacement else "drop"
    word = translate(f"ui.law.{key}", language, word=finding.replacement)
    return press("fix", finding.term, word, f"{finding.term} → {word}")


def _reason(finding: Finding, language: str) -> str:
    return f'<div class="adcopy-finding adcopy-{finding.level}">{escape(_sentence(finding, language))}</div>'


def _sentence(finding: Finding, language: str) -> str:
    level = translate(f"ui.law.{finding.level}", language)
    colon = "：" if language == "zh" else ": "
    return f"{level}{colon}{finding.term} · {finding.law} · {finding.suggestion}"


def copying(copy: Copy, language: str) -> str:
    """Render buttons that put a part of the copy on the clipboard, the tags and all of it."""
    parts = {"title": copy.title, "body": copy.body, "tags": copy.tags, "all": copy.text}
    buttons = "".join(_copy_buttons(parts, language))
    return f'<div class="adcopy-review">{buttons}</div>' if buttons else ""


def _copy_buttons(parts: dict[str, str], language: str) -> Iterator[str]:
    done = escape(translate("ui.copying.done", language), quote=True)
    for part, text in parts.items():
        if text:
            word = escape(translate(f"ui.copying.{part}", language))
            stored = escape(text, quote=True)
            yield f'<button type="button" class="adcopy-copy" data-copy="{stored}" data-done="{done}">{word}</button>'


def findings_in(candidate: Candidate) -> bool:
    """Return whether the review names words that one press replaces."""
    return any(found.level == "ban" or found.replacement for found in candidate.review.findings)


def _all(found: Review) -> int:
    return len(found.covered) + len(found.missing) + len(found.changed)


def _length(part: str, text: str, limit: int, too_long: Sequence[str], language: str) -> str:
    return chip(f"{translate(f'ui.review.{part}', language)} {len(text)}/{allowed(text, limit)}", part not in too_long)


def chosen_number(found: Sequence[Candidate], text: str) -> int:
    """Return which candidate stands in the box, the first where it was edited."""
    return next((number for number, one in enumerate(found) if one.copy.text == text), 0)


