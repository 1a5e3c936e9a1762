"""The tab's components by name, each with the words it shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from lib_adcopy.app.studio import Studio
from lib_adcopy.i18n import LANGUAGES, translate
from lib_adcopy.ui import render
from lib_adcopy.ui.choices import Choices, named
from lib_adcopy.ui.guard import Guard
from lib_adcopy.ui.numbers import NUMBERS
from lib_adcopy.ui.values import FIELDS

# A number with a larger range than this (a seed) is typed, not slid.
_SLIDER_AT_MOST = 4096
# Characters; beyond every limit that a sentence tells of.
_TEXT_AT_MOST = 100_000


class _Label(str):
    """The words of a control; within a longer text its `name`. So a webui, which files a control's default under
    "adcopy/<label>/value" in ui-config.json, finds it again in every language, and takes it for no other's of the same
    words."""

    name: str

    def __format__(self, spec: str) -> str:
        return format(self.name, spec)


def _label(words: str, name: str) -> _Label:
    label = _Label(words)
    label.name = name
    return label


class Tab:
    """The tab's components by name, with the words each shows, so that the language can be switched in place."""

    def __init__(self, studio: Studio, language: str) -> None:
        self.studio = studio
        self.language = language
        self.guard = Guard(studio.host, language)
        self.choosers: dict[str, Choices] = {}
        self._parts: dict[str, Any] = {}
        self._words: dict[str, dict[str, str]] = {}

    def __getitem__(self, name: str) -> Any:
        return self._parts[name]

    def has(self, name: str) -> bool:
        """Return whether the page has a component of that name; some depend on the host."""
        return name in self._parts

    def keep(self, name: str, part: Any) -> Any:
        """Keep a component without words of ours."""
        self._parts[name] = part
        return part

    def add(
        self, kind: Callable[..., Any], name: str, *, word: str = "label", hint: bool = False, **options: Any
    ) -> Any:
        """Add a component with the id adcopy_<name>.

        Its label (or button text) is ui.json's "<name>", its placeholder "<name>_hint".
        """
        self._words[name] = {word: f"ui.{name}", **({"placeholder": f"ui.{name}_hint"} if hint else {})}
        said = {prop: _label(translate(key, self.language), name) for prop, key in self._words[name].items()}
        return self.keep(name, kind(**said, elem_id=f"adcopy_{name}", **options))

    def choose(
        self,
        kind: type,
        name: str,
        choices: Choices,
        value: str | None,
        held: dict[str, str] | None = None,
        **options: Any,
    ) -> Any:
        """Add a box with `choices`, `value` chosen; `held` is what the boxes hold that decide what is offered."""
        self.choosers[name] = choices
        chosen = choices.word(value, self.language) if value is not None else None
        return self.add(kind, name, choices=choices.words(self.language, held), value=chosen, **options)

    def field(self, name: str, choices: Choices | None = None, value: Any = None, **options: Any) -> Any:
        """Add the widget of a row of the field table; `value` is shown at first, by default the row's own.

        `choices` are what the host or the studio offers where the row has no list of its own.
        """
        row = FIELDS[name]
        shown = row.default if value is None else value
        if row.kind == "choice":
            offered = choices or named(row.words, row.choices)
            return self.choose(gr.Dropdown, name, offered, shown, **options)
        if row.kind == "switch":
            return self.add(gr.Checkbox, name, value=shown, **options)
        if row.secret:
            # What is kept is not sent to a browser.
            return self.add(gr.Textbox, name, lines=1, max_lines=1, type="password", hint=True, **options)
        if row.kind == "text" and value is not None:
            return self.add(gr.Textbox, name, value=value, lines=1, max_lines=1, hint=True, **options)
        if row.kind in ("text", "words"):
            return self.add(gr.Textbox, name, lines=1, max_lines=1, hint=True, **options)
        if row.most is None or row.most > _SLIDER_AT_MOST:
            return self.add(gr.Number, name, value=shown, precision=0, **options)
        options |= {"minimum": row.least, "maximum": row.most, "step": row.step}
        return self.add(gr.Slider, name, value=shown, **options)

    def sub_tab(self, name: str) -> Any:
        """Add a sub-tab; the page's script changes its label with the language."""
        return gr.Tab(_label(translate(f"ui.tabs.{name}", self.language), f"{name}_tab"), elem_id=f"adcopy_{name}_tab")

    def heading(self, name: str) -> Any:
        """Add a step's heading, relabelled with the language."""
        return self.add(gr.Markdown, f"step_{name}", word="value")

    def button(self, name: str, **options: Any) -> Any:
        return self.add(gr.Button, name, word="value", **options)

    def fold(self, name: str) -> Any:
        return self.add(gr.Accordion, name, open=False)

    # ---- words and values

    def value(self, name: str, shown: Any) -> Any:
        """Return what the box `name` holds, as a value of ours.

        A request may hold anything, and is brought within bounds.
        """
        if name in NUMBERS:
            return NUMBERS[name].read(shown)
        if name in self.choosers:
            value = self.choosers[name].value(shown if isinstance(shown, str) else None)
            return self.language if name == "language" and value not in LANGUAGES else value
        if isinstance(self._parts.get(name), gr.Textbox):
            return shown[:_TEXT_AT_MOST] if isinstance(shown, str) else ""
        return shown

    def shown(self, name: str, value: Any, language: str) -> Any:
        if name in self.choosers and isinstance(value, str):
            return self.choosers[name].word(value, language)
        return value

    def relabelling(self) -> list[Any]:
        """Return the components `relabelled` gives updates for, in its order."""
        return [*(self._parts[name] for name in self._words if name != "language"), self._parts["tips"]]

    def relabelled(self, language: str, held: dict[str, Any]) -> list[Any]:
        """Return every word in `language`; `held` are the choosers' present words, which keep their value."""
        updates = []
        values = {name: self.value(name, word) for name, word in held.items()}
        for name, said in self._words.items():
            if name == "language":
                continue
            changed: dict[str, Any] = {prop: translate(key, language) for prop, key in said.items()}
            if name in self.choosers:
                chooser = self.choosers[name]
                word = chooser.word(values[name], language)
                changed |= {"choices": chooser.words(language, values), "value": word}
            updates.append(gr.update(**changed))
        return [*updates, render.tips(language)]
