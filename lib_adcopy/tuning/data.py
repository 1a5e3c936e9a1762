"""The examples to tune on: JSONL, CSV or XLSX with a brief and its copy in each row, and what is wrong with them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lib_adcopy.copywriting.brief import parse_brief
from lib_adcopy.copywriting.law import check_text
from lib_adcopy.copywriting.review.review import says
from lib_adcopy.errors import AdCopyError
from lib_adcopy.i18n import Message

# AdvertiseGen's names first, then what sellers' own tables call the two columns.
_QUERY = ("content", "brief", "prompt", "query", "input", "商品", "商品信息", "描述", "输入", "卖点", "属性")
_ANSWER = ("summary", "copy", "response", "answer", "output", "target", "文案", "广告", "广告文案", "输出", "正文")
_ENCODINGS = ("utf-8-sig", "gb18030")
# Longer than any brief or post; such a row is a pasted page.
_MAX_CHARACTERS = 10_000
_FEWEST = 2
HISTOGRAM_STEP = 25

Row = tuple[int, Any]


@dataclass(frozen=True)
class Example:
    """One pair. `line` is where it stands in the file, 1 for the first line or the table's first row."""

    query: str
    answer: str
    line: int


@dataclass(frozen=True)
class Finding:
    """A row that is left out, or kept with a doubt (`kept`), and why."""

    line: int
    why: Message
    kept: bool = False


