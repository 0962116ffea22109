"""Random commands for the program: trainings, runs, data, theme, window sizes."""

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


class RandomCommands:
    """Each command returns a description of what it did; `weights` has its relative frequency."""

    def __init__(self, window: MainWindow, generator: random.Random, folder: Path) -> None:
        self._window, self._random = window, generator
        self.files = _files(folder)
        self._recipes = [recipe for recipe in window.session.state.recipes if recipe.objective.decodes]
        self.weights: dict[Callable[[], str], int] = {
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
            self.copy: 1,
        }

    def view(self) -> str:
        name = self._random.choice(list(self._window.views))
        self._window.show_view(name)
        return f"show {name}"

    def train(self) -> str:
        control = self._window.session.training
        command = self._random.choice(
            (control.start, control.toggle, control.stop, control.step, control.reset)
        )
        command()
        return command.__name__

    def recipe(self) -> str:
        """Choose another recipe, and maybe train it."""
        recipe, begin = self._random.choice(self._recipes), self._random.random() < 0.7
        session = self._window.session
        session.training.stop()
        session.recipe.choose_recipe(recipe)
        if begin:
            session.training.start()
        return f"recipe {recipe.name}{' and start' if begin else ''}"

    def runs(self) -> str:
        """Open, rename or remove a kept run, whatever else is running; or show the training again."""
        session, position = self._window.session, self._random.random()
        command = self._random.choice(("open", "open", "open beside", "return", "leave", "remove", "rename"))
        if command in ("return", "leave"):
            control = session.runs
            (control.show_training if command == "return" else control.put_training_away)()
            return f"{command} the training"
        runs = [run for run in session.state.runs if "open" in command or not run.shipped]
        if not runs:
            return "no runs"
        run = runs[int(position * len(runs))]
        if "open" in command:
            if command == "open":
                session.training.stop()
            session.runs.open(run.name)
        elif command == "remove":
            session.runs.remove(run)
        else:
            session.runs.rename(run, "a <b>name</b>")
        return f"{command} {run.name}"

    def data(self) -> str:
        """Choose a data set, also during a training, where the program refuses it."""
        name = self._random.choice(("builtin", "sklearn-digits", "mnist", *map(str, self.files)))
        self._window.session.data.choose(name)
        return f"data {name.rpartition('/')[2]}"

    def comparison(self) -> str:
        training, plan = self._window.session.training, self._window.session.comparison
        commands: dict[str, Callable[[], object]] = {
            "start": lambda: training.start(group="comparison"),
            "toggle": lambda: training.toggle(group="comparison"),
            "stop": lambda: training.stop(group="comparison"),
            "add": plan.add,
            "remove": plan.remove,
        }
        name = self._random.choice(tuple(commands))
        commands[name]()
        return f"comparison {name}"

    def command(self) -> str:
        """Trigger an entry of the menus."""
        actions = self._window.actions_by_id
        text = self._random.choice(sorted(actions))
        if QApplication.activeModalWidget() is None and actions[text].isEnabled():
            actions[text].trigger()
        return f"menu {text}"

    def theme(self) -> str:
        scheme, holder = self._random.choice(_SCHEMES), self._window.theme_holder
        if holder is not None:
            holder.set_scheme(scheme)
        return f"theme {scheme}"

    def presentation(self) -> str:
        self._window.toggle_presentation()
        return "presentation"

    def resize(self) -> str:
        width, height = (self._random.randint(*ends) for ends in zip(_SMALLEST, _LARGEST, strict=True))
        if not self._window.isFullScreen():
            self._window.resize(width, height)
        return f"resize to {width}x{height}"

    def copy(self) -> str:
        """Copy something to the clipboard, which is pasted later."""
        what = self._random.choice(("text", "number", "image"))
        clipboard = QApplication.clipboard()
        if what == "image":
            image = QImage(200, 120, QImage.Format.Format_ARGB32)
            image.fill(0xFF336699)
            clipboard.setImage(image)
        else:
            clipboard.setText("1,5e3" if what == "number" else "<img src=x> \N{BELL} text\n" * 20)
        return f"copy {what}"


def _files(folder: Path) -> tuple[Path, ...]:
    """Own images, an archive without images, a damaged archive, an image file, and a missing file."""
    images = folder / "images.npz"
    generator = np.random.default_rng(0)
    np.savez(
        images, images=generator.integers(0, 256, (200, _SIDE, _SIDE), np.uint8), labels=np.arange(200) % 10
    )
    table, torn = folder / "table.npz", folder / "torn.npz"
    np.savez(table, prices=np.linspace(0, 1, 7))
    torn.write_bytes(images.read_bytes()[:900])
    image = folder / "image.png"
    QImage(64, 48, QImage.Format.Format_Grayscale8).save(str(image))
    return images, table, torn, image, folder / "missing.npz"
