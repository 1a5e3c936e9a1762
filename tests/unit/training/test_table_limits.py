"""A table made to fill the memory or the afternoon is refused before it is read."""

from __future__ import annotations

import json
import zipfile

import pytest

from lib_adcopy.errors import AdCopyError
from lib_adcopy.training import json_rows, limits, rows, sheet, text_file, workbook_limits
from lib_adcopy.training.data import read_data
from lib_adcopy.training.rows import read_rows

ROW = '<row r="{0}"><c r="{1}{0}" t="inlineStr"><is><t>x</t></is></c></row>'


@pytest.fixture
def workbook(tmp_path):
    """A function that writes a workbook with changed parts, name -> text or a function of the old text."""
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (("brief", "copy"), ("杯子", "很轻"), ("盘子", "很大")):
        book.active.append(row)
    book.save(tmp_path / "plain.xlsx")

    def changed(**parts):
        file = tmp_path / "changed.xlsx"
        with zipfile.ZipFile(tmp_path / "plain.xlsx") as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                text = old.read(name).decode("utf-8")
                change = next((parts[key] for key in parts if name.endswith(f"/{key}.xml")), None)
                new.writestr(name, text if change is None else change(text))
            for key, added in parts.items():
                if key.startswith("more_"):
                    new.writestr(key, added)
        return file

    return changed


def with_rows(written):
    return lambda text: text.replace("</sheetData>", f"{written}</sheetData>")


def refused(file):
    with pytest.raises(AdCopyError) as raised:
        list(read_rows(file))
    return raised.value.code == "training.too_large"


@pytest.mark.parametrize(
    "cell",
    [
        ROW.format(30_000_000, "A"),
        ROW.format("9" * 30, "A"),
        ROW.format(4, "ZZZ"),
        ROW.format(4, "AAAAAAAAAAAAAAA"),
        '<row r="4">' + '<c r="ALL4"/>' + "<c/>" * 2 + "</row>",
        "".join(ROW.format(4 + at, "ALL") for at in range(5_100)),
    ],
    ids=["a far row", "no row's number", "a far column", "no column's name", "columns without names", "many wide rows"],
)
def test_cells_beyond_a_spreadsheet_are_not_filled_up_to(workbook, cell, monkeypatch):
    monkeypatch.setattr(sheet, "_filled", None)
    assert refused(workbook(sheet1=with_rows(cell)))


def test_a_workbook_with_gaps_inside_the_limits_is_read(workbook):
    file = workbook(sheet1=with_rows(ROW.format(70_000, "AZ")))
    assert [line for line, _ in sheet.read_sheet(file)] == [1, 2, 3, 70_000]


@pytest.mark.parametrize("part", ["sheet1", "styles", "workbook"])
def test_a_part_of_too_many_elements_or_too_deep_is_refused(workbook, part, monkeypatch):
    monkeypatch.setattr(workbook_limits, "_ELEMENTS", 5_000)
    end = {"sheet1": "</sheetData>", "styles": "</styleSheet>", "workbook": "</workbook>"}[part]
    assert refused(workbook(**{part: lambda text: text.replace(end, "<a/>" * 5_000 + end)}))
    deep = "<a>" * 200 + "</a>" * 200
    assert refused(workbook(**{part: lambda text: text.replace(end, deep + end)}))


def test_entities_that_swell_are_refused(workbook):
    entities = "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 10))
    doctype = f'<!DOCTYPE a [<!ENTITY a0 "x">{entities}]>'
    with pytest.raises(sheet.DamagedError, match="document type"):
        sheet.read_sheet(workbook(styles=lambda text: doctype + text.partition("?>")[2]))


def test_a_tree_larger_than_any_spreadsheet_writes_is_refused_and_a_large_picture_is_not(workbook, monkeypatch):
    monkeypatch.setattr(workbook_limits, "_TREE_BYTES", 100_000)
    assert refused(workbook(styles=lambda text: text.replace("</styleSheet>", " " * 100_000 + "</styleSheet>")))
    assert len(sheet.read_sheet(workbook(more_picture=b"\x89PNG" + b"x" * 200_000))) == 3


