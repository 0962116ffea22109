"""A training that needs more memory than is available does not begin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import aestudio
from aestudio.cli import main
from aestudio.datasets.image_shape import MNIST
from aestudio.errors import StudioError
from aestudio.paths import runs_folder
from aestudio.recipes.library import find_recipe
from aestudio.training import device, initial, learner, preparation
from aestudio.training.events import Started
from aestudio.training.spec import RunSpec
from aestudio.training.trainer import train

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset

WIDE = {"hidden": (4096,) * 32}


@pytest.fixture(autouse=True)
def _eight_gigabytes(monkeypatch: pytest.MonkeyPatch) -> None:
    """8 GB are available, and no model may be built: it would not fit into memory."""
    for module in (device, preparation, initial):
        monkeypatch.setattr(module, "available_memory", lambda: 8_000_000_000)

    def refuse(*_: Any) -> None:
        raise AssertionError("it was built")

    monkeypatch.setattr(learner, "build_model", refuse)
    monkeypatch.setattr(initial, "build_model", refuse)


def test_training_from_python_is_refused(few_digits: Dataset) -> None:
    with pytest.raises(StudioError, match=r"needs about .* GB of memory to be trained, and 8.0 GB are free"):
        aestudio.train("vae", few_digits, device="cpu", **WIDE)  # type: ignore[arg-type]
    assert list(runs_folder().iterdir()) == []


def test_training_from_the_command_line_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], few_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aestudio.cli.loading.load_dataset", lambda *_, **__: few_digits)
    sizes = ",".join(map(str, WIDE["hidden"]))
    code = main.run(
        ["train", "vae", "--device", "cpu", "--set", f"hidden={sizes}", "--out", str(tmp_path / "run")]
    )
    assert code == 1
    assert "8.0 GB are free" in capsys.readouterr().err
    assert not (tmp_path / "run").exists()


def test_initial_weights_are_refused_as_well() -> None:
    with pytest.raises(StudioError, match=r"8\.0 GB are free"):
        initial.initial_snapshot(find_recipe("vae").with_settings(WIDE), MNIST)


def test_a_start_reports_the_needed_memory(few_digits: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    from aestudio.training.model import build_model

    monkeypatch.setattr(learner, "build_model", build_model)
    events = train(RunSpec("run", find_recipe("vae"), "builtin", "cpu"), few_digits)
    started = next(iter(events))
    assert isinstance(started, Started)
    assert 300_000_000 < started.memory < 500_000_000
    assert started.data == few_digits.facts
