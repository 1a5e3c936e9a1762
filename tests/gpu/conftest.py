"""A card with its kernels; torch's default device is the card while a test runs."""

from __future__ import annotations

import pytest
import torch

from lib_adcopy.chatglm.cuda.loading import load_kernels


@pytest.fixture
def kernels():
    if not torch.cuda.is_available() or torch.version.hip is not None:
        pytest.skip("needs an NVIDIA card")
    found = load_kernels(torch.device("cuda"), torch.half)
    assert found is not None, "the log says why the kernels cannot be had"
    with torch.device("cuda"):
        yield found


@pytest.fixture
def card(kernels):
    """As the unit tests' emulated card, but with graphs. Whether whole steps agree is found out anew."""
    kernels.can_decode.clear()
    yield kernels
    kernels.can_decode.clear()
