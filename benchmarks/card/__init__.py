"""All that a card can show, in one run of at most nine minutes: python -m benchmarks.card.

Needs torch for CUDA, transformers, safetensors and cpm_kernels, and no network; where diffusers and pytest are
installed, pictures are drawn between the texts and tests/gpu runs too. Weights are noise of the full size, made on the
card. Each part runs in a process of its own, for so many seconds at most; what it has measured by then is kept.
"""
