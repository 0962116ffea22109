"""The state of one training and its single steps; `trainer` turns them into events.

One file, although it is long: steps, checkpoints and restoring use the same state.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import torch

from aestudio.errors import StudioError
from aestudio.layers.dropout import lend_generator
from aestudio.memory import available_memory, in_words
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.memory_estimate import check_memory, memory_needed
from aestudio.training.batches import ResidentImages, epoch_order
from aestudio.training.device import choose_device, memory_free, memory_used, prepare_device
from aestudio.training.evaluation import Validator
from aestudio.training.events import Checkpoint, MetricPoint, Snapshot
from aestudio.training.initial import flat_weights, weights_of_flat
from aestudio.training.metric_buffer import MetricBuffer
from aestudio.training.model import build_model, load_weights
from aestudio.training.precision import choose_precision
from aestudio.training.optimisers import (
    arrays_of_flat,
    flat_state,
    rate_factor,
    restore_optimiser,
)
from aestudio.training.phase_divergence import PhaseDivergence, phase_prefixes
from aestudio.training.runners import PlannedStep, choose_runner
from aestudio.training.side_stream import SideStream
from aestudio.training.spec import live_values
from aestudio.training.step import Step
from aestudio.training.threads import choose_threads, use_threads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import numpy as np
    from numpy.typing import NDArray
    from torch import Tensor

    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.image_shape import DataShape
    from aestudio.training.precision import Precision
    from aestudio.training.side_stream import PendingValue
    from aestudio.training.spec import RunSpec

POINTS_PER_EPOCH = 100
# With very large batches a point for every step would be noise.
FEWEST_STEPS_PER_POINT = 4
NOISE_SEED = 0x9E3779B9


class TrainingLoop:
    """Model, optimiser, data and randomness of one run, on its device.

    Everything random comes from the recipe's seed: the initial weights, the order of the images
    (seed and epoch), and the noise (a generator whose state is part of every checkpoint).
    """

    def __init__(self, spec: RunSpec, dataset: Dataset, checkpoint: Checkpoint | None = None) -> None:
        self.spec = spec
        self.settings = spec.recipe.training
        self.device = choose_device(spec.device)
        prepare_device(self.device)
        # A run that is resumed keeps what it was built for, also if it knows more classes than there are.
        shape = dataset.shape if checkpoint is None else checkpoint.snapshot.data
        _check_images(spec, dataset, shape)
        self.architecture = Architecture(spec.recipe, shape)
        self.memory_needed = _check_memory(self.architecture, self.device)
        self.data = replace(dataset.facts, shape=shape)
        self.training, self.validation = self._split(dataset)
        self.steps_per_epoch = math.ceil(len(self.training) / self.settings.batch_size)
        self.total_steps = self.settings.epochs * self.steps_per_epoch
        self.log_every = max(1, min(FEWEST_STEPS_PER_POINT, self.steps_per_epoch // 10))
        self.log_every = max(self.log_every, self.steps_per_epoch // POINTS_PER_EPOCH)
        self.model = build_model(self.architecture).to(self.device)
        self.phases = self.model.phases
        # Different random numbers from those of the initial weights, which are drawn with the seed itself.
        self.noise = torch.Generator(self.device).manual_seed(NOISE_SEED ^ self.settings.seed)
        lend_generator(self.model, self.noise)
        self.live = live_values(spec.recipe)
        self.step = 0
        self.rate = self.settings.learning_rate
        self.divergence = PhaseDivergence(self.phases, self.log_every)
        self.best: Snapshot | None = None
        self._last_validation = -1
        self.terms = MetricBuffer(self.steps_per_epoch, self.log_every)
        self.train_step = Step(self.model, self.noise)
        self.runner = choose_runner(self.train_step, self.training, self.terms)
        self.side_stream = SideStream(self.device)
        # Without validation images the loss is measured on the last 1,000 training images.
        measured = self.validation if len(self.validation) else self.training.split(1000)[1]
        self._validator = Validator(self.architecture, measured, self.side_stream)
        if checkpoint is not None:
            self._restore_or_raise(checkpoint)
        self._order = self._epoch_order()
        self.threads = self._choose_threads(checkpoint)
        use_threads(self.threads)
        self.model.precision = self._choose_precision(checkpoint)

    @property
    def epoch(self) -> float:
        """Epochs done, with fractions."""
        return self.step / self.steps_per_epoch

    @property
    def images_per_step(self) -> float:
        """Images of an average step: the last batch of an epoch is smaller, or the only one."""
        return len(self.training) / self.steps_per_epoch

    def change_setting(self, name: str, value: float) -> None:
        """Change a live setting from the next step on; take the values of pending validations before."""
        self.update_divergence()
        if name != "learning_rate" and value != self.live[name]:
            # The loss has changed; the point that is being summed up is a mixture of both.
            self.divergence.reset(self.step + self.log_every)
            self.best = None
        self.live[name] = value

    def has_phase(self, name: str) -> bool:
        """Whether one of the phases has this name; a comparison passes it to all its runs."""
        return any(phase.name == name for phase in self.phases)

    def advance(self, most: int | None = None, phase: str = "") -> None:
        """Execute the next step, or several if the runner takes them at once and `most` allows it.

        No validation is due between them, and only the first may be the first of an epoch.
        phase: the only phase that is executed, "" for all that are due
        """
        position = self.step % self.steps_per_epoch
        if position == 0:
            self._order = self._epoch_order()
        count = self._steps_at_once(position, most)
        plan = [self.plan_step(step, phase) for step in range(self.step, self.step + count)]
        self.rate = plan[-1].rate
        start = position * self.settings.batch_size
        self.runner.run(self.step, plan, self._order[start : start + count * self.settings.batch_size])
        self.step += count

    def _steps_at_once(self, position: int, most: int | None) -> int:
        # A chunk that would pass something due is executed one by one, with the same results.
        full_batches = len(self.training) // self.settings.batch_size - position
        to_validation = self._validation_every - position % self._validation_every
        longest = self.runner.longest
        return longest if longest <= min(full_batches, to_validation, most or longest) else 1

    def plan_step(self, step: int, alone: str = "") -> PlannedStep:
        """What a step executes: its rate, its live values and its phases. alone: the only phase, or ""."""
        live = dict(self.live)
        self.model.objective.anneal(step, self.steps_per_epoch, live)
        factor = rate_factor(self.settings.schedule, step, self.total_steps)
        only = [number for number, phase in enumerate(self.phases) if phase.name == alone]
        due = only or [number for number, phase in enumerate(self.phases) if phase.due(step)]
        return PlannedStep(self.live["learning_rate"] * factor, live, tuple(due))

    def update_divergence(self) -> None:
        """Pass the losses of all complete points to the divergence monitor, each of them once."""
        for point in self.terms.points():
            self.divergence.add_training_losses(point.step, point.terms)

    def fetch_points(self) -> Iterator[MetricPoint]:
        """Training points that were not fetched yet, copied from the device in one transfer."""
        self.update_divergence()
        yield from self.terms.take_points()

    def epoch_ended(self) -> bool:
        """Whether the last step was the last of its epoch."""
        return self.step % self.steps_per_epoch == 0

    def validation_due(self) -> bool:
        """Whether the validation loss is to be measured after this step."""
        if self.epoch_ended():
            return True
        return self.step % self.steps_per_epoch % self._validation_every == 0

    @property
    def _validation_every(self) -> int:
        return math.ceil(self.steps_per_epoch / self.settings.validations_per_epoch)

    def validated(self, step: int) -> bool:
        """Whether the last validation was of the weights at that step."""
        return self._last_validation == step

    def validate(self) -> MetricPoint:
        """Loss terms on the validation images (without any: on the last 1,000 training images)."""
        return self.begin_validation().value()

    def begin_validation(self) -> PendingValue[MetricPoint]:
        """The same, computed while the steps continue. Take the values in order."""
        step, epoch = self.step, self.epoch

        def finish(terms: dict[str, float]) -> MetricPoint:
            self._last_validation = max(self._last_validation, step)
            if self.divergence.add_validation_losses(step, terms) and self.settings.patience:
                self.best = (
                    self.snapshot()
                )  # with patience, validations are waited for: no step is done meanwhile
            return MetricPoint("validation", step, epoch, terms)

        return self._validator.begin(self.model, self.live, finish)

    def snapshot(self) -> Snapshot:
        """A copy of the current weights."""
        return self.begin_snapshot().value()

    def begin_snapshot(self) -> PendingValue[Snapshot]:
        """The same, copied while the steps continue."""
        snapshot_of = self._snapshot_maker()
        return self.side_stream.fetch(
            {"flat": flat_weights(self.model)}, lambda copies: snapshot_of(copies["flat"])
        )

    def _snapshot_maker(self) -> Callable[[Tensor], Snapshot]:
        """Makes a snapshot of this step from its `flat_weights`, also after later steps."""
        spec, step, epoch = self.spec, self.step, self.epoch
        data = self.architecture.data
        return lambda flat: Snapshot(
            spec.run, spec.recipe, step, epoch, weights_of_flat(self.model, flat), data=data
        )

    def checkpoint(self) -> Checkpoint:
        """Everything needed to resume from this step."""
        return self.begin_checkpoint().value()

    def begin_checkpoint(self) -> PendingValue[Checkpoint]:
        """The same, copied while the steps continue."""
        self.update_divergence()  # the counters must not depend on when points are fetched
        counters = {
            "step": self.step,
            "last_validation": self._last_validation,
            "threads": self.threads,
            "bfloat16": int(self.model.precision == "bfloat16"),
            **self.divergence.counters(),
            **self.terms.counters(),
        }
        noise, live, best = self.noise.get_state().numpy().copy(), dict(self.live), self.best
        snapshot_of = self._snapshot_maker()
        flat = {"weights": flat_weights(self.model)}
        flat |= self._flat_optimisers()

        def finish(copies: dict[str, Tensor]) -> Checkpoint:
            return Checkpoint(
                snapshot=snapshot_of(copies["weights"]),
                optimiser=self._optimiser_arrays(copies),
                noise=noise,
                counters=counters,
                live=live,
                best=best,
            )

        return self.side_stream.fetch(flat, finish)

    def _flat_optimisers(self) -> dict[str, Tensor]:
        """The states of all phases' optimisers, copied, each as one tensor."""
        return {
            f"optimiser/{number}/{name}": tensor
            for number, optimiser in enumerate(self.train_step.optimisers)
            for name, tensor in flat_state(optimiser).items()
        }

    def _optimiser_arrays(self, copies: dict[str, Tensor]) -> dict[str, NDArray[np.generic]]:
        """The same by "parameter/state"; from the second phase on with the phase's name before it."""
        arrays: dict[str, NDArray[np.generic]] = {}
        for number, optimiser in enumerate(self.train_step.optimisers):
            flat = {name: copies[f"optimiser/{number}/{name}"] for name in optimiser.names}
            prefix = self._prefix(number)
            arrays |= {f"{prefix}{name}": array for name, array in arrays_of_flat(optimiser, flat).items()}
        return arrays

    def _prefix(self, phase: int) -> str:
        return phase_prefixes(self.phases)[phase]

    def memory(self) -> int:
        """Bytes of memory in use on the device."""
        return memory_used(self.device)

    def _restore_or_raise(self, checkpoint: Checkpoint) -> None:
        """Continue from a checkpoint; raises StudioError if it does not fit the recipe."""
        try:
            self._restore(checkpoint)
        except (ValueError, TypeError, KeyError, RuntimeError, OverflowError) as error:
            raise StudioError(
                "This checkpoint does not fit the recipe",
                where=self.spec.run,
                advice="Restore the files of the run from a copy, or begin a new run.",
            ) from error

    def _restore(self, checkpoint: Checkpoint) -> None:
        load_weights(self.model, checkpoint.snapshot.weights)
        for number, optimiser in enumerate(self.train_step.optimisers):
            prefix = self._prefix(number)
            own = {
                name.removeprefix(prefix): array
                for name, array in checkpoint.optimiser.items()
                if name.startswith(prefix)
            }
            restore_optimiser(optimiser, own)
        counters = checkpoint.counters
        self.step = int(counters["step"])
        self._restore_noise(torch.tensor(checkpoint.noise))
        self.divergence.restore(counters, self.settings.patience)
        self._last_validation = int(counters["last_validation"])
        self.terms.restore(counters)
        self.live |= checkpoint.live
        self.best = checkpoint.best

    def _choose_threads(self, checkpoint: Checkpoint | None) -> int:
        """As before if the run is resumed and has the cores, otherwise by a trial with a separate model."""
        if self.device.type != "cpu":
            return 1
        # Runs that were kept before the number was counted had one.
        previous = None if checkpoint is None else int(checkpoint.counters.get("threads", 1))
        return choose_threads(self._trial(), self.spec.spare_cores, previous)

    def _choose_precision(self, checkpoint: Checkpoint | None) -> Precision:
        """The recipe's; for "auto" as before if the run is resumed, otherwise by a trial on the CPU."""
        chosen = self.settings.precision
        if chosen != "auto":
            return chosen
        if checkpoint is not None:
            return "bfloat16" if checkpoint.counters.get("bfloat16", 0) else "float32"
        if self.device.type != "cpu" or self.spec.compared:
            return "float32"
        return choose_precision(self._trial())

    def _trial(self) -> Callable[..., object]:
        """A step of a separate model in a precision; it changes nothing of the run."""
        model = build_model(self.architecture)
        noise = torch.Generator().manual_seed(0)
        lend_generator(model, noise)
        step = Step(model, noise)
        examples = self.training.gather(self._order[: self.settings.batch_size])
        every = range(len(self.phases))

        def execute(precision: Precision = "float32") -> object:
            model.precision = precision
            return step(examples, 1e-9, self.live, every)

        return execute

    def _restore_noise(self, state: Tensor) -> None:
        """Restore the generator; seed it anew, by seed and step, if another kind of device saved it."""
        if len(state) == len(self.noise.get_state()):
            self.noise.set_state(state)
        else:
            self.noise.manual_seed((NOISE_SEED ^ self.settings.seed) + (self.step << 32))

    def _split(self, dataset: Dataset) -> tuple[ResidentImages, ResidentImages]:
        images = len(dataset.train)
        held_back = min(self.settings.validation_images, images // 10)
        if images - held_back < 1:
            raise StudioError("There is no image to train on", where=dataset.title)
        return ResidentImages.of(dataset.train, self.device).split(held_back)

    def _epoch_order(self) -> Tensor:
        epoch = min(self.step, self.total_steps - 1) // self.steps_per_epoch
        return epoch_order(len(self.training), self.settings.seed, epoch, self.device)


def _check_memory(architecture: Architecture, device: torch.device) -> int:
    """Bytes that the training needs on its device; raises StudioError if fewer are free."""
    gpu = device.type == "cuda"
    check_memory([architecture], memory_free(device), gpu=gpu)
    need = memory_needed(architecture, gpu=gpu)
    free = available_memory()
    if gpu and 0 < free < need.host:
        raise StudioError(
            f"This model needs about {in_words(need.host)} of memory beside the GPU's, "
            f"and {in_words(free)} are free",
            where=architecture.recipe.title,
            advice="Choose fewer or smaller layers, or close other programs.",
        )
    return need.device


def _check_images(spec: RunSpec, dataset: Dataset, shape: DataShape) -> None:
    """Raises StudioError if the images lack what the recipe needs, or are not those of a kept run."""
    if dataset.shape.image != shape.image:
        raise StudioError(
            f"These images are {dataset.shape.image}, and the run was trained on {shape.image}",
            where=dataset.title,
            advice="Choose the run's own data set, or start a new run.",
        )
    objective = spec.recipe.objective
    lacking = objective.lacking(dataset.shape)
    if lacking:
        raise StudioError(
            f"This recipe needs {lacking}, and these images have none",
            where=dataset.title,
            advice=f"Choose a data set with {lacking}, or another recipe.",
        )
    labels = dataset.train.labels
    if objective.needs_labels and labels is not None and len(labels) and int(labels.max()) >= shape.classes:
        raise StudioError(
            f"The model knows {shape.classes} classes, and these images have {int(labels.max()) + 1}",
            where=dataset.title,
            advice="Choose the run's own data set, or start a new run.",
        )
