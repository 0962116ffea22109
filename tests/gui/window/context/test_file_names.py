"""Names that are proposed for files: run, step and what it is, in letters that every system takes."""

from __future__ import annotations

import pytest

from aestudio.gui.state.studio_state import StudioState
from aestudio.gui.widgets.offer import Offer, ValueTable
from aestudio.gui.window.context.file_names import file_name
from aestudio.gui.window.context.thing_actions import values_text
from aestudio.recipes.library import find_recipe


class Shown:
    """The part of a snapshot that names ask for."""

    run, step, recipe = "conv-vae-2d", 1200, find_recipe("conv-vae-2d")


@pytest.fixture
def state(monkeypatch: pytest.MonkeyPatch) -> StudioState:
    monkeypatch.setattr(StudioState, "snapshot", property(lambda _: Shown()))
    return StudioState(find_recipe("vae"))


def test_run_step_and_what_it_is(state: StudioState) -> None:
    offer = Offer(what="Reconstruction\nTest image 17, class 4")
    assert file_name(offer, state, "png") == (
        "conv-vae-2d, step 1200, Reconstruction, Test image 17, class 4.png"
    )
    other = file_name(Offer(what="Map", run="other run", step=7), state, "pdf")
    assert other == "other run, step 7, Map.pdf"


def test_an_image_of_the_data_has_neither_run_nor_step_and_its_plot_has(state: StudioState) -> None:
    offer = Offer(what="Test image 17", source="data", chart="Map of the codes")
    assert file_name(offer, state, "png") == "Test image 17.png"
    assert file_name(offer, state, "pdf", chart=True) == "conv-vae-2d, step 1200, Map of the codes.pdf"


@pytest.mark.parametrize("what", ['a/b\\c:d*?"<>|', "\u202eevil\nline", "x" * 500, "..", ""])
def test_no_name_leaves_the_folder_or_is_too_long(state: StudioState, what: str) -> None:
    name = file_name(Offer(what=what), state, "png")
    assert not set(name) & set('/\\:*?"<>|\n\u202e')
    assert name.endswith(".png")
    assert len(name.encode()) < 255
    assert not name.startswith(".")


def test_csv_quotes_what_has_the_separator_in_it() -> None:
    table = ValueTable(("Epochs", "Loss, validation [nats]"), [(1, 2.5), ("", 'say "x"')])
    assert values_text(table, ",") == 'Epochs,"Loss, validation [nats]"\n1,2.5\n,"say ""x"""\n'
