"""Own recipes, networks and objectives on the command line: nothing is run before `aestudio trust`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from aestudio.paths import runs_folder, user_parts_folder
from tests.recipes.own_parts.conftest import put, put_recipe

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Answer

TRAIN = ("train", "two-layers", "--dataset", "builtin", "--device", "cpu", "--json")


@pytest.fixture(autouse=True)
def _examples() -> None:
    put("networks", "two_layers")
    put("objectives", "mean_absolute")
    put_recipe()


def trust_both(aestudio: Callable[..., Answer]) -> None:
    for name in ("two_layers", "objectives/mean_absolute"):
        assert aestudio("trust", name).code == 0


def test_the_question_and_its_answer(aestudio: Callable[..., Answer]) -> None:
    answer = aestudio(*TRAIN)
    assert (answer.code, runs_folder().exists()) == (1, False)
    assert "You have not been asked yet whether to load the network two_layers" in answer.err
    assert "`aestudio trust two_layers`" in answer.err
    assert [row["allowed"] for row in aestudio("trust", "--json").json] == [None, None]
    trust_both(aestudio)
    rows = aestudio("trust", "--json").json
    assert [(row["name"], row["allowed"], row["files"]) for row in rows] == [
        ("networks/two_layers", True, ["config.py"]),
        ("objectives/mean_absolute", True, ["config.py", "errors.py", "module.py"]),
    ]
    answer = aestudio(*TRAIN)
    assert answer.code == 0, answer.err
    assert answer.json["recipe"] == "two-layers"
    assert answer.json["terms"]["loss"] == pytest.approx(answer.json["test_loss"])


def test_refused_and_changed(aestudio: Callable[..., Answer]) -> None:
    trust_both(aestudio)
    assert aestudio("trust", "two_layers", "--refuse").code == 0
    assert "refused" in aestudio("trust").out
    assert "You chose not to load the network two_layers" in aestudio(*TRAIN).err
    assert aestudio("trust", "two_layers").code == 0
    config = user_parts_folder("networks") / "two_layers" / "config.py"
    config.write_bytes(config.read_bytes() + b"# changed\n")
    assert "not asked yet" in aestudio("trust").out
    assert "You have not been asked yet" in aestudio(*TRAIN).err


def test_recipes_marks_the_own_ones_and_names_what_cannot_be_used(aestudio: Callable[..., Answer]) -> None:
    answer = aestudio("recipes")
    assert "two-layers" not in answer.out
    assert "mine.json" in answer.err
    assert "network two_layers" in answer.err
    assert answer.code == 0
    trust_both(aestudio)
    answer = aestudio("recipes")
    assert "Two layers, absolute error (yours)" in answer.out
    assert answer.out.count("(yours)") == 1
    assert answer.err == ""
    assert aestudio("recipes", "--json").json[-1]["name"] == "two-layers"
    assert "Hidden units" not in aestudio("recipes", "vae").out
    assert "units" in aestudio("recipes", "two-layers").out


def test_a_run_that_needs_a_part_is_broken_until_it_is_allowed(aestudio: Callable[..., Answer]) -> None:
    trust_both(aestudio)
    assert aestudio(*TRAIN).code == 0
    assert aestudio("trust", "two_layers", "--refuse").code == 0
    assert "damaged" in aestudio("runs").out
    (run,) = runs_folder().iterdir()
    answer = aestudio("evaluate", run)
    assert answer.code == 1
    assert answer.line.startswith("aestudio: This run cannot be opened (You chose not to load the network")
    assert answer.line.endswith("Allow it in the window, or with `aestudio trust two_layers`.")
    assert aestudio("trust", "two_layers").code == 0
    assert aestudio("evaluate", run, "--json").json["test_loss"] > 0


def test_a_run_whose_part_is_gone_says_where_it_belongs(aestudio: Callable[..., Answer]) -> None:
    trust_both(aestudio)
    assert aestudio(*TRAIN).code == 0
    folder = user_parts_folder("networks")
    folder.rename(folder.with_name("elsewhere"))
    (run,) = runs_folder().iterdir()
    assert f"There is no network 'two_layers' here: {folder}" in aestudio("evaluate", run).line
    folder.with_name("elsewhere").rename(folder)
    assert aestudio("evaluate", run).code == 0


@pytest.mark.parametrize("name", ["nothing", "networks/nothing", "../networks/two_layers"])
def test_names_that_there_are_not(aestudio: Callable[..., Answer], name: str) -> None:
    answer = aestudio("trust", name)
    assert (answer.code, answer.out) == (2, "")
    assert "Allowed: networks/two_layers, objectives/mean_absolute." in answer.line


def test_a_name_of_both_kinds_needs_its_group(aestudio: Callable[..., Answer]) -> None:
    put("objectives", "two_layers", source="mean_absolute")
    assert "Allowed: networks/two_layers, objectives/two_layers." in aestudio("trust", "two_layers").line
    assert aestudio("trust", "objectives/two_layers").code == 0
    states = {row["name"]: row["allowed"] for row in aestudio("trust", "--json").json}
    assert (states["networks/two_layers"], states["objectives/two_layers"]) == (None, True)


def test_folders_that_cannot_be_read_are_named(aestudio: Callable[..., Answer]) -> None:
    folder = user_parts_folder("networks") / "two_layers"
    (folder / "link").symlink_to(folder)
    answer = aestudio("trust")
    assert answer.code == 0
    assert "objectives/mean_absolute" in answer.out
    assert f"link or a special file is not loaded: {folder / 'link'}" in answer.err
    assert aestudio("trust", "two_layers").code == 1


def test_refuse_needs_a_name(aestudio: Callable[..., Answer]) -> None:
    assert aestudio("trust", "--refuse").code == 2


def test_the_answers_are_read_by_other_programs(aestudio: Callable[..., Answer]) -> None:
    trust_both(aestudio)
    from aestudio.paths import settings_folder

    table = json.loads((settings_folder() / "own-models.json").read_text(encoding="utf-8"))
    assert set(table["answers"]) == {"networks/two_layers", "objectives/mean_absolute"}
