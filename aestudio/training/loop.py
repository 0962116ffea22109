"""The training loop, from top to bottom: learning rate, batch, loss, backward, clip, optimiser step, log.

`train_steps` is the loop; on CUDA `recorded_steps` records it. `TrainingLoop` says which steps come next, and
`trainer` what happens between them.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch

from aestudio.objectives.objective_module import Batch
from aestudio.sabotage.sabotage import AppliedSabotage
from aestudio.sabotage.sabotage_list import find_sabotage, names
from aestudio.training.augmentation import augment
from aestudio.training.batches import epoch_order
from aestudio.training.evaluation import Validator
from aestudio.training.events import Checkpoint, CodeUse, MetricPoint
from aestudio.training.global_draws import draws_globally, seeded_by
from aestudio.training.labelled_images import LabelledImages, divided
from aestudio.training.learner import Learner, PlannedStep
from aestudio.training.optimisers import clip, gradients_of, rate_factor
from aestudio.training.phase_terms import joined
from aestudio.training.precision import choose_precision
from aestudio.training.recorded_steps import recorded
from aestudio.training.state import TrainingState
from aestudio.training.threads import choose_threads, use_threads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from torch import Tensor

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.precision import Precision
    from aestudio.training.side_stream import PendingValue
    from aestudio.training.spec import RunSpec


def train_steps(
    learner: Learner, plan: Iterable[PlannedStep], log: Callable[[int, Mapping[str, Tensor]], None]
) -> None:
    """Train on the images of each planned step, in one or several phases.

    It may be recorded as a CUDA graph, so nothing here waits for the device.

    log: gets the number of steps done, and the loss terms before the step's updates: scalars, per image
    """
    model, recipe = learner.model, learner.model.recipe
    alone = len(model.phases) == 1 and not model.phases[0].parameters
    for step in plan:
        examples = learner.images.gather(step.indices)  # (B, C, H, W)
        examples = examples._replace(images=augment(examples.images, recipe.augmentation, learner.noise))
        if learner.sabotage is not None:
            wrong = learner.sabotage.images(examples.images, examples.labels, learner.noise)
            examples = examples._replace(images=wrong)
        examples, labelled = divided(examples, step.labelled)
        condition = model.condition_of(examples)  # (B, K) or None
        batch = Batch(examples.images, examples.labels, learner.noise, step.live, condition, labelled)
        logged: dict[str, dict[str, Tensor]] = {}
        with learner.global_draws:
            for number in step.phases:
                phase, optimiser = model.phases[number], learner.optimisers[number]
                rate = step.rate if phase.learning_rate == 1.0 else step.rate * phase.learning_rate
                if phase.exact:
                    logged[phase.name] = _fit(learner, number, batch, step.last)
                    continue
                terms = model.phase_terms(phase.name, batch)
                gradients = gradients_of(terms[phase.loss], optimiser.parameters, alone)
                if recipe.training.gradient_clip > 0:
                    clip(gradients, recipe.training.gradient_clip)
                optimiser.step(gradients, rate)
                logged[phase.name] = {name: value.detach() for name, value in terms.items()}
            with torch.no_grad():
                model.objective.after_step()
                if learner.sabotage is not None:
                    learner.sabotage.change_weights(model.encoder, model.decoder)
        log(step.number + 1, joined(logged))


def _fit(learner: Learner, number: int, batch: Batch, last: bool) -> dict[str, Tensor]:
    """An exact phase: its terms before the module computes the phase's parameters itself."""
    model, optimiser = learner.model, learner.optimisers[number]
    phase = model.phases[number].name
    with torch.no_grad():
        terms = model.phase_terms(phase, batch)
        parameters = dict(zip(optimiser.parameter_names, optimiser.parameters, strict=True))
        model.objective.fit(phase, batch, parameters, complete=last)
    return terms


