"""The errors of model folders and requests, each with one sentence."""

from __future__ import annotations

_SENTENCES = {
    "no_config": "{folder} has no config.json: choose the folder that holds the model's files.",
    "bad_config": "config.json in {folder} cannot be read ({reason}): fetch it again.",
    "bad_value": "config.json in {folder} says {name}: {value}, which ChatGLM-6B cannot have: fetch it again.",
    "not_chatglm": "{folder} holds another kind of model ({found}): ChatGLM-6B (the first version) is needed.",
    "positions": "{folder} has position_encoding_2d switched off, unlike ChatGLM-6B: fetch its config.json again.",
    "no_sentencepiece": "sentencepiece is missing, so no ChatGLM can write; templates can: pip install sentencepiece.",
    "no_tokenizer": "{folder} has no ice_text.model: fetch that file from where the model came from.",
    "no_weights": "{folder} has no weights (pytorch_model.bin or model.safetensors): fetch the model again.",
    "missing_shard": "{file} is missing from {folder}: fetch that file again.",
    "lfs_pointer": "{file} is a git-lfs pointer and not the file itself: run git lfs pull, or download it.",
    "truncated": "{file} is incomplete or damaged: fetch it again.",
    "unsafe_file": "{file} is not a plain PyTorch weight file and is not opened, as it could run programs ({reason}): "
    "fetch the model from its publisher.",
    "old_format": "{file} is in the format of PyTorch before 1.6, which may run programs, and is not opened: save it "
    "again with a newer PyTorch, or fetch the model as safetensors.",
    "unreadable": "{file} cannot be read ({reason}): check that it is there and that you may read it.",
    "missing_weight": "{folder} lacks the weight {name}: fetch the model again.",
    "wrong_type": "The weight {name} is stored as {found}, which no checkpoint of this model is: "
    "fetch the model again.",
    "wrong_shape": "The weight {name} has the shape {found} instead of {wanted}: config.json belongs to another model.",
    "no_prefix": "{folder} holds no P-Tuning prefix: choose the checkpoint folder the tuning script saved.",
    "prefix_shape": "The prefix in {folder} was made for another model ({found} instead of {wanted} values a token).",
    "unknown_prefix": "No prefix named {name} is loaded.",
    "too_long": "The text has {length} tokens and leaves no room below {limit}: shorten it.",
    "closed": "The model was unloaded: load it again.",
}


class ChatGLMError(Exception):
    """A problem of a folder or a request: `code` is a key above, `params` fill the sentence's {placeholders}."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(_SENTENCES[code].format_map(params))
        self.code = code
        self.params = params


def is_out_of_memory(error: BaseException) -> bool:
    """Return whether the GPU or the machine ran out of memory. torch has a class for some of these errors only."""
    text = str(error).lower().replace("_", " ")
    known = ("out of memory", "not enough memory", "cublas status alloc failed")
    return isinstance(error, MemoryError) or any(words in text for words in known)