@dataclass(frozen=True)
class DataSet:
    """What a file holds. `findings` name every row that is not among `examples`."""

    examples: tuple[Example, ...]
    findings: tuple[Finding, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the pairs in their order."""
        pairs = [[example.query, example.answer] for example in self.examples]
        return hashlib.sha256(json.dumps(pairs, ensure_ascii=False).encode()).hexdigest()

    def split(self, share: float, seed: int) -> tuple[tuple[Example, ...], tuple[Example, ...]]:
        """(to train on, held out); `share` 0..1 is held out. A query's copies all go to one side."""
        queries = list(dict.fromkeys(example.query for example in self.examples))
        random.Random(seed).shuffle(queries)
        held = set(queries[: round(share * len(queries))])
        return (
            tuple(example for example in self.examples if example.query not in held),
            tuple(example for example in self.examples if example.query in held),
        )


@dataclass(frozen=True)
class Overview:
    """What to look at before training. `lengths` counts answers by characters, in steps of 25: {0: n, 25: n, ...}.

    `coverage` is the share of the briefs' attributes that the copies say, 0..1; `banned` counts the copies with a
    word advertising law forbids.
    """

    pairs: int
    left_out: int
    duplicates: int
    lengths: dict[int, int]
    coverage: float
    banned: int


def read_data(file: Path) -> DataSet:
    """Raises AdCopyError for a file that cannot be read, has no two recognisable columns, or fewer than 2 good rows."""
    if not file.is_file():
        raise AdCopyError("tuning.no_file", file=file.name)
    kind = file.suffix.lower()
    if kind in (".xlsx", ".xlsm"):
        rows: Iterator[Row] = _table(_sheet(file), file)
    elif kind == ".csv":
        rows = _table(enumerate(csv.reader(io.StringIO(_text(file), newline="")), 1), file)
    else:
        rows = _json_lines(_text(file))
    examples, findings = _examples(rows, file)
    if len(examples) < _FEWEST:
        lines = ", ".join(str(finding.line) for finding in findings[:10] if not finding.kept) or "-"
        raise AdCopyError("tuning.too_few", file=file.name, count=len(examples), lines=lines)
    return DataSet(tuple(examples), tuple(findings))


def overview(data: DataSet) -> Overview:
    wanted = said = 0
    for example in data.examples:
        if "#" in example.query:
            attributes = parse_brief(example.query[:2000]).attributes
            wanted += len(attributes)
            said += sum(says(example.answer, *pair) for pair in attributes)
    lengths = Counter(len(example.answer) // HISTOGRAM_STEP * HISTOGRAM_STEP for example in data.examples)
    return Overview(
        pairs=len(data.examples),
        left_out=sum(not finding.kept for finding in data.findings),
        duplicates=sum(finding.why.key.endswith("duplicate") for finding in data.findings),
        lengths=dict(sorted(lengths.items())),
        coverage=said / wanted if wanted else 1.0,
        banned=sum(any(found.level == "ban" for found in check_text(one.answer)) for one in data.examples),
    )


def mixed(examples: Iterable[Example], general: Iterable[Example], share: float, seed: int) -> tuple[Example, ...]:
    """`examples` with general ones until those are `share` of the whole, 0..1, or there are no more of them."""
    own, others = list(examples), list(general)
    chance = random.Random(seed)
    wanted = min(len(others), round(share / max(1 - share, 1e-9) * len(own)))
    together = own + chance.sample(others, wanted)
    chance.shuffle(together)
    return tuple(together)


def _text(file: Path) -> str:
    """Chinese tables are often GBK; GB 18030 reads all of it."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise AdCopyError("tuning.unreadable", file=file.name) from error
    if not raw.strip():
        raise AdCopyError("tuning.empty", file=file.name)
    for encoding in _ENCODINGS:
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise AdCopyError("tuning.encoding", file=file.name)


def _json_lines(text: str) -> Iterator[Row]:
    # Not splitlines: a text may hold the line separators Unicode has besides \n.
    for line, written in enumerate(text.split("\n"), 1):
        if not written.strip():
            continue
        try:
            yield line, json.loads(written)
        except ValueError:
            yield line, None


def _sheet(file: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        import openpyxl
    except ImportError as error:
        raise AdCopyError("tuning.no_openpyxl") from error
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        for line, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
            yield line, ["" if cell is None else str(cell) for cell in cells]
    # A damaged workbook fails wherever its zip, XML or sheet is first found wanting.
    except Exception as error:
        raise AdCopyError("tuning.unreadable", file=file.name) from error


def _table(lines: Iterator[tuple[int, list[str]]], file: Path) -> Iterator[Row]:
    try:
        heading = next((cells for _, cells in lines if any(map(str.strip, cells))), None)
        if heading is None:
            raise AdCopyError("tuning.empty", file=file.name)
        for line, cells in lines:
            if any(map(str.strip, cells)):
                yield line, dict(zip((name.strip() for name in heading), cells, strict=False))
    except csv.Error as error:
        raise AdCopyError("tuning.unreadable", file=file.name) from error


def _examples(rows: Iterator[Row], file: Path) -> tuple[list[Example], list[Finding]]:
    examples: list[Example] = []
    findings: list[Finding] = []
    first: dict[tuple[str, str], int] = {}
    columns: tuple[str, str] | None = None
    for line, row in rows:
        if not isinstance(row, dict):
            findings.append(Finding(line, Message("tuning.row.not_json")))
            continue
        columns = columns or _columns(row, file)
        query, answer = (_clean(row.get(column)) for column in columns)
        problem = _problem(query, answer)
        if problem is None and (query, answer) in first:
            problem = Message("tuning.row.duplicate", {"line": first[query, answer]})
        if problem is not None:
            findings.append(Finding(line, problem))
            continue
        first[query, answer] = line
        examples.append(Example(query, answer, line))
        banned = [found.term for found in check_text(answer) if found.level == "ban"]
        if banned:
            findings.append(Finding(line, Message("tuning.row.banned", {"terms": "、".join(banned)}), kept=True))
    return examples, findings


def _columns(row: dict, file: Path) -> tuple[str, str]:
    """The brief's and the copy's column, by the names known; AdvertiseGen's where there are several."""
    named = {str(name).strip().lower(): name for name in row}
    found = [next((named[name] for name in names if name in named), None) for names in (_QUERY, _ANSWER)]
    if found[0] is None or found[1] is None:
        raise AdCopyError("tuning.columns", file=file.name, found="、".join(map(str, row)) or "-")
    return found[0], found[1]


def _clean(value: Any) -> str:
    return value.strip() if isinstance(value, str) else ("" if value is None else str(value))


def _problem(query: str, answer: str) -> Message | None:
    if not query or not answer:
        return Message("tuning.row.no_brief" if not query else "tuning.row.no_copy")
    longest = max(len(query), len(answer))
    if longest > _MAX_CHARACTERS:
        return Message("tuning.row.too_long", {"length": longest, "limit": _MAX_CHARACTERS})
    return None
