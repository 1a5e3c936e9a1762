"""The kernels as a GTX 10 (sm_61) gets them, which unpacks by floats: the same numbers to the last bit."""

from __future__ import annotations

import pytest
import torch

from lib_adcopy.chatglm.quantisation import quantise
from tests.unit.chatglm_cuda.test_arithmetic import halves, read_every_byte


def test_every_byte_is_read_as_the_format_says(float_kernels):
    read_every_byte(float_kernels)


@pytest.mark.parametrize("bits", [4, 8])
@pytest.mark.parametrize("rows", [1, 3, 8])
def test_products_are_those_of_the_other_cards(kernels, float_kernels, bits, rows):
    weight, scale = quantise(halves(33, 1152), bits)
    states = halves(rows, 1152, seed=1)
    ours, theirs = (each.linear(states, weight, scale, bits, None) for each in (float_kernels, kernels))
    assert torch.equal(ours, theirs)
