"""A form generated from declarations of settings: what matters open, the rest behind an unfold."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from aestudio.errors import BadChoice, StudioError
from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.holder import is_theme_change
from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.widgets.icon_button import TextButton
from aestudio.gui.widgets.plain_text import PlainLabel, one_line
from aestudio.gui.widgets.setting_editors import Editor, SliderEditor, editor_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtCore import QEvent

    from aestudio.recipes.recipe import Recipe
    from aestudio.recipes.setting import SettingInfo


class SettingRow:
    """The three widgets of one setting: its title, its editor, and below them what is wrong with it."""

    def __init__(self, info: SettingInfo) -> None:
        self.info = info
        self.label = PlainLabel(info.title)
        self.editor: Editor = editor_for(info)
        self.message = PlainLabel()
        self.applies = True
        self.message.setWordWrap(True)
        set_role(self.label, "muted")
        set_role(self.message, "bad")
        self.label.setBuddy(self.tab_stops[0])
        self.explain("")

    @property
    def tab_stops(self) -> tuple[QWidget, ...]:
        """Where Tab halts within the editor, the first also by its label's key."""
        return self.editor.tab_stops if isinstance(self.editor, SliderEditor) else (self.editor,)

    def explain(self, reason: str) -> None:
        """Tooltip: what the setting does and what it may be, and why it is locked where it is."""
        bounds = self.info.allowed
        tip = "\n".join(part for part in (reason, self.info.help, bounds[:1].upper() + bounds[1:]) if part)
        for widget in (self.label, self.editor, *self.editor.findChildren(QWidget)):
            widget.setToolTip(tip)

    def set_usable(self, usable: bool) -> None:
        self.editor.setEnabled(usable)
        self.label.setEnabled(usable)

    def say(self, problem: str) -> None:
        """Show what is wrong, or nothing."""
        self.message.setText(problem)
        self.message.setVisible(bool(problem) and self.applies)

    def set_applies(self, applies: bool) -> None:
        self.applies = applies
        self.label.setVisible(applies)
        self.editor.setVisible(applies)
        self.message.setVisible(applies and bool(self.message.text()))


