"""Scores generated copy against a data set, by the definitions the published numbers were made with.

ROUGE: F of rouge_chinese over jieba's words, x 100. BLEU-4: nltk's sentence BLEU over characters with smoothing
method3, x 100. Both are means over the rows, as in THUDM/ChatGLM-6B's ptuning script. The rest are our own:
coverage of the brief's attributes, distinct n-grams (of jieba's words, over all rows together), repeated 4-grams
(of characters, within a row), banned terms, claims nobody stated.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path

from lib_adcopy.copywriting.review import review_copy
from lib_adcopy.copywriting.review.review import repetition
from lib_adcopy.domain.copy import Copy
from lib_adcopy.errors import AdCopyError
from lib_adcopy.training.data import brief_of, read_data
from lib_adcopy.training.rows import read_text

_METRIC_PACKAGES = ("jieba", "rouge_chinese", "nltk")
_PREDICTION = ("predict", "prediction", "summary", "copy", "text", "body", "output")


def evaluate_files(
    data: Path, predictions: Path, *, label_tokens: int | None = None, model: Path | None = None
) -> dict[str, float]:
    """Score a predictions file: one line for each row of `data`, JSON with "predict" (or a like name) or bare text.

    `label_tokens` cuts the labels as the published script does, by the tokenizer in the folder `model`.

    Raises AdCopyError for files that do not match.
    """
    examples = read_data(data, repeated=True).examples
    written = [_prediction(line) for line in _lines(predictions, len(examples))]
    if len(written) != len(examples):
        raise AdCopyError("training.rows_differ", data=len(examples), predictions=len(written))
    cut = _cutter(label_tokens, model)
    missing = [name for name in _METRIC_PACKAGES if find_spec(name) is None]
    if missing:
        raise AdCopyError("training.no_metric", packages=" ".join(missing))
    queries, labels = [example.query for example in examples], [cut(example.answer) for example in examples]
    return evaluate(queries, labels, written)


def evaluate(queries: Sequence[str], labels: Sequence[str], written: Sequence[str]) -> dict[str, float]:
    """Compute all scores, rounded to two decimals; shares are in per cent."""
    scores = {**overlap_scores(labels, written), **variety_scores(written), **faithfulness_scores(queries, written)}
    return {name: round(value, 2) for name, value in scores.items()}


def overlap_scores(labels: Sequence[str], written: Sequence[str]) -> dict[str, float]:
    """Compute BLEU-4 and ROUGE-1, -2, -L against the labels."""
    import jieba
    from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu
    from rouge_chinese import Rouge

    jieba.setLogLevel("ERROR")
    rouge, smooth = Rouge(), SmoothingFunction().method3
    sums = dict.fromkeys(("bleu-4", "rouge-1", "rouge-2", "rouge-l"), 0.0)
    for label, text in zip(labels, written, strict=True):
        # The library fails on an empty side; a row without words matches nothing.
        if not text.strip() or not label.strip():
            continue
        row = rouge.get_scores(" ".join(jieba.cut(text)), " ".join(jieba.cut(label)))[0]
        for name in ("rouge-1", "rouge-2", "rouge-l"):
            sums[name] += row[name]["f"] * 100
        sums["bleu-4"] += sentence_bleu([list(label)], list(text), smoothing_function=smooth) * 100
    return {name: value / max(len(written), 1) for name, value in sums.items()}


def variety_scores(written: Sequence[str]) -> dict[str, float]:
    """Measure variety: distinct n-grams of words over all texts, 4-grams of characters repeated within one."""
    import jieba

    jieba.setLogLevel("ERROR")
    words = [list(jieba.cut(text)) for text in written]
    scores = {f"distinct-{size}": 100 * _distinct(words, size) for size in (1, 2, 3, 4)}
    return {**scores, "repetition-4": 100 * _mean(repetition(text) for text in written)}


def faithfulness_scores(queries: Sequence[str], written: Sequence[str]) -> dict[str, float]:
    """Measure faithfulness: attributes covered, texts with banned terms, texts with unsupported claims."""
    covered = wanted = banned = unsupported = 0
    for query, text in zip(queries, written, strict=True):
        brief = brief_of(query)
        if brief is None:
            continue
        review = review_copy(brief, Copy(title="", body=text))
        covered += len(review.covered)
        wanted += len(review.covered) + len(review.missing)
        banned += bool(review.banned)
        # A stray word counts against a candidate, but claims nothing.
        unsupported += any(claim.kind != "word" for claim in review.claims)
    rows = max(len(written), 1)
    return {
        "coverage": 100 * covered / max(wanted, 1),
        "banned": 100 * banned / rows,
        "unsupported-claims": 100 * unsupported / rows,
    }


def _distinct(texts: Sequence[Sequence[str]], size: int) -> float:
    grams = [tuple(text[at : at + size]) for text in texts for at in range(len(text) - size + 1)]
    return len(set(grams)) / max(len(grams), 1)


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / max(len(listed), 1)


def _lines(file: Path, rows: int) -> list[str]:
    """Return a line for each row, blank where nothing was written; blank ones after the last row are dropped."""
    if not file.is_file():
        raise AdCopyError("training.no_file", file=file.name)
    # Not splitlines: a text may hold the line separators Unicode has besides \n.
    lines = read_text(file).split("\n")
    while len(lines) > rows and not lines[-1].strip():
        lines.pop()
    return lines


def _prediction(line: str) -> str:
    """Return the text of a line: JSON with a known key, a JSON string, or the bare line."""
    try:
        stored = json.loads(line)
    except (ValueError, RecursionError):
        return line.strip()
    if isinstance(stored, dict):
        return next((str(stored[name]) for name in _PREDICTION if name in stored), "")
    return str(stored)


def _cutter(tokens: int | None, model: Path | None) -> Callable[[str], str]:
    """Return the function that cuts a label to `tokens` tokens of the model's tokenizer."""
    if tokens is None:
        return lambda label: label
    if model is None:
        raise AdCopyError("training.no_tokenizer")
    from lib_adcopy.chatglm import load_tokenizer

    tokenizer = load_tokenizer(model)

    def cut(label: str) -> str:
        # The published script cuts with the two tokens that end an input ([gMASK], <sop>) counted in.
        return tokenizer.decode(tokenizer.encode(label)[:-2][: max(tokens - 2, 0)])

    return cut
