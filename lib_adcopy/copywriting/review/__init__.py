"""Describe what is good and bad about a candidate, and which candidate is best."""

from lib_adcopy.copywriting.review.review import rank, review_copy

__all__ = ["rank", "review_copy"]
