"""Describe which LoRAs and embeddings may stand in a prompt: those installed and made for the checkpoint, no others.

A missing one spoils more than itself: Forge and reForge drop every LoRA of a prompt that names one they lack, and an
unknown embedding's name is read as plain words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from lib_adcopy.domain.prompt import LoraUse, Networks
from lib_adcopy.i18n import Message

_TAG = re.compile(r"<(?P<kind>\w+):(?P<name>[^:<>]+)(?::(?P<weight>[^<>]*))?>")
_WIDE_TAG = re.compile(r"[<＜]\s*(?:lora|lyco)\s*[:：][^<>＜＞]*[>＞]")
_HALF_WIDTH = str.maketrans("＜＞：", "<>:")
_STRAY = re.compile(r"\s*,(?:\s*,)+")
# The classic set was made for SD1.5: its embeddings are 768 wide, its LoRA fits no other model.
SD1_LORAS = ("add_detail",)
KNOWN_EMBEDDINGS = ("badhandv4", "EasyNegative", "EasyNegativeV2", "ng_deepnegative_v1_75t")
# add_detail's author names -2..2; beyond it any LoRA breaks the picture.
WEIGHTS = (-2.0, 2.0)


def usable(
    loras: Sequence[LoraUse], embeddings: Sequence[str], networks: Networks
) -> tuple[tuple[LoraUse, ...], tuple[str, ...], tuple[Message, ...]]:
    """Return what of the wanted can be used, under the host's spelling, and a note for each that cannot.

    On a checkpoint that is not SD1.5 the SD1.5 set is left out with one note, whatever the host lists.
    """
    foreign = [name for name in (*(lora.name for lora in loras), *embeddings) if _is_foreign(name, networks.base)]
    kept_loras, kept_embeddings, notes = [], [], []
    if foreign:
        names = ", ".join(foreign)
        notes.append(Message("prompting.note.other_base", {"names": names, "base": networks.base}))
    for lora in loras:
        spelled = _spelling(lora.name, networks.loras)
        if lora.name in foreign:
            continue
        if spelled:
            kept_loras.append(LoraUse(spelled, within(lora.weight)))
        else:
            notes.append(Message("prompting.note.lora_missing", {"name": lora.name}))
    for name in embeddings:
        if name in foreign:
            continue
        spelled = _spelling(name, networks.embeddings)
        if spelled:
            kept_embeddings.append(spelled)
        else:
            skipped = _spelling(name, networks.skipped_embeddings)
            key = "embedding_skipped" if skipped else "embedding_missing"
            notes.append(Message(f"prompting.note.{key}", {"name": name}))
    return tuple(kept_loras), tuple(kept_embeddings), tuple(notes)


def offered(networks: Networks) -> Networks:
    """Return what to offer for the loaded checkpoint: all that is installed, without the SD1.5 set on another base."""
    return replace(
        networks,
        loras=tuple(name for name in networks.loras if not _is_foreign(name, networks.base)),
        embeddings=tuple(name for name in networks.embeddings if not _is_foreign(name, networks.base)),
    )


def keep_installed(positive: str, negative: str, networks: Networks) -> tuple[str, str, tuple[Message, ...]]:
    """Return the user's own edit, without tags and known embeddings that are not installed, and a note for each."""
    notes: list[Message] = []

    def checked(match: re.Match[str]) -> str:
        name, weight = match["name"].strip(), match["weight"] or "1"
        if match["kind"] not in ("lora", "lyco"):
            return match.group()
        if _is_foreign(name, networks.base):
            notes.append(Message("prompting.note.other_base", {"names": name, "base": networks.base}))
            return ""
        if _spelling(name, (*networks.loras, *networks.lora_aliases)) is None:
            notes.append(Message("prompting.note.lora_missing", {"name": name}))
            return ""
        if not _is_weight(weight.split(":")[0]):
            notes.append(Message("prompting.note.lora_weight", {"name": name, "weight": weight}))
            return ""
        return match.group()

    positive = _TAG.sub(checked, _WIDE_TAG.sub(_half_width, positive))
    usable_names = {name.lower() for name in offered(networks).embeddings}
    for known in dict.fromkeys((*KNOWN_EMBEDDINGS, *networks.skipped_embeddings)):
        if known.lower() in usable_names:
            continue
        word = re.compile(rf"(?<![\w-]){re.escape(known)}(?![\w-])", re.IGNORECASE)
        if word.search(negative):
            negative = word.sub("", negative)
            skipped = _spelling(known, networks.skipped_embeddings)
            key = "embedding_skipped" if skipped else "embedding_missing"
            notes.append(Message(f"prompting.note.{key}", {"name": known}))
    return _tidy(positive), _tidy(negative), tuple(notes)


def _half_width(match: re.Match[str]) -> str:
    """A tag typed with a Chinese keyboard's signs, as the webui reads it."""
    return match.group().translate(_HALF_WIDTH)


def with_lora(positive: str, name: str, weight: float) -> str:
    """`positive` with the LoRA at this weight: its tag changed, added at the end, or taken out at weight 0."""
    others = _TAG.sub(lambda match: "" if match["name"].strip().lower() == name.lower() else match.group(), positive)
    kept = _tidy(others)
    weight = within(weight)
    if not weight:
        return kept
    return f"{kept}, {tags((LoraUse(name, weight),))}" if kept else tags((LoraUse(name, weight),))


def tags(loras: Iterable[LoraUse]) -> str:
    return " ".join(f"<lora:{lora.name}:{lora.weight:g}>" for lora in loras)


def tags_in(positive: str) -> tuple[LoraUse, ...]:
    """Return the LoRAs a prompt's tags ask for; a tag without a weight asks for 1, one whose weight is no number is
    none."""
    found = []
    for match in _TAG.finditer(positive):
        first = (match["weight"] or "1").split(":")[0].rpartition("=")[2]
        if match["kind"] in ("lora", "lyco") and _is_number(first):
            found.append(LoraUse(match["name"].strip(), float(first)))
    return tuple(found)


def within(weight: float) -> float:
    """Return the weight within the range offered; 0 for what is no number."""
    low, high = WEIGHTS
    return min(max(weight, low), high) if weight == weight else 0.0


def without_tags(positive: str) -> str:
    return _tidy(_TAG.sub("", positive))


def _tidy(text: str) -> str:
    return _STRAY.sub(",", text).strip(" ,")


def _is_foreign(name: str, base: str) -> bool:
    """Tell whether it belongs to the SD1.5 set and the checkpoint is known to be another kind."""
    known = {each.lower() for each in (*SD1_LORAS, *KNOWN_EMBEDDINGS)}
    return base not in ("SD1", "unknown") and name.lower() in known


def _spelling(name: str, installed: Iterable[str]) -> str | None:
    exact = {known.lower(): known for known in installed}
    return exact.get(name.lower())


def _is_weight(text: str) -> bool:
    """Tell whether a tag's first argument is a weight; what follows it (lbw=IN02, stop=10, MIDD) is other
    extensions'."""
    return "@" in text or _is_number(text.rpartition("=")[2])


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
