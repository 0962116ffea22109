"""Sliders for the weights of the objective that can change during a training (beta, free bits ...)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from aestudio.errors import StudioError
from aestudio.gui.state.shown import Shown
from aestudio.gui.theme.style import current_theme, keep_length, set_role
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.icon_button import IconButton
from aestudio.gui.widgets.plain_text import PlainLabel
from aestudio.gui.widgets.setting_editors import SliderEditor
from aestudio.gui.widgets.setting_form import reason_of, refusal
from aestudio.gui.widgets.setting_values import SliderScale
from aestudio.recipes.setting import describe

if TYPE_CHECKING:
    from PySide6.QtGui import QResizeEvent

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.state.studio_state import StudioState
    from aestudio.gui.theme.tokens import Theme
    from aestudio.recipes.recipe import Recipe
    from aestudio.recipes.setting import SettingInfo

_GAP = 4
_WITH_WHEN = 312  # logical pixels from which there is room for when a change applies, beside the first weight
_MAX_LINEAR = 5.0  # a weight with a higher maximum has a logarithmic slider
_MIN_LOGARITHMIC = 0.01  # the lowest value of a logarithmic slider above 0


def weight_settings(recipe: Recipe) -> tuple[SettingInfo, ...]:
    """The settings of the recipe's objective that can change while it trains."""
    return tuple(info for info in describe(type(recipe.objective)) if info.live)


