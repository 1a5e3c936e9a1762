"""Renders what the tab shows as HTML. All text from users and models is escaped here and nowhere else."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from lib_adcopy.app.settings import SETTINGS
from lib_adcopy.domain.brief import Brief
from lib_adcopy.domain.copy import Copy
from lib_adcopy.i18n import Message, translate, words
from lib_adcopy.prompting.tokens import TokenCount
from lib_adcopy.ui.event_table import KEPT
from lib_adcopy.ui.networks import STEP, Use
from lib_adcopy.ui.values import FIELDS

if TYPE_CHECKING:
    from PIL.Image import Image

# What took less is not worth a figure.
_SECONDS_SHOWN = 0.05
# Characters; of a pasted product page the rest may be long.
_UNUSED_SHOWN = 300
_SIGNS = {"less": "−", "more": "+", "remove": "×"}


def status(
    text: str, *, kind: str = "info", run: str = "", task: str = "", picture: Image | None = None, beside: str = ""
) -> str:
    """Render the status line; `kind` is info, busy, or how it ended: done, stopped, nothing, error.

    `run` tells one press of a button from the next, also for whoever automates the page; the page's script watches the
    host's progress of `task`. `picture` is shown below, `beside` is HTML of ours after the line.
    """
    marks = "".join(f' data-{name}="{escape(value)}"' for name, value in (("run", run), ("task", task)) if value)
    shown = f'<img class="adcopy-preview" alt="" src="{_inline(picture)}">' if picture else ""
    # What was stopped and what had nothing to do have ended as well.
    kinds = f"adcopy-done adcopy-{kind}" if kind in ("stopped", "nothing") else f"adcopy-{kind}"
    role = "alert" if kind == "error" else "status"
    return f'<div class="adcopy-status {kinds}" role="{role}"{marks}>{escape(text)}{shown}</div>{beside}'


def steps(made: Iterable[tuple[str, str, float]], language: str) -> str:
    """Render the steps of a long press in order: (name, todo, busy or done, seconds it took)."""
    items = []
    for name, state, seconds in made:
        is_timed = state == "done" and seconds >= _SECONDS_SHOWN
        took = translate("ui.steps.seconds", language, seconds=f"{seconds:.1f}") if is_timed else ""
        word = escape(translate(f"ui.steps.{name}", language))
        now = ' aria-current="step"' if state == "busy" else ""
        items.append(f'<li class="adcopy-{state}"{now}>{word} <small>{escape(took)}</small></li>')
    return f'<ol class="adcopy-steps">{"".join(items)}</ol>' if items else ""


def ways_out(names: Iterable[str], language: str) -> str:
    """Render the buttons that mend what is missing, by where each leads: photo, models, compose, fallback."""
    buttons = "".join(
        f'<button type="button" class="adcopy-copy" data-go="{name}">{escape(translate(f"ui.go.{name}", language))}'
        f"</button>"
        for name in names
    )
    return f'<div class="adcopy-review adcopy-ways">{buttons}</div>' if buttons else ""


def welcome(hints: Sequence[tuple[str, Sequence[str]]], count: int, language: str) -> str:
    """Render what a page without a result shows: what will happen, and what is missing with what mends it."""
    title = escape(translate("ui.welcome.title", language))
    rows = "".join(
        f"<li>{escape(translate(f'ui.welcome.{step}', language, count=count))}</li>"
        for step in ("write", "draw", "compose")
    )
    missing = "".join(
        f'<div class="adcopy-hint">{escape(translate(f"ui.welcome.{name}", language))}{ways_out(ways, language)}</div>'
        for name, ways in hints
    )
    return f'<div class="adcopy-welcome"><b>{title}</b><ol>{rows}</ol>{missing}</div>'


def samples(briefs: Sequence[tuple[str, str, str]], language: str) -> str:
    """Render briefs to begin with as cards. gradio 4.40's Dataset renders the whole page anew at every frame."""
    cards = "".join(
        f'<button type="button" class="adcopy-card adcopy-sample" data-press="example" data-value="{_stored(brief)}">'
        f'<b><span aria-hidden="true">{sign}</span> {escape(name)}</b><span>{escape(brief)}</span></button>'
        for sign, name, brief in briefs
    )
    title = escape(translate("ui.samples.title", language))
    return f'<p class="adcopy-samples-title">{title}</p><div class="adcopy-cards">{cards}</div>'


def _kept() -> dict[str, int]:
    """Return the boxes that the page's script keeps, 1 for texts."""
    texts = ("brief", "copy", "prompt", "negative_prompt", "wish", "photo_kept", "reference_kept")
    return {name: int(name in texts or (name in FIELDS and FIELDS[name].kind in ("text", "words"))) for name in KEPT}


def _outside(language: str) -> dict[str, str]:
    """Return our words on the host's own pages, by the id of what carries them.

    These pages are built in one language.
    """
    found = {f"setting_adcopy_{row.key}": translate(f"hosts.setting.{row.key}", language) for row in SETTINGS}
    return {"adcopy_send_here": translate("ui.send_here", language), **found}


# What a revision is asked for most.
_WISHES = ("shorter", "lively", "douyin", "another")


def wishes(language: str) -> str:
    """Render the usual wishes as buttons: one press asks for it."""
    words = [translate(f"ui.wishes.{name}", language) for name in _WISHES]
    return f'<div class="adcopy-review">{"".join(press("asked", word, word, word) for word in words)}</div>'


def _inline(picture: Image) -> str:
    """Return a small picture as an address that holds it: nothing is written to a file that a browser could ask for."""
    held = io.BytesIO()
    picture.save(held, format="JPEG", quality=80)
    return f"data:image/jpeg;base64,{base64.b64encode(held.getvalue()).decode('ascii')}"


