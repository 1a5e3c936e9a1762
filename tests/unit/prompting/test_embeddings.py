from __future__ import annotations

import pytest

from lib_adcopy.prompting.embeddings import EmbeddingUse, embeddings_in, with_embedding

INSTALLED = ("EasyNegative", "EasyNegativeV2", "badhandv4")


def test_those_in_a_prompt_are_found_with_their_weights():
    found = embeddings_in("badhandv4, (EasyNegativeV2:1.2), text", INSTALLED)
    assert found == (EmbeddingUse("badhandv4"), EmbeddingUse("EasyNegativeV2", 1.2))


@pytest.mark.parametrize(
    ("text", "weight", "after"),
    [
        ("", 1, "EasyNegative"),
        ("text", 1, "text, EasyNegative"),
        ("text, ", 1.25, "text, (EasyNegative:1.25)"),
        ("EasyNegative, text", 0, "text"),
        ("text, (EasyNegative:1.2), blurry", 0, "text, blurry"),
        ("text, (EasyNegative:1.2)", 1, "text, EasyNegative"),
        ("EasyNegativeV2", 0.8, "EasyNegativeV2, (EasyNegative:0.8)"),
        ("easynegative", 9, "(EasyNegative:2)"),
    ],
)
def test_one_is_added_changed_and_taken_out(text, weight, after):
    assert with_embedding(text, "EasyNegative", weight) == after
