"""P-Tuning v2: what it learns, and that its folder is the published form."""

from __future__ import annotations

import dataclasses
import json
import shutil
import subprocess
import sys
import threading
from importlib.util import find_spec
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from lib_adcopy.chatglm import check_folder, load_model, load_tokenizer  # noqa: E402
from lib_adcopy.chatglm.positions import build_inputs  # noqa: E402
from lib_adcopy.errors import AdCopyError  # noqa: E402
from lib_adcopy.model_library.models import Library  # noqa: E402
from lib_adcopy.training import loss  # noqa: E402
from lib_adcopy.training.data import read_data  # noqa: E402
from lib_adcopy.training.settings import PRESETS, Settings  # noqa: E402
from lib_adcopy.training.training import Training  # noqa: E402
from lib_adcopy.training.tune import tune  # noqa: E402
from tests.unit.training.runs import QUICK, examples, training, weights  # noqa: E402


@pytest.mark.parametrize("projection", [False, True])
def test_the_folder_is_the_published_form_and_switches_on(tiny, tmp_path, projection):
    settings = dataclasses.replace(QUICK, projection=projection)
    card = tune(data=examples(tmp_path), model=tiny, out=tmp_path / "mine", settings=settings)
    names = {"transformer.prefix_encoder.embedding.weight"}
    if projection:
        names |= {f"transformer.prefix_encoder.trans.{at}.{kind}" for at in (0, 2) for kind in ("weight", "bias")}
    saved = weights(tmp_path / "mine")
    assert set(saved) == names
    assert saved["transformer.prefix_encoder.embedding.weight"].shape == (4, 32 if projection else 2 * 2 * 32)
    assert {weight.dtype for weight in saved.values()} == {torch.float32}
    config = json.loads((tmp_path / "mine" / "config.json").read_text(encoding="utf-8"))
    assert (config["pre_seq_len"], config["prefix_projection"]) == (4, projection)
    assert check_folder(tmp_path / "mine").kind == "prefix"
    assert sorted(path.name for path in (tmp_path / "mine").iterdir()) == [
        "card.json", "config.json", "pytorch_model.bin",
    ]  # fmt: skip
    assert card["data_sha256"] == read_data(tmp_path / "data.jsonl").digest
    model = load_model(tiny, prefix=tmp_path / "mine")
    ids = torch.tensor([load_tokenizer(tiny).encode("类型#裙")])
    tuned = model(ids)
    model.use_prefix(None)
    assert not torch.allclose(tuned, model(ids))


def test_a_folder_as_the_published_scripts_leave_it_is_a_prefix(tiny, tmp_path):
    """Their trainer saves the tokenizer and its own state beside the prefix."""
    tune(data=examples(tmp_path), model=tiny, out=tmp_path / "checkpoint-3000", settings=QUICK)
    theirs = tmp_path / "checkpoint-3000"
    (theirs / "card.json").unlink()
    for name in ("trainer_state.json", "training_args.bin", "optimizer.pt", "scheduler.pt", "rng_state.pth"):
        (theirs / name).write_bytes(b"{}")
    for name in ("ice_text.model", "tokenizer_config.json"):
        (theirs / name).write_bytes((tiny / "ice_text.model").read_bytes())
    report = check_folder(theirs)
    assert (report.kind, report.problem) == ("prefix", None)
    shutil.copytree(tiny, tmp_path / "tiny")
    assert [entry.name for entry in Library([tmp_path]).prefixes_of("tiny")] == ["checkpoint-3000"]
    assert load_model(tiny, prefix=theirs).active_prefix == "checkpoint-3000"


def test_a_tuned_model_saved_whole_is_a_model(tiny, tmp_path):
    for file in tiny.iterdir():
        shutil.copy(file, tmp_path)
    config = json.loads((tiny / "config.json").read_text(encoding="utf-8"))
    (tmp_path / "config.json").write_text(json.dumps({**config, "pre_seq_len": 4}), encoding="utf-8")
    assert check_folder(tmp_path).kind == "model"


