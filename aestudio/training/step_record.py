"""One training step with all that happens in it, to be looked at slowly: the same bits as without looking.

Nothing is computed twice or otherwise: `train_steps` does the step, and what passes between its parts is
copied by hooks.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import torch

from aestudio.errors import StudioError
from aestudio.training.loop import TrainingLoop
from aestudio.training.step_parts import ParameterChange, PhaseRecord, StepRecord
from aestudio.training.step_source import lines_of_code

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping, Sequence

    from torch import Tensor, nn

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.events import Checkpoint
    from aestudio.training.optimisers import Optimiser
    from aestudio.training.spec import RunSpec
    from aestudio.training.step_parts import CodeLine, Floats

SHOWN = 12
"""Images of the batch whose numbers are kept, the first ones."""


class RecordedTraining:
    """A training beside the real one, from the same state: each step is recorded, and is the same.

    Raises StudioError for a recipe that has no gradients, and as `TrainingLoop`.
    """

    def __init__(self, spec: RunSpec, dataset: Dataset, checkpoint: Checkpoint | None) -> None:
        if any(phase.exact for phase in spec.recipe.objective.phases()):
            raise StudioError(
                "A phase of this recipe computes its weights at once: there is no step to look at",
                where=spec.recipe.title,
            )
        self.loop = TrainingLoop(spec, dataset, checkpoint)
        self.loop.recorded = None  # a replayed CUDA graph would pass by the hooks
        self.code: Mapping[str, CodeLine] = lines_of_code(self.loop.model)

    def step(self) -> StepRecord:
        """Do the next step."""
        loop = self.loop
        number, watch = loop.step, _Watch(loop)
        with watch.watching():
            loop.advance(1)
        indices = watch.indices[:SHOWN]
        labels = loop.training.labels
        return StepRecord(
            number,
            len(watch.indices),
            loop.training.images[indices].cpu().numpy(),
            None if labels is None else labels[indices].cpu().numpy(),
            tuple(watch.phases),
        )


class _Watch:
    """Copies what passes by while a step is done. phases: what was seen, in order."""

    def __init__(self, loop: TrainingLoop) -> None:
        self.loop = loop
        self.phases: list[PhaseRecord] = []
        self.indices: Tensor = torch.empty(0, dtype=torch.int64)

    @contextmanager
    def watching(self) -> Generator[None]:
        model, learner = self.loop.model, self.loop.learner
        optimisers = learner.optimisers
        with ExitStack() as hooks:
            for part, hook in ((model.encoder, self._encoded), (model.decoder, self._decoded)):
                if part is not None:
                    hooks.callback(part.register_forward_hook(hook).remove)
            hooks.enter_context(_instead(model.objective, "code", self._code))
            hooks.enter_context(_instead(model, "phase_terms", self._terms))
            hooks.enter_context(_instead(self.loop, "plan_step", self._plan))
            learner.optimisers = tuple(_WatchedOptimiser(one, self._updated) for one in optimisers)  # type: ignore[arg-type]
            try:
                yield
            finally:
                learner.optimisers = optimisers

    def _plan(self, original: Any, *arguments: Any) -> Any:
        plan = original(*arguments)
        batch = len(plan.indices) - plan.labelled
        self.indices = plan.indices[:batch]
        return plan

    def _terms(self, original: Any, phase: str, batch: Any) -> Any:
        known = next(one for one in self.loop.phases if one.name == phase)
        self.phases.append(PhaseRecord(phase, known.title, known.loss))
        terms = original(phase, batch)
        self._see(terms={name: float(value.detach()) for name, value in terms.items()})
        return terms

    def _encoded(self, _: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        if self.phases and self.phases[-1].encoded is None:
            self._see(encoded=_first(inputs[0]), features=_first(output))

    def _decoded(self, _: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> None:
        if self.phases and self.phases[-1].decoded is None:
            with torch.no_grad():
                images = self.loop.model.objective.to_images(output.detach().float())
            self._see(decoded=_first(inputs[0]), output=_first(images))

    def _code(self, original: Any, *arguments: Any) -> Any:
        code = original(*arguments)
        if self.phases and self.phases[-1].mean is None:
            spread = None if code.log_variance is None else (0.5 * code.log_variance.detach()).exp()
            self._see(mean=_first(code.mean), deviation=None if spread is None else _first(spread))
        return code

    def _updated(self, changes: tuple[ParameterChange, ...], rate: float) -> None:
        self._see(changes=changes, rate=rate)

    def _see(self, **values: Any) -> None:
        self.phases[-1] = replace(self.phases[-1], **values)


class _WatchedOptimiser:
    """An optimiser whose updates are measured."""

    def __init__(self, optimiser: Optimiser, tell: Any) -> None:
        self._optimiser, self._tell = optimiser, tell

    def __getattr__(self, name: str) -> Any:
        return getattr(self._optimiser, name)

    def step(self, gradients: Sequence[Tensor | None], rate: float | Tensor) -> None:
        before = [parameter.detach().clone() for parameter in self._optimiser.parameters]
        lengths = [None if one is None else _length(one) for one in gradients]
        self._optimiser.step(gradients, rate)
        changes = [
            ParameterChange(name, length, _length(after.detach() - old), _length(old))
            for name, length, old, after in zip(
                self._optimiser.parameter_names, lengths, before, self._optimiser.parameters, strict=True
            )
        ]
        self._tell(tuple(changes), float(rate))


@contextmanager
def _instead(owner: Any, name: str, function: Any) -> Generator[None]:
    """Call a function instead of a method, with the method as its first argument."""
    original = getattr(owner, name)
    object.__setattr__(owner, name, partial(function, original))
    try:
        yield
    finally:
        object.__delattr__(owner, name)


def _length(values: Tensor) -> float:
    return float(values.square().sum().sqrt())


def _first(values: Tensor) -> Floats:
    """A copy of the first images' numbers."""
    return values.detach()[:SHOWN].float().cpu().numpy().copy()
