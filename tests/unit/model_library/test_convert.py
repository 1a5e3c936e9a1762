"""A converted folder says what its source says, whatever form the source has; a half-written one never appears."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

pytest.importorskip("torch")

import torch
from safetensors.torch import load_file, save_file

from lib_adcopy.chatglm import check_folder, load_model
from lib_adcopy.chatglm.config import ChatGLMConfig
from lib_adcopy.chatglm.kernels import dot, weight_layout
from lib_adcopy.chatglm.model import ChatGLM
from lib_adcopy.errors import AdCopyError
from lib_adcopy.model_library import convert as converting
from lib_adcopy.model_library.convert import convert
from tests.unit.model_library.conftest import CONFIG

ROOT = Path(__file__).resolve().parents[3]
IDS = torch.tensor([[5, 6, 7, 59, 60]])


@pytest.fixture
def source(tmp_path):
    """A model in half precision, in two shards as the published one is: .bin, the head alone in the last."""
    folder = tmp_path / "tiny"
    folder.mkdir()
    torch.manual_seed(1)
    config = ChatGLMConfig(**{name: value for name, value in CONFIG.items() if hasattr(ChatGLMConfig, name)})
    model = ChatGLM(config)
    for name, parameter in model.named_parameters():
        torch.nn.init.normal_(parameter, std=1.0 if "layernorm" in name else 0.05)
    weights = {name: weight.half() for name, weight in model.state_dict().items()}
    weights["lm_head.weight"] = weights["transformer.word_embeddings.weight"].clone()
    last = {"lm_head.weight": weights.pop("lm_head.weight")}
    index = {}
    for number, part in enumerate((weights, last), 1):
        file = f"pytorch_model-0000{number}-of-00002.bin"
        torch.save(part, folder / file)
        index |= dict.fromkeys(part, file)
    (folder / "pytorch_model.bin.index.json").write_text(json.dumps({"weight_map": index}))
    (folder / "config.json").write_text(json.dumps(CONFIG))
    (folder / "ice_text.model").write_bytes(b"a tokenizer")
    (folder / "modeling_chatglm.py").write_text("raise SystemExit")
    return folder


def run(folder, bits, out, *, stop=None, tell=lambda progress: None):
    return convert(folder, bits, out, on_progress=tell, stop=stop or threading.Event())


def said(folder, **options):
    with torch.no_grad():
        return load_model(folder, **options)(IDS)


@pytest.mark.parametrize("bits", [4, 8])
def test_it_says_what_the_source_says_when_that_is_quantised_while_read(source, tmp_path, bits):
    out = tmp_path / f"tiny-int{bits}"
    seen = []
    assert run(source, bits, out, tell=seen.append) == out
    report = check_folder(out)
    assert (report.bits, report.problem) == (bits, None)
    assert report.size_bytes < check_folder(source).size_bytes
    assert torch.equal(said(out), said(source, quantization_bit=bits))
    assert not (out / "modeling_chatglm.py").exists()
    fractions = [progress.fraction for progress in seen]
    assert fractions == sorted(fractions)


# Of the small model's matrices only these have the form that each layout's blocks need.
PACKED = {"own": {"dense_4h_to_h"}, "torch": {"dense_h_to_4h"}, "none": set()}


def without_our_own(patch):
    """A machine without llvmlite."""
    patch.setattr(dot, "get_program", lambda: None)
    patch.setattr(weight_layout, "get_program", lambda: None)


@pytest.mark.parametrize("layout", PACKED)
def test_a_machine_without_a_card_finds_its_weights_packed_and_every_other_still_reads_them(
    source, tmp_path, monkeypatch, layout
):
    if layout == "own" and weight_layout.get_program() is None:
        pytest.skip("no products of our own on this machine")
    with monkeypatch.context() as patch:
        patch.setattr(converting, "_starts_on_processor", lambda: layout != "none")
        if layout == "torch":
            without_our_own(patch)
            if weight_layout.native_layout() is None:
                pytest.skip("no layout of torch's on this machine")
        out = run(source, 4, tmp_path / "out")
    kept = {name: weight for file in out.glob("*.safetensors") for name, weight in load_file(file).items()}
    assert ("lm_head.weight" in kept, "lm_head.weight_scale" in kept) == (layout != "none", layout != "none")
    found = {name.split(".")[-2] for name, weight in kept.items() if weight.dtype == torch.uint8}
    assert found == PACKED[layout]
    for patched in (False, True):
        if patched:
            without_our_own(monkeypatch)
        for dtype in (torch.float32, torch.bfloat16):
            assert torch.equal(said(out, dtype=dtype), said(source, dtype=dtype, quantization_bit=4))
    again = run(out, 4, tmp_path / "again")
    assert torch.equal(said(again), said(source, quantization_bit=4))


def test_a_folder_from_another_machine_is_converted_to_this_ones_layout(source, tmp_path, monkeypatch):
    monkeypatch.setattr(converting, "_starts_on_processor", lambda: True)
    if weight_layout.get_program() is None:
        pytest.skip("no products of our own on this machine")
    with monkeypatch.context() as patch:
        without_our_own(patch)
        there = run(source, 4, tmp_path / "there")
    again = run(there, 4, tmp_path / "again")
    kept = {name: weight for file in again.glob("*.safetensors") for name, weight in load_file(file).items()}
    assert {name.split(".")[-2] for name, weight in kept.items() if weight.dtype == torch.uint8} == PACKED["own"]
    assert torch.equal(said(again), said(source, quantization_bit=4))


@pytest.mark.parametrize("head_first", [True, False])
def test_the_head_is_kept_once_where_it_is_the_embedding(source, tmp_path, monkeypatch, head_first):
    monkeypatch.setattr(converting, "_starts_on_processor", lambda: False)
    if head_first:
        first, last = (source / f"pytorch_model-0000{number}-of-00002.bin" for number in (1, 2))
        weights, head = (torch.load(file, weights_only=True) for file in (first, last))
        torch.save(head, first)
        torch.save(weights, last)
    out = run(source, 4, tmp_path / "out")
    index = json.loads((out / "model.safetensors.index.json").read_text())
    assert "lm_head.weight" not in index["weight_map"]


def test_a_head_of_its_own_is_kept(source, tmp_path):
    own = torch.randn(64, 32).half()
    torch.save({"lm_head.weight": own}, source / "pytorch_model-00002-of-00002.bin")
    out = run(source, 8, tmp_path / "out")
    assert torch.equal(said(out), said(source, quantization_bit=8))


def test_parts_are_written_as_they_fill(source, tmp_path, monkeypatch):
    monkeypatch.setattr(converting, "_PART_BYTES", 5_000)
    out = run(source, 4, tmp_path / "out")
    names = sorted(file.name for file in out.glob("*.safetensors"))
    assert len(names) > 2
    assert names[-1] == f"model-{len(names):05}-of-{len(names):05}.safetensors"
    assert torch.equal(said(out), said(source, quantization_bit=4))


def test_what_is_quantised_already_keeps_its_numbers_or_goes_down(source, tmp_path):
    in_8 = run(source, 8, tmp_path / "in-8")
    again = run(in_8, 8, tmp_path / "again")
    assert torch.equal(said(again), said(in_8))
    in_4 = run(in_8, 4, tmp_path / "in-4")
    assert check_folder(in_4).bits == 4
    close = torch.nn.functional.cosine_similarity(said(in_4)[0, -1], said(in_8)[0, -1], dim=0)
    assert close > 0.95
    with pytest.raises(AdCopyError) as raised:
        run(in_4, 8, tmp_path / "up")
    assert raised.value.code == "model_library.cannot_convert"


def test_an_official_int4_in_bin_becomes_safetensors(source, tmp_path):
    out = run(source, 4, tmp_path / "out")
    weights = {}
    for file in out.glob("*.safetensors"):
        weights |= load_file(file)
    official = tmp_path / "official"
    official.mkdir()
    for name in ("config.json", "ice_text.model"):
        shutil.copy(out / name, official)
    torch.save(weights, official / "pytorch_model.bin")
    again = run(official, 4, tmp_path / "again")
    assert torch.equal(said(again), said(out))


def test_one_that_was_stopped_or_failed_leaves_nothing(source, tmp_path, monkeypatch):
    stop = threading.Event()
    assert run(source, 4, tmp_path / "out", stop=stop, tell=lambda progress: stop.set()) is None
    assert sorted(file.name for file in tmp_path.iterdir()) == ["tiny"]

    def full(*args, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("lib_adcopy.chatglm.save.save_file", full)
    with pytest.raises(AdCopyError) as raised:
        run(source, 4, tmp_path / "out")
    assert raised.value.code == "model_library.cannot_write"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["tiny"]


def test_a_users_own_folder_of_the_name_that_ours_has_on_its_way_is_left_alone(source, tmp_path):
    (tmp_path / ".out.part").mkdir()
    (tmp_path / ".out.part" / "1.safetensors").write_bytes(b"his")
    with pytest.raises(AdCopyError) as raised:
        run(source, 4, tmp_path / "out")
    assert raised.value.code == "model_library.name_taken"
    assert (tmp_path / ".out.part" / "1.safetensors").read_bytes() == b"his"


def test_a_truncated_source_or_a_name_that_is_taken_is_said(source, tmp_path):
    with pytest.raises(AdCopyError) as raised:
        run(source, 4, source)
    assert raised.value.code == "model_library.name_taken"
    shard = source / "pytorch_model-00001-of-00002.bin"
    shard.write_bytes(shard.read_bytes()[:-1000])
    with pytest.raises(AdCopyError) as raised:
        run(source, 4, tmp_path / "out")
    assert raised.value.code == "chatglm.truncated"


def test_loading_a_model_leaves_torchs_compiler_alone(source):
    code = f"import sys; from lib_adcopy.chatglm import load_model; load_model({str(source)!r}, quantization_bit=4)"
    asked = [sys.executable, "-c", f"{code}; print('torch._dynamo' in sys.modules)"]
    done = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_safetensors_are_a_source_too(source, tmp_path):
    weights = {}
    for file in source.glob("*.bin"):
        weights |= torch.load(file, weights_only=True)
        file.unlink()
    (source / "pytorch_model.bin.index.json").unlink()
    weights["lm_head.weight"] = weights["lm_head.weight"].clone()
    save_file(weights, source / "model.safetensors")
    out = run(source, 4, tmp_path / "out")
    assert torch.equal(said(out), said(source, quantization_bit=4))
