"""Listing, finding, naming, renaming and removing runs."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from aestudio.errors import BadChoice, StudioError
from aestudio.paths import runs_folder
from aestudio.recipes.library import find_recipe
from aestudio.runs import index as store
from aestudio.runs.index import (
    find_run,
    kept_runs,
    list_runs,
    new_run_folder,
    new_run_name,
)
from aestudio.runs.kept_run import TRASH, KeptRun
from aestudio.runs.run_record import change_record
from tests.runs.conftest import quick_recipe

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def two(keep: Callable[..., KeptRun]) -> list[KeptRun]:
    """An older and a newer kept run in the user's folder."""
    return [keep(runs_folder() / name, quick_recipe(epochs=1)) for name in ("older", "newer")]


def test_newest_first_then_shipped(two: list[KeptRun]) -> None:
    assert [run.name for run in kept_runs()] == ["newer", "older"]
    assert [run.name for run in list_runs() if not run.shipped] == ["newer", "older"]
    assert all(run.shipped for run in list_runs()[2:])


def test_without_a_folder_there_are_no_runs(tmp_path: Path) -> None:
    assert kept_runs() == ()
    assert kept_runs(tmp_path / "nothing") == ()


def test_a_damaged_run_is_listed_with_its_reason(two: list[KeptRun]) -> None:
    (two[0].folder / "run.json").write_text('{"format": 1, "name"')
    (runs_folder() / "stray").mkdir()
    (runs_folder() / "stray" / "weights.safetensors").write_bytes(b"x")
    (runs_folder() / "just begun").mkdir()
    runs = {run.name: run for run in kept_runs()}
    assert next(iter(runs)) == "newer"
    assert runs.keys() == {"newer", "older", "stray"}
    assert runs["older"].status is None
    assert "run.json" in runs["older"].describe()
    assert runs["older"].last_loss is None
    assert runs["stray"].problem is not None
    with pytest.raises(StudioError, match=r"run\.json"):
        find_run("older")
    with pytest.raises(StudioError, match=r"run\.json"):
        _ = runs["older"].recipe


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("[]", "cannot be read"),
        ('{"format": 99}', "newer version"),
        ("\udcff", "cannot be read"),
        ('{"recipe": {"network": {"kind": "crystal ball"}}}', "cannot be opened"),
        ('{"format": "one"}', "cannot be read"),
    ],
)
def test_damaged_records_are_reported_in_one_line(two: list[KeptRun], content: str, reason: str) -> None:
    (two[0].folder / "run.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    problem = KeptRun.at(two[0].folder).problem
    assert problem is not None
    assert reason in str(problem)
    assert "\n" not in str(problem)


def test_find_by_name_title_and_folder(two: list[KeptRun], monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_run("older").folder == two[0].folder
    assert find_run(str(two[1].folder)).name == "newer"
    monkeypatch.chdir(two[1].folder)
    assert find_run(".").name == "newer"
    two[0].rename("the good one")
    assert find_run("the good one").name == "older"


@pytest.mark.parametrize("name", ["nothing", "", " ", "a/b/c", "x" * 5000, "\0", "trash"])
def test_unknown_names_list_the_known_ones(two: list[KeptRun], name: str) -> None:
    with pytest.raises(BadChoice, match="newer, older, the folder of a run"):
        find_run(name)


def test_a_message_names_only_some_of_many_runs(two: list[KeptRun], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "_NAMED_IN_ERRORS", 1)
    with pytest.raises(BadChoice, match="newer, 1 older runs, the folder"):
        find_run("nothing")


def test_names_are_new_readable_and_valid_everywhere(tmp_path: Path) -> None:
    recipe = find_recipe("vae")
    first = new_run_folder(recipe, tmp_path)
    second = new_run_folder(recipe, tmp_path)
    assert first != second
    assert first.name.startswith("vae 20")
    assert new_run_name(recipe, tmp_path) not in (first.name, second.name)
    odd = new_run_name(recipe.model_copy(update={"name": 'my: "best"? <run>/\\|*'}), tmp_path)
    assert not set(odd) & set('<>:"/\\|?*')
    assert not odd.endswith((" ", "."))


def test_the_name_of_a_removed_run_is_not_given_again(tmp_path: Path) -> None:
    """Within the same minute: the new run would be taken for the one that was removed."""
    names, recipe = set[str](), find_recipe("vae")
    for _ in range(3):
        folder = new_run_folder(recipe, tmp_path)
        names.add(folder.name)
        (tmp_path / TRASH).mkdir(exist_ok=True)
        folder.rename(tmp_path / TRASH / folder.name)
    assert len(names) == 3


def test_rename_keeps_name_and_folder(two: list[KeptRun]) -> None:
    renamed = two[0].rename("  sharp \n digits ")
    assert (renamed.title, renamed.name, renamed.folder) == ("sharp digits", "older", two[0].folder)
    assert find_run("older").title == "sharp digits"
    with pytest.raises(StudioError, match="title"):
        two[0].rename("  ")


def test_a_run_that_is_renamed_while_it_is_trained_keeps_its_title(
    tmp_path: Path, keep: Callable[..., KeptRun], monkeypatch: pytest.MonkeyPatch
) -> None:
    from aestudio.runs import recorder

    real = recorder.write_checkpoint

    def renaming(folder: Path, checkpoint: object, is_there: object) -> None:
        change_record(folder, title="renamed")
        real(folder, checkpoint, is_there)  # type: ignore[arg-type]

    monkeypatch.setattr(recorder, "write_checkpoint", renaming)
    assert keep(tmp_path / "run", quick_recipe(epochs=1)).title == "renamed"


def test_delete_moves_to_the_trash(two: list[KeptRun], keep: Callable[..., KeptRun]) -> None:
    points = two[0].points()
    where = two[0].move_to_trash()
    assert where == runs_folder() / "trash" / "older"
    assert [run.name for run in kept_runs()] == ["newer"]
    assert KeptRun.at(where).points() == points
    again = keep(runs_folder() / "older", quick_recipe(epochs=1))
    assert again.move_to_trash().name == "older (2)"


def test_shipped_models_stay_as_they_are(two: list[KeptRun]) -> None:
    shipped = KeptRun(two[0].folder, two[0].record, None, shipped=True)
    assert shipped.title == "VAE"
    for change in (shipped.move_to_trash, lambda: shipped.rename("mine")):
        with pytest.raises(StudioError, match="shipped model cannot be"):
            change()


def test_describe_gives_the_main_facts(kept: KeptRun) -> None:
    lines = kept.describe().splitlines()
    assert lines[0] == "VAE on Built-in digits"
    assert lines[1] == "2 of 2 epochs, finished"
    assert "Seed 0, cpu" in lines[2]


def test_last_loss_is_the_validation_loss(kept: KeptRun) -> None:
    assert kept.last_loss == kept.require_record().last["validation"]["loss"]
    change_record(kept.folder, last={"training": {"loss": 7.5}})
    assert KeptRun.at(kept.folder).last_loss == 7.5


def test_listing_and_reading_need_no_torch(kept: KeptRun) -> None:
    code = (
        "import sys; from aestudio.runs.index import find_run, list_runs\n"
        f"run = find_run({str(kept.folder)!r}); list_runs()\n"
        "assert run.snapshot().weights and run.checkpoint() and run.points() and run.describe()\n"
        "import aestudio.runs.record, aestudio.runs.start, aestudio.api, aestudio.runs.pretrained\n"
        "import json; slow = ('torch', 'sklearn', 'scipy')\n"
        "print(json.dumps([name for name in slow if name in sys.modules]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == []
