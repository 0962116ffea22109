"""Options of views that are remembered across starts: how something is shown, not what.

They are no part of the state: nothing else in the window depends on them. A value that is not offered any
more, or a damaged file, is ignored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aestudio.gui.controllers.settings_file import change_table, read_table

if TYPE_CHECKING:
    from PySide6.QtWidgets import QCheckBox

    from aestudio.gui.widgets.choice_box import ChoiceBox

FILE = "options.json"


def keep_choice(box: ChoiceBox, name: str) -> None:
    """Show what was chosen in this box last, and keep what the user chooses from now on.

    name: "view.option", which never changes
    """
    show_kept(box, name)
    box.chosen.connect(lambda value: keep_option(name, value))


def show_kept(box: ChoiceBox, name: str) -> None:
    """Show what was chosen in this box last, if it is offered: for boxes that are filled later."""
    table = read_table(FILE)
    if name in table:
        kept = table[name]
        values = [box.itemData(row) for row in range(box.count())]
        found = [row for row, value in enumerate(values) if type(value) is type(kept) and value == kept]
        if found:
            box.setCurrentIndex(found[0])


def keep_switch(box: QCheckBox, name: str) -> None:
    """The same for a box that is ticked."""
    kept = kept_option(name, (True, False))
    if kept is not None:
        box.setChecked(kept)
    box.clicked.connect(lambda on: keep_option(name, on))


def kept_option(name: str, values: Any) -> Any:
    """What was chosen last, if it is one of these values; otherwise None."""
    kept = read_table(FILE).get(name)
    return next((value for value in values if type(value) is type(kept) and value == kept), None)


def keep_option(name: str, value: Any) -> None:
    """Keep a choice; other windows of the program may have written others."""
    change_table(FILE, {name: value})
