"""Model files from anywhere: none runs code, none ends the program, each that is broken says so in one sentence."""

from __future__ import annotations

import dataclasses
import json
import struct

import pytest

torch = pytest.importorskip("torch")

from safetensors.torch import save_file  # noqa: E402

from lib_adcopy.chatglm import ChatGLMError, check_folder, load, load_model, load_tokenizer  # noqa: E402
from lib_adcopy.chatglm.tokenizer import ChatGLMTokenizer  # noqa: E402
from tests.unit.chatglm.conftest import SMALL, random_weights, refused, write_folder  # noqa: E402


@pytest.fixture
def mine(tmp_path):
    return write_folder(tmp_path / "chatglm-6b")


DEEP = "[" * 100_000
CONFIGS = {
    "text for a number": '"quantization_bit": "four"',
    "5 bits": '"quantization_bit": 5',
    "no layers": '"num_layers": 0',
    "a negative size": '"hidden_size": -64',
    "a fraction": '"hidden_size": 64.5',
    "true": '"num_layers": true',
    "infinite": '"layernorm_epsilon": 1e999',
    "not a number": '"layernorm_epsilon": NaN',
    "nested": f'"x": {DEEP}',
    "a huge number": '"num_layers": 1' + "0" * 5000,
    "a large number": '"vocab_size": 1000000000000',
    "a list": '"pad_token_id": []',
    "an object": '"bos_token_id": {}',
    "a token beyond the vocabulary": '"eos_token_id": 5000',
    "heads": '"num_attention_heads": 5',
    "many positions": '"max_sequence_length": 9999999999',
    "prefix": '"pre_seq_len": "128"',
    "a flag": '"tie_word_embeddings": 1',
}


@pytest.mark.parametrize("name", CONFIGS)
def test_a_value_that_no_model_has_is_one_sentence(mine, name):
    file = mine / "config.json"
    file.write_text(file.read_text().rstrip()[:-1] + f", {CONFIGS[name]}}}", encoding="utf-8")
    assert refused(mine) in ("bad_config", "bad_value")


@pytest.mark.parametrize(
    "data", [b"", b"\xff\xfe{}", b"[]", b"null", b"1e999", DEEP.encode(), b'{"a":' * 9999, bytes(9)]
)
def test_a_config_that_is_no_object_is_one_sentence(mine, data):
    (mine / "config.json").write_bytes(data)
    assert refused(mine) == "bad_config"


def test_a_huge_config_is_not_read(mine):
    with (mine / "config.json").open("r+b") as opened:
        opened.truncate(2**34)
    assert refused(mine) == "bad_config"


def test_a_config_with_a_byte_order_mark_is_read(mine):
    file = mine / "config.json"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    load_model(mine)


def header(text, data=b""):
    return struct.pack("<Q", len(text)) + text + data


HEADERS = {
    "empty": b"",
    "short": b"abc",
    "a huge length": struct.pack("<Q", 2**63),
    "no JSON": header(b"{"),
    "nested": header(DEEP.encode()),
    "a list": header(b"[]"),
    "a text": header(b'{"a": "b"}'),
    "no place": header(b'{"a": {}}'),
    "one offset": header(b'{"a": {"data_offsets": [0]}}'),
    "texts": header(b'{"a": {"data_offsets": ["0", "1"]}}'),
    "infinite": header(b'{"a": {"data_offsets": [0, 1e999]}}'),
    "backwards": header(b'{"a": {"data_offsets": [9, 0]}}'),
    "bytes": header(b'{"\xff": {"data_offsets": [0, 0]}}'),
    "none": header(b"{}"),
    "no shape": header(b'{"a": {"data_offsets": [0, 4]}}', bytes(4)),
    "a type nobody has": header(b'{"a": {"dtype": "F9", "shape": [1], "data_offsets": [0, 4]}}', bytes(4)),
}


@pytest.mark.parametrize("name", HEADERS)
def test_a_broken_header_is_one_sentence(mine, name):
    (mine / "model.safetensors").write_bytes(HEADERS[name])
    with pytest.raises(ChatGLMError) as caught:
        load_model(mine)
    assert caught.value.code in ("truncated", "missing_weight")
    assert check_folder(mine).problem is not None


