"""After a change of the run or the images the window looks as if those before had never been there.

Compared pixel by pixel, so that no part can be forgotten: once after all parts of a page were filled, once
without. All requests are held back, as on a machine that is busy for seconds.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.gui.state.data_state import DataState
from aestudio.gui.window.commands.obstacles import no_way_back
from tests.end_to_end.conftest import pixels, small
from tests.end_to_end.test_one_subject import (
    PANELS,
    VIEWS,
    better,
    fill,
    looking,
    show_model,
    silence,
    untrained,
)
from tests.latent_models import snapshot_of
from tests.small_models import untrained as untrained_recipe

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from aestudio.training.events import Snapshot
    from tests.end_to_end.conftest import Person

__all__ = ("better", "looking", "silence")  # fixtures

PAGES = [("latent", panel) for panel in PANELS] + [(view, "grid") for view in VIEWS]
VISIBLE = 8  # grey levels
STILL = 4  # times that nothing was asked for


def looks(person: Person) -> dict[str, NDArray[np.uint8]]:
    """The view, both sidebars and the line above them, as they are painted now."""
    same, before = 0, None
    while same < STILL:  # views ask in turns, and say when they next show a state that something is computed
        person.live(5)
        person.window.session.show_message(f"{same}")
        same = same + 1 if person.state.pending is before else 0
        before = person.state.pending
    person.settle()
    window = person.window
    parts = {"view": window.stack, "left": window.left, "right": window.right, "header": window.bar}
    return {name: pixels(part) for name, part in parts.items()}


def differences(one: dict[str, NDArray[np.uint8]], other: dict[str, NDArray[np.uint8]]) -> dict[str, Any]:
    """Where the parts differ: left, top, right, bottom."""
    found: dict[str, Any] = {}
    for name, mine in one.items():
        theirs = other[name]
        assert mine.shape == theirs.shape, name
        rows, columns = np.nonzero(np.abs(mine.astype(int) - theirs.astype(int)) > VISIBLE)
        if len(rows):
            found[name] = columns.min(), rows.min(), columns.max(), rows.max()
    return found


def wait_filled(person: Person, view: str, panel: str) -> None:
    fill(person, view, panel)
    person.wait(lambda: not person.state.pending and not person.state.tasks)


@pytest.mark.thorough
def test_nothing_of_the_run_before_is_left(
    looking: Person, better: Snapshot, silence: Callable[[bool], None]
) -> None:
    session = looking.window.session
    others = {
        "another run": untrained("other", 5),
        "a generator": snapshot_of("gan"),
        "a codebook": snapshot_of("codebook"),
        "a classifier": untrained_recipe("digit-classifier"),
    }
    found = []
    for number, (view, panel) in enumerate(PAGES):
        chosen = others if number == 0 else dict(list(others.items())[:2])
        for kind, snapshot in chosen.items():
            show_model(session, better)
            wait_filled(looking, view, panel)
            silence(True)
            show_model(session, snapshot)
            after = looks(looking)
            session.update(model=None)
            looking.settle()
            show_model(session, snapshot)
            left = differences(after, looks(looking))
            if left:
                found.append((view, panel, kind, left))
            silence(False)
    assert not found


@pytest.mark.thorough
def test_nothing_of_the_images_before_is_left(
    looking: Person, better: Snapshot, silence: Callable[[bool], None]
) -> None:
    from aestudio.datasets.synthetic import generate

    session, before = looking.window.session, looking.state.data
    other = DataState("other", "ready", generate(train=300, test=60, seed=20))
    found = []
    for view, panel in PAGES:
        wait_filled(looking, view, panel)
        silence(True)
        session.update(data=other)
        after = looks(looking)
        session.update(data=DataState("other", "loading"))
        looking.settle()
        session.update(data=other)
        left = differences(after, looks(looking))
        if left:
            found.append((view, panel, left))
        session.update(data=before)
        silence(False)
    assert not found


def test_a_generator_opens_at_a_digit_and_the_buttons_say_where_they_lead(person: Person) -> None:
    """At z = 0, where no draw of its prior is, the shipped GAN makes a blob."""
    from aestudio.inference.frozen_model import FrozenModel

    person.show("latent")
    person.window.session.runs.open("gan")
    person.wait(lambda: person.state.snapshot is not None and person.state.snapshot.recipe.name == "gan")
    person.wait_computed()
    person.wait(lambda: person.state.exploration.image is not None)
    view: Any = person.window.view
    explorer, code, snapshot = view.explorer, person.state.exploration.code, person.state.snapshot
    assert code is not None
    assert snapshot is not None
    assert np.linalg.norm(code) > 0.5 * np.sqrt(len(code))
    decoded = FrozenModel(snapshot).decode(code[None])[0]
    assert np.abs(decoded.astype(int) - explorer.image._image.astype(int)).max() <= 1
    assert decoded.max() > 200, "ink, and no grey blob"
    shown = [slider.value for slider in explorer.slider_column.sliders if slider.isVisible()]
    assert np.allclose(shown, code[: len(shown)], atol=0.006)
    assert "image" not in explorer.reset.toolTip()
    assert "first code already" in no_way_back(person.state)
    person.window.commands.run("code.move_slider", index=0, value=0.0)
    assert person.state.exploration.code[0] == 0
    person.click(explorer.reset)
    assert np.array_equal(person.state.exploration.code, code)


def test_what_a_classifier_predicts_has_the_names_of_its_own_classes(person: Person) -> None:
    """Also beside images of another data set, with as many classes of other names, or with more."""
    session, window = person.window.session, person.window
    session.recipe.choose_recipe(small("digit-classifier", epochs=1))
    person.show("reconstruct")
    person.click(window.left.training.start)
    person.wait_phase("ended")
    data = person.state.data.dataset
    assert data is not None

    def named(title: str, names: tuple[str, ...]) -> str:
        parts = [
            replace(part, labels=np.arange(len(part), dtype=np.int64) % len(names), class_names=names)
            for part in (data.test, data.train)
        ]
        other = replace(data, title=title, test=parts[0], train=parts[1])
        session.update(data=DataState(title, "ready", other))
        person.wait_computed()
        inspector = window.right.inspector
        person.wait(lambda: names[0] in inspector.heading.text.replace("…", names[0]))
        bars: Any = window.view
        shown = [bar.name for chart in bars.probabilities.columns for bar in chart.bars]
        assert len(shown) == 10
        return " ".join((inspector.facts.text(), *shown))

    animals = tuple(f"animal {number}" for number in range(10))
    assert "animal" in named(data.title, animals), "the data set of the training"
    assert "animal" not in named("Animals", animals)
    many = tuple(f"<b>beast {number}</b> of a very long name indeed" for number in range(47))
    assert "beast" not in named("Beasts", many)
    person.settle()
    right = window.right.mapTo(window, window.right.rect().bottomRight()).x()
    assert right < window.width(), "a long name does not push the sidebar out of the window"
