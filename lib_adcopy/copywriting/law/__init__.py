"""Describe what the PRC Advertising Law and platform rules have against a text."""

from lib_adcopy.copywriting.law.check import apply_suggestion, check_text

__all__ = ["apply_suggestion", "check_text"]