def notes(found: Iterable[Message], language: str) -> str:
    rows = "".join(f"<li>{escape(note.text(language))}</li>" for note in found)
    return f'<ul class="adcopy-notes" tabindex="0">{rows}</ul>' if rows else ""


def infotext(text: str) -> str:
    """Return a picture's parameters, as the webui shows them below its gallery."""
    return f'<p class="adcopy-infotext">{"<br>".join(escape(line) for line in text.splitlines())}</p>'


def tokens(positive: TokenCount, negative: TokenCount) -> str:
    """Return both prompts' lengths, as the webui writes them: 41/75; ≈ before what is no count."""
    shown = [f"{'≈ ' if count.about else ''}{count.used}/{count.limit}" for count in (positive, negative)]
    return f'<span class="adcopy-tokens">+ {shown[0]} · − {shown[1]}</span>'


def networks(uses: Iterable[Use], language: str) -> str:
    """Return the networks in the prompts, each with buttons to weigh it and to take it out."""
    chips = []
    for use in uses:
        weights = {"less": use.stepped(-STEP).weight, "more": use.stepped(STEP).weight, "remove": 0.0}
        buttons = "".join(
            press(
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
    """Return what was read in the brief, each with its kind, a button to put it right and one to take it out."""
    chips = []
    for fact in brief.facts:
        kind = translate(f"ui.facts.{fact.kind}", language)
        place = (fact.start, fact.end, fact.kind, fact.text)
        title = translate("ui.fact_change", language, value=fact.text)
        change = press("edit_fact", place, "✎", title, focus="fact_text")
        drop = press("drop", place, "×", translate("ui.attributes.remove", language, value=fact.text))
        words = f'<b>{escape(kind)}</b> {escape(fact.text)}'
        chips.append(f'<span class="adcopy-chip">{words}{change}{drop}</span>')
    add = translate("ui.fact_add", language)
    chips.append(press("edit_fact", (-1, -1, "price", ""), f"+ {add}", add, focus="fact_text"))
    return f'<div class="adcopy-review">{"".join(chips)}</div>{_unused(brief, language)}'


def several(products: Sequence[Brief], language: str) -> str:
    """Return that a brief has several products, and a button for each that leaves its own words alone in the box."""
    if not products:
        return ""
    names = ("、" if language == "zh" else ", ").join(product.product for product in products)
    told = escape(translate("ui.several_products", language, count=len(products), names=names))
    buttons = "".join(
        press("example", product.text.strip(), said, said)
        for product in products
        for said in [translate("ui.only_product", language, name=product.product)]
    )
    return f'<p class="adcopy-unused" role="status">{told} {buttons}</p>'


def _unused(brief: Brief, language: str) -> str:
    """Return what of the brief went into no fact, so that nobody wonders where it is."""
    if not brief.unused:
        return ""
    between = "；" if language == "zh" else "; "
    words = between.join(brief.unused)
    words = words if len(words) <= _UNUSED_SHOWN else f"{words[:_UNUSED_SHOWN]}…"
    return f'<p class="adcopy-unused">{escape(translate("ui.facts_unused", language, words=words))}</p>'


def rounds(made: Iterable[tuple[str, Copy]], language: str) -> dict[str, Any]:
    """Return the rounds of revision as a table: what was asked, what came of it."""
    headers = [translate("ui.rounds.wish", language), translate("ui.rounds.copy", language)]
    return {"headers": headers, "data": [[wish, copy.text] for wish, copy in made] or [["", ""]]}


def press(box: str, value: Any, sign: str, title: str, *, focus: str = "") -> str:
    """Render a button in plain HTML: the page's script writes its value into the hidden box of that name, and puts the
    keyboard into the box `focus`."""
    shown = escape(title, quote=True)
    then = f' data-focus="{focus}"' if focus else ""
    return (
        f'<button type="button" class="adcopy-press" data-press="{box}" data-value="{_stored(value)}"{then} '
        f'title="{shown}" aria-label="{shown}">{escape(sign)}</button>'
    )


def _stored(value: Any) -> str:
    return escape(json.dumps(value, ensure_ascii=False), quote=True)


def tips(language: str) -> str:
    """Return what the page's script shows when the pointer rests on a control, by the control's name."""
    start = "ui.tip."
    tips = {key.removeprefix(start): text for key, text in words(language).items() if key.startswith(start)}
    stored = escape(json.dumps(tips, ensure_ascii=False), quote=True)
    tabs = escape(json.dumps([translate(f"ui.tabs.{name}", language) for name in ("create", "models")]), quote=True)
    lost = escape(translate("ui.status.lost", language), quote=True)
    shown = f'data-language="{escape(language)}" data-tips="{stored}" data-tabs="{tabs}" data-lost="{lost}"'
    shown += f' data-kept="{_stored(_kept())}" data-outside="{_stored(_outside(language))}"'
    return f'<div id="adcopy_words" {shown} hidden></div>'


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
        f"{press('mend', name, mend, mend) if (name := message.key.split('.')[-2]) in mendable else ''}</div>"
        for level, message in wrong
    )
    good = chip(translate("ui.checks.passed", language, done=len(found) - len(wrong), all=len(found)), not wrong)
    return f'<div class="adcopy-review">{good}{rows}</div>' if found else ""


def photo(picture: Image, text: str, *, good: bool) -> str:
    """Return a photo with its product cut out, and how sure that is."""
    return f'<div class="adcopy-photo"><img alt="" src="{_inline(picture)}">{chip(text, good)}</div>'


def chip(text: str, good: bool) -> str:
    """Return a few words in a frame, calm or warning."""
    return f'<span class="adcopy-chip {"adcopy-good" if good else "adcopy-bad"}">{escape(text)}</span>'
