"""Libraries that are not imported without need: each costs seconds or hundreds of megabytes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

FIRST_FRAME = """
import json, sys
from aestudio.gui import app

def stop(window, dataset, run):
    print(json.dumps([name for name in LIBRARIES if name in sys.modules] + list(window.views.made)))
    window.close()

LIBRARIES = ("torch", "torchvision", "sklearn", "scipy", "pyqtgraph", "typer")
app.begin = stop
from aestudio.cli.main import run
sys.exit(run([]))
"""

UNTIL_READY = """
import json, sys
from aestudio.gui import app
from PySide6.QtCore import QTimer

application = app.make_application()
window = app.make_window(None, sys.argv[1])
window.show_view("train")  # the Latent view measures digits with scipy once it is at rest
window.show()
state = lambda: window.session.state

def look():
    if state().torch_phase == "ready" and state().data.usable and not state().pending:
        timer.stop()
        found = [name for name in sys.argv[2:] if name in sys.modules]
        print(json.dumps(found), state().data.dataset.name, flush=True)
        window.close()

timer = QTimer(window)
timer.timeout.connect(look)
timer.start(50)
sys.exit(application.exec())
"""

ONE_STEP = """
import json, sys
from aestudio.datasets.synthetic import generate
from aestudio.recipes.library import all_recipes
from aestudio.training.spec import RunSpec
from aestudio.training.trainer import train

dataset = generate(train=80, test=20, seed=1)
done = []
for recipe in all_recipes():
    quick = recipe.with_settings({"epochs": 1, "batch_size": 32, "validation_images": 16})
    for event in train(RunSpec("quick", quick, "builtin", "cpu"), dataset):
        pass
    done.append(recipe.name)
print(json.dumps([done, [name for name in sys.argv[1:] if name in sys.modules]]))
"""


def run(code: str, *arguments: str, **environment: str) -> str:
    """The last line of what a fresh interpreter printed."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen", "OMP_NUM_THREADS": "1"} | environment,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]


def test_the_first_frame_needs_no_library_and_one_view() -> None:
    assert json.loads(run(FIRST_FRAME)) == ["latent"]


@pytest.mark.thorough
@pytest.mark.mnist
def test_a_window_with_mnist_imports_neither_torchvision_nor_sklearn_nor_scipy(mnist_folder: Path) -> None:
    unwanted = ("torchvision", "sklearn", "scipy", "torch._dynamo", "torch._inductor", "sympy")
    assert run(UNTIL_READY, "mnist", *unwanted, AESTUDIO_DATA=str(mnist_folder)) == "[] mnist"


@pytest.mark.thorough
def test_training_any_recipe_imports_no_compiler() -> None:
    done, imported = json.loads(run(ONE_STEP, "torch._dynamo", "torch._inductor", "sympy"))
    assert len(done) >= 10
    assert imported == []