class ObjectiveWeights(QWidget):
    """One row for each weight: the first one always, the others when unfolded."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._kind = ""
        self._shown = Shown()
        self._open = True
        self._subject = ("", "")
        self._showing = False
        self._invalid: dict[str, str] = {}
        self.editors: dict[str, SliderEditor] = {}
        self._labels: dict[str, PlainLabel] = {}
        self.when = PlainLabel(parent=self)
        set_role(self.when, "caption")
        # As wide as its longest text: the slider must not move when a training begins.
        longest = (
            self.tr("next start"),
            self.tr("at Resume"),
            self.tr("not allowed"),
            self.tr("newest step"),
        )
        keep_length(self.when, partial(_set_width, texts=longest))
        self.note = ElidedLabel("", self, muted=True)
        self.note.set_mode(Qt.TextElideMode.ElideRight)
        session.starting.connect(self._finish_editing)
        self.unfold = IconButton("chevron-down", "", self, side=14)
        self.unfold.clicked.connect(self._toggle)
        self._touched = False
        theme = current_theme()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.px(_GAP))
        self._grid.setVerticalSpacing(theme.px(2))
        self._grid.setColumnStretch(1, 1)
        self.hide()

    def _toggle(self) -> None:
        self._touched = True
        self.set_open(not self._open)

    def open_if_untouched(self, is_open: bool) -> None:
        """Show all weights if there is room, or the first one only, until the user has chosen."""
        if not self._touched and is_open != self._open:
            self.set_open(is_open)

    def set_open(self, is_open: bool) -> None:
        """Show all weights, or the first one only."""
        self._open = is_open
        for position, name in enumerate(self.editors):
            self.editors[name].setVisible(is_open or position == 0)
            self._labels[name].setVisible(is_open or position == 0)
        more = len(self.editors) > 1
        self.unfold.setVisible(more)
        self.note.setVisible(is_open)
        self._show_when()
        tip = (
            self.tr("Show the first weight only") if is_open else self.tr("Show all weights of the objective")
        )
        self.unfold.set_icon("chevron-up" if is_open else "chevron-down", tip)
        self.updateGeometry()

    def _show_when(self) -> None:
        self.when.setVisible(not self._open and self.width() >= current_theme().px(_WITH_WHEN))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_when()

    def minimumSizeHint(self) -> QSize:
        """Of the rows that are shown, without the text that is shown only if there is room for it."""
        shown = [name for name, editor in self.editors.items() if not editor.isHidden()]
        labels = max((self._labels[name].sizeHint().width() for name in shown), default=0)
        editors = max((self.editors[name].minimumSizeHint().width() for name in shown), default=0)
        width = labels + editors + self.unfold.sizeHint().width() + 3 * self._grid.horizontalSpacing()
        return QSize(width, super().minimumSizeHint().height())

    @property
    def is_open(self) -> bool:
        return self._open

    def show_state(self, state: StudioState) -> None:
        """Show the values of the current training, or those with which Start would begin.

        Hidden while the recipe is on the screen, which has the same settings, and while the model on the
        screen is not that of the training, which these weights do not concern.
        """
        own = state.hidden_training is None and not state.recipe_sidebar_open
        self._show_or_hide(shown=own and bool(weight_settings(state.recipe)))
        training, recipe = state.training, state.recipe
        if not self._shown.differs(recipe, training.phase, training.live, training.resumable, state.snapshot):
            return
        self._showing = True
        if recipe.objective.kind() != self._kind:
            self._kind = recipe.objective.kind()
            self._create_editors(recipe)
        in_progress = training.active or training.resumable
        subject = (recipe.name, training.run)
        for name, editor in self.editors.items():
            value = training.live.get(name, recipe.value(name)) if in_progress else recipe.value(name)
            (editor.set_value if subject == self._subject else editor.show_value)(value)
            editor.setEnabled(training.phase not in ("preparing", "stopping"))
        self._subject = subject
        self._show_message()
        self._showing = False

    def _show_or_hide(self, *, shown: bool) -> None:
        if shown == self.isHidden():
            self.setVisible(shown)
            if not shown and self._invalid:  # nobody would see why Start is not possible
                self._kind = ""
                self._shown.forget()

    def _show_message(self) -> None:
        """Show when a change applies, or why the typed value is not allowed."""
        short, sentence = self._application_texts(self._session.state)
        problems = "\n".join(self._invalid.values())
        self.when.setText(self.tr("not allowed") if problems else short)
        set_role(self.when, "bad" if problems else "caption")
        self.when.setToolTip(problems or sentence)
        self.unfold.setAccessibleDescription(problems or sentence)
        self.note.set_text(problems or sentence)

    def _application_texts(self, state: StudioState) -> tuple[str, str]:
        """When a change applies: in two words, and in a sentence."""
        training, recipe = state.training, state.recipe
        if training.phase in ("running", "paused"):
            short, sentence = (
                self.tr("live"),
                self.tr("Applies from the next step of the training."),
            )
            if state.history.step is not None:  # with other weights than those that the editors show
                short = self.tr("newest step")
                sentence = self.tr("Of the newest step, not of the shown one: applies from the next step.")
        elif training.active:
            short, sentence = self.tr("wait"), self.tr("Wait for the training to begin or end.")
        elif training.resumable:
            short = self.tr("at Resume")
            sentence = self.tr("No training: applies at Resume.")
        else:
            short = self.tr("next start")
            sentence = self.tr("No training: applies at the next start.")
        if state.snapshot is not None and state.snapshot.recipe.name != recipe.name:
            sentence = f"{recipe.title}: {sentence}"
        return short, sentence

    def _create_editors(self, recipe: Recipe) -> None:
        for widget in (*self.editors.values(), *self._labels.values()):
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self.editors, self._labels = {}, {}
        self._invalid.clear()
        self._session.recipe.set_invalid("objective weights", {}, showing=True)
        infos = weight_settings(recipe)
        for row, info in enumerate(infos):
            self._add(row, info)
        self._grid.addWidget(self.when, 0, 2)
        self._grid.addWidget(self.unfold, 0, 3)
        self._grid.addWidget(self.note, len(infos), 0, 1, 4)
        self.set_open(self._open)

    def _add(self, row: int, info: SettingInfo) -> None:
        editor = SliderEditor(info, weight_scale(info), self)
        editor.set_accessible_name(info.title)
        editor.tell_problems()
        help_text = f"{info.help}\n{self.tr('Allowed')}: {info.allowed}"
        for part in editor.tab_stops:
            part.setToolTip(help_text)
        editor.edited.connect(lambda value, name=info.name: self._move(name, value))
        editor.problem.connect(lambda allowed, info=info: self._set_invalid(info, allowed))
        label = PlainLabel(info.title, self)
        label.setToolTip(help_text)
        set_role(label, "muted")
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(editor, row, 1)
        self.editors[info.name], self._labels[info.name] = editor, label

    def _move(self, name: str, value: Any) -> None:
        try:
            self._session.recipe.set_value(name, value)
        except StudioError as problem:
            recipe = self._session.state.recipe
            self.editors[name].refuse(reason_of(problem, name, recipe), recipe.value(name))

    def _set_invalid(self, info: SettingInfo, allowed: str) -> None:
        if allowed:
            self._invalid[info.name] = refusal(info, self.editors[info.name].shown, allowed)
        else:
            self._invalid.pop(info.name, None)
        self._session.recipe.set_invalid("objective weights", dict(self._invalid), showing=self._showing)
        self._show_message()

    def _finish_editing(self) -> None:
        for editor in tuple(self.editors.values()):
            editor.finish()


def _set_width(label: PlainLabel, theme: Theme, texts: tuple[str, ...]) -> None:
    del theme  # the label's font is set already
    label.setFixedWidth(max(map(label.fontMetrics().horizontalAdvance, texts)) + 2)


def weight_scale(info: SettingInfo) -> SliderScale:
    """A logarithmic scale from 0 for weights that can be large, a linear one for others."""
    low, high = float(info.minimum or 0.0), float(info.maximum or 1.0)
    if low == 0 and high > _MAX_LINEAR:
        return SliderScale(_MIN_LOGARITHMIC, high, logarithmic=True, floor=0.0, digits=3)
    return SliderScale(low, high, logarithmic=False)
