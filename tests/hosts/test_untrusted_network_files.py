"""Embeddings and LoRAs from anywhere, in the studio: none runs code, each broken one is one sentence."""

from __future__ import annotations

import zipfile

import pytest

torch = pytest.importorskip("torch")

from safetensors.torch import save_file  # noqa: E402

from lib_adcopy.chatglm import torch_file  # noqa: E402
from lib_adcopy.errors import AdCopyError  # noqa: E402
from lib_adcopy.hosts.standalone.conditioning import load_vectors  # noqa: E402
from lib_adcopy.hosts.standalone.files import weights_hash  # noqa: E402

VECTORS = {"string_to_param": {"*": torch.ones(2, 768)}, "name": "x"}


def refused(file):
    with pytest.raises(AdCopyError) as caught:
        load_vectors(file)
    return caught.value.code


@pytest.mark.parametrize("zipped", [True, False])
def test_an_embedding_of_either_format_is_read(tmp_path, zipped):
    torch.save(VECTORS, tmp_path / "x.pt", _use_new_zipfile_serialization=zipped)
    assert load_vectors(tmp_path / "x.pt").shape == (2, 768)


def test_the_old_format_is_left_alone_by_a_torch_that_may_run_it(tmp_path, monkeypatch):
    torch.save(VECTORS, tmp_path / "x.pt", _use_new_zipfile_serialization=False)
    monkeypatch.setattr(torch, "__version__", "2.5.1+cu121")
    monkeypatch.setattr(torch_file, "torch_load", None)
    assert refused(tmp_path / "x.pt") == "hosts.unsafe_file"


def test_an_archive_with_code_in_it_is_not_opened(tmp_path, monkeypatch):
    torch.save(VECTORS, tmp_path / "x.pt")
    with zipfile.ZipFile(tmp_path / "x.pt", "a") as archive:
        archive.writestr("x/constants.pkl", b"x")
    monkeypatch.setattr(torch_file, "torch_load", None)
    assert refused(tmp_path / "x.pt") == "hosts.unsafe_file"


@pytest.mark.parametrize("data", [b"", b"x", b"\x80\x02}.", b"PK\x03\x04", b"\x00" * 100])
@pytest.mark.parametrize("suffix", [".pt", ".bin", ".safetensors"])
def test_a_broken_embedding_is_one_sentence(tmp_path, data, suffix):
    file = tmp_path / f"x{suffix}"
    file.write_bytes(data)
    assert refused(file) in ("hosts.broken_file", "hosts.unsafe_file")


@pytest.mark.parametrize("stored", [{"string_to_param": []}, [], {"string_to_param": {"*": torch.tensor(1.0)}}])
def test_an_embedding_of_something_else_is_one_sentence(tmp_path, stored):
    torch.save(stored, tmp_path / "x.pt")
    assert refused(tmp_path / "x.pt") == "hosts.broken_file"


@pytest.mark.parametrize("data", [b"", b"abc", b"\xff" * 20])
def test_a_broken_lora_has_a_hash_all_the_same(tmp_path, data):
    (tmp_path / "x.safetensors").write_bytes(data)
    assert len(weights_hash(tmp_path / "x.safetensors")) == 64
    save_file({"a": torch.ones(2)}, tmp_path / "y.safetensors")
    save_file({"a": torch.ones(2)}, tmp_path / "z.safetensors", metadata={"edited": "yes"})
    assert weights_hash(tmp_path / "y.safetensors") == weights_hash(tmp_path / "z.safetensors")
