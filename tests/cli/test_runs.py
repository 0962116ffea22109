"""`aestudio runs`: the list, and what it changes about kept runs."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from aestudio.paths import runs_folder
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.run_record import change_record
from aestudio.storage.lock import RunLock
from aestudio.training.events import MetricPoint
from tests.runs.conftest import quick_recipe, train_and_keep

if TYPE_CHECKING:
    from collections.abc import Callable

    from aestudio.datasets.dataset import Dataset
    from tests.cli.conftest import Answer


@pytest.fixture(scope="module")
def kept_once(few_digits: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AESTUDIO_HOME", str(folder / "home"))
        return train_and_keep(few_digits, folder / "kept", quick_recipe()).folder


@pytest.fixture
def runs(kept_once: Path) -> dict[str, Path]:
    """Three equal runs of the user: "one", "two" and "three"."""
    return {name: Path(shutil.copytree(kept_once, runs_folder() / name)) for name in ("one", "two", "three")}


def rows(answer: Answer) -> dict[str, str]:
    """The lines of a list by their first word."""
    return {line.split()[0]: line for line in answer.out.splitlines()}


def test_the_list_names_runs_and_their_room(runs: dict[str, Path], aestudio: Callable[..., Answer]) -> None:
    aestudio("runs", "tag", "one", "good", "talk 3")
    answer = aestudio("runs")
    listed = rows(answer)
    assert answer.code == 0
    assert " ".join(listed["RUN"].split()) == "RUN STATUS BEST VALIDATION EPOCHS SIZE WHAT IT IS"
    losses = [
        point.terms["loss"]
        for point in KeptRun.at(runs["one"]).points()
        if isinstance(point, MetricPoint) and point.split == "validation"
    ]
    assert f"finished {min(losses):.4g} nats per image 2 of 2" in " ".join(listed["one"].split())
    assert listed["one"].endswith("on Built-in digits #good #talk-3")
    assert listed["conv-vae"].split()[1] == "shipped"
    size = sum(path.stat().st_size for path in runs_folder().rglob("*") if path.is_file())
    assert answer.line == f"3 runs take {size / 1e6:.0f} MB."


def test_the_list_is_sorted_and_filtered(runs: dict[str, Path], aestudio: Callable[..., Answer]) -> None:
    for seed, name in enumerate(runs):
        change_record(runs[name], seed=seed)
    aestudio("runs", "note", "two", "the", "blurred", "one")

    def order(*arguments: str) -> list[str]:
        return [one["run"] for one in aestudio("runs", "--json", *arguments).json if not one["shipped"]]

    assert order("--sort", "seed") == ["one", "two", "three"]
    assert order("--sort", "-seed") == ["three", "two", "one"]
    assert order("--find", "BLURRED") == ["two"]
    assert order("--find", "#good") == []
    answer = aestudio("runs", "--sort", "colour")
    assert (answer.code, answer.out) == (2, "")
    assert "column cannot be 'colour'. Allowed: name, recipe, dataset" in answer.line


def test_a_program_reads_all_columns(runs: dict[str, Path], aestudio: Callable[..., Answer]) -> None:
    aestudio("runs", "tag", "two", "good")
    (one,) = (row for row in aestudio("runs", "--json").json if row["run"] == "two")
    kept = KeptRun.at(runs["two"])
    assert one["best_validation"] <= kept.require_record().last["validation"]["loss"]
    assert (one["loss_unit"], one["epochs"], one["latent_size"], one["beta"]) == ("nats per image", 2, 3, 1.0)
    assert (one["tags"], one["note"], one["name"][:13]) == (["good"], "", "VAE, latent 3")
    assert one["size"] == sum(path.stat().st_size for path in runs["two"].rglob("*") if path.is_file())


def test_a_damaged_run_is_listed_and_can_be_removed(
    runs: dict[str, Path], aestudio: Callable[..., Answer]
) -> None:
    (runs["one"] / "run.json").write_text("{")
    assert "damaged" in rows(aestudio("runs"))["one"]
    assert aestudio("runs", "remove", "one").code == 0
    assert not runs["one"].exists()


def test_rename(runs: dict[str, Path], aestudio: Callable[..., Answer]) -> None:
    answer = aestudio("runs", "rename", "one", "the", "sharp one")
    assert (answer.code, answer.out) == (0, "one is called “the sharp one” now.\n")
    assert KeptRun.at(runs["one"]).title == "the sharp one"
    assert aestudio("runs", "rename", "the sharp one", "x", "--json").json[0]["title"] == "x"


def test_note(runs: dict[str, Path], aestudio: Callable[..., Answer]) -> None:
    assert aestudio("runs", "note", "one").out == "one has no note.\n"
    assert aestudio("runs", "note", "one", "look", "here").out == "look here\n"
    assert aestudio("runs", "note", "one").out == "look here\n"
    assert aestudio("runs", "note", "one", "").out == "one has no note.\n"
    assert KeptRun.at(runs["one"]).note == ""


def test_tag(runs: dict[str, Path], aestudio: Callable[..., Answer]) -> None:
    assert aestudio("runs", "tag", "one", "good", "#later,GOOD").out == "good, later\n"
    assert aestudio("runs", "tag", "one").out == "good, later\n"
    assert aestudio("runs", "tag", "one", "Good", "--delete").out == "later\n"
    answer = aestudio("runs", "tag", "one", "good", "--delete")
    assert (answer.code, answer.line) == (2, "aestudio: tag cannot be 'good'. Allowed: later.")
    assert KeptRun.at(runs["one"]).tags == ("later",)


def test_remove_and_restore(runs: dict[str, Path], aestudio: Callable[..., Answer]) -> None:
    answer = aestudio("runs", "remove", "one", "three", "one")
    assert answer.code == 0
    assert answer.out.splitlines()[0] == 'one was removed. To undo it: aestudio runs restore "one"'
    assert sorted(path.name for path in runs_folder().iterdir()) == ["trash", "two"]
    removed = rows(aestudio("runs", "restore"))
    assert list(removed) == ["RUN", "three", "one"]
    assert "2 removed runs take" in aestudio("runs").line
    assert [one["run"] for one in aestudio("runs", "restore", "--json").json] == ["three", "one"]
    assert aestudio("runs", "restore", "one").out == "one was restored.\n"
    assert runs["one"].is_dir()
    answer = aestudio("runs", "restore", "one")
    assert (answer.code, answer.line) == (2, "aestudio: removed run cannot be 'one'. Allowed: three.")


def test_nothing_is_removed_if_one_of_the_names_is_wrong(
    runs: dict[str, Path], aestudio: Callable[..., Answer]
) -> None:
    answer = aestudio("runs", "remove", "one", "nothing")
    assert (answer.code, answer.out) == (2, "")
    assert "run cannot be 'nothing'. Allowed: one" in answer.line.replace("three, two, one", "one")
    assert all(folder.is_dir() for folder in runs.values())


def test_a_title_of_several_runs_is_refused(runs: dict[str, Path], aestudio: Callable[..., Answer]) -> None:
    for name in ("one", "two"):
        aestudio("runs", "rename", name, "twice")
    answer = aestudio("runs", "remove", "twice")
    assert answer.code == 2
    assert "the name of one of the runs with this title: " in answer.line
    assert all(folder.is_dir() for folder in runs.values())


def test_thin(runs: dict[str, Path], aestudio: Callable[..., Answer]) -> None:
    assert (
        aestudio("runs", "thin").out
        == "Nothing to remove: no history that can be made smaller takes over 64 MB.\n"
    )
    answer = aestudio("runs", "thin", "one", "--limit", "2,5", "--json")
    assert answer.json["one"]["freed"] > 0
    assert sum(path.stat().st_size for path in runs["one"].rglob("*") if path.is_file()) <= 2_500_000
    assert aestudio("runs", "thin", "--limit", "0").out.endswith(" freed in 3 runs.\n")
    assert [one.step for one in KeptRun.at(runs["two"]).history_checkpoints()] == [0, 18]


def test_a_run_that_is_trained_is_left_alone(runs: dict[str, Path], aestudio: Callable[..., Answer]) -> None:
    lock = RunLock(runs["one"])
    try:
        answers = [aestudio("runs", "thin", "one", "--limit", "0"), aestudio("runs", "remove", "one")]
        all_of_them = aestudio("runs", "thin", "--limit", "0")
    finally:
        lock.release()
    for answer in answers:
        assert (answer.code, answer.out) == (1, "")
        assert "being trained right now" in answer.line
    assert all_of_them.code == 0
    assert all_of_them.out.endswith(" freed in 2 runs.\n")
    assert "being trained right now" in all_of_them.err
    assert len(KeptRun.at(runs["one"]).history_checkpoints()) == 19


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (("burn", "one"), 2, "action cannot be 'burn'. Allowed: rename, note, tag, remove, restore, thin."),
        (("rename",), 2, "Missing argument 'RUN'. Name a run behind `rename`"),
        (("rename", "one"), 2, "Missing argument 'TITLE'"),
        (("rename", "one", ""), 1, "title of at least one character"),
        (("rename", "one", "x" * 300), 1, "300 characters, more than 200"),
        (("rename", "vae", "mine"), 2, "run cannot be 'vae'. Allowed: "),
        (("remove",), 2, "Missing argument 'RUN'"),
        (("remove", ""), 2, "run cannot be ''"),
        (("tag", "one", ","), 2, "tag cannot be ''"),
        (("thin", "--limit", "-1"), 2, "--limit cannot be '-1'"),
        (("thin", "--limit", "much"), 2, "--limit cannot be 'much'"),
        (("--limit", "5"), 2, "cannot be '--limit'. Allowed: behind `runs thin`."),
        (("remove", "one", "--limit", "5"), 2, "cannot be '--limit'. Allowed: behind `runs thin`."),
        (("note", "one", "--delete"), 2, "cannot be '--delete'. Allowed: behind `runs tag`."),
        (("thin", "--sort", "name"), 2, "cannot be '--sort'. Allowed: behind `runs` alone."),
    ],
)
def test_what_cannot_be_done_is_one_line(
    arguments: tuple[str, ...],
    code: int,
    message: str,
    runs: dict[str, Path],
    aestudio: Callable[..., Answer],
) -> None:
    answer = aestudio("runs", *arguments)
    assert (answer.code, answer.out) == (code, "")
    assert len(answer.err.splitlines()) == 1
    assert message in answer.err
    assert all(folder.is_dir() for folder in runs.values())
