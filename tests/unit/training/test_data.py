"""The seller's file: read whatever it is, every row that is left out named by its line."""

from __future__ import annotations

import json

import pytest

from lib_adcopy.errors import AdCopyError
from lib_adcopy.training.data import mixed, overview, read_data

ROWS = [("类型#裙*风格#文艺", "文艺的裙子。"), ("类型#裤*版型#宽松", "宽松的裤子。"), ("产品#杯子", "好用的杯子。")]


def lines(rows, names=("content", "summary")):
    return "\n".join(json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) for row in rows)


def write(folder, text, name="data.jsonl", encoding="utf-8"):
    file = folder / name
    file.write_bytes(text.encode(encoding))
    return file


def pairs(data):
    return [(example.query, example.answer) for example in data.examples]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_lines_of_json_are_read_in_the_encodings_sellers_have(tmp_path, encoding):
    assert pairs(read_data(write(tmp_path, lines(ROWS), encoding=encoding))) == ROWS


def test_a_gbk_table_with_chinese_headings_is_read(tmp_path):
    text = "序号,商品信息,文案\n" + "".join(f'{at},{query},"{copy}"\n' for at, (query, copy) in enumerate(ROWS))
    assert pairs(read_data(write(tmp_path, text, "data.csv", "gbk"))) == ROWS


