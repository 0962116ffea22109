"""Choosing a dataset: it is loaded on a thread, and the old one stays until then."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from aestudio.errors import StudioError
from aestudio.gui.state.studio_state import DataState

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.run_state import TrainingGroup

    Reach = Callable[[Callable[[], object]], None]


def test_a_chosen_data_set_is_loading_and_then_ready(
    bare: Session, loader: Any, reach: Reach, few_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aestudio.datasets.dataset.ImageSet.plainest", property(lambda _: 5))
    bare.update(selected=7)
    bare.data.choose("builtin")
    assert (bare.state.data.phase, bare.state.data.requested) == ("loading", "builtin")
    reach(lambda: bare.state.data.phase == "ready")
    assert bare.state.data.dataset is few_digits
    assert bare.state.image_set is few_digits.test
    assert bare.state.selected == 5, "the plainest"


def test_a_failure_keeps_the_data_set_in_use_and_retry_requests_the_same(
    bare: Session, loader: Any, reach: Reach, few_digits: Dataset
) -> None:
    bare.data.choose("builtin")
    reach(lambda: bare.state.data.phase == "ready")
    loader.problem = StudioError("No network")
    bare.data.choose("kmnist")
    reach(lambda: bare.state.data.phase == "failed")
    assert bare.state.data.problem is loader.problem
    assert bare.state.data.dataset is few_digits
    loader.problem = None
    bare.data.retry()
    reach(lambda: bare.state.data.phase == "ready")
    assert loader.requested_names == ["builtin", "kmnist", "kmnist"]


def test_cancelling_keeps_the_old_data_set(
    bare: Session, loader: Any, reach: Reach, few_digits: Dataset
) -> None:
    bare.data.choose("builtin")
    reach(lambda: bare.state.data.phase == "ready")
    loader.gate = threading.Event()
    bare.data.choose("kmnist")
    reach(lambda: bare.state.tasks.get("dataset") == (1, 4, "waiting"))
    bare.data.cancel()
    reach(lambda: bare.state.data.phase == "ready")
    assert bare.state.data.dataset is few_digits


def test_cancelling_the_first_data_set_leaves_none(bare: Session, loader: Any, reach: Reach) -> None:
    loader.gate = threading.Event()
    bare.data.choose("mnist")
    bare.data.cancel()
    reach(lambda: bare.state.data.phase == "none")


def test_another_choice_while_one_loads(bare: Session, loader: Any, reach: Reach) -> None:
    loader.gate = threading.Event()
    bare.data.choose("mnist")
    reach(lambda: loader.requested_names == ["mnist"])
    bare.data.choose("builtin")
    loader.gate.set()
    reach(lambda: bare.state.data.phase == "ready")
    assert bare.state.data.requested == "builtin"


def test_it_cannot_change_while_a_training_runs(session: Session, loader: Any, reach: Reach) -> None:
    session.training.step()
    reach(lambda: session.state.training.phase == "paused")
    session.data.choose("kmnist")
    assert session.state.data.requested == "builtin"
    assert session.state.message.tone == "warn"


@pytest.mark.parametrize("group", ["training", "comparison"])
def test_it_cannot_change_once_a_training_has_begun(
    session: Session, loader: Any, reach: Reach, group: TrainingGroup
) -> None:
    """Before its first event, too: it would train on images that are no longer shown."""
    session.training.start(group=group)
    assert session.state.trained_phase == "preparing"
    session.data.choose("kmnist")
    assert session.state.data.requested == "builtin"
    assert session.state.message.tone == "warn"
    session.training.stop(group=group)
    reach(lambda: session.state.trained_phase in ("idle", "ended"))


def test_a_start_that_waits_takes_another_choice(bare: Session, loader: Any) -> None:
    loader.gate = threading.Event()
    bare.data.choose("builtin")
    bare.training.start()
    bare.data.choose("kmnist")
    assert bare.state.data.requested == "kmnist"
    assert bare.state.training.phase == "preparing"
    bare.training.stop()


def test_a_folder_in_torchvisions_layout_is_where_mnist_is_looked_for(
    bare: Session, loader: Any, reach: Reach, tmp_path: Path
) -> None:
    (tmp_path / "MNIST").mkdir()
    bare.data.choose_folder(tmp_path)
    reach(lambda: bare.state.data.phase == "ready")
    assert (loader.requested_names, loader.folders) == (["mnist"], [tmp_path])


def test_a_wrong_folder_does_not_replace_the_one_before(
    bare: Session, loader: Any, reach: Reach, tmp_path: Path
) -> None:
    """Neither that of the command line nor, as None, that of AESTUDIO_DATA; Retry tries it again."""
    wrong = tmp_path / "wrong"
    (wrong / "MNIST").mkdir(parents=True)
    loader.problem = StudioError("Damaged")
    bare.data.choose_folder(wrong)
    reach(lambda: bare.state.data.phase == "failed")
    bare.data.retry()
    reach(lambda: bare.state.data.phase == "failed" and len(loader.folders) == 2)
    loader.problem = None
    bare.data.choose("kmnist")
    reach(lambda: bare.state.data.phase == "ready")
    assert loader.folders == [wrong, wrong, None]
    bare.data.choose_folder(wrong)
    reach(lambda: len(loader.folders) == 4 and bare.state.data.phase == "ready")
    bare.data.choose("kmnist")
    reach(lambda: bare.state.data.phase == "ready")
    assert loader.folders[3:] == [wrong, wrong]


def test_any_other_folder_is_looked_at_before_it_is_used(
    bare: Session, loader: Any, reach: Reach, tmp_path: Path
) -> None:
    bare.data.choose_folder(tmp_path)
    reach(lambda: bare.state.opened_data is not None)
    assert bare.state.opened_data is not None
    assert bare.state.opened_data.origin == str(tmp_path)
    assert loader.requested_names == []
    bare.opened_data.close()


def test_images_that_are_loading_already_are_not_loaded_again_for_a_run(bare: Session, loader: Any) -> None:
    bare.update(data=DataState(requested="builtin", phase="loading"))
    run: Any = SimpleNamespace(origin="builtin", record=None)
    bare.data.choose_for(run)
    assert loader.requested_names == []
    assert bare.state.data.phase == "loading"
