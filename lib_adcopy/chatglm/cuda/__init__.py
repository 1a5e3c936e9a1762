"""NVIDIA GPUs: our own kernels for decoding, compiled by NVRTC and launched through cpm_kernels.

`multiply.find_backend` is asked once a layer; graph_decoder.py runs a whole step by the kernels. Where they cannot run,
the log says why once and plain torch computes.
"""
