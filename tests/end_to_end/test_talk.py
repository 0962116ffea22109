"""A talk of twenty minutes, "from PCA to VAE", through the window at 1280x800 beside a busy program.

Principal components, linear autoencoder, deep autoencoder, VAE, beta, collapse, a walk through the latent
space, a drawing. At each moment nothing on the screen is cut, belongs to another run, or is old without
saying so. Every moment is kept as a picture in pytest's temporary folder: `--basetemp=FOLDER` says where.
"""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.gui.widgets.step_mark import StepMark
from aestudio.recipes.library import find_recipe
from tests.end_to_end.test_every_screen import CHECKS, settle
from tests.end_to_end.test_presentation import leave_presentation, resize

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from aestudio.recipes.recipe import Recipe
    from tests.end_to_end.conftest import Person

SIZE = (1280, 800)
PRINCIPAL = find_recipe("pca").with_settings({"latent_size": 2})
LINEAR = find_recipe("linear-ae").with_settings({"latent_size": 2, "epochs": 2})
DEEP = find_recipe("deep-ae").with_settings({"latent_size": 2, "epochs": 3})
PLANE = find_recipe("vae").with_settings({"latent_size": 2, "epochs": 3})
TEN = find_recipe("vae").with_settings({"latent_size": 10, "epochs": 50})


@pytest.fixture
def busy_program() -> Iterator[None]:
    """Another program that wants a core all the time."""
    process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    yield
    process.kill()
    process.wait()


class Talk:
    """Somebody who gives a talk: what they do, and what the audience sees."""

    def __init__(self, person: Person, folder: Path) -> None:
        self.person, self.folder = person, folder
        self.count = 0

    def look(self, name: str) -> None:
        """Look at the screen: keep a picture, and check that nothing is wrong."""
        person = self.person
        settle(person)
        self.count += 1
        person.window.grab().save(str(self.folder / f"{self.count:02}-{name}.png"))
        wrong = [problem for check in CHECKS for problem in check(person.window)]
        assert wrong == [], (name, wrong)
        assert not person.window.notice.isVisible(), name
        snapshot = person.state.snapshot
        for result in person.state.results.values():
            subject = result.request.subject
            if person.state.shows(subject) and subject.runs and not subject.comparison:
                assert snapshot is not None
                assert subject.runs == (snapshot.run_key,), (name, result.request)

    def at_rest(self, name: str) -> None:
        """The same once everything is computed: then nothing is of an earlier step."""
        self.person.wait_computed()
        # Names of the axes come last; until then the old ones say of which step they are.
        self.person.wait(lambda: "axis names" not in self.person.state.pending)
        self.look(name)
        marks = [mark.text() for mark in self.person.window.findChildren(StepMark) if mark.isVisible()]
        assert marks == [], (name, marks)

    def train(self, recipe: Recipe, name: str) -> None:
        """Train a recipe to its end, and look at it before, at half of its way and afterwards."""
        person = self.person
        person.show("train")
        person.window.session.recipe.choose_recipe(recipe)
        self.look(f"{name}-chosen")
        person.click(person.window.start_button)
        person.wait(lambda: person.step > 0)
        steps = person.training.started
        assert steps is not None
        half = steps.epochs * steps.steps_per_epoch // 2
        self.wait_while_it_trains(lambda: person.step > half or person.training.phase == "ended")
        self.look(f"{name}-training")
        self.wait_while_it_trains(lambda: person.training.phase == "ended")
        self.at_rest(f"{name}-trained")

    def wait_while_it_trains(self, condition: Callable[[], bool]) -> None:
        """However slow the machine is beside the busy program, there is a next step."""
        while not condition():
            step = self.person.step
            self.person.wait(lambda step=step: condition() or self.person.step > step)

    def views(self, name: str, *views: str) -> None:
        """Look at some views."""
        for view in views:
            self.person.show(view)
            self.at_rest(f"{name}-{view}")


@pytest.fixture
def talk(
    open_window: Callable[..., Person], tmp_path: Path, busy_program: None, folded_sidebars: None
) -> Talk:
    """The window as it opens: with MNIST if it is on this machine, else with the digits that come along."""
    person = open_window(dataset="auto")
    person.window.resize(*SIZE)
    person.wait(lambda: person.state.torch_phase == "ready" and person.state.data.phase == "ready")
    return Talk(person, tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_from_pca_to_vae(talk: Talk) -> None:
    person, session = talk.person, talk.person.window.session
    talk.at_rest("opened")
    talk.train(PRINCIPAL, "pca")
    talk.views("pca", "reconstruct", "latent", "features", "compress")
    talk.train(LINEAR, "linear")
    talk.views("linear", "reconstruct", "latent", "features", "compress")
    talk.train(DEEP, "deep")
    talk.views("deep", "reconstruct", "latent")
    talk.train(PLANE, "plane")
    talk.views("plane", "latent", "reconstruct")
    walk(talk)
    collapse(talk)
    drawing(talk)
    session.training.stop()
    person.wait_phase("ended")
    talk.views("end", "train", "latent", "compare")


def walk(talk: Talk) -> None:
    """Walk through the latent plane, also in presentation."""
    person, session = talk.person, talk.person.window.session
    person.show("latent")
    for angle in np.linspace(0, 2 * np.pi, 40):
        session.explore.move_to(np.array([1.5 * np.cos(angle), 1.5 * np.sin(angle)], np.float32))
        person.live(16)
    talk.at_rest("walk")
    view: Any = person.window.view
    for panel in view.panels.known:
        person.window.show_panel(panel)
        talk.at_rest(f"walk-{panel}")
    person.window.toggle_presentation()
    resize(person, SIZE)
    talk.at_rest("presentation")
    leave_presentation(person)
    person.window.resize(*SIZE)
    talk.at_rest("after-presentation")


def collapse(talk: Talk) -> None:
    """While a VAE of ten dimensions trains: look at Latent, then beta goes up until it collapses."""
    person, session = talk.person, talk.person.window.session
    person.show("train")
    session.recipe.choose_recipe(TEN)
    person.click(person.window.start_button)
    person.show("latent")
    talk.look("ten-begins")
    talk.wait_while_it_trains(lambda: person.step > 300)
    talk.look("ten-latent")
    session.recipe.set_value("beta", 50.0)
    before = person.step
    talk.wait_while_it_trains(lambda: person.step > before + 400)
    talk.look("collapsed-latent")
    person.show("train")
    talk.look("collapsed-train")
    person.click(person.window.start_button)  # Pause
    person.wait_phase("paused")
    talk.at_rest("paused-train")
    person.show("latent")
    talk.at_rest("paused-latent")
    person.show("reconstruct")
    talk.at_rest("paused-reconstruct")


def drawing(talk: Talk) -> None:
    """Draw a one, and see what the collapsed model makes of it."""
    person, session = talk.person, talk.person.window.session
    canvas = np.zeros((28, 28), np.uint8)
    canvas[4:24, 13:16] = 255
    session.explore.draw(canvas)
    talk.at_rest("drawing")
    person.show("latent")
    talk.at_rest("drawing-latent")
