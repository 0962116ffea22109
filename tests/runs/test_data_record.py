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
from aestudio.datasets.catalogue import load_dataset
from aestudio.errors import StudioError
from aestudio.runs.branch import branch_run
from aestudio.runs.data_record import FILE, keep_data_record, read_data_record
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.recorded_split import in_recorded_parts, new_images
from aestudio.runs.shared_run_export import share_run
from aestudio.runs.shared_run_import import import_run
from tests.datasets.own_forms import numbers

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.api import Run
    from aestudio.datasets.dataset import Dataset

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


def parts_by_file(dataset: Dataset) -> dict[str, str]:
    """The part of each file's image."""
    found = dataset.provenance
    assert found is not None
    assert found.file_of is not None
    names = [found.files[file].name for file in found.file_of]
    parts = ((found.train, "train"), (found.test, "test"))
    return {names[number]: part for numbers_of, part in parts for number in numbers_of}


def test_the_recorded_split_holds_though_another_would_be_drawn(there: tuple[Path, KeptRun]) -> None:
    folder, run = there
    table = json.loads((run.folder / FILE).read_text())
    table["train"], table["test"] = list(range(0, 40, 2)), list(range(1, 40, 2))
    (run.folder / FILE).write_text(json.dumps(table))
    kept = read_data_record(run.folder)
    assert kept is not None
    drawn = load_dataset(str(folder))
    dataset = in_recorded_parts(drawn, kept)
    images = np.empty((40, 1, 28, 28), np.uint8)
    assert drawn.provenance is not None
    images[drawn.provenance.train], images[drawn.provenance.test] = drawn.train.images, drawn.test.images
    np.testing.assert_array_equal(dataset.train.images, images[::2])
    np.testing.assert_array_equal(dataset.test.images, images[1::2])
    assert dataset.test.labels is not None
    names = [kept.files[file][0] for file in kept.file_of or ()]
    expected = ["ab".index(name[0]) for name in names[1::2]]
    assert dataset.test.labels.tolist() == expected
    assert in_recorded_parts(dataset, kept) is dataset


def test_changed_pictures_are_measured_when_asked_in_their_parts(
    there: tuple[Path, KeptRun], capsys: pytest.CaptureFixture[str]
) -> None:
    folder, run = there
    before = parts_by_file(run.dataset())
    tested = next(name for name, part in before.items() if part == "test")
    trained = next(name for name, part in before.items() if part == "train")
    (folder / trained).unlink()
    _picture(folder / tested, 255 - numbers(1, 28, 28)[0])
    _picture(folder / "a" / "new.png", numbers(41, 28, 28)[40])
    with pytest.raises(StudioError, match="These are not the images") as caught:
        load_for(run, None, None)
    assert "--files now" in caught.value.advice
    now = load_for(run, None, None, "now")
    said = capsys.readouterr().err
    assert f"{tested} has changed" in said
    assert f"{trained} is gone" in said
    assert parts_by_file(now) == {name: part for name, part in before.items() if name != trained}


def test_only_new_pictures_are_tested_when_asked(there: tuple[Path, KeptRun]) -> None:
    folder, run = there
    with pytest.raises(StudioError, match="There are no new images"):
        load_for(run, None, None, "new")
    shutil.copyfile(folder / "a" / "2.png", folder / "a" / "copy.png")  # its content is known
    fresh = numbers(43, 28, 28)[40:]
    for number, image in enumerate(fresh):
        _picture(folder / "b" / f"new{number}.png", image)
    dataset = load_for(run, None, None, "new")
    np.testing.assert_array_equal(dataset.test.images[:, 0], fresh)
    assert set(parts_by_file(dataset).values()) == {"train", "test"}
    trained = {name for name, part in parts_by_file(run.dataset()).items() if part == "train"}
    assert {name for name, part in parts_by_file(dataset).items() if part == "train"} == trained


def test_a_shared_run_has_it_without_the_folders_of_this_computer(
    there: tuple[Path, KeptRun], tmp_path: Path
) -> None:
    folder, run = there
    share_run(run, tmp_path / "run.aerun")
    imported = import_run(tmp_path / "run.aerun", tmp_path / "runs")
    text = (imported.folder / FILE).read_text()
    assert str(tmp_path) not in text
    mine, theirs = read_data_record(run.folder), read_data_record(imported.folder)
    assert mine is not None
    assert theirs is not None
    assert theirs.origin == "./mine"
    changed = {"origin": mine.origin, "notes": mine.notes}
    assert theirs.model_copy(update=changed) == mine
    moved = tmp_path / "elsewhere"
    folder.rename(moved)
    _picture(moved / "a" / "new.png", numbers(41, 28, 28)[40])
    dataset = load_for(imported, str(moved), None)  # exactly theirs, though there are more
    assert not imported.difference(dataset)


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


def test_of_arrays_it_is_not_known_which_images_are_new(tmp_path: Path) -> None:
    """Without an answer, and not as if all that were tested on were new."""
    np.savez(tmp_path / "own.npz", images=numbers(40, 12, 12), labels=np.arange(40) % 3)
    dataset = load_dataset(str(tmp_path / "own.npz"))
    assert dataset.provenance is not None
    assert dataset.provenance.file_of is None
    folder = tmp_path / "run"
    folder.mkdir()
    keep_data_record(folder, dataset)
    kept = read_data_record(folder)
    assert kept is not None
    with pytest.raises(StudioError, match="pictures in files of their own only"):
        new_images(dataset, kept)
