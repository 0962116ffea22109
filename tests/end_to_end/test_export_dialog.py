"""File > Export > In another format: every declared exporter, for the run that is on the screen."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from aestudio.export.exporter import exporters
from aestudio.gui.window.files.export_dialog import ExportDialog
from tests.end_to_end.test_menus import choose_path

if TYPE_CHECKING:
    from pathlib import Path

    from tests.end_to_end.conftest import Person

pytestmark = pytest.mark.qt_log_ignore("does not support", extend=True)


def opened(person: Person) -> ExportDialog:
    person.action("export.format").trigger()
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, ExportDialog)
    return dialog


def check_rows_of_formats(dialog: ExportDialog) -> None:
    """The row that is chosen covers no part of its neighbours: all have the padding of the style."""
    formats = dialog.formats
    rows = [formats.visualItemRect(formats.item(number)) for number in range(formats.count())]
    assert min(row.height() for row in rows) >= formats.fontMetrics().height() + 8
    assert all(below.top() > above.bottom() for above, below in itertools.pairwise(rows))
    assert formats.viewport().rect().contains(rows[-1]), "all formats are seen without scrolling"


def choose(dialog: ExportDialog, name: str) -> None:
    dialog.formats.setCurrentRow(list(exporters()).index(name))


@pytest.mark.thorough
def test_the_shown_run_is_written_in_a_chosen_format(person: Person, tmp_path: Path) -> None:
    command = person.window.commands["export.format"]
    model = person.state.model
    person.window.session.update(model=None)
    assert command.obstacle() == "There is no model yet: train one, or open a run."
    person.window.session.update(model=model)
    person.window.session.runs.open("gan")
    person.wait(lambda: person.state.snapshot is not None and person.state.snapshot.run == "gan")
    assert command.obstacle() == ""
    dialog = opened(person)
    titles = [dialog.formats.item(row).text() for row in range(dialog.formats.count())]
    assert titles == [one.title for one in exporters().values()]
    check_rows_of_formats(dialog)
    choose(dialog, "features")
    assert not dialog.save.isEnabled()
    assert dialog.page.obstacle == "This model does not encode images"
    person.click(dialog.cancel)

    person.window.session.runs.open("conv-vae-2d")
    person.wait(lambda: person.state.snapshot is not None and person.state.snapshot.run == "conv-vae-2d")
    dialog = opened(person)
    choose(dialog, "features")
    form = dialog.page.form
    assert form is not None
    form.set_values({"split": "test"})
    person.click(dialog.save)
    path = tmp_path / "codes.npz"
    choose_path(path)
    person.wait(lambda: path.exists() and not person.state.tasks)
    assert person.state.message.text == f"Wrote {path} (The codes of 120 images)."
    with np.load(path) as file:
        assert file["codes"].shape == (120, 2)
        assert int(file["step"]) == person.state.snapshot.step  # type: ignore[union-attr]

    dialog = opened(person)
    choose(dialog, "figure")
    form = dialog.page.form
    assert form is not None
    form.set_values({"formats": "svg"})
    person.click(dialog.save)
    folder = tmp_path / "figures"
    choose_path(folder)
    person.wait(lambda: folder.exists() and not person.state.tasks)
    assert {"map.svg", "curve-loss.svg", "plane.svg"} <= {path.name for path in folder.iterdir()}
    assert f"Wrote {folder} (" in person.state.message.text
    assert "figures as SVG" in person.state.message.text
