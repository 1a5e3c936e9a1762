"""Workbooks as sellers have them: gaps, several sheets, rich text, and files that are none."""

from __future__ import annotations

import sys
import zipfile

import pytest

from lib_adcopy.errors import AdCopyError
from lib_adcopy.training.data import read_data
from lib_adcopy.training.sheet import DamagedError, read_sheet

openpyxl = pytest.importorskip("openpyxl")
NAMESPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OVERRIDE = (
    '<Override PartName="/xl/sharedStrings.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
)


def saved(folder, *rows, name="data.xlsx", first=None):
    book = openpyxl.Workbook()
    sheet = book.active
    if first is not None:
        sheet = book.create_sheet("数据")
    for row in rows:
        sheet.append(row)
    book.save(folder / name)
    return folder / name


def test_cells_stand_under_their_columns_whatever_is_empty_between(tmp_path):
    file = saved(tmp_path, ("序号", "brief", "copy"), (1, None, "好<用>&\n轻"), (None, None, None), (2.5, "杯", True))
    assert read_sheet(file) == [
        (1, ["序号", "brief", "copy"]), (2, ["1", "", "好<用>&\n轻"]), (4, ["2.5", "杯", "TRUE"]),
    ]  # fmt: skip


def test_the_first_sheet_with_anything_in_it_is_read(tmp_path):
    file = saved(tmp_path, ("brief", "copy"), ("杯子", "很轻"), ("盘子", "很大"), ("碗", None), first="empty")
    data = read_data(file)
    assert [(one.query, one.answer, one.line) for one in data.examples] == [("杯子", "很轻", 2), ("盘子", "很大", 3)]
    assert [(found.line, found.reason.key) for found in data.issues] == [(4, "training.row.no_copy")]


def test_without_openpyxl_one_sentence_says_what_to_do(tmp_path, monkeypatch):
    file = saved(tmp_path, ("brief", "copy"), ("杯子", "很轻"))
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(AdCopyError, match="save the table as CSV"):
        read_data(file)


def shared_strings(file, strings, name="shared.xlsx"):
    """The workbook as spreadsheets save it: the text of A2 among the shared strings, `strings` their whole file."""
    changed = file.with_name(name)
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(changed, "w") as new:
        for part in old.namelist():
            text = old.read(part)
            if part == "xl/worksheets/sheet1.xml":
                cell = b'<c r="A2" t="inlineStr"><is><t>x</t></is></c>'
                assert cell in text
                text = text.replace(cell, b'<c r="A2" t="s"><v>0</v></c>')
            if part == "[Content_Types].xml":
                text = text.replace(b"</Types>", OVERRIDE.encode() + b"</Types>")
            new.writestr(part, text)
        new.writestr("xl/sharedStrings.xml", strings)
    return changed


def test_rich_text_is_put_together_and_its_reading_is_not(tmp_path):
    rich = "<si><r><t>杯</t></r><r><t>子_x000D_</t></r><rPh sb='0' eb='1'><t>bei</t></rPh></si>"
    strings = f"<sst xmlns='{NAMESPACE}'>{rich}</sst>".encode()
    file = shared_strings(saved(tmp_path, ("brief", "copy"), ("x", "y")), strings)
    assert read_sheet(file)[1] == (2, ["杯子\r", "y"])


MULTIPLYING = b"<!DOCTYPE a [<!ENTITY b 'c'>]><sst><si><t>&b;</t></si></sst>"


@pytest.mark.parametrize("strings", [b"", b"<a", b"<sst/>", MULTIPLYING])
def test_damaged_strings_are_told(tmp_path, strings):
    file = shared_strings(saved(tmp_path, ("brief", "copy"), ("x", "y")), strings)
    with pytest.raises(DamagedError):
        read_sheet(file)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml"])
@pytest.mark.parametrize("content", [b"", b"<a"])
def test_a_damaged_workbook_is_told_as_one(tmp_path, part, content):
    file = saved(tmp_path, ("brief", "copy"), ("x", "y"))
    changed = tmp_path / "damaged.xlsx"
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    with pytest.raises(DamagedError):
        read_sheet(changed)
    with pytest.raises(AdCopyError, match="cannot be read"):
        read_data(changed)
