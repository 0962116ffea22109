"""A session with images of another shape, and a model of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.studio_state import DataState
from tests.gui.conftest import tiny_snapshot
from tests.images import NAMES, dataset_named

if TYPE_CHECKING:
    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.controllers.session import Session


@pytest.fixture(params=NAMES)
def shaped_session(
    request: pytest.FixtureRequest,
    studio_session: Session,
    few_digits: Dataset,
) -> Session:
    """`studio_session` with digits, colour or narrow images, and a model of a run of its own."""
    dataset = dataset_named(request.param, few_digits)
    snapshot = tiny_snapshot(run=request.param, data=dataset.shape)
    studio_session.update(
        model=ExploredModel(snapshot, snapshot.recipe.title, "kept"),
        data=DataState(dataset.name, "ready", dataset=dataset),
    )
    return studio_session
