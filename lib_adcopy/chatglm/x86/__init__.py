"""x86 processors: our own products by 8- and 4-bit weights, compiled by LLVM at first use.

`compiler.get_program` is asked once a layer. Where llvmlite is missing or the processor is too old it returns None, the
log says why once, and torch's own products compute.
"""
