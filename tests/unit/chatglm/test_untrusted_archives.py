"""Weight files of torch.save from anywhere: none is opened that torch might run, each broken one says so."""

from __future__ import annotations

import json
import struct
import zipfile

import pytest

torch = pytest.importorskip("torch")

from safetensors.torch import load_file  # noqa: E402

from lib_adcopy.chatglm import ChatGLMError, load, load_model, torch_file  # noqa: E402
from lib_adcopy.chatglm.formats import BadFileError, UnsafeFileError, check_archive  # noqa: E402
from tests.unit.chatglm.conftest import refused, write_folder  # noqa: E402


@pytest.fixture
def mine(tmp_path):
    return write_folder(tmp_path / "chatglm-6b")


@pytest.fixture
def archive(mine):
    """The folder's weights as one pytorch_model.bin."""
    weights = load_file(mine / "model.safetensors")
    (mine / "model.safetensors").unlink()
    torch.save(weights, mine / "pytorch_model.bin")
    return mine / "pytorch_model.bin"


@pytest.fixture
def never_opened(monkeypatch):
    def opened(*args, **options):
        raise AssertionError("torch has opened the file")

    monkeypatch.setattr(torch_file, "torch_load", opened)


def rebuilt(file, change=None, *, more=(), compression=zipfile.ZIP_STORED):
    """The archive written anew, with each name changed by `change` and with `more` members."""
    with zipfile.ZipFile(file) as old:
        members = [(name, old.read(name)) for name in old.namelist()]
    with zipfile.ZipFile(file, "w", compression) as new:
        for name, data in members:
            new.writestr(change(name) if change else name, data)
        for name in more:
            new.writestr(name, b"x")
    return file


FOREIGN = [
    "pytorch_model/constants.pkl",
    "pytorch_model/Constants.PKL",
    "pytorch_model/code/__torch__.py",
    "constants.pkl",
    "pytorch_model/data/constants.pkl",
    "pytorch_model/../evil",
    "elsewhere/data/0",
    "/data/0",
    "pytorch_model/data/-1",
    "pytorch_model/sub/data.pkl",
    "pytorch_model\\data\\0",
    "pytorch_model/.data/../../evil",
]


@pytest.mark.parametrize("name", FOREIGN)
def test_an_archive_with_a_member_that_torch_save_does_not_write_is_not_opened(archive, name, never_opened):
    """Torch before 2.6 runs what is in an archive with constants.pkl, weights_only or not."""
    rebuilt(archive, more=[name])
    assert refused(archive.parent) == "unsafe_file"


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_torchscript_archive_is_not_opened(archive, never_opened):
    class Module(torch.nn.Module):
        def forward(self, x):
            return x

    torch.jit.save(torch.jit.trace(Module(), torch.zeros(1)), str(archive))
    assert refused(archive.parent) == "unsafe_file"


def test_a_prefix_is_checked_as_a_model_is(tmp_path, folder, never_opened):
    model = load_model(folder)
    tuned = tmp_path / "tuned"
    tuned.mkdir()
    (tuned / "config.json").write_text(json.dumps({"model_type": "chatglm", "pre_seq_len": 4}))
    torch.save({"transformer.prefix_encoder.embedding.weight": torch.zeros(4, 384)}, tuned / "pytorch_model.bin")
    rebuilt(tuned / "pytorch_model.bin", more=["pytorch_model/constants.pkl"])
    with pytest.raises(ChatGLMError) as caught:
        load.add_prefix(model, "tuned", tuned)
    assert caught.value.code == "unsafe_file" and not model.prefixes


def test_the_pickle_of_old_torch_is_not_opened(archive, never_opened):
    torch.save({"lm_head.weight": torch.zeros(2)}, archive, _use_new_zipfile_serialization=False)
    assert refused(archive.parent) == "old_format"


def test_compressed_members_are_not_unpacked(archive, never_opened):
    rebuilt(archive, compression=zipfile.ZIP_DEFLATED)
    assert refused(archive.parent) == "unsafe_file"


def directory(names, start):
    """A zip's list of empty stored members, and the record after it."""
    listed = b"".join(
        struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, len(name), 0, 0, 0, 0, 0, 0) + name
        for name in names
    )
    return listed, struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, len(names), len(names), len(listed), start, 0)


def test_a_list_of_members_in_two_places_is_refused(tmp_path):
    """zipfile reads the list before the end record, torch the one the record points to."""
    start = b"PK\x03\x04" + bytes(26)
    bad, end = directory([b"x/data.pkl", b"x/constants.pkl"], len(start))
    good, _ = directory([b"x/data.pkl", b"x/data/00000001"], 0)
    assert len(good) == len(bad)
    file = tmp_path / "two.bin"
    file.write_bytes(start + bad + good + end)
    with zipfile.ZipFile(file) as opened:
        assert opened.namelist() == ["x/data.pkl", "x/data/00000001"]
    with pytest.raises(UnsafeFileError, match="elsewhere"):
        check_archive(file)


def test_a_second_zip64_record_is_refused(tmp_path):
    """zipfile reads the record before the locator, torch the one the locator points to."""
    start = b"PK\x03\x04" + bytes(26)

    def record(listed, count, at):
        return struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, len(listed), at)

    bad, _ = directory([b"x/data.pkl", b"x/constants.pkl"], 0)
    good, end = directory([b"x/data.pkl", b"x/data/00000001"], 0xFFFFFFFF)
    hidden = record(bad, 2, len(start))
    shown_at = len(start) + len(bad) + len(hidden)
    shown = record(good, 2, shown_at)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(start) + len(bad), 1)
    file = tmp_path / "two.bin"
    file.write_bytes(start + bad + hidden + good + shown + locator + end)
    with pytest.raises(UnsafeFileError, match="two end records"):
        check_archive(file)


def test_a_member_whose_name_goes_on_behind_a_zero_byte_is_refused(tmp_path):
    start = b"PK\x03\x04" + bytes(26)
    listed, end = directory([b"x/data.pkl", b"x/data/0\0/constants.pkl"], len(start))
    (tmp_path / "zero.bin").write_bytes(start + listed + end)
    with pytest.raises(UnsafeFileError):
        check_archive(tmp_path / "zero.bin")


@pytest.mark.parametrize("kept", [0, 3, 30, 200, -1, -22, -50])
def test_a_cut_archive_is_damaged(archive, kept):
    archive.write_bytes(archive.read_bytes()[:kept])
    with pytest.raises(BadFileError):
        check_archive(archive)
    assert refused(archive.parent) == "truncated"


@pytest.mark.parametrize(
    "stored",
    [
        torch.zeros(3),
        {"lm_head.weight": 1},
        {1: torch.zeros(3)},
        {"lm_head.weight": torch.zeros(1).expand(192, 64)},
        {"lm_head.weight": torch.zeros(3).to_sparse()},
        {"lm_head.weight": torch.empty(3, device="meta")},
    ],
)
def test_an_archive_of_something_else_than_weights_is_damaged(archive, stored):
    torch.save(stored, archive)
    assert refused(archive.parent) in ("truncated", "missing_weight")
