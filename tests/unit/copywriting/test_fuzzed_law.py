"""Any text is checked, every finding stands where it says, and the law's own files hold what the rules read."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from lib_adcopy.copywriting.law import apply_suggestion, check_text, rules
from lib_adcopy.copywriting.law.check import LEVELS
from lib_adcopy.copywriting.vocabulary import DATA, load

parts = st.sampled_from(
    ["最", "第1", "国家级", "全網", "zui", "➕", "❤", "治\u200b疗", "失眠", "7天", "变白", "，", "。", "\n", " ", "不",
     "没有", "数据来源", "＠", "①", "100%", "no.1", "\ud800", "\U0001f468\u200d\U0001f469", "ﷺ", "İ", "ß"]
)  # fmt: skip


@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@given(st.lists(parts | st.text(max_size=4), max_size=12).map("".join))
def test_every_finding_stands_where_it_says(text):
    end = 0
    for finding in check_text(text):
        assert end <= finding.start < finding.end <= len(text)
        assert text[finding.start : finding.end] == finding.term
        assert finding.level in LEVELS
        changed = apply_suggestion(text, finding)
        assert changed == text[: finding.start] + finding.replacement + text[finding.end :]
        end = finding.end


def test_the_laws_files_hold_what_the_rules_read():
    names = load("law/names.json")
    used = set()
    for name in rules.FILES:
        for group in load(f"law/{name}.json"):
            assert set(group) >= {"category", "level", "law", "suggestion", "terms", "patterns"}, group.get("category")
            used |= set(re.findall(r"\{([a-z_]+)\}", " ".join(group["patterns"])))
    assert used <= set(names)
    files = {file.stem for file in (DATA / "law").glob("*.json")}
    assert files >= {*rules.FILES, "names", "exemptions", "replacements"}


def test_a_word_of_the_vocabulary_has_one_spelling_and_a_meaning():
    values = load("vocabulary.json")
    for name, meanings in load("synonyms.json").items():
        assert set(meanings.values()) <= set(values[name]), name
    for name, found in values.items():
        assert all(isinstance(value, str) and value.strip() == value and value for value in found), name
