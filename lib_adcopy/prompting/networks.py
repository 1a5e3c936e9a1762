"""Which LoRAs and embeddings may stand in a prompt: those installed and made for the checkpoint, no others.

A missing one spoils more than itself: Forge and reForge drop every LoRA of a prompt that names one they lack, and an
unknown embedding's name is read as plain words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from lib_adcopy.i18n import Message
from lib_adcopy.prompting.prompt import LoraUse, Networks

_TAG = re.compile(r"<(?P<kind>\w+):(?P<name>[^:>]+)(?::(?P<weight>[^>]*))?>")
_STRAY = re.compile(r"\s*,(?:\s*,)+")
# The classic set's embeddings are SD1.5's: 768 wide, of no use to SDXL.
KNOWN_EMBEDDINGS = ("badhandv4", "EasyNegative", "EasyNegativeV2", "ng_deepnegative_v1_75t")


def usable(
    loras: Sequence[LoraUse], embeddings: Sequence[str], networks: Networks
) -> tuple[tuple[LoraUse, ...], tuple[str, ...], tuple[Message, ...]]:
    """What of the wanted can be used, under the host's spelling, and a note for each that cannot."""
    if networks.base not in ("SD1", "unknown") and (loras or embeddings):
        names = ", ".join([*(lora.name for lora in loras), *embeddings])
        return (), (), (Message("prompting.note.other_base", {"names": names, "base": networks.base}),)
    kept_loras, kept_embeddings, notes = [], [], []
    for lora in loras:
        spelled = _spelling(lora.name, networks.loras)
        if spelled:
            kept_loras.append(LoraUse(spelled, lora.weight))
        else:
            notes.append(Message("prompting.note.lora_missing", {"name": lora.name}))
    for name in embeddings:
        spelled = _spelling(name, networks.embeddings)
        if spelled:
            kept_embeddings.append(spelled)
        else:
            skipped = _spelling(name, networks.skipped_embeddings)
            key = "embedding_skipped" if skipped else "embedding_missing"
            notes.append(Message(f"prompting.note.{key}", {"name": name}))
    return tuple(kept_loras), tuple(kept_embeddings), tuple(notes)


def keep_installed(positive: str, negative: str, networks: Networks) -> tuple[str, str, tuple[Message, ...]]:
    """The user's own edit, without tags and known embeddings that are not installed, and a note for each."""
    notes: list[Message] = []

    def checked(match: re.Match[str]) -> str:
        name, weight = match["name"].strip(), match["weight"] or "1"
        if match["kind"] not in ("lora", "lyco"):
            return match.group()
        if _spelling(name, networks.loras) is None:
            notes.append(Message("prompting.note.lora_missing", {"name": name}))
            return ""
        if not all(_is_number(part.rpartition("=")[2]) for part in weight.split(":") if "@" not in part):
            notes.append(Message("prompting.note.lora_weight", {"name": name, "weight": weight}))
            return ""
        return match.group()

    positive = _TAG.sub(checked, positive)
    for known in KNOWN_EMBEDDINGS:
        word = re.compile(rf"(?<![\w-]){re.escape(known)}(?![\w-])", re.IGNORECASE)
        if word.search(negative) and _spelling(known, networks.embeddings) is None:
            negative = word.sub("", negative)
            notes.append(Message("prompting.note.embedding_missing", {"name": known}))
    return _tidy(positive), _tidy(negative), tuple(notes)


def with_lora(positive: str, name: str, weight: float) -> str:
    """`positive` with the LoRA at this weight: its tag changed, added at the end, or taken out at weight 0."""
    others = _TAG.sub(lambda match: "" if match["name"].strip().lower() == name.lower() else match.group(), positive)
    kept = _tidy(others)
    if not weight:
        return kept
    return f"{kept}, {tags((LoraUse(name, weight),))}" if kept else tags((LoraUse(name, weight),))


def tags(loras: Iterable[LoraUse]) -> str:
    return " ".join(f"<lora:{lora.name}:{lora.weight:g}>" for lora in loras)


def tags_in(positive: str) -> tuple[LoraUse, ...]:
    """The LoRAs a prompt's tags ask for; a tag without a weight asks for 1."""
    found = (match for match in _TAG.finditer(positive) if match["kind"] in ("lora", "lyco"))
    return tuple(LoraUse(match["name"].strip(), float((match["weight"] or "1").split(":")[0])) for match in found)


def without_tags(positive: str) -> str:
    return _tidy(_TAG.sub("", positive))


def _tidy(text: str) -> str:
    return _STRAY.sub(",", text).strip(" ,")


def _spelling(name: str, installed: Iterable[str]) -> str | None:
    exact = {known.lower(): known for known in installed}
    return exact.get(name.lower())


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
