"""Classes of Qt are made on one thread: what the program imports beside the window makes none."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from aestudio.gui.startup import warmup
from aestudio.gui.startup.qt_types import MODULES, make_qt_types

IMPORTS = """
from aestudio.gui.startup.qt_types import MODULES, make_qt_types
from aestudio.gui.startup.warmup import _import_plots
before = [set(vars(module)) for module in MODULES]
{}
made = [set(vars(module)) for module in MODULES]
assert made != before or not {!r}
_import_plots(lambda *_: None)
print(sum(len(set(vars(module)) - known) for module, known in zip(MODULES, made)))
"""


def classes_made_by_importing_plots(first: str) -> int:
    """Of a new process that did `first` before."""
    code = IMPORTS.format(first, first)
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return int(result.stdout)


def test_every_class_is_made() -> None:
    make_qt_types()
    for module in MODULES:
        assert set(dir(module)) <= set(vars(module))


@pytest.mark.thorough
def test_importing_plots_makes_no_class_afterwards() -> None:
    assert classes_made_by_importing_plots("make_qt_types()") == 0
    assert classes_made_by_importing_plots("") > 0, "so the test above can fail"


def test_classes_are_made_before_the_imports_begin(monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []

    class Session:
        def run_task(self, name: str, *_: Any, **__: Any) -> None:
            done.append(name)

    monkeypatch.setattr(warmup, "make_qt_types", lambda: done.append("classes"))
    warmup.warm_up(Session())  # type: ignore[arg-type]
    assert done[0] == "classes"
    assert len(done) == 3
