"""The starter model that ships: the official form, small, and it says what the seller named."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from lib_adcopy.chatglm import ChatModel, check_folder  # noqa: E402
from lib_adcopy.copywriting.brief import parse_brief  # noqa: E402
from lib_adcopy.copywriting.review import rank  # noqa: E402
from lib_adcopy.copywriting.writers.chatglm import ChatGLMWriter  # noqa: E402
from lib_adcopy.domain.writing import Sampling  # noqa: E402

STARTER = Path(__file__).resolve().parents[3] / "models" / "starter"
CLOTHING = (
    "裙子，文艺风格，连衣裙，圆领",
    "类型#上衣*版型#宽松*颜色#白色*图案#条纹*衣样式#衬衫",
    "类型#裤*风格#休闲*裤长#九分裤*裤腰型#高腰",
)


@pytest.fixture(scope="module")
def chat():
    return ChatModel.open(STARTER)


def test_it_is_whole_and_small():
    report = check_folder(STARTER)
    assert (report.kind, report.problem) == ("model", None)
    assert sum(file.stat().st_size for file in STARTER.iterdir()) <= 12_000_000
    assert {file.name for file in STARTER.iterdir()} == {
        "config.json", "ice_text.model", "model.safetensors", "MODEL_CARD.md",
    }  # fmt: skip


def test_its_tokenizer_has_the_official_pieces_and_reads_back_what_it_is_given(chat):
    tokenizer, config = chat.tokenizer, chat.model.config
    assert (tokenizer.bos_id, tokenizer.eos_id) == (config.bos_token_id, config.eos_token_id)
    assert (tokenizer.gmask_id, tokenizer.mask_id, tokenizer.pad_id) == (
        config.gmask_token_id, config.mask_token_id, config.pad_token_id,
    )  # fmt: skip
    pieces = ["<unk>", "<s>", "</s>", "<pad>", "<n>"]
    assert [tokenizer.piece_id(piece) for piece in pieces] == [0, 1, 2, 3, 4]
    text = "显瘦的连衣裙，第1款！\n两  格，龘🎉\tTab"
    assert tokenizer.decode(tokenizer.encode(text, special=False)) == text


@pytest.mark.parametrize("words", CLOTHING)
def test_the_best_of_four_says_nearly_all_of_a_garment_and_nothing_forbidden(chat, words):
    writer, brief = ChatGLMWriter(chat, ad_model=True), parse_brief(words)
    drafts = writer.write(brief, count=4, seed=1, sampling=Sampling(), stop=threading.Event())
    best = rank(brief, [draft.copy for draft in drafts if draft.done])[0]
    assert len(brief.attributes) >= 4
    assert best.review.coverage >= 0.75
    assert best.review.banned == ()
    assert 20 <= len(best.copy.body) <= 400


@pytest.mark.parametrize("words", ["口红，哑光，显白", "机械键盘，静音，热插拔，无线"])
def test_other_products_get_a_title_a_body_and_hashtags(chat, words):
    writer, brief = ChatGLMWriter(chat, ad_model=True), parse_brief(words)
    drafts = writer.write(brief, count=4, seed=1, sampling=Sampling(), stop=threading.Event())
    best = rank(brief, [draft.copy for draft in drafts if draft.done])[0]
    assert best.copy.title and best.copy.body and best.copy.hashtags
    assert best.review.coverage >= 0.6


def test_the_same_seed_writes_the_same_copy_alone_and_in_a_batch(chat):
    writer, brief = ChatGLMWriter(chat, ad_model=True), parse_brief(CLOTHING[0])

    def written(count, seed):
        drafts = writer.write(brief, count=count, seed=seed, sampling=Sampling(), stop=threading.Event())
        return {draft.copy.seed: draft.copy.text for draft in drafts if draft.done}

    assert written(3, 7)[8] == written(1, 8)[8]
