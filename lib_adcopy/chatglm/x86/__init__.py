"""x86 processors: products of our own by 8- and 4-bit weights, compiled by LLVM at first use.

`program` is asked once a layer. Where llvmlite is missing or the processor is too old it answers None, the log says why
once, and torch's own products go on.
"""

from __future__ import annotations

from lib_adcopy.chatglm.x86.compiler import Program, program
from lib_adcopy.chatglm.x86.thread_pool import torch_alone

__all__ = ["Program", "program", "torch_alone"]
