"""Several steps of the training loop as one CUDA graph.

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

In tests the same code runs on the CPU, where the steps are executed instead of replayed (docs/decisions.md:
"On CUDA steps are recorded").
"""

from __future__ import annotations

import logging
from collections import deque
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any, cast

import torch

from aestudio.recipes.phase import period

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from torch import Tensor

    from aestudio.recipes.phase import Phase
    from aestudio.training.learner import Learner, PlannedStep
    from aestudio.training.metric_buffer import MetricBuffer

    TrainSteps = Callable[[Learner, Iterable[PlannedStep], Callable[[int, Mapping[str, Tensor]], None]], None]

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


class RecordedSteps:
    """Records `loop.train_steps`: a graph for each images per step B and phases that are due in the S steps.

    longest: how many steps it takes at once
    """

    longest = CHUNK

    def __init__(self, train_steps: TrainSteps, learner: Learner) -> None:
        self._train_steps = train_steps
        self._learner = learner
        self.graphs: dict[tuple[int, tuple[tuple[int, ...], ...]], _StepGraph] = {}
        self.longest = steps_at_once(learner.model.phases, type(self).longest)
        self._in_flight: deque[torch.cuda.Event] = deque()

    def run(self, plan: Sequence[PlannedStep], metrics: MetricBuffer) -> None:
        """Replay the graph of such steps, or execute them until it is recorded; the losses go to metrics."""
        key = len(plan[0].indices), tuple(step.phases for step in plan)
        graph = self.graphs.get(key)
        if graph is None:
            recordable = len(self.graphs) < MOST_GRAPHS
            graph = _StepGraph(self._train_steps, self._learner, plan, recordable)
            if recordable:
                self.graphs[key] = graph
        values = graph.run(plan)
        metrics.add_steps(plan[0].number, graph.names, values)
        self._wait_for_earlier(values.device)

    def _wait_for_earlier(self, device: torch.device) -> None:
        """Keep few replays queued, so that a pause, a report and a changed setting take effect soon."""
        if device.type != "cuda":
            return
        done = torch.cuda.Event(blocking=True)
        done.record(torch.cuda.current_stream(device))
        self._in_flight.append(done)
        if len(self._in_flight) > IN_FLIGHT:
            self._in_flight.popleft().synchronize()


class _StepGraph:
    """A fixed number of steps, with buffers for the values that change between replays."""

    def __init__(
        self, train_steps: TrainSteps, learner: Learner, plan: Sequence[PlannedStep], recordable: bool
    ) -> None:
        device = plan[0].indices.device
        self._live = tuple(plan[0].live)
        self.names: tuple[tuple[str, ...], ...] = ()
        self._train_steps = train_steps
        self._learner = learner
        self._indices = torch.stack([step.indices for step in plan])
        # A row a step: the learning rate, then the live settings.
        self._values = torch.zeros((len(plan), 1 + len(self._live)), device=device)
        self._plan: list[PlannedStep] = []
        for step, values, indices in zip(plan, self._values, self._indices, strict=True):
            rate, *others = values.unbind()
            of_live = dict(zip(self._live, others, strict=True))
            self._plan.append(step._replace(rate=rate, live=of_live, indices=indices))
        self._terms = torch.empty(0, device=device)
        self._steps_executed = 0
        self._replay: Callable[[], None] | None = None
        self._on_gpu = device.type == "cuda"
        self._recordable = recordable and self._on_gpu

    @property
    def recorded(self) -> bool:
        """Whether the steps are replayed instead of executed."""
        return self._replay is not None

    def run(self, plan: Sequence[PlannedStep]) -> Tensor:
        """Execute or replay the S steps; returns their terms, one after the other (T,).

        `names` says which they are, step by step.
        """
        self._fill(plan)
        if self._replay is None and self._recordable and self._steps_executed >= WARM_UP:
            self._replay = self._record()
        if self._replay is None:
            self._steps_executed += len(plan)
            return self._execute()
        self._replay()
        return self._terms.clone()

    def _fill(self, plan: Sequence[PlannedStep]) -> None:
        torch.stack([step.indices for step in plan], out=self._indices)
        values = torch.tensor([[step.rate, *(step.live[name] for name in self._live)] for step in plan])
        if self._on_gpu:
            values = values.pin_memory()
        self._values.copy_(values, non_blocking=True)

    def _execute(self) -> Tensor:
        steps: list[Mapping[str, Tensor]] = []
        self._train_steps(self._learner, self._plan, lambda _, terms: steps.append(terms))
        self.names = tuple(tuple(terms) for terms in steps)
        values = [value for terms in steps for value in terms.values()]
        return torch.stack(values) if values else self._values.new_empty(0)

    def _record(self) -> Callable[[], None] | None:
        """Record the steps without executing them; None if a network cannot be recorded."""
        graph = torch.cuda.CUDAGraph()
        # Torch's own stream for recording belongs to the GPU that was used first; on any other GPU it
        # would record nothing, and replays would do nothing.
        stream = torch.cuda.Stream(self._indices.device)
        try:
            cast("Any", graph).register_generator_state(self._learner.noise)
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


def recorded(train_steps: TrainSteps, learner: Learner) -> RecordedSteps | None:
    """Recorded steps on CUDA, None everywhere else.

    None also for a model that draws from torch's global generators, which get a seed for each step, and for
    one with an exact phase, which computes on the CPU.
    """
    if any(phase.exact for phase in learner.model.phases):
        return None
    recordable = learner.noise.device.type == "cuda" and isinstance(learner.global_draws, nullcontext)
    return RecordedSteps(train_steps, learner) if recordable else None