def test_parts_that_unpack_to_more_than_the_limit_are_refused_unread(workbook, monkeypatch):
    monkeypatch.setattr(workbook_limits, "FILE_BYTES", 1_000_000)
    monkeypatch.setattr(workbook_limits._Scan, "read", None)
    file = workbook(more_nothing=b" " * 1_000_001)
    assert file.stat().st_size < 20_000
    assert refused(file)


def test_one_long_text_in_many_cells_is_counted_each_time(workbook, monkeypatch):
    monkeypatch.setattr(sheet, "ALL_CHARACTERS", 1_000)
    cell = f'<c t="inlineStr"><is><t>{"x" * 300}</t></is></c>'
    assert refused(workbook(sheet1=with_rows(f'<row r="4">{cell * 4}</row>')))


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl", "a.json", "a.xlsx"])
def test_a_file_of_more_bytes_than_the_limit_is_not_opened(tmp_path, monkeypatch, name):
    monkeypatch.setattr(text_file, "FILE_BYTES", 10)
    monkeypatch.setattr(workbook_limits, "FILE_BYTES", 10)
    (tmp_path / name).write_text("x" * 11)
    pytest.importorskip("openpyxl")
    assert refused(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.csv", "brief,copy\n" + "," * 101),
        ("a.csv", "brief,copy\n" + "\n" * 101),
        ("a.csv", "x," * 60 + "x\n"),
        ("a.jsonl", "\n" * 101 + "x"),
        ("a.jsonl", "1\n" * 60),
        ("a.json", "[" + "[]," * 60 + "1]"),
        ("a.json", "[" + "1," * 120 + "1]"),
    ],
    ids=lambda value: value[:20] if len(value) > 10 else value,
)
def test_a_text_of_nothing_but_separators_is_refused(tmp_path, monkeypatch, name, text):
    for limit, value in (("LINES", 100), ("ROWS", 50), ("COLUMNS", 50), ("JSON_VALUES", 50)):
        for module in (rows, json_rows, text_file):
            monkeypatch.setattr(module, limit, value, raising=False)
    (tmp_path / name).write_text(text)
    assert refused(tmp_path / name)


@pytest.mark.parametrize(
    "value", ["[" * 100_000, '{"a":' * 100_000, "9" * 10_000, '"\\ud800"', "1e999", "[" * 900 + "]" * 900]
)
def test_a_broken_line_costs_itself_only(tmp_path, value):
    good = [json.dumps({"content": f"杯子{at}", "summary": "很轻"}, ensure_ascii=False) for at in range(2)]
    broken = f'{{"content": "碗", "summary": {value}}}'
    (tmp_path / "a.jsonl").write_text("\n".join([good[0], broken, value, good[1]]), encoding="utf-8")
    data = read_data(tmp_path / "a.jsonl")
    assert [example.query for example in data.examples if example.line != 2] == ["杯子0", "杯子1"]
    assert data.digest


def test_a_line_longer_than_any_row_is_named_and_not_parsed(tmp_path, monkeypatch):
    monkeypatch.setattr(json_rows, "LINE_CHARACTERS", 100)
    good = [json.dumps({"content": f"杯子{at}", "summary": "很轻"}, ensure_ascii=False) for at in range(2)]
    (tmp_path / "a.jsonl").write_text("\n".join([*good, '{"content":"' + "x" * 100]), encoding="utf-8")
    [issue] = read_data(tmp_path / "a.jsonl").issues
    assert (issue.line, issue.reason.key) == (3, "training.row.too_long")


def test_the_limits_leave_room_for_the_largest_set_of_ads_there_is():
    """AdvertiseGen has 114,599 rows of 53 MB, the general sets beside it a million rows."""
    assert limits.FILE_BYTES > 4 * 53 * 2**20 and limits.ROWS > 1_000_000
