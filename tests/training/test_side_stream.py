"""Work beside the steps gives what work between the steps would have given."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch

from aestudio.datasets.image_shape import MNIST
from aestudio.recipes.architecture import Architecture
from aestudio.training.batches import ResidentImages
from aestudio.training.evaluation import Validator, mean_terms
from aestudio.training.initial import weights_of
from aestudio.training.loop import TrainingLoop
from aestudio.training.model import build_model
from aestudio.training.side_stream import PendingQueue, PendingValue, SideStream
from tests.training.conftest import small_spec

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from aestudio.datasets.dataset import Dataset


class Later(SideStream):
    """Does the work only when its result is needed, after later steps: a slow GPU's order on the CPU."""

    immediate = False

    def run(self, work: Callable, finish: Callable, reads: tuple[Tensor, ...] = ()) -> PendingValue:
        self.reads = reads
        run = super().run
        return PendingValue(lambda: run(work, finish, reads).value())


def test_on_the_cpu_work_is_done_immediately() -> None:
    side_stream = SideStream(torch.device("cpu"))
    assert side_stream.immediate
    fetched = side_stream.fetch({"a": torch.arange(3.0)}, lambda copies: copies["a"].tolist())
    assert fetched.ready()
    assert fetched.value() == [0.0, 1.0, 2.0]


class Event:
    """A stand-in for one of CUDA: it is done when it is waited for, or said to be."""

    def __init__(self) -> None:
        self.done = False

    def query(self) -> bool:
        return self.done

    def synchronize(self) -> None:
        self.done = True


def pending_value(number: int, event: Event | None) -> PendingValue[int]:
    return PendingValue(lambda: number, event)  # type: ignore[arg-type]


def test_a_value_is_waited_for() -> None:
    event = Event()
    value = pending_value(3, event)
    assert not value.ready()
    assert value.value() == 3
    assert value.ready()


def test_a_queue_gives_what_is_ready_in_order() -> None:
    """The second result is there before the first: it waits for its turn."""
    first, second, third = Event(), Event(), Event()
    queue = PendingQueue(pending_value(number, event) for number, event in enumerate((first, second, third)))
    second.done = True
    assert list(queue.take_ready()) == []
    first.done = True
    assert list(queue.take_ready()) == [0, 1]
    assert len(queue) == 1
    assert not third.done


def test_a_queue_waits_for_all() -> None:
    events = [Event() for _ in range(3)]
    queue = PendingQueue(pending_value(number, event) for number, event in enumerate(events))
    assert list(queue.take_all()) == [0, 1, 2]
    assert all(event.done for event in events)
    assert not queue


def test_a_queue_is_emptied_as_it_is_read() -> None:
    """Whoever stops reading finds the rest in it; what is added meanwhile follows."""
    queue = PendingQueue(pending_value(number, None) for number in range(3))
    taken = queue.take_ready()
    assert next(taken) == 0
    queue.append(pending_value(7, None))
    assert list(queue.take_all()) == [1, 2, 7]
    assert list(taken) == []


def test_a_snapshot_is_of_the_step_at_which_it_was_requested(few_digits: Dataset) -> None:
    loop = TrainingLoop(small_spec(), few_digits)
    loop.advance()
    before = weights_of(loop.model)
    pending = loop.begin_snapshot()
    loop.advance()
    snapshot = pending.value()
    assert snapshot.step == 1
    assert all(np.array_equal(snapshot.weights[name], before[name]) for name in before)
    assert not any(array.flags.writeable for array in snapshot.weights.values())


@pytest.mark.parametrize("name", ["vae", "denoising-conv-ae", "deep-ae"])
def test_validating_beside_the_steps_is_validating_between_them(few_digits: Dataset, name: str) -> None:
    """With a separate model, from a copy of the weights; the weights change meanwhile."""
    loop = TrainingLoop(small_spec(name), few_digits)
    loop.advance()
    expected = mean_terms(loop.model, loop.validation, loop.live)
    side_stream = Later(torch.device("cpu"))
    validator = Validator(loop.architecture, loop.validation, side_stream)
    pending = validator.begin(loop.model, loop.live, lambda terms, _: terms)
    assert len(side_stream.reads) == 1
    loop.advance()
    assert pending.value() == pytest.approx(expected, rel=1e-6)
    assert mean_terms(loop.model, loop.validation, loop.live) != pytest.approx(expected, rel=1e-6)


@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device here")
def test_on_a_gpu_the_steps_continue(few_digits: Dataset) -> None:
    device = torch.device("cuda")
    side_stream = SideStream(device)
    assert not side_stream.immediate
    recipe = small_spec("conv-vae").recipe
    model = build_model(Architecture(recipe, MNIST)).to(device)
    digits = ResidentImages.of(few_digits.test, device)
    live = {"beta": 1.0}
    expected = mean_terms(model, digits, live)
    pending = Validator(Architecture(recipe, MNIST), digits, side_stream).begin(
        model, live, lambda terms, _: terms
    )
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
    assert pending.value() == pytest.approx(expected, rel=1e-5)
