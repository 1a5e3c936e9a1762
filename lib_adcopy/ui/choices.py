"""The choices a dropdown offers: values of ours, shown in the user's words.

The boxes hold the words and this maps them back: gradio 3.41 takes (word, value) pairs and then shows the value of
whatever is set from Python. A word of either language is understood, so a language switched half-way does no harm.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from lib_adcopy.i18n import LANGUAGES, translate

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Choices:
    """`pairs(language)` gives (word, value) in the order to show; asked anew each time, for what is added later.

    `fits(value, held)` says whether a value is offered beside what other boxes hold, by their names.
    """

    pairs: Callable[[str], Pairs]
    fits: Callable[[str, Mapping[str, str]], bool] = lambda value, held: True

    def words(self, language: str, held: Mapping[str, str] | None = None) -> list[str]:
        return [word for word, value in self.pairs(language) if held is None or self.fits(value, held)]

    def word(self, value: str, language: str) -> str:
        """Return the word for `value`; the value itself where it is not offered."""
        return next((word for word, known in self.pairs(language) if known == value), value)

    def value(self, word: str | None) -> str:
        """Return the value behind a word of any language; what is no word of ours is a value already."""
        for language in LANGUAGES:
            for known, value in self.pairs(language):
                if known == word:
                    return value
        return word or ""


def named(prefix: str, values: Sequence[str]) -> Choices:
    """Return values whose words stand in ui.json under "<prefix>.<value>"."""
    return Choices(lambda language: [(translate(f"ui.{prefix}.{value}", language), value) for value in values])


def listed(values: Callable[[], Sequence[str]], nothing: str = "") -> Choices:
    """Return names as they are; with `nothing`, a ui.json key, the empty value stands first under that word."""
    return Choices(
        lambda language: [
            *([(translate(f"ui.{nothing}", language), "")] if nothing else []),
            *((value, value) for value in values()),
        ]
    )
