"""After a change of the run or the data set no view shows anything of the previous ones."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest

from aestudio.datasets.image_shape import MNIST
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.run_state import RunState
from aestudio.gui.state.studio_state import MapChoice
from aestudio.gui.views.latent.map.map_content import shown_channels
from aestudio.recipes.architecture import Architecture
from tests.end_to_end.conftest import LONG, small

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.training.events import Snapshot
    from tests.end_to_end.conftest import Person

VIEWS = ("train", "reconstruct", "features", "compress", "network")
MOST_SNAPSHOTS = 80
PANELS = ("grid", "interpolation", "attribute vectors", "samples", "drawings", "traversals", "nearest")


def untrained(run: str, seed: int, step: int = 0, **settings: object) -> Snapshot:
    from aestudio.training.events import Snapshot
    from aestudio.training.initial import weights_of
    from aestudio.training.model import build_model

    recipe = small(latent_size=3, **settings)
    return Snapshot(
        run, recipe, step, 0.0, weights_of(build_model(Architecture(recipe, MNIST), seed)), data=MNIST
    )


@pytest.fixture(scope="module")
def better(digits: Dataset) -> Snapshot:
    """A model with three latent dimensions that is better than the mean image: its axes have names."""
    from aestudio.training.events import SnapshotTaken
    from aestudio.training.spec import RunSpec
    from aestudio.training.trainer import train

    spec = RunSpec("first", small(latent_size=3, epochs=10, learning_rate=0.01), "builtin", "cpu")
    *_, last = (event for event in train(spec, digits) if isinstance(event, SnapshotTaken))
    return last.snapshot


def show_model(session: Session, snapshot: Snapshot) -> None:
    """Show a model as an opened run does."""
    session.update(model=ExploredModel(snapshot, snapshot.run, "kept"), training=RunState())


def show_digits(person: Person, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    """Choose another data set, and check the state in which it arrives."""
    from aestudio.datasets.synthetic import generate

    dataset = generate(train=300, test=60, seed=20 + seed)
    monkeypatch.setattr("aestudio.gui.controllers.data_controller.load_dataset", lambda *_, **__: dataset)
    person.window.session.data.choose("other")
    person.wait(lambda: person.state.data.dataset is dataset)
    assert_results_match_the_subject(person.state)


@pytest.fixture
def looking(person: Person, better: Snapshot) -> Person:
    """A window that shows a model with three latent dimensions, of which nothing is left out."""
    show_model(person.window.session, better)
    return person


@pytest.fixture
def silence(looking: Person) -> Iterator[Callable[[bool], None]]:
    """`silence(True)` holds all requests back, `silence(False)` sends them: views keep only old results."""
    inference_worker: Any = looking.window.session.inference_worker
    held_requests: list[Any] = []

    def hold(on: bool) -> None:
        inference_worker.__dict__.pop("request", None)
        if on:
            inference_worker.request = held_requests.append
            return
        for request in held_requests:
            inference_worker.request(request)
        held_requests.clear()

    yield hold
    hold(False)


def assert_results_match_the_subject(state: StudioState) -> None:
    for channel, result in state.results.items():
        assert state.shows(result.request.subject), channel


def example(number: int) -> Any:
    from aestudio.gui.state.workspace import Example

    return Example(f"Test {number}", number=number)


def blank_parts(person: Person) -> dict[str, bool]:
    """Whether each part of the view in front, and the inspector, is blank."""
    view: Any = person.window.view
    inspector: Any = person.window.right.inspector
    found = {"inspector": not inspector.facts.text() and inspector.original._image is None}
    match view.name:
        case "train":
            found["reconstruction row"] = view.image_row.count == 0
        case "reconstruct":
            found["triples"] = view.grid.count == 0
            found["enlarged"] = view.enlarged.original._image is None and not view.enlarged._loss.text()
        case "features":
            found["weights"] = view.weights.grid.count == 0
        case "network":
            found["weights"] = view.weights.grid.count == 0
            found["activations"] = view.activations.grid.count == 0
            found["layers"] = not any(view.diagram.filled)
        case "compress":
            found["digit"] = view.digit.reconstruction._image is None and not view.digit.bars._bars
            found["curve"] = len(view.curve._bits) == 0 and not view._note.text()
        case "latent":
            found |= _blank_latent(view)
    return found


def _blank_latent(view: Any) -> dict[str, bool]:
    front, content = view.panels.front, view.explorer.sliders._content
    found = {
        "image": view.explorer.image._image is None,
        "gauge": not view.explorer.gauge.judges,
        "map": len(view.map.map._xy) == 0,
        "cursor": view.map.map.plot.cross is None,
        "ellipse": (view.map._ellipse_shown._parts or (None,))[0] is None,
        "statistics": content.statistics is None,
        "names": not any(content.names),
    }
    match front.name:
        case "grid":
            found["grid"] = front.view.image is None
        case "interpolation":
            found["animation"] = front.animation is None
        case "samples":
            found["samples"] = front.grid.count == 0
            found["nearest"] = front.nearest.count == 0
        case "attribute vectors":
            found["difference"] = front.groups.preview.count == 0
        case "nearest":
            found["by pixels"] = front.by_pixels.count == 0
            found["by codes"] = front.by_codes.count == 0
        case "traversals":
            found["sheet"] = front.view.images is None
        case "drawings":
            found["kept"] = front.grid._pixels.shape[1] == 1  # the drawings without reconstructions
    return found


def fill(person: Person, name: str, panel: str = "grid") -> None:
    """Bring a view to the front, and wait until no part of it is blank."""
    workspace = person.window.session.workspace
    workspace.set_keyframes((example(1), example(2)))
    workspace.set_groups((example(3),), (example(4),))
    if not person.state.workspace.drawings:
        assert person.state.data.dataset is not None
        workspace.keep_drawing(person.state.data.dataset.test.images[0])
    person.show(name)
    if name == "latent":
        view: Any = person.window.view
        view.panels.show_page(panel)
    person.wait(lambda: not any(blank_parts(person).values()))


@pytest.mark.thorough
def test_a_changed_run_or_data_set_clears_every_part_of_the_other_views(
    looking: Person, silence: Callable[[bool], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    session = looking.window.session
    for number, name in enumerate(VIEWS):
        fill(looking, name)
        silence(True)
        show_model(session, untrained(f"run {number}", number + 1))
        assert_results_match_the_subject(looking.state)
        assert all(blank_parts(looking).values()), (name, blank_parts(looking))
        silence(False)
        fill(looking, name)
        silence(True)
        show_digits(looking, monkeypatch, seed=number)
        parts = blank_parts(looking)
        assert all(blank for part, blank in parts.items() if part != "weights"), (name, parts)
        silence(False)


@pytest.mark.thorough
def test_a_changed_run_or_data_set_clears_every_part_of_the_latent_view(
    looking: Person, better: Snapshot, silence: Callable[[bool], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    session = looking.window.session
    for number, panel in enumerate(PANELS):
        fill(looking, "latent", panel)
        silence(True)
        show_model(session, replace(better, run=f"run {number}"))
        assert_results_match_the_subject(looking.state)
        assert all(blank_parts(looking).values()), (panel, blank_parts(looking))
        silence(False)
    for seed, panel in enumerate(("grid", "samples")):
        fill(looking, "latent", panel)
        silence(True)
        show_digits(looking, monkeypatch, seed)
        parts = blank_parts(looking)
        assert all(parts.values()), (panel, parts)
        silence(False)


def run_of(request: Any) -> str:
    """The run of a request about one model."""
    return snapshot_of(request).run


def snapshot_of(request: Any) -> Snapshot:
    return request.snapshot if hasattr(request, "snapshot") else request.sources.snapshot


class ViewRecorder:
    """Records what the Latent view shows after each change of the state."""

    def __init__(self, person: Person) -> None:
        self._person = person
        self.foreign_parts: list[str] = []
        self.steps: dict[str, list[int]] = defaultdict(list)
        self.snapshots: list[int] = []
        person.window.session.changed.connect(self._record)

    def _record(self) -> None:
        state, view = self._person.state, cast("Any", self._person.window.view)
        if state.model is None or state.model.origin != "training":
            return
        run, step = state.model.snapshot.run, state.model.snapshot.step
        if not self.snapshots or self.snapshots[-1] != step:
            self.snapshots.append(step)
        painted = {
            "grid": view.panels.front.view.image is not None,
            "map": len(view.map.map._xy) > 0,
            "data support": view.explorer.gauge.judges,
            "sliders": view.explorer.sliders._content.statistics is not None,
        }
        for channel, shown in painted.items():
            result = state.results.get(channel)
            if shown and (result is None or run_of(result.request) != run):
                self.foreign_parts.append(channel)
        if view.explorer.image._image is not None and state.exploration.image is None:
            self.foreign_parts.append("reconstruction")
        for channel in ("grid", "map", "sliders", "data support reference", "inspect"):
            result = state.results.get(channel)
            if result is not None and result.value is not None and run_of(result.request) == run:
                step_of_result = snapshot_of(result.request).step
                if step_of_result not in self.steps[channel]:
                    self.steps[channel].append(step_of_result)


@pytest.mark.thorough
def test_start_in_the_latent_view_removes_the_shipped_model_and_updates_every_part(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aestudio.gui.views.latent.latent_view.LatentView.share", 0.7)
    # The shipped model has two dimensions: the plane is in the panel, not on the map.
    person.window.session.explore.choose_map(MapChoice(decoded=False))
    person.window.show_panel("grid")
    view: Any = person.window.view
    assert person.state.model is not None
    assert person.state.model.origin == "shipped"
    person.wait(lambda: view.panels.front.view.image is not None)
    person.wait(lambda: view.explorer.gauge.judges)
    session, recorder = person.window.session, ViewRecorder(person)
    session.recipe.choose_recipe(small(latent_size=3, epochs=LONG))
    person.click(person.window.left.training.start)
    person.wait(lambda: person.state.model.origin == "training")  # type: ignore[union-attr]
    channels = ("grid", "map", "sliders", "data support reference", "inspect")
    person.wait(lambda: all(len(recorder.steps[channel]) > 2 for channel in channels))
    assert len(recorder.snapshots) < MOST_SNAPSHOTS, recorder.steps
    session.training.pause()
    person.wait_phase("paused")
    person.wait_computed()
    assert not recorder.foreign_parts
    now = person.state.snapshot
    assert now is not None
    for channel in ("grid", "map", "sliders", "data support", "inspect"):
        assert person.state.step_of(channel) == now.step, channel
    for mark in (view.explorer.mark, view.explorer.gauge.mark, view.map.mark, view.panels.front.mark):
        assert mark.step is None


@pytest.mark.thorough
def test_after_the_history_every_part_shows_the_newest_step(person: Person) -> None:
    session = person.window.session
    session.recipe.choose_recipe(small(latent_size=3))
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    person.window.show_panel("grid")
    person.wait_computed()
    view: Any = person.window.view
    newest = person.state.snapshot
    assert newest is not None
    parts = ("map", "grid", "sliders", "data support reference", "data support", "inspect", "slider")
    session.history.show(2)
    person.wait(lambda: person.state.history.step is not None)
    past = person.state.snapshot
    assert past is not None
    marks = (view.explorer.mark, view.map.mark, view.panels.front.mark, view.explorer.gauge.mark)
    assert {mark.step for mark in marks[1:]} <= {None, newest.step}, (
        "parts that are not updated yet name their step"
    )
    person.wait(lambda: all(person.state.step_of(part) == past.step for part in parts))
    session.history.show(None)
    assert person.state.snapshot is newest
    person.wait(lambda: all(person.state.step_of(part) == newest.step for part in parts))
    assert {mark.step for mark in marks} == {None}


def test_an_empty_selection_shows_no_earlier_triples(looking: Person) -> None:
    fill(looking, "reconstruct")
    view: Any = looking.window.view
    looking.click(looking.button("selection", view))
    assert view.grid.count == 0
    assert "lasso" in view.grid.hint
    looking.window.session.workspace.select(np.array([3, 5, 8]))
    looking.wait(lambda: view.grid.count == 3)


def marks_of(page: Any) -> list[Any]:
    """The marks of a page and of what it is made of."""
    from aestudio.gui.views.shared.channel_mark import ChannelMark

    return page.findChildren(ChannelMark)


# Channels whose values are not shown by a part of their own, and why.
NOT_SHOWN = {
    "axis names": "while a training runs they settle over several steps; at rest they are tested below",
    "drawing trails": "of every step of the history",
}


def latest(snapshot: Snapshot) -> Snapshot:
    """The same run a thousand steps later."""
    return replace(snapshot, step=snapshot.step + 1_000)


def pages_in_turn(person: Person) -> Iterator[tuple[str, Any]]:
    """Brings every view, and every panel of the Latent view, to the front, filled; also those added later."""
    for name in person.window.views:
        if name == "compare":  # it has runs of its own, below
            continue
        view: Any = person.window.views[name]
        for panel in view.panels if name == "latent" else ("",):
            fill(person, name, panel or "grid")
            yield f"{name} {panel}".strip(), view


@pytest.mark.thorough
def test_every_part_of_every_page_says_that_it_is_of_an_earlier_step(
    looking: Person, silence: Callable[[bool], None]
) -> None:
    """Found by listing the pages and their requests, so that a new one cannot be forgotten."""
    session, found = looking.window.session, []
    for name, page in pages_in_turn(looking):
        looking.wait_computed()
        looking.wait(lambda: "axis names" not in looking.state.pending)
        state = looking.state
        assert state.snapshot is not None
        for mark in marks_of(page):
            assert mark.step is None, (name, mark.channels, "everything is of one step")
        requested = {request.channel for request in page.requests(state)} - NOT_SHOWN.keys()
        marked = {channel for mark in marks_of(page) for channel in mark.channels}
        assert requested <= marked, (name, "a request without a mark")
        silence(True)
        before = state.snapshot.step
        show_model(session, latest(state.snapshot))
        for mark in marks_of(page):
            shown = [one for one in mark.channels if looking.state.value(one) is not None]
            if mark.part.isVisible() and set(shown) & requested:
                assert mark.step == before, (name, mark.channels)
                found.append(mark.channels)
        assert {mark.step for mark in looking.window.right.inspector.marks} == {before}
        if name.startswith("latent"):
            assert page.explorer.mark.step == before, "the large image"
        behind = [mark for mark in marks_of(page) if mark.step is not None]
        looking.wait(lambda behind=behind: all(mark.dimmed or not mark.writes for mark in behind))
        silence(False)
        looking.wait(lambda page=page: all(mark.step is None for mark in marks_of(page)))
    assert len(found) > 20


@pytest.mark.thorough
def test_names_of_the_axes_at_another_step_say_so_and_are_measured_at_that_step(person: Person) -> None:
    session = person.window.session
    session.recipe.choose_recipe(small(latent_size=3, epochs=10, learning_rate=0.01))
    person.show("latent")
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    view: Any = person.window.view
    sliders, newest = view.explorer.sliders, person.state.snapshot
    assert newest is not None

    def names() -> Any:
        return person.state.value("axis names")

    person.wait(lambda: names() is not None and names().finished and names().step == newest.step)
    person.wait(lambda: sliders.mark.step is None)
    seen: list[Any] = []

    def look() -> None:
        step = person.state.history.step
        if step is not None and names() is not None and names().step != step:
            seen.append(sliders.mark.step)

    session.changed.connect(look)
    checkpoints = person.state.history.checkpoint_history.history_checkpoints
    late = len(checkpoints) - 4  # already better than the mean image: the names of others are not shown
    session.history.show(late)
    person.wait(lambda: names() is not None and names().step == checkpoints[late].step and names().finished)
    session.changed.disconnect(look)
    assert seen, "names of the newest step under the header of another one"
    assert newest.step in seen
    assert None not in seen
    person.wait(lambda: sliders.mark.step is None)
    past = person.state.snapshot
    assert past is not None
    assert past.step == checkpoints[late].step < newest.step
    assert any(sliders._content.names)
    known = [(one.verdict, one.measure) for one in names().axes]
    show_model(session, replace(past, run="the same weights, alone"))
    person.wait(lambda: names() is not None and names().run == person.state.snapshot.run)  # type: ignore[union-attr]
    person.wait(lambda: names().finished)
    assert [(one.verdict, one.measure) for one in names().axes] == known, "not mixed with later steps"


@pytest.mark.thorough
def test_while_training_the_worst_come_first_at_each_refresh_and_the_losses_are_those_of_the_order(
    person: Person,
) -> None:
    session = person.window.session
    session.recipe.choose_recipe(small(latent_size=3, epochs=LONG))
    person.show("reconstruct")
    view: Any = person.window.view
    person.click(person.window.left.training.start)
    person.wait_phase("running")
    person.click(person.button("worst", view))
    sorted_steps: list[int] = []

    def look() -> None:
        shown = person.state.results.get("triples")
        if view.grid.count == 0 or shown is None or shown.request.indices not in view._asked:
            return
        assert np.all(np.diff(shown.value.loss) <= 1e-3), "the greatest loss first"
        if shown.step not in sorted_steps:
            sorted_steps.append(shown.step)

    session.changed.connect(look)
    person.wait(lambda: len(sorted_steps) > 2)
    session.training.pause()
    person.wait_phase("paused")
    person.wait_computed()
    assert person.state.step_of("worst") == person.state.step_of("triples") == person.state.snapshot.step  # type: ignore[union-attr]
    worst = person.state.value("worst").indices[: view.grid.count]
    assert person.state.value("triples").indices.tolist() == worst.tolist()
    assert view.mark.step is None


def test_another_order_shows_no_triples_of_the_one_before(
    looking: Person, silence: Callable[[bool], None]
) -> None:
    fill(looking, "reconstruct")
    view: Any = looking.window.view
    looking.window.session.workspace.select(np.array([3, 5, 8]))
    looking.wait_computed()
    silence(True)
    looking.click(looking.button("selection", view))
    assert view.grid.count == 0
    silence(False)
    looking.wait(lambda: view.grid.count == 3)
    silence(True)
    looking.window.session.workspace.select(np.array([4, 6]))
    assert view.grid.count == 0, "the triples of the selection before"
    silence(False)
    looking.wait(lambda: view.grid.count == 2)


@pytest.mark.thorough
def test_another_model_starts_at_its_own_code_and_the_point_of_a_run_comes_back_with_it(
    looking: Person, better: Snapshot
) -> None:
    session = looking.window.session
    first, second = better, untrained("second", 7)
    session.explore.select(4)
    looking.show("latent")
    looking.wait_computed()
    own = looking.state.exploration.code
    assert own is not None
    session.explore.move_to(np.array([1.5, -0.25, 0.75], np.float32))
    show_model(session, second)
    assert looking.state.exploration.code is None or not np.array_equal(
        looking.state.exploration.code, [1.5, -0.25, 0.75]
    )
    looking.wait_computed()
    inspected = looking.state.value("inspect")
    assert looking.state.results["inspect"].request.index == 4
    assert np.array_equal(looking.state.exploration.code, inspected.code), "its own code of the same digit"
    assert not looking.state.exploration.set_by_user
    show_model(session, first)
    looking.wait_computed()
    assert looking.state.exploration.code.tolist() == [1.5, -0.25, 0.75]
    session.explore.reset()
    looking.wait_computed()
    show_model(session, second)
    looking.wait_computed()
    show_model(session, first)
    looking.wait_computed()
    assert np.allclose(looking.state.exploration.code, own), "it was given up"


@pytest.mark.thorough
def test_every_part_of_compared_runs_says_that_it_is_of_an_earlier_step(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = person.window.session
    session.recipe.choose_recipe(small(latent_size=2))
    person.show("compare")
    view: Any = person.window.view
    person.click(view.set_up.presets["ae against vae"])
    person.click(view.set_up.start)
    person.wait(lambda: person.state.comparison.phase == "ended")
    person.wait_computed()
    session.comparison.move_to(np.array([0.5, -0.5], np.float32))
    view.board.curves.tabs.setCurrentIndex(1)  # the table of metrics
    person.wait_computed()
    marks = marks_of(view)
    assert {mark.step for mark in marks} == {None}
    requested = {request.channel for request in view.requests(person.state)}
    assert requested <= {channel for mark in marks for channel in mark.channels}
    monkeypatch.setattr(session.inference_worker, "request", lambda _: None)
    comparison = person.state.comparison
    before = max(snapshot.step for snapshot in comparison.snapshots)
    later = tuple(replace(run, snapshot=latest(run.snapshot)) for run in comparison.runs if run.snapshot)
    session.update(comparison=replace(comparison, runs=later))
    assert {mark.step for mark in marks} == {before}
    assert len(marks) == 2 * len(comparison.runs) + 1


@pytest.mark.thorough
def test_a_model_that_collapses_is_never_called_supported(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Start in the Latent view, then β 50: the gauge says nothing of noise, and nothing of a mean image."""
    monkeypatch.setattr("aestudio.gui.views.latent.latent_view.LatentView.share", 0.7)
    session = person.window.session
    person.window.show_panel("grid")
    view: Any = person.window.view
    session.recipe.choose_recipe(small(latent_size=3, epochs=LONG, learning_rate=0.01))
    person.click(person.window.left.training.start)
    person.wait_phase("running")
    gauge, wrong = view.explorer.gauge, []

    def look() -> None:
        reference = person.state.value("data support reference")
        if reference is not None and not reference.tells_images_apart and gauge.gauge.reading is not None:
            wrong.append(person.state.snapshot)

    session.changed.connect(look)
    person.wait(
        lambda: gauge.gauge.reading is not None and spread_of_cells(person.state.value("grid")) > LEARNED
    )
    session.training.change("beta", 50.0)
    person.wait(lambda: "mean image" in gauge.gauge.accessibleDescription())
    person.wait(lambda: spread_of_cells(person.state.value("grid")) < 0.5 * LEARNED)
    session.training.pause()
    person.wait_phase("paused")
    person.wait_computed()
    assert not wrong
    assert gauge.gauge.reading is None
    assert "Nothing is supported" in gauge.gauge.toolTip()
    person.wait(lambda: all(mark.step is None for mark in marks_of(view)))
    shown = person.state.value("grid")
    expected = decoded_by(person.state.snapshot, shown)
    difference = np.abs(shown.mosaic.astype(int) - expected.astype(int))
    assert difference.max() <= 1, "the grid is of the collapsed model"


