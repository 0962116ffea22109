"""A task computes t-SNE: shown when it is ready, cancelled at once, repeated only on request."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.analysis.alignment import residual
from aestudio.errors import StudioError
from aestudio.gui.controllers import embedding_controller as layout_control
from aestudio.gui.state.model_state import ExploredModel, ShippedCodes
from aestudio.gui.state.studio_state import DataState, MapChoice, PlaneChoice
from aestudio.gui.state.training_state import TrainingState
from aestudio.inference.codes import encode_set
from aestudio.inference.frozen_model import FrozenModel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from aestudio.analysis.embedding import Embedding2D
    from aestudio.analysis.embedding_process import EmbeddingProcess
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.embedding_state import EmbeddingRequest
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot

TSNE = PlaneChoice("tsne")
WAIT = 30_000


class Desk:
    """The session, and the view that wants the layout of what is explored whenever that changes."""

    def __init__(self, session: Session, qtbot: QtBot) -> None:
        self.session, self.qtbot = session, qtbot
        session.changed.connect(self.want)

    def want(self) -> None:
        if self.session.state.snapshot is not None:
            self.session.embedding.request(self.session.state.snapshot)

    def wait(self, so: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(so()), timeout=WAIT)

    def wait_laid_out(self, count: int, kind: str = "tsne") -> Embedding2D:
        def there() -> bool:
            found = self.session.state.embedding
            return found.requested is not None and (found.requested.kind, found.requested.count) == (
                kind,
                count,
            )

        self.wait(lambda: there() and not self.working)
        plane = self.session.state.embedding.result
        assert plane is not None
        return plane

    @property
    def working(self) -> bool:
        return "embedding" in self.session.state.tasks


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few steps are enough here."""
    monkeypatch.setattr("aestudio.analysis.embedding_tsne.EARLY", 10)
    monkeypatch.setattr("aestudio.analysis.embedding_tsne.LATE", 20)


@pytest.fixture
def sliders(studio_session: Session, qtbot: QtBot) -> Desk:
    studio_session.changed.emit()  # the plane that fits the model is chosen at the first look
    return Desk(studio_session, qtbot)


class Held:
    """Stands for the layout itself: begun, and held up until it is cancelled or let go."""

    def __init__(self) -> None:
        self.begun: list[EmbeddingRequest] = []
        self.starts: list[object] = []
        self.gate = threading.Event()
        self.real = layout_control._embedded

    def __call__(
        self, requested: EmbeddingRequest, start: object, progress: Progress, process: EmbeddingProcess
    ) -> Embedding2D:
        self.begun.append(requested)
        self.starts.append(start)
        while not self.gate.wait(0.005):
            progress(0.3, 1.0, "t-SNE")
        return self.real(requested, start, progress, process)  # type: ignore[arg-type]


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    made = Held()
    monkeypatch.setattr(layout_control, "_embedded", made)
    yield made
    made.gate.set()


def another(session: Session, snapshot: Snapshot) -> None:
    """The model at hand is this one now."""
    session.update(model=ExploredModel(snapshot, "", "training"))


def test_the_test_images_are_embedded_and_kept(sliders: Desk, make_snapshot: Callable[..., Snapshot]) -> None:
    session = sliders.session
    state = session.state
    session.explore.choose_plane(TSNE)
    plane = sliders.wait_laid_out(60)
    assert state.image_set is not None
    assert state.snapshot is not None
    np.testing.assert_array_equal(plane.codes, encode_set(FrozenModel(state.snapshot), state.image_set).mean)
    # Another model, and back: it is still there.
    another(session, make_snapshot(seed=1))
    sliders.wait(lambda: session.state.embedding.result is not plane and not sliders.working)
    session.update(model=state.model)
    sliders.wait(lambda: session.state.embedding.result is plane)
    assert not sliders.working


def test_a_layout_is_stopped_at_once_and_the_plane_before_comes_back(sliders: Desk, held: Held) -> None:
    session = sliders.session
    session.explore.choose_plane(PlaneChoice("dimensions", 2, 4))
    session.explore.choose_plane(TSNE)
    sliders.wait(lambda: session.state.tasks.get("embedding", (0,))[0] == 0.3)
    session.embedding.cancel()
    assert not sliders.working
    assert session.state.plane == PlaneChoice("dimensions", 2, 4)
    sliders.wait(lambda: not session.tasks.alive())
    assert session.state.embedding.result is None
    # Chosen again it begins again.
    held.gate.set()
    session.explore.choose_plane(PlaneChoice("tsne"))
    sliders.wait_laid_out(60)
    assert len(held.begun) == 2


