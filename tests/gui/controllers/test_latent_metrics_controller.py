"""When the metrics of the latent space are measured, kept, and read again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from aestudio.gui.controllers import latent_metrics_controller as latent_control
from aestudio.gui.state.model_state import ExploredModel
from aestudio.gui.state.run_state import RunState
from aestudio.gui.state.studio_state import DataState
from aestudio.paths import runs_folder
from aestudio.runs.kept_run import KeptRun

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.controllers.session import Session
    from aestudio.training.events import Snapshot

WAIT = 20_000


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(latent_control, "REST_MILLISECONDS", 20)


def metrics(session: Session) -> Any:
    latent = session.state.latent_metrics
    return None if latent is None or latent.snapshot is not session.state.snapshot else latent.table


def show(session: Session, snapshot: Snapshot, **parts: Any) -> None:
    session.update(model=ExploredModel(snapshot, "", "kept"), **parts)


def test_a_model_at_rest_is_measured_by_itself(
    qtbot: QtBot, studio_session: Session, few_digits: Dataset, make_snapshot: Callable[..., Snapshot]
) -> None:
    show(studio_session, make_snapshot())
    qtbot.waitUntil(lambda: metrics(studio_session) is not None, timeout=WAIT)
    found = metrics(studio_session)
    from aestudio.runs.run_metrics import latent_metrics_of

    assert studio_session.state.snapshot is not None
    assert found == latent_metrics_of(studio_session.state.snapshot, few_digits)
    # Another checkpoint of the same run is another model.
    show(studio_session, make_snapshot(seed=3, step=7))
    qtbot.waitUntil(lambda: metrics(studio_session) is not None, timeout=WAIT)
    assert metrics(studio_session)["step"] == 7
    assert metrics(studio_session) != found


def test_nothing_is_measured_while_a_training_runs_or_where_it_means_nothing(
    qtbot: QtBot, studio_session: Session, make_snapshot: Callable[..., Snapshot]
) -> None:
    state = studio_session.state
    studio_session.update(training=RunState(phase="running"))
    qtbot.wait(150)
    assert metrics(studio_session) is None
    assert latent_control.TASK not in studio_session.state.tasks
    classifier = make_snapshot("digit-classifier")
    studio_session.update(training=state.training, model=ExploredModel(classifier, "", "kept"))
    qtbot.waitUntil(lambda: studio_session.state.latent_metrics is not None, timeout=WAIT)
    assert metrics(studio_session) is None


def test_what_is_measured_is_kept_with_the_run(
    qtbot: QtBot, studio_session: Session, few_digits: Dataset
) -> None:
    # Where the list of runs finds it: a run that is not listed any more would be measured again.
    kept = trained(few_digits, runs_folder())
    show(studio_session, kept.snapshot(), runs=(kept,))
    qtbot.waitUntil(lambda: metrics(studio_session) is not None, timeout=WAIT)
    qtbot.waitUntil(lambda: studio_session.state.runs != (kept,), timeout=WAIT)  # the list was read again
    again = KeptRun.at(kept.folder)
    assert again.require_record().latent == metrics(studio_session)
    # Opened once more, it is there at once.
    studio_session.update(
        latent_metrics=None, runs=(again,), model=ExploredModel(again.snapshot(), "", "kept")
    )
    assert metrics(studio_session) == again.require_record().latent
    assert latent_control.TASK not in studio_session.state.tasks
    # Also before any data set is there.
    studio_session.update(latent_metrics=None, data=DataState())
    assert metrics(studio_session) == again.require_record().latent


def test_other_images_and_shipped_models_leave_the_folder_alone(
    qtbot: QtBot, studio_session: Session, few_digits: Dataset, tmp_path: Path
) -> None:
    kept = trained(few_digits, tmp_path)
    other = replace(few_digits, name="mnist", title="Others")
    studio_session.update(data=DataState("mnist", "ready", dataset=other))
    show(studio_session, kept.snapshot(), runs=(kept,))
    qtbot.waitUntil(lambda: metrics(studio_session) is not None, timeout=WAIT)
    assert metrics(studio_session)["dataset"] == "mnist"
    assert KeptRun.at(kept.folder).require_record().latent is None
    shipped = KeptRun.at(kept.folder, shipped=True)
    studio_session.update(
        latent_metrics=None,
        data=DataState("builtin", "ready", dataset=few_digits),
        runs=(shipped,),
        model=ExploredModel(kept.snapshot(), "", "shipped"),
    )
    qtbot.waitUntil(lambda: metrics(studio_session) is not None, timeout=WAIT)
    assert metrics(studio_session)["dataset"] == "builtin"
    assert KeptRun.at(kept.folder).require_record().latent is None


def trained(dataset: Dataset, folder: Path) -> KeptRun:
    """A run of one epoch."""
    from aestudio.recipes.library import find_recipe
    from aestudio.runs.record import record
    from aestudio.training.spec import RunSpec
    from aestudio.training.trainer import train

    recipe = find_recipe("vae").with_settings({"hidden": (16,), "latent_size": 3, "epochs": 1})
    spec = RunSpec("little", recipe, dataset.origin, "cpu")
    for _ in record(train(spec, dataset), spec, folder / "little"):
        pass
    return KeptRun.at(folder / "little")


def test_a_run_of_the_same_name_in_another_folder_is_another_run(
    qtbot: QtBot, studio_session: Session, few_digits: Dataset, tmp_path: Path
) -> None:
    """Neither are its kept metrics shown, nor is anything kept with it."""
    from aestudio.gui.state.subject import home_of

    kept = trained(few_digits, runs_folder())
    kept.with_latent({"step": kept.require_record().step, "of": "the run in the list"})
    listed = KeptRun.at(kept.folder)
    elsewhere = tmp_path / "elsewhere" / kept.name
    snapshot = replace(kept.snapshot(), home=home_of(kept.name, elsewhere))
    show(studio_session, snapshot, runs=(listed,))
    qtbot.waitUntil(lambda: metrics(studio_session) is not None, timeout=WAIT)
    assert "of" not in metrics(studio_session)
    assert KeptRun.at(kept.folder).require_record().latent == listed.require_record().latent
