"""Drives a training in the terminal: a progress bar, and signals that stop it cleanly."""

from __future__ import annotations

import signal
import sys
import threading
import time
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, Protocol, cast

from aestudio.cli.output import Stopped, print_notice
from aestudio.cli.tensorboard_log import TensorBoardLog
from aestudio.memory import in_words
from aestudio.runs.run_record import FILE as RECORD
from aestudio.sabotage.sabotage_list import warning
from aestudio.signals import ending_signals
from aestudio.storage.os_errors import is_there
from aestudio.training.events import (
    Ended,
    LiveChange,
    MetricPoint,
    Paused,
    SabotageBegun,
    Started,
    TrainingProgress,
)

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from tqdm import tqdm

    from aestudio.recipes.recipe import Recipe
    from aestudio.runs.start import RunEvents
    from aestudio.training.commands import Commands
    from aestudio.training.events import Event


@dataclass(frozen=True)
class Outcome:
    """How a training ended. seconds and images_per_second: since this start or resume."""

    started: Started
    ended: Ended
    seconds: float
    images_per_second: float


def follow(
    events: RunEvents,
    commands: Commands,
    recipe: Recipe,
    resumed: bool = False,
    tensorboard: Path | None = None,
) -> Outcome:
    """Run the training to its end and show its progress; raises what the training raises.

    Raises Stopped if a second signal ended it at once.

    recipe:  what is trained; of several phases, the loss of the first one is printed
    resumed: whether to print the step at which it resumes
    tensorboard: the folder in which event files of its curves are written, in one of the run's name
    """
    started: Started | None = None
    ended: Ended | None = None
    began = time.monotonic()
    display = _Display(recipe.objective.terms()[0].name, resumed)
    try:
        # Closed here, so that the run is kept also where a second signal breaks the loop.
        log = None if tensorboard is None else tensorboard / events.folder.name
        with stop_on_signal(commands), closing(events), TensorBoardLog(log) as curves:
            for event in events:
                display.show(event)
                curves.add(event)
                if isinstance(event, Started):
                    started, began = event, time.monotonic()
                elif isinstance(event, Ended):
                    ended = event
    except KeyboardInterrupt:
        raise _stopped_at_once(events.folder) from None
    finally:
        display.close()
    assert started is not None
    assert ended is not None
    seconds = time.monotonic() - began
    images = (ended.last_step - started.step) * started.training_images / started.steps_per_epoch
    return Outcome(started, ended, seconds, images / seconds if seconds > 0 else 0.0)


def _stopped_at_once(folder: Path) -> Stopped:
    """Where the run is, of which a second signal ended the step, and how to go on."""
    if not is_there(folder / RECORD):
        return Stopped("Stopped before the training began, so that there is no run to keep")
    return Stopped(
        "Stopped at once; the run is kept as of its newest complete state",
        where=str(folder),
        advice=f'Resume it with: aestudio train --resume "{folder}"',
    )


class Stoppable(Protocol):
    """What a signal stops: the commands of a training, or a sweep."""

    @property
    def stopped(self) -> bool:
        """Whether it was stopped already."""
        ...

    def stop(self) -> None:
        """Stop it after the current step."""


@contextmanager
def stop_on_signal(commands: Stoppable) -> Generator[None]:
    """Ctrl+C, SIGTERM or a closed terminal stops the training after this step; a second one at once.

    Either way the newest state is kept. A signal that the program was started to ignore (`nohup`) stays so.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: Any) -> None:  # noqa: ARG001 - the protocol's shape
        if commands.stopped:
            raise KeyboardInterrupt
        print_notice("\nStopping after this step ...")
        commands.stop()

    before = {number: signal.signal(number, stop) for number in ending_signals()}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Display:
    """A bar where stderr is a terminal, a line per validation elsewhere."""

    def __init__(self, loss: str, resumed: bool) -> None:
        self._loss = loss
        self._resumed = resumed
        self._bar: tqdm[NoReturn] | None = None  # of no iterable
        self._metrics: dict[str, str] = {}
        self._started: Started | None = None

    def show(self, event: Event) -> None:
        """Show what happened; a terminal that has been closed does not end the training."""
        with suppress(OSError):
            self._show(event)

    def _show(self, event: Event) -> None:
        match event:
            case Started():
                self._begin(event)
            case MetricPoint():
                self._point(event)
            case TrainingProgress():
                self._metrics["images/s"] = f"{event.images_per_second:,.0f}"
                self._move(event.step)
            case SabotageBegun():
                print_notice(f"{warning(event.applied.name)}. It begins at step {event.applied.step:,}")
            case LiveChange() | Paused():
                self._move(event.step)
            case _:
                pass

    def close(self) -> None:
        if self._bar is not None:
            with suppress(OSError):
                self._bar.close()
            self._bar = None

    def _begin(self, event: Started) -> None:
        self._started = event
        if self._resumed:
            total = event.epochs * event.steps_per_epoch
            print_notice(f"Resuming at step {event.step:,} of {total:,}")
        memory = f", about {in_words(event.memory)} of memory" if event.memory else ""
        print_notice(
            f"{event.parameter_count:,} parameters on {event.device}{memory}, "
            f"{event.training_images:,} training and {event.validation_images:,} validation images"
        )
        if sys.stderr.isatty():
            from tqdm import tqdm

            self._bar = tqdm(
                total=event.epochs * event.steps_per_epoch,
                initial=event.step,
                unit="step",
                smoothing=0.1,
                file=sys.stderr,
                dynamic_ncols=True,
                desc="Training",
            )

    def _point(self, event: MetricPoint) -> None:
        name = "loss" if event.split == "training" else "validation"
        # A point of a phase that was stepped alone, or of steps in which the first was not due, lacks it.
        if self._loss in event.terms:
            self._metrics[name] = f"{event.terms[self._loss]:.4g}"
        self._move(event.step)
        if event.split == "validation" and self._bar is None and self._started is not None:
            metrics = ", ".join(f"{name} {value}" for name, value in self._metrics.items())
            print_notice(f"epoch {event.epoch:.3g} of {self._started.epochs}: {metrics}")

    def _move(self, step: int) -> None:
        if self._bar is not None:
            cast("Any", self._bar).set_postfix(  # its stub is untyped
                self._metrics, refresh=False
            )
            self._bar.update(step - self._bar.n)
