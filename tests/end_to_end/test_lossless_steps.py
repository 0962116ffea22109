"""Compress without loss, step by step, in the real window: bits are popped, pushed, and add up."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from aestudio.gui.window.files.lossless_dialog import IMAGES, LosslessDialog
from tests.end_to_end.conftest import small

if TYPE_CHECKING:
    from tests.end_to_end.conftest import Person


def numbers(text: str) -> list[float]:
    return [float(number.replace("−", "-")) for number in re.findall(r"−?\d+\.\d+", text)]


def test_each_step_of_the_stack_is_shown(person: Person) -> None:
    window = person.window
    window.session.recipe.choose_recipe(small("deep-ae", epochs=1))
    person.click(window.left.training.start)
    person.wait_phase("ended")
    assert "variational" in window.commands["code.lossless"].obstacle()
    window.session.recipe.choose_recipe(small("vae", epochs=1))
    person.click(window.left.training.start)
    person.wait(lambda: person.training.phase != "ended")
    person.wait_phase("ended")
    assert window.commands["code.lossless"].obstacle() == ""
    window.session.explore.select(3)
    window.actions_by_id["code.lossless"].trigger()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, LosslessDialog)
    person.wait(lambda: dialog.steps is not None)
    steps = dialog.steps
    assert steps is not None
    assert dialog.slider.maximum() == 3 * IMAGES

    # At the beginning there is the first message alone.
    assert [block.kind for block in dialog.stack.blocks] == ["first"]
    assert not dialog.back.isEnabled()
    total = steps.file.first
    for number, step in enumerate(steps.file.steps):
        person.click(dialog.on)
        kinds = [block.kind for block in dialog.stack.blocks]
        assert kinds[-1] == "popped"
        assert np.isclose(sum(block.bits for block in dialog.stack.blocks), total)
        person.click(dialog.on)
        assert [block.kind for block in dialog.stack.blocks][-1] == "pixels"
        assert np.isclose(sum(block.bits for block in dialog.stack.blocks), total - step.popped + step.pixels)
        person.click(dialog.on)
        total += step.net
        assert [block.kind for block in dialog.stack.blocks][-2:] == ["pixels", "code"]
        assert np.isclose(sum(block.bits for block in dialog.stack.blocks), total)
        more, popped, pixels, code, net = numbers(dialog.cost.text())
        assert more == code
        assert popped + pixels + code == pytest.approx(net, abs=0.2)
        assert dialog.picture._caption == f"{number + 1} of {IMAGES}"
        expected = np.where(person.state.image_set.images[3 + number] >= 128, 255, 0)
        assert np.array_equal(steps.images[number], expected)
    assert not dialog.on.isEnabled()
    sizes = steps.file.container.sizes
    assert f"The file has {sizes.total} bytes: {sizes.header} of header" in dialog.total.text()
    assert numbers(dialog.total.text())[0] == pytest.approx(steps.file.net_bits / IMAGES, abs=0.05)
    assert "gzip" in dialog.others.text()
    person.click(dialog.close_button)
    person.wait(lambda: QApplication.activeModalWidget() is None)


def test_a_dialog_that_is_closed_early_leaves_nothing_behind(person: Person) -> None:
    window = person.window
    window.session.recipe.choose_recipe(small("vae", epochs=1))
    person.click(window.left.training.start)
    person.wait_phase("ended")
    window.actions_by_id["code.lossless"].trigger()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, LosslessDialog)
    person.click(dialog.close_button)
    person.wait(lambda: QApplication.activeModalWidget() is None)
    person.wait(lambda: not person.state.tasks)
