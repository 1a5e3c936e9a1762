"""One broken style is one style left out with a line in the log; the others are there, and nothing takes long."""

from __future__ import annotations

import json
import logging

import pytest

from lib_adcopy.prompting.networks import tags_in
from lib_adcopy.prompting.styles.style import load_styles
from lib_adcopy.prompting.styles.webui_styles import read_webui_styles

BROKEN = {
    "nested": b"[" * 100_000,
    "bytes": b"\xff\xfe\x00",
    "infinite": b'{"steps": 1e999}',
    "nan": b'{"cfg_scale": NaN}',
    "infinite-scale": b'{"cfg_scale": 1e999}',
    "huge": b'{"width": 1' + b"0" * 400 + b"}",
    "million": b'{"steps": 1000000}',
    "negative": b'{"height": -8}',
    "text": b'{"cfg_scale": "seven"}',
    "true": b'{"steps": true}',
    "weight": b'{"loras": [{"name": "x", "weight": 1e999}]}',
    "nameless": b'{"loras": [{}]}',
    "list": b'{"positive": []}',
    "number": b'{"positive": 7}',
    "null": b"null",
    "large": b'{"positive": "' + b"x" * 2**20 + b'"}',
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_style_of_the_users_hides_no_other(tmp_path, name, caplog):
    (tmp_path / "whole.json").write_text(json.dumps({"positive": "film grain"}))
    (tmp_path / f"{name}.json").write_bytes(BROKEN[name])
    with caplog.at_level(logging.WARNING):
        assert set(load_styles(tmp_path)) - set(load_styles()) == {"whole"}
    assert name in caplog.text


def test_folders_and_links_to_nowhere_among_the_styles(tmp_path):
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "link.json").symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop.json").symlink_to(tmp_path / "loop.json")
    assert set(load_styles(tmp_path)) == set(load_styles())


@pytest.mark.parametrize(
    "data", [b"\xff\xfe", b"name,prompt\nx,\0\n", b'name,prompt\nx,"' + b"y" * 200_000, b"name\n", b""]
)
def test_a_broken_list_of_the_webuis_hides_no_other(tmp_path, data):
    (tmp_path / "broken.csv").write_bytes(data)
    (tmp_path / "whole.csv").write_text("name,prompt,negative_prompt\nfilm,film grain,\n")
    files = [tmp_path / "broken.csv", tmp_path / "nowhere.csv", tmp_path, tmp_path / "whole.csv"]
    assert [style.name for style in read_webui_styles(files) if style.name != "x"] == ["film"]


def test_a_row_of_brackets_is_read_at_once(tmp_path):
    """Tried from each bracket anew it would take minutes; the time is pytest's own limit."""
    row = "(" * 60_000 + "[" * 60_000
    (tmp_path / "styles.csv").write_text(f"name,prompt\nbrackets,{row}\nfilm,film grain\n")
    assert [style.name for style in read_webui_styles([tmp_path / "styles.csv"])] == ["brackets", "film"]
    assert tags_in("<a:b:" * 30_000) == () and tags_in("<lora:a:0.5>")[0].weight == 0.5
