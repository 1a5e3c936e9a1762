"""Every folder a user may have: what loads, and what is wrong with what does not, in one sentence each."""

from __future__ import annotations

import dataclasses
import json

import pytest

torch = pytest.importorskip("torch")

import safetensors.torch  # noqa: E402
from safetensors.torch import load_file  # noqa: E402

from lib_adcopy.chatglm import ChatGLMError, load_model, quantisation  # noqa: E402
from lib_adcopy.chatglm import load as room  # noqa: E402
from lib_adcopy.chatglm.save import save_aligned  # noqa: E402
from tests.unit.chatglm.conftest import SMALL, prompt, random_weights, write_folder  # noqa: E402

IDS = torch.tensor([prompt(9)])


def rewrite_config(folder, **changes):
    file = folder / "config.json"
    stored = json.loads(file.read_text()) | changes
    file.write_text(json.dumps({name: value for name, value in stored.items() if value is not None}))


def as_bin(folder, shards=1):
    """The folder's weights as the published ones are: pytorch_model.bin, in one piece or several."""
    weights = load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    if shards == 1:
        torch.save(weights, folder / "pytorch_model.bin")
        return folder
    names, where = sorted(weights), {}
    for at in range(shards):
        file = f"pytorch_model-{at + 1:05}-of-{shards:05}.bin"
        torch.save({name: weights[name].clone() for name in names[at::shards]}, folder / file)
        where |= dict.fromkeys(names[at::shards], file)
    (folder / "pytorch_model.bin.index.json").write_text(json.dumps({"weight_map": where}))
    return folder


@pytest.fixture
def mine(tmp_path):
    return write_folder(tmp_path / "chatglm-6b")


def refused(folder):
    with pytest.raises(ChatGLMError) as caught:
        load_model(folder)
    sentence = str(caught.value)
    assert "\n" not in sentence and sentence.endswith(".")
    return caught.value.code, sentence


@pytest.mark.parametrize("shards", [1, 3])
def test_bin_files_give_what_safetensors_give(folder, mine, shards):
    assert torch.equal(load_model(as_bin(mine, shards))(IDS), load_model(folder)(IDS))


@pytest.mark.parametrize("kind", ["safetensors", "bin"])
def test_how_far_the_reading_is_is_told_in_bytes(mine, kind):
    size = (as_bin(mine) / "pytorch_model.bin" if kind == "bin" else mine / "model.safetensors").stat().st_size
    heard = []
    load_model(mine, on_progress=lambda *so_far: heard.append(so_far))
    done = [read for read, _ in heard]
    assert {total for _, total in heard} == {size}
    assert done[0] == 0 and done == sorted(done) and 0.5 * size < done[-1] <= size


def test_what_hears_of_the_reading_may_end_it(mine):
    def enough(done, total):
        heard.append(done)
        if done:
            raise KeyboardInterrupt

    heard = []
    with pytest.raises(KeyboardInterrupt):
        load_model(mine, on_progress=enough)
    assert len(heard) == 2


def test_a_folder_without_config(tmp_path):
    assert refused(tmp_path)[0] == "no_config"


def test_a_config_that_is_no_json(mine):
    (mine / "config.json").write_text("{")
    assert refused(mine)[0] == "bad_config"


def test_a_later_chatglm_is_told_apart(mine):
    rewrite_config(mine, inner_hidden_size=None, padded_vocab_size=65024, multi_query_attention=True)
    code, sentence = refused(mine)
    assert code == "not_chatglm" and "ChatGLM2/3" in sentence


def test_another_kind_of_model(mine):
    rewrite_config(mine, model_type="llama")
    assert "llama" in refused(mine)[1]


def test_one_dimensional_positions_are_refused(mine):
    rewrite_config(mine, position_encoding_2d=False)
    assert refused(mine)[0] == "positions"


def test_no_weights_at_all(mine):
    (mine / "model.safetensors").unlink()
    assert refused(mine)[0] == "no_weights"


def test_a_git_lfs_pointer_instead_of_weights(mine):
    (mine / "model.safetensors").write_text("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n")
    assert refused(mine) == ("lfs_pointer", refused(mine)[1]) and "model.safetensors" in refused(mine)[1]


