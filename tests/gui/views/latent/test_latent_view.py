"""The Latent view without a map."""

from dataclasses import replace

from aestudio.datasets.image_shape import MNIST
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.views.latent.latent_view import LatentView
from aestudio.recipes.architecture import Architecture


def points_on_map(view):
    return len(view.map.map._xy)


def test_a_code_of_one_dimension_has_no_map(studio_session, show_view, make_snapshot, qtbot):
    view = show_view(LatentView)
    qtbot.waitUntil(lambda: points_on_map(view) == 60, timeout=20_000)
    one = make_snapshot()
    flat = one.recipe.with_settings({"latent_size": 1})
    from aestudio.training.initial import weights_of
    from aestudio.training.model import build_model

    single = replace(
        one, run="single", recipe=flat, weights=weights_of(build_model(Architecture(flat, MNIST), 0))
    )
    studio_session.update(model=ExploredModel(single, "single", "training"))
    assert points_on_map(view) == 0
    assert not view.map.tools.options.first.isEnabled()
    assert "only one" in view.map.map.plot._empty.text()
    qtbot.waitUntil(lambda: not studio_session.state.pending, timeout=20_000)
    assert points_on_map(view) == 0
    studio_session.update(model=ExploredModel(one, "six", "training"))
    qtbot.waitUntil(lambda: points_on_map(view) == 60, timeout=20_000)
    assert view.map.tools.options.first.isEnabled()


def test_a_classifier_shows_what_to_open_instead(studio_session, show_view, make_snapshot):
    view = show_view(LatentView)
    studio_session.update(model=ExploredModel(make_snapshot("digit-classifier"), "classifier", "kept"))
    reason = view.reason(studio_session.state)
    assert reason is not None
    assert reason.button
