"""Writing and drawing a hundred times in one process takes no more memory than doing so three times."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("torch")
pytest.importorskip("diffusers")
pytest.importorskip("sentencepiece")

import torch

from benchmarks import residency
from lib_adcopy.chatglm.bench.weights import SIZES, write_checkpoint
from lib_adcopy.hosts.standalone.tokenizer import find_merges
from lib_adcopy.model_library.models import Library
from tests.hosts import random_sd

pytestmark = pytest.mark.skipif(find_merges() is None, reason="no package here carries CLIP's merges")
STARTER = Path(__file__).resolve().parents[2] / "models" / "starter"


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("studio")
    random_sd.make(folder)
    return folder


def entry(folder):
    return Library((), folders=[folder]).models()[0]


@pytest.mark.slow
@pytest.mark.skipif(torch.cuda.is_available(), reason="benchmarks.residency measures cards")
def test_a_hundred_rounds_on_a_processor_take_no_more_memory_than_three(home):
    found = residency.run(entry(STARTER), home, "cpu", 100)
    assert (found.early[0], found.last[0], found.peak) == (0, 0, 0)
    assert found.growth[1] <= 0.01


def test_a_model_of_noise_is_measured_too(home, tmp_path):
    made = write_checkpoint(tmp_path / "noise", SIZES["tiny"], bits=4)
    found = residency.run(entry(made), home, "cpu", residency.WARM)
    assert found.early[1] > 0
