"""A task computes t-SNE: shown when it is ready, cancelled at once, repeated only on request."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.analysis.embedding_process import EmbeddingProcess
from aestudio.errors import BadChoice, StudioError
from aestudio.gui.controllers import embedding_controller as layout_control
from aestudio.gui.state.model_state import ExploredModel, ShippedCodes
from aestudio.gui.state.run_state import RunState
from aestudio.gui.state.studio_state import DataState, MapChoice, PlaneChoice
from aestudio.inference.codes import encode_set
from aestudio.inference.frozen_model import FrozenModel
from tests.residual import residual

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from aestudio.analysis.embedding import Embedding2D
    from aestudio.analysis.embedding_plan import Orders
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.embedding_state import EmbeddingRequest, EmbeddingState
    from aestudio.gui.workers.tasks import TaskReport
    from aestudio.training.events import Snapshot

TSNE = PlaneChoice("tsne")
WAIT = 30_000


class SessionWithEmbedding:
    """A session that requests the embedding of the explored model at every change, as the view does."""

    def __init__(self, session: Session, qtbot: QtBot) -> None:
        self.session, self.qtbot = session, qtbot
        session.changed.connect(self.request_embedding)

    def request_embedding(self) -> None:
        if self.session.state.snapshot is not None:
            self.session.embedding.request(self.session.state.snapshot)

    def wait(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=WAIT)

    def wait_embedded(self, count: int, kind: str = "tsne") -> Embedding2D:
        def embedded() -> bool:
            found = self.session.state.embedding
            return found.requested is not None and (found.requested.kind, found.requested.count) == (
                kind,
                count,
            )

        self.wait(lambda: embedded() and not self.working)
        plane = self.session.state.embedding.result
        assert plane is not None
        return plane

    @property
    def working(self) -> bool:
        return "embedding" in self.session.state.tasks


class SharedProcess(EmbeddingProcess):
    """One for all tests here: loading its library takes longer than they do. A session does not end it."""

    def __init__(self) -> None:
        super().__init__(idle_seconds=1_000)
        self.load("tsne")
        self._first = self._child

    def alive(self) -> bool:
        return False

    def close(self) -> None:
        pass

    def end(self, first: bool = False) -> None:
        """End the process; by default only one that a test has started, because the first was killed."""
        child = self._child
        if child is not None and (first or child is not self._first):
            child.kill()
            child.join()


@pytest.fixture(scope="module")
def process() -> Iterator[SharedProcess]:
    shared = SharedProcess()
    yield shared
    shared.end(first=True)


@pytest.fixture
def explorer(studio_session: Session, qtbot: QtBot, process: SharedProcess) -> Iterator[SessionWithEmbedding]:
    studio_session.embedding._process = process
    studio_session.embedding.choose("tsne", "iterations", 50)  # a few steps are enough here
    studio_session.changed.emit()  # the first change chooses the plane that fits the model
    yield SessionWithEmbedding(studio_session, qtbot)
    studio_session.tasks.cancel_all()
    qtbot.waitUntil(lambda: not studio_session.tasks.alive())
    process.end()


class HeldEmbedding:
    """Replaces the embedding: it begins, and waits until it is cancelled or released."""

    def __init__(self) -> None:
        self.begun: list[EmbeddingRequest] = []
        self.starts: list[object] = []
        self.gate = threading.Event()
        self.real = layout_control._embedded

    def __call__(
        self,
        requested: EmbeddingRequest,
        start: object,
        report: TaskReport,
        process: EmbeddingProcess,
        orders: Orders,
    ) -> Embedding2D:
        self.begun.append(requested)
        self.starts.append(start)
        while not self.gate.wait(0.005):
            report(0.3, 1.0, "t-SNE")
        return self.real(requested, start, report, process, orders)  # type: ignore[arg-type]


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[HeldEmbedding]:
    held_embedding = HeldEmbedding()
    monkeypatch.setattr(layout_control, "_embedded", held_embedding)
    yield held_embedding
    held_embedding.gate.set()


def another(session: Session, snapshot: Snapshot) -> None:
    """Make this the current model."""
    session.update(model=ExploredModel(snapshot, "", "training"))


def test_the_test_images_are_embedded_and_kept(
    explorer: SessionWithEmbedding, make_snapshot: Callable[..., Snapshot]
) -> None:
    session = explorer.session
    state = session.state
    session.explore.choose_plane(TSNE)
    plane = explorer.wait_embedded(60)
    assert state.image_set is not None
    assert state.snapshot is not None
    np.testing.assert_array_equal(plane.codes, encode_set(FrozenModel(state.snapshot), state.image_set).mean)
    # Another model, and back: it is still there.
    another(session, make_snapshot(seed=1))
    explorer.wait(lambda: session.state.embedding.result is not plane and not explorer.working)
    session.update(model=state.model)
    explorer.wait(lambda: session.state.embedding.result is plane)
    assert not explorer.working


def test_an_embedding_is_stopped_at_once_and_the_previous_plane_restored(
    explorer: SessionWithEmbedding, held: HeldEmbedding
) -> None:
    session = explorer.session
    session.explore.choose_plane(PlaneChoice("dimensions", 2, 4))
    session.explore.choose_plane(TSNE)
    explorer.wait(lambda: session.state.tasks.get("embedding", (0,))[0] == 0.3)
    session.embedding.cancel()
    assert not explorer.working
    assert session.state.plane == PlaneChoice("dimensions", 2, 4)
    explorer.wait(lambda: not session.tasks.alive())
    assert session.state.embedding.result is None
    # Chosen again it begins again.
    held.gate.set()
    session.explore.choose_plane(PlaneChoice("tsne"))
    explorer.wait_embedded(60)
    assert len(held.begun) == 2


def test_choosing_another_axis_cancels_the_embedding(
    explorer: SessionWithEmbedding, held: HeldEmbedding
) -> None:
    session = explorer.session
    session.explore.choose_plane(TSNE)
    explorer.wait(lambda: held.begun)
    session.explore.choose_plane(PlaneChoice("components"))
    explorer.wait(lambda: not explorer.working and not session.tasks.alive())
    session.embedding.cancel()  # nothing left to do
    assert session.state.plane.kind == "components"


def test_snapshots_of_a_training_are_embedded_one_after_the_other(
    explorer: SessionWithEmbedding,
    held: HeldEmbedding,
    make_snapshot: Callable[..., Snapshot],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    session = explorer.session
    monkeypatch.setattr(layout_control, "REST", 0.0)
    session.update(training=RunState("running"))
    session.explore.choose_plane(TSNE)
    explorer.wait(lambda: held.begun)
    for step in (1, 2, 3):
        another(session, make_snapshot(step=step, seed=0))
        explorer.qtbot.wait(20)
    assert len(held.begun) == 1
    held.gate.set()
    first = explorer.wait_embedded(60)
    explorer.wait(lambda: len(held.begun) == 2 and not explorer.working)
    assert held.begun[1].snapshot.step == 3, "the newest wins"
    assert held.starts[0] is None
    second = session.state.embedding.result
    assert second is not None
    assert residual(second.xy, first.xy) < 0.3


def test_cancelling_during_a_training_ends_embedding_for_it(
    explorer: SessionWithEmbedding, held: HeldEmbedding, make_snapshot: Callable[..., Snapshot]
) -> None:
    session = explorer.session
    session.update(training=RunState("running"))
    session.explore.choose_plane(TSNE)
    explorer.wait(lambda: held.begun)
    session.embedding.cancel()
    another(session, make_snapshot(step=1))
    explorer.qtbot.wait(50)
    assert len(held.begun) == 1
    assert session.state.plane.kind != "tsne"


def test_during_a_training_there_is_a_pause_between_embeddings(
    explorer: SessionWithEmbedding,
    held: HeldEmbedding,
    make_snapshot: Callable[..., Snapshot],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(layout_control, "REST", 1000.0)
    held.gate.set()
    session = explorer.session
    session.update(training=RunState("running"))
    session.explore.choose_plane(TSNE)
    explorer.wait_embedded(60)
    another(session, make_snapshot(step=1))
    explorer.qtbot.wait(50)
    assert len(held.begun) == 1
    session.update(training=RunState("paused"))
    explorer.wait(lambda: len(held.begun) == 2 and not explorer.working)
    assert held.starts[1] is not None, "it goes on from where it was"


def test_both_sets_are_embedded_if_all_images_are_requested(
    explorer: SessionWithEmbedding,
) -> None:
    session = explorer.session
    session.embedding.choose("tsne", "points", 80)
    session.explore.choose_plane(TSNE)
    explorer.wait_embedded(60)
    session.explore.choose_map(MapChoice(images="all"))
    some = explorer.wait_embedded(80)
    session.embedding.choose("tsne", "points", 10_000)
    plane_of_all = explorer.wait_embedded(360)
    np.testing.assert_array_equal(plane_of_all.codes[:80], some.codes)
    session.embedding.choose("tsne", "points", 80)
    explorer.wait(lambda: session.state.embedding.result is some)


def test_shipped_codes_are_embedded_without_a_dataset(explorer: SessionWithEmbedding) -> None:
    session = explorer.session
    codes = np.random.default_rng(0).normal(size=(40, 6)).astype(np.float32)
    assert session.state.model is not None
    model = replace(session.state.model, shipped_codes=ShippedCodes(codes, np.arange(40) % 10))
    session.update(data=DataState(), model=model, plane=TSNE)
    np.testing.assert_array_equal(explorer.wait_embedded(40).codes, codes)


def test_what_cannot_be_embedded_is_reported_once(
    explorer: SessionWithEmbedding, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, tried = explorer.session, []

    def fail(*_: object) -> Embedding2D:
        tried.append(1)
        raise StudioError("UMAP cannot be loaded", advice="Install the program again.")

    monkeypatch.setattr(layout_control, "_embedded", fail)
    session.explore.choose_plane(PlaneChoice("umap"))
    explorer.wait(lambda: session.state.embedding.problem is not None)
    explorer.qtbot.wait(50)
    assert len(tried) == 1
    assert "cannot be loaded" in session.state.message.text
    session.explore.choose_plane(PlaneChoice("umap"))
    explorer.wait(lambda: len(tried) == 2)
    explorer.wait(lambda: session.state.embedding.problem is not None and not explorer.working)


@pytest.mark.thorough
def test_the_process_is_kept_for_the_next_embedding_and_ends_with_the_session(
    studio_session: Session, qtbot: QtBot
) -> None:
    session = studio_session
    session.embedding.choose("tsne", "iterations", 50)
    session.changed.emit()
    explorer = SessionWithEmbedding(session, qtbot)
    session.explore.choose_plane(TSNE)
    explorer.wait_embedded(60)
    pid = session.embedding._process.pid
    assert pid is not None
    session.explore.choose_map(MapChoice(images="all"))
    explorer.wait_embedded(360)
    assert session.embedding._process.pid == pid
    explorer.wait(session.close)
    assert not session.embedding.alive()


@pytest.mark.thorough
def test_an_embedding_is_paused_perturbed_and_stopped_where_it_is(explorer: SessionWithEmbedding) -> None:
    session = explorer.session
    session.embedding.choose("tsne", "iterations", 10_000)
    session.embedding.pause()  # nothing to pause yet
    session.embedding.perturb()
    session.explore.choose_plane(TSNE)

    def known() -> EmbeddingState:
        return session.state.embedding

    explorer.wait(lambda: known().live is not None)
    session.embedding.pause()
    assert known().paused
    explorer.wait(lambda: _rests(explorer))
    at = known().live
    assert at is not None
    assert not at.perturbed
    session.embedding.perturb()
    explorer.wait(lambda: known().live is not at)
    moved = known().live
    assert moved is not None
    assert moved.perturbed
    assert moved.done == at.done
    assert (moved.xy != at.xy).any(axis=1).all()
    session.embedding.pause()
    assert not known().paused
    explorer.wait(lambda: known().live is not None and known().live.done > at.done)
    session.embedding.stop()
    explorer.wait(lambda: not explorer.working)
    stopped = known().result
    assert stopped is not None
    assert known().live is None
    assert stopped.perturbed
    assert at.done < stopped.done < stopped.total == 10_000
    assert session.state.plane == TSNE, "what was reached stays on the map"
    explorer.request_embedding()
    explorer.qtbot.wait(50)
    assert not explorer.working, "it does not begin again by itself"


def _rests(explorer: SessionWithEmbedding) -> bool:
    """Whether a paused embedding has shown its last positions: for two rounds there are no others."""
    before = explorer.session.state.embedding.live
    explorer.qtbot.wait(300)
    return explorer.session.state.embedding.live is before


@pytest.mark.thorough
def test_an_embedding_that_has_ended_is_perturbed_and_computed_again(explorer: SessionWithEmbedding) -> None:
    session = explorer.session
    session.explore.choose_plane(TSNE)
    first = explorer.wait_embedded(60)
    session.embedding.perturb()
    assert explorer.working
    explorer.wait(lambda: not explorer.working)
    second = session.state.embedding.result
    assert second is not None
    assert second.perturbed
    assert not np.array_equal(second.xy, first.xy)
    session.embedding.run_again()
    explorer.wait(lambda: session.state.embedding.result is not None and not explorer.working)
    again = session.state.embedding.result
    assert again is not None
    assert not again.perturbed
    np.testing.assert_array_equal(again.xy, first.xy)


@pytest.mark.thorough
def test_another_setting_is_another_embedding_and_back_it_is_still_there(
    explorer: SessionWithEmbedding,
) -> None:
    session = explorer.session
    session.explore.choose_plane(TSNE)
    first = explorer.wait_embedded(60)
    session.embedding.choose("tsne", "perplexity", 5.0)
    explorer.wait(lambda: session.state.embedding.result is not first and not explorer.working)
    second = session.state.embedding.result
    assert second is not None
    assert residual(second.xy, first.xy) > 0.01
    session.embedding.choose("tsne", "perplexity", 30.0)
    explorer.wait(lambda: session.state.embedding.result is first)
    session.embedding.choose("umap", "neighbours", 7)  # of the other kind
    explorer.qtbot.wait(50)
    assert session.state.embedding.result is first
    with pytest.raises(BadChoice, match="perplexity"):
        session.embedding.choose("tsne", "perplexity", 1)