def test_another_axis_ends_the_work(sliders: Desk, held: Held) -> None:
    session = sliders.session
    session.explore.choose_plane(TSNE)
    sliders.wait(lambda: held.begun)
    session.explore.choose_plane(PlaneChoice("components"))
    sliders.wait(lambda: not sliders.working and not session.tasks.alive())
    session.embedding.cancel()  # nothing left to do
    assert session.state.plane.kind == "components"


def test_snapshots_of_a_training_follow_one_another_and_none_is_begun_before_the_last_is_done(
    sliders: Desk, held: Held, make_snapshot: Callable[..., Snapshot], monkeypatch: pytest.MonkeyPatch
) -> None:
    session = sliders.session
    monkeypatch.setattr(layout_control, "REST", 0.0)
    session.update(training=TrainingState("running"))
    session.explore.choose_plane(TSNE)
    sliders.wait(lambda: held.begun)
    for step in (1, 2, 3):
        another(session, make_snapshot(step=step, seed=0))
        sliders.qtbot.wait(20)
    assert len(held.begun) == 1
    held.gate.set()
    first = sliders.wait_laid_out(60)
    sliders.wait(lambda: len(held.begun) == 2 and not sliders.working)
    assert held.begun[1].snapshot.step == 3, "the newest wins"
    assert held.starts[0] is None
    second = session.state.embedding.result
    assert second is not None
    assert residual(second.xy, first.xy) < 0.3


def test_cancelling_while_it_trains_ends_it_for_this_training(
    sliders: Desk, held: Held, make_snapshot: Callable[..., Snapshot]
) -> None:
    session = sliders.session
    session.update(training=TrainingState("running"))
    session.explore.choose_plane(TSNE)
    sliders.wait(lambda: held.begun)
    session.embedding.cancel()
    another(session, make_snapshot(step=1))
    sliders.qtbot.wait(50)
    assert len(held.begun) == 1
    assert session.state.plane.kind != "tsne"


def test_while_it_trains_it_rests_between_two(
    sliders: Desk, held: Held, make_snapshot: Callable[..., Snapshot], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout_control, "REST", 1000.0)
    held.gate.set()
    session = sliders.session
    session.update(training=TrainingState("running"))
    session.explore.choose_plane(TSNE)
    sliders.wait_laid_out(60)
    another(session, make_snapshot(step=1))
    sliders.qtbot.wait(50)
    assert len(held.begun) == 1
    session.update(training=TrainingState("paused"))
    sliders.wait(lambda: len(held.begun) == 2 and not sliders.working)
    assert held.starts[1] is not None, "it goes on from where it was"


def test_both_sets_are_embedded_where_all_are_requested(
    sliders: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aestudio.gui.state.needed_embedding.POINTS", 80)
    session = sliders.session
    session.explore.choose_plane(TSNE)
    sliders.wait_laid_out(60)
    session.explore.choose_map(MapChoice(images="all"))
    some = sliders.wait_laid_out(80)
    session.embedding.set_points("all")
    everything = sliders.wait_laid_out(360)
    np.testing.assert_array_equal(everything.codes[:80], some.codes)
    session.embedding.set_points("some")
    sliders.wait(lambda: session.state.embedding.result is some)


def test_shipped_codes_are_embedded_where_there_is_no_dataset(sliders: Desk) -> None:
    session = sliders.session
    codes = np.random.default_rng(0).normal(size=(40, 6)).astype(np.float32)
    assert session.state.model is not None
    model = replace(session.state.model, shipped_codes=ShippedCodes(codes, np.arange(40) % 10))
    session.update(data=DataState(), model=model, plane=TSNE)
    np.testing.assert_array_equal(sliders.wait_laid_out(40).codes, codes)


def test_what_cannot_be_embedded_is_reported_once(sliders: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    session, tried = sliders.session, []

    def fail(*_: object) -> Embedding2D:
        tried.append(1)
        raise StudioError("UMAP cannot be loaded", advice="Install the program again.")

    monkeypatch.setattr(layout_control, "_embedded", fail)
    session.explore.choose_plane(PlaneChoice("umap"))
    sliders.wait(lambda: session.state.embedding.problem is not None)
    sliders.qtbot.wait(50)
    assert len(tried) == 1
    assert "cannot be loaded" in session.state.message.text
    session.explore.choose_plane(PlaneChoice("umap"))
    sliders.wait(lambda: len(tried) == 2)
    sliders.wait(lambda: session.state.embedding.problem is not None and not sliders.working)


def test_the_process_is_kept_for_the_next_layout_and_ends_with_the_session(sliders: Desk) -> None:
    session = sliders.session
    session.explore.choose_plane(TSNE)
    sliders.wait_laid_out(60)
    pid = session.embedding._process.pid
    assert pid is not None
    session.explore.choose_map(MapChoice(images="all"))
    sliders.wait_laid_out(360)
    assert session.embedding._process.pid == pid
    sliders.wait(session.close)
    assert not session.embedding.alive()
