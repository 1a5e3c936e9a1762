"""Any bytes in a table's place: its examples, or one sentence that says what to do."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib_adcopy.errors import AdCopyError
from lib_adcopy.training.data import overview, read_data

quickly = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
cells = st.text(max_size=10) | st.sampled_from(["content", "summary", "杯子", "很轻", '"', ",", "\0", "\ud800"])
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | cells,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(cells, inner, max_size=3),
    max_leaves=5,
)
rows = st.lists(st.dictionaries(st.sampled_from(["content", "summary", "input"]), values) | values, max_size=5)
GOOD = [{"content": f"杯子{at}", "summary": "很轻"} for at in range(2)]


def check(file):
    """Read a file; nothing but AdCopyError may come, and what is read can be counted and hashed."""
    try:
        data = read_data(file)
    except AdCopyError as error:
        assert error.code.startswith("training.") and error.message.text("zh")
    else:
        assert data.digest and overview(data).pairs == len(data.examples) >= 2


@quickly
@given(st.binary(max_size=200), st.sampled_from(["a.csv", "a.json", "a.jsonl", "a.xlsx", "a.txt"]))
def test_any_bytes(tmp_path, content, name):
    (tmp_path / name).write_bytes(content)
    check(tmp_path / name)


@quickly
@given(rows, st.booleans())
def test_any_json(tmp_path, stored, as_list):
    stored = [*stored, *GOOD]
    text = json.dumps(stored) if as_list else "\n".join(map(json.dumps, stored))
    (tmp_path / "a.json").write_text(text, encoding="utf-8")
    check(tmp_path / "a.json")


@quickly
@given(st.lists(st.lists(cells, max_size=4), max_size=5), st.sampled_from([",", ";", "\t"]), st.booleans())
def test_any_csv(tmp_path, table, separator, quoted):
    held = io.StringIO()
    table = [["content", "summary"], *table]
    if quoted:
        csv.writer(held, delimiter=separator, escapechar="\\").writerows(table)
    else:
        held.write("\n".join(map(separator.join, table)))
    (tmp_path / "a.csv").write_bytes(held.getvalue().encode("utf-8", "surrogatepass"))
    check(tmp_path / "a.csv")


@pytest.fixture(scope="module")
def workbook(tmp_path_factory):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (("content", "summary"), *(tuple(row.values()) for row in GOOD)):
        book.active.append(row)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


@quickly
@given(st.data())
def test_a_changed_workbook(tmp_path, workbook, data):
    content = bytearray(workbook)
    for at, value in data.draw(st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), max_size=5)):
        content[at] = value
    (tmp_path / "a.xlsx").write_bytes(bytes(content))
    check(tmp_path / "a.xlsx")


PARTS = [
    "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "xl/worksheets/sheet1.xml"
]  # fmt: skip
pieces = st.sampled_from(
    ['r="1"', 'r="A1"', 'r="ZZZZ9"', "<c/>", "</row>", "<row>", "<row r='2'/>", '"', "<", "&#0;", "&b;", "-1",
     "s='99'", "<v>1e999</v>", "t='s'", "t='d'", "<!DOCTYPE a>", "xmlns=''", "inlineStr"]
)  # fmt: skip


@quickly
@given(st.sampled_from(PARTS), st.floats(0, 1), pieces, st.integers(0, 30))
def test_a_changed_part_of_a_workbook(tmp_path, workbook, part, where, added, left_out):
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as new:
        for name in old.namelist():
            text = old.read(name).decode("utf-8")
            at = round(where * len(text))
            new.writestr(name, text[:at] + added + text[at + left_out :] if name == part else text)
    check(tmp_path / "a.xlsx")
