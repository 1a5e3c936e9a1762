"""Ad Copy inside a stable-diffusion-webui: the only package that imports the webui's own modules.

Differences between AUTOMATIC1111, Akegarasu's 1.6, reForge and Forge are detected where they matter (a missing
argument, a missing module), not by the webui's name, as forks keep appearing.
"""
