"""`aestudio compare`: tables, JSON and CSV files of several kept runs."""

from __future__ import annotations

import csv
import shutil
from typing import TYPE_CHECKING

import pytest

from aestudio.paths import runs_folder
from aestudio.runs.kept_run import KeptRun
from tests.runs.conftest import quick_recipe, train_and_keep

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from tests.cli.conftest import Answer


@pytest.fixture(scope="module")
def trained_once(few_digits: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("compared")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AESTUDIO_HOME", str(folder / "home"))
        for beta in (1.0, 4.0):
            train_and_keep(few_digits, folder / "runs" / f"beta {beta:g}", quick_recipe(beta=beta, epochs=1))
    return folder / "runs"


@pytest.fixture
def pair(trained_once: Path) -> list[KeptRun]:
    """Runs of the user with betas of 1 and 4."""
    shutil.copytree(trained_once, runs_folder())
    return [KeptRun.at(runs_folder() / name) for name in ("beta 1", "beta 4")]


def test_a_table_of_what_differs(pair: list[KeptRun], aestudio: Callable[..., Answer]) -> None:
    pair[1].rename("the other")
    answer = aestudio("compare", "beta 1", "the other")
    assert answer.code == 0, answer.err
    heading, *lines = answer.out.splitlines()
    assert heading.endswith("the other")
    assert lines[0].split() == ["β", "1", "4"]
    assert [line.split("  ")[0] for line in lines] == [
        *("β", "Best validation", "Trained epochs", "Size", "Collapsed dimensions"),
    ]


def test_measured_with_intervals(pair: list[KeptRun], aestudio: Callable[..., Answer]) -> None:
    answer = aestudio("compare", *(run.folder for run in pair), "--measure")
    assert answer.code == 0, answer.err
    (ssim,) = (line for line in answer.out.splitlines() if line.startswith("SSIM  "))
    assert ssim.count("±") == 2
    table = aestudio("compare", *(run.folder for run in pair), "--measure", "--json").json
    metrics = {one["name"]: one for one in table["metrics"]}
    for number, run in enumerate(pair):
        alone = aestudio("evaluate", run.folder, "--dataset", "builtin", "--json").json
        assert metrics["ssim"]["estimates"][number]["mean"] == pytest.approx(alone["ssim"], rel=1e-9)
    assert metrics["ssim"]["differences"][0] is None
    assert [one["values"] for one in table["settings"]] == [[1.0, 4.0]]


def test_files(pair: list[KeptRun], aestudio: Callable[..., Answer], tmp_path: Path) -> None:
    names = [run.name for run in pair]
    answer = aestudio("compare", *names, "--out", tmp_path / "csv", "--axis", "epoch")
    assert answer.code == 0, answer.err
    assert sorted(path.name for path in (tmp_path / "csv").iterdir()) == [
        *("collapses.csv", "curves.csv", "settings.csv"),
    ]
    with (tmp_path / "csv" / "curves.csv").open(newline="") as file:
        heading, *rows = csv.reader(file)
    assert heading[:4] == ["split", "term", "unit", "epoch"]
    assert len(heading) == 6
    last = [row for row in rows if row[:2] == ["validation", "loss"]][-1]
    assert float(last[3]) == 1.0
    for run, value in zip(pair, last[4:], strict=True):
        assert float(value) == run.require_record().last["validation"]["loss"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ((), 2, "Missing argument 'RUN'"),
        (("beta 1",), 1, "2 to 8 runs are compared, not 1"),
        (("beta 1", "beta 1"), 1, "A run is compared with itself: beta 1"),
        (("beta 1", "nothing"), 2, "run cannot be 'nothing'"),
        (("beta 1", "beta 4", "--axis", "time"), 2, "--axis cannot be 'time'. Allowed: step, epoch, images."),
    ],
)
def test_what_cannot_be_compared_is_one_line(
    arguments: tuple[str, ...],
    code: int,
    message: str,
    pair: list[KeptRun],
    aestudio: Callable[..., Answer],
) -> None:
    assert len(pair) == 2
    answer = aestudio("compare", *arguments)
    assert (answer.code, answer.out) == (code, "")
    assert message in answer.err
    assert len(answer.err.splitlines()) == 1


def test_a_file_is_no_folder(pair: list[KeptRun], aestudio: Callable[..., Answer], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    answer = aestudio("compare", *(run.name for run in pair), "--out", tmp_path / "file")
    assert (answer.code, answer.out) == (1, "")
    assert "This is a file" in answer.err
    assert (tmp_path / "file").read_text() == "mine"
