"""ChatGLM-6B (v1): from a checkpoint folder to a streamed answer. torch is imported when a model is first loaded.

The package imports no other of lib_adcopy. formats/ and generation_types.py are usable without torch.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lib_adcopy.chatglm.errors import ChatGLMError
from lib_adcopy.chatglm.folder import FolderReport, check_folder

if TYPE_CHECKING:
    from lib_adcopy.chatglm.chat import ChatModel
    from lib_adcopy.chatglm.load import load_model
    from lib_adcopy.chatglm.tokenizer import load_tokenizer, missing_package

__all__ = [
    "ChatGLMError", "ChatModel", "FolderReport", "check_folder", "load_model", "load_tokenizer", "missing_package",
]  # fmt: skip

_MODULES = {
    "ChatModel": "lib_adcopy.chatglm.chat",
    "load_model": "lib_adcopy.chatglm.load",
    "load_tokenizer": "lib_adcopy.chatglm.tokenizer",
    "missing_package": "lib_adcopy.chatglm.tokenizer",
}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(_MODULES[name]), name)
