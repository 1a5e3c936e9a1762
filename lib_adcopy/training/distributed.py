"""The processes that train one prefix together: this one alone, or those that `accelerate launch` started.

Every process computes its share of a step's examples; the gradients, a few megabytes, are summed once a step, and all
processes take the same step. So the number of processes changes nothing but the speed.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Any, Protocol

import torch

from lib_adcopy.errors import AdCopyError


class Distributed(Protocol):
    """Process `rank` of `world_size`; the `is_main` one reports and saves. `device` is "" where any may be chosen."""

    rank: int
    world_size: int
    is_main: bool
    device: str

    def prepare(self, optimizer: torch.optim.Optimizer) -> Any:
        """Wrap the optimizer as the processes need it."""
        ...

    def autocast(self) -> AbstractContextManager[Any]:
        """Return the context of a forward pass in mixed precision."""
        ...

    def backward(self, loss: torch.Tensor) -> None:
        """Accumulate the gradients of one micro-batch."""
        ...

    def step(self, optimizer: Any, weights: list[torch.nn.Parameter], clip: float, loss: float) -> float:
        """Take the step, gradients clipped to the norm `clip`; returns the sum of all processes' `loss`."""
        ...

    def any(self, flag: bool) -> bool:
        """Tell whether `flag` is true in any process."""
        ...

    def state_dict(self) -> dict[str, Any]:
        """Return what a checkpoint needs: the loss scale of fp16."""
        ...

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Restore `state_dict`'s result."""
        ...


class SingleProcess:
    """One process, in the precision the model was loaded in."""

    rank, world_size, is_main, device = 0, 1, True, ""

    def prepare(self, optimizer: torch.optim.Optimizer) -> torch.optim.Optimizer:
        return optimizer

    def autocast(self) -> AbstractContextManager[Any]:
        return nullcontext()

    def backward(self, loss: torch.Tensor) -> None:
        loss.backward()

    def step(self, optimizer: Any, weights: list[torch.nn.Parameter], clip: float, loss: float) -> float:
        torch.nn.utils.clip_grad_norm_(weights, clip)
        optimizer.step()
        return loss

    def any(self, flag: bool) -> bool:
        return flag

    def state_dict(self) -> dict[str, Any]:
        return {}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        pass


class AccelerateProcesses:
    """The processes of `accelerate launch`, with the mixed precision it was told."""

    def __init__(self) -> None:
        """Join the processes. Raises AdCopyError where accelerate is not installed."""
        try:
            from accelerate import Accelerator
        except ImportError as error:
            raise AdCopyError("training.no_accelerate") from error
        self._accelerator = Accelerator()
        self.rank, self.world_size = self._accelerator.process_index, self._accelerator.num_processes
        self.is_main = self._accelerator.is_main_process
        self.device = str(self._accelerator.device)

    def prepare(self, optimizer: torch.optim.Optimizer) -> Any:
        return self._accelerator.prepare_optimizer(optimizer)

    def autocast(self) -> AbstractContextManager[Any]:
        return self._accelerator.autocast()

    def backward(self, loss: torch.Tensor) -> None:
        self._accelerator.backward(loss)

    def step(self, optimizer: Any, weights: list[torch.nn.Parameter], clip: float, loss: float) -> float:
        for weight in weights:
            gradient = torch.zeros_like(weight) if weight.grad is None else weight.grad
            weight.grad = self._accelerator.reduce(gradient, "sum")
        self._accelerator.clip_grad_norm_(weights, clip)
        optimizer.step()
        return float(self._accelerator.reduce(torch.tensor(loss, device=self._accelerator.device), "sum"))

    def any(self, flag: bool) -> bool:
        flags = torch.tensor(float(flag), device=self._accelerator.device)
        return float(self._accelerator.reduce(flags, "sum")) > 0

    def state_dict(self) -> dict[str, Any]:
        scaler = self._accelerator.scaler
        return scaler.state_dict() if scaler is not None else {}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        if self._accelerator.scaler is not None and state:
            self._accelerator.scaler.load_state_dict(state)