@pytest.mark.parametrize("mark", [";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_table_is_read_however_a_spreadsheet_separates_its_cells(tmp_path, mark, encoding):
    text = "\n".join(mark.join(cells) for cells in (("商品信息", "文案"), *ROWS))
    assert pairs(read_data(write(tmp_path, text, "data.csv", encoding))) == ROWS
    # A comma in the heading is what separates, whatever else stands in the texts.
    text = "\n".join(",".join(cells) for cells in (("商品信息", "文案"), ("a;b", "c\td"), ("e", "f")))
    assert pairs(read_data(write(tmp_path, text, "data.csv", encoding))) == [("a;b", "c\td"), ("e", "f")]


def test_a_workbook_is_read(tmp_path):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in [("brief", "copy"), *ROWS]:
        book.active.append(row)
    book.save(tmp_path / "data.xlsx")
    data = read_data(tmp_path / "data.xlsx")
    assert pairs(data) == ROWS
    assert [example.line for example in data.examples] == [2, 3, 4]


def test_every_bad_row_is_named_by_its_line(tmp_path):
    long = json.dumps({"content": "类型#裙", "summary": "好" * 100_000}, ensure_ascii=False)
    text = "\n".join(
        [lines(ROWS[:1]), "no json", "", lines([("", "x")]), lines([("x", " ")]), "[1]", long, lines(ROWS)]
    )
    data = read_data(write(tmp_path, text))
    assert pairs(data) == ROWS
    assert [(found.line, found.reason.key.rpartition(".")[2]) for found in data.issues] == [
        (2, "not_json"), (4, "no_brief"), (5, "no_copy"), (6, "not_json"), (7, "too_long"), (8, "duplicate"),
    ]  # fmt: skip
    assert overview(data).left_out == 6


def test_a_copy_the_law_forbids_is_kept_and_pointed_out(tmp_path):
    data = read_data(write(tmp_path, lines([*ROWS, ("产品#茶", "国家级好茶。")])))
    assert len(data.examples) == 4
    assert [(found.line, found.is_kept) for found in data.issues] == [(4, True)]
    assert "国家级" in data.issues[0].reason.text("zh")
    assert overview(data).banned == 1


def test_one_huge_cell_costs_its_own_row_only(tmp_path):
    """A pasted page is longer than what csv reads of a cell by itself."""
    text = "content,summary\n" + "".join(f"{query},{copy}\n" for query, copy in [*ROWS, ("产品#杯子", "x" * 200_000)])
    data = read_data(write(tmp_path, text, "data.csv"))
    assert pairs(data) == ROWS
    assert [(found.line, found.reason.key) for found in data.issues] == [(5, "training.row.too_long")]


def test_a_text_with_a_bare_comma_is_named_and_not_cut_short(tmp_path):
    text = 'content,summary\n杯子,很轻,很好用\n盘子,"很大,很圆"\n碗,很深,\n'
    data = read_data(write(tmp_path, text, "data.csv"))
    assert pairs(data) == [("盘子", "很大,很圆"), ("碗", "很深")]
    assert [(found.line, found.reason.key) for found in data.issues] == [(2, "training.row.too_many_cells")]


def test_a_json_list_is_read_and_its_rows_are_counted(tmp_path):
    rows = [{"content": query, "summary": copy} for query, copy in ROWS] + [7]
    data = read_data(write(tmp_path, json.dumps(rows, ensure_ascii=False, indent=1), "data.json"))
    assert pairs(data) == ROWS
    assert [(found.line, found.reason.key) for found in data.issues] == [(4, "training.row.not_json")]


def test_general_pairs_are_read_in_the_form_they_are_published_in(tmp_path):
    names = ("instruction", "input", "output")
    text = lines([("写一首诗", "", "春眠"), ("翻译", "你好", "hello")], names)
    assert pairs(read_data(write(tmp_path, text))) == [("写一首诗", "春眠"), ("翻译\n你好", "hello")]


@pytest.mark.parametrize(
    ("text", "name", "code"),
    [
        ("", "a.jsonl", "empty"),
        (" \n\n", "a.csv", "empty"),
        (lines([("a", "b"), ("c", "d")], ("left", "right")), "a.jsonl", "columns"),
        ("left,right\na,b\n", "a.csv", "columns"),
        (lines(ROWS[:1]), "a.jsonl", "too_short"),
        (lines([*ROWS[:1], ("x", "")]), "a.jsonl", "too_few"),
        ("content,summary\n", "a.csv", "too_short"),
        ("no table at all", "a.xlsx", "unreadable"),
    ],
)
def test_a_useless_file_says_what_to_do(tmp_path, text, name, code):
    with pytest.raises(AdCopyError) as raised:
        read_data(write(tmp_path, text, name))
    assert raised.value.code == f"training.{code}"
    assert name in str(raised.value)


def test_bytes_of_no_encoding_and_a_missing_file_are_refused(tmp_path):
    (tmp_path / "a.jsonl").write_bytes(b"\xff\xff\xff\xff")
    with pytest.raises(AdCopyError, match="UTF-8"):
        read_data(tmp_path / "a.jsonl")
    with pytest.raises(AdCopyError, match="no file"):
        read_data(tmp_path / "b.jsonl")


def test_the_split_is_fixed_and_keeps_a_briefs_copies_together(tmp_path):
    rows = [(f"产品#{at}", f"文案{copy}") for at in range(20) for copy in range(2)]
    data = read_data(write(tmp_path, lines(rows)))
    taught, held = data.split(0.25, seed=1)
    assert (taught, held) == data.split(0.25, seed=1)
    assert len(held) == 10
    assert len(taught) == 30
    assert not {example.query for example in taught} & {example.query for example in held}


def test_the_overview_counts_what_the_copies_say(tmp_path):
    seen = overview(read_data(write(tmp_path, lines([*ROWS, ("类型#裙*颜色#红色", "好" * 60)]))))
    assert seen.pairs == 4
    assert seen.lengths == {0: 3, 50: 1}
    assert 0 < seen.coverage < 1


def test_the_coverage_is_that_of_briefs_in_words_too(tmp_path):
    seen = overview(read_data(write(tmp_path, lines([("红色连衣裙，圆领", "不错。"), ("保温杯，316内胆", "好用。")]))))
    assert seen.coverage == 0


def test_general_pairs_take_their_share(tmp_path):
    own = read_data(write(tmp_path, lines([(f"a{at}", "x") for at in range(30)]))).examples
    general = read_data(write(tmp_path, lines([(f"b{at}", "x") for at in range(30)]))).examples
    together = mixed(own, general, 0.25, seed=0)
    assert sum(example.query.startswith("b") for example in together) == 10
    assert {example.query for example in own} <= {example.query for example in together}


def test_a_brief_without_words_or_longer_than_any_stops_no_overview(tmp_path):
    odd = [("<b>…</b>", "好用。"), ("！！！", "好用。"), ("红色连衣裙，" * 500, "红色连衣裙。")]
    assert overview(read_data(write(tmp_path, lines([*ROWS, *odd])))).pairs == 6
