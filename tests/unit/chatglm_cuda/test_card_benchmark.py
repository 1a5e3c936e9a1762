"""The card's benchmark rehearsed on the processor to its end: its figures mean nothing, its tables are all there."""

from __future__ import annotations

import json
import logging
import subprocess
import sys

import pytest
import torch

from benchmarks import report
from benchmarks.card import __main__ as script
from benchmarks.card import decoding, tuning
from benchmarks.card.port import Processor
from benchmarks.card.report import TITLE, write_tables
from lib_adcopy.chatglm.cuda import multiply
from tests.unit.chatglm_cuda.test_decoder import CONFIG, card  # noqa: F401 - the emulated card


@pytest.fixture
def docs(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "DOCS", tmp_path)
    return tmp_path / "performance.md"


def test_a_rehearsal_measures_every_part_and_writes_the_tables(tmp_path, docs, monkeypatch, capsys):
    monkeypatch.setattr(tuning, "_STEPS", 1)
    monkeypatch.setattr(decoding, "_DRAWS", 1)
    found = script.run(tuple(script.PARTS), tmp_path / "card.json", rehearse=True)
    assert json.loads((tmp_path / "card.json").read_text(encoding="utf-8")) == found
    assert {name: part["skipped"] for name, part in found.items() if "skipped" in part} == {
        "capture": "needs an NVIDIA card", "tests": "needs an NVIDIA card"
    }  # fmt: skip
    assert "rows_8" in capsys.readouterr().out
    for kind in ("int4", "int8", "fp16"):
        assert {"rows_1", "rows_2", "rows_4", "rows_8", "prefill_40_tokens_per_s", "to_44"} <= set(found[kind])
    assert "official_tokens_per_s" in found["int4"] and "official_tokens_per_s" not in found["fp16"]
    write_tables(found)
    text = docs.read_text(encoding="utf-8")
    assert f"## {TITLE}" in text and "| int8 |" in text and "rounds, 8 GiB" in text and "Not measured: capture" in text


def parts(monkeypatch, **named):
    monkeypatch.setattr(script, "PARTS", {name: script.Part(*part) for name, part in named.items()})
    return tuple(named)


def test_a_part_that_fails_or_takes_too_long_costs_itself_alone(tmp_path, monkeypatch, caplog):
    def broken(port):
        yield {"first": 1}
        raise RuntimeError("CUDA error: out of memory\nmore")

    def endless(port):
        while True:
            yield {"first": 1}

    names = parts(monkeypatch, broken=(9, broken), endless=(0, endless), sound=(9, lambda port: iter([{"whole": 2}])))
    with caplog.at_level(logging.CRITICAL):
        found = script.run(names, tmp_path / "card.json", rehearse=True)
    assert found == {
        "broken": {"first": 1, "skipped": "RuntimeError: CUDA error: out of memory"},
        "endless": {"first": 1, "skipped": "the rest, as its 0 s were over"},
        "sound": {"whole": 2},
    }


def test_nothing_is_begun_when_the_nine_minutes_are_over(tmp_path, monkeypatch):
    monkeypatch.setattr(script, "TOTAL_SECONDS", 0)
    names = parts(monkeypatch, late=(9, lambda port: iter([{"whole": 2}])))
    found = script.run(names, tmp_path / "card.json", rehearse=True)
    assert found == {"late": {"skipped": "the nine minutes were over"}}


def test_what_a_hanging_process_had_measured_is_kept(tmp_path, monkeypatch):
    file = tmp_path / "part.json"

    def hang(command, timeout, check):
        file.write_text(json.dumps({"first": 1}), encoding="utf-8")
        raise subprocess.TimeoutExpired(command, timeout)

    monkeypatch.setattr(script.subprocess, "run", hang)
    script._measure_alone("int4", file, 7)
    assert script._read(file) == {"first": 1, "skipped": "the rest, as its 7 s were over"}


def test_it_asks_for_nothing_beyond_the_packages_it_names():
    """What else a part needs is that part's own reason to be skipped."""
    missing = ('diffusers', 'pytest', 'gradio', 'sentencepiece', 'PIL', 'cv2')
    blocked = f"import sys; sys.modules.update(dict.fromkeys({missing}))"
    command = [sys.executable, "-c", f"{blocked}; import benchmarks.card.__main__"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_rehearsals_device_needs_no_card():
    port = Processor()
    assert (port.bytes_per_s(), port.peak_bytes()) == (1e9, 0)


class Emulated(Processor):
    """A model whose products are the emulated kernels'."""

    dtype, config = torch.half, CONFIG
    prompts, totals, steps, official_steps = (5, 12), (7, 14), 2, 1


@pytest.mark.slow
def test_the_official_method_takes_the_place_of_the_kernels(card, monkeypatch):  # noqa: F811
    """Rows that a kernel takes are products of ours before it, and whole dequantised weights after."""

    def prepare(weight, scale, bits, dtype):
        return multiply.find_backend(weight, bits, dtype)(weight, scale, bits)

    monkeypatch.setattr("lib_adcopy.chatglm.layers.prepare_multiply", prepare)
    launches = {}
    for piece in decoding.decoding(Emulated(), 4):
        launches |= {name: list(card.launches) for name in piece}
        card.launches.clear()
    assert "linear_4_8" in launches["rows_8"] and "dequantise_4" in launches["prefill_12_tokens_per_s"]
    assert set(launches["official_tokens_per_s"]) == {"dequantise_4"}
