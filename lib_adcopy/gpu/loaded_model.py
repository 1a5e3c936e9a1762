"""The language model that is loaded, where one is: opened, moved into host memory, let go."""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lib_adcopy.gpu.device import Card
from lib_adcopy.gpu.loading import Loading, Wish
from lib_adcopy.gpu.placement import Placement, expected_bytes, load_options

if TYPE_CHECKING:
    from lib_adcopy.chatglm import ChatModel

_log = logging.getLogger("adcopy.residency")


class Resident:
    """At most one model. A picture's turn parks it and a page unloads it at any moment: each waits for the other."""

    def __init__(self, card: Card, opener: Callable[..., Any] | None) -> None:
        self._card = card
        self._open = opener or _open_chat_model
        self._moving = threading.RLock()
        self._held: tuple[Path, Placement, ChatModel] | None = None

    @property
    def held(self) -> tuple[Path, Placement, ChatModel] | None:
        """The folder, how it was placed and the model; None where none is loaded."""
        return self._held

    @property
    def on_card(self) -> bool:
        held = self._held
        return held is not None and held[1].device != "cpu" and not held[2].parked

    def entering_bytes(self, wish: Wish) -> int:
        """What the wished model would take on the card beyond what it has there."""
        held = self._held
        if held is None:
            return expected_bytes(wish.entry, wish.placement)
        return held[2].size_bytes if held[2].parked else 0

    def ready(self, wish: Wish, loading: Loading) -> ChatModel:
        """The wished model, opened where it is not there yet. Raises what opening a model and `loading` raise."""
        self.release_other(wish)
        held = self._held
        model = held[2] if held else self._opened(wish, loading)
        # The policy may have changed since it was loaded; that alone is no reason to load it again.
        self._held = (wish.entry.folder, wish.placement, model)
        return model

    def on_the_card(self, wish: Wish, loading: Loading) -> ChatModel:
        """As `ready`, back from host memory where it was parked."""
        model = self.ready(wish, loading)
        model.resume()
        return model

    def park(self) -> None:
        """From the card into host memory; where that fails it is let go and will be read again."""
        with self._moving:
            if not self.on_card or self._held is None:
                return
            folder, _, model = self._held
            try:
                free, needed = self._card.host_free(), model.size_bytes - model.host_bytes
                if free < needed:
                    raise MemoryError(f"{free} bytes of RAM are free, {needed} needed")
                # Pinned pages are lost to everybody else: as many must be left.
                model.park(pin=free > 2 * needed)
            except Exception:
                _log.exception("%s cannot be kept in host memory: unloading it", folder.name)
                self.release()

    def release_other(self, wish: Wish) -> None:
        """Lets go of any model but the wished one, on its device and in its bits."""
        held = self._held
        if held and (held[0], held[1].device, held[1].bits) != wish.model:
            self.release()

    def release(self) -> None:
        """Frees the model's memory, the card's and the host's."""
        with self._moving:
            held, self._held = self._held, None
            if held:
                _log.info("unloading %s", held[0].name)
                held[2].close()
                del held
                self._card.give_back()

    def _opened(self, wish: Wish, loading: Loading) -> ChatModel:
        try:
            return self._open(wish.entry.folder, told=loading, **load_options(wish.entry, wish.placement))
        except Exception as error:
            # What was read so far lives in the frames of its traceback, in the way of the pictures that come back.
            traceback.clear_frames(error.__traceback__)
            raise


def _open_chat_model(folder: Path, **options: Any) -> ChatModel:
    from lib_adcopy.chatglm import ChatModel

    return ChatModel.open(folder, **options)