def test_a_missing_shard_is_named(mine):
    as_bin(mine, 3)
    (mine / "pytorch_model-00002-of-00003.bin").unlink()
    code, sentence = refused(mine)
    assert code == "missing_shard" and "pytorch_model-00002-of-00003.bin" in sentence


@pytest.mark.parametrize("kind", ["safetensors", "bin"])
@pytest.mark.parametrize("kept", [0.0, 0.5, 0.99])
def test_a_truncated_file_is_named_and_left_where_it_is(mine, kind, kept):
    file = mine / "model.safetensors"
    if kind == "bin":
        file = as_bin(mine) / "pytorch_model.bin"
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * kept)])
    before = sorted(path.name for path in mine.iterdir())
    code, sentence = refused(mine)
    assert code == "truncated" and file.name in sentence
    assert sorted(path.name for path in mine.iterdir()) == before


def test_a_zip_that_holds_no_tensors(mine):
    (mine / "model.safetensors").unlink()
    torch.save([1, 2, 3], mine / "pytorch_model.bin")
    assert refused(mine)[0] == "truncated"


def test_a_pickle_that_would_run_code_is_not_run(mine, tmp_path):
    class Evil:
        def __reduce__(self):
            return (open, (str(tmp_path / "ran"), "w"))

    (mine / "model.safetensors").unlink()
    torch.save({"transformer.final_layernorm.bias": Evil()}, mine / "pytorch_model.bin")
    assert refused(mine)[0] == "truncated" and not (tmp_path / "ran").exists()


def test_a_weight_of_another_shape_is_named(mine):
    rewrite_config(mine, inner_hidden_size=160)
    code, sentence = refused(mine)
    assert code == "wrong_shape" and ".mlp.dense_" in sentence


@pytest.mark.parametrize("bits", [4, 8])
def test_a_shape_is_checked_before_it_is_quantised(mine, bits):
    rewrite_config(mine, inner_hidden_size=160)
    with pytest.raises(ChatGLMError) as caught:
        load_model(mine, quantization_bit=bits)
    assert caught.value.code == "wrong_shape"


def test_a_lacking_weight_is_named(tmp_path):
    weights = random_weights(SMALL)
    del weights["transformer.layers.1.mlp.dense_4h_to_h.bias"]
    code, sentence = refused(write_folder(tmp_path / "m", SMALL, weights))
    assert code == "missing_weight" and "layers.1.mlp.dense_4h_to_h.bias" in sentence


def test_whichever_weight_is_lacking_is_named(tmp_path):
    weights = random_weights(SMALL)
    # A head that the file lacks is the embedding.
    for number, lacking in enumerate(sorted(weights.keys() - {"lm_head.weight"})):
        left = {name: weight for name, weight in weights.items() if name != lacking}
        folder = write_folder(tmp_path / str(number), weights=left)
        with pytest.raises(ChatGLMError) as raised:
            load_model(folder)
        assert (raised.value.code, raised.value.params["name"]) == ("missing_weight", lacking)


def test_a_prefix_of_another_model_and_a_folder_without_one(model, tmp_path):
    config = dataclasses.replace(SMALL, num_layers=2, pre_seq_len=3)
    wide = 2 * config.num_layers * config.hidden_size
    weights = {"transformer.prefix_encoder.embedding.weight": torch.zeros(3, wide)}
    with pytest.raises(ChatGLMError) as caught:
        room.add_prefix(model, "other", write_folder(tmp_path / "other", config, weights))
    assert caught.value.code == "prefix_shape" and "other" not in model.prefixes
    with pytest.raises(ChatGLMError) as caught:
        room.add_prefix(model, "none", write_folder(tmp_path / "none"))
    assert caught.value.code == "no_prefix"


@pytest.mark.parametrize("kind", ["safetensors", "bin"])
def test_a_host_that_replaced_the_loaders_is_not_asked(folder, mine, kind, monkeypatch):
    wanted = load_model(folder)(IDS)
    if kind == "bin":
        as_bin(mine)

    def replaced(*args, **options):
        raise AssertionError("the host's loader was called")

    hosts = {"torch.load": replaced, "load_file": replaced}
    monkeypatch.setattr(torch, "load", hosts["torch.load"])
    monkeypatch.setattr(safetensors.torch, "load_file", hosts["load_file"])
    assert torch.equal(load_model(mine)(IDS), wanted)
    assert torch.load is hosts["torch.load"] and safetensors.torch.load_file is hosts["load_file"]


