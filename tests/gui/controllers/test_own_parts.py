"""Choosing a user's own network or objective in the window: what does not fit is said, and nothing breaks."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

from aestudio.gui.state.own_models_state import OwnModelsState
from aestudio.gui.state.run_state import RunState
from aestudio.recipes import network as networks
from aestudio.recipes import objective as objectives
from aestudio.recipes.network import Network
from aestudio.recipes.objective import Objective
from aestudio.recipes.own_parts.available import find_part
from tests.gui.controllers.conftest import plan_problem
from tests.recipes.own_parts.conftest import allow, put

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.gui.controllers.session import Session

NARROW = """    latent_size: int = setting(2, title="Latent size", unit="numbers", ge=1, le=2, help="Few.")

    def encoder("""


def own(session: Session, group: str, name: str, change: str, by: str) -> Path:
    """Give the session one of the examples, after one text in its config was changed; returns the file."""
    path = put(group, name) / "config.py"
    text = path.read_text(encoding="utf-8")
    assert change in text
    path.write_text(text.replace(change, by, 1), encoding="utf-8")
    allow(group, name)
    bases: dict[str, type[Any]] = {networks.PACKAGE: Network, objectives.PACKAGE: Objective}
    package = f"aestudio.{group}"
    declared = find_part(group, name, bases[package])
    assert declared is not None
    parts = MappingProxyType({package: MappingProxyType({name: declared})})
    session.update(own=replace(session.state.own, parts=parts))
    return path


def planned_titles(session: Session) -> list[str]:
    """The titles of the runs that Compare would train."""
    state = session.state
    return [run.title for run in state.comparison.prepared(state.recipe, state.comparison_context).runs]


def test_a_network_that_does_not_allow_the_latent_size_keeps_its_own(bare: Session) -> None:
    own(bare, "networks", "two_layers", "    def encoder(", NARROW)
    assert bare.state.recipe.network.latent_size == 3
    bare.recipe.choose_network("two_layers")
    assert bare.state.recipe.network.kind() == "two_layers"
    assert bare.state.recipe.network.latent_size == 2
    bare.recipe.choose_network("fully_connected")
    assert bare.state.recipe.network.latent_size == 2


@pytest.mark.parametrize("fault", ["refusal", "setting"])
def test_an_error_of_the_part_is_shown_with_its_line(bare: Session, fault: str) -> None:
    before = bare.state.recipe
    if fault == "refusal":
        text = "    def refuses(self, network):\n        return 1 / 0  # here\n\n    def terms(self)"
        path = own(bare, "objectives", "mean_absolute", "    def terms(self)", text)
        bare.recipe.choose_objective("mean_absolute")
    else:
        text = (
            "    def model_post_init(self, context):\n        if self.latent_size == 3:\n"
            "            raise LookupError('three')  # here\n\n    def encoder("
        )
        path = own(bare, "networks", "two_layers", "    def encoder(", text)
        bare.recipe.choose_network("two_layers")
    lines = path.read_text(encoding="utf-8").splitlines()
    line = next(number for number, line in enumerate(lines, 1) if "# here" in line)
    assert f"{path}, line {line}" in bare.state.message.text
    assert bare.state.message.tone == "warn"
    assert bare.state.recipe is before


def changed(session: Session, path: Path, change: str, by: str) -> None:
    """The user changes the file of an objective, and allows it; the session reads it again."""
    text = path.read_text(encoding="utf-8")
    assert change in text
    path.write_text(text.replace(change, by, 1), encoding="utf-8")
    allow("objectives", path.parent.name)
    declared = find_part("objectives", path.parent.name, Objective)
    assert declared is not None
    parts = MappingProxyType({objectives.PACKAGE: MappingProxyType({path.parent.name: declared})})
    session.update(own=replace(session.state.own, parts=parts))


def test_what_is_started_after_a_file_was_changed_is_the_new_file(bare: Session) -> None:
    path = own(bare, "objectives", "mean_absolute", "Absolute error", "First")
    bare.recipe.choose_objective("mean_absolute")
    first = bare.state.recipe
    bare.intents.own_parts_loaded()
    assert bare.state.recipe is first, "nothing has changed"
    changed(bare, path, "First", "Second")
    bare.intents.own_parts_loaded()
    assert bare.state.recipe.objective.title == "Second"
    assert bare.state.recipe.objective.model_dump() == first.objective.model_dump()
    assert bare.state.recipe.network == first.network

    changed(bare, path, "Second", "Third")
    bare.update(training=RunState("running"))
    bare.intents.own_parts_loaded()
    assert bare.state.recipe.objective.title == "Second", "a training keeps what it began with"
    bare.update(training=RunState("ended"))
    bare.training.start()
    assert bare.state.recipe.objective.title == "Third"


def test_what_is_compared_after_a_file_was_changed_is_the_new_file(bare: Session) -> None:
    path = own(bare, "objectives", "mean_absolute", "Absolute error", "First")
    bare.recipe.choose_objective("mean_absolute")
    bare.update(training=RunState("running"))
    changed(bare, path, "First", "Second")
    bare.intents.own_parts_loaded()
    bare.update(training=RunState("ended"))
    bare.comparison.choose_difference("learning_rate")
    bare.training.start(group="comparison")
    assert {run.recipe.objective.title for run in bare.state.comparison.runs} == {"Second"}


def test_a_new_file_that_does_not_fit_is_not_started_as_the_old_one(bare: Session) -> None:
    path = own(bare, "objectives", "mean_absolute", "Absolute error", "Old")
    bare.recipe.choose_objective("mean_absolute")
    before = bare.state.recipe
    refuses = "    def refuses(self, network):\n        return 'it takes no network'\n\n    def terms(self)"
    changed(bare, path, "    def terms(self)", refuses)
    bare.training.start()
    assert "it takes no network" in bare.state.message.text
    assert not bare.state.training.active
    assert bare.state.recipe is before


def test_an_own_objective_can_be_compared_with_a_shipped_one(bare: Session) -> None:
    own(bare, "objectives", "mean_absolute", "Absolute error", "Sum of absolute errors")
    bare.comparison.choose_difference("objective")
    bare.comparison.set_value(0, "mean_absolute")
    assert bare.comparison.plan.values == ("mean_absolute", "variational")
    assert plan_problem(bare) is None
    assert planned_titles(bare)[0] == "Sum of absolute errors"
    bare.comparison.add()
    assert len(set(bare.comparison.plan.values)) == 3
    assert plan_problem(bare) is None


def test_the_recipes_own_objective_has_its_title_in_the_comparison(bare: Session) -> None:
    own(bare, "objectives", "mean_absolute", "Absolute error", "Sum of absolute errors")
    bare.recipe.choose_objective("mean_absolute")
    bare.update(own=OwnModelsState())  # its folder was removed meanwhile
    bare.comparison.choose_difference("objective")
    assert bare.comparison.plan.values == ("mean_absolute", "reconstruction")
    assert planned_titles(bare)[0] == "Sum of absolute errors"
