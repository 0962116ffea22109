"""Errors of a user's own network or objective, before and in a training, name the part and its line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import torch

from aestudio.datasets.image_shape import DataShape, ImageShape
from aestudio.errors import StudioError
from aestudio.recipes import objective as objectives
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe
from aestudio.recipes.objective import Objective
from aestudio.recipes.own_parts.loading_errors import PartUnavailable
from aestudio.recipes.part import from_json
from aestudio.recipes.recipe import read_recipe
from aestudio.training.spec import RunSpec
from aestudio.training.trainer import train
from tests.recipes.own_parts.conftest import allow, put, put_recipe

if TYPE_CHECKING:
    from pathlib import Path

    from aestudio.datasets.dataset import Dataset
    from aestudio.recipes.recipe import Recipe

CALLS = "class MeanAbsoluteModule(ObjectiveModule):\n"
GOOD_TERMS = 'return {"loss": absolute_errors(logits, batch.images).mean()}'


def changed(group: str, name: str, file: str, change: str, by: str) -> Path:
    """Put an example there with a changed text in one of its files, and agree to it; returns the file."""
    path = put(group, name) / f"{file}.py"
    replace_in(path, change, by)
    allow(group, name)
    return path


def replace_in(path: Path, change: str, by: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert change in text
    path.write_text(text.replace(change, by, 1), encoding="utf-8")


def recipe_with(
    change: str = "",
    by: str = "",
    file: str = "module",
    group: str = "objectives",
    name: str = "mean_absolute",
) -> tuple[Recipe, Path]:
    """The recipe of both examples, after a text in a file of one of them was changed; and that file."""
    for other, kind in (("networks", "two_layers"), ("objectives", "mean_absolute")):
        if kind != name:
            put(other, kind)
            allow(other, kind)
    path = changed(group, name, file, change, by)
    short = {"epochs": 1, "batch_size": 32, "units": 8, "validation_images": 30}
    return read_recipe(put_recipe()).with_settings(short), path


def line_of(path: Path, words: str) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    return f"{path}, line {next(number for number, line in enumerate(lines, 1) if words in line)}"


def failure(recipe: Recipe, dataset: Dataset) -> PartUnavailable:
    with pytest.raises(PartUnavailable) as caught:
        list(train(RunSpec("run", recipe, dataset.origin, "cpu"), dataset))
    return caught.value


@pytest.mark.parametrize(
    ("change", "by", "words"),
    [
        (GOOD_TERMS, f"1 / 0  # here\n        {GOOD_TERMS}", "ZeroDivisionError"),
        (CALLS, f"{CALLS}    def after_step(self):\n        self.nothing  # here\n", "AttributeError"),
        (
            CALLS,
            f"{CALLS}    def anneal(self, *_):\n        raise OSError('gone')  # here\n",
            "OSError: gone",
        ),
        (GOOD_TERMS, f"import sys; sys.exit(3)  # here\n        {GOOD_TERMS}", "SystemExit: 3"),
    ],
)
def test_a_line_of_the_objective(change: str, by: str, words: str, few_digits: Dataset) -> None:
    recipe, path = recipe_with(change, by)
    problem = failure(recipe, few_digits)
    assert problem.what.startswith("The objective mean_absolute failed in training (")
    assert words in problem.what
    assert problem.where == line_of(path, "# here")


@pytest.mark.parametrize(
    ("change", "by", "words"),
    [
        (GOOD_TERMS, GOOD_TERMS.replace('"loss"', '"lost"'), "KeyError: 'loss'"),
        (GOOD_TERMS, GOOD_TERMS.replace(".mean()", ".mean().detach()"), "does not require grad"),
        (GOOD_TERMS, GOOD_TERMS.replace(".mean()", ""), "scalar"),
        (CALLS, f"{CALLS}    def anneal(self):\n        pass\n", "TypeError"),
        (CALLS, f"{CALLS}    def after_step(self, more):\n        pass\n", "TypeError"),
    ],
)
def test_an_error_in_none_of_its_lines_names_its_folder(
    change: str, by: str, words: str, few_digits: Dataset
) -> None:
    recipe, path = recipe_with(change, by)
    problem = failure(recipe, few_digits)
    assert problem.what.startswith("The objective mean_absolute failed in training (")
    assert words in problem.what
    assert problem.where == str(path.parent)


def test_numbers_that_cannot_be_kept(few_digits: Dataset) -> None:
    double = (
        f"{CALLS}    def __init__(self, architecture):\n        super().__init__(architecture)\n"
        "        import torch\n        self.register_buffer('wide', torch.zeros(2, dtype=torch.float64))\n"
    )
    recipe, path = recipe_with(CALLS, double)
    problem = failure(recipe, few_digits)
    assert problem.what.startswith("The objective mean_absolute cannot be loaded (TypeError: objective.wide")
    assert problem.where == str(path.parent)


def test_a_phase_without_parameters(few_digits: Dataset) -> None:
    text = (
        "    def phases(self):\n        from aestudio.recipes.phase import Phase\n"
        '        return (Phase("first", parameters=("nowhere",)),)\n\n'
    )
    recipe, path = recipe_with("    def terms(self)", f"{text}    def terms(self)", "config")
    problem = failure(recipe, few_digits)
    assert problem.what.startswith(
        "The objective mean_absolute cannot be loaded (ValueError: the phase first"
    )
    assert problem.where == str(path.parent)


def test_memory_that_runs_out_is_not_the_objectives_fault(few_digits: Dataset) -> None:
    raises = f"import torch; raise torch.OutOfMemoryError('CUDA out of memory')\n        {GOOD_TERMS}"
    recipe, _ = recipe_with(GOOD_TERMS, raises)
    with pytest.raises(torch.OutOfMemoryError):
        list(train(RunSpec("run", recipe, few_digits.origin, "cpu"), few_digits))


def test_an_error_of_the_program_is_not_the_objectives_fault(
    few_digits: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_: Any) -> None:
        raise ValueError("a fault of the program")

    recipe, _ = recipe_with()
    monkeypatch.setattr("aestudio.training.trainer.Started", fail)
    with pytest.raises(ValueError, match="a fault of the program"):
        list(train(RunSpec("run", recipe, few_digits.origin, "cpu"), few_digits))


# ---- the architecture: which of two parts ---------------------------------------------------------------


FAILING = "if {}: raise LookupError('lost')  # here\n        {}"


@pytest.mark.parametrize(
    ("group", "name", "change", "condition"),
    [
        ("networks", "two_layers", "return (Flatten()", "inputs[0] == 3"),
        ("networks", "two_layers", "return (Dense(", "image[0] == 3"),
        ("objectives", "mean_absolute", 'return Latent("vector"', "True"),
        ("objectives", "mean_absolute", "return flat_code(", "True"),
    ],
)
def test_the_part_that_failed_is_named(group: str, name: str, change: str, condition: str) -> None:
    recipe, file = recipe_with(change, FAILING.format(condition, change), "config", group, name)
    with pytest.raises(PartUnavailable, match="LookupError: lost") as caught:
        Architecture(recipe, DataShape(ImageShape(3, 9, 12)))
    assert caught.value.what.startswith(f"The {group[:-1]} {name} cannot be loaded")
    assert caught.value.where == line_of(file, "# here")


@pytest.mark.parametrize(
    ("group", "name", "change", "by"),
    [
        ("networks", "two_layers", "return (Dense(self.units)", 'return ("no layer" * (image[0] == 3),)'),
        ("objectives", "mean_absolute", "return flat_code(features, latent_size)", 'return ("no layer",)'),
    ],
)
def test_what_is_no_layer_is_the_fault_of_the_part_that_gave_it(
    group: str, name: str, change: str, by: str
) -> None:
    if group == "networks":
        by = f"if image[0] == 3: return ('no layer',)\n        {change}"
    recipe, file = recipe_with(change, by, "config", group, name)
    with pytest.raises(PartUnavailable, match="AttributeError") as caught:
        Architecture(recipe, DataShape(ImageShape(3, 9, 12)))
    assert caught.value.what.startswith(f"The {group[:-1]} {name} cannot be loaded")
    assert caught.value.where == str(file.parent)


def test_a_shape_that_does_not_fit_is_still_a_sentence_about_the_images() -> None:
    failing = FAILING.format("image[0] == 3", "return (Dense(")
    raises = failing.replace("LookupError('lost')", "ShapeError('no')")
    raises = f"from aestudio.layers.layer import ShapeError\n        {raises}"
    recipe, _ = recipe_with("return (Dense(", raises, "config", "networks", "two_layers")
    with pytest.raises(StudioError, match=r"The network does not fit images of 9 × 12 \(height × width\)"):
        Architecture(recipe, DataShape(ImageShape(3, 9, 12)))


def test_an_objective_whose_refusal_fails() -> None:
    text = "    def refuses(self, network):\n        return network.nothing  # here\n\n    def terms(self)"
    file = changed("objectives", "mean_absolute", "config", "    def terms(self)", text)
    objective = from_json(objectives.PACKAGE, Objective, {"kind": "mean_absolute"})
    assert isinstance(objective, Objective)
    with pytest.raises(PartUnavailable, match="AttributeError") as caught:
        find_recipe("deep-ae").combined(objective=objective)
    assert caught.value.where == line_of(file, "# here")


TWO_PHASES = """    def phases(self):
        from aestudio.recipes.phase import Phase
        parts = ("encoder", "decoder", "objective")
        return (Phase("first", parameters=parts), Phase("second", "Second", parts, "other", begins=2.0))

    def terms(self)"""
BOTH = """    def phase_terms(self, phase, batch, network):
        logits = network.logits(self.code(network.features(batch.images)).mean)
        loss = absolute_errors(logits, batch.images).mean()
        return {"loss" if phase == "first" else "other": loss, "size": loss}

"""


def test_two_phases_with_a_term_of_the_same_name(few_digits: Dataset) -> None:
    """It is known at the start, also if one of them begins after the training."""
    folder = put("objectives", "mean_absolute")
    term = '(Term("loss", "Loss", "absolute error per image"),)'
    by = f'{term[:-1]} Term("other", "Other", "x"))'
    replace_in(folder / "config.py", term, by)
    replace_in(folder / "config.py", "    def terms(self)", TWO_PHASES)
    replace_in(folder / "module.py", CALLS, f"{CALLS}{BOTH}")
    put("networks", "two_layers")
    for group, name in (("networks", "two_layers"), ("objectives", "mean_absolute")):
        allow(group, name)
    recipe = read_recipe(put_recipe()).with_settings({"epochs": 1, "batch_size": 32, "units": 8})
    problem = failure(recipe, few_digits)
    assert "ValueError: the phases first and second both have a term size" in problem.what
    assert problem.where == str(folder)
