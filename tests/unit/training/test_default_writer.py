"""Who writes where nobody chose: the user's own model, else the templates; the starter where it is chosen."""

from __future__ import annotations

import json
import sys
import threading

import pytest

pytest.importorskip("torch")

from lib_adcopy.app.studio import Studio
from lib_adcopy.domain.ad import Ad
from lib_adcopy.domain.writing import WriteOptions
from lib_adcopy.errors import AdCopyError
from lib_adcopy.hosts.standalone import StandaloneHost
from tests.unit.model_library.conftest import CONFIG


def model(folder, size):
    """Named whole, with as many bytes as a model of its size has; only names and sizes are looked at."""
    folder.mkdir(parents=True)
    (folder / "config.json").write_text(json.dumps(CONFIG), encoding="utf-8")
    (folder / "ice_text.model").write_bytes(b"\n")
    header = json.dumps({"x": {"dtype": "U8", "shape": [size], "data_offsets": [0, size]}}).encode()
    with (folder / "model.safetensors").open("wb") as file:
        file.write(len(header).to_bytes(8, "little") + header)
        file.truncate(8 + len(header) + size)


def test_the_users_own_model_comes_before_the_templates_and_the_starter_is_never_the_default(tmp_path):
    studio = Studio(StandaloneHost(tmp_path))
    assert studio.default_writer() == "template"
    model(tmp_path / "models" / "starter", 10 * 2**20)
    assert studio.default_writer() == "template"
    model(tmp_path / "models" / "zhenghe-6b", 4 * 2**30)
    assert studio.default_writer() == "zhenghe-6b"


def test_without_sentencepiece_the_templates_write_and_a_model_says_what_is_missing(tmp_path, monkeypatch):
    model(tmp_path / "models" / "starter", 10 * 2**20)
    monkeypatch.setitem(sys.modules, "sentencepiece", None)
    studio = Studio(StandaloneHost(tmp_path))
    assert studio.default_writer() == "template"
    assert "pip install sentencepiece" in studio.writers()[1].problem.text("zh")
    brief = studio.parse("红色连衣裙")
    with pytest.raises(AdCopyError, match="pip install sentencepiece"):
        list(studio.write(Ad(brief, WriteOptions("starter")), stop=threading.Event()))
