"""Any bytes in any file of a model folder: a ChatGLMError or a report of what is wrong, never anything else."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from dataclasses import asdict, fields, replace

import pytest

torch = pytest.importorskip("torch")

from hypothesis import HealthCheck, example, given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402
from safetensors.torch import save  # noqa: E402

from lib_adcopy.chatglm import ChatGLMError, check_folder, load, load_model, load_tokenizer  # noqa: E402
from lib_adcopy.chatglm.config import ChatGLMConfig  # noqa: E402
from lib_adcopy.chatglm.formats import BadFileError, check_archive, parse_json, read_header  # noqa: E402
from lib_adcopy.chatglm.tokenizer import ChatGLMTokenizer, IncrementalDecoder  # noqa: E402
from tests.unit.chatglm.conftest import SMALL, random_weights, write_folder  # noqa: E402

quickly = settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(10**30), 10**30)
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from([0, 1, 4, 8, 64, 2**31, 2**63, 1e308, "chatglm", "four", "1"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
TINY = replace(SMALL, hidden_size=16, inner_hidden_size=16, num_layers=1, num_attention_heads=2)
STORED = {"model_type": "chatglm", **asdict(TINY)}
NAMES = [field.name for field in fields(ChatGLMConfig)]


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """A folder for each test to make one file of a model anew in."""
    return tmp_path_factory.mktemp("fuzzed")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory):
    return load_model(write_folder(tmp_path_factory.mktemp("whole") / "model", TINY))


def opened(folder):
    """What opening gives, after the folder's report; nothing but ChatGLMError may come instead."""
    check_folder(folder)
    check_folder(folder, headers=False)
    try:
        return load_model(folder)
    except ChatGLMError as error:
        assert str(error)
        return None


WEIGHTS = save({name: weight.contiguous() for name, weight in random_weights(TINY).items()})


def restore(folder, *, without=""):
    """Make a whole model of the folder but for its tokenizer, and but for the file `without`."""
    for file in folder.iterdir():
        file.unlink()
    (folder / "config.json").write_text(json.dumps(STORED))
    if without != "model.safetensors":
        (folder / "model.safetensors").write_bytes(WEIGHTS)


@quickly
@given(st.dictionaries(st.sampled_from([*NAMES, "model_type", "position_encoding_2d", "x"]), values, max_size=4))
@example({"quantization_bit": "four"})
@example({"layernorm_epsilon": float("inf")})
def test_any_value_in_the_config(place, changes):
    restore(place)
    (place / "config.json").write_text(json.dumps(STORED | changes), encoding="utf-8")
    opened(place)


@quickly
@given(
    st.binary(max_size=200) | st.text(max_size=50).map(str.encode) | values.map(lambda one: json.dumps(one).encode())
)
@example(b"[" * 100_000)
@example(b'{"a":' * 100_000)
@example(b"1" * 5000)
@example(b"1e999")
def test_any_bytes_for_json(place, data):
    try:
        parse_json(data)
    except BadFileError as error:
        assert str(error)
    restore(place)
    for name in ("config.json", "model.safetensors.index.json"):
        (place / name).write_bytes(data)
        assert opened(place) is None


@quickly
@given(
    st.dictionaries(st.text(max_size=8), values, max_size=3),
    st.binary(max_size=64),
    st.integers(0, 2**64 - 1) | st.none(),
)
def test_any_header_of_safetensors(place, header, data, length):
    restore(place)
    text = json.dumps(header).encode()
    file = place / "model.safetensors"
    file.write_bytes(struct.pack("<Q", len(text) if length is None else length) + text + data)
    try:
        read_header(file)
    except BadFileError as error:
        assert str(error)
    assert opened(place) is None


@quickly
@given(st.data())
def test_a_safetensors_file_changed_anywhere(place, data):
    restore(place)
    whole = bytearray(save({"transformer.final_layernorm.bias": torch.ones(16), "lm_head.weight": torch.ones(4, 4)}))
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    (place / "model.safetensors").write_bytes(whole[: data.draw(st.integers(0, len(whole)))])
    assert opened(place) is None


def torch_bytes():
    made = io.BytesIO()
    torch.save({"transformer.final_layernorm.bias": torch.ones(16)}, made)
    return made.getvalue()


@quickly
@given(st.data())
def test_an_archive_changed_anywhere(place, data):
    restore(place, without="model.safetensors")
    whole = bytearray(torch_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(whole) - 1) | st.integers(len(whole) - 120, len(whole) - 1))
        whole[at] = data.draw(st.integers(0, 255))
    (place / "pytorch_model.bin").write_bytes(whole[: data.draw(st.just(len(whole)) | st.integers(0, len(whole)))])
    assert opened(place) is None


members = st.sampled_from(
    [
        "a/data.pkl",
        "a/version",
        "a/byteorder",
        "a/data/0",
        "a/.data/serialization_id",
        "a/constants.pkl",
        "b/data/0",
        "data.pkl",
        "a/../data.pkl",
        "a\\data.pkl",
        "a/data/../constants.pkl",
    ]
) | st.text(min_size=1, max_size=6)


