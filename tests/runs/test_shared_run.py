"""A run as one file comes out as it went in; what is not in order is refused before anything is written."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from aestudio.errors import Cancelled, StudioError
from aestudio.paths import runs_folder
from aestudio.runs import shared_run_import
from aestudio.runs.branch import branch_run
from aestudio.runs.index import kept_runs
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.shared_run_export import SharedParts, share_run, shared_sizes
from aestudio.runs.shared_run_import import check_shared_run, import_run
from aestudio.runs.start import resume_run
from aestudio.storage.lock import RunLock
from tests.runs.conftest import quick_recipe, same_weights

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset

ALL = SharedParts(history=True)


@pytest.fixture
def shared(kept: KeptRun, tmp_path: Path) -> Path:
    """A finished run with its history, as one file."""
    share_run(kept, tmp_path / "of alice.aestudio", ALL)
    return tmp_path / "of alice.aestudio"


def parts_of(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def write_parts(path: Path, parts: dict[str, bytes], *, manifest: bool = True) -> None:
    """Write a file of these parts, with a manifest that fits to them unless it is to stay as it is."""
    table = json.loads(parts["manifest.json"])
    if manifest:
        table["parts"] = [
            {"name": name, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in parts.items()
            if name != "manifest.json"
        ]
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in {**parts, "manifest.json": json.dumps(table).encode()}.items():
            archive.writestr(name, content)


def refusal(path: Path) -> str:
    """The sentence with which the file is refused; nothing was written, not even the folder of the runs."""
    with pytest.raises(StudioError) as caught:
        import_run(path)
    assert str(path) in str(caught.value)
    assert not runs_folder().exists()
    return str(caught.value)


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_run_comes_out_as_it_went_in(kept: KeptRun, shared: Path) -> None:
    kept.rename("for Monday").with_note("sharp\nedges").with_tags(["talk"])
    share_run(KeptRun.at(kept.folder), shared, ALL)
    run = import_run(shared)
    assert run.folder.parent == runs_folder()
    assert (run.title, run.note, run.tags) == ("for Monday", "sharp\nedges", ("talk",))
    assert same_weights(run.snapshot(), kept.snapshot())
    assert run.points() == kept.points()
    assert [one.step for one in run.history_checkpoints()] == [one.step for one in kept.history_checkpoints()]
    own = {"writer.lock", "lists.lock", "imported.json"}
    before, after = files_of(kept.folder), files_of(run.folder)
    assert {name: data for name, data in after.items() if name not in own} == {
        name: data for name, data in before.items() if name not in own and not name.endswith(".lock")
    }
    assert run.imported is not None
    assert run.imported.file == "of alice.aestudio"
    assert "from of alice.aestudio, which was made on " in run.describe()


def test_it_never_takes_the_place_of_another_run(kept: KeptRun, shared: Path) -> None:
    first, second = import_run(shared), import_run(shared)
    assert (first.name, second.name) == (kept.name, f"{kept.name} (2)")
    first.move_to_trash()
    assert import_run(shared).name == f"{kept.name} (3)", "not that of a removed run"
    assert len(kept_runs()) == 2


def test_an_imported_run_goes_on_bit_for_bit(
    keep: Callable[..., KeptRun], tmp_path: Path, few_digits: Dataset
) -> None:
    recipe = quick_recipe(optimiser="adamw", schedule="cosine")
    straight = keep(tmp_path / "straight", recipe)
    halted = keep(tmp_path / "halted", recipe, stop_at=7)
    share_run(halted, tmp_path / "a.aestudio")
    run = import_run(tmp_path / "a.aestudio")
    assert run.history_checkpoints() == (), "the history is left out unless it is wanted"
    list(resume_run(run, few_digits))
    resumed = KeptRun.at(run.folder)
    assert resumed.status == "finished"
    assert resumed.points() == straight.points()
    assert same_weights(resumed.snapshot(), straight.snapshot())
    assert KeptRun.at(halted.folder).status == "stopped", "the one it came from is untouched"


def test_a_killed_run_is_shared_with_its_newest_state(
    keep: Callable[..., KeptRun], tmp_path: Path, few_digits: Dataset
) -> None:
    """Which then lies in the history."""
    halted = keep(tmp_path / "halted", quick_recipe(), stop_at=8)
    (halted.folder / "checkpoint.safetensors").unlink()
    newest = halted.newest_state()
    assert 0 < newest.step < 8 or newest.step == 8
    share_run(halted, tmp_path / "a.aestudio")
    run = import_run(tmp_path / "a.aestudio")
    assert run.newest_state().step == newest.step
    share_run(halted, tmp_path / "b.aestudio", SharedParts(checkpoint=False))
    weights_only = import_run(tmp_path / "b.aestudio")
    assert weights_only.newest_state().checkpoint is None
    assert same_weights(weights_only.snapshot(), halted.snapshot())
    with pytest.raises(StudioError, match="already holds a run"):
        list(resume_run(weights_only, few_digits))  # it would begin again, and lose the weights


def test_sizes_are_those_of_the_file(kept: KeptRun, tmp_path: Path) -> None:
    sizes = shared_sizes(kept)
    assert sizes.steps == len(kept.history_checkpoints()) > 2
    assert sizes.own == sizes.images == 0
    for parts in (ALL, SharedParts(), SharedParts(checkpoint=False)):
        written = share_run(kept, tmp_path / "a.aestudio", parts)
        assert written == (tmp_path / "a.aestudio").stat().st_size
        assert 0.5 * sizes.total(parts) < written < sizes.total(parts) + 10_000
    without, with_state = SharedParts(checkpoint=False), SharedParts()
    assert sizes.total(with_state) - sizes.total(without) == sizes.checkpoint > 0


def test_what_cannot_be_shared_says_why(kept: KeptRun, tmp_path: Path) -> None:
    path = tmp_path / "a.aestudio"
    lock = RunLock(kept.folder)
    with pytest.raises(StudioError, match="being trained right now"):
        share_run(kept, path)
    lock.release()
    with pytest.raises(StudioError, match="shipped model"):
        share_run(KeptRun.at(kept.folder, shipped=True), path)
    weights = kept.folder / "weights.safetensors"
    content = bytearray(weights.read_bytes())
    content[-1] ^= 1
    weights.write_bytes(content)
    with pytest.raises(StudioError, match="damaged or cut off"):
        share_run(kept, path)
    assert not path.exists()


@pytest.mark.parametrize(
    ("dataset", "told"),
    [
        ("/home/alice/private/digits", "./digits"),
        ("C:\\Users\\alice\\private\\digits.npz", "./digits.npz"),
        ("/home/alice/private/gone,/home/alice/private/labels", "./labels"),
        ("mnist", "mnist"),
    ],
)
def test_it_names_no_folder_of_this_computer(dataset: str, told: str, kept: KeptRun, tmp_path: Path) -> None:
    record = json.loads((kept.folder / "run.json").read_text())
    (kept.folder / "run.json").write_text(json.dumps({**record, "dataset": dataset}))
    path = tmp_path / "shared.aestudio"
    share_run(KeptRun.at(kept.folder), path, ALL)
    parts = parts_of(path)
    assert json.loads(parts["run.json"]) == {**record, "dataset": told}
    assert not any(b"private" in content for content in parts.values())
    assert json.loads((kept.folder / "run.json").read_text())["dataset"] == dataset  # here it stays
    check_shared_run(path)


def test_cancelling_leaves_nothing_behind(kept: KeptRun, shared: Path, tmp_path: Path) -> None:
    def stop_after(share: float) -> Callable[..., None]:
        def progress(done: float, total: float | None, what: str) -> None:
            if total and done > share * total:
                raise Cancelled

        return progress

    with pytest.raises(Cancelled):
        share_run(kept, tmp_path / "b.aestudio", ALL, stop_after(0.5))
    assert not list(tmp_path.glob("*b.aestudio*"))
    for share in (0.2, 0.8):  # while it is checked, while it is copied
        with pytest.raises(Cancelled):
            import_run(shared, progress=stop_after(share))
        assert not runs_folder().exists() or not list(runs_folder().iterdir())


def without(parts: dict[str, bytes], *names: str) -> dict[str, bytes]:
    return {name: content for name, content in parts.items() if name not in names}


def with_record(parts: dict[str, bytes], **changes: Any) -> dict[str, bytes]:
    return {**parts, "run.json": json.dumps(json.loads(parts["run.json"]) | changes).encode()}


@pytest.mark.parametrize(
    ("change", "manifest", "sentence"),
    [
        (lambda parts: without(parts, "manifest.json"), None, "no shared run of this program"),
        (lambda parts: without(parts, "weights.safetensors"), True, "weights.safetensors is missing"),
        (lambda parts: without(parts, "metrics.jsonl"), False, "metrics.jsonl is missing"),
        (lambda parts: {**parts, "metrics.jsonl": parts["metrics.jsonl"] + b" "}, False, "bytes instead of"),
        (lambda parts: {**parts, "notes.txt": b"1"}, True, "'notes.txt', which is no part of a run"),
        (lambda parts: {**parts, "labels.json": b"{}"}, False, "labels.json is not in its manifest"),
        (lambda parts: {**parts, "labels.json": b"[1"}, True, "cannot be read"),
        (lambda parts: {**parts, "moments/4.safetensors": b"1"}, True, "which is no part of a run"),
        (lambda parts: {**parts, "run.json": b"{}"}, True, "record cannot be read"),
        (lambda parts: with_record(parts, format=99), True, "newer version of the program"),
        (lambda parts: {**parts, "weights.safetensors": b"12345678" * 9}, True, "impossible"),
    ],
)
def test_what_is_not_in_order_is_refused_with_a_sentence(
    change: Callable[[dict[str, bytes]], dict[str, bytes]],
    manifest: bool | None,
    sentence: str,
    shared: Path,
    tmp_path: Path,
) -> None:
    parts = change(parts_of(shared))
    target = tmp_path / "changed.aestudio"
    if manifest is None:
        with zipfile.ZipFile(target, "w") as archive:
            for name, content in parts.items():
                archive.writestr(name, content)
    else:
        write_parts(target, parts, manifest=manifest)
    assert sentence in refusal(target)


def test_a_changed_byte_of_any_part_is_noticed(shared: Path, tmp_path: Path) -> None:
    parts = parts_of(shared)
    target = tmp_path / "changed.aestudio"
    for name in without(parts, "manifest.json"):
        changed = bytearray(parts[name])
        changed[len(changed) // 2] ^= 1
        write_parts(target, {**parts, name: bytes(changed)}, manifest=False)
        assert f"{name} is not what the manifest says" in refusal(target)


def test_a_file_that_was_cut_off_is_refused(shared: Path, tmp_path: Path) -> None:
    whole, target = shared.read_bytes(), tmp_path / "cut.aestudio"
    for share in (0.0, 0.01, 0.3, 0.9, 0.999):
        target.write_bytes(whole[: int(share * len(whole))])
        assert "damaged" in refusal(target)


def test_weights_of_another_model_are_refused(
    keep: Callable[..., KeptRun], shared: Path, tmp_path: Path
) -> None:
    """Also where the manifest fits: swapped by somebody who knows the format."""
    other = keep(tmp_path / "other", quick_recipe(latent_size=5), stop_at=3)
    parts = parts_of(shared)
    swapped = (other.folder / "weights.safetensors").read_bytes()
    write_parts(tmp_path / "a.aestudio", {**parts, "weights.safetensors": swapped})
    assert "weights.safetensors belongs to another model" in refusal(tmp_path / "a.aestudio")
    state = (other.folder / "checkpoint.safetensors").read_bytes()
    write_parts(tmp_path / "a.aestudio", {**parts, "checkpoint.safetensors": state})
    assert "checkpoint.safetensors belongs to another model" in refusal(tmp_path / "a.aestudio")


def test_a_model_that_is_larger_than_its_weights_is_not_built(
    shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = parts_of(shared)
    recipe = json.loads(parts["run.json"])["recipe"]
    recipe["network"]["hidden"] = [4096, 4096]
    write_parts(tmp_path / "a.aestudio", with_record(parts, recipe=recipe))
    monkeypatch.setattr("aestudio.training.model.build_model", None)
    assert "smaller than its model's weights" in refusal(tmp_path / "a.aestudio")


def test_a_manifest_of_a_newer_version_says_so(shared: Path, tmp_path: Path) -> None:
    parts = parts_of(shared)
    for more in ({"readable_from": 3}, {"readable_from": "1"}):
        table = json.loads(parts["manifest.json"]) | {"version": 3} | more
        parts["manifest.json"] = json.dumps(table).encode()
        write_parts(tmp_path / "a.aestudio", parts)
        assert "newer version" in refusal(tmp_path / "a.aestudio")


def test_what_a_newer_version_wrote_is_shown_and_not_trained_on(
    keep: Callable[..., KeptRun], tmp_path: Path, few_digits: Dataset
) -> None:
    """If its manifest says that it can be read: parts that are not known here are passed over."""
    halted = keep(tmp_path / "halted", quick_recipe(), stop_at=4)
    share_run(halted, tmp_path / "a.aestudio")
    parts = parts_of(tmp_path / "a.aestudio")
    newer = json.loads(parts["manifest.json"]) | {"version": 7, "readable_from": 2, "mood": "good"}
    parts["manifest.json"] = json.dumps(newer).encode()
    parts["dreams.bin"] = b"of a later version"
    write_parts(tmp_path / "a.aestudio", parts)
    run = import_run(tmp_path / "a.aestudio")
    assert same_weights(run.snapshot(), halted.snapshot())
    assert run.points() == halted.points()
    assert not (run.folder / "dreams.bin").exists()
    assert "by a newer version of the program: it can be looked at" in run.describe()
    (listed,) = kept_runs()
    assert listed.imported == run.imported, "also from the index"
    with pytest.raises(StudioError, match="parts of it may be missing here"):
        share_run(run, tmp_path / "c.aestudio")  # it would be taken for one that can be trained on
    with pytest.raises(StudioError, match="newer version of the program, and can only be looked at"):
        resume_run(run, few_digits)
    with pytest.raises(StudioError, match="newer version of the program, and can only be looked at"):
        branch_run(run, 4, {})
    write_parts(
        tmp_path / "b.aestudio", {**parts, "manifest.json": json.dumps(newer | {"readable_from": 6}).encode()}
    )
    with pytest.raises(StudioError, match="Update aestudio to open it"):
        import_run(tmp_path / "b.aestudio")


def test_files_of_the_earlier_name_open_for_ever(shared: Path, tmp_path: Path) -> None:
    shared.rename(tmp_path / "of alice.aerun")
    assert import_run(tmp_path / "of alice.aerun").imported is not None


@pytest.mark.parametrize("name", ["../../out", "/etc", "a\\b:c", "", "..", "trash", "x" * 400])
def test_the_name_in_a_manifest_leads_nowhere(name: str, shared: Path, tmp_path: Path) -> None:
    parts = parts_of(shared)
    parts["manifest.json"] = json.dumps(json.loads(parts["manifest.json"]) | {"name": name}).encode()
    write_parts(tmp_path / "a.aestudio", parts)
    run = import_run(tmp_path / "a.aestudio")
    assert run.folder.parent == runs_folder()
    assert len(run.name) <= 110
    assert [one.name for one in kept_runs()] == [run.name]


def test_own_models_need_to_be_allowed(shared: Path, tmp_path: Path) -> None:
    parts = parts_of(shared)
    recipe = json.loads(parts["run.json"])["recipe"]
    recipe["network"] = {"kind": "two_layers", "units": 32, "latent_size": 3}
    write_parts(tmp_path / "a.aestudio", with_record(parts, recipe=recipe))
    said = refusal(tmp_path / "a.aestudio")
    assert "cannot be opened" in said
    assert "two_layers" in said


def test_an_imported_branch_is_not_taken_for_one_of_a_run_here(
    keep: Callable[..., KeptRun], tmp_path: Path
) -> None:
    parent = keep(tmp_path / "parent", quick_recipe(), stop_at=7)
    branch = branch_run(parent, 4, {"learning_rate": 0.01})
    share_run(branch, tmp_path / "a.aestudio")
    run = import_run(tmp_path / "a.aestudio")
    origin = run.require_record().branched_from
    assert origin is not None
    assert origin.run == "parent (from a.aestudio)"
    assert run.newest_state().step == branch.newest_state().step


def test_nothing_is_left_of_an_import_that_the_disk_refuses(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(shared.parent)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1_000_000))
    with pytest.raises(StudioError, match="are free"):
        import_run(shared)
    monkeypatch.undo()


def test_a_file_that_changes_while_it_is_copied_is_refused(
    shared: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The second comparison is made of what was written."""
    checked = shared_run_import._checked

    def check_then_change(archive: Any, path: Path, progress: Any) -> Any:
        result = checked(archive, path, progress)
        part = result.manifest.parts[0]
        changed = part.model_copy(update={"sha256": "0" * 64})
        manifest = result.manifest.model_copy(update={"parts": (changed, *result.manifest.parts[1:])})
        return shared_run_import.CheckedRun(manifest, result.record, result.size)

    monkeypatch.setattr(shared_run_import, "_checked", check_then_change)
    with pytest.raises(StudioError, match="changed while it was read"):
        import_run(shared)
    assert list(runs_folder().iterdir()) == []


def test_checking_alone_writes_nothing(shared: Path, kept: KeptRun) -> None:
    checked = check_shared_run(shared)
    assert checked.record == kept.record
    assert checked.manifest.name == kept.name
    assert not runs_folder().exists()


def test_lists_show_nothing_of_an_import_that_is_under_way(
    shared: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Sequence[KeptRun]] = []
    read = shared_run_import._read_all

    def look(hidden: Path, path: Path) -> None:
        seen.append(kept_runs())
        read(hidden, path)

    monkeypatch.setattr(shared_run_import, "_read_all", look)
    import_run(shared)
    assert seen == [()]
    assert len(kept_runs()) == 1


def test_a_killed_run_without_weights_says_what_to_do(kept: KeptRun, tmp_path: Path) -> None:
    (kept.folder / "weights.safetensors").unlink()
    with pytest.raises(StudioError, match="ended before its weights were written") as caught:
        share_run(KeptRun.at(kept.folder), tmp_path / "a.aestudio")
    assert "--resume" in caught.value.advice
    assert not (tmp_path / "a.aestudio").exists()
