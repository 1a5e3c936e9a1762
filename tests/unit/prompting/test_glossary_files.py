"""The glossary's files are plain CSV without duplicates, and English comes out; the user's own never breaks it."""

from __future__ import annotations

import csv
import re

from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.copywriting.reading import lexicon
from lib_adcopy.domain.brief import CATEGORIES
from lib_adcopy.domain.facts import FACT_KINDS
from lib_adcopy.domain.prompt import Networks
from lib_adcopy.prompting.derive import derive_prompt
from lib_adcopy.prompting.glossary.glossary import COUNTS, FOLDER, KINDS, PLACES, load_glossary
from lib_adcopy.prompting.styles.style import load_styles

FILES = sorted(lexicon.FOLDER.glob("*.csv"))
HEAD = ["zh", "en", "kind", "count"]


def rows(file):
    with file.open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def words():
    return [row for file in FILES for row in rows(file)]


def test_there_are_words_enough():
    assert len({row["zh"] for row in words() if row["en"]}) >= 2500
    assert len(rows(FOLDER / "attributes.csv")) >= 413


def test_no_word_stands_twice():
    seen = [(row["zh"].lower(), row["kind"] == "head") for row in words()]
    assert len(seen) == len(set(seen)), {word for word in seen if seen.count(word) > 1}
    attributes = [(row["name"], row["zh"]) for row in rows(FOLDER / "attributes.csv")]
    assert len(attributes) == len(set(attributes))


def test_what_comes_out_is_english():
    plain = re.compile(r"[A-Za-z0-9][A-Za-z0-9 '&.,-]*")
    for row in words():
        assert list(row)[:4] == HEAD and row["kind"] in KINDS and row["count"] in COUNTS, row
        assert (row["en"] == "") == (row["kind"] == "unseen"), row
        assert not row["en"] or plain.fullmatch(row["en"]), row
    for row in rows(FOLDER / "attributes.csv"):
        assert plain.fullmatch(row["en"]) and row["place"] in PLACES, row


def test_every_column_is_known_and_holds_known_words():
    for file in FILES:
        for row in rows(file):
            more = set(row) - set(HEAD)
            assert more <= {"fact", "category"}, file.name
            assert row.get("fact", "") in ("", *FACT_KINDS) and row.get("category", "") in ("", *CATEGORIES), row
    assert {term.category for term in lexicon.terms().values() if term.is_product} <= set(CATEGORIES)


def test_what_goes_in_is_chinese_or_what_sellers_write_in_its_place():
    for row in words():
        assert row["zh"] == row["zh"].strip() and not re.search(r"[\s,，;；]", row["zh"]), row


def with_words(tmp_path, text, brief="马克杯，龘靐"):
    mine = tmp_path / "words.csv"
    mine.write_text(text, encoding="utf-8-sig")
    return derive_prompt(parse_brief(brief), None, load_styles()["classic"], Networks(), user_glossary=mine)


def test_the_users_own_words_come_on_top(tmp_path):
    prompt = with_words(tmp_path, "zh,en,kind,count\n龘靐,thunder pattern,detail,\n马克杯,travel mug,product,\n")
    assert prompt.positive.startswith("a single travel mug, thunder pattern")


def test_a_users_file_of_the_first_version_still_reads(tmp_path):
    prompt = with_words(tmp_path, "zh,en,category,kind\n龘靐,on the moon,,scene\n")
    assert "on the moon" in prompt.scene


def test_a_mistake_in_the_users_file_is_named_by_its_line_and_spoils_no_other(tmp_path):
    text = (
        "zh,en,kind,count\n龘靐,thunder pattern,detail,\n鱻,,product,\n麤,中文,detail,\n犇,ox,animal,\n"
        "羴,x<lora:y:1>,detail,\n龘靐,again,detail,\n,lonely,detail,\n骉,horses,detail,many\n"
    )
    prompt = with_words(tmp_path, text)
    assert "thunder pattern" in prompt.positive
    told = {(note.key.rpartition("_")[2], note.params["line"]) for note in prompt.notes if "line" in note.params}
    assert told == {("en", 3), ("en", 4), ("kind", 5), ("en", 6), ("twice", 7), ("zh", 8), ("count", 9)}
    assert all("words.csv" in note.text("zh") for note in prompt.notes if "line" in note.params)


def test_a_file_that_is_no_csv_is_named_and_the_glossary_works(tmp_path):
    for content in (b"\xff\xfe\x00\x01", b"no head\n1,2\n", "词,英文\n杯,cup\n".encode("gbk")):
        mine = tmp_path / "words.csv"
        mine.write_bytes(content)
        glossary = load_glossary(mine)
        assert len(glossary.problems) == 1 and glossary.split("马克杯")[0].term.en == "mug"
