"""Ad Copy inside a stable-diffusion-webui: the only room that imports the webui's own modules.

Every difference between AUTOMATIC1111, Akegarasu's 1.6, reForge and Forge is looked for where it matters (a missing
argument, a missing module), not by the host's name: forks of forks come and go.
"""
