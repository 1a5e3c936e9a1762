"""Reads the examples to train on (JSONL, CSV, XLSX: a brief and its copy in each row) and checks them."""

from __future__ import annotations

import hashlib
import json
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lib_adcopy.copywriting.law import check_text
from lib_adcopy.copywriting.review.review import says
from lib_adcopy.domain.brief import Brief
from lib_adcopy.errors import AdCopyError
from lib_adcopy.i18n import Message
from lib_adcopy.training.pairs import Columns, columns_of, read_pair
from lib_adcopy.training.rows import Row, read_rows

# Longer than any brief or post; such a row is a pasted page.
_MAX_CHARACTERS = 10_000
_MIN_EXAMPLES = 2
HISTOGRAM_STEP = 25


@dataclass(frozen=True)
class Example:
    """A brief (`query`) and its copy (`answer`); `line` is the row in the file, from 1."""

    query: str
    answer: str
    line: int


@dataclass(frozen=True)
class RowIssue:
    """A row that is left out, or used in spite of a doubt (`is_kept`), and the reason."""

    line: int
    reason: Message
    is_kept: bool = False


@dataclass(frozen=True)
class DataSet:
    """The examples of a file; `issues` name every row that is not among them."""

    examples: tuple[Example, ...]
    issues: tuple[RowIssue, ...]

    @property
    def digest(self) -> str:
        """Return the SHA-256 of the pairs in their order."""
        pairs = [[example.query, example.answer] for example in self.examples]
        return hashlib.sha256(json.dumps(pairs, ensure_ascii=False).encode()).hexdigest()

    def split(self, share: float, seed: int) -> tuple[tuple[Example, ...], tuple[Example, ...]]:
        """Split into examples to train on and the share `share` (0..1) held out; a query's copies stay together."""
        queries = list(dict.fromkeys(example.query for example in self.examples))
        random.Random(seed).shuffle(queries)
        held_out = set(queries[: round(share * len(queries))])
        return (
            tuple(example for example in self.examples if example.query not in held_out),
            tuple(example for example in self.examples if example.query in held_out),
        )


@dataclass(frozen=True)
class Overview:
    """Statistics of a data set, to look at before training.

    `lengths` counts answers by characters, in steps of 25: {0: n, 25: n, ...}. `coverage` is the share of the briefs'
    attributes and points that the copies mention, 0..1; `banned` counts copies with a word that advertising law bans.
    """

    pairs: int
    left_out: int
    duplicates: int
    lengths: dict[int, int]
    coverage: float
    banned: int


def read_data(file: Path, *, repeated: bool = False, skip_broken: bool = False) -> DataSet:
    """Read and check the examples of a file; `repeated` keeps duplicate pairs.

    `skip_broken` leaves out lines that are not in the file's encoding. Raises AdCopyError for a file that cannot be
    read, has such lines, has no two recognisable columns, or fewer than 2 good rows.
    """
    examples, issues = _examples(read_rows(file, skip_broken=skip_broken), file, repeated)
    if len(examples) < _MIN_EXAMPLES:
        left_out = ", ".join(str(issue.line) for issue in issues[:10] if not issue.is_kept)
        code = "too_few" if left_out else "too_short"
        raise AdCopyError(f"training.{code}", file=file.name, count=len(examples), lines=left_out)
    return DataSet(tuple(examples), tuple(issues))


def overview(data: DataSet) -> Overview:
    """Compute the statistics of a data set."""
    wanted = mentioned = 0
    for example in data.examples:
        brief = brief_of(example.query)
        if brief is None:
            continue
        facts = [*brief.attributes, *(("", point) for point in brief.points)]
        wanted += len(facts)
        mentioned += sum(says(example.answer, *pair) for pair in facts)
    lengths = Counter(len(example.answer) // HISTOGRAM_STEP * HISTOGRAM_STEP for example in data.examples)
    return Overview(
        pairs=len(data.examples),
        left_out=sum(not issue.is_kept for issue in data.issues),
        duplicates=sum(issue.reason.key.endswith("duplicate") for issue in data.issues),
        lengths=dict(sorted(lengths.items())),
        coverage=mentioned / wanted if wanted else 1.0,
        banned=sum(issue.is_kept for issue in data.issues),
    )


def brief_of(query: str) -> Brief | None:
    """Parse the brief at the start of a row's query; None where it has no words."""
    from lib_adcopy.copywriting.brief import MAX_CHARACTERS, parse_brief

    try:
        return parse_brief(query[:MAX_CHARACTERS])
    except AdCopyError:
        return None


def mixed(examples: Iterable[Example], general: Iterable[Example], share: float, seed: int) -> tuple[Example, ...]:
    """Mix general pairs into `examples` until they are `share` (0..1) of the whole, or there are no more; shuffled."""
    own, others = list(examples), list(general)
    generator = random.Random(seed)
    count = min(len(others), round(share / max(1 - share, 1e-9) * len(own)))
    together = own + generator.sample(others, count)
    generator.shuffle(together)
    return tuple(together)


def _examples(rows: Iterable[Row], file: Path, repeated: bool) -> tuple[list[Example], list[RowIssue]]:
    examples: list[Example] = []
    issues: list[RowIssue] = []
    first_line: dict[tuple[str, str], int] = {}
    columns: Columns | None = None
    for line, row in rows:
        if isinstance(row, Message):
            issues.append(RowIssue(line, row))
            continue
        columns = columns_of(row, columns, file)
        query, answer = read_pair(row, columns)
        if isinstance(answer, Message):
            issues.append(RowIssue(line, answer))
            continue
        problem = _problem(query, answer)
        if problem is None and not repeated and (query, answer) in first_line:
            problem = Message("training.row.duplicate", {"line": first_line[query, answer]})
        if problem is not None:
            issues.append(RowIssue(line, problem))
            continue
        first_line[query, answer] = line
        examples.append(Example(query, answer, line))
        banned = [found.term for found in check_text(answer) if found.level == "ban"]
        if banned:
            reason = Message("training.row.banned", {"terms": "、".join(banned)})
            issues.append(RowIssue(line, reason, is_kept=True))
    return examples, issues


def _problem(query: str, answer: str) -> Message | None:
    """Say why a pair cannot be trained on, None where it can."""
    if not query or not answer:
        return Message("training.row.no_brief" if not query else "training.row.no_copy")
    longest = max(len(query), len(answer))
    if longest > _MAX_CHARACTERS:
        return Message("training.row.too_long", {"length": longest, "limit": _MAX_CHARACTERS})
    return None
