"""A session without a window: a loader that answers at once, a small recipe, and its threads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aestudio.gui.state.comparison_state import problem_of

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from aestudio.datasets.dataset import Dataset
    from aestudio.datasets.image_shape import ImageShape
    from aestudio.datasets.reading import Reading
    from aestudio.errors import StudioError
    from aestudio.gui.controllers.session import Session
    from aestudio.progress import Progress
    from aestudio.recipes.recipe import Recipe

WAIT = 30_000  # milliseconds; torch and an optimiser are imported within it


class Loader:
    """Replaces `load_dataset`: its result can be changed, and it can wait."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.requested_names: list[str] = []
        self.folders: list[Path | None] = []
        self.shapes: list[ImageShape | None] = []
        self.problem: StudioError | None = None
        self.gate: threading.Event | None = None

    def __call__(
        self,
        name: str,
        *,
        data_dir: Path | None = None,
        progress: Progress,
        reading: Reading | None = None,
        files: frozenset[str] | None = None,
    ) -> Dataset:
        self.requested_names.append(name)
        self.folders.append(data_dir)
        self.shapes.append(None if reading is None else reading.image)
        while self.gate is not None and not self.gate.wait(0.002):
            progress(1, 4, "waiting")
        if self.problem is not None:
            raise self.problem
        return self.dataset


def plan_problem(session: Session) -> StudioError | None:
    """Why the planned comparison cannot be trained, or None."""
    state = session.state
    return problem_of(state.recipe, session.comparison.plan, state.comparison_context)


@pytest.fixture
def loader(few_digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> Loader:
    fake = Loader(few_digits)
    # In the program the plainest image is selected first: tests count from 0.
    monkeypatch.setattr("aestudio.datasets.dataset.ImageSet.plainest", property(lambda _: 0))
    monkeypatch.setattr("aestudio.gui.controllers.data_controller.load_dataset", fake)
    return fake


@pytest.fixture
def small() -> Recipe:
    """A quick training: 3 epochs of 9 steps, a point at each."""
    from aestudio.recipes.library import find_recipe

    return find_recipe("vae").with_settings(
        {"latent_size": 3, "hidden": (16,), "epochs": 3, "batch_size": 32, "validation_images": 30}
    )


@pytest.fixture
def bare(qtbot: QtBot, loader: Loader, small: Recipe, few_measured_images: None) -> Iterator[Session]:
    """A session in which nothing was loaded yet, neither data nor torch."""
    from aestudio.gui.controllers.session import Session

    session = Session()
    session.update(recipe=small)
    yield session
    if loader.gate is not None:
        loader.gate.set()
    qtbot.waitUntil(session.close, timeout=WAIT)


@pytest.fixture
def session(qtbot: QtBot, bare: Session) -> Session:
    """A session with the few digits and with torch."""
    from aestudio.gui.startup.warmup import warm_up

    bare.data.choose("builtin")
    warm_up(bare)
    ready = lambda: bare.state.torch_phase == "ready" and bare.state.data.phase == "ready"  # noqa: E731
    qtbot.waitUntil(ready, timeout=WAIT)
    return bare


@pytest.fixture
def reach(qtbot: QtBot) -> Callable[[Callable[[], object]], None]:
    """Wait until a condition holds, long enough for a slow machine."""

    def wait(condition: Callable[[], object]) -> None:
        qtbot.waitUntil(lambda: bool(condition()), timeout=WAIT)

    return wait
