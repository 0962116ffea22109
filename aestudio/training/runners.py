"""How steps are executed: one by one, or several as one CUDA graph.

Launching a small model's kernels from Python takes longer than the kernels. On CUDA, steps are therefore
recorded once as a graph and replayed, `CHUNK` at a time; learning rate, live settings and image
indices are copied into fixed buffers before each replay, and noise comes from the run's generator, which
the graph advances.

Which phases of a step are due is part of a graph. Phases that are not executed in every step make a pattern
that repeats after their least common multiple of steps (`period`): a replay has a whole number of patterns,
so that each following replay is the same graph, and one that begins elsewhere in the pattern is one of at
most `LONGEST_PERIOD` graphs. A longer pattern, of every 5 and every 7 steps for instance, is replayed step by
step: then there is a graph for each combination of phases that are due together. `MOST_GRAPHS` bounds the
memory of all of them together; what would be one more is executed and not recorded.

In tests the same code runs on the CPU, where the steps are executed instead of replayed.
"""

from __future__ import annotations

import logging
from collections import deque
from contextlib import nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, cast

import torch

from aestudio.recipes.phase import period

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from torch import Tensor

    from aestudio.recipes.phase import Phase
    from aestudio.training.batches import ResidentImages
    from aestudio.training.metric_buffer import MetricBuffer
    from aestudio.training.step import Step

log = logging.getLogger(__name__)

# Steps per replay: some milliseconds, so that a pause is still prompt.
CHUNK = 16
# Steps after which the due phases repeat, up to which several steps are one graph.
LONGEST_PERIOD = 8
# Graphs of one training, at most: each holds the memory of its steps.
MOST_GRAPHS = 24
# Steps that are executed before recording, so that libraries have chosen their kernels and buffers.
WARM_UP = 3
# Replays that wait on the device while Python prepares the next.
IN_FLIGHT = 2


@dataclass(frozen=True)
class PlannedStep:
    """A coming step: its learning rate, the values of the live settings, the numbers of the due phases."""

    rate: float
    live: Mapping[str, float]
    phases: tuple[int, ...] = (0,)


class Runner(Protocol):
    """Executes steps; `longest` is how many it takes at once."""

    longest: int

    def run(self, first: int, plan: Sequence[PlannedStep], indices: Tensor) -> None:
        """Execute steps first, first + 1, ...: S planned steps on the images at indices, int64 (S * B,)."""
        ...


class StepByStep:
    """Executes every step from Python."""

    longest = 1

    def __init__(self, step: Step, images: ResidentImages, terms: MetricBuffer) -> None:
        self._step = step
        self._images = images
        self._terms = terms

    def run(self, first: int, plan: Sequence[PlannedStep], indices: Tensor) -> None:
        """Execute one step on the images at indices, int64 (B,)."""
        examples = self._images.gather(indices)
        planned = plan[0]
        terms = self._step(examples, planned.rate, planned.live, planned.phases)
        self._terms.add(first + 1, terms)


class CudaGraphRunner:
    """Replays steps as CUDA graphs, one for each images per step B and phases that are due in the S steps."""

    longest = CHUNK

    def __init__(self, step: Step, images: ResidentImages, terms: MetricBuffer) -> None:
        self._step = step
        self._images = images
        self._terms = terms
        self.graphs: dict[tuple[int, tuple[tuple[int, ...], ...]], _StepGraph] = {}
        self.longest = steps_at_once(step.phases, type(self).longest)
        self._device = images.images.device
        self._in_flight: deque[torch.cuda.Event] = deque()

    def run(self, first: int, plan: Sequence[PlannedStep], indices: Tensor) -> None:
        """Replay the graph of this shape on indices (S * B,); execute the steps until it is recorded."""
        batch_size = len(indices) // len(plan)
        phases = tuple(planned.phases for planned in plan)
        graph = self.graphs.get((batch_size, phases))
        if graph is None:
            full = len(self.graphs) >= MOST_GRAPHS
            graph = _StepGraph(self._step, self._images, batch_size, phases, list(plan[0].live), not full)
            if not full:
                self.graphs[batch_size, phases] = graph
        values = graph.run(plan, indices)
        self._terms.add_steps(first, graph.names, values)
        self._wait_for_earlier()

    def _wait_for_earlier(self) -> None:
        """Keep few replays queued, so that a pause, a report and a changed setting take effect soon."""
        if self._device.type != "cuda":
            return
        done = torch.cuda.Event(blocking=True)
        done.record(torch.cuda.current_stream(self._device))
        self._in_flight.append(done)
        if len(self._in_flight) > IN_FLIGHT:
            self._in_flight.popleft().synchronize()


