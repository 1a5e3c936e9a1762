"""The golden tiny ChatGLM as a folder in the official form: .bin shards, config.json, ice_text.model."""

from __future__ import annotations

import shutil

from tests.shared_data import SHARED

GOLDEN = SHARED / "golden"


def make(folder):
    """Writes the folder; its words are noise, its way from prompt to text is the 6B's. Skip where GOLDEN is missing."""
    folder.mkdir(parents=True)
    for file in (GOLDEN / "chatglm_tiny" / "sharded").iterdir():
        shutil.copy(file, folder)
    shutil.copy(GOLDEN / "chatglm_tiny" / "config.json", folder)
    shutil.copy(GOLDEN / "tokenizer_tiny" / "ice_text.model", folder)
    for file in folder.iterdir():
        file.chmod(0o644)
    return folder
