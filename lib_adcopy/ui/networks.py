"""The chips of LoRAs and embeddings: what the prompts use, added, weighed and taken out by a click."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from lib_adcopy.domain.prompt import Networks
from lib_adcopy.i18n import translate
from lib_adcopy.prompting.embeddings import embeddings_in, with_embedding
from lib_adcopy.prompting.networks import offered as fitting
from lib_adcopy.prompting.networks import tags_in, with_lora
from lib_adcopy.ui.choices import Choices

STEP = 0.1


@dataclass(frozen=True)
class Use:
    """`kind` is lora, positive or negative: where it stands and how it is written."""

    kind: str
    name: str
    weight: float

    def stepped(self, by: float) -> Use:
        """Return one step heavier or lighter; a LoRA goes past 0, which would take it out, to the other side."""
        weight = round(self.weight + by, 2)
        return replace(self, weight=by if self.kind == "lora" and not weight else weight)


def weighed(kind: str, name: str, weight: float) -> Use:
    """Return a network at the weight of the slider, whose lower half is for LoRAs.

    An embedding weighs a step at least.
    """
    return Use(kind, name, weight if kind == "lora" else max(weight, STEP))


def in_use(positive: str, negative: str, installed: Networks) -> Iterator[Use]:
    for lora in tags_in(positive):
        yield Use("lora", lora.name, lora.weight)
    for kind, text in (("positive", positive), ("negative", negative)):
        for use in embeddings_in(text, installed.embeddings):
            yield Use(kind, use.name, use.weight)


def with_use(positive: str, negative: str, use: Use) -> tuple[str, str]:
    """Return both prompts with the network at this weight; at 0 it is taken out."""
    if use.kind == "lora":
        return with_lora(positive, use.name, round(use.weight, 2)), negative
    if use.kind == "positive":
        return with_embedding(positive, use.name, use.weight), negative
    return positive, with_embedding(negative, use.name, use.weight)


def offered(installed: Callable[[], Networks]) -> Choices:
    """Return everything that fits the loaded checkpoint.

    The value is "<kind>:<name>". Embeddings stand under negative first: nearly all that are handed round are made for
    it.
    """

    def pairs(language: str) -> list[tuple[str, str]]:
        known = fitting(installed())
        named = [("lora", name) for name in known.loras]
        named += [(kind, name) for kind in ("negative", "positive") for name in known.embeddings]
        return [(translate(f"ui.networks.{kind}", language, name=name), f"{kind}:{name}") for kind, name in named]

    return Choices(pairs)
