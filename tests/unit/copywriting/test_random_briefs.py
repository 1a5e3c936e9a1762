"""Briefs of anything a keyboard, a browser or another program can put in the box pass every stage without an error."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib_adcopy.copywriting.brief import parse_brief
from tests import mixed_briefs

_PIECES = [piece for kind in mixed_briefs.KINDS for piece in kind]
# Seeds that once raised an error, and some that did not.
_SEEDS = (426, 1098, *range(30))


@settings(max_examples=60, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(_PIECES) | st.text(max_size=6), max_size=8).map("".join), st.integers(0, 10))
def test_any_text_passes_every_stage(text, seed):
    mixed_briefs.run_stages(text, {}, seed)


@pytest.mark.parametrize("seed", _SEEDS)
def test_mixed_pieces_pass_every_stage(seed):
    generator = random.Random(seed)
    text = mixed_briefs.random_brief(generator)
    mixed_briefs.run_stages(text, mixed_briefs.random_settings(generator, text), seed)


def test_hundreds_of_blanks_between_optional_words_cost_no_more_than_their_length():
    """Each pattern goes over a run of blanks a bounded number of times; ten thousand took hours."""
    brief = parse_brief("保温杯" + " " * 3_000 + "500ml 39元" + "\u200b" * 900)
    assert [fact.kind for fact in brief.facts] == ["name", "capacity", "price"]
