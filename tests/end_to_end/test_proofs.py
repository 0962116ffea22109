"""The proof models of the contract in the real window: trained, explored, kept, reopened and resumed."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel

from tests.proofs.proofs import PROOFS, recipe_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.end_to_end.conftest import Person

QUICK = {"epochs": 1, "batch_size": 40, "validation_images": 40}


@pytest.fixture
def user(
    open_window: Callable[..., Person],
    quick_data: None,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> Person:
    """A user in front of the Train view, with all loaded."""
    monkeypatch.setattr("aestudio.gui.app.FIRST_VIEW", "train")
    caplog.set_level(logging.WARNING)
    person = open_window()
    person.wait(lambda: person.state.torch_phase == "ready" and person.state.data.phase == "ready")
    person.wait_computed()
    return person


def assert_nothing_went_wrong(person: Person, caplog: pytest.LogCaptureFixture) -> None:
    """No warning in the log, no notice of a problem; a request is answered, or refused with a sentence."""
    person.wait_computed()
    assert [record.getMessage() for record in caplog.records] == []
    assert not [label.text() for label in person.window.notice.findChildren(QLabel) if label.isVisible()]
    problems = [str(result.problem) for result in person.state.results.values() if result.problem]
    assert not [problem for problem in problems if "nexpected" in problem]
    assert person.state.message.tone in ("plain", "good"), person.state.message.text


def see_everything(person: Person) -> None:
    """Every view, and every panel of the Latent view."""
    for name in ("train", "reconstruct", "features", "compress", "compare", "latent"):
        person.show(name)
        person.wait_computed()
    panels = person.window.views["latent"].panels
    for panel in panels.known:
        panels.show_page(panel)
        person.wait_computed()


# Their latents are those of any autoencoder, and tests/proofs trains, resumes and shows them as well; the
# phases of wake-sleep are two as those of the GAN.
SLOW = {"residual", "wake-sleep"}
QUICKEST = "gan"


def rank(name: str) -> list[pytest.MarkDecorator]:
    """Each takes about five seconds of a core; one of them is among the default tests."""
    if name in SLOW:
        return [pytest.mark.slow]
    return [] if name == QUICKEST else [pytest.mark.thorough]


@pytest.mark.parametrize("name", [pytest.param(name, marks=rank(name)) for name in PROOFS])
def test_it_is_trained_explored_reopened_and_resumed(
    user: Person, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    session = user.window.session
    session.recipe.choose_recipe(recipe_of(name, **QUICK))
    user.click(user.window.left.training.start)
    user.wait_phase("ended")
    user.wait_computed()
    assert user.state.snapshot is not None
    assert user.state.snapshot.recipe.name == name
    for term in user.state.recipe.objective.terms():
        assert user.training.training.last(term.name) is not None, term.name
    see_everything(user)
    assert_nothing_went_wrong(user, caplog)
    moved_code(user)
    assert_nothing_went_wrong(user, caplog)
    run, weights = user.training.run, user.state.snapshot.weights
    session.runs.open("conv-vae")
    user.wait(lambda: user.state.snapshot is not None and user.state.snapshot.run == "conv-vae")
    session.runs.open(run)
    user.wait(lambda: user.state.snapshot is not None and user.state.snapshot.run == run)
    user.wait_computed()
    assert user.state.snapshot is not None
    for key, array in weights.items():
        assert np.array_equal(user.state.snapshot.weights[key], array), key
    step = user.state.snapshot.step
    session.recipe.set_value("epochs", 2)
    user.click(user.window.left.training.start)
    user.wait(lambda: user.state.snapshot is not None and user.state.snapshot.step > step)
    user.wait_phase("ended")
    assert_nothing_went_wrong(user, caplog)


def moved_code(person: Person) -> None:
    """Change the code as its latent allows it, and see another image."""
    assert person.state.snapshot is not None
    latent = person.state.snapshot.architecture.latent
    person.wait(lambda: person.state.exploration.image is not None)
    before = person.state.exploration.image
    code = person.state.exploration.code
    assert code is not None
    assert before is not None
    if latent.choices:
        other = (code + 1) % latent.choices
        person.window.session.explore.move_to(other.astype(np.float32))
    else:
        for index in range(latent.continuous):
            person.window.session.explore.move_dimension(index, 2.0)
    after = person.state.exploration.image
    assert after is not None
    assert not np.array_equal(after, before)
