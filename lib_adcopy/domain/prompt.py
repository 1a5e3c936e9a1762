"""Describe what is drawn: the positive and negative prompt and the networks they use."""

from __future__ import annotations

from dataclasses import dataclass

from lib_adcopy.i18n import Message


@dataclass(frozen=True)
class LoraUse:
    """A LoRA by the name the host lists it under, and its weight."""

    name: str
    weight: float


@dataclass(frozen=True)
class Networks:
    """Describe what a host has installed: names only. `base` is "SD1", "SD2", "SDXL" or "unknown", of the loaded
    checkpoint.

    `skipped_embeddings` are installed but of the wrong width for the checkpoint. `lora_aliases` are other names that
    tags may call the LoRAs by.
    """

    loras: tuple[str, ...] = ()
    embeddings: tuple[str, ...] = ()
    skipped_embeddings: tuple[str, ...] = ()
    base: str = "unknown"
    lora_aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Prompt:
    """`positive` carries its LoRA tags (<lora:name:weight>) and `negative` its embeddings' names, ready to draw.

    `loras` and `embeddings` name what is used, `notes` say in the user's language what was left out and why.
    `subject` and `scene` are the phrases of `positive` that speak of the product and of what is around it, `excluded`
    the words of `negative` that keep it alone in the picture; the rest is the style's.
    """

    positive: str
    negative: str
    loras: tuple[LoraUse, ...] = ()
    embeddings: tuple[str, ...] = ()
    notes: tuple[Message, ...] = ()
    style: str = "classic"
    subject: tuple[str, ...] = ()
    scene: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
