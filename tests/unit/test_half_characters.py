"""Half an emoji, as browsers and JSON can send it, is gone before anything reads the text, wherever it comes in."""

from __future__ import annotations

import io
import json
import sys

import pytest

from lib_adcopy import cli
from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.copywriting.writers.template import composed
from lib_adcopy.creative.brand import read_brand
from lib_adcopy.domain.characters import whole_characters
from lib_adcopy.prompting.styles.style import load_styles
from lib_adcopy.training.data import read_data

HALF, OTHER = "\ud83d", "\ude00"


def test_halves_go_and_two_that_belong_together_are_joined():
    assert whole_characters(f"a{HALF}b{OTHER}c{HALF}{OTHER}😀") == "abc😀😀"
    assert whole_characters({f"a{HALF}": [f"b{HALF}", (f"c{OTHER}", 1, None)]}) == {"a": ["b", ("c", 1, None)]}
    same = object()
    assert whole_characters(same) is same


def test_a_brief_and_its_settings_are_whole_for_the_writer():
    brief = parse_brief(f"红色连衣裙{HALF}", audience=f"白领{HALF}", brand_words=(f"云上{OTHER}",), avoid_words=(HALF,))
    assert (brief.audience, brief.brand_words) == ("白领", ("云上",))
    composed(brief, 0).text.encode("utf-8")


def test_what_the_tab_is_given_is_whole():
    guard = pytest.importorskip("lib_adcopy.ui.guard")
    seen = []
    handler = guard.Guard(None, "zh")(lambda *values: seen.append(values))
    handler(None, f"裙{HALF}", [f"红{OTHER}"], 3)
    assert seen == [("裙", ["红"], 3)]


def test_the_command_line_writes_and_prints_it_without(capsys):
    assert cli.main(["facts", f"红色连衣裙{HALF}", "--audience", f"白领{OTHER}", "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)["facts"]
    assert [fact["text"] for fact in facts] == ["红色", "连衣裙"]


def test_files_may_spell_it(tmp_path):
    (tmp_path / "brand.json").write_text('{"name": "云\\ud83d上", "slogan": "\\ude00"}', encoding="utf-8")
    kit = read_brand(tmp_path)
    assert (kit.name, kit.slogan) == ("云上", "")
    (tmp_path / "own.json").write_text('{"titles": {"zh": "我\\ud83d的"}, "positive": "soft light"}', encoding="utf-8")
    assert load_styles(tmp_path)["own"].titles["zh"] == "我的"
    row = '{"content": "红裙\\ud83d", "summary": "好看\\ude00。"}\n'
    (tmp_path / "a.jsonl").write_text(row + row.replace("红", "蓝"), encoding="utf-8")
    assert read_data(tmp_path / "a.jsonl").examples[0].query == "红裙"


@pytest.mark.parametrize("encoding", ["cp936", "ascii", "utf-8", "utf-16-le"])
def test_an_answer_is_printed_on_a_console_that_lacks_its_characters(monkeypatch, encoding):
    held = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(held, encoding=encoding, write_through=True))
    assert cli.main(["check", "国家级好茶😀", "--json"]) == 0
    assert json.loads(held.getvalue().decode(encoding))["findings"][0]["term"] == "国家级"
    held.truncate(0)
    assert cli.main(["check", "国家级好茶😀"]) == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_piped_text_is_read_in_the_encodings_consoles_have(monkeypatch, capsys, encoding):
    raw = io.BytesIO("国家级\r\n好茶".encode(encoding))
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(raw, encoding="ascii"))
    assert cli.main(["check", "-", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["findings"][0]["term"] == "国家级"
