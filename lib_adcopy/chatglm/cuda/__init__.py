"""NVIDIA cards: our own kernels for decoding, launched through cpm_kernels, and one CUDA graph a step.

`backend` is asked once a layer, `decoder` once an answer. Where the kernels cannot run, both answer None, the log says
why once, and the caller goes on by plain torch.
"""

from __future__ import annotations

from lib_adcopy.chatglm.cuda.graph import decoder
from lib_adcopy.chatglm.cuda.multiply import backend

__all__ = ["backend", "decoder"]
