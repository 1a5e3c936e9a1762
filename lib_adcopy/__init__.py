"""Ad Copy: ad copy by ChatGLM-6B and pictures by the webui's own pipeline. Nothing heavy is imported here."""

__version__ = "0.1.0"
