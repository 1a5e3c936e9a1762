"""Finished creatives on disk: a PNG that carries its own brief, copy, prompt and settings."""

from lib_adcopy.storage.creatives import CHUNK, read, record_text, save

__all__ = ["CHUNK", "read", "record_text", "save"]
