"""Nothing that a sabotaged run leaves can be taken for a real one, and one call repairs it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from aestudio.errors import StudioError
from aestudio.runs.branch import branch_run
from aestudio.runs.index import kept_runs
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.record import record
from aestudio.runs.repair import repaired_run
from aestudio.runs.run_rows import run_rows
from aestudio.runs.start import resume_run
from aestudio.runs.thinning import thin_history
from aestudio.sabotage.sabotage import AppliedSabotage
from aestudio.training.commands import Commands
from aestudio.training.events import Paused
from aestudio.training.spec import RunSpec
from aestudio.training.trainer import train
from tests.runs.conftest import quick_recipe, same_weights

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset

AT = 7


def sabotaged(digits: Dataset, folder: Path, name: str = "kl_sign", *, until: int | None = None) -> KeptRun:
    """A run that is sabotaged after seven steps, and stopped some steps later, or not at all."""
    commands, spec = Commands(), RunSpec(folder.name, quick_recipe(), digits.origin, "cpu")
    commands.advance(AT)
    for event in record(train(spec, digits, commands), spec, folder):
        if not isinstance(event, Paused):
            continue
        if event.step == AT:
            commands.sabotage(name)
            commands.resume() if until is None else commands.advance(until - AT)
        else:
            commands.stop()
    return KeptRun.at(folder)


@pytest.fixture(scope="module")
def broken_once(few_digits: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sabotage")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AESTUDIO_HOME", str(folder / "home"))
        return sabotaged(few_digits, folder / "broken").folder


@pytest.fixture
def broken(broken_once: Path, tmp_path: Path) -> KeptRun:
    import shutil
    from pathlib import Path

    return KeptRun.at(Path(shutil.copytree(broken_once, tmp_path / "broken")))


def test_record_weights_title_and_description_say_it(broken: KeptRun) -> None:
    table = json.loads((broken.folder / "run.json").read_text("utf-8"))
    assert table["sabotage"] == {"name": "kl_sign", "step": AT}
    assert broken.require_record().sabotage == AppliedSabotage("kl_sign", AT)
    assert broken.snapshot().sabotage == "kl_sign"
    assert broken.title.startswith("SABOTAGED (KL sign) ")
    assert "sabotaged on purpose" in broken.describe()
    after = [one.step for one in broken.history_checkpoints() if one.step > AT]
    assert after
    assert all(broken.history_weights(step).sabotage == "kl_sign" for step in after)
    before = [one.step for one in broken.history_checkpoints() if one.step <= AT]
    assert not any(broken.history_weights(step).sabotage for step in before)


def test_the_list_of_runs_says_it_whatever_the_user_calls_it(broken: KeptRun) -> None:
    named = broken.rename("My best model")
    assert named.title == "SABOTAGED (KL sign) My best model"
    for _ in range(2):  # read from its files, and from the index
        (row,) = run_rows(kept_runs(broken.folder.parent))
        assert row.name == "SABOTAGED (KL sign) My best model"


def test_repaired_it_is_what_it_would_have_become(
    broken: KeptRun, kept: KeptRun, few_digits: Dataset
) -> None:
    repaired = repaired_run(broken, broken.folder.parent / "runs")
    assert repaired.require_record().sabotage is None
    assert "SABOTAGED" not in repaired.title
    list(resume_run(repaired, few_digits))
    repaired = KeptRun.at(repaired.folder)
    assert same_weights(repaired.snapshot(), kept.snapshot())
    assert repaired.points() == kept.points()
    assert not repaired.sabotage


def test_stopped_and_resumed_is_the_same_as_straight(
    broken: KeptRun, few_digits: Dataset, tmp_path: Path
) -> None:
    for until in (AT + 1, AT + 4):
        halted = sabotaged(few_digits, tmp_path / f"halted-{until}", until=until)
        assert halted.status == "stopped"
        list(resume_run(halted, few_digits))
        halted = KeptRun.at(halted.folder)
        assert halted.require_record().sabotage == AppliedSabotage("kl_sign", AT)
        assert same_weights(halted.snapshot(), broken.snapshot())
        assert halted.points() == broken.points()


def test_a_branch_after_it_is_sabotaged_too(broken: KeptRun) -> None:
    step = next(one.step for one in broken.history_checkpoints() if one.step > AT)
    branch = branch_run(broken, step, {}, broken.folder.parent / "runs")
    assert branch.sabotage == "kl_sign"
    assert branch.title.count("SABOTAGED") == 1


def test_the_state_before_is_not_thinned_out(broken: KeptRun) -> None:
    thin_history(broken, 0)
    assert AT in [one.step for one in broken.history_checkpoints()]
    assert not repaired_run(broken, broken.folder.parent / "runs").sabotage


def test_what_cannot_be_repaired_says_so(broken: KeptRun, kept: KeptRun) -> None:
    with pytest.raises(StudioError, match="Nothing is to be repaired"):
        repaired_run(kept)
    for entry in broken.history_checkpoints():
        if entry.step <= AT:
            (broken.folder / "moments" / f"{entry.step:09d}.safetensors").unlink()
    with pytest.raises(StudioError, match="is gone"):
        repaired_run(broken)


def test_a_shared_run_keeps_its_mark(broken: KeptRun, tmp_path: Path) -> None:
    from aestudio.runs.shared_run_export import SharedParts, share_run
    from aestudio.runs.shared_run_import import import_run

    file = tmp_path / "shared.aestudio"
    share_run(broken, file, SharedParts())
    imported = import_run(file, tmp_path / "others")
    assert KeptRun.at(imported.folder).title.startswith("SABOTAGED (KL sign)")
