"""NVIDIA GPUs: our own kernels for decoding, launched through cpm_kernels, and one CUDA graph a step.

`multiply.find_backend` is asked once a layer, `graph.open_graph_decoder` once an answer. Where the kernels cannot run
both return None, the log says why once, and plain torch computes.
"""
