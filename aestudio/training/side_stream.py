"""Work beside the steps: copies of the weights and validations, on a stream of their own on a GPU.

Elsewhere the work is done at once. Either way it gives a `PendingValue`, so that the trainer reads the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from torch import Tensor

Result = TypeVar("Result")


class PendingValue(Generic[Result]):
    """A result that the device may still be at work on."""

    def __init__(self, finish: Callable[[], Result], done: torch.cuda.Event | None = None) -> None:
        self._finish = finish
        self._done = done

    def ready(self) -> bool:
        """Whether `value` would answer at once."""
        return self._done is None or self._done.query()

    def value(self) -> Result:
        """The result; waits for it."""
        if self._done is not None:
            self._done.synchronize()
        return self._finish()


class SideStream:
    """The place for that work on one device."""

    def __init__(self, device: torch.device) -> None:
        self._stream = torch.cuda.Stream(device) if device.type == "cuda" else None

    @property
    def at_once(self) -> bool:
        """Whether everything is done when it is asked for."""
        return self._stream is None

    def fetch(
        self, tensors: Mapping[str, Tensor], finish: Callable[[dict[str, Tensor]], Result]
    ) -> PendingValue[Result]:
        """Bring tensors as they are now to the CPU, then `finish(copies)`.

        The tensors must not be written to after this; a copy of those that will be is the caller's.
        """
        return self.run(lambda: dict(tensors), finish, reads=tuple(tensors.values()))

    def run(
        self,
        work: Callable[[], dict[str, Tensor]],
        finish: Callable[[dict[str, Tensor]], Result],
        reads: tuple[Tensor, ...] = (),
    ) -> PendingValue[Result]:
        """Do `work` after all that was asked of the device so far, then `finish` with its results.

        reads: what it reads that the steps' stream made
        """
        if self._stream is None:
            copies = {name: value.cpu() for name, value in work().items()}
            return PendingValue(lambda: finish(copies))
        self._stream.wait_stream(torch.cuda.current_stream(self._stream.device))
        with torch.cuda.stream(self._stream):
            for tensor in reads:
                tensor.record_stream(self._stream)
            # Into pinned memory, so that the copy is the device's own business.
            copies = {name: value.to("cpu", non_blocking=True) for name, value in work().items()}
            done = torch.cuda.Event(blocking=True)
            done.record()
        return PendingValue(lambda: finish(copies), done)
