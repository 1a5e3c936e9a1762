"""Where each model is now, for whoever shows it."""

from __future__ import annotations

from dataclasses import dataclass

from lib_adcopy.gpu.device import Room

# Places: on the card, in host memory ready to return, computing on the CPU, or not loaded.
CARD, PARKED, CPU, DISK = "card", "parked", "cpu", "disk"


@dataclass(frozen=True)
class Status:
    """`writer` is the language model's name, "" where none is loaded; bytes are those of the weights. `room` is the
    card's memory, None without a card. `leaves_in` is the seconds until the model is unloaded if nobody uses it, None
    where it stays."""

    writer: str = ""
    writer_place: str = DISK
    writer_bytes: int = 0
    picture_place: str = DISK
    picture_bytes: int = 0
    room: Room | None = None
    leaves_in: float | None = None
