"""Scores mean what the published ones mean, and say plainly when two files do not match."""

from __future__ import annotations

import json

import pytest

pytest.importorskip("jieba")
pytest.importorskip("nltk")
pytest.importorskip("rouge_chinese")

from lib_adcopy.errors import AdCopyError
from lib_adcopy.training.evaluation import (
    evaluate,
    evaluate_files,
    faithfulness_scores,
    overlap_scores,
    variety_scores,
)
from tests.shared_data import SHARED, needs_shared

ROWS = [
    {"content": "类型#裙*颜色#红色*裙领型#圆领", "summary": "红色的裙子配上圆领，温柔又好看。"},
    {"content": "类型#裤*裤型#阔腿裤", "summary": "阔腿裤走起路来带风，腿型都被修饰。"},
]


def files(folder, predictions):
    data, written = folder / "data.jsonl", folder / "written.txt"
    data.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS), encoding="utf-8")
    written.write_text("\n".join(predictions), encoding="utf-8")
    return data, written


def test_the_label_itself_scores_full_marks():
    texts = [row["summary"] for row in ROWS]
    scores = overlap_scores(texts, texts)
    assert {name: round(value, 6) for name, value in scores.items()} == dict.fromkeys(scores, 100.0)


def test_rouge_is_the_f_over_words_and_bleu_is_over_characters():
    import jieba

    label, text = "红色的裙子很好看", "红色的裤子"
    scores = overlap_scores([label], [text])
    ours, theirs = set(jieba.cut(text)), set(jieba.cut(label))
    precision, recall = len(ours & theirs) / len(ours), len(ours & theirs) / len(theirs)
    assert scores["rouge-1"] == pytest.approx(100 * 2 * precision * recall / (precision + recall), abs=1e-3)
    # Characters, not words: nltk sees lists of single characters.
    from nltk.translate.bleu_score import SmoothingFunction, sentence_bleu

    by_library = sentence_bleu([list(label)], list(text), smoothing_function=SmoothingFunction().method3)
    assert scores["bleu-4"] == pytest.approx(100 * by_library)
    assert overlap_scores([label], [""])["rouge-1"] == 0.0


def test_distinct_counts_words_over_all_rows_and_repetition_characters_in_one():
    scores = variety_scores(["我们 喜欢", "我们 喜欢"])
    assert scores["distinct-2"] == pytest.approx(50.0)
    assert variety_scores(["一二三四一二三四"])["repetition-4"] == pytest.approx(20.0)
    assert variety_scores(["一二三四五六七八"])["repetition-4"] == 0.0


def test_what_was_promised_is_counted():
    queries = [row["content"] for row in ROWS]
    honest = evaluate(queries, *[[row["summary"] for row in ROWS]] * 2)
    assert (honest["coverage"], honest["banned"], honest["unsupported-claims"]) == (100.0, 0.0, 0.0)
    wild = evaluate(queries, [row["summary"] for row in ROWS], ["全国第一的裙子，羊绒面料。", ROWS[1]["summary"]])
    assert (wild["banned"], wild["unsupported-claims"]) == (50.0, 50.0)
    assert wild["coverage"] < 100


@pytest.mark.parametrize("name", ["predict", "prediction", "summary", "text", None])
def test_predictions_are_read_in_the_usual_forms(tmp_path, name):
    texts = [row["summary"] for row in ROWS]
    lines = [json.dumps({"labels": "x", name: text}, ensure_ascii=False) if name else text for text in texts]
    assert evaluate_files(*files(tmp_path, lines))["rouge-l"] == 100.0


def test_files_that_do_not_match_are_refused(tmp_path):
    with pytest.raises(AdCopyError) as refused:
        evaluate_files(*files(tmp_path, ["只有一行"]))
    assert refused.value.code == "training.rows_differ"


def test_rows_that_repeat_and_rows_answered_by_nothing_keep_their_places(tmp_path):
    data, written = files(tmp_path, [ROWS[0]["summary"], "", ROWS[0]["summary"], ""])
    data.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in [*ROWS, ROWS[0]]), encoding="utf-8")
    assert evaluate_files(data, written)["rouge-l"] == pytest.approx(66.67, abs=0.01)


def test_a_prediction_may_hold_unicodes_own_line_ends_and_be_gbk(tmp_path):
    texts = [row["summary"] for row in ROWS]
    lines = [json.dumps({"predict": text + "\u2028\x85"}, ensure_ascii=False) for text in texts]
    assert evaluate_files(*files(tmp_path, lines))["rouge-l"] == 100.0
    data, written = files(tmp_path, [])
    written.write_bytes("\n".join(texts).encode("gbk"))
    assert evaluate_files(data, written)["rouge-l"] == 100.0


def test_packages_that_are_missing_are_named(tmp_path, monkeypatch):
    from lib_adcopy.training import evaluation as room

    monkeypatch.setattr(room, "find_spec", lambda name: None if name == "nltk" else name)
    with pytest.raises(AdCopyError, match="pip install nltk"):
        evaluate_files(*files(tmp_path, [row["summary"] for row in ROWS]))


def test_cutting_labels_needs_the_tokenizer_that_counts(tmp_path):
    with pytest.raises(AdCopyError) as refused:
        evaluate_files(*files(tmp_path, [row["summary"] for row in ROWS]), label_tokens=64)
    assert refused.value.code == "training.no_tokenizer"


@needs_shared
def test_labels_are_cut_only_when_asked(tmp_path):
    model = SHARED / "golden" / "tokenizer_tiny"
    data, written = files(tmp_path, [row["summary"] for row in ROWS])
    assert evaluate_files(data, written, model=model)["rouge-l"] == 100.0
    assert evaluate_files(data, written, label_tokens=6, model=model)["rouge-l"] < 100.0


@needs_shared
def test_human_copy_of_the_dev_set_measures_as_known():
    rows = [json.loads(line) for line in (SHARED / "adgen" / "dev.jsonl").read_text(encoding="utf-8").splitlines()]
    queries, texts = [row["content"] for row in rows], [row["summary"] for row in rows]
    scores = evaluate(queries, texts, texts)
    assert scores["coverage"] == pytest.approx(95.6, abs=0.7)
    assert scores["distinct-2"] == pytest.approx(53.7, abs=0.7)
    assert scores["repetition-4"] < 1.0 and 0 < scores["banned"] <= 2.5


def test_the_command_line_shows_the_published_scores_beside(tmp_path, capsys):
    from lib_adcopy.cli import main

    data, written = files(tmp_path, [row["summary"] for row in ROWS])
    given = ["evaluate", "--data", str(data), "--predictions", str(written)]
    assert main(given) == 0
    shown = capsys.readouterr().out
    assert "P-Tuning v2 int4" in shown
    assert "31.12" in shown
    assert main([*given, "--json"]) == 0
    assert "31.12" not in capsys.readouterr().out


def test_a_brief_without_words_or_longer_than_any_stops_no_scores():
    queries = ["！！！", "类型#裙*颜色#红色" + "，好看" * 1000]
    assert faithfulness_scores(queries, ["好用。", "红色的裙子。"])["coverage"] > 0
