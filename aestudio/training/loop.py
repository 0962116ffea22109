"""The state of one training and its single step; `trainer` decides who is told what, and when."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch

from aestudio.errors import StudioError
from aestudio.models.model import build_model, load_weights
from aestudio.models.noise import lend_generator
from aestudio.models.objective import Batch
from aestudio.training.batches import ResidentDigits, epoch_order
from aestudio.training.device import choose_device, memory_used, use_threads
from aestudio.training.evaluation import mean_terms
from aestudio.training.events import Checkpoint, MetricPoint, Snapshot
from aestudio.training.initial import weights_of
from aestudio.training.optimisers import (
    build_optimiser,
    optimiser_arrays,
    rate_factor,
    restore_optimiser,
    set_rate,
)
from aestudio.training.spec import live_values
from aestudio.training.watch import LossWatch

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from aestudio.data.digits import Dataset
    from aestudio.training.spec import RunSpec

POINTS_PER_EPOCH = 100
NOISE_SEED = 0x9E3779B9


class TrainingLoop:
    """Model, optimiser, data and randomness of one run, on its device.

    Everything random comes from the recipe's seed: the initial weights, the order of the images
    (seed and epoch), and the noise (a generator whose state is part of every checkpoint).
    """

    def __init__(self, spec: RunSpec, dataset: Dataset, checkpoint: Checkpoint | None = None) -> None:
        use_threads()
        self.spec = spec
        self.settings = spec.recipe.training
        self.device = choose_device(spec.device)
        _check_labels(spec, dataset)
        self.training, self.validation = self._split(dataset)
        self.steps_per_epoch = math.ceil(len(self.training) / self.settings.batch_size)
        self.total_steps = self.settings.epochs * self.steps_per_epoch
        self.log_every = max(1, self.steps_per_epoch // POINTS_PER_EPOCH)
        self.model = build_model(spec.recipe).to(self.device)
        self.optimiser = build_optimiser(self.model, self.settings)
        # Another stream than that of the initial weights, which the seed itself begins.
        self.noise = torch.Generator(self.device).manual_seed(NOISE_SEED ^ self.settings.seed)
        lend_generator(self.model, self.noise)
        self.live = live_values(spec.recipe)
        self.step = 0
        self.rate = self.settings.learning_rate
        self.watch = LossWatch()
        self.best: Snapshot | None = None
        self._last_validation = -1
        self._weights_step: int | None = None
        self._sums: dict[str, Tensor] = {}
        self._steps_summed = 0
        self._pending: list[tuple[int, dict[str, Tensor]]] = []
        if checkpoint is not None:
            self._restore(checkpoint)
        self._order = self._epoch_order()

    @property
    def epoch(self) -> float:
        """Epochs done, with fractions."""
        return self.step / self.steps_per_epoch

    @property
    def images_per_step(self) -> float:
        """Images of an average step: the last batch of an epoch is smaller, or the only one."""
        return len(self.training) / self.steps_per_epoch

    def move(self, name: str, value: float) -> None:
        """Move a live setting from the next step on."""
        if name != "learning_rate" and value != self.live[name]:
            # The loss itself is another one now; the point that is being summed up is a mixture.
            self.watch.begin_anew(self.step + self.log_every)
            self.best = None
        self.live[name] = value

    def advance(self) -> None:
        """One step: rate, batch, loss, backward, clip, step, sums."""
        position = self.step % self.steps_per_epoch
        if position == 0:
            self._order = self._epoch_order()
        self.rate = self.live["learning_rate"] * rate_factor(
            self.settings.schedule, self.step, self.total_steps
        )
        set_rate(self.optimiser, self.rate)
        start = position * self.settings.batch_size
        images, labels = self.training.gather(self._order[start : start + self.settings.batch_size])
        live = dict(self.live)
        self.model.objective.warm(self.step, self.steps_per_epoch, live)
        terms = self.model.terms(Batch(images, labels, self.noise, live))
        self.optimiser.zero_grad(set_to_none=True)
        terms["loss"].backward()
        if self.settings.gradient_clip > 0:
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.settings.gradient_clip)
        self.optimiser.step()
        self.step += 1
        self._sum_up(terms)

    def _sum_up(self, terms: dict[str, Tensor]) -> None:
        for name, value in terms.items():
            value = value.detach()
            self._sums[name] = value if name not in self._sums else self._sums[name] + value
        self._steps_summed += 1
        if self.step % self.log_every == 0 or self.epoch_ended():
            means = {name: total / self._steps_summed for name, total in self._sums.items()}
            self._pending.append((self.step, means))
            self._sums, self._steps_summed = {}, 0

    def fetch_points(self) -> Iterator[MetricPoint]:
        """Training points not fetched yet, brought from the device in one transfer."""
        if not self._pending:
            return
        steps = [step for step, _ in self._pending]
        names = list(self._pending[0][1])
        table = torch.stack([torch.stack([terms[name] for name in names]) for _, terms in self._pending])
        self._pending.clear()
        for step, row in zip(steps, table.tolist(), strict=True):
            terms = dict(zip(names, row, strict=True))
            self.watch.trained(step, terms["loss"])
            yield MetricPoint("training", step, step / self.steps_per_epoch, terms)

    def epoch_ended(self) -> bool:
        """Whether the last step was the last of its epoch."""
        return self.step % self.steps_per_epoch == 0

    def validation_due(self) -> bool:
        """Whether the validation loss is to be measured after this step."""
        if self.epoch_ended():
            return True
        every = math.ceil(self.steps_per_epoch / self.settings.validations_per_epoch)
        return self.step % self.steps_per_epoch % every == 0

    def validated_now(self) -> bool:
        """Whether the weights as they are have been validated."""
        return self._last_validation == self.step

    def validate(self) -> MetricPoint:
        """Loss terms on the held-back images (on the last training batch's worth where none are held)."""
        digits = self.validation if len(self.validation) else self.training.split(1000)[1]
        terms = mean_terms(self.model, digits, self.live)
        self._last_validation = self.step
        if self.watch.validated(terms["loss"]) and self.settings.patience:
            self.best = self.snapshot()
        return MetricPoint("validation", self.step, self.epoch, terms)

    def snapshot(self) -> Snapshot:
        """A copy of the weights as they are."""
        step = self._weights_step if self._weights_step is not None else self.step
        epoch = step / self.steps_per_epoch
        return Snapshot(self.spec.run, self.spec.recipe, step, epoch, weights_of(self.model))

    def restore_best(self) -> None:
        """Go back to the weights with the best validation loss."""
        if self.best is not None:
            load_weights(self.model, self.best.weights)
            self._weights_step = self.best.step

    def checkpoint(self) -> Checkpoint:
        """Everything to go on from here."""
        counters = {
            "step": self.step, "last_validation": self._last_validation, "steps_summed": self._steps_summed,
            **self.watch.counters(), **{f"sum/{name}": float(total) for name, total in self._sums.items()},
        }  # fmt: skip
        return Checkpoint(
            snapshot=self.snapshot(),
            optimiser=optimiser_arrays(self.optimiser, self.model),
            noise=self.noise.get_state().numpy().copy(),
            counters=counters,
            live=dict(self.live),
            best=self.best,
        )

    def memory(self) -> int:
        """Bytes of memory in use on the device."""
        return memory_used(self.device)

    def _restore(self, checkpoint: Checkpoint) -> None:
        load_weights(self.model, checkpoint.snapshot.weights)
        restore_optimiser(self.optimiser, self.model, checkpoint.optimiser)
        counters = checkpoint.counters
        self.step = int(counters["step"])
        self._restore_noise(torch.tensor(checkpoint.noise))
        self.watch.restore(counters, self.settings.patience)
        self._last_validation = int(counters["last_validation"])
        self._steps_summed = int(counters["steps_summed"])
        self._sums = {
            name.removeprefix("sum/"): torch.tensor(value, dtype=torch.float32, device=self.device)
            for name, value in counters.items()
            if name.startswith("sum/")
        }
        self.live |= checkpoint.live
        self.best = checkpoint.best

    def _restore_noise(self, state: Tensor) -> None:
        """The generator as it was; begun anew, by seed and step, where another kind of device kept it."""
        if len(state) == len(self.noise.get_state()):
            self.noise.set_state(state)
        else:
            self.noise.manual_seed((NOISE_SEED ^ self.settings.seed) + (self.step << 32))

    def _split(self, dataset: Dataset) -> tuple[ResidentDigits, ResidentDigits]:
        images = len(dataset.train)
        held_back = min(self.settings.validation_images, images // 10)
        if images - held_back < 1:
            raise StudioError("There is no image to train on", where=dataset.title)
        return ResidentDigits.of(dataset.train, self.device).split(held_back)

    def _epoch_order(self) -> Tensor:
        epoch = min(self.step, self.total_steps - 1) // self.steps_per_epoch
        return epoch_order(len(self.training), self.settings.seed, epoch, self.device)


def _check_labels(spec: RunSpec, dataset: Dataset) -> None:
    """A classifier needs labels, and no more classes than it has outputs."""
    if spec.recipe.objective.code != "none":
        return
    labels, classes = dataset.train.labels, spec.recipe.stages()[-1].size
    if labels is None:
        raise StudioError(
            "A classifier needs labels, and these digits have none", where=dataset.title,
            advice="Choose a dataset with labels, or another recipe.",
        )  # fmt: skip
    if len(labels) and int(labels.max()) >= classes:
        raise StudioError(
            f"The classifier knows {classes} classes, and these digits have {int(labels.max()) + 1}",
            where=dataset.title, advice="Choose a dataset with ten classes, or another recipe.",
        )  # fmt: skip
