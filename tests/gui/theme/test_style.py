"""The theme on a running application."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from aestudio.errors import BadChoice
from aestudio.gui.theme.fonts import font
from aestudio.gui.theme.holder import ThemeHolder, theme_for
from aestudio.gui.theme.style import apply_theme, current_theme, is_theme_change, set_role
from aestudio.gui.theme.style_sheet import style_sheet
from aestudio.gui.theme.tokens import DARK, LIGHT, Theme
from aestudio.resources import resources_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


@pytest.fixture(autouse=True)
def _dark_again(qapp: QApplication) -> Iterator[None]:
    yield
    apply_theme(qapp, DARK)


class Listener(QLabel):
    """Records the current theme at each change."""

    def __init__(self) -> None:
        self.received: list[Theme] = []
        super().__init__("7")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if is_theme_change(event):
            self.received.append(current_theme())


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
def test_a_widget_is_painted_in_the_themes_colours(qtbot: QtBot, qapp: QApplication, theme: Theme) -> None:
    apply_theme(qapp, theme)
    button = QPushButton()
    qtbot.addWidget(button)
    set_role(button, "primary")
    button.resize(80, 32)
    assert button.grab().toImage().pixelColor(40, 16).name() == theme.accent.lower()
    assert qapp.style().objectName().lower() in ("fusion", "")  # a style sheet wraps the style


def test_every_image_of_the_style_sheet_exists_in_both_themes() -> None:
    marks = set(re.findall(r"url\(marks:([\w.-]+)\)", style_sheet(DARK)))
    assert "check.svg" in marks
    for theme in (DARK, LIGHT):
        folder = resources_folder() / "icons" / theme.name
        for mark in marks:
            drawing = (folder / mark).read_text(encoding="utf-8")
            assert (theme.on_accent if mark == "check.svg" else theme.muted) in drawing


def test_the_style_sheet_follows_the_scale() -> None:
    assert "font-size: 13px" in style_sheet(DARK)
    assert "font-size: 20px" in style_sheet(DARK.scaled(1.5))
    assert "$" not in style_sheet(LIGHT)


def test_widgets_are_notified_after_the_new_theme_is_complete(qtbot: QtBot, qapp: QApplication) -> None:
    holder = ThemeHolder(qapp, "dark")
    listener = Listener()
    qtbot.addWidget(listener)
    listener.ensurePolished()
    listener.received.clear()
    with qtbot.waitSignal(holder.changed) as changed:
        holder.set_scheme("light")
    assert listener.received
    assert set(listener.received) == {LIGHT}
    assert changed.args == [LIGHT]
    holder.set_scale(1.5)
    assert current_theme() == LIGHT.scaled(1.5)
    assert listener.received[-1].scale == 1.5
    holder.deleteLater()


class _Counter(QObject):
    """Counts the StyleChange events of every widget."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: Counter[int] = Counter()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.StyleChange:
            self.sent[id(watched)] += 1
        return False


def test_each_widget_is_polished_once_at_any_depth(qtbot: QtBot, qapp: QApplication) -> None:
    holder = ThemeHolder(qapp, "dark")
    top = QWidget()
    qtbot.addWidget(top)
    listener, around = Listener(), top
    for _ in range(12):
        layout = QVBoxLayout(around)
        around = QFrame()
        layout.addWidget(around)
    QVBoxLayout(around).addWidget(listener)
    top.show()
    qtbot.waitExposed(top)
    counter = _Counter()
    qapp.installEventFilter(counter)
    for change in (lambda: holder.set_scheme("light"), lambda: holder.set_scale(1.5)):
        listener.received.clear()
        counter.sent.clear()
        change()
        assert listener.received == [current_theme()]
        assert set(counter.sent.values()) == {2}  # the old sheet removed, the new one applied
    qapp.removeEventFilter(counter)
    assert listener.font().pixelSize() == round(13 * 1.5)
    holder.deleteLater()


def test_a_style_sheet_of_one_widget_is_a_change_for_it(qtbot: QtBot, qapp: QApplication) -> None:
    apply_theme(qapp, DARK)
    listener = Listener()
    qtbot.addWidget(listener)
    listener.ensurePolished()
    listener.received.clear()
    listener.setStyleSheet("color: red;")
    assert listener.received


def test_the_same_theme_emits_no_change(qtbot: QtBot, qapp: QApplication) -> None:
    holder = ThemeHolder(qapp, "dark")
    with qtbot.assertNotEmitted(holder.changed):
        holder.set_scheme("dark")
    holder.deleteLater()


def test_the_system_is_followed_only_if_chosen(
    qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    holder = ThemeHolder(qapp, "system")
    assert current_theme() == DARK  # offscreen the preference is unknown
    prefers = {"system": LIGHT, "dark": DARK, "light": LIGHT}
    monkeypatch.setattr("aestudio.gui.theme.holder.theme_for", prefers.__getitem__)
    qapp.styleHints().colorSchemeChanged.emit(qapp.styleHints().colorScheme())
    assert current_theme() == LIGHT
    holder.set_scheme("dark")
    qapp.styleHints().colorSchemeChanged.emit(qapp.styleHints().colorScheme())
    assert current_theme() == DARK
    holder.deleteLater()


def test_unknown_schemes_are_refused() -> None:
    assert theme_for("light") == LIGHT
    with pytest.raises(BadChoice, match=r"purple.*dark, light, system"):
        theme_for("purple")


def test_digits_are_equally_wide(qapp: QApplication) -> None:
    metrics = QFontMetrics(font(DARK))
    assert len({metrics.horizontalAdvance(digit * 20) for digit in "0123456789"}) == 1
