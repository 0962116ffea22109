"""A form generated from settings: the essential ones on top, the others folded away behind a title."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QGridLayout, QPushButton, QWidget

from aestudio.errors import BadChoice, StudioError
from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.style import current_theme, is_theme_change, set_role
from aestudio.gui.widgets.folded_settings import FoldedSettings, SettingGroup, settings_grid
from aestudio.gui.widgets.glossary import OF_SETTINGS, explained
from aestudio.gui.widgets.layouts import column
from aestudio.gui.widgets.offer import Entry, Offer
from aestudio.gui.widgets.plain_text import PlainLabel, one_line
from aestudio.gui.widgets.setting_editors import Editor, SliderEditor, editor_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QResizeEvent

    from aestudio.recipes.recipe import Recipe
    from aestudio.recipes.setting import SettingInfo


class SettingRow:
    """The three widgets of one setting: its title, its editor, and an error message below them."""

    def __init__(self, info: SettingInfo) -> None:
        self.info = info
        self.label = PlainLabel(info.title)
        self.editor: Editor = editor_for(info)
        self.message = PlainLabel()
        self.applies = True
        self.message.setWordWrap(True)
        # In a narrow form a title takes two lines: see SettingForm._align_labels.
        self.label.setWordWrap(True)
        self.label.setMinimumWidth(1)
        set_role(self.label, "muted")
        set_role(self.message, "bad")
        self.label.setBuddy(self.tab_stops[0])
        self.set_tooltip("")

    @property
    def tab_stops(self) -> tuple[QWidget, ...]:
        """The widgets of the editor that Tab visits."""
        return self.editor.tab_stops if isinstance(self.editor, SliderEditor) else (self.editor,)

    def set_tooltip(self, reason: str) -> None:
        """Set the tooltip: the reason if the setting is locked, its help, and its allowed values."""
        bounds = self.info.allowed
        tip = "\n".join(part for part in (reason, self.info.help, bounds[:1].upper() + bounds[1:]) if part)
        term = OF_SETTINGS.get(self.info.name)
        tip = tip if term is None else explained(tip, term)
        for widget in (self.label, self.editor, *self.editor.findChildren(QWidget)):
            widget.setToolTip(tip)

    def set_enabled(self, enabled: bool) -> None:
        self.editor.setEnabled(enabled)
        self.label.setEnabled(enabled)

    def show_problem(self, problem: str) -> None:
        """Show an error message; "" hides it."""
        self.message.setText(problem)
        self.message.setVisible(bool(problem) and self.applies)

    def set_applies(self, applies: bool) -> None:
        self.applies = applies
        self.label.setVisible(applies)
        self.editor.setVisible(applies)
        self.message.setVisible(applies and bool(self.message.text()))


class SettingForm(QWidget):
    """Editors for settings; `setting_changed(name, value)` is emitted only for valid changes by the user.

    All settings are on top until `set_essential` selects some; the others of a group are behind its title,
    the rest behind "More settings". `invalid_changed()`: a text became invalid, or valid again; `invalid` has
    a sentence for each invalid field, by its name. `unfolded(group)`: the user opened these settings.

    entries: set by what is around: what the context menu offers for a setting, by its name
    """

    entries: Callable[[str], tuple[Entry, ...]] | None = None

    setting_changed = Signal(str, object)
    invalid_changed = Signal()
    unfolded = Signal(int)

    def __init__(
        self,
        infos: tuple[SettingInfo, ...],
        groups: Sequence[SettingGroup] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.invalid: dict[str, str] = {}
        self._essential = frozenset(info.name for info in infos)
        self._rows = {info.name: SettingRow(info) for info in infos}
        self._essential_grid = settings_grid()
        self._previous_widget: QWidget | None = None
        more = SettingGroup(
            self.tr("More settings"), self.tr("Show or hide the settings that rarely need a change")
        )
        self._more, *others = (FoldedSettings(group) for group in (more, *groups))
        self._folded = (self._more, *others)
        parts = [part for folded in self._folded for part in folded.parts]
        column(self._essential_grid, *parts, gap=current_theme().padding, on=self)
        for folded in self._folded:
            folded.set_expanded(False)
            folded.button.clicked.connect(self._unfolded)
        for row in self._rows.values():
            row.editor.edited.connect(self._edited)
            row.editor.problem.connect(self._problem)
        self._fill_grids()

    @property
    def values(self) -> dict[str, Any]:
        """The last valid value of every setting."""
        return {name: row.editor.value for name, row in self._rows.items()}

    def set_values(self, values: dict[str, Any], *, discard_input: bool = False) -> None:
        """Show values, without a signal; raises BadChoice for an unknown name.

        A refused input stays if the value has not changed, unless `discard_input` is true.
        """
        for name, value in values.items():
            editor = self._row(name).editor
            (editor.show_value if discard_input else editor.set_value)(value)
        self._apply_conditions()

    def refuse(self, name: str, reason: str, value: Any) -> None:
        """Mark the input of a field as refused for this reason; the setting keeps `value`."""
        self._row(name).editor.refuse(reason, value)

    def finish(self) -> None:
        """Accept the typed texts, as if the user had left each field."""
        for row in tuple(self._rows.values()):
            if row.applies:
                row.editor.finish()

    def set_enabled_names(self, names: Iterable[str], reason: str = "") -> None:
        """Enable only these settings; the tooltips of the others begin with the reason."""
        enabled = set(names)
        for name, row in self._rows.items():
            row.set_enabled(name in enabled)
            row.set_tooltip("" if name in enabled else reason)

    def set_essential(self, names: Iterable[str]) -> None:
        """Show these on top, in this order, and the others below "More settings"."""
        essential = tuple(names)
        for name in essential:
            self._row(name)
        self._rows = {
            name: self._rows[name]
            for name in (*essential, *(name for name in self._rows if name not in essential))
        }
        self._essential = frozenset(essential)
        self._fill_grids()

    def set_expanded(self, expanded: bool) -> None:
        """Show or hide the settings below "More settings"."""
        self._more.set_expanded(expanded)

    def set_group_expanded(self, title: str, expanded: bool) -> None:
        """Show or hide the settings below a group's title; raises BadChoice for an unknown title."""
        groups = {folded.button.text(): folded for folded in self._folded}
        if title not in groups:
            raise BadChoice("group of settings", title, groups)
        groups[title].set_expanded(expanded)

    def group_area(self, number: int) -> QRect:
        """Where the settings of an unfolded group are, with the group's title; 0 is "More settings"."""
        folded = self._folded[number]
        return folded.button.geometry().united(folded.panel.geometry())

    def reveal(self, name: str) -> QRect:
        """Unfold the group of a setting if it is folded; return where the setting is, with its message."""
        if name not in self._essential:
            self._folded_of(name).set_expanded(True)
        row = self._row(name)
        parts = (row.label, row.editor, row.message)
        layout = self.layout()
        if layout is not None:
            layout.activate()
        areas = [
            QRect(part.mapTo(self, QPoint(0, 0)), part.size()) for part in parts if part.isVisibleTo(self)
        ]
        area = QRect()
        for part in areas:
            area = area.united(part)
        return area

    def offer_at(self, at: QPoint | None) -> Offer:
        """What is offered for the setting at a point, or for the one with the focus."""
        row = self._row_at(at)
        if row is None or self.entries is None:
            return Offer()
        return Offer(what=row.info.title, entries=self.entries(row.info.name))

    def _row_at(self, at: QPoint | None) -> SettingRow | None:
        for row in self._rows.values():
            for part in (row.label, row.editor):
                if at is None:
                    found = part.hasFocus() or part.isAncestorOf(self.focusWidget() or self)
                else:
                    found = part.isVisible() and part.rect().contains(part.mapFrom(self, at))
                if found:
                    return row
        return None

    def row(self, name: str) -> SettingRow:
        """The widgets of one setting; raises BadChoice for an unknown name."""
        return self._row(name)

    def _row(self, name: str) -> SettingRow:
        if name not in self._rows:
            raise BadChoice("setting", name, self._rows)
        return self._rows[name]

    def _fill_grids(self) -> None:
        for grid in self._grids:
            while grid.takeAt(0) is not None:
                pass
        for number, (name, row) in enumerate(self._rows.items()):
            grid = self._grid_of(name)
            # As high as the row: beside its editor it is centred as a text, and never cut.
            grid.addWidget(row.label, 2 * number, 0)
            alignment = Qt.AlignmentFlag.AlignLeft if row.info.kind == "switch" else Qt.AlignmentFlag(0)
            grid.addWidget(row.editor, 2 * number, 1, alignment)
            grid.addWidget(row.message, 2 * number + 1, 0, 1, 2)
        for folded in self._folded:
            folded.set_used(folded.grid.count() > 0)
        self._align_labels()
        self._order_tabs()
        self._apply_conditions()

    @property
    def _grids(self) -> tuple[QGridLayout, ...]:
        return self._essential_grid, *(folded.grid for folded in self._folded)

    def _folded_of(self, name: str) -> FoldedSettings:
        """Where a setting is that is not essential."""
        return next((folded for folded in self._folded if name in folded.names), self._more)

    def _grid_of(self, name: str) -> QGridLayout:
        return self._essential_grid if name in self._essential else self._folded_of(name).grid

    def _align_labels(self) -> None:
        """Make the column of labels as wide as the longest title, or as what a narrow form leaves for it.

        Each group has its own, for the sliders need the space: the few settings that are always seen are not
        narrowed by long titles that are folded. A title that is longer than its column takes two lines.
        """
        theme = current_theme()
        left = max(self._longest_word(), self.width() - self._widest_editor() - theme.px(_LABEL_GAP))
        metrics = QFontMetrics(font(theme))
        widest = dict.fromkeys(self._grids, 0)
        for name, row in self._rows.items():
            grid = self._grid_of(name)
            widest[grid] = max(widest[grid], metrics.horizontalAdvance(row.info.title))
        for grid, own in widest.items():
            grid.setColumnMinimumWidth(0, min(own + theme.px(2), left))

    def _widest_editor(self) -> int:
        """The smallest width in which every editor fits."""
        return max((row.editor.minimumSizeHint().width() for row in self._rows.values()), default=0)

    def _longest_word(self) -> int:
        metrics = QFontMetrics(font(current_theme()))
        words = (word for row in self._rows.values() for word in row.info.title.split())
        return max(map(metrics.horizontalAdvance, words), default=0) + current_theme().px(2)

    def minimumSizeHint(self) -> QSize:
        """Titles in two lines, if need be."""
        width = self._longest_word() + current_theme().px(_LABEL_GAP) + self._widest_editor()
        return QSize(width, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        layout = self.layout()
        if layout is not None and event.size().width() != event.oldSize().width():
            self._align_labels()
            layout.activate()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event):
            self._align_labels()

    def follow_in_tab_order(self, widget: QWidget) -> None:
        """Let Tab lead from this widget to the form, whenever the form was created."""
        self._previous_widget = widget
        self._order_tabs()

    def _order_tabs(self) -> None:
        rows = self._rows.items()
        chain: list[QWidget] = [
            stop for name, row in rows if name in self._essential for stop in row.tab_stops
        ]
        for folded in self._folded:
            chain.append(folded.button)
            if folded.header is not None:
                chain += folded.header.findChildren(QPushButton)
            for name, row in rows:
                if name not in self._essential and self._folded_of(name) is folded:
                    chain += row.tab_stops
        if self._previous_widget is not None:
            chain.insert(0, self._previous_widget)
        for before, after in itertools.pairwise(chain):
            QWidget.setTabOrder(before, after)

    def _apply_conditions(self) -> None:
        for row in self._rows.values():
            condition = row.info.applies_if
            if condition is None:
                row.set_applies(True)
                continue
            name, choices = condition
            other = self._rows.get(name)
            row.set_applies(other is None or _choice(other.editor.value) in choices)
            if not row.applies and row.info.name in self.invalid:
                # A hidden invalid text could not be corrected.
                row.editor.show_value(row.editor.value)

    def _sender_row(self) -> SettingRow | None:
        sender = self.sender()
        return next((row for row in self._rows.values() if row.editor is sender), None)

    @Slot()
    def _unfolded(self) -> None:
        for number, folded in enumerate(self._folded):
            if folded.button is self.sender() and folded.is_expanded:
                self.unfolded.emit(number)

    @Slot(object)
    def _edited(self, value: object) -> None:
        row = self._sender_row()
        if row is not None:
            row.show_problem("")
            self._apply_conditions()
            self.setting_changed.emit(row.info.name, value)

    @Slot(str)
    def _problem(self, allowed: str) -> None:
        row = self._sender_row()
        if row is None:
            return
        row.show_problem(self.tr("Allowed: {}").format(allowed) if allowed else "")
        if allowed:
            self.invalid[row.info.name] = refusal(row.info, row.editor.shown, allowed)
        else:
            self.invalid.pop(row.info.name, None)
        self.invalid_changed.emit()


def refusal(info: SettingInfo, shown: str, allowed: str) -> str:
    """Return a sentence with the invalid text and the allowed values."""
    text = QCoreApplication.translate("SettingForm", "{} cannot be “{}”. Allowed: {}.")
    return text.format(info.title, one_line(shown, _LONGEST), allowed)


def reason_of(problem: StudioError, name: str, recipe: Recipe) -> str:
    """Return the allowed values of a setting after a change was refused; the cause can be another setting."""
    if not isinstance(problem, BadChoice):
        return str(problem)
    if problem.subject == name:
        return problem.allowed
    text = QCoreApplication.translate("SettingForm", "only beside {}: {}")
    return text.format(recipe.info(problem.subject).title, problem.allowed)


_LABEL_GAP = 12  # logical pixels between a title and its editor, as in `settings_grid`
_LONGEST = 24  # characters of an invalid text in a sentence


def _choice(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
