"""The state of a training between two steps: what a checkpoint keeps, and how it is copied and restored."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import torch

from aestudio.errors import StudioError
from aestudio.recipes.architecture import Architecture
from aestudio.sabotage.sabotage import AppliedSabotage, sabotage_of_counters
from aestudio.sabotage.sabotage_list import find_sabotage
from aestudio.training.device import choose_device, prepare_device
from aestudio.training.events import Checkpoint, MetricPoint, Snapshot
from aestudio.training.initial import flat_weights, weights_of_flat
from aestudio.training.learner import Learner
from aestudio.training.metric_buffer import MetricBuffer
from aestudio.training.model import load_weights
from aestudio.training.optimisers import Arrays, arrays_of_flat, flat_state, restore_optimiser
from aestudio.training.phase_divergence import PhaseDivergence, phase_prefixes
from aestudio.training.preparation import check_free_memory, check_images, split_images
from aestudio.training.side_stream import PendingValue, SideStream
from aestudio.training.spec import live_values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from torch import Tensor

    from aestudio.datasets.dataset import Dataset
    from aestudio.training.spec import RunSpec

POINTS_PER_EPOCH = 100
# With very large batches a point for every step would be noise.
FEWEST_STEPS_PER_POINT = 4
NOISE_SEED = 0x9E3779B9


class TrainingState:
    """Model, optimisers, data and randomness of one run, on its device, and how far the run is.

    Everything random comes from the recipe's seed: the initial weights, the order of the images
    (seed and epoch), and the noise (a generator whose state is part of every checkpoint).

    step: steps done; rate: the learning rate of the last one; live: the live settings, as they are now
    sabotage: what is done wrong on purpose, and since when; None for nothing
    terms: the losses of the last steps; best: the weights of the best validation, with patience
    """

    def __init__(self, spec: RunSpec, dataset: Dataset, checkpoint: Checkpoint | None = None) -> None:
        self.spec = spec
        self.settings = spec.recipe.training
        self.device = choose_device(spec.device)
        prepare_device(self.device)
        # A run that is resumed keeps what it was built for, also if it knows more classes than there are.
        shape = dataset.shape if checkpoint is None else checkpoint.snapshot.data
        check_images(spec.recipe.objective, dataset, shape)
        self.architecture = Architecture(spec.recipe, shape)
        self.memory_needed = check_free_memory(self.architecture, self.device)
        self.data = replace(dataset.facts, shape=shape)
        self.training, self.validation = split_images(
            dataset, self.settings.validation_images, self.device, spec.recipe.images
        )
        self.steps_per_epoch = math.ceil(len(self.training) / self.settings.batch_size)
        self.total_steps = self.settings.epochs * self.steps_per_epoch
        self.log_every = max(1, min(FEWEST_STEPS_PER_POINT, self.steps_per_epoch // 10))
        self.log_every = max(self.log_every, self.steps_per_epoch // POINTS_PER_EPOCH)
        # Different random numbers from those of the initial weights, which are drawn with the seed itself.
        self.learner = Learner.build(self.architecture, self.training, NOISE_SEED ^ self.settings.seed)
        self.model, self.noise = self.learner.model, self.learner.noise
        self.phases = self.model.phases
        self.live = live_values(spec.recipe)
        self.step: int = 0
        self.rate = self.settings.learning_rate
        self.threads = 1
        self.divergence = PhaseDivergence(self.phases, self.log_every, self.steps_per_epoch)
        self.best: Snapshot | None = None
        self.last_validation = -1
        self.sabotage: AppliedSabotage | None = None
        self.terms = MetricBuffer(self.steps_per_epoch, self.log_every)
        self.side_stream = SideStream(self.device)
        if checkpoint is not None:
            try:
                self._restore(checkpoint)
            except (ValueError, TypeError, KeyError, RuntimeError, OverflowError) as error:
                raise StudioError(
                    "This checkpoint does not fit the recipe",
                    where=spec.run,
                    advice="Restore the files of the run from a copy, or begin a new run.",
                ) from error

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

    def update_divergence(self) -> None:
        """Pass the losses of all complete points to the divergence monitor, each of them once."""
        for point in self.terms.points():
            self.divergence.add_training_losses(point.step, point.terms)

    def fetch_points(self) -> Iterator[MetricPoint]:
        """Training points that were not fetched yet, copied from the device in one transfer."""
        self.update_divergence()
        yield from self.terms.take_points()

    def snapshot(self) -> Snapshot:
        """A copy of the current weights."""
        return self.begin_snapshot().value()

    def begin_snapshot(self) -> PendingValue[Snapshot]:
        """The same, copied while the steps continue."""
        return self.side_stream.fetch({"weights": flat_weights(self.model)}, self._snapshot_maker())

    def _snapshot_maker(self) -> Callable[[dict[str, Tensor]], Snapshot]:
        """Makes a snapshot of this step from its `flat_weights`, also after later steps."""
        spec, step, epoch, data = self.spec, self.step, self.epoch, self.architecture.data
        sabotage = "" if self.sabotage is None else self.sabotage.name

        def snapshot_of(copies: dict[str, Tensor]) -> Snapshot:
            weights = weights_of_flat(self.model, copies["weights"])
            return Snapshot(spec.run, spec.recipe, step, epoch, weights, sabotage=sabotage, data=data)

        return snapshot_of

    def checkpoint(self) -> Checkpoint:
        """Everything needed to resume from this step."""
        return self.begin_checkpoint().value()

    def begin_checkpoint(self) -> PendingValue[Checkpoint]:
        """The same, copied while the steps continue."""
        self.update_divergence()  # the counters must not depend on when points are fetched
        counters = {
            "step": self.step,
            "last_validation": self.last_validation,
            "threads": self.threads,
            "bfloat16": int(self.model.precision == "bfloat16"),
            **self.divergence.counters(),
            **self.terms.counters(),
        }
        if self.sabotage is not None:
            counters |= self.sabotage.counters()
        noise, live, best = self.noise.get_state().numpy().copy(), dict(self.live), self.best
        snapshot_of = self._snapshot_maker()
        flat = {"weights": flat_weights(self.model)}
        # Names begin with the phase's, from the second phase on.
        fitted = {f"fit/{name}": sums.clone() for name, sums in self.model.objective.fit_state().items()}
        optimisers = dict(zip(phase_prefixes(self.phases), self.learner.optimisers, strict=True))
        for prefix, optimiser in optimisers.items():
            flat |= {f"{prefix}optimiser/{name}": tensor for name, tensor in flat_state(optimiser).items()}

        def finish(copies: dict[str, Tensor]) -> Checkpoint:
            arrays: Arrays = {}
            for prefix, optimiser in optimisers.items():
                own = {name: copies[f"{prefix}optimiser/{name}"] for name in optimiser.names}
                arrays |= {f"{prefix}{name}": array for name, array in arrays_of_flat(optimiser, own).items()}
            arrays |= {name: sums.numpy() for name, sums in fitted.items()}
            return Checkpoint(snapshot_of(copies), arrays, noise, counters, live, best)

        return self.side_stream.fetch(flat, finish)

    def _restore(self, checkpoint: Checkpoint) -> None:
        load_weights(self.model, checkpoint.snapshot.weights)
        for prefix, optimiser in zip(phase_prefixes(self.phases), self.learner.optimisers, strict=True):
            own = {
                name.removeprefix(prefix): array
                for name, array in checkpoint.optimiser.items()
                if name.startswith(prefix)
            }
            restore_optimiser(optimiser, own)
        for name, sums in self.model.objective.fit_state().items():
            sums.copy_(torch.tensor(checkpoint.optimiser[f"fit/{name}"]))
        counters = checkpoint.counters
        self.step = int(counters["step"])
        self._restore_noise(torch.tensor(checkpoint.noise))
        self.divergence.restore(counters, self.settings.patience)
        self.last_validation = int(counters["last_validation"])
        self.terms.restore(counters)
        self.live |= checkpoint.live
        self.best = checkpoint.best
        applied = sabotage_of_counters(counters)
        if applied is not None:
            self.put_over(applied)

    def put_over(self, applied: AppliedSabotage) -> None:
        """Let a sabotage act from the next step on; raises ValueError for one that this version has not."""
        kind = find_sabotage(applied.name)
        self.divergence.ignore_bounds()
        self.sabotage, self.learner.sabotage, self.model.sabotage = applied, kind, kind

    def _restore_noise(self, state: Tensor) -> None:
        """Restore the generator; seed it anew, by seed and step, if another kind of device saved it."""
        if len(state) == len(self.noise.get_state()):
            self.noise.set_state(state)
        else:
            self.noise.manual_seed((NOISE_SEED ^ self.settings.seed) + (self.step << 32))
