"""A conditional model in every other view: it is told the labels of the images, or one sentence says why not.

A conditional model raises ValueError without a condition, so a forgotten call is a problem here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.gui.inference.cache import InferenceCache
from aestudio.gui.inference.requests.comparison_request import ComparedAtCode, ComparedImage, ComparedMaps
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.studio_state import DataState
from aestudio.gui.views.compress.compress_view import CompressView
from aestudio.gui.views.features.features_view import FeaturesView
from aestudio.gui.views.reconstruct.reconstruct_view import ReconstructView
from aestudio.gui.views.train.train_view import TrainView
from aestudio.inference.conditions import row_of_class
from aestudio.inference.frozen_model import FrozenModel
from aestudio.progress import silent
from tests.conditional.models import class_conditional, factor_conditional, with_factors, without_labels
from tests.gui.conftest import tiny_snapshot

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.controllers.session import Session
    from aestudio.training.events import Snapshot

VIEWS = (ReconstructView, TrainView, CompressView, FeaturesView)


def explore(session: Session, snapshot: Snapshot, dataset: Dataset) -> None:
    session.update(
        model=ExploredModel(snapshot, snapshot.recipe.title, "kept"),
        data=DataState(dataset.name, "ready", dataset=dataset),
        drawing=dataset.test.images[7],
    )


def problems(session: Session) -> set[str]:
    return {str(result.problem) for result in session.state.results.values() if result.problem}


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("kind", ["labels", "factors"])
def test_each_view_tells_the_model(
    qtbot: QtBot, studio_session: Session, few_digits: Dataset, show_view: Any, view: type, kind: str
) -> None:
    snapshot = class_conditional() if kind == "labels" else factor_conditional()
    explore(studio_session, snapshot, with_factors(few_digits))
    show_view(view)
    qtbot.waitUntil(lambda: studio_session.state.exploration.image is not None)
    qtbot.waitUntil(lambda: not studio_session.state.pending)
    assert problems(studio_session) == set()
    assert len(studio_session.state.results) > 1


@pytest.mark.parametrize("view", VIEWS)
def test_without_labels_each_view_says_so(
    qtbot: QtBot, studio_session: Session, few_digits: Dataset, show_view: Any, view: type
) -> None:
    explore(studio_session, class_conditional(), without_labels(few_digits))
    show_view(view)
    qtbot.waitUntil(lambda: studio_session.state.exploration.image is not None)
    qtbot.waitUntil(lambda: not studio_session.state.pending)
    found = problems(studio_session)
    assert len(found) == 1, found
    assert "This model is told the class of each image, and these images have no labels" in found.pop()


def test_each_compared_run_is_told_its_own(few_digits: Dataset) -> None:
    cache, test = InferenceCache(), few_digits.test
    snapshots = class_conditional(), tiny_snapshot(), class_conditional("another")
    assert test.labels is not None
    own = row_of_class(snapshots[0].architecture, int(test.labels[3]))
    told, nothing, _ = ComparedImage(snapshots, (test,), 3).compute(cache, silent)
    frozen_model = FrozenModel(snapshots[0])
    row = np.array([own], np.float32)
    np.testing.assert_allclose(told.code, frozen_model.encode(test.images[3:4], row).mean[0], atol=1e-6)
    np.testing.assert_array_equal(told.reconstruction, frozen_model.reconstruct(test.images[3:4], row)[0])
    assert nothing.code is not None
    code = tuple(nothing.code.tolist())
    four = row_of_class(snapshots[0].architecture, 4)
    images = ComparedAtCode(snapshots, code, (four, None, own)).compute(cache, silent)
    for image, expected in zip(images, (four, None, own), strict=True):
        condition = None if expected is None else np.array([expected], np.float32)
        model = frozen_model if condition is not None else FrozenModel(snapshots[1])
        np.testing.assert_array_equal(image, model.decode(nothing.code[None], condition)[0])
    maps = ComparedMaps(snapshots, test, 20, same_axes=True).compute(cache, silent)
    condition = np.eye(10, dtype=np.float32)[test.labels[:20]]
    exact = frozen_model.reconstruct_exactly(test.images[:20], condition)
    squared = np.square(exact.astype(np.float64) - test.images[:20] / 255).sum(axis=(1, 2, 3)).mean()
    assert maps[0].squared_error == pytest.approx(squared, rel=1e-5)
