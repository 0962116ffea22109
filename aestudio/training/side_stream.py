"""Copies of the weights, and validations, beside the steps: on a second CUDA stream.

On other devices the work is done at once. Both give a `PendingValue`, so that the trainer is the same.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Generic, TypeVar

import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from torch import Tensor

Result = TypeVar("Result")


class PendingValue(Generic[Result]):
    """A result that the device may still be computing."""

    def __init__(self, finish: Callable[[], Result], done: torch.cuda.Event | None = None) -> None:
        self._finish = finish
        self._done = done

    def ready(self) -> bool:
        """Whether `value` returns without waiting."""
        return self._done is None or self._done.query()

    def value(self) -> Result:
        """The result; waits for it."""
        if self._done is not None:
            self._done.synchronize()
        return self._finish()


class PendingQueue(deque[PendingValue[Result]]):
    """Pending results of one kind, in the order in which they were begun."""

    def take_ready(self) -> Iterator[Result]:
        """The results before the first one that is not ready, each once; waits for none."""
        while self and self[0].ready():
            yield self.popleft().value()

    def take_all(self) -> Iterator[Result]:
        """All results, each once; waits for them."""
        while self:
            yield self.popleft().value()


class SideStream:
    """The second stream of one device; tensors are of any shape."""

    def __init__(self, device: torch.device) -> None:
        self._stream = torch.cuda.Stream(device) if device.type == "cuda" else None

    @property
    def immediate(self) -> bool:
        """Whether work is done at once, because the device has no streams."""
        return self._stream is None

    def fetch(
        self, tensors: Mapping[str, Tensor], finish: Callable[[dict[str, Tensor]], Result]
    ) -> PendingValue[Result]:
        """Copy tensors to the CPU, then `finish(copies)`.

        The tensors must not be written to after this: the caller copies those that will change.
        """
        return self.run(lambda: dict(tensors), finish, reads=tuple(tensors.values()))

    def run(
        self,
        work: Callable[[], dict[str, Tensor]],
        finish: Callable[[dict[str, Tensor]], Result],
        reads: tuple[Tensor, ...] = (),
    ) -> PendingValue[Result]:
        """Do `work` after everything queued on the device so far, then `finish` with its results.

        reads: the tensors that `work` reads and that were made on the stream of the steps
        """
        if self._stream is None:
            copies = {name: value.cpu() for name, value in work().items()}
            return PendingValue(lambda: finish(copies))
        self._stream.wait_stream(torch.cuda.current_stream(self._stream.device))
        with torch.cuda.stream(self._stream):
            for tensor in reads:
                tensor.record_stream(self._stream)
            # Into pinned memory, so that the copy does not block Python.
            copies = {name: value.to("cpu", non_blocking=True) for name, value in work().items()}
            done = torch.cuda.Event(blocking=True)
            done.record()
        return PendingValue(lambda: finish(copies), done)
