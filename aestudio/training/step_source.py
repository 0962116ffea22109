"""The lines of this program that do the parts of a training step, read from its own files."""

from __future__ import annotations

import inspect
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aestudio.training import loop
from aestudio.training.step_parts import CodeLine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aestudio.training.model import Model

_IN_LOOP = {
    "batch": "learner.images.gather(",
    "gradients": "gradients_of(terms",
    "update": "optimiser.step(",
}
_IN_OBJECTIVE = {
    "encoder": ("network.features(",),
    "code": ("self.head(features)", "def code("),
    "sample": ("reparameterise(", "torch.randn(", ".drawn("),
    "decoder": ("network.logits(",),
    "loss": ('"loss":', "_loss("),
}


def lines_of_code(model: Model) -> dict[str, CodeLine]:
    """The line of each part, by its kind; without those that are not found, as in a user's own objective."""
    found: dict[str, CodeLine] = {}
    for kind, words in _IN_LOOP.items():
        _look(found, kind, (words,), [loop.train_steps])
    methods = list(_methods(type(model.objective)))
    for kind, alternatives in _IN_OBJECTIVE.items():
        _look(found, kind, alternatives, methods)
    return found


def _methods(kind: type[Any]) -> Iterator[Any]:
    """The methods of an objective, its own before those that it inherits."""
    for one in kind.__mro__:
        if one.__module__.startswith("torch") or one is object:
            continue
        yield from (value for value in vars(one).values() if inspect.isfunction(value))


def _look(found: dict[str, CodeLine], kind: str, alternatives: tuple[str, ...], functions: list[Any]) -> None:
    for words in alternatives:
        for function in functions:
            with suppress(OSError, TypeError):  # without the source, as of a frozen program
                lines, first = inspect.getsourcelines(function)
                path = Path(inspect.getsourcefile(function) or "")
                for number, line in enumerate(lines):
                    if words in line:
                        place = f"{path.parent.name}/{path.name}:{first + number}"
                        found[kind] = CodeLine(place, line.strip())
                        return