class TrainingLoop(TrainingState):
    """A training that can go on from its state: steps and validations."""

    def __init__(self, spec: RunSpec, dataset: Dataset, checkpoint: Checkpoint | None = None) -> None:
        super().__init__(spec, dataset, checkpoint)
        self._order = self._epoch_order()
        if draws_globally(spec.recipe, self.device, self._trial_step):
            self.learner.global_draws = seeded_by(self.noise)
        self.recorded = recorded(train_steps, self.learner)
        self.labelled = LabelledImages.of(self.training, spec.recipe)
        # Without validation images the loss is measured on the last 1,000 training images.
        measured = self.validation if len(self.validation) else self.training.split(1000)[1]
        self._validator = Validator(self.architecture, measured, self.side_stream)
        self.threads = self._choose_threads(checkpoint)
        use_threads(self.threads)
        self.model.precision = self._choose_precision(checkpoint)

    def _choose_threads(self, checkpoint: Checkpoint | None) -> int:
        """As before if the run is resumed and has the cores, otherwise by a trial with a separate model."""
        if self.device.type != "cpu":
            return 1
        # Runs that were kept before the number was counted had one.
        previous = None if checkpoint is None else int(checkpoint.counters.get("threads", 1))
        return choose_threads(self._trial_step(), self.spec.spare_cores, previous)

    def _choose_precision(self, checkpoint: Checkpoint | None) -> Precision:
        """The recipe's; for "auto" as before if the run is resumed, otherwise by a trial on the CPU."""
        chosen = self.settings.precision
        if chosen != "auto":
            return chosen
        if all(phase.exact for phase in self.phases):
            return "float32"
        if checkpoint is not None:
            return "bfloat16" if checkpoint.counters.get("bfloat16", 0) else "float32"
        if self.device.type != "cpu" or self.spec.compared:
            return "float32"
        return choose_precision(self._trial_step(), self.threads)

    def _trial_step(self) -> Callable[..., None]:
        """A step that can be tried, with a separate model, so that the training does not change."""
        learner = Learner.build(self.architecture, self.training, noise_seed=0)
        every = tuple(range(len(self.phases)))
        step = PlannedStep(0, 1e-9, self.live, every, self._order[: self.settings.batch_size])

        def execute(precision: Precision = "float32") -> None:
            learner.model.precision = precision
            train_steps(learner, [step], lambda _number, _terms: None)

        return execute

    def _epoch_order(self) -> Tensor:
        epoch = min(self.step, self.total_steps - 1) // self.steps_per_epoch
        return epoch_order(len(self.training), self.settings.seed, epoch, self.device)

    # ---- sabotage

    def sabotage_refused(self, name: str) -> bool:
        """Whether this sabotage cannot be put over the run: unknown, another one is there, or no fit."""
        known = name in names()
        return (
            self.sabotage is not None or not known or bool(find_sabotage(name).applies_to(self.architecture))
        )

    def begin_sabotage(self, name: str) -> AppliedSabotage:
        """Put a sabotage over the run from the next step on; take pending validations before."""
        self.update_divergence()
        self.divergence.reset(self.step + self.log_every)
        self.best = None
        applied = AppliedSabotage(name, self.step)
        self.put_over(applied)
        self.recorded = recorded(train_steps, self.learner)  # a recorded step does not know of it
        return applied

    # ---- steps

    def advance(self, most: int | None = None, phase: str = "") -> None:
        """Execute the next step, or several if they are recorded together and `most` allows it.

        No validation is due between them, and only the first may be the first of an epoch.
        phase: the only phase that is executed, "" for all that are due
        """
        if self.epoch_ended():
            self._order = self._epoch_order()
        plan = [self.plan_step(step, phase) for step in range(self.step, self.step + self._next_steps(most))]
        if self.recorded is None:
            train_steps(self.learner, plan, self.terms.add)
        else:
            self.recorded.run(plan, self.terms)
        self.rate = float(plan[-1].rate)
        self.step += len(plan)

    def _next_steps(self, most: int | None) -> int:
        # A chunk that would pass something due is executed one by one, with the same results.
        position = self.step % self.steps_per_epoch
        full_batches = len(self.training) // self.settings.batch_size - position
        to_validation = self._validation_every - position % self._validation_every
        longest = 1 if self.recorded is None else self.recorded.longest
        return longest if longest <= min(full_batches, to_validation, most or longest) else 1

    def plan_step(self, step: int, alone: str = "") -> PlannedStep:
        """What a step of this epoch is told. alone: the only phase that it executes, or "" for all due."""
        live = dict(self.live)
        self.model.objective.anneal(step, self.steps_per_epoch, live)
        rate = self.live["learning_rate"] * rate_factor(self.settings.schedule, step, self.total_steps)
        if self.learner.sabotage is not None and self.sabotage is not None:
            rate = self.learner.sabotage.plan(live, rate, step - self.sabotage.step)
        only = [number for number, phase in enumerate(self.phases) if phase.name == alone]
        per_epoch, batch_size = self.steps_per_epoch, self.settings.batch_size
        due = only or [number for number, phase in enumerate(self.phases) if phase.due(step, per_epoch)]
        start = step % per_epoch * batch_size
        last = (step + 1) % per_epoch == 0
        indices = self._order[start : start + batch_size]
        if self.labelled is not None:
            indices = torch.cat([indices, self.labelled.of_step(step)])
        count = 0 if self.labelled is None else self.labelled.count
        return PlannedStep(step, rate, live, tuple(due), indices, last, count)

    # ---- validation

    def epoch_ended(self) -> bool:
        """Whether the last step was the last of its epoch."""
        return self.step % self.steps_per_epoch == 0

    def validation_due(self) -> bool:
        """Whether the validation loss is to be measured after this step."""
        return self.epoch_ended() or self.step % self.steps_per_epoch % self._validation_every == 0

    @property
    def _validation_every(self) -> int:
        return math.ceil(self.steps_per_epoch / self.settings.validations_per_epoch)

    def validate(self) -> MetricPoint:
        """Loss terms on the validation images (without any: on the last 1,000 training images)."""
        return self.begin_validation().value()

    def begin_validation(self) -> PendingValue[MetricPoint]:
        """The same, computed while the steps continue. Take the values in order."""
        step, epoch = self.step, self.epoch

        def finish(terms: dict[str, float], code_use: CodeUse | None) -> MetricPoint:
            self.last_validation = max(self.last_validation, step)
            if self.divergence.add_validation_losses(step, terms) and self.settings.patience:
                # With patience, validations are waited for: no step is done meanwhile.
                self.best = self.snapshot()
            return MetricPoint("validation", step, epoch, terms, code_use)

        return self._validator.begin(self.model, self.live, finish)
