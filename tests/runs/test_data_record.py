"""A run keeps what it was trained on, and is shown with exactly that when its files have changed."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

import aestudio
from aestudio.cli.loading import load_for
from aestudio.errors import StudioError
from aestudio.runs.branch import branch_run
from aestudio.runs.data_record import FILE, read_data_record
from aestudio.runs.kept_run import KeptRun
from tests.datasets.own_forms import numbers

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.api import Run

SMALL: dict[str, Any] = {"hidden": (8,), "latent_size": 2, "batch_size": 32, "device": "cpu", "epochs": 1}


def _picture(path: Path, image: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(image).save(path)


@pytest.fixture(scope="module")
def folder_and_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Run]:
    folder = tmp_path_factory.mktemp("pictures") / "mine"
    for number, image in enumerate(numbers(40, 28, 28)):
        _picture(folder / "ab"[number % 2] / f"{number}.png", image)
    run = aestudio.train("compress-ae", str(folder), **SMALL)
    return folder, run


@pytest.fixture
def there(folder_and_run: tuple[Path, Run], tmp_path: Path) -> tuple[Path, KeptRun]:
    """A copy of the pictures and of the run that was trained on them, at the path that the run names."""
    folder, run = folder_and_run
    shutil.copytree(folder, tmp_path / "mine")
    shutil.copytree(run.folder, tmp_path / "run")
    for name in ("run.json", FILE):
        text = (tmp_path / "run" / name).read_text()
        (tmp_path / "run" / name).write_text(text.replace(str(folder), str(tmp_path / "mine")))
    return tmp_path / "mine", KeptRun.at(tmp_path / "run")


def test_files_split_and_digests_are_kept(folder_and_run: tuple[Path, Run]) -> None:
    folder, run = folder_and_run
    kept = read_data_record(run.folder)
    assert kept is not None
    assert (kept.origin, kept.form, kept.class_names) == (str(folder), "pictures", ("a", "b"))
    assert kept.facts == run.dataset.facts
    assert {file.name: file.size for file in kept.source_files} == {
        str(path.relative_to(folder)): path.stat().st_size for path in folder.rglob("*.png")
    }
    assert kept.file_of is not None
    for number, image in zip(kept.test, run.dataset.test.images, strict=True):
        path = folder / kept.files[kept.file_of[number]][0]
        np.testing.assert_array_equal(np.asarray(Image.open(path)), image[0])


def test_added_pictures_are_left_out_of_a_kept_run(there: tuple[Path, KeptRun]) -> None:
    folder, run = there
    before = run.dataset()
    for number, image in enumerate(255 - numbers(10, 28, 28)):
        _picture(folder / "a" / f"new{number}.png", image)
    _picture(folder / "c" / "one.png", numbers(1, 28, 28)[0])
    after = run.dataset()
    np.testing.assert_array_equal(after.train.images, before.train.images)
    np.testing.assert_array_equal(after.test.labels, before.test.labels)
    assert after.notes[-1] == "Without 11 files that are not of this run's training."


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ("gone", r"a/2\.png is gone"),
        ("changed", r"a/2\.png has changed"),
        ("both", r"a/4\.png has changed, a/2\.png is gone"),
    ],
)
def test_changed_pictures_are_named(there: tuple[Path, KeptRun], change: str, text: str) -> None:
    folder, run = there
    if change != "changed":
        (folder / "a" / "2.png").unlink()
    if change != "gone":
        _picture(folder / "a" / ("2.png" if change == "changed" else "4.png"), 255 - numbers(1, 28, 28)[0])
    with pytest.raises(StudioError, match=text) as caught:
        run.dataset()
    assert "choose a data set to measure on" in caught.value.advice


def test_a_folder_that_was_moved_is_asked_for(there: tuple[Path, KeptRun]) -> None:
    folder, run = there
    folder.rename(folder.with_name("elsewhere"))
    with pytest.raises(StudioError, match="not there any more") as caught:
        run.dataset()
    assert "new place" in caught.value.advice


def test_a_damaged_file_is_no_obstacle(there: tuple[Path, KeptRun]) -> None:
    _, run = there
    (run.folder / FILE).write_text("{")
    assert read_data_record(run.folder) is None
    assert len(run.dataset().train) > 0


def test_a_branch_keeps_it_as_well(there: tuple[Path, KeptRun]) -> None:
    folder, run = there
    branch = branch_run(run, run.history_checkpoints()[0].step, {})
    _picture(folder / "a" / "new.png", 255 - numbers(1, 28, 28)[0])
    assert not branch.difference(branch.dataset())
    assert json.loads((branch.folder / FILE).read_text())["form"] == "pictures"


def test_data_with_a_name_has_no_such_file() -> None:
    run = aestudio.train("compress-ae", "sklearn-digits", **SMALL)
    assert not (run.folder / FILE).exists()


def test_a_command_finds_the_run_s_own_files_at_their_new_place(
    there: tuple[Path, KeptRun], capsys: pytest.CaptureFixture[str]
) -> None:
    """Also beside others; while they are at their old place, a path means all that is there."""
    folder, run = there
    before = load_for(run, None, None)
    shutil.copytree(folder, folder.with_name("copy"))
    _picture(folder.with_name("copy") / "a" / "new.png", 255 - numbers(1, 28, 28)[0])
    everything = load_for(run, str(folder.with_name("copy")), None)
    assert len(everything.train) + len(everything.test) == 41
    shutil.rmtree(folder)
    capsys.readouterr()
    moved = load_for(run, str(folder.with_name("copy")), None)
    assert "the run was trained on, at another place" in capsys.readouterr().err
    np.testing.assert_array_equal(moved.train.images, before.train.images)
    np.testing.assert_array_equal(moved.test.images, before.test.images)