def test_gradients_are_those_of_the_plain_model(tiny, tmp_path):
    """Recomputed blocks and right padding change nothing: against keys and values put before each row by hand."""
    settings = dataclasses.replace(QUICK, dropout=0.0, batch=3, accumulation=1, gradient_checkpointing=True)
    run = training(tiny, examples(tmp_path), settings)
    ids, start = run._examples[3]
    batch = [run._examples[0], run._examples[5], (ids + [ids[-2]] * 3, start)]
    with loss.with_prefix(run._model, run.encoder(torch.float32), checkpointing=True):
        total, _ = loss.loss_sum(run._model, batch)
        total.backward()
    got = run.encoder.embedding.weight.grad.clone()

    leaf = run.encoder.embedding.weight.detach().clone().requires_grad_()
    model = load_model(tiny)
    plain = torch.zeros(())
    for ids, start in batch:
        plain = plain + _by_hand(model, leaf, torch.tensor([ids]), start)
    plain.backward()
    assert torch.allclose(total, plain, atol=1e-4)
    assert torch.allclose(got, leaf.grad, atol=1e-4)


def _by_hand(model, leaf, ids, start):
    """The published block written out: every head for itself, the softmax over prefix and text."""
    config, alpha = model.config, 56**0.5
    attention_mask, positions = build_inputs(ids, config)
    cos, sin = model.rotary(positions)
    hidden, wide = model.transformer.word_embeddings(ids)[0], config.head_dim
    for at, block in enumerate(model.transformer.layers):
        normed = block.input_layernorm(hidden)
        mixed = block.attention.query_key_value(normed)
        heads = []
        for head in range(config.num_attention_heads):
            query, key, value = mixed[:, head * 3 * wide : (head + 1) * 3 * wide].split(wide, dim=1)
            query, key = (_turn(states, cos[0, 0, :, 0], sin[0, 0, :, 0]) for states in (query, key))
            columns = slice(head * wide, (head + 1) * wide)
            width = config.hidden_size
            key = torch.cat([leaf[:, 2 * at * width : (2 * at + 1) * width][:, columns], key])
            value = torch.cat([leaf[:, (2 * at + 1) * width : (2 * at + 2) * width][:, columns], value])
            seen = torch.cat([torch.ones(len(normed), len(leaf), dtype=torch.bool), attention_mask[0, 0]], dim=1)
            scores = (query @ key.T / wide**0.5).masked_fill(~seen, -10000.0)
            heads.append(scores.softmax(dim=-1) @ value)
        hidden = normed * alpha + block.attention.dense(torch.cat(heads, dim=1))
        normed = block.post_attention_layernorm(hidden)
        hidden = normed * alpha + block.mlp(normed)
    logs = model.lm_head(model.transformer.final_layernorm(hidden)).log_softmax(dim=-1)
    return -sum(logs[at - 1, ids[0, at]] for at in range(start, ids.size(1)))


# The table's sine carries the sign of the half that swaps down.
def _turn(states, cos, sin):
    first, second = states.chunk(2, dim=1)
    swapped = [torch.cat([half.chunk(2, dim=1)[1], half.chunk(2, dim=1)[0]], dim=1) for half in (first, second)]
    return states * cos + torch.cat(swapped, dim=1) * sin


def test_the_held_out_loss_falls(tiny, tmp_path):
    settings = dataclasses.replace(QUICK, prefix_length=16, steps=60, held_out=0.2, save_every=20)
    run = training(tiny, examples(tmp_path), settings)
    before, untuned = run.held_out_loss(), run.held_out_loss(tuned=False)
    seen = [progress.held_out for progress in run.run(threading.Event()) if progress.held_out is not None]
    assert len(seen) == 3
    assert seen[-1] < min(before, untuned)
    card = run.card("tiny")
    assert card["held_out_loss"] == round(seen[-1], 4)
    # What the model says without a prefix is the same before and after.
    assert card["untuned_held_out_loss"] == round(untuned, 4) != round(before, 4)


def test_a_folder_that_is_no_model_says_so(tmp_path):
    with pytest.raises(AdCopyError) as raised:
        tune(data=examples(tmp_path), model=tmp_path, out=tmp_path / "out", settings=QUICK)
    assert raised.value.code == "chatglm.no_config"


def test_a_rate_that_blows_up_is_told(tiny, tmp_path):
    run = training(tiny, examples(tmp_path), QUICK)
    with torch.no_grad():
        run.encoder.embedding.weight.fill_(float("inf"))
    with pytest.raises(AdCopyError, match="learning rate"):
        next(run.run(threading.Event()))


