"""What can be fetched, and from where: the published ChatGLM-6B checkpoints on two hubs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatch


@dataclass(frozen=True)
class Published:
    """A checkpoint under the name its folder gets; `size_bytes` is about what it takes on the disk."""

    name: str
    huggingface: str
    modelscope: str
    size_bytes: int


@dataclass(frozen=True)
class Source:
    """`hub` is whose client speaks, "huggingface" or "modelscope"; `mirror` an address instead of the hub's own."""

    hub: str
    mirror: str = ""

    def repository(self, model: Published) -> str:
        return model.modelscope if self.hub == "modelscope" else model.huggingface


PUBLISHED = {
    model.name: model
    for model in (
        Published("chatglm-6b-int4", "THUDM/chatglm-6b-int4", "ZhipuAI/ChatGLM-6B-Int4", 3_900_000_000),
        Published("chatglm-6b-int8", "THUDM/chatglm-6b-int8", "thomas/ChatGLM-6B-Int8", 6_800_000_000),
        Published("chatglm-6b", "THUDM/chatglm-6b", "ZhipuAI/ChatGLM-6B", 13_500_000_000),
    )
}
SOURCES = {
    "modelscope": Source("modelscope"),
    "hf-mirror": Source("huggingface", "https://hf-mirror.com"),
    "huggingface": Source("huggingface"),
}
# The code published beside the weights is never run, so it is not fetched.
_NEEDED = ("*.json", "ice_text.model", "*.safetensors", "pytorch_model*.bin", "*LICENSE*", "README.md")


def needed(names: Sequence[str]) -> list[str]:
    """Those of a repository's files that make the model, without weights that are there a second time."""
    found = [name for name in names if "/" not in name and any(fnmatch(name, pattern) for pattern in _NEEDED)]
    if any(name.endswith(".safetensors") for name in found):
        found = [name for name in found if not name.startswith("pytorch_model")]
    return found
