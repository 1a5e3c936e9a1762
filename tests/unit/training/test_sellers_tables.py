"""Tables as sellers and other programs make them: their own headings, titles, notes, merged cells and odd values."""

from __future__ import annotations

import json

import pytest

from lib_adcopy.errors import AdCopyError
from lib_adcopy.training.data import read_data
from lib_adcopy.training.headings import find_columns
from tests.shared_data import SHARED

ROWS = [("类型#裙*风格#文艺", "文艺的裙子。"), ("类型#裤*版型#宽松", "宽松的裤子。"), ("产品#杯子", "好用的杯子。")]
CASES = SHARED / "cases" / "data"


def write(folder, text, name="data.csv", encoding="utf-8"):
    file = folder / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
    return file


def csv_of(*rows):
    return "".join(",".join(row) + "\n" for row in rows)


def pairs(file, **options):
    return [(example.query, example.answer) for example in read_data(file, **options).examples]


def reasons(file, **options):
    return [(issue.line, issue.reason.key.rpartition(".")[2]) for issue in read_data(file, **options).issues]


@pytest.mark.parametrize(
    "names",
    [
        ("产品", "推广文案"), ("商品标题", "商品描述"), ("关键词", "文案内容"), ("商品属性", "广告语"),
        ("产品描述", "广告词"), ("产品参数(选填)", "带货话术"),
        ("商品信息（必填）", "广告文案（必填）"), ("商品 信息", "广告 文案"), ("产品卖点：", "小红书文案"),
        ("*宝贝名称", "种草笔记"),
        ("Product Description", "Ad Copy"), ("context", "target"), ("Q", "A"), ("品名", "宣传语"),
    ],
)  # fmt: skip
def test_headings_are_known_as_sellers_write_them(tmp_path, names):
    assert pairs(write(tmp_path, csv_of(names, *ROWS))) == ROWS


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["序号", "商品标题", "商品描述", "广告词"], ("商品描述", "广告词")),
        (["文案", "商品"], ("商品", "文案")),
        (["content", "卖点", "summary", "文案"], ("content", "summary")),
        (["商品描述"], None),
        (["姓名", "电话"], None),
        ([], None),
    ],
)
def test_the_best_pair_of_columns_is_taken(names, found):
    assert find_columns(names) == found


def test_a_title_and_a_date_above_the_headings_are_no_row(tmp_path):
    file = write(tmp_path, csv_of(("春季女装文案", ""), ("", "2024-03-01"), ("商品", "文案"), *ROWS))
    assert pairs(file) == ROWS
    assert read_data(file).examples[0].line == 4


@pytest.mark.parametrize("name", ["a.csv", "a.tsv", "a.txt"])
@pytest.mark.parametrize("mark", ["\t", ";", "，"])
def test_cells_are_told_apart_by_what_separates_the_headings(tmp_path, name, mark):
    text = "\n".join(mark.join(row) for row in (("商品", "文案"), *ROWS))
    assert pairs(write(tmp_path, text, name)) == ROWS
    assert pairs(write(tmp_path, f"sep={mark}\n{text}", name)) == ROWS


def objects(names=("content", "summary")):
    return [dict(zip(names, row, strict=True)) for row in ROWS]


def lines(*rows):
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)