def test_the_command_line_tunes_and_says_what_it_made(tiny, tmp_path, capsys):
    from lib_adcopy.cli import main

    data = examples(tmp_path)
    data.write_text(data.read_text(encoding="utf-8") + "\nno json\n", encoding="utf-8")
    given = ["--data", str(data), "--model", str(tiny), "--out", str(tmp_path / "mine")]
    assert main(["tune", *given, "--preset", "few", "--steps", "2", "--json"]) == 0
    said = capsys.readouterr()
    told = json.loads(said.out)
    # Before the first step: the counts, the row left out, what it will take.
    before = said.err.partition("step 2")[0]
    assert all(words in before for words in ("20 条示例", "第 21 行", "这次训练大约需要", "0-24: 20"))
    assert "训练 18 条，留出 2 条" in before
    assert (told["step"], told["data"]["pairs"], told["left_out"]) == (
        2, 20, [{"line": 21, "why": "not a JSON object"}],
    )  # fmt: skip
    assert check_folder(tmp_path / "mine").kind == "prefix"


def test_the_command_line_writes_over_no_model_and_no_finished_prefix(tiny, tmp_path, capsys):
    """A prefix in a model's folder would be the end of the model."""
    from lib_adcopy.cli import main

    shutil.copytree(tiny, tmp_path / "base")
    before = {file.name: file.read_bytes() for file in (tmp_path / "base").iterdir()}
    given = ["tune", "--data", str(examples(tmp_path)), "--model", str(tmp_path / "base"), "--preset", "few"]
    assert main([*given, "--steps", "1", "--out", str(tmp_path / "base")]) == 2
    assert {file.name: file.read_bytes() for file in (tmp_path / "base").iterdir()} == before
    assert main([*given, "--steps", "1", "--out", str(tmp_path / "mine")]) == 0
    made = (tmp_path / "mine" / "pytorch_model.bin").read_bytes()
    capsys.readouterr()
    assert main([*given, "--steps", "2", "--out", str(tmp_path / "mine")]) == 2
    assert "mine" in capsys.readouterr().err
    assert (tmp_path / "mine" / "pytorch_model.bin").read_bytes() == made


def test_a_row_of_the_general_pairs_is_not_left_out_in_silence(tiny, tmp_path, capsys):
    from lib_adcopy.cli import main

    rows = [json.dumps({"content": f"问{at}", "summary": "答。"}, ensure_ascii=False) for at in range(8)]
    (tmp_path / "general.jsonl").write_text("\n".join([*rows, "no json"]), encoding="utf-8")
    given = ["--data", str(examples(tmp_path)), "--model", str(tiny), "--out", str(tmp_path / "mine")]
    mixing = ["--general", str(tmp_path / "general.jsonl"), "--general-share", "0.2", "--preset", "few", "--steps", "1"]
    assert main(["tune", *given, *mixing, "--json"]) == 0
    said = capsys.readouterr()
    assert "通用示例\n8 条示例; 略过 1 条" in said.err and "第 9 行：不是 JSON 对象" in said.err
    told = json.loads(said.out)
    assert (told["left_out"], told["general_left_out"]) == ([], [{"line": 9, "why": "not a JSON object"}])


def test_texts_are_cut_as_the_published_script_cuts_them(tiny, tmp_path):
    settings = dataclasses.replace(QUICK, max_source=5, max_target=6)
    run = training(tiny, examples(tmp_path), settings)
    tokenizer = load_tokenizer(tiny)
    for ids, start in run._examples:
        assert ids[start - 2 : start] == [tokenizer.gmask_id, tokenizer.bos_id]
        assert (start, len(ids) - start, ids[-1]) == (4 + 2, 4 + 1, tokenizer.eos_id)


