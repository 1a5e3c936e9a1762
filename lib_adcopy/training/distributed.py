"""The processes that train one prefix together: this one alone, or those that `accelerate launch` started.

Every process works out its share of a step's examples; the gradients, a few megabytes, are summed once a step, and all
take the same step. So the number of processes changes nothing but the speed.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol

import torch

from lib_adcopy.errors import AdCopyError


class Crew(Protocol):
    """`number` of `count` processes; the `first` looks, tells and saves. `device` is "" where anyone may choose."""

    number: int
    count: int
    first: bool
    device: str

    def prepared(self, optimizer: torch.optim.Optimizer) -> Any: ...

    def autocast(self) -> AbstractContextManager[Any]: ...

    def backward(self, loss: torch.Tensor) -> None: ...

    def stepped(self, optimizer: Any, weights: list[torch.nn.Parameter], clip: float, loss: float) -> float:
        """Takes the step, gradients clipped to the norm `clip`; gives the sum of all processes' `loss`."""
        ...

    def any(self, flag: bool) -> bool:
        """Whether any process says so."""
        ...

    def state(self) -> dict[str, Any]:
        """What a checkpoint needs of it: the loss scale of fp16."""
        ...

    def restore(self, state: dict[str, Any]) -> None: ...


class Alone:
    """One process, in the precision the model was loaded in."""

    number, count, first, device = 0, 1, True, ""

    def prepared(self, optimizer: torch.optim.Optimizer) -> torch.optim.Optimizer:
        return optimizer

    def autocast(self) -> AbstractContextManager[Any]:
        return nullcontext()

    def backward(self, loss: torch.Tensor) -> None:
        loss.backward()

    def stepped(self, optimizer: Any, weights: list[torch.nn.Parameter], clip: float, loss: float) -> float:
        torch.nn.utils.clip_grad_norm_(weights, clip)
        optimizer.step()
        return loss

    def any(self, flag: bool) -> bool:
        return flag

    def state(self) -> dict[str, Any]:
        return {}

    def restore(self, state: dict[str, Any]) -> None:
        pass


class Launched:
    """The processes of `accelerate launch`, with the mixed precision it was told."""

    def __init__(self) -> None:
        try:
            from accelerate import Accelerator
        except ImportError as error:
            raise AdCopyError("training.no_accelerate") from error
        self._accelerator = Accelerator()
        self.number, self.count = self._accelerator.process_index, self._accelerator.num_processes
        self.first = self._accelerator.is_main_process
        self.device = str(self._accelerator.device)

    def prepared(self, optimizer: torch.optim.Optimizer) -> Any:
        return self._accelerator.prepare_optimizer(optimizer)

    def autocast(self) -> AbstractContextManager[Any]:
        return self._accelerator.autocast()

    def backward(self, loss: torch.Tensor) -> None:
        self._accelerator.backward(loss)

    def stepped(self, optimizer: Any, weights: list[torch.nn.Parameter], clip: float, loss: float) -> float:
        for weight in weights:
            mine = torch.zeros_like(weight) if weight.grad is None else weight.grad
            weight.grad = self._accelerator.reduce(mine, "sum")
        self._accelerator.clip_grad_norm_(weights, clip)
        optimizer.step()
        return float(self._accelerator.reduce(torch.tensor(loss, device=self._accelerator.device), "sum"))

    def any(self, flag: bool) -> bool:
        told = torch.tensor(float(flag), device=self._accelerator.device)
        return float(self._accelerator.reduce(told, "sum")) > 0

    def state(self) -> dict[str, Any]:
        scaler = self._accelerator.scaler
        return scaler.state_dict() if scaler is not None else {}

    def restore(self, state: dict[str, Any]) -> None:
        if self._accelerator.scaler is not None and state:
            self._accelerator.scaler.load_state_dict(state)