def turns(names, speakers, key):
    return lines(
        *(
            {key: [{names[0]: "system", names[1]: "写广告"}] + [
                {names[0]: speaker, names[1]: text} for speaker, text in zip(speakers, row, strict=True)
            ]}
            for row in ROWS
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        lines({"商品": {at: row[0] for at, row in enumerate(ROWS)}, "文案": dict(enumerate(row[1] for row in ROWS))}),
        "[\n" + ",\n".join(lines(row) for row in objects()) + ",\n]",
        ",\n".join(lines(row) for row in objects()),
        "\n".join(json.dumps(row, ensure_ascii=False, indent=2) for row in objects()),
        json.dumps(objects(), ensure_ascii=False).replace("}", ",}"),
        json.dumps({"version": 1, "data": objects()}, ensure_ascii=False),
        lines({"content": [row[0] for row in ROWS], "summary": [row[1] for row in ROWS]}),
        "\n".join(map(str, objects())),
        turns(("role", "content"), ("user", "assistant"), "messages"),
        turns(("from", "value"), ("human", "gpt"), "conversations"),
        lines(*({"context": f"Instruction: {brief}\nAnswer: ", "target": copy} for brief, copy in ROWS)),
        lines(*({"q": brief, "a": copy} for brief, copy in ROWS)),
        lines(*({"prompt": brief, "response": copy, "history": []} for brief, copy in ROWS)),
    ],
    ids=["data frame", "comma before ]", "commas after lines", "many lines an object", "comma before }", "wrapped",
         "columns", "python", "messages", "conversations", "context", "q and a", "history"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.txt"])
def test_json_is_read_in_the_forms_data_sets_have(tmp_path, text, name):
    assert pairs(write(tmp_path, text, name)) == ROWS


def test_a_damaged_object_of_many_lines_costs_itself_only(tmp_path):
    texts = [json.dumps(row, ensure_ascii=False, indent=1) for row in objects()]
    file = write(tmp_path, "\n".join([texts[0], texts[1].replace('"summary":', '"summary"'), texts[2]]), "a.json")
    assert (pairs(file), reasons(file)) == ([ROWS[0], ROWS[2]], [(5, "not_json")])


@pytest.mark.parametrize("name", ["a.jsonl", "a.csv"])
def test_a_line_in_another_encoding_is_named_and_left_out_when_asked(tmp_path, name):
    rows = [*ROWS, ("产品#碗", "很深的碗。")]
    written = lines(*(dict(zip(("content", "summary"), row, strict=True)) for row in rows)).split("\n")
    if name == "a.csv":
        written = csv_of(("content", "summary"), *rows).splitlines()
    at = len(written) - 3
    raw = [line.encode("gbk" if number == at else "utf-8") for number, line in enumerate(written)]
    file = write(tmp_path, b"\n".join(raw), name)
    with pytest.raises(AdCopyError) as raised:
        read_data(file)
    assert (raised.value.code, raised.value.params["lines"]) == ("training.broken_lines", str(at + 1))
    assert pairs(file, skip_broken=True) == [row for row in rows if row != rows[1]]
    assert reasons(file, skip_broken=True) == [(at + 1, "encoding")]


def test_a_table_in_gbk_with_one_damaged_byte_stays_gbk(tmp_path):
    raw = csv_of(("商品", "文案"), *ROWS).encode("gbk").split(b"\n")
    raw[2] = raw[2][:-1] + b"\xff"
    file = write(tmp_path, b"\n".join(raw))
    assert pairs(file, skip_broken=True) == [ROWS[0], ROWS[2]]


def test_a_file_cut_off_inside_a_character_names_its_last_line(tmp_path):
    raw = lines(*objects()).encode()
    with pytest.raises(AdCopyError, match="line 3"):
        read_data(write(tmp_path, raw[: raw.rindex("。".encode()) + 1], "a.jsonl"))


@pytest.mark.parametrize(
    ("brief", "read"),
    [
        (["类型#裙", "颜色#红"], "类型#裙*颜色#红"),
        ({"类型": "裙", "颜色": "红"}, "类型#裙*颜色#红"),
        (["红裙", "纯棉"], "红裙，纯棉"),
        ("['类型#裙', '颜色#红']", "类型#裙*颜色#红"),
        ('{"类型": "裙", "价格": 39}', "类型#裙*价格#39"),
        ("[新品]红裙[包邮]", "[新品]红裙[包邮]"),
        ("[316]", "[316]"),
        (199, "199"),
    ],
)
def test_attributes_in_lists_and_objects_are_read_and_not_trained_as_code(tmp_path, brief, read):
    rows = [{"content": brief, "summary": "红裙。"}, *objects()]
    assert pairs(write(tmp_path, lines(*rows), "a.jsonl"))[0] == (read, "红裙。")


@pytest.mark.parametrize("copy", [["一", "二"], {"a": "b"}, "['一', '二']"])
def test_a_copy_that_is_a_list_is_named(tmp_path, copy):
    file = write(tmp_path, lines({"content": "红裙", "summary": copy}, *objects()), "a.jsonl")
    assert (pairs(file), reasons(file)) == (ROWS, [(1, "not_text")])


@pytest.mark.parametrize("word", ["nan", "NaN", "#N/A", "#DIV/0!", "None", "NULL", "<NA>"])
def test_words_for_nothing_are_no_text(tmp_path, word):
    file = write(tmp_path, csv_of(("商品", "文案"), *ROWS, ("红裙", word), (word, "红裙。")))
    assert (pairs(file), reasons(file)) == (ROWS, [(5, "no_copy"), (6, "no_brief")])


def workbook(folder, *sheets, name="a.xlsx", merged=()):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets):
        sheet = book.create_sheet(f"s{number}")
        for row in rows:
            sheet.append(row)
        for cells in merged if number == len(sheets) - 1 else ():
            sheet.merge_cells(cells)
    book.save(folder / "saved.xlsx")
    (folder / "saved.xlsx").rename(folder / name)
    return folder / name


def test_a_sheet_of_notes_before_the_table_is_passed_over(tmp_path):
    notes, table = [("填写说明", "请在第二页填写")], [("春季", None), ("商品", "文案"), *ROWS]
    file = workbook(tmp_path, notes, table, merged=["A1:B1"])
    assert pairs(file) == ROWS


def test_a_brief_merged_over_its_copies_stands_beside_each(tmp_path):
    rows = [("商品", "文案"), ("红裙", "一。"), (None, "二。"), (None, "三。"), ("杯子", "四。"), (None, "五。")]
    file = workbook(tmp_path, rows, merged=["A2:A4"])
    assert pairs(file) == [("红裙", "一。"), ("红裙", "二。"), ("红裙", "三。"), ("杯子", "四。")]
    assert reasons(file) == [(6, "no_brief")]


def test_a_workbook_is_known_by_its_bytes_and_an_old_one_by_a_sentence(tmp_path):
    assert pairs(workbook(tmp_path, [("商品", "文案"), *ROWS], name="a.xls")) == ROWS
    for raw in (b"\xd0\xcf\x11\xe0" + b"\0" * 600, b"<html><table><tr><td>x</td></tr></table></html>"):
        with pytest.raises(AdCopyError, match="save as XLSX"):
            read_data(write(tmp_path, raw, "old.xls"))
    assert pairs(write(tmp_path, csv_of(("商品", "文案"), *ROWS), "b.xlsx")) == ROWS


@pytest.mark.skipif(not CASES.is_dir(), reason="the shared inputs are not here")
def test_the_shared_tables_are_read_or_say_what_to_do():
    told = {"old_workbook", "broken_lines", "columns"}
    for file in sorted(CASES.iterdir()):
        try:
            data = read_data(file)
        except AdCopyError as error:
            assert error.code.removeprefix("training.") in told, file.name
            data = read_data(file, skip_broken=True) if error.code.endswith("broken_lines") else None
        assert data is None or len(data.examples) >= 2, file.name
