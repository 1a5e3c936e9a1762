"""Which language model is loaded and where; the turns in which it writes and in which the host draws.

Between two turns the picture model is where its host left it, ready to draw, and the language model is on the card only
where both fit. A turn that needs the card for itself sends the other model to host memory, works, and gives back, all
while the host's queue is held: nobody else meets a model that is away.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lib_adcopy.domain.picture import DrawResult
from lib_adcopy.errors import AdCopyError
from lib_adcopy.gpu import policy, status
from lib_adcopy.gpu.device import Card, TorchCard, out_of_memory
from lib_adcopy.gpu.generation import Answering
from lib_adcopy.gpu.loaded_model import Resident
from lib_adcopy.gpu.loading import Loading, OnLoading, Wish
from lib_adcopy.gpu.pictures import Pictures
from lib_adcopy.gpu.placement import Placement
from lib_adcopy.gpu.status import Status
from lib_adcopy.hosts.base import DrawProgress, DrawRequest, Host
from lib_adcopy.model_library.models import ModelEntry

if TYPE_CHECKING:
    from lib_adcopy.chatglm import ChatModel

_log = logging.getLogger("adcopy.residency")
# At Reload UI a writer is told to stop, which it does within a token; a host that waits longer would look dead.
_FAREWELL_SECONDS = 20.0


class Residency:
    """Holds at most one language model, one user of it at a time. Safe to call from any thread."""

    def __init__(self, host: Host, *, card: Card | None = None, opener: Callable[..., Any] | None = None) -> None:
        """`opener(folder, **options)` opens a ChatModel."""
        self._host = host
        self._card = card or TorchCard()
        self._resident = Resident(self._card, opener)
        self._turn = threading.Lock()
        self._wishes: list[Wish] = []
        self._unload_wanted = self._closed = False
        self._idle: threading.Timer | None = None
        self._leaves_at: float | None = None
        self._measured_a_pixel = 0.0

    # ---- what there is

    @property
    def loaded(self) -> Path | None:
        """The folder of the model that is loaded, None where none is."""
        held = self._resident.held
        return held[0] if held else None

    @property
    def placement(self) -> Placement:
        """How the loaded model was placed, the default where none is loaded."""
        held = self._resident.held
        return held[1] if held else Placement()

    def status(self) -> Status:
        """Where each model is now. Moves and loads nothing, not even torch."""
        pictures, held = self._host.picture_memory(), self._resident.held
        on_card, size = pictures.card_bytes, pictures.size_bytes
        shown = Status(
            picture_place=status.CARD if on_card else status.PARKED if size else status.DISK,
            picture_bytes=size,
            room=self._card.room(look=False),
        )
        if held is None:
            return shown
        folder, placement, model = held
        place = status.CPU if placement.device == "cpu" else status.PARKED if model.parked else status.CARD
        leaves_at = self._leaves_at
        leaves_in = None if leaves_at is None else max(0.0, leaves_at - time.monotonic())
        return replace(
            shown, writer=folder.name, writer_place=place, writer_bytes=model.size_bytes, leaves_in=leaves_in
        )

    # ---- turns

    @contextmanager
    def writing(
        self,
        entry: ModelEntry,
        placement: Placement,
        *,
        stop: threading.Event,
        task_id: str = "",
        tokens: int = 2048,
        on_loading: OnLoading = lambda done, total: None,
    ) -> Iterator[Answering]:
        """`entry`'s model, loaded if it is not yet; on a card the host's queue is held until the block ends.

        `tokens` is how long all answers together may become; `on_loading` hears of bytes read and to read. Raises
        AdCopyError where there is no room even with the card to itself or `stop` ends the loading, and what opening a
        model raises.
        """
        wish = Wish(entry, placement.resolved(card=self._card.room() is not None), stop, tokens, on_loading)
        turn = self._at_home(wish) if wish.placement.device == "cpu" else self._on_card(wish, task_id)
        self._wishes.append(wish)
        try:
            with turn as answering:
                yield answering
        except Exception as error:
            if not out_of_memory(error):
                raise
            raise AdCopyError("gpu.out_of_memory", name=entry.name) from error
        finally:
            self._wishes.remove(wish)

    def draw(
        self, request: DrawRequest, on_progress: Callable[[DrawProgress], None], stop: threading.Event
    ) -> DrawResult:
        """The host's draw, with room made for it; one that finds too little is tried again with the card to itself."""
        settings = request.settings
        scale = settings.hires.scale if settings.hires else 1.0
        pixels = int(settings.width * settings.height * settings.batch_size * scale * scale)
        try:
            return self._host.draw(request, on_progress, stop, self._room(pixels))
        except AdCopyError as error:
            if error.code != "hosts.out_of_memory" or not self._resident.on_card:
                raise
        return self._host.draw(request, on_progress, stop, self._room(pixels, alone=True))

    def unload(self) -> bool:
        """Frees the model's memory, card's and host's; at work, it is freed when its turn ends, and this is False."""
        self._unload_wanted = True
        if not self._turn.acquire(blocking=False):
            return False
        self._end_turn()
        return True

    def close(self) -> None:
        """Stops whoever writes or waits to, and frees everything, for good: Reload UI, the extension switched off."""
        self._closed = self._unload_wanted = True
        if self._idle:
            self._idle.cancel()
        for wish in tuple(self._wishes):
            wish.stop.set()
        if self._turn.acquire(timeout=_FAREWELL_SECONDS):
            self._end_turn()
        else:
            _log.warning("the language model is still at work; it is freed when it ends")

    # ---- inside a turn

    @contextmanager
    def _at_home(self, wish: Wish) -> Iterator[Answering]:
        with self._taken():
            model = self._resident.ready(wish, Loading(wish, self._wishes))
            yield Answering(model, None, wish.stop, self._card.give_back)

    @contextmanager
    def _on_card(self, wish: Wish, task_id: str) -> Iterator[Answering]:
        with self._host.gpu_work("Ad Copy", task_id=task_id) as work, self._taken():
            pictures = Pictures(self._host.picture_memory(), self._card)

            def make_room() -> None:
                pictures.leave()
                self._card.give_back()

            try:
                model = self._enter(wish, Loading(wish, self._wishes, work), pictures, make_room)
                yield Answering(model, work, wish.stop, make_room)
            finally:
                self._give_back(wish.placement, pictures)

    @contextmanager
    def _taken(self) -> Iterator[None]:
        """The model for one user. After the last turn of a closed residency nobody gets it."""
        self._turn.acquire()
        try:
            if self._closed:
                raise AdCopyError("gpu.closed")
            if self._idle:
                self._idle.cancel()
            self._leaves_at = None
            yield
        finally:
            self._end_turn()

    def _end_turn(self) -> None:
        """What was wished for during the turn is done, and the idle clock starts."""
        try:
            if self._unload_wanted:
                self._unload_wanted = self._closed
                self._resident.release()
            minutes = float(self._host.option("idle_minutes", 0))
            if minutes > 0 and self._resident.held:
                self._idle = threading.Timer(minutes * 60, self.unload)
                self._idle.daemon = True
                self._leaves_at = time.monotonic() + minutes * 60
                self._idle.start()
        finally:
            self._turn.release()
        # Wished for since we looked, by somebody who found the turn taken.
        if self._unload_wanted and self._resident.held:
            self.unload()

    def _enter(
        self, wish: Wish, loading: Loading, pictures: Pictures, make_room: Callable[[], None]
    ) -> ChatModel:
        """The model on the card; pictures leave first where the policy says so, or else where there is no room."""
        self._resident.release_other(wish)
        cache = wish.tokens * wish.entry.report.token_bytes
        needed = policy.writing_needs(self._resident.entering_bytes(wish), cache)
        if policy.makes_way(wish.placement.policy, needed=needed, free=self._free()):
            pictures.leave()
        try:
            return self._resident.on_the_card(wish, loading)
        except Exception as error:
            if not out_of_memory(error):
                raise
            _log.warning("no room for %s beside the picture model", wish.entry.name)
        make_room()
        return self._resident.on_the_card(wish, loading)

    def _give_back(self, placement: Placement, pictures: Pictures) -> None:
        """The end of a turn on the card, however it went: pictures can be drawn again."""
        needed = pictures.missing_bytes + policy.drawing_needs(policy.USUAL_PIXELS, self._measured_a_pixel)
        if policy.makes_way(placement.policy, needed=needed, free=self._free()):
            self._resident.park()
        try:
            self._card.give_back()
            pictures.come_back()
        except Exception:
            _log.exception("the picture model did not come back; it is tried with the card to itself")
        else:
            return
        self._resident.release()
        try:
            pictures.come_back()
        except Exception as error:
            raise AdCopyError("gpu.picture_away") from error

    @contextmanager
    def _room(self, pixels: int, *, alone: bool = False) -> Iterator[None]:
        """Room for `pixels`, in the host's turn; `alone` without a language model, whatever the policy."""
        missing = Pictures(self._host.picture_memory(), self._card).missing_bytes
        if self._resident.on_card:
            needed = missing + policy.drawing_needs(pixels, self._measured_a_pixel)
            if alone or policy.makes_way(self.placement.policy, needed=needed, free=self._free()):
                self._resident.park()
        if self._card.room(look=False) is None:
            yield
            return
        self._card.watch()
        yield
        # A host that brought its weights in for this picture has them in its peak.
        peak = self._card.peak() - missing
        self._measured_a_pixel = policy.measured_a_pixel(self._measured_a_pixel, peak, pixels)

    def _free(self) -> int:
        room = self._card.room()
        return room.free if room else 0