class SettingForm(QWidget):
    """Editors for settings; `setting_changed(name, value)` comes only from the user, with valid values.

    All settings are open until `set_essential` names those that matter. `invalid_changed()`: the text of a
    field became invalid, or valid again; `invalid` has a sentence for each such field, by its name.
    """

    setting_changed = Signal(str, object)
    invalid_changed = Signal()

    def __init__(self, infos: tuple[SettingInfo, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = current_theme()
        self.invalid: dict[str, str] = {}
        self._essential = frozenset(info.name for info in infos)
        self._rows = {info.name: SettingRow(info) for info in infos}
        self._open, self._more = _grid(), _grid()
        self._unfold = TextButton("chevron-right", self.tr("More settings"), role="unfold")
        self._unfolded = False
        self._before: QWidget | None = None
        self._unfold.setToolTip(self.tr("Show or hide the settings that seldom need a change"))
        self._unfold.clicked.connect(self._toggle)
        self._more_panel = QWidget()
        self._more_panel.setLayout(self._more)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.px(theme.inside))
        layout.addLayout(self._open)
        layout.addWidget(self._unfold, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._more_panel)
        for row in self._rows.values():
            row.editor.edited.connect(self._edited)
            row.editor.problem.connect(self._problem)
        self._place()

    @property
    def values(self) -> dict[str, Any]:
        """The last good value of every setting."""
        return {name: row.editor.value for name, row in self._rows.items()}

    def set_values(self, values: dict[str, Any], *, anew: bool = False) -> None:
        """Show values, without a signal; raises BadChoice for a name that the form has not.

        What was refused stays while the value is the one from before, unless all are shown anew.
        """
        for name, value in values.items():
            editor = self._row(name).editor
            (editor.show_value if anew else editor.set_value)(value)
        self._apply_conditions()

    def refuse(self, name: str, reason: str, value: Any) -> None:
        """Mark what stands in a field: it cannot be had for this reason, and the value is still this one."""
        self._row(name).editor.refuse(reason, value)

    def finish(self) -> None:
        """Take what is typed, as if each field had been left."""
        for row in tuple(self._rows.values()):
            if row.applies:
                row.editor.finish()

    def set_enabled_names(self, names: Iterable[str], reason: str = "") -> None:
        """Let only these be changed; the tooltip of the others begins with the reason."""
        usable = set(names)
        for name, row in self._rows.items():
            row.set_usable(name in usable)
            row.explain("" if name in usable else reason)

    def set_essential(self, names: Iterable[str]) -> None:
        """Keep these open, in this order, and put the others behind the unfold."""
        wanted = tuple(names)
        for name in wanted:
            self._row(name)
        self._rows = {
            name: self._rows[name] for name in (*wanted, *(name for name in self._rows if name not in wanted))
        }
        self._essential = frozenset(wanted)
        self._place()

    def set_unfolded(self, unfolded: bool) -> None:
        """Show or hide the settings behind the unfold."""
        self._unfolded = unfolded
        self._unfold.set_icon("chevron-down" if unfolded else "chevron-right")
        self._more_panel.setVisible(unfolded and len(self._essential) < len(self._rows))

    def set_problem(self, name: str, problem: str) -> None:
        """Say below a setting what is wrong with it: what the form itself cannot check; "" takes it away."""
        self._row(name).say(problem)

    def row(self, name: str) -> SettingRow:
        """The widgets of one setting; raises BadChoice for a name that the form has not."""
        return self._row(name)

    def _row(self, name: str) -> SettingRow:
        if name not in self._rows:
            raise BadChoice("setting", name, self._rows)
        return self._rows[name]

    def _place(self) -> None:
        for grid in (self._open, self._more):
            while grid.takeAt(0) is not None:
                pass
        for number, (name, row) in enumerate(self._rows.items()):
            grid = self._open if name in self._essential else self._more
            grid.addWidget(row.label, 2 * number, 0, Qt.AlignmentFlag.AlignVCenter)
            sideways = Qt.AlignmentFlag.AlignLeft if row.info.kind == "switch" else Qt.AlignmentFlag(0)
            grid.addWidget(row.editor, 2 * number, 1, sideways)
            grid.addWidget(row.message, 2 * number + 1, 0, 1, 2)
        has_more = len(self._essential) < len(self._rows)
        self._unfold.setVisible(has_more)
        self._more_panel.setVisible(has_more and self._unfolded)
        self._align_labels()
        self._order_tabs()
        self._apply_conditions()

    def _align_labels(self) -> None:
        """The same column of labels in both parts, as wide as the longest title."""
        theme = current_theme()
        metrics = QFontMetrics(font(theme))
        widest = max((metrics.horizontalAdvance(row.info.title) for row in self._rows.values()), default=0)
        for grid in (self._open, self._more):
            grid.setColumnMinimumWidth(0, widest + theme.px(2))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event):
            self._align_labels()

    def follow_in_tab_order(self, widget: QWidget) -> None:
        """Let Tab come to the form from this widget, wherever the form was made in time."""
        self._before = widget
        self._order_tabs()

    def _order_tabs(self) -> None:
        rows = self._rows.items()
        first = [stop for name, row in rows if name in self._essential for stop in row.tab_stops]
        rest = [stop for name, row in rows if name not in self._essential for stop in row.tab_stops]
        chain: list[QWidget] = [*first, self._unfold, *rest]
        if self._before is not None:
            chain.insert(0, self._before)
        for before, after in itertools.pairwise(chain):
            QWidget.setTabOrder(before, after)

    def _apply_conditions(self) -> None:
        for row in self._rows.values():
            condition = row.info.applies_if
            if condition is None:
                row.set_applies(True)
                continue
            other, wanted = condition
            there = self._rows.get(other)
            row.set_applies(there is None or _word(there.editor.value) in wanted)
            if not row.applies and row.info.name in self.invalid:
                row.editor.show_value(row.editor.value)  # nobody could see, or correct, what is wrong there

    def _sender_row(self) -> SettingRow | None:
        sender = self.sender()
        return next((row for row in self._rows.values() if row.editor is sender), None)

    @Slot(object)
    def _edited(self, value: object) -> None:
        row = self._sender_row()
        if row is not None:
            row.say("")
            self._apply_conditions()
            self.setting_changed.emit(row.info.name, value)

    @Slot(str)
    def _problem(self, allowed: str) -> None:
        row = self._sender_row()
        if row is None:
            return
        row.say(self.tr("Allowed: {}").format(allowed) if allowed else "")
        if allowed:
            self.invalid[row.info.name] = refusal(row.info, row.editor.shown, allowed)
        else:
            self.invalid.pop(row.info.name, None)
        self.invalid_changed.emit()

    @Slot()
    def _toggle(self) -> None:
        self.set_unfolded(not self._unfolded)


def refusal(info: SettingInfo, shown: str, allowed: str) -> str:
    """A sentence that says which value is refused, and what is allowed."""
    text = QCoreApplication.translate("SettingForm", "{} cannot be “{}”. Allowed: {}.")
    return text.format(info.title, one_line(shown, _LONGEST), allowed)


def reason_of(problem: StudioError, name: str, recipe: Recipe) -> str:
    """What would be allowed for a setting, by the problem that it made; it may lie in another one."""
    if not isinstance(problem, BadChoice):
        return str(problem)
    if problem.subject == name:
        return problem.allowed
    text = QCoreApplication.translate("SettingForm", "only beside {}: {}")
    return text.format(recipe.info(problem.subject).title, problem.allowed)


_LONGEST = 24  # characters of a refused text in a sentence


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _grid() -> QGridLayout:
    theme = current_theme()
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(theme.px(12))
    grid.setVerticalSpacing(theme.px(theme.gap))
    grid.setColumnStretch(1, 1)
    return grid
