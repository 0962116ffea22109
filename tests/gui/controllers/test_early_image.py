"""Before torch is imported a shipped model shows its first image, and its sliders move."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from aestudio.gui.controllers.session import Session
from aestudio.gui.state.studio_state import DataState
from aestudio.inference.early_decoder import EarlyDecoder
from aestudio.inference.frozen_model import FrozenModel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from aestudio.datasets.dataset import Dataset

WAIT = 60_000


@pytest.fixture
def session(qtbot: QtBot) -> Iterator[Session]:
    """The shipped model is shown, and torch is not there yet."""
    session = Session()
    session.runs.open("conv-vae-2d")
    qtbot.waitUntil(lambda: session.state.model is not None, timeout=WAIT)
    yield session
    qtbot.waitUntil(session.close, timeout=WAIT)


def test_the_first_image_does_not_wait_for_torch(session: Session, qtbot: QtBot) -> None:
    state = session.state
    assert not state.inference_ready
    assert state.model is not None
    assert state.model.shipped_codes is not None
    assert state.preview_images is not None
    assert state.selected == state.preview_images.plainest != 0
    code = state.model.shipped_codes.mean[state.selected]
    early = state.exploration.image
    assert early is not None
    assert np.array_equal(state.exploration.code, code)
    assert state.exploration.following
    with_torch = FrozenModel(state.model.snapshot).decode(code[None])[0]
    assert np.abs(early.astype(int) - with_torch.astype(int)).max() <= 1
    session.explore.move_slider(0, 1.0)
    moved = session.state.exploration
    assert moved.image is not None
    assert not np.array_equal(moved.image, early)
    session.explore.reset()

    session.torch_ready()
    qtbot.waitUntil(lambda: session.explore._frozen_model.__class__ is FrozenModel, timeout=WAIT)
    qtbot.waitUntil(lambda: not session.state.pending, timeout=WAIT)
    after = session.state.exploration
    assert after.image is not None
    assert np.abs(after.image.astype(int) - early.astype(int)).max() <= 1


def test_other_images_wait_for_torch(session: Session, few_digits: Dataset) -> None:
    session.update(data=DataState("builtin", "ready", dataset=few_digits))
    assert session.state.exploration.code is None
    assert isinstance(session.explore._frozen_model, EarlyDecoder)


def test_the_same_images_keep_the_image(session: Session, few_digits: Dataset) -> None:
    preview = session.state.preview_images
    assert preview is not None
    same = replace(few_digits, test=preview)
    session.update(data=DataState("same", "ready", dataset=same))
    assert session.state.exploration.image is not None
