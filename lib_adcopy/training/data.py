"""The examples to tune on: JSONL, CSV or XLSX with a brief and its copy in each row, and what is wrong with them."""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lib_adcopy.copywriting.brief import MAX_CHARACTERS, parse_brief
from lib_adcopy.copywriting.law import check_text
from lib_adcopy.copywriting.review.review import says
from lib_adcopy.domain.brief import Brief
from lib_adcopy.errors import AdCopyError
from lib_adcopy.i18n import Message
from lib_adcopy.training.rows import Row, read_rows

# AdvertiseGen's names first, then what sellers' own tables call the two columns.
_QUERY = (
    "content", "brief", "prompt", "query", "instruction", "question", "input",
    "商品", "商品信息", "描述", "指令", "问题", "输入", "卖点", "属性",
)  # fmt: skip
_ANSWER = (
    "summary", "copy", "response", "answer", "output", "target", "文案", "广告", "广告文案", "回答", "输出", "正文",
)  # fmt: skip
# General pairs are mostly published as instruction, input, output: what is asked, then the text it is asked of.
_WITH_INSTRUCTION = "input"
# Longer than any brief or post; such a row is a pasted page.
_MAX_CHARACTERS = 10_000
_FEWEST = 2
HISTOGRAM_STEP = 25


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

    `coverage` is the share of the briefs' attributes and points that the copies say, 0..1; `banned` counts the
    copies with a word advertising law forbids.
    """

    pairs: int
    left_out: int
    duplicates: int
    lengths: dict[int, int]
    coverage: float
    banned: int


def read_data(file: Path, *, repeated: bool = False) -> DataSet:
    """Raises AdCopyError for a file that cannot be read, has no two recognisable columns, or fewer than 2 good rows.

    `repeated` keeps a pair as often as it stands there.
    """
    examples, findings = _examples(read_rows(file), file, repeated)
    if len(examples) < _FEWEST:
        left_out = ", ".join(str(finding.line) for finding in findings[:10] if not finding.kept)
        code = "too_few" if left_out else "too_short"
        raise AdCopyError(f"training.{code}", file=file.name, count=len(examples), lines=left_out)
    return DataSet(tuple(examples), tuple(findings))


def overview(data: DataSet) -> Overview:
    wanted = said = 0
    for example in data.examples:
        brief = brief_of(example.query)
        if brief is None:
            continue
        asked = [*brief.attributes, *(("", point) for point in brief.points)]
        wanted += len(asked)
        said += sum(says(example.answer, *pair) for pair in asked)
    lengths = Counter(len(example.answer) // HISTOGRAM_STEP * HISTOGRAM_STEP for example in data.examples)
    return Overview(
        pairs=len(data.examples),
        left_out=sum(not finding.kept for finding in data.findings),
        duplicates=sum(finding.why.key.endswith("duplicate") for finding in data.findings),
        lengths=dict(sorted(lengths.items())),
        coverage=said / wanted if wanted else 1.0,
        banned=sum(finding.kept for finding in data.findings),
    )


def brief_of(query: str) -> Brief | None:
    """The brief that a row's query begins with; None where it has no words, and so asks for nothing."""
    try:
        return parse_brief(query[:MAX_CHARACTERS])
    except AdCopyError:
        return None


def mixed(examples: Iterable[Example], general: Iterable[Example], share: float, seed: int) -> tuple[Example, ...]:
    """`examples` with general ones until those are `share` of the whole, 0..1, or there are no more of them."""
    own, others = list(examples), list(general)
    chance = random.Random(seed)
    wanted = min(len(others), round(share / max(1 - share, 1e-9) * len(own)))
    together = own + chance.sample(others, wanted)
    chance.shuffle(together)
    return tuple(together)


def _examples(rows: Iterable[Row], file: Path, repeated: bool) -> tuple[list[Example], list[Finding]]:
    examples: list[Example] = []
    findings: list[Finding] = []
    first: dict[tuple[str, str], int] = {}
    columns: tuple[str, str] | None = None
    for line, row in rows:
        if isinstance(row, Message):
            findings.append(Finding(line, row))
            continue
        columns = columns or _columns(row, file)
        query, answer = _asked(row, columns[0]), _clean(row.get(columns[1]))
        problem = _problem(query, answer)
        if problem is None and not repeated and (query, answer) in first:
            problem = Message("training.row.duplicate", {"line": first[query, answer]})
        if problem is not None:
            findings.append(Finding(line, problem))
            continue
        first[query, answer] = line
        examples.append(Example(query, answer, line))
        banned = [found.term for found in check_text(answer) if found.level == "ban"]
        if banned:
            findings.append(Finding(line, Message("training.row.banned", {"terms": "、".join(banned)}), kept=True))
    return examples, findings


def _columns(row: dict, file: Path) -> tuple[str, str]:
    """The brief's and the copy's column, by the names known; AdvertiseGen's where there are several."""
    named = {str(name).strip().lower(): name for name in row}
    found = [next((named[name] for name in names if name in named), None) for names in (_QUERY, _ANSWER)]
    if found[0] is None or found[1] is None:
        raise AdCopyError("training.columns", file=file.name, found="、".join(map(str, row)) or "-")
    return found[0], found[1]


def _asked(row: dict, column: str) -> str:
    asked = _clean(row.get(column))
    more = _clean(row.get(_WITH_INSTRUCTION)) if str(column).strip().lower() == "instruction" else ""
    return f"{asked}\n{more}" if asked and more else asked or more


def _clean(value: Any) -> str:
    """A cell as text that UTF-8 can hold (JSON can spell lone surrogates); lists and objects are no text."""
    text = "" if value is None or isinstance(value, (list, dict)) else str(value)
    return text.strip().encode("utf-8", "replace").decode("utf-8")


def _problem(query: str, answer: str) -> Message | None:
    if not query or not answer:
        return Message("training.row.no_brief" if not query else "training.row.no_copy")
    longest = max(len(query), len(answer))
    if longest > _MAX_CHARACTERS:
        return Message("training.row.too_long", {"length": longest, "limit": _MAX_CHARACTERS})
    return None
