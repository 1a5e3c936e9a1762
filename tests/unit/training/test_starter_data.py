"""What the starter learns from: pairs whose copy says what the brief asks for, in pieces that can be copied."""

from __future__ import annotations

import random

import pytest

pytest.importorskip("sentencepiece")

from lib_adcopy.copywriting.review.review import says
from lib_adcopy.training.recipes import starter_data as data

ROWS = [
    ((("类型", "裙"), ("图案", "条纹"), ("颜色", "蓝色"), ("裙长", "长裙")), "蓝色的长裙，走路带风，配上条纹更清爽。"),
    ((("类型", "裙"), ("图案", "格子"), ("颜色", "绿色")), "格子裙摆随风动，绿色看着就清凉。"),
    ((("类型", "裤"), ("图案", "圆点")), "普通的裤子，什么都没说。"),
] * 5


def values(query):
    return [tuple(pair.split("#")) for pair in query.split("*")]


@pytest.mark.parametrize("seed", range(5))
def test_what_is_asked_for_is_said(seed):
    pairs = data.adgen_pairs(ROWS, random.Random(seed))
    assert len(pairs) == len(ROWS)
    for pair in pairs:
        (name, _), *asked = values(pair.query)
        assert name == "类型"
        assert all(says(pair.answer, *one) for one in asked)


def test_values_swapped_stay_of_their_kind_and_shared_by_brief_and_copy():
    texts = {text for _, text in ROWS}
    changed = [pair for pair in data.adgen_pairs(ROWS, random.Random(1), swapped=1.0) if pair.answer not in texts]
    assert changed
    known = {"图案": {"条纹", "格子", "圆点"}, "颜色": {"蓝色", "绿色"}, "裙长": {"长裙"}, "类型": {"裙", "裤"}}
    assert all(value in known[name] for pair in changed for name, value in values(pair.query))


def test_the_query_follows_the_copy_unless_it_is_shuffled(monkeypatch):
    monkeypatch.setattr(data, "_DISORDER", 0.0)
    first = data.adgen_pairs(ROWS, random.Random(0), swapped=0.0)[0]
    assert first.query == "类型#裙*颜色#蓝色*裙长#长裙*图案#条纹"


def test_words_are_whole_pieces_and_what_was_asked_for_weighs_more(tmp_path):
    from lib_adcopy.chatglm import load_tokenizer

    rows = ROWS * 3
    data.build_tokenizer(rows, tmp_path / "ice_text.model")
    tokenizer = load_tokenizer(tmp_path)
    pieces = [tokenizer.decode([piece]) for piece in tokenizer.encode("图案#条纹，条纹", special=False)]
    assert [piece for piece in pieces if piece] == ["图案#", "条纹", "，", "条纹"]
    pair = data.Pair("图案#条纹", "配上条纹更好", ("条纹",))
    ids, start, weights = data.tokens(pair, tokenizer, 3.0)
    assert len(ids) - start == len(weights)
    heavy = [tokenizer.decode([piece]) for piece, weight in zip(ids[start:], weights, strict=True) if weight == 3.0]
    assert heavy == ["条纹"]
    odd = "龘🎉 两  格\n新行"
    assert tokenizer.decode(tokenizer.encode(odd, special=False)) == odd


def test_other_products_say_every_point():
    for pair in data.template_pairs(20, "甲乙丙丁", random.Random(0), "beauty"):
        assert all(value.lower() in pair.answer.lower() for _, value in values(pair.query))
