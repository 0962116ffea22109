"""Divergence monitors for the losses of all phases of one training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.training.divergence import SPIKE_POINTS, DivergenceMonitor

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from aestudio.recipes.phase import Phase


class PhaseDivergence:
    """One monitor for each phase; the training has diverged if one of them says so.

    The first phase's loss is the one that early stopping waits for. A spike may last as many points in every
    phase; one that is executed in few of the steps has its points further apart. Of a phase that begins later
    no validation loss counts before: what it will change moves with the other phases. Early stopping waits
    until all have begun, so that the weights that it keeps are trained in every phase.

    log_every: steps between two points of the training curve
    """

    def __init__(self, phases: Sequence[Phase], log_every: int, steps_per_epoch: int) -> None:
        self._phases = tuple(phases)
        self._losses = tuple(phase.loss for phase in phases)
        self._monitors = tuple(
            DivergenceMonitor(SPIKE_POINTS * max(log_every, phase.every), phase.out_of_bounds)
            for phase in phases
        )
        self._prefixes = phase_prefixes(phases)
        self._first_steps = tuple(phase.first_step(steps_per_epoch) for phase in phases)

    @property
    def first(self) -> DivergenceMonitor:
        """The monitor of the first phase."""
        return self._monitors[0]

    @property
    def diverged(self) -> bool:
        """Whether the training has diverged; it stays so."""
        return any(monitor.diverged for monitor in self._monitors)

    @property
    def broken_phase(self) -> Phase | None:
        """The first phase that has diverged, or else the first whose newest loss is out of bounds."""
        pairs = tuple(zip(self._phases, self._monitors, strict=True))
        diverged = (phase for phase, monitor in pairs if monitor.diverged)
        spikes = (phase for phase, monitor in pairs if monitor.in_spike or monitor.validation_in_spike)
        return next(diverged, next(spikes, None))

    @property
    def in_spike(self) -> bool:
        """Whether a newest loss is out of bounds, so that the weights may be broken."""
        return any(monitor.in_spike for monitor in self._monitors)

    @property
    def validation_in_spike(self) -> bool:
        """Whether a newest validation loss is out of bounds."""
        return any(monitor.validation_in_spike for monitor in self._monitors)

    @property
    def last_step(self) -> int:
        """The step of the newest training loss, 0 for none."""
        return max(monitor.last_step for monitor in self._monitors)

    @property
    def without_progress(self) -> int:
        """Validations since the lowest validation loss of the first phase."""
        return self.first.without_progress

    def advice(self, rate: float, step: int) -> str:
        """What to try after a divergence; rate: the learning rate, step: of the weights that are kept."""
        phase = self.broken_phase
        # With a single phase, or weights that broke unnoticed, it is simply the loss.
        named = "" if phase is None or len(self._phases) == 1 else f" of the phase “{phase.title}”"
        return (
            f"The loss{named} grew out of bounds. Try a learning rate of {rate / 10:.0e} instead of "
            f"{rate:.0e}, or gradient clipping at 1. The last good snapshot was kept, of step {step:,}."
        )

    def add_training_losses(self, step: int, terms: Mapping[str, float]) -> None:
        """Take the mean terms up to this step; a phase that was not executed has none."""
        for loss, monitor in zip(self._losses, self._monitors, strict=True):
            if loss in terms:
                monitor.add_training_loss(step, terms[loss])

    def add_validation_losses(self, step: int, terms: Mapping[str, float]) -> bool:
        """Take the validation terms at this step; True if the first phase's loss is the best so far."""
        begun = zip(self._losses, self._monitors, self._first_steps, strict=True)
        better = [
            monitor.add_validation_loss(step, terms[loss])
            for loss, monitor, first in begun
            if first == 0 or step > first
        ]
        if 0 < max(self._first_steps) >= step:
            self.first.forget_progress()
        return better[0]

    def reset(self, step: int) -> None:
        """The weights of the loss terms have changed: losses before this step are not comparable."""
        for monitor in self._monitors:
            monitor.reset(step)

    def ignore_bounds(self) -> None:
        """From now on only NaN and infinity count."""
        for monitor in self._monitors:
            monitor.ignore_bounds()

    def counters(self) -> dict[str, float]:
        """The state of all monitors, for a checkpoint; the first phase's under the names of a single one."""
        return {
            f"{prefix}{name}": value
            for prefix, monitor in zip(self._prefixes, self._monitors, strict=True)
            for name, value in monitor.counters().items()
        }

    def restore(self, counters: Mapping[str, float], patience: int) -> None:
        """Continue from a checkpoint; after early stopping the patience starts again."""
        for prefix, monitor in zip(self._prefixes, self._monitors, strict=True):
            own = {
                name.removeprefix(prefix): value
                for name, value in counters.items()
                if name.startswith(prefix)
            }
            monitor.restore(own | {"step": counters["step"]}, patience)


def phase_prefixes(phases: Sequence[Phase]) -> tuple[str, ...]:
    """What a checkpoint puts before the names of each phase's numbers; nothing for the first phase."""
    return ("", *(f"{phase.name}/" for phase in phases[1:]))