def test_int8_tensors_of_a_quantised_bin_arrive_whole(tmp_path, monkeypatch):
    """AUTOMATIC1111's torch.load hands int8 tensors out as None."""
    from lib_adcopy.chatglm.quantisation import quantise

    weights = random_weights(SMALL)
    for name in [name for name in weights if name.endswith("weight") and (".mlp." in name or ".attention." in name)]:
        weights[name], weights[f"{name}_scale"] = quantise(weights[name], 4)
    folder = write_folder(tmp_path / "int4", dataclasses.replace(SMALL, quantization_bit=4), weights)
    wanted = load_model(folder)(IDS)
    as_bin(folder)
    monkeypatch.setattr(torch, "load", lambda *args, **options: None)
    assert torch.equal(load_model(folder)(IDS), wanted)


def test_a_file_is_mapped_in_pieces_without_losing_a_weight(mine, folder, monkeypatch):
    wanted = load_model(folder)(IDS)
    monkeypatch.setattr(room, "_BYTES_PER_MAPPING", 20_000)
    assert torch.equal(load_model(mine)(IDS), wanted)
    assert torch.equal(load_model(as_bin(mine))(IDS), wanted)


@pytest.mark.parametrize("bits", [4, 8])
def test_quantising_in_slices_gives_what_quantising_whole_gives(folder, bits, monkeypatch):
    wanted = load_model(folder, quantization_bit=bits)(IDS)
    monkeypatch.setattr(quantisation, "_CHUNK", 300)
    assert torch.equal(load_model(folder, quantization_bit=bits)(IDS), wanted)


def test_a_file_may_go_once_it_is_loaded(mine, folder):
    model = load_model(mine)
    file = mine / "model.safetensors"
    file.write_bytes(b"\0" * file.stat().st_size)
    assert torch.equal(model(IDS), load_model(folder)(IDS))


@pytest.mark.parametrize("name", ["model", "a-longer-name-by-far"])
def test_what_is_saved_to_be_mapped_starts_on_a_cache_line(tmp_path, name):
    save_aligned({name: torch.arange(300).half(), "lm_head.weight": torch.ones(70, dtype=torch.int8)}, tmp_path / "it")
    header = int.from_bytes((tmp_path / "it").read_bytes()[:8], "little")
    assert (8 + header) % 64 == 0
    assert torch.equal(load_file(tmp_path / "it")[name], torch.arange(300).half())


@pytest.mark.parametrize("fill", range(0, 64, 8))
def test_a_processor_answers_alike_wherever_in_the_file_a_weight_starts(folder, tmp_path, fill):
    stored = {}
    for name, weight in load_file(folder / "model.safetensors").items():
        block = name.endswith(".weight") and name.split(".")[-2].startswith(("dense", "query"))
        stored[name] = weight.half()
        if block:
            stored[name], stored[name + "_scale"] = quantisation.quantise(weight, 8)
    config = dataclasses.replace(SMALL, quantization_bit=8)
    moved = write_folder(tmp_path / "moved", config, stored)
    safetensors.torch.save_file(stored, moved / "model.safetensors", metadata={"fill": "-" * fill})
    ids = IDS.expand(4, -1)
    model = load_model(moved, dtype=torch.bfloat16)
    wanted = load_model(write_folder(tmp_path / "plain", config, stored), dtype=torch.bfloat16)(ids)
    assert torch.equal(model(ids), wanted)


def test_training_through_the_model_stays_possible():
    from lib_adcopy.chatglm.model import ChatGLM

    torch.manual_seed(0)
    model = ChatGLM(SMALL)
    torch.nn.init.normal_(model.transformer.word_embeddings.weight)
    seen = []
    for part in (model.transformer.layers[0].attention, model.transformer.layers[0].mlp, model.lm_head):
        part.register_forward_hook(lambda module, given, found: seen.append(found.shape[-1]))
    model(IDS).sum().backward()
    assert seen == [64, 64, 192]
    assert all(torch.isfinite(weight.grad).all() for weight in model.parameters())