LEARNED = 8.0  # grey levels of `spread_of_cells`


def decoded_by(snapshot: Snapshot | None, grid: Any) -> NDArray[np.uint8]:
    """The mosaic uint8 (C, rows * H, columns * W) of a grid as a model built from the snapshot decodes it."""
    from aestudio.inference.frozen_model import FrozenModel

    assert snapshot is not None
    (column, row), (columns, rows) = grid.cell_grid.first, grid.cell_grid.count
    cells = [(column + x, row + y) for y in reversed(range(rows)) for x in range(columns)]
    images = FrozenModel(snapshot).decode(grid.plane.from_plane(grid.cell_grid.centres(cells), grid.base))
    _, channels, height, width = images.shape
    ordered = images.reshape(rows, columns, channels, height, width).transpose(2, 0, 3, 1, 4)
    return ordered.reshape(channels, rows * height, columns * width)


def spread_of_cells(grid: Any) -> float:
    """How different the decoded images of a grid are: standard deviation over the cells, in grey levels."""
    if grid is None:
        return 0.0
    columns, rows = grid.cell_grid.count
    channels, height, width = grid.mosaic.shape
    cells = grid.mosaic.reshape(channels, rows, height // rows, columns, width // columns)
    return float(cells.astype(np.float64).std(axis=(1, 3)).mean())


@pytest.mark.thorough
def test_no_path_of_another_step_is_over_the_map(looking: Person, silence: Callable[[bool], None]) -> None:
    """The map is asked for first: then it is of the newest step, and the path of the interpolation is not."""
    fill(looking, "latent", "interpolation")
    looking.wait_computed()
    view: Any = looking.window.view
    assert view.map.mark.step is None
    assert view.map._has_path
    before = looking.state.snapshot
    assert before is not None
    silence(True)
    show_model(looking.window.session, latest(before))
    state = looking.state
    known = state.results["map"]
    request = replace(known.request, snapshot=state.snapshot)
    looking.window.session.update(results={**state.results, "map": replace(known, request=request)})
    assert looking.state.step_of("map") == latest(before).step
    assert view.panels.front.animation is not None
    assert not view.map._has_path
    assert "interpolation" not in shown_channels(looking.state, view.map._has_path)
    silence(False)
    looking.wait(lambda: view.map._has_path)
    assert looking.state.step_of("interpolation") == looking.state.step_of("map")


def test_the_card_of_a_point_says_that_its_reconstruction_is_of_an_earlier_step(
    looking: Person, silence: Callable[[bool], None]
) -> None:
    """While the pointer rests on the point, the step changes below it."""
    fill(looking, "latent", "grid")
    looking.wait_computed()
    view: Any = looking.window.view
    details, before = view.map.details, looking.state.snapshot
    assert before is not None
    view.map.map.plot.hover(view.map.map.pixel_of_point(5))
    looking.wait(lambda: details.card.isVisible() and looking.state.value("hovered") is not None)
    assert details.mark.step is None
    silence(True)
    show_model(looking.window.session, latest(before))
    assert details.card.isVisible()
    assert details.mark.step == before.step
    looking.wait(lambda: details.mark.dimmed)
    silence(False)
    looking.wait(lambda: details.mark.step is None)


@pytest.mark.thorough
def test_a_run_is_never_taken_for_a_try_that_was_replaced(person: Person) -> None:
    """Tries of one minute, of which each replaces the one before: none begins at the point of another."""
    session = person.window.session
    person.show("latent")
    names: list[str] = []
    for number in range(4):
        session.recipe.choose_recipe(small(latent_size=3, epochs=LONG))  # what is started is new
        person.click(person.window.left.training.start)
        person.wait(lambda: person.step > 0 and person.state.snapshot.run == person.training.run)  # type: ignore[union-attr]
        names.append(person.training.run)
        person.wait(lambda: person.state.exploration.code is not None)
        assert not person.state.exploration.set_by_user, "the point of an earlier try"
        session.explore.move_to(np.full(3, 1.5 + number, np.float32))
        session.training.stop()
        person.wait_phase("ended")
    assert len(set(names)) == len(names)
