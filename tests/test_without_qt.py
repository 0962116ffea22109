"""Tests of training, models and runs run where Qt is not installed, on a machine with a GPU for instance."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
QT = ("PySide6", "shiboken6", "pyqtgraph")
# Runs pytest in a process in which some packages are not there: as many names as the first argument says.
PROGRAM = """\
import sys
from importlib.abc import MetaPathFinder

import pytest

count = int(sys.argv[1])
missing, arguments = sys.argv[2 : 2 + count], sys.argv[2 + count :]

class Missing(MetaPathFinder):
    def find_spec(self, fullname, path, target=None):
        if fullname.partition(".")[0] in missing:
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)

sys.meta_path.insert(0, Missing())
code = pytest.main(arguments)
assert not set(missing) & {name.partition(".")[0] for name in sys.modules}
sys.exit(code)
"""
# Some of each folder; the slow tests run them all.
QUICK = (
    "tests/training/test_phase_terms.py",
    "tests/training/test_batches.py",
    "tests/recipes/test_phase.py",
    "tests/layers/test_sequence.py",
    "tests/inference/test_conditions.py",
    "tests/runs/test_metrics_file.py",
)
WHOLE = {
    "training": ("tests/training", "tests/storage"),
    "models": ("tests/recipes", "tests/layers", "tests/objectives", "tests/inference"),
    "proofs": ("tests/proofs",),
    "runs": ("tests/runs",),
}


def run_without(packages: tuple[str, ...], *arguments: str) -> str:
    """What pytest prints where these packages are missing; it must succeed."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(len(packages)), *packages, "-p", "no:cacheprovider", *arguments],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


@pytest.mark.thorough
@pytest.mark.parametrize("plugin", [True, False], ids=["pytest-qt is there", "pytest-qt is missing"])
def test_some_tests_run_without_qt(plugin: bool) -> None:
    without_plugin = () if plugin else ("-p", "no:pytest-qt")
    missing = QT if plugin else (*QT, "pytestqt")
    printed = run_without(missing, *without_plugin, *(QUICK if not plugin else QUICK[:1]))
    assert " passed" in printed
    assert "error" not in printed.lower()


@pytest.mark.slow
def test_the_window_s_tests_are_left_out_without_qt() -> None:
    printed = run_without((*QT, "pytestqt"), "-p", "no:pytest-qt", "--collect-only", "tests")
    assert "tests/runs/test_digests.py" in printed
    assert "tests/gui" not in printed


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("folders", WHOLE.values(), ids=WHOLE.keys())
def test_the_tests_of_training_models_and_runs_run_without_qt(folders: tuple[str, ...]) -> None:
    printed = run_without((*QT, "pytestqt"), "-p", "no:pytest-qt", *folders)
    assert int(printed.rpartition(" passed")[0].split()[-1]) > 20
