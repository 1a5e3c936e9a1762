"""The published ChatGLM-6B checkpoints on two hubs, at pinned revisions.

published.json holds, for each model and hub, the repository of the model's own makers, the revision, and the size and
SHA-256 of its files as this repository knows them; those decide, whatever a hub or a mirror says of itself. Where a
SHA-256 is "" or a file is not listed, only the source's own listing can be checked against, and the user is told so.

What is pinned there, and how it is known:
- huggingface revisions are commits, taken from permanent links and caches in public repositories; a commit names one
  state of the files for ever. modelscope has no commits in its links, so a release's tag is pinned; its owner could
  move it.
- chatglm-6b on huggingface: SHA-256 and sizes as the pinned commit itself holds them (git-lfs pointers and small files
  of a public clone of the repository with its history, whose objects git verifies against the commit's name); the
  weights' agree with the pointers of a second, independent copy, ice_text.model's with public installation guides.
- not known: the SHA-256 of the files of int4, of int8 and on modelscope. `python -m lib_adcopy.model_library.pin NAME
  --source SOURCE` asks a hub for them and writes them down; run it on a trusted connection and read the difference
  before you commit it.

chatglm-6b-int8 is not offered from modelscope: the copy there belongs to a private account and not to the makers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

from lib_adcopy.errors import AdCopyError
from lib_adcopy.model_library.names import is_plain_name

PINS_FILE = Path(__file__).with_name("published.json")


@dataclass(frozen=True)
class FilePin:
    """Size in bytes (0: unknown) and SHA-256 ("": unknown) that a file must have."""

    size: int = 0
    sha256: str = ""


@dataclass(frozen=True)
class HubPin:
    """A model's repository on one hub, at the one revision that is fetched."""

    repository: str
    revision: str
    files: Mapping[str, FilePin] = field(default_factory=dict)


@dataclass(frozen=True)
class PublishedModel:
    """A checkpoint under the name its folder gets; `size_bytes` is about what it takes on the disk."""

    name: str
    size_bytes: int
    hubs: Mapping[str, HubPin]


@dataclass(frozen=True)
class DownloadSource:
    """`hub` is whose client speaks, "huggingface" or "modelscope"; `mirror` an address instead of the hub's own."""

    hub: str
    mirror: str = ""

    def pin(self, model: PublishedModel) -> HubPin:
        """Return where this source has the model. Raises AdCopyError where it has none of the makers' own."""
        if self.hub not in model.hubs:
            raise AdCopyError("model_library.not_at_source", name=model.name)
        return model.hubs[self.hub]


def read_pins(file: Path = PINS_FILE) -> dict[str, PublishedModel]:
    """Read the models that can be fetched from published.json, by name."""
    stored = json.loads(file.read_text(encoding="utf-8"))
    return {name: PublishedModel(name, model["size_bytes"], _hubs(model["hubs"])) for name, model in stored.items()}


def _hubs(stored: Mapping[str, dict]) -> dict[str, HubPin]:
    return {
        hub: HubPin(
            pin["repository"], pin["revision"], {name: FilePin(**facts) for name, facts in pin["files"].items()}
        )
        for hub, pin in stored.items()
    }


PUBLISHED = read_pins()
SOURCES = {
    "modelscope": DownloadSource("modelscope"),
    "hf-mirror": DownloadSource("huggingface", "https://hf-mirror.com"),
    "huggingface": DownloadSource("huggingface"),
}
# The code published beside the weights is never run, so it is not fetched.
_NEEDED = ("*.json", "ice_text.model", "*.safetensors", "pytorch_model*.bin", "*LICENSE*", "README.md")


def needed_files(names: Sequence[str]) -> list[str]:
    """Return those of a repository's files that make the model: plain names only, and weights in one form only."""
    chosen = [name for name in names if is_plain_name(name) and any(fnmatchcase(name, each) for each in _NEEDED)]
    if any(name.endswith(".safetensors") for name in chosen):
        chosen = [name for name in chosen if not name.startswith("pytorch_model")]
    return chosen
