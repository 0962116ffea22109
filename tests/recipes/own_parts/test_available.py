"""Own parts: nothing is run before the user agreed, only the agreed bytes are run, errors name the line."""

from __future__ import annotations

import importlib
import importlib.metadata
import pkgutil
import sys
from importlib.metadata import EntryPoint
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch

from aestudio.datasets.image_shape import MNIST, DataShape, ImageShape
from aestudio.errors import BadChoice, StudioError
from aestudio.paths import settings_folder
from aestudio.recipes import network as networks
from aestudio.recipes import objective as objectives
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.network import Network
from aestudio.recipes.objective import Objective
from aestudio.recipes.own_parts import available
from aestudio.recipes.own_parts.answers import remember_answer
from aestudio.recipes.own_parts.loading_errors import MissingPart, PartUnavailable
from aestudio.recipes.own_parts.memory_loader import PREFIX
from aestudio.recipes.own_parts.part_folder import read_part_folder
from aestudio.recipes.part import Part, from_json, module_of, scan_parts
from aestudio.recipes.recipe import Recipe, read_recipe
from aestudio.training.model import build_model
from tests.recipes.own_parts.conftest import allow, put, put_recipe

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from aestudio.recipes.own_parts.available import Scan

TOUCHES = "import pathlib\npathlib.Path(__file__).with_name('was_run').touch()\n"
DECLARES = """
from typing import ClassVar
from aestudio.layers.reshape import Flatten, Reshape
from aestudio.layers.dense import Dense
from aestudio.recipes.network import Network
from aestudio.recipes.setting import setting

class Mine(Network):
    title: ClassVar[str] = "Mine"
    summary: ClassVar[str] = "A test."
    def encoder(self, inputs):
        return (Flatten(), Dense({units}))
    def decoder(self, inputs, image):
        return (Dense(image[0] * image[1] * image[2]), Reshape(image))
"""


def network_named(kind: str, **settings: Any) -> Any:
    return from_json(networks.PACKAGE, Network, {"kind": kind, **settings})


def scan_networks() -> Scan:
    return scan_parts(networks.PACKAGE, Network)


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    """Modules of the user's folders do not stay for the next test."""
    yield
    available._entry_points.cache_clear()
    available._LOADED.clear()
    available._INSTALLED_KINDS.clear()
    for name in [name for name in sys.modules if name.partition(".")[0] in (PREFIX, "installed_models")]:
        del sys.modules[name]


# ---- trust -----------------------------------------------------------------------------------------


def test_nothing_is_run_before_the_user_agreed(network: Path) -> None:
    (network / "config.py").write_text(TOUCHES + DECLARES.format(units=3), encoding="utf-8")
    scan = scan_networks()
    assert (scan.parts, [asked.key for asked in scan.waiting], scan.problems) == (
        {},
        ["networks/two_layers"],
        (),
    )
    with pytest.raises(PartUnavailable, match="You have not been asked yet") as caught:
        network_named("two_layers")
    assert caught.value.where == str(network)
    assert "aestudio trust two_layers" in caught.value.advice
    assert not (network / "was_run").exists()
    allow("networks", "two_layers")
    assert network_named("two_layers").title == "Mine"
    assert (network / "was_run").exists()


def test_what_was_refused_is_not_run_and_not_asked_again(network: Path) -> None:
    (network / "config.py").write_text(TOUCHES + DECLARES.format(units=3), encoding="utf-8")
    remember_answer(read_part_folder("networks", "two_layers"), allowed=False)
    scan = scan_networks()
    assert (scan.parts, scan.waiting) == ({}, ())
    (problem,) = scan.problems
    assert problem.what == "You chose not to load the network two_layers"
    with pytest.raises(PartUnavailable, match="You chose not to load"):
        network_named("two_layers")
    assert not (network / "was_run").exists()


def test_a_change_is_asked_about_again_and_then_replaces_the_old_version(
    written: Callable[..., Path],
) -> None:
    folder = written("networks", "mine", config=DECLARES.format(units=3))
    old = network_named("mine")
    (folder / "config.py").write_text(DECLARES.format(units=5), encoding="utf-8")
    assert [asked.name for asked in scan_networks().waiting] == ["mine"]
    with pytest.raises(PartUnavailable, match="not been asked"):
        network_named("mine")
    allow("networks", "mine")
    new = network_named("mine")
    assert [part.encoder((1, 28, 28))[1].units for part in (old, new)] == [3, 5]
    assert [part.kind() for part in (old, new)] == ["mine", "mine"]


