"""The errors that every reader of this package raises."""

from __future__ import annotations


class BadFileError(ValueError):
    """A file whose content is damaged or malformed; the text says in which way."""


class UnsafeFileError(BadFileError):
    """A file made so that opening it might run code, or that two readers would read differently."""
