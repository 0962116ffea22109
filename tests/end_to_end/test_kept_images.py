"""Images that were decoded once and kept say of which step they are: bookmarks and what is made of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.end_to_end.conftest import pixels, small
from tests.end_to_end.test_one_subject import latest, show_model

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.end_to_end.conftest import Person


def bookmarks(person: Person) -> Any:
    front: Any = person.window.view
    return front.panels.front.bookmarks.row


def keyframes(person: Person) -> Any:
    front: Any = person.window.view
    return front.panels.front.keyframes.row


def trained(person: Person) -> None:
    """Train a small model to its end, bookmark a code, and show the bookmarks."""
    session = person.window.session
    session.recipe.choose_recipe(small(latent_size=3))
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    person.window.show_panel("interpolation")
    person.wait_computed()
    session.explore.move_to(np.array([0.5, -1.0, 0.25], np.float32))
    session.workspace.bookmark("here")
    person.wait(lambda: len(bookmarks(person).cells) == 1)


@pytest.mark.thorough
def test_a_bookmark_names_the_step_of_its_image_wherever_another_step_is_shown(person: Person) -> None:
    trained(person)
    newest = person.state.snapshot
    assert newest is not None
    row, history = bookmarks(person), person.window.session.history
    assert row.cells[0].step is None, "the image is of the step that is shown"
    plain = pixels(row)
    history.show(0)
    person.wait(lambda: person.state.history.step == 0)
    assert row.cells[0].step == newest.step
    assert not np.array_equal(pixels(row), plain), "the image is dimmed, and says it"
    row._hover(0)
    assert f"step {newest.step:,}" in row.toolTip()
    history.show(None)
    person.wait(lambda: person.state.snapshot is newest)
    assert row.cells[0].step is None
    row._hover(-1)
    assert np.array_equal(pixels(row), plain)


@pytest.mark.thorough
def test_the_step_of_a_bookmark_is_kept_with_the_run(
    person: Person, open_window: Callable[..., Person]
) -> None:
    trained(person)
    newest = person.state.snapshot
    assert newest is not None
    person.wait(lambda: (person.training.path / "bookmarks.npz").exists())
    other = open_window(run=person.training.run)
    other.wait(lambda: len(other.state.workspace.bookmarks) == 1)
    assert other.state.workspace.bookmarks[0].step == newest.step


@pytest.mark.thorough
def test_a_bookmark_among_the_keyframes_is_decoded_again_and_says_its_step_until_then(
    person: Person,
) -> None:
    from aestudio.gui.state.workspace import Example

    trained(person)
    session, newest = person.window.session, person.state.snapshot
    assert newest is not None
    mark = person.state.workspace.bookmarks[0]
    session.workspace.set_keyframes((Example.of_bookmark(mark), Example("Test 4", number=4)))
    person.wait_computed()
    row = keyframes(person)
    decoded = row.cells[0].image
    assert row.cells[0].step is None
    session.history.show(0)
    person.wait(lambda: person.state.history.step == 0)
    assert row.cells[0].step in (None, newest.step)
    person.wait(lambda: person.state.step_of("interpolation") == 0)
    assert row.cells[0].step is None
    assert not np.array_equal(row.cells[0].image, decoded), "by the weights of the step that is shown"
    request = session.inference_worker.request  # type: ignore[union-attr]
    session.inference_worker.request = lambda _: None  # type: ignore[union-attr, method-assign, assignment]
    assert person.state.snapshot is not None
    show_model(session, latest(person.state.snapshot))
    assert row.cells[0].step == 0
    session.inference_worker.request = request  # type: ignore[union-attr, method-assign]