def test_the_bytes_that_were_read_are_run_whatever_lies_on_the_disk_now(
    network: Path, objective: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files are exchanged between reading and running, and one is added that was never asked about."""
    allow("objectives", "mean_absolute")
    read = available.read_part_folder

    def read_then_exchange(group: str, name: str) -> Any:
        content = read(group, name)
        for file in ("config", "module", "errors"):
            (objective / f"{file}.py").write_text(TOUCHES, encoding="utf-8")
        (objective / "late.py").write_text(TOUCHES, encoding="utf-8")
        return content

    monkeypatch.setattr(available, "read_part_folder", read_then_exchange)
    part = from_json(objectives.PACKAGE, Objective, {"kind": "mean_absolute"})
    assert isinstance(part, Objective)
    module = module_of(part)
    assert module.build.__module__.endswith(".mean_absolute.module")
    with pytest.raises(ModuleNotFoundError):
        importlib.import_module(f"{module.__package__}.late")
    assert not (objective / "was_run").exists()


def test_no_bytecode_is_written(network: Path, objective: Path) -> None:
    for group, name in (("networks", "two_layers"), ("objectives", "mean_absolute")):
        allow(group, name)
    build_model(Architecture(read_recipe(put_recipe()), MNIST))
    left = [path.name for folder in (network, objective) for path in folder.rglob("*")]
    assert sorted(left) == ["config.py", "config.py", "errors.py", "module.py"]


# ---- what a user writes ------------------------------------------------------------------------------


@pytest.fixture
def recipe(network: Path, objective: Path) -> Recipe:
    """The recipe of both examples, allowed."""
    allow("networks", "two_layers")
    allow("objectives", "mean_absolute")
    return read_recipe(put_recipe())


@pytest.mark.parametrize("data", [MNIST, DataShape(ImageShape(3, 9, 12))], ids=str)
def test_examples_make_a_model(recipe: Recipe, data: DataShape) -> None:
    architecture = Architecture(recipe, data)
    model = build_model(architecture).train()
    size = data.image.size
    assert architecture.parameter_count == (size * 32 + 32) + (32 * 4 + 4) + (4 * 32 + 32) + (
        32 * size + size
    )
    assert sum(p.numel() for p in model.parameters()) == architecture.parameter_count
    images = torch.rand(5, *data.image.array, generator=torch.Generator().manual_seed(1))
    logits = model.decode(model.encode(images).mean)
    assert logits.shape == images.shape
    expected = np.abs(1 / (1 + np.exp(-logits.detach().numpy())) - images.numpy()).reshape(5, -1).sum(1)
    logits = model.decode(model.encode(images).mean)
    losses = model.objective.image_loss(logits, images).detach().numpy()
    np.testing.assert_allclose(losses, expected, rtol=1e-5)


def test_a_recipe_of_own_parts_reads_back(recipe: Recipe, tmp_path: Path) -> None:
    from aestudio.recipes.recipe import write_recipe

    assert recipe.network.kind() == "two_layers"
    assert recipe.objective.kind() == "mean_absolute"
    write_recipe(recipe, tmp_path / "copy.json")
    assert read_recipe(tmp_path / "copy.json") == recipe


def test_data_files_are_served_from_memory(written: Callable[..., Path]) -> None:
    folder = written("networks", "mine", config=DECLARES.format(units=3))
    (folder / "sizes.txt").write_bytes(b"7")
    allow("networks", "mine")
    part = network_named("mine")
    package = type(part).__module__.rpartition(".")[0]
    (folder / "sizes.txt").write_bytes(b"8")
    assert pkgutil.get_data(package, "sizes.txt") == b"7"
    with pytest.raises(OSError, match="not one of the files"):
        pkgutil.get_data(package, "none.txt")


def test_packages_inside_a_folder(written: Callable[..., Path]) -> None:
    folder = written("networks", "mine", config="from .inner.deep import *\n" + DECLARES.format(units=3))
    (folder / "inner").mkdir()
    (folder / "inner" / "deep.py").write_text("UNITS = 3\n", encoding="utf-8")
    allow("networks", "mine")
    module = sys.modules[type(network_named("mine")).__module__]
    assert module.UNITS == 3


# ---- faults ------------------------------------------------------------------------------------------

FAULTS = {
    "syntax": ("x = (\n", "SyntaxError", 1),
    "exception": ("a = 1\n1 / 0\n", "ZeroDivisionError: division by zero", 2),
    "exit": ("import sys\n\nsys.exit(3)\n", "SystemExit: 3", 3),
    "import": ("import no_such_library_here\n", "ModuleNotFoundError", 1),
    "no declaration": ("x = 1\n", "declares 0 classes of Network, not one", None),
    "two": (
        DECLARES.format(units=3) + DECLARES.format(units=4).replace("Mine", "Other"),
        "declares 2 classes",
        None,
    ),
    "abstract": (DECLARES.format(units=3).replace("def encoder", "def other"), "lacks encoder", 8),
    "no title": (
        DECLARES.format(units=3).replace('title: ClassVar[str] = "Mine"', "pass"),
        "lacks title",
        8,
    ),
    "bad default": (
        DECLARES.format(units=3) + '    size: int = setting(0, ge=1, title="Size", help="x")\n',
        "ValidationError",
        8,
    ),
    "layers": (DECLARES.format(units="1 // 0"), "ZeroDivisionError", 12),
    "encoding": ("# \udce9", "cannot be decoded", 1),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_names_the_file_and_line_and_everything_else_works(
    written: Callable[..., Path], network: Path, fault: str
) -> None:
    text, words, line = FAULTS[fault]
    folder = written("networks", "broken", config=DECLARES.format(units=3))
    (folder / "config.py").write_bytes(text.encode("utf-8", "surrogateescape"))
    allow("networks", "broken")
    allow("networks", "two_layers")
    scan = scan_networks()
    assert list(scan.parts) == ["two_layers"]
    (problem,) = scan.problems
    assert words in problem.what
    file = str(folder / "config.py")
    assert problem.where == (file if line is None else f"{file}, line {line}")
    assert problem.advice
    with pytest.raises(PartUnavailable) as caught:
        network_named("broken")
    assert str(caught.value) == str(problem)
    assert network_named("row_gru").kind() == "row_gru"


def test_a_folder_without_its_files(written: Callable[..., Path]) -> None:
    written("networks", "empty")
    written("objectives", "half", config="")
    (problem,) = scan_networks().problems
    assert "The network empty has no config.py" in problem.what
    (problem,) = scan_parts(objectives.PACKAGE, Objective).problems
    assert "The objective half has no module.py" in problem.what


def test_a_fault_in_the_losses_names_the_line(recipe: Recipe, objective: Path) -> None:
    (objective / "module.py").write_text("from .errors import nothing\n", encoding="utf-8")
    allow("objectives", "mean_absolute")
    part: Any = from_json(objectives.PACKAGE, Objective, {"kind": "mean_absolute"})
    with pytest.raises(PartUnavailable, match="cannot import name 'nothing'") as caught:
        module_of(part)
    assert caught.value.where == f"{objective / 'module.py'}, line 1"


def test_a_fault_while_building_names_the_line(recipe: Recipe, objective: Path) -> None:
    (objective / "module.py").write_text("def build(architecture):\n    return 1 / 0\n", encoding="utf-8")
    allow("objectives", "mean_absolute")
    part: Any = from_json(objectives.PACKAGE, Objective, {"kind": "mean_absolute"})
    with pytest.raises(PartUnavailable, match="ZeroDivisionError") as caught:
        build_model(Architecture(recipe.combined(objective=part), MNIST))
    assert caught.value.where == f"{objective / 'module.py'}, line 2"


def test_a_bad_setting_is_the_recipes_fault(network: Path) -> None:
    allow("networks", "two_layers")
    with pytest.raises(ValueError, match="units"):
        network_named("two_layers", units=0)


def test_the_name_of_a_shipped_part_is_refused() -> None:
    put("networks", "row_gru", source="two_layers")
    scan = scan_networks()
    assert (scan.parts, scan.waiting) == ({}, ())
    assert scan.problems[0].what == "The name row_gru is taken by another network"
    assert network_named("row_gru").title == "Row by row (GRU, LSTM)"


@pytest.mark.parametrize("kind", ["../two_layers", "Two_layers", "nothing", "two_layers/config"])
def test_a_name_that_nothing_has(network: Path, kind: str) -> None:
    allow("networks", "two_layers")
    with pytest.raises(MissingPart, match="There is no network") as caught:
        network_named(kind)
    assert isinstance(caught.value, BadChoice)
    assert caught.value.where == str(network.parent)
    assert "Put its folder there, or install the package" in caught.value.advice


# ---- installed packages ------------------------------------------------------------------------------


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Path]:
    """`installed(kind, config)` is a package installed_models.KIND with an entry point."""
    points: dict[str, str] = {}
    top = tmp_path / "site" / "installed_models"
    top.mkdir(parents=True)
    (top / "__init__.py").write_text("", encoding="utf-8")
    monkeypatch.syspath_prepend(top.parent)

    def entry_points(group: str) -> list[EntryPoint]:
        found = points.items() if group == "aestudio.networks" else ()
        return [EntryPoint(name, value, group) for name, value in found]

    def install(name: str, config: str, package: str = "") -> Path:
        folder = top / (package or name)
        folder.mkdir(exist_ok=True)
        (folder / "__init__.py").write_text("", encoding="utf-8")
        (folder / "config.py").write_text(config, encoding="utf-8")
        points[name] = f"installed_models.{folder.name}"
        importlib.invalidate_caches()
        available._entry_points.cache_clear()
        return folder

    monkeypatch.setattr(importlib.metadata, "entry_points", entry_points)
    return install


def test_an_installed_network_is_used_without_a_question(installed: Callable[..., Path]) -> None:
    installed("deep", DECLARES.format(units=3), package="inner")
    scan = scan_networks()
    assert (list(scan.parts), scan.waiting, scan.problems) == (["deep"], (), ())
    part = network_named("deep")
    assert part.kind() == "deep"
    assert part.to_json()["kind"] == "deep"
    assert not settings_folder().exists()


def test_a_fault_of_an_installed_network_names_the_line(installed: Callable[..., Path]) -> None:
    folder = installed("faulty", "x = 1\n1 / 0\n")
    installed("good", DECLARES.format(units=3))
    scan = scan_networks()
    assert list(scan.parts) == ["good"]
    assert scan.problems[0].where == f"{folder / 'config.py'}, line 2"


def test_an_installed_package_that_is_gone(installed: Callable[..., Path]) -> None:
    folder = installed("gone", DECLARES.format(units=3))
    for path in folder.iterdir():
        path.unlink()
    folder.rmdir()
    importlib.invalidate_caches()
    (problem,) = scan_networks().problems
    assert "The network gone cannot be loaded (ModuleNotFoundError" in problem.what
    with pytest.raises(StudioError, match="cannot be loaded"):
        network_named("gone")


def test_two_names_of_one_package_are_refused(installed: Callable[..., Path]) -> None:
    installed("first", DECLARES.format(units=3), package="same")
    installed("second", DECLARES.format(units=3), package="same")
    scan = scan_networks()
    assert list(scan.parts) == ["first"]
    assert "second is installed as first too" in scan.problems[0].what


def test_an_installed_name_is_not_that_of_a_folder_or_of_a_shipped_part(
    installed: Callable[..., Path], network: Path
) -> None:
    installed("two_layers", DECLARES.format(units=3))
    installed("row_gru", DECLARES.format(units=3))
    scan = scan_networks()
    assert [part.title for part in scan.parts.values()] == ["Mine"]
    assert scan.waiting == ()
    assert [problem.what for problem in scan.problems] == [
        "The name row_gru is taken by another network",
        "The name two_layers is taken by another network",
    ]


def test_shipped_parts_never_ask(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(available, "folder_names", lambda group: pytest.fail("the user's folder was read"))
    part = network_named("row_gru")
    assert isinstance(part, Part)
    assert part.kind() == "row_gru"
