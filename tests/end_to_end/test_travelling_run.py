"""A run that travelled as one file to a fresh home shows the same digit, sliders and curves there."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from aestudio.gui.state.studio_state import PlaneChoice
from aestudio.gui.widgets.latent_slider import LatentSlider
from aestudio.paths import runs_folder
from aestudio.runs.index import kept_runs
from aestudio.runs.shared_run_export import share_run
from aestudio.runs.view_file import read_view
from tests.end_to_end.conftest import close, small
from tests.end_to_end.test_open_files import drop, mime
from tests.runs.test_shared_run import parts_of, write_parts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from aestudio.gui.state.studio_state import StudioState
    from tests.end_to_end.conftest import Person


def trained(person: Person) -> None:
    person.window.session.recipe.choose_recipe(small(epochs=1, latent_size=4))
    person.click(person.window.left.training.start)
    person.wait_phase("ended")
    person.show("latent")
    person.wait(lambda: person.state.exploration.image is not None)
    person.wait_computed()


def shown_sliders(person: Person) -> list[float]:
    """The values that the sliders on the screen have."""
    sliders: Any = person.window.view.explorer.sliders  # type: ignore[attr-defined]
    return [slider.value for slider in sliders.findChildren(LatentSlider) if slider.isVisible()]


def curves(person: Person) -> list[np.ndarray]:
    run = person.state.shown_run
    return [series.term(name) for series in (run.training, run.validation) for name in series.names]


@dataclass(frozen=True)
class Seen:
    """What the Latent view shows of a run: state, values of the sliders on the screen, curves."""

    state: StudioState
    sliders: list[float]
    curves: list[np.ndarray]


def seen(person: Person) -> Seen:
    return Seen(person.state, shown_sliders(person), curves(person))


def set_up(person: Person) -> Seen:
    """Train a run and set up its latent space."""
    trained(person)
    session = person.window.session
    session.explore.select(7)
    session.workspace.mute(2, True)
    session.explore.choose_plane(PlaneChoice("dimensions", 1, 3))
    session.explore.move_slider(0, 1.25)
    session.explore.move_slider(3, -0.5)
    person.wait_computed()
    return seen(person)


def opened(way: str, file: Path, open_window: Callable[..., Person]) -> Person:
    """A window in which the file was opened, by File > Open, by dropping, or by the command line."""
    other = open_window(file=file if way == "command line" else None)
    other.wait(lambda: other.state.torch_phase == "ready" and other.state.data.phase == "ready")
    if way == "open":
        other.window.commands.run("file.open_path", path=str(file))
    elif way == "drop":
        assert drop(other, mime(file))
    other.wait(lambda: bool(kept_runs()) and other.state.training.folder == kept_runs()[0].folder)
    other.wait(lambda: not other.state.tasks)
    other.show("latent")
    other.wait_computed()
    other.wait(lambda: other.state.exploration.image is not None)
    return other


def assert_same(found: Seen, expected: Seen, way: str) -> None:
    """Digit, sliders and curves to the last bit."""
    one, same = found.state.exploration, expected.state.exploration
    assert one.set_by_user, way
    for name in ("code", "decoded_code", "image"):
        assert getattr(same, name) is not None
        assert np.array_equal(getattr(one, name), getattr(same, name)), f"{way}: {name}"
    assert found.state.workspace.sliders == expected.state.workspace.sliders, way
    assert found.state.plane == expected.state.plane, way
    assert found.state.selected == expected.state.selected == 7, way
    assert found.sliders == expected.sliders, way
    assert len(found.sliders) == 4
    assert all(np.array_equal(a, b) for a, b in zip(found.curves, expected.curves, strict=True)), way
    assert found.curves


def made_by_a_newer_version(file: Path, path: Path) -> None:
    """The same file, as a version would write it that is not there yet, and that can be read here."""
    parts = parts_of(file)
    manifest = json.loads(parts["manifest.json"]) | {"version": 7, "readable_from": 2}
    write_parts(path, {**parts, "manifest.json": json.dumps(manifest).encode(), "dreams.bin": b"unknown"})


@pytest.mark.thorough
def test_a_run_that_travelled_gives_the_same_digits_sliders_and_curves(
    person: Person, open_window: Callable[..., Person], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To a fresh home each time; the one of a newer version says that it can be looked at only."""
    expected = set_up(person)
    close(person)
    (run,) = kept_runs()
    assert read_view(run.folder) is not None, "written when the window closed"
    share_run(run, tmp_path / "for Monday.aestudio")
    made_by_a_newer_version(tmp_path / "for Monday.aestudio", tmp_path / "newer.aestudio")
    ways = {"open": "for Monday", "command line": "for Monday", "drop": "newer"}
    for way, name in ways.items():
        monkeypatch.setenv("AESTUDIO_HOME", str(tmp_path / f"home, {way}"))
        assert not runs_folder().exists()
        other = opened(way, tmp_path / f"{name}.aestudio", open_window)
        assert_same(seen(other), expected, way)
        said = "newer version of the program: it can be looked at, and not trained on"
        assert (said in other.state.message.text) == (name == "newer"), other.state.message.text
        close(other)


@pytest.mark.thorough
def test_each_run_has_its_own_sliders_and_the_image_stays_to_be_compared(
    person: Person, open_window: Callable[..., Person]
) -> None:
    trained(person)
    session = person.window.session
    session.explore.move_slider(1, 0.75)
    first = person.state.exploration.code
    name = person.training.run
    session.runs.open("conv-vae-2d")
    person.wait(lambda: person.state.snapshot is not None and person.state.snapshot.run == "conv-vae-2d")
    person.wait(lambda: not person.state.tasks)
    view = read_view(runs_folder() / name)
    assert view is not None
    assert first is not None
    assert view.code == tuple(first.tolist())
    session.explore.select(9)
    session.runs.open(name)
    person.wait(lambda: person.state.snapshot is not None and person.state.snapshot.run == name)
    person.wait(lambda: person.state.exploration.code is not None)
    assert person.state.selected == 9
    assert np.array_equal(person.state.exploration.code, first)
    close(person)
    other = open_window(run=name)
    other.wait(lambda: other.state.exploration.code is not None and other.state.exploration.set_by_user)
    assert np.array_equal(other.state.exploration.code, first), "also in the next window"
