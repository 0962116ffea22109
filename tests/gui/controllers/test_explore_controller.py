"""The point in the latent space follows the selected image until the user moves it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.datasets.image_shape import MNIST
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.studio_state import PlaneChoice, Result
from aestudio.gui.workers.messages import ResultReady
from aestudio.recipes.architecture import Architecture
from tests.proofs.proofs import recipe_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.gui.controllers.session import Session
    from aestudio.recipes.recipe import Recipe
    from aestudio.training.events import Snapshot

    Reach = Callable[[Callable[[], object]], None]


def initial(recipe: Recipe, seed: int = 0, run: str = "r", step: int = 0) -> Snapshot:
    from aestudio.training.events import Snapshot
    from aestudio.training.initial import weights_of
    from aestudio.training.model import build_model

    return Snapshot(
        run, recipe, step, 0.0, weights_of(build_model(Architecture(recipe, MNIST), seed)), data=MNIST
    )


@pytest.fixture
def exploring(session: Session, small: Recipe, reach: Reach) -> Session:
    """A session with untrained weights of three numbers, at the code of digit 0."""
    session.update(model=ExploredModel(initial(small), "x", "kept"))
    reach(lambda: session.state.exploration.image is not None and session.state.value("inspect"))
    reach(lambda: np.array_equal(session.state.exploration.code, session.state.value("inspect").code))  # type: ignore[arg-type]
    return session


def code(session: Session) -> Any:
    assert session.state.exploration.code is not None
    return session.state.exploration.code


def test_it_follows_the_selected_image(exploring: Session, reach: Reach) -> None:
    before = code(exploring)
    exploring.explore.select(5)
    reach(lambda: exploring.state.value("inspect").index == 5)
    np.testing.assert_array_equal(code(exploring), exploring.state.value("inspect").code)
    assert not np.array_equal(code(exploring), before)
    exploring.explore.select(10_000)
    assert exploring.state.selected == 5, "there are not so many"


def test_it_follows_the_image_through_newer_weights(exploring: Session, small: Recipe, reach: Reach) -> None:
    before = code(exploring)
    newer = initial(small, seed=1, step=1)
    exploring.update(model=ExploredModel(newer, "x", "training"))
    reach(lambda: exploring.state.results["inspect"].request.snapshot is newer)
    np.testing.assert_array_equal(code(exploring), exploring.state.value("inspect").code)
    assert not np.array_equal(code(exploring), before)


@pytest.mark.parametrize("first", ["slider", "inspect"])
def test_code_and_image_are_of_the_same_step_whatever_comes_first(
    exploring: Session, small: Recipe, monkeypatch: pytest.MonkeyPatch, first: str
) -> None:
    """While a training runs, the module and the code of a step can come in two refreshes."""
    from aestudio.inference.frozen_model import FrozenModel

    session, worker = exploring, exploring.inference_worker
    assert worker is not None
    monkeypatch.setattr(worker, "request", lambda _: None)  # its results are delivered here
    image, steps = session.state.selected_image, (1, 2)
    assert image is not None
    newer = [initial(small, seed=step, step=step) for step in steps]
    modules = [FrozenModel(snapshot) for snapshot in newer]
    digit = image[0].images[image[1]][None]

    def deliver(channel: str, snapshot: Snapshot, value: Any) -> None:
        request = replace(session.state.pending[channel], snapshot=snapshot)
        session.mailbox.put(ResultReady(channel, Result(request, value=value)))
        session.drain()

    def deliver_code(number: int) -> None:
        inspected = replace(session.state.value("inspect"), code=modules[number].encode(digit).mean[0])
        deliver("inspect", newer[number], inspected)

    def shown_step() -> int:
        """Of the weights that made both, the code and the image."""
        exploration = session.state.exploration
        assert exploration.step is not None
        assert exploration.image is not None
        model = FrozenModel(initial(small)) if exploration.step == 0 else modules[exploration.step - 1]
        np.testing.assert_allclose(code(session), model.encode(digit).mean[0], rtol=1e-6)
        np.testing.assert_array_equal(exploration.image, model.decode(code(session)[None])[0])
        return exploration.step

    session.update(model=ExploredModel(newer[0], "x", "training"))
    session.update(model=ExploredModel(newer[1], "x", "training"))
    if first == "slider":  # the module of an earlier step is late, too
        deliver("slider", newer[0], modules[0])
        assert shown_step() == 0
        deliver("slider", newer[1], modules[1])
        assert shown_step() == 0
        deliver_code(1)
    else:
        deliver_code(1)
        assert shown_step() == 0
        deliver("slider", newer[0], modules[0])
        assert shown_step() == 0
        deliver("slider", newer[1], modules[1])
    assert shown_step() == 2


def test_a_move_stops_following_and_reset_restores_it(
    exploring: Session, small: Recipe, reach: Reach
) -> None:
    target = np.array([1, -2, 0.5], np.float32)
    image = exploring.state.exploration.image
    exploring.explore.move_to(target)
    assert not np.array_equal(image, exploring.state.exploration.image)  # type: ignore[arg-type]
    newer = initial(small, seed=1, step=1)
    shown = exploring.state.exploration.image
    exploring.update(model=ExploredModel(newer, "x", "training"))
    reach(lambda: exploring.state.results["slider"].request.snapshot is newer)
    reach(lambda: exploring.state.results["inspect"].request.snapshot is newer)
    np.testing.assert_array_equal(code(exploring), target)
    assert not np.array_equal(shown, exploring.state.exploration.image), "the same point, newer weights"  # type: ignore[arg-type]
    exploring.explore.reset()
    np.testing.assert_array_equal(code(exploring), exploring.state.value("inspect").code)


def test_one_dimension_moves_alone(exploring: Session) -> None:
    before = code(exploring)
    exploring.explore.move_dimension(1, 2.5)
    np.testing.assert_array_equal(code(exploring), [before[0], 2.5, before[2]])


def test_a_move_is_shown_at_once_and_the_rest_a_little_later(exploring: Session, reach: Reach) -> None:
    signals: list[str] = []
    exploring.moved.connect(lambda: signals.append("moved"))
    exploring.changed.connect(lambda: signals.append("changed"))
    for value in (0.1, 0.2, 0.3):
        exploring.explore.move_dimension(0, value)
    assert signals == ["moved"] * 3
    reach(lambda: "changed" in signals)
    assert signals == ["moved"] * 3 + ["changed"]


def test_random_codes_come_from_the_prior_or_the_ranges(
    exploring: Session, small: Recipe, reach: Reach
) -> None:
    exploring.explore.sample_prior()
    first = code(exploring)
    exploring.explore.sample_prior()
    assert not np.array_equal(first, code(exploring))
    plain = small.with_settings({}).combined(None, _point_objective())
    ranges = np.array([[10, 11], [20, 21], [-5, -4]], np.float32)
    exploring.update(model=ExploredModel(initial(plain), "x", "kept", ranges))
    exploring.explore.sample_prior()
    assert ((code(exploring) >= ranges[:, 0]) & (code(exploring) <= ranges[:, 1])).all()


def _point_objective() -> Any:
    from aestudio.recipes import objective as objectives
    from aestudio.recipes.objective import Objective
    from aestudio.recipes.part import discover

    return discover(objectives.PACKAGE, Objective)["reconstruction"]()


def test_a_model_of_another_size_starts_at_its_own_image(
    exploring: Session, small: Recipe, reach: Reach
) -> None:
    exploring.explore.move_to(np.ones(3, np.float32))
    larger = initial(small.with_settings({"latent_size": 5}), run="other")
    exploring.update(model=ExploredModel(larger, "y", "kept"))
    reach(lambda: len(code(exploring)) == 5)
    reach(lambda: np.array_equal(code(exploring), exploring.state.value("inspect").code))
    assert exploring.state.plane == PlaneChoice("components")


def test_a_point_that_was_set_by_the_user_stays_with_its_run(
    exploring: Session, small: Recipe, reach: Reach
) -> None:
    target, first = np.array([3, -3, 1], np.float32), exploring.state.model
    exploring.explore.move_to(target)
    image = exploring.state.exploration.image
    exploring.update(model=ExploredModel(initial(small, seed=4, run="other"), "y", "kept"))
    assert exploring.state.exploration.code is None, "it means nothing in another run's space"
    assert exploring.state.exploration.image is None
    reach(lambda: exploring.state.exploration.image is not None and exploring.state.value("inspect"))
    np.testing.assert_array_equal(code(exploring), exploring.state.value("inspect").code)
    assert exploring.state.exploration.following
    exploring.workspace.undo()
    np.testing.assert_array_equal(code(exploring), exploring.state.value("inspect").code)
    exploring.update(model=first)
    np.testing.assert_array_equal(code(exploring), target)
    reach(lambda: exploring.state.exploration.image is not None)
    np.testing.assert_array_equal(exploring.state.exploration.image, image)
    assert not exploring.state.exploration.following


def test_a_run_of_the_same_name_in_another_folder_is_another_run(
    exploring: Session, small: Recipe, reach: Reach
) -> None:
    exploring.explore.move_to(np.full(3, 2, np.float32))
    elsewhere = replace(initial(small, seed=4), home="/elsewhere/r")
    exploring.update(model=ExploredModel(elsewhere, "y", "kept"))
    assert not exploring.state.results
    reach(lambda: exploring.state.exploration.image is not None and exploring.state.value("inspect"))
    np.testing.assert_array_equal(code(exploring), exploring.state.value("inspect").code)


def test_without_images_a_run_begins_at_the_origin(exploring: Session, small: Recipe, reach: Reach) -> None:
    from aestudio.gui.state.studio_state import DataState

    exploring.explore.move_to(np.ones(3, np.float32))
    exploring.update(
        data=DataState(), preview_images=None, model=ExploredModel(initial(small, run="other"), "y", "kept")
    )
    reach(lambda: exploring.state.exploration.image is not None)
    np.testing.assert_array_equal(code(exploring), np.zeros(3))


def test_a_generator_begins_at_a_draw_of_its_prior_and_comes_back_to_it(
    exploring: Session, reach: Reach
) -> None:
    """At zero, far from all draws, a GAN makes a blob."""
    from aestudio.recipes.library import find_recipe

    gan = find_recipe("gan").with_settings({"channels": (2, 2), "latent_size": 50})
    exploring.update(model=ExploredModel(initial(gan, run="gan"), "g", "kept"))
    reach(lambda: exploring.state.exploration.image is not None and not exploring.state.pending)
    first = code(exploring)
    assert 5 < np.linalg.norm(first) < 9, "the length of a draw in 50 dimensions is about 7"
    assert not exploring.state.exploration.set_by_user
    exploring.explore.move_to(np.zeros(50, np.float32))
    exploring.explore.reset()
    np.testing.assert_array_equal(code(exploring), first)
    exploring.update(model=ExploredModel(initial(gan, run="gan", step=9), "g", "training"))
    reach(lambda: exploring.state.exploration.step == 9)
    np.testing.assert_array_equal(code(exploring), first, "another step moves nothing")


def test_a_code_is_never_decoded_with_the_module_of_another_run(
    exploring: Session, small: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert exploring.inference_worker is not None
    monkeypatch.setattr(
        exploring.inference_worker, "request", lambda request: None
    )  # its module does not come yet
    exploring.update(model=ExploredModel(initial(small, seed=4, run="other"), "y", "kept"))
    exploring.explore.move_to(np.ones(3, np.float32))
    assert exploring.state.exploration.image is None


def test_a_classifier_shows_no_image_of_an_older_model(exploring: Session, reach: Reach) -> None:
    from aestudio.recipes.library import find_recipe

    exploring.update(model=ExploredModel(initial(find_recipe("digit-classifier"), run="c"), "c", "kept"))
    reach(lambda: exploring.state.exploration.image is None)


def test_ranges_only_grow_while_it_trains(exploring: Session) -> None:
    from aestudio.gui.inference.requests.latent_map_request import CodeMap, LatentMapRequest

    def result(low: float, high: float) -> Result:
        snapshot = exploring.state.snapshot
        request = LatentMapRequest(snapshot, exploring.state.image_sets, None, 10, PlaneChoice())  # type: ignore[arg-type]
        ranges = np.tile(np.array([low, high]), (3, 1))
        return Result(request, CodeMap(None, None, None, (), ranges, False))  # type: ignore[arg-type]

    def shown() -> list[float]:
        assert exploring.state.model is not None
        assert exploring.state.model.ranges is not None
        return exploring.state.model.ranges[0].tolist()

    explore = exploring.explore
    explore.after_result("map", result(-1, 1))
    assert shown() == [-1, 1]
    running = replace(exploring.state.training, phase="running")
    exploring.update(training=running)
    explore.after_result("map", result(-0.5, 0.5))
    assert shown() == [-1, 1]
    explore.after_result("map", result(-0.5, 3))
    assert shown() == [-1, 3]
    exploring.update(training=replace(running, phase="idle"))
    explore.after_result("map", result(-0.5, 0.5))
    assert shown() == [-0.5, 0.5]


def test_the_hovered_image_differs_from_the_selected_one(exploring: Session, reach: Reach) -> None:
    exploring.explore.hover(9)
    reach(lambda: exploring.state.value("hovered") is not None)
    assert exploring.state.value("hovered").index == 9
    assert exploring.state.value("inspect").index == 0
    exploring.explore.hover(-1)
    assert exploring.state.hovered == -1


def test_a_failed_request_is_not_repeated(exploring: Session, reach: Reach) -> None:
    from aestudio.gui.inference.requests.reconstruction_row_request import ReconstructionRow

    good = ReconstructionRow(exploring.state.snapshot, exploring.state.image_set, 4)  # type: ignore[arg-type]
    exploring.request([good])
    reach(lambda: exploring.state.value("reconstruction row") is not None)
    exploring.update(pending={})
    from aestudio.errors import StudioError
    from aestudio.gui.state.reducers import with_result

    bad = ReconstructionRow(exploring.state.snapshot, exploring.state.image_set, 5)  # type: ignore[arg-type]
    exploring.set_state(
        with_result(exploring.state, "reconstruction row", Result(bad, problem=StudioError("no")))
    )
    exploring.request([bad])
    assert "reconstruction row" not in exploring.state.pending
    assert exploring.state.value("reconstruction row") is not None


def test_an_animation_moves_several_sliders_and_is_one_change(exploring: Session) -> None:
    session = exploring
    session.workspace.lock(2, True)
    before = session.state.exploration.code
    assert before is not None
    steps = len(session.state.undo.past)
    for value in (0.5, 1.0, 1.5):
        session.explore.move_sliders({0: value, 1: -value, 2: 9.0})
    code = session.state.exploration.code
    assert code is not None
    np.testing.assert_allclose(code, [1.5, -1.5, *before[2:]], atol=1e-6)  # the locked one stays
    assert session.state.exploration.image is not None
    assert len(session.state.undo.past) == steps


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_a_code_that_no_decoder_can_compute_with_is_reported_and_not_shown(exploring: Session) -> None:
    """As of a bookmark, or of another window: no black image is shown for it."""
    before, image = code(exploring), exploring.state.exploration.image
    exploring.explore.move_to(np.full(3, 3e38, np.float32))
    assert code(exploring) is before
    assert exploring.state.exploration.image is image
    assert "3e+38" in exploring.state.message.text
    exploring.explore.move_to(np.full(3, 1e9, np.float32))
    assert code(exploring).tolist() == [1e9] * 3
    assert exploring.state.exploration.image is not image


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_weights_that_make_no_image_are_reported(exploring: Session, small: Recipe, reach: Reach) -> None:
    sound = initial(small, run="grown")
    grown = replace(sound, weights={name: 1e38 * np.sign(a) for name, a in sound.weights.items()})
    exploring.update(model=ExploredModel(grown, "x", "kept"))
    reach(lambda: "slider" in exploring.state.results)
    exploring.explore.move_to(np.ones(3, np.float32))
    assert "gives no image" in exploring.state.message.text
    assert exploring.state.exploration.image is None


def test_while_the_code_of_newer_weights_is_coming_no_older_code_is_decoded_by_them(
    exploring: Session, small: Recipe, reach: Reach
) -> None:
    """The large image would be of two steps: the module of one, the code of another."""
    shown: list[tuple[int | None, bytes]] = []

    def note() -> None:
        exploration = exploring.state.exploration
        shown.append((exploration.step, code(exploring).tobytes()))

    exploring.changed.connect(note)
    newer = initial(small, seed=1, step=1)
    exploring.update(model=ExploredModel(newer, "x", "training"))
    reach(lambda: exploring.state.exploration.step == 1)
    reach(lambda: exploring.state.results["inspect"].request.snapshot is newer)
    exploring.changed.disconnect(note)
    own = exploring.state.value("inspect").code.tobytes()
    assert {bytes_ for step, bytes_ in shown if step == 1} == {own}


@pytest.mark.parametrize("order", [("slider", "inspect"), ("inspect", "slider")])
def test_a_generator_decodes_with_the_newest_weights_whatever_comes_first(
    session: Session, reach: Reach, monkeypatch: pytest.MonkeyPatch, order: tuple[str, str]
) -> None:
    """Images have no codes there: the module waited for one that never came, and the image stayed old."""
    from aestudio.inference.frozen_model import FrozenModel

    recipe = recipe_of("gan")
    session.update(model=ExploredModel(initial(recipe), "x", "training"))
    reach(lambda: session.state.exploration.step == 0 and not session.state.pending)
    newer = initial(recipe, seed=1, step=1)
    worker = session.inference_worker
    assert worker is not None
    monkeypatch.setattr(worker, "request", lambda _: None)  # the answers come by hand
    session.update(model=ExploredModel(newer, "x", "training"))
    pending = dict(session.state.pending)
    assert {"slider", "inspect"} <= set(pending)
    before = session.state.value("inspect")
    values = {"slider": FrozenModel(newer), "inspect": replace(before)}
    for channel in order:
        session.mailbox.put(ResultReady(channel, Result(pending[channel], values[channel])))
        session.drain()
    assert session.state.exploration.step == 1


def test_the_module_that_was_replaced_is_filled_next(exploring: Session, small: Recipe, reach: Reach) -> None:
    modules: list[Any] = []
    for step in range(1, 5):
        newer = initial(small, seed=step, step=step)
        exploring.update(model=ExploredModel(newer, "x", "training"))
        reach(lambda step=step: exploring.state.exploration.step == step)
        modules.append(exploring.explore._frozen_model)
        assert modules[-1].snapshot is newer
    assert len(set(map(id, modules))) == 2, "two take turns"
