"""The one error a user may see: a code that the language files turn into a sentence in his language."""

from __future__ import annotations

from lib_adcopy.i18n import Message


class AdCopyError(Exception):
    """Something the user can put right.

    `code` is "<room>.<name>", a key of i18n/<language>/<room>.json under "error.<name>"; `params` fill
    the sentence's {placeholders}. `str()` gives the English sentence, for logs and the command line.
    """

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    @property
    def message(self) -> Message:
        room, _, name = self.code.partition(".")
        return Message(f"{room}.error.{name}", self.params)

    def __str__(self) -> str:
        return self.message.text("en")