INDEXES = [
    b"",
    b"{",
    b"[]",
    DEEP.encode(),
    b"\xff",
    b"{}",
    b'{"weight_map": []}',
    b'{"weight_map": {"a": 1}}',
    b'{"weight_map": {}}',
    b'{"weight_map": {"a": "b", "c": 1}}',
    b'{"weight_map": {"a": {"b": 1}}}',
    b'{"weight_map": {"a": "../model.safetensors"}}',
    b'{"weight_map": {"a": "..\\\\model.safetensors"}}',
    b'{"weight_map": {"a": "C:model.safetensors"}}',
    b'{"weight_map": {"a": "/etc/passwd"}}',
    b'{"weight_map": {"a": "\\u0000"}}',
    b'{"weight_map": {"a": ".."}}',
]


@pytest.mark.parametrize("data", INDEXES)
def test_an_index_that_names_no_files_beside_it_is_one_sentence(mine, data):
    (mine / "model.safetensors.index.json").write_bytes(data)
    assert refused(mine) == "truncated"


@pytest.mark.parametrize("name", ["config.json", "model.safetensors", "ice_text.model", "model.safetensors.index.json"])
@pytest.mark.parametrize("kind", ["folder", "dangling link", "looping link"])
def test_a_folder_or_a_link_to_nowhere_in_a_files_place_is_one_sentence(mine, name, kind):
    place = mine / name
    place.unlink(missing_ok=True)
    if kind == "folder":
        place.mkdir()
    else:
        place.symlink_to(place if kind == "looping link" else mine / "nowhere")
    assert check_folder(mine).problem is not None
    with pytest.raises(ChatGLMError):
        load_model(mine)
        load_tokenizer(mine)


@pytest.mark.parametrize("dtype", [torch.int16, torch.int64, torch.uint8, torch.bool])
def test_a_quantised_weight_of_another_type_is_named(tmp_path, dtype):
    weights = random_weights(SMALL)
    name = "transformer.layers.0.mlp.dense_4h_to_h.weight"
    weights[name] = torch.zeros(64, 128, dtype=dtype)
    weights[f"{name}_scale"] = torch.ones(64, dtype=torch.half)
    folder = write_folder(tmp_path / "m", dataclasses.replace(SMALL, quantization_bit=8), weights)
    with pytest.raises(ChatGLMError) as caught:
        load_model(folder)
    assert caught.value.code == "wrong_type" and caught.value.params["name"] == name


@pytest.mark.parametrize(
    "weights",
    [
        {"embedding.weight": torch.zeros(())},
        {"embedding.weight": torch.zeros(383)},
        {"embedding.weight": torch.zeros(0, 384)},
        {"embedding.weight": torch.zeros(4, 384, dtype=torch.int8)},
        {"embedding.weight": torch.zeros(2, 2, 384)},
        {"embedding.weight": torch.zeros(4, 64), "trans.0.weight": torch.zeros(8, 64)},
        {"embedding.weight": torch.zeros(4, 64), "trans.0.weight": torch.zeros(8, 63), "trans.0.bias": torch.zeros(8)},
    ],
)
def test_a_prefix_of_another_shape_is_one_sentence(tmp_path, folder, weights):
    tuned = tmp_path / "tuned"
    tuned.mkdir()
    (tuned / "config.json").write_text(json.dumps({"model_type": "chatglm", "pre_seq_len": 4}))
    save_file(
        {f"transformer.prefix_encoder.{name}": each for name, each in weights.items()}, tuned / "model.safetensors"
    )
    model = load_model(folder)
    with pytest.raises(ChatGLMError) as caught:
        load.add_prefix(model, "tuned", tuned)
    assert caught.value.code in ("no_prefix", "prefix_shape")


class Pieces:
    """A sentencepiece processor that knows every text as one piece."""

    def PieceToId(self, piece):  # noqa: N802
        return 0

    def GetPieceSize(self):  # noqa: N802
        return 9

    def DecodeIds(self, ids):  # noqa: N802
        return self.text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("<|blank_2|>", "  "),
        ("<|blank_80|>", " " * 80),
        ("<|blank_300000000|>", "<|blank_300000000|>"),
        ("<|blank_81|>", "<|blank_81|>"),
        ("<|blank_1|>", "<|blank_1|>"),
        ("<|blank_２|>", "<|blank_２|>"),
    ],
)
def test_only_the_runs_of_blanks_that_there_are_pieces_for_become_blanks(text, wanted):
    tokenizer = ChatGLMTokenizer(Pieces())
    tokenizer._pieces.text = text
    assert tokenizer.decode([1]) == wanted
