"""A run that travelled as one file to a fresh home shows the same digit, sliders and curves there."""

from __future__ import annotations

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

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

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


@pytest.mark.thorough
def test_a_run_that_travelled_gives_the_same_digits_sliders_and_curves(
    person: Person, open_window: Callable[..., Person], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trained(person)
    session = person.window.session
    session.explore.select(7)
    session.workspace.mute(2, True)
    session.explore.choose_plane(PlaneChoice("dimensions", 1, 3))
    session.explore.move_slider(0, 1.25)
    session.explore.move_slider(3, -0.5)
    person.wait_computed()
    before, drawn = person.state, curves(person)
    values = shown_sliders(person)
    assert len(values) == 4
    close(person)
    (run,) = kept_runs()
    assert read_view(run.folder) is not None, "written when the window closed"
    share_run(run, tmp_path / "for Monday.aestudio")

    monkeypatch.setenv("AESTUDIO_HOME", str(tmp_path / "another computer"))
    assert not runs_folder().exists()
    other = open_window()
    other.wait(lambda: other.state.torch_phase == "ready" and other.state.data.phase == "ready")
    other.window.commands.run("file.open_path", path=str(tmp_path / "for Monday.aestudio"))
    other.wait(lambda: "Opened " in other.state.message.text)
    other.show("latent")
    other.wait_computed()
    other.wait(lambda: other.state.exploration.image is not None)
    found, expected = other.state.exploration, before.exploration
    assert found.set_by_user
    for one, same in ((found.code, expected.code), (found.decoded_code, expected.decoded_code)):
        assert one is not None
        assert same is not None
        assert np.array_equal(one, same)
    assert found.image is not None
    assert expected.image is not None
    assert np.array_equal(found.image, expected.image)
    assert other.state.workspace.sliders == before.workspace.sliders
    assert other.state.plane == before.plane
    assert other.state.selected == before.selected == 7
    assert shown_sliders(other) == values
    assert all(np.array_equal(a, b) for a, b in zip(curves(other), drawn, strict=True))
    assert drawn


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
