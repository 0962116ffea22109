"""What a monkey asks of the program by its commands: trainings, runs, data, looks, sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.gui.window.main_window import MainWindow

_SCHEMES = ("dark", "light", "system")
_SMALLEST, _LARGEST = (1024, 640), (1920, 1080)
_SIDE = 28


class Deeds:
    """Each returns in words what it did; `acts` says how often each is done among all that a monkey does."""

    def __init__(self, window: MainWindow, chance: random.Random, folder: Path) -> None:
        self._window, self._chance = window, chance
        self.files = _files(folder)
        self._recipes = [recipe for recipe in window.session.state.recipes if recipe.objective.code != "none"]
        self.acts: dict[Callable[[], str], int] = {
            self.view: 4,
            self.train: 4,
            self.recipe: 2,
            self.runs: 2,
            self.data: 2,
            self.comparison: 1,
            self.command: 6,
            self.theme: 1,
            self.presentation: 1,
            self.resize: 2,
            self.copied: 1,
        }

    def view(self) -> str:
        name = self._chance.choice(list(self._window.views))
        self._window.show_view(name)
        return f"show {name}"

    def train(self) -> str:
        control = self._window.session.training
        act = self._chance.choice((control.start, control.toggle, control.stop, control.step, control.reset))
        act()
        return act.__name__

    def recipe(self) -> str:
        """A training of another recipe instead of the one at work."""
        recipe, begin = self._chance.choice(self._recipes), self._chance.random() < 0.7
        training = self._window.session.training
        training.stop()
        training.choose_recipe(recipe)
        if begin:
            training.start()
        return f"recipe {recipe.name}{' and start' if begin else ''}"

    def runs(self) -> str:
        """Open, rename or remove a kept run, whatever else is going on."""
        session, what = self._window.session, self._chance.choice(("open", "open", "remove", "rename"))
        place = self._chance.random()
        runs = [run for run in session.state.runs if what == "open" or not run.shipped]
        if not runs:
            return "no runs"
        run = runs[int(place * len(runs))]
        if what == "open":
            session.training.stop()
            session.runs.open(run.name)
        elif what == "remove":
            session.runs.remove(run)
        else:
            session.runs.rename(run, "a <b>name</b>")
        return f"{what} {run.name}"

    def data(self) -> str:
        """Other digits, in the middle of a training, too: then the program says that it will not."""
        wanted = self._chance.choice(("builtin", "sklearn-digits", "mnist", *map(str, self.files)))
        self._window.session.data.choose(wanted)
        return f"data {wanted.rpartition('/')[2]}"

    def comparison(self) -> str:
        control = self._window.session.comparison
        act = self._chance.choice((control.start, control.toggle, control.stop, control.add, control.remove))
        act()
        return f"twins {act.__name__}"

    def command(self) -> str:
        """An entry of the menus."""
        actions = self._window.actions_by_text
        text = self._chance.choice(sorted(actions))
        if QApplication.activeModalWidget() is None and actions[text].isEnabled():
            actions[text].trigger()
        return f"menu {text}"

    def theme(self) -> str:
        scheme, holder = self._chance.choice(_SCHEMES), self._window.theme_holder
        if holder is not None:
            holder.set_scheme(scheme)
        return f"theme {scheme}"

    def presentation(self) -> str:
        self._window.toggle_presentation()
        return "presentation"

    def resize(self) -> str:
        width, height = (self._chance.randint(*ends) for ends in zip(_SMALLEST, _LARGEST, strict=True))
        if not self._window.isFullScreen():
            self._window.resize(width, height)
        return f"resize to {width}x{height}"

    def copied(self) -> str:
        """Something in the clipboard, for whoever pastes."""
        what = self._chance.choice(("text", "number", "picture"))
        clipboard = QApplication.clipboard()
        if what == "picture":
            picture = QImage(200, 120, QImage.Format.Format_ARGB32)
            picture.fill(0xFF336699)
            clipboard.setImage(picture)
        else:
            clipboard.setText("1,5e3" if what == "number" else "<img src=x> \N{BELL} text\n" * 20)
        return f"copy {what}"


def _files(folder: Path) -> tuple[Path, ...]:
    """Digits of one's own, a table that is none, a damaged file, an image, and one that is not there."""
    digits = folder / "digits.npz"
    numbers = np.random.default_rng(0)
    np.savez(
        digits, images=numbers.integers(0, 256, (200, _SIDE, _SIDE), np.uint8), labels=np.arange(200) % 10
    )
    table, torn = folder / "table.npz", folder / "torn.npz"
    np.savez(table, prices=np.linspace(0, 1, 7))
    torn.write_bytes(digits.read_bytes()[:900])
    picture = folder / "picture.png"
    QImage(64, 48, QImage.Format.Format_Grayscale8).save(str(picture))
    return digits, table, torn, picture, folder / "missing.npz"
