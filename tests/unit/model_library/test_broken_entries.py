"""What is broken in a model folder is that folder's own trouble: the list has all the others."""

from __future__ import annotations

import json

import pytest

from lib_adcopy.errors import AdCopyError
from lib_adcopy.hosts.model_family import family
from lib_adcopy.model_library.models import Library, prefix_card
from tests.unit.model_library.test_library import CARD, model, prefix

CONFIGS = {
    "text": b'{"model_type": "chatglm", "vocab_size": 1, "inner_hidden_size": 1, "quantization_bit": "four"}',
    "infinite": b'{"model_type": "chatglm", "vocab_size": 1, "inner_hidden_size": 1, "quantization_bit": 1e999}',
    "nan": b'{"model_type": "chatglm", "vocab_size": NaN, "inner_hidden_size": 1}',
    "nested": b"[" * 100_000,
    "bytes": b"\xff\xff",
    "list": b"[1]",
    "types": b'{"model_type": ["chatglm"], "pre_seq_len": "x", "num_layers": {}, "hidden_size": []}',
    "huge": b'{"model_type": "chatglm", "vocab_size": 1, "inner_hidden_size": 1, "num_layers": 1' + b"0" * 4000 + b"}",
    "prefix": b'{"model_type": "chatglm", "pre_seq_len": 1e999, "hidden_size": "x"}',
}


@pytest.mark.parametrize("name", CONFIGS)
def test_a_broken_config_hides_no_other_model(tmp_path, name):
    model(tmp_path, "whole")
    (model(tmp_path, name) / "config.json").write_bytes(CONFIGS[name])
    library = Library([tmp_path])
    assert "whole" in [entry.name for entry in library.models() if entry.report.problem is None]
    assert all(entry.report.problem for entry in (*library.checked(), *library.prefixes()) if entry.name == name)
    assert library.prefixes_of("whole") == () and library.prefix_for(name, "food") is None


@pytest.mark.parametrize("file", ["config.json", "model.safetensors", "card.json", "model.safetensors.index.json"])
def test_a_folder_or_a_link_to_nowhere_in_a_files_place_hides_no_other_model(tmp_path, file):
    model(tmp_path, "whole")
    for name in ("folder", "link", "loop"):
        place = model(tmp_path, name) / file
        place.unlink(missing_ok=True)
        if name == "folder":
            place.mkdir()
        else:
            place.symlink_to(place if name == "loop" else tmp_path / "nowhere")
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    (tmp_path / "round").symlink_to(tmp_path / "round")
    library = Library([tmp_path], folders=[tmp_path / "round", tmp_path / "gone"])
    assert "whole" in [entry.name for entry in library.models() if entry.report.problem is None]
    assert "whole" in [entry.name for entry in library.checked() if entry.report.problem is None]


CARDS = [
    "[" * 100_000,
    "[]",
    "null",
    "{",
    "1e999",
    '{"base_model": 1, "examples": 1}',
    json.dumps(CARD | {"examples": "many"}),
    json.dumps(CARD).replace("100", "1e999"),
    json.dumps(CARD).replace("1.5", "NaN"),
    json.dumps(CARD | {"last_loss": "low"}),
    json.dumps(CARD | {"category": ["food"]}),
    json.dumps(CARD | {"asked_as": None}),
    "\x00",
]


@pytest.mark.parametrize("card", CARDS)
def test_a_broken_card_leaves_the_prefix_without_one(tmp_path, card):
    prefix(tmp_path, "tuned", card=card)
    (entry,) = Library([tmp_path]).prefixes()
    assert prefix_card(entry) is None


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x09" + bytes(7) + b"[" * 9,
        b"\xff" * 8,
        b"\x02" + bytes(7) + b"[]",
        (100_000).to_bytes(8, "little") + b"[" * 100_000,
    ],
)
def test_a_broken_header_of_a_checkpoint_is_one_sentence(tmp_path, data):
    (tmp_path / "x.safetensors").write_bytes(data)
    with pytest.raises(AdCopyError) as caught:
        family(tmp_path / "x.safetensors")
    assert caught.value.code == "hosts.broken_file"
