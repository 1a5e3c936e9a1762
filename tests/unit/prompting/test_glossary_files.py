"""The glossary's files are plain CSV without duplicates, and English comes out."""

from __future__ import annotations

import csv

from lib_adcopy.prompting.glossary import DATA, KINDS


def rows(name):
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_no_word_stands_twice():
    seen = [(row["zh"], row["kind"] == "scene", row["category"]) for row in rows("glossary.csv")]
    assert len(seen) == len(set(seen))
    attributes = [(row["name"], row["zh"]) for row in rows("attributes.csv")]
    assert len(attributes) == len(set(attributes))


def test_what_comes_out_is_english():
    for row in rows("glossary.csv"):
        assert row["en"].isascii() and row["kind"] in KINDS
        assert bool(row["en"]) == (row["kind"] != "unseen"), row
    assert all(row["en"] and row["en"].isascii() for row in rows("attributes.csv"))