@quickly
@given(st.lists(members, max_size=5), st.binary(max_size=40))
def test_any_members_of_an_archive(place, names, data):
    restore(place, without="model.safetensors")
    file = place / "pytorch_model.bin"
    with pytest.MonkeyPatch.context() as patch, zipfile.ZipFile(file, "w") as archive:
        patch.setattr("warnings.warn", lambda *args, **options: None)
        for name in names:
            archive.writestr(name, data)
    try:
        check_archive(file)
        assert {name.partition("/")[0] for name in names} == {"a"} and "a/constants.pkl" not in names
    except BadFileError as error:
        assert str(error)
    assert opened(place) is None


pickled = st.lists(
    st.sampled_from(
        [
            b"}",
            b"]",
            b")",
            b"(",
            b"t",
            b"a",
            b"e",
            b"s",
            b"u",
            b"0",
            b"2",
            b"R",
            b"b",
            b"Q",
            b".",
            b"N",
            b"\x88",
            b"K\x01",
            b"J\xff\xff\xff\x7f",
            b"X\x01\x00\x00\x00a",
            b"q\x00",
            b"h\x00",
            b"ctorch\nFloatStorage\n",
            b"ccollections\nOrderedDict\n",
            b"ctorch._utils\n_rebuild_tensor_v2\n",
            b"cos\nsystem\n",
            b"c__builtin__\nset\n",
        ]
    ),
    max_size=20,
).map(b"".join)


@quickly
@given(pickled)
def test_any_pickle_of_an_archive(place, code):
    restore(place, without="model.safetensors")
    with zipfile.ZipFile(place / "pytorch_model.bin", "w") as archive:
        archive.writestr("a/data.pkl", b"\x80\x02" + code + b".")
        archive.writestr("a/version", b"3\n")
        archive.writestr("a/data/0", bytes(16))
    assert opened(place) is None


@quickly
@given(st.binary(max_size=100))
@example(b"")
@example(b"version https://git-lfs.github.com/spec/v1")
def test_any_bytes_for_a_tokenizer(place, data):
    (place / "ice_text.model").write_bytes(data)
    with pytest.raises(ChatGLMError):
        load_tokenizer(place)


shapes = st.lists(st.integers(0, 5) | st.sampled_from([16, 32]), max_size=3)
dtypes = st.sampled_from([torch.float32, torch.half, torch.int8, torch.bool])


@quickly
@given(
    st.dictionaries(
        st.sampled_from(["embedding.weight", "trans.0.weight", "trans.0.bias", "trans.2.weight", "trans.2.bias"]),
        st.tuples(shapes, dtypes),
    )
)
def test_any_shapes_of_a_prefix(tiny, tmp_path, weights):
    folder = tmp_path / "tuned"
    folder.mkdir(exist_ok=True)
    made = {
        f"transformer.prefix_encoder.{name}": torch.zeros(shape, dtype=dtype)
        for name, (shape, dtype) in weights.items()
    }
    (folder / "model.safetensors").write_bytes(save(made))
    (folder / "config.json").write_text(json.dumps({"model_type": "chatglm", "pre_seq_len": 4}))
    tiny.prefixes.clear()
    try:
        load.add_prefix(tiny, "tuned", folder)
        assert tiny.prefixes["tuned"].store.shape[0] == 2 * TINY.num_layers
    except ChatGLMError:
        assert not tiny.prefixes


class Spelled:
    """A sentencepiece processor whose pieces are the letters of their ids."""

    def PieceToId(self, piece):  # noqa: N802
        return 0

    def EncodeAsIds(self, text):  # noqa: N802
        return [ord(letter) + 1 for letter in text]

    def GetPieceSize(self):  # noqa: N802
        return 0x110000

    def DecodeIds(self, ids):  # noqa: N802
        return "".join(chr(one - 1) for one in ids)


texts = st.lists(
    st.sampled_from(
        [
            "<sop>",
            "<eop>",
            "<unk>",
            "<pad>",
            "[MASK]",
            "[gMASK]",
            "<n>",
            "<|tab|>",
            "<|blank_",
            "|>",
            "2",
            "80",
            "300000000",
            " ",
            "  ",
            "\n",
            "\t",
            "\ufffd",
            "商品",
            "<",
            "|",
        ]
    )
    | st.text(max_size=4),
    max_size=12,
).map("".join)


@quickly
@given(texts)
@example("<|blank_300000000|>" * 5)
@example(" " * 3000)
def test_any_special_pieces_in_a_text(text):
    tokenizer = ChatGLMTokenizer(Spelled())
    ids = tokenizer.encode(text)
    assert all(isinstance(one, int) and one >= 0 for one in ids)
    decoder = IncrementalDecoder(tokenizer)
    for one in ids:
        decoder.add(one)
    # A piece of 11 letters is at most 80 blanks.
    assert len(tokenizer.decode(ids)) <= 80 * len(text) and len(decoder.text) <= 80 * len(ids)