class _StepGraph:
    """A fixed number of steps, with buffers for the values that change between replays."""

    def __init__(
        self,
        step: Step,
        images: ResidentImages,
        batch_size: int,
        phases: tuple[tuple[int, ...], ...],
        live: Sequence[str],
        recordable: bool = True,
    ) -> None:
        steps = len(phases)
        device = images.images.device
        self.names: tuple[tuple[str, ...], ...] = ()
        self._phases = phases
        self._step = step
        self._images = images
        self._live = tuple(live)
        self._indices = torch.zeros((steps, batch_size), dtype=torch.int64, device=device)
        # A row a step: the learning rate, then the live settings.
        self._values = torch.zeros((steps, 1 + len(self._live)), device=device)
        self._terms = torch.empty(0, device=device)
        self._runs = 0
        self._replay: Callable[[], None] | None = None
        self._on_gpu = device.type == "cuda"
        self._recordable = recordable and self._on_gpu

    def run(self, plan: Sequence[PlannedStep], indices: Tensor) -> Tensor:
        """Execute or replay the S steps on indices (S * B,); returns their terms, one after the other (T,).

        `names` says which they are, step by step.
        """
        self._fill(plan, indices)
        if self._replay is None and self._recordable and self._runs * len(plan) >= WARM_UP:
            self._replay = self._record()
        if self._replay is None:
            self._runs += 1
            self._terms = self._execute()
            return self._terms
        self._replay()
        return self._terms.clone()

    @property
    def recorded(self) -> bool:
        """Whether the steps are replayed instead of executed."""
        return self._replay is not None

    def _fill(self, plan: Sequence[PlannedStep], indices: Tensor) -> None:
        self._indices.copy_(indices.view(self._indices.shape))
        rows = [[planned.rate, *(planned.live[name] for name in self._live)] for planned in plan]
        values = torch.tensor(rows)
        if self._on_gpu:
            values = values.pin_memory()
        self._values.copy_(values, non_blocking=True)

    def _execute(self) -> Tensor:
        names: list[tuple[str, ...]] = []
        collected: list[Tensor] = []
        for chosen, values, phases in zip(self._indices, self._values, self._phases, strict=True):
            rate, *live = values.unbind()
            values_of_live = dict(zip(self._live, live, strict=True))
            terms = self._step(self._images.gather(chosen), rate, values_of_live, phases)
            names.append(tuple(terms))
            collected += terms.values()
        self.names = tuple(names)
        return torch.stack(collected) if collected else self._values.new_empty(0)

    def _record(self) -> Callable[[], None] | None:
        """Record the steps without executing them; None if a network cannot be recorded."""
        graph = torch.cuda.CUDAGraph()
        # Torch's own stream for recording belongs to the GPU that was used first; on any other GPU it
        # would record nothing, and replays would do nothing.
        stream = torch.cuda.Stream(self._indices.device)
        try:
            cast("Any", graph).register_generator_state(self._step.noise)
            with (
                torch.cuda.device(stream.device),
                torch.cuda.graph(graph, stream=stream, capture_error_mode="thread_local"),
            ):
                self._terms = self._execute()
        except RuntimeError:
            log.warning(
                "These steps cannot be recorded as a CUDA graph; they are executed one by one", exc_info=True
            )
            self._recordable = False
            return None
        return graph.replay


def steps_at_once(phases: Sequence[Phase], longest: int) -> int:
    """Steps of one replay, at most `longest`: whole patterns of due phases, 1 if the pattern is too long."""
    steps = period(phases)
    return longest // steps * steps if steps <= min(longest, LONGEST_PERIOD) else 1


def choose_runner(step: Step, images: ResidentImages, terms: MetricBuffer) -> Runner:
    """Recorded steps on CUDA, single ones everywhere else.

    Also single ones for a model that draws from torch's global generators, which get a seed for each step.
    """
    recordable = images.images.device.type == "cuda" and isinstance(step.global_draws, nullcontext)
    shape = CudaGraphRunner if recordable else StepByStep
    return shape(step, images, terms)
