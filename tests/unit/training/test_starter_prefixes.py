"""Prefixes of the starter: one learns twenty pairs by heart while the model stays as it is; those that ship write."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from lib_adcopy.app.studio import Studio  # noqa: E402
from lib_adcopy.chatglm import ChatModel  # noqa: E402
from lib_adcopy.chatglm.config import ChatGLMConfig  # noqa: E402
from lib_adcopy.domain.ad import Ad  # noqa: E402
from lib_adcopy.domain.writing import AUTOMATIC, Sampling, WriteOptions  # noqa: E402
from lib_adcopy.hosts.standalone import StandaloneHost  # noqa: E402
from lib_adcopy.training.settings import PRESETS  # noqa: E402
from lib_adcopy.training.tune import tune  # noqa: E402

ROOT = Path(__file__).resolve().parents[3]
STARTER = ROOT / "models" / "starter"
SHIPPED = ("starter-adgen", "starter-beauty")
KEY = "transformer.prefix_encoder.embedding.weight"
CLOTHING, BEAUTY = "类型#裙*风格#文艺*裙长#连衣裙*裙领型#圆领", "口红，哑光，显白，不拔干"


@pytest.fixture(scope="module")
def chat():
    return ChatModel.open(STARTER)


def test_twenty_pairs_are_reproduced_by_their_prefix_alone(chat, tmp_path):
    colours = {"红": "看着喜庆", "黄": "明快得很", "蓝": "安静耐看", "绿": "像一小片树荫"}
    kinds = {"灯": "夜里亮起来", "杯": "早上泡杯茶", "书": "睡前翻两页", "伞": "雨天不发愁", "笔": "写字很顺手"}
    pairs = [
        (f"产品#{colour}{kind}", f"{colour}色的{kind}，{use}，{look}。")
        for kind, use in kinds.items()
        for colour, look in colours.items()
    ]
    rows = [json.dumps({"content": query, "summary": copy}, ensure_ascii=False) for query, copy in pairs]
    (tmp_path / "pairs.jsonl").write_text("\n".join(rows), encoding="utf-8")
    settings = replace(PRESETS["starter"], prefix_length=16, steps=30, batch=20, dropout=0.0, held_out=0.0)
    tune(data=tmp_path / "pairs.jsonl", model=STARTER, out=tmp_path / "mine", settings=settings)
    chat.add_prefix("mine", tmp_path / "mine")

    def answer(query, prefix):
        greedy = Sampling(temperature=0.0, max_length=60)
        return list(chat.stream(query, sampling=greedy, prefix=prefix, raw=True))[-1].text

    assert [answer(query, "mine") for query, _ in pairs] == [copy for _, copy in pairs]
    assert answer(pairs[0][0], None) != pairs[0][1]


def test_a_prefix_taught_briefs_in_words_writes_them_in_the_tab(tmp_path):
    """Of cups, which have none of AdvertiseGen's attributes."""
    pairs = [
        (f"{colour}保温杯，{use}", f"这只{colour}保温杯{use}，用过的都说好。")
        for colour in ("红色", "黑色", "白色", "蓝色")
        for use in ("不漏水", "拿着轻", "好清洗")
    ]
    rows = [json.dumps({"content": query, "summary": copy}, ensure_ascii=False) for query, copy in pairs]
    (tmp_path / "pairs.jsonl").write_text("\n".join(rows), encoding="utf-8")
    (tmp_path / "models").mkdir()
    (tmp_path / "models" / "starter").symlink_to(STARTER)
    settings = replace(PRESETS["starter"], prefix_length=16, steps=40, batch=12, held_out=0.0)
    card = tune(
        data=tmp_path / "pairs.jsonl", model=STARTER, out=tmp_path / "models" / "cups", settings=settings
    )
    assert card["asked_as"] == "words"
    studio = Studio(StandaloneHost(tmp_path))
    for query, copy in pairs[:3]:
        options = WriteOptions(writer="starter", prefix="cups", count=1, seed=3, sampling=Sampling(temperature=0.1))
        *_, last = studio.write(Ad(studio.parse(query), options), stop=threading.Event())
        assert last.ad.candidates[0].copy.body == copy


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_prefix_is_the_published_form_and_names_nothing_of_where_it_was_made(name):
    folder = STARTER.with_name(name)
    assert {file.name for file in folder.iterdir()} == {"config.json", "pytorch_model.bin", "card.json"}
    weights = torch.load(folder / "pytorch_model.bin", weights_only=True)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    base = ChatGLMConfig.read(STARTER)
    assert {key: tuple(weight.shape) for key, weight in weights.items()} == {
        KEY: (config["pre_seq_len"], base.num_layers * 2 * base.hidden_size)
    }
    assert (weights[KEY].dtype, config["prefix_projection"]) == (torch.float32, False)
    for file in folder.iterdir():
        assert not any(place in file.read_bytes() for place in (b"/home", b"/work", b"/root", b"/tmp", b"\\Users"))


def test_starter_and_prefixes_together_stay_small():
    folders = [STARTER, *(STARTER.with_name(name) for name in SHIPPED)]
    assert sum(file.stat().st_size for folder in folders for file in folder.iterdir()) <= 12_000_000


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_prefix_reads_unseen_pairs_of_its_own_far_better_than_the_base(name):
    card = json.loads((STARTER.with_name(name) / "card.json").read_text(encoding="utf-8"))
    assert card["dev"]["prefix"] < 0.9 * card["dev"]["base"]
    assert card["held_out_loss"] < card["untuned_held_out_loss"]


@pytest.fixture
def studio(tmp_path):
    (tmp_path / "models").mkdir()
    for name in ("starter", *SHIPPED):
        (tmp_path / "models" / name).symlink_to(STARTER.with_name(name))
    return Studio(StandaloneHost(tmp_path))


def written(studio, words, prefix):
    options = WriteOptions("starter", prefix, count=2, seed=5)
    *_, last = studio.write(Ad(studio.parse(words), options), stop=threading.Event())
    return [one.copy.text for one in last.ad.candidates]


def test_they_are_offered_for_the_starter_and_the_category_chooses(studio):
    assert studio.default_writer() == "template"
    assert studio.prefixes("starter") == SHIPPED
    assert studio.prefixes("template") == ()
    by_hand = {prefix: written(studio, CLOTHING, prefix) for prefix in (None, *SHIPPED)}
    assert len({tuple(texts) for texts in by_hand.values()}) == 3
    assert written(studio, CLOTHING, AUTOMATIC) == by_hand["starter-adgen"]
    # It writes of clothing alone; of all else the template writes, whatever prefix is chosen.
    assert len({tuple(written(studio, BEAUTY, prefix)) for prefix in (None, *SHIPPED, AUTOMATIC)}) == 1
    studio.close()


def test_the_clothing_prefix_says_all_that_was_asked_for(studio):
    brief = studio.parse(CLOTHING)
    options = WriteOptions("starter", "starter-adgen", count=4, seed=1)
    *_, last = studio.write(Ad(brief, options), stop=threading.Event())
    assert [one.review.missing for one in last.ad.candidates] == [()] * 4
    assert not any(one.review.banned for one in last.ad.candidates)
    studio.close()