def test_the_tokens_counted_are_those_of_the_published_script(tiny, tmp_path):
    """THUDM's ptuning/main.py labels all from <sop> on and the model shifts: what follows [gMASK] counts, <sop> too."""
    settings = dataclasses.replace(QUICK, dropout=0.0, batch=1, accumulation=1)
    run = training(tiny, examples(tmp_path, count=2), settings)
    model, tokenizer = run._model, load_tokenizer(tiny)
    gmask, sop, eop = tokenizer.gmask_id, tokenizer.bos_id, tokenizer.eos_id
    one = tokenizer.encode("裙", special=False), tokenizer.encode("好看", special=False)
    run._examples = [([*one[0], gmask, sop, *one[1], eop], len(one[0]) + 2)]
    assert [len(part) for part in one] == [2, 3]
    #         ▁     裙  [gMASK] <sop> ▁ 好 看  <eop>
    labels = [-100, -100, -100, sop, *one[1], eop]
    ids = torch.tensor([run._examples[0][0]])
    assert ids.size(1) == len(labels)
    with torch.no_grad(), run._with_prefix(None):
        scores = model(ids)
    official = torch.nn.functional.cross_entropy(scores[0, :-1], torch.tensor(labels[1:]), ignore_index=-100)
    assert next(run.run(threading.Event())).loss == pytest.approx(float(official), abs=1e-5)


def test_the_held_out_loss_is_of_the_copies_alone(tiny, tmp_path):
    """No model is ever asked for <sop>: what it costs would hide what the copies cost."""
    run = training(tiny, examples(tmp_path), dataclasses.replace(QUICK, held_out=0.1))
    total = count = 0
    for ids, start in run._held_out:
        with torch.no_grad(), loss.with_prefix(run._model, run.encoder(torch.float32)):
            logs = run._model(torch.tensor([ids]))[0].log_softmax(dim=-1)
        total -= sum(float(logs[at - 1, ids[at]]) for at in range(start, len(ids)))
        count += len(ids) - start
    assert run.held_out_loss() == pytest.approx(total / count, abs=1e-5)


def test_the_published_recipe_is_the_default():
    official = PRESETS["official"]
    assert official == Settings()
    assert (official.prefix_length, official.steps, official.batch, official.accumulation) == (128, 3000, 1, 16)
    assert (official.max_source, official.max_target, official.rate) == (64, 64, 2e-2)


@pytest.mark.parametrize("bits", [4, 8])
def test_a_prefix_learns_before_quantised_weights_as_before_what_they_stand_for(tiny, tmp_path, bits):
    """The base stays packed; its gradients are those of the same network with the weights written out."""
    from lib_adcopy.chatglm.quantisation import dequantise

    settings = dataclasses.replace(QUICK, dropout=0.0)
    data, gradients = examples(tmp_path), []
    packed = load_model(tiny, quantization_bit=bits)
    plain = load_model(tiny)
    for name, module in plain.named_modules():
        held = packed.get_submodule(name)
        if hasattr(held, "weight_scale"):
            module.weight.data = dequantise(held.weight, held.weight_scale, bits, torch.float32)
    for model in (packed, plain):
        run = Training(model, load_tokenizer(tiny), read_data(data), settings)
        with run._with_prefix(None):
            loss.loss_sum(model, run._examples[:2])[0].backward()
        gradients.append(run.encoder.embedding.weight.grad)
    assert gradients[0].abs().max() > 0
    assert torch.allclose(*gradients, atol=1e-4)


@pytest.mark.slow
@pytest.mark.skipif(find_spec("accelerate") is None, reason="needs accelerate")
def test_two_processes_train_the_prefix_that_one_does(tiny, tmp_path):
    data = examples(tmp_path)
    given = ["tune", "--data", str(data), "--model", str(tiny), "--preset", "few", "--steps", "3", "--json"]
    launch = ["-m", "accelerate.commands.launch", "--cpu", "--num_machines", "1", "--mixed_precision", "no",
              "--dynamo_backend", "no", "--main_process_port", "0", "-m"]  # fmt: skip
    root = Path(__file__).resolve().parents[3]
    for count in ("1", "2"):
        command = [sys.executable, *launch[:3], "--num_processes", count, *launch[3:], "lib_adcopy", *given]
        done = subprocess.run(
            [*command, "--out", str(tmp_path / count)], cwd=root, capture_output=True, encoding="utf-8", timeout=300
        )
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["step"] == 3
    one, two = (weights(tmp_path / count)["transformer.prefix_encoder.embedding.weight"] for count in ("1", "2"))
    assert torch.allclose(one, two, atol=1e-4)
