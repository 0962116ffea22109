"""On 1024 x 640 nothing is cut with the proof models: conditions, a codebook, levels, a generator alone."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pytest

from aestudio.datasets.catalogue import load_dataset
from tests.clipping import beyond_parents, texts_cut_silently
from tests.end_to_end.test_small_screens import check_every_view
from tests.images import colour_32, save
from tests.proofs.proofs import recipe_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from tests.end_to_end.conftest import Person

QUICK = {"epochs": 1, "batch_size": 40, "validation_images": 40}
SIZE = (1024, 640)


@pytest.fixture(params=["digits", "colour 32x32"])
def user(
    request: pytest.FixtureRequest,
    digits: Dataset,
    open_window: Callable[..., Person],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Person:
    """A user with digits or coloured shapes, in a small window."""

    def load(name: str, **others: Any) -> Dataset:
        return load_dataset(name, **others) if os.sep in name else digits

    monkeypatch.setattr("aestudio.gui.controllers.data_controller.load_dataset", load)
    monkeypatch.setattr("aestudio.gui.app.FIRST_VIEW", "train")
    file = str(save(colour_32(160, 60), tmp_path))
    person = open_window(dataset="builtin" if request.param == "digits" else file)
    person.wait(lambda: person.state.torch_phase == "ready" and person.state.data.phase == "ready")
    person.wait_computed()
    person.window.resize(*SIZE)
    return person


@pytest.mark.slow
@pytest.mark.parametrize("name", ["gan", "vector-quantised", "conditional", "two-level"])
@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_nothing_is_cut(user: Person, name: str, scheme: Any) -> None:
    assert user.window.theme_holder is not None
    user.window.theme_holder.set_scheme(scheme)
    session = user.window.session
    session.recipe.choose_recipe(recipe_of(name, **QUICK))
    session.own_models.refresh()
    user.click(user.window.start_button)
    user.wait_phase("ended")
    user.wait_computed()
    assert user.window.size().toTuple() == SIZE
    check_every_view(user)
    latent: Any = user.window.views["latent"]
    user.show("latent")
    for panel in latent.panels.known:
        latent.panels.show_page(panel)
        user.wait_computed()
        user.wait(lambda: latent.height() <= user.window.stack.height())
        for check in (beyond_parents, texts_cut_silently):
            assert check(latent.explorer) == [], (panel, check.__name__)
