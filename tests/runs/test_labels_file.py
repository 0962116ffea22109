"""Name, note and tags of a run: kept in a file of their own, which a training never writes over."""

from __future__ import annotations

import json
import shutil
import threading
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from aestudio.errors import BadChoice, StudioError
from aestudio.runs.index import find_run, kept_runs
from aestudio.runs.kept_run import KeptRun
from aestudio.runs.labels_file import FILE, NO_LABELS, change_labels, read_labels
from aestudio.runs.run_record import read_record
from aestudio.runs.start import start_run
from aestudio.training.events import MetricPoint
from tests.runs.conftest import quick_recipe

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset


def test_a_run_of_today_has_none(kept: KeptRun) -> None:
    assert not (kept.folder / FILE).exists()
    assert (kept.labels, kept.note, kept.tags) == (NO_LABELS, "", ())
    assert kept.labels.empty


def test_they_are_kept_and_read_again(kept: KeptRun) -> None:
    before = (kept.folder / "run.json").read_bytes()
    kept.rename("  sharp \n digits ").with_note("first line\r\n  second\n").with_tags(
        ["good", "GOOD", "talk 3"]
    )
    again = KeptRun.at(kept.folder)
    assert (again.title, again.note, again.tags) == (
        "sharp digits",
        "first line\n  second",
        ("good", "talk 3"),
    )
    assert "first line" in again.describe()
    assert again.name == kept.name
    assert (kept.folder / "run.json").read_bytes() == before, "the record belongs to the trainer"
    again.with_note("").with_tags([])
    assert KeptRun.at(kept.folder).labels.title == "sharp digits"


def test_a_copy_on_another_computer_has_them(kept: KeptRun, tmp_path: Path) -> None:
    kept.rename("mine").with_tags(["good"])
    copy = shutil.copytree(kept.folder, tmp_path / "copy", ignore=shutil.ignore_patterns(".*", "writer.lock"))
    assert find_run(str(copy)).title == "mine"
    assert find_run(str(copy)).tags == ("good",)


def test_changes_of_two_processes_are_both_kept(kept: KeptRun) -> None:
    """Each thread changes one label again and again, as two windows would; no change writes over another."""

    def write(name: str) -> None:
        for number in range(20):
            change_labels(kept.folder, **{name: f"{name} {number}"})

    threads = [threading.Thread(target=write, args=(name,)) for name in ("title", "note")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    labels = read_labels(kept.folder)
    assert (labels.title, labels.note) == ("title 19", "note 19")


def test_a_training_leaves_them_and_takes_the_name_over(few_digits: Dataset) -> None:
    events = start_run(quick_recipe(), few_digits, device="cpu")
    for event in events:
        if isinstance(event, MetricPoint) and event.step == 4:
            KeptRun.at(events.folder).rename("named while it learns").with_note("a note")
    (run,) = kept_runs()
    assert (run.title, run.note, run.status) == ("named while it learns", "a note", "finished")
    assert read_record(run.folder).title == "named while it learns", "for earlier versions"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("a\u202egnp.exe", "agnp.exe"),
        ("tab\there\u2028there", "tab here there"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("half \ud800", "half \\ud800"),
        ("<b>bold</b> & 'q' \"q\"", "<b>bold</b> & 'q' \"q\""),
        ("日本語 👩‍🔬", "日本語 👩‍🔬"),
    ],
)
def test_hostile_names_are_harmless(text: str, title: str, kept: KeptRun) -> None:
    assert kept.rename(text).title == title
    assert KeptRun.at(kept.folder).title == title


def test_what_is_refused(kept: KeptRun) -> None:
    for empty in ("", "  \n", "\u202e"):
        with pytest.raises(StudioError, match="title of at least one"):
            kept.rename(empty)
    with pytest.raises(StudioError, match="201 characters, more than 200"):
        kept.rename("x" * 201)
    with pytest.raises(StudioError, match="4,001 characters"):
        kept.with_note("x" * 4001)
    for tag in ("", " ", "a,b"):
        with pytest.raises(BadChoice, match="without a comma"):
            kept.with_tags([tag])
    with pytest.raises(StudioError, match="41 characters"):
        kept.with_tags(["x" * 41])
    with pytest.raises(StudioError, match="cannot have 21 tags"):
        kept.with_tags([str(number) for number in range(21)])
    assert not (kept.folder / FILE).exists()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    title=some.text(max_size=60),
    note=some.text(max_size=200),
    tags=some.lists(some.text(max_size=50), max_size=25),
)
def test_whatever_a_file_says_is_shown_in_one_line(
    title: str, note: str, tags: list[str], tmp_path: Path
) -> None:
    (tmp_path / FILE).write_text(json.dumps({"title": title, "note": note, "tags": tags}))
    labels = read_labels(tmp_path)
    for line in (labels.title or "", *labels.tags):
        assert line == " ".join(line.split())
        assert not set(line) & set("\u202e\u2066\x00\x1b\r\n")
        line.encode()  # no lone surrogates
    assert len(labels.tags) <= 20
    assert len({tag.casefold() for tag in labels.tags}) == len(labels.tags)
    labels.note.encode()


@pytest.mark.parametrize("content", ["", "[]", '{"title": 3}', '{"tags": "abc"}', '{"format": 2}', "\x00"])
def test_a_damaged_file_is_said_and_copied_before_it_is_replaced(content: str, kept: KeptRun) -> None:
    (kept.folder / FILE).write_text(content)
    run = KeptRun.at(kept.folder)
    assert run.title == kept.title
    assert run.problem is None
    assert run.labels_problem is not None
    assert "labels.json" in run.describe()
    assert run.rename("new").labels_problem is None
    assert KeptRun.at(kept.folder).title == "new"
    assert (kept.folder / f"{FILE}.damaged").read_text() == content


def test_a_damaged_run_can_be_named(kept: KeptRun) -> None:
    (kept.folder / "run.json").write_text("{")
    assert KeptRun.at(kept.folder).rename("broken by the disk").title == "broken by the disk"


def test_a_run_that_is_gone_does_not_reappear(kept: KeptRun) -> None:
    shutil.rmtree(kept.folder)
    with pytest.raises(StudioError, match="folder of this run is gone"):
        kept.with_note("late")
    assert not kept.folder.exists()
