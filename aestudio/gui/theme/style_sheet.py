"""The style sheet of the application, a template filled in with the design tokens."""

from __future__ import annotations

from string import Template
from typing import TYPE_CHECKING

from aestudio.gui.theme.tokens import mix

if TYPE_CHECKING:
    from aestudio.gui.theme.tokens import Theme

_SURFACES = """
QMainWindow, QDialog { background: $window; }
QFrame[role="panel"], QWidget[role="panel"] { background: $panel; border: none; }
QFrame[role="panel"][over="true"] { border: 1px solid $control; }
QFrame[role="raised"] { background: $raised; border: 1px solid $line; border-radius: $radius; }
QFrame[role="floating"] { background: $raised; border: 1px solid $control; border-radius: $radius; }
QFrame[role="drop"] { background: $raised; border: 2px solid $accent; border-radius: $radius; }
QFrame[role="problem"] {
    background: $panel; border: 1px solid $line; border-left: $p3 solid $bad; border-radius: $radius;
}
QFrame[role="problem"][kind="note"] { border-left-color: $accent; }
QFrame[role="problem"][kind="warning"] { border-left-color: $warn; }
QScrollArea { background: transparent; border: none; }
QScrollArea > QWidget > QWidget[role="content"] { background: transparent; }
QScrollArea[role="bare"], QScrollArea[role="bare"] > QWidget { background: transparent; }
QLabel { background: transparent; }
QLabel[role="heading"] { font-size: $heading; font-weight: 600; }
QLabel[role="label"] { font-size: $label; font-weight: 500; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="caption"] { color: $muted; font-size: $caption; }
QLabel[role="bad"] { color: $bad; }
QLabel[role="refusal"] {
    background: $raised; color: $bad; border: 1px solid $bad; border-radius: $radius; padding: $p4 $p8;
}
QLabel[role="warn"] { color: $warn; }
QLabel[role="good"] { color: $good; }
QLabel:disabled { color: $disabled; }
QToolTip {
    background: $raised; color: $text; border: 1px solid $control; padding: $p4 $p8; font-size: $body;
    qproperty-textFormat: PlainText;
}
QMessageBox QLabel { qproperty-textFormat: PlainText; }
QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }
QSplitter[role="gap"]::handle { background: transparent; }
QSplitter[role="gap"]::handle:hover { background: $raised; }
QSplitter::handle:hover { background: $accent; }
QStatusBar { background: $panel; color: $muted; border-top: 1px solid $line; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: $muted; }
"""

_BUTTONS = """
QPushButton, QToolButton {
    background: $raised; border: 1px solid $control; border-radius: $radius;
    padding: $p5 $p12; min-height: $p20;
}
QToolButton { padding: $p5; }
QPushButton:hover, QToolButton:hover { background: $raised_hover; }
QPushButton:pressed, QToolButton:pressed { background: $line; }
QPushButton:checked, QToolButton:checked { background: $selection; border-color: $accent; }
QPushButton:focus, QToolButton:focus { border: 2px solid $accent; padding: $p5f $p12f; }
QToolButton:focus { padding: $p5f; }
QPushButton:disabled, QToolButton:disabled {
    background: transparent; color: $disabled; border-color: $line;
}
QPushButton[role="primary"], QToolButton[role="primary"] {
    background: $accent; color: $on_accent; border-color: $accent; font-weight: 600;
}
QPushButton[role="primary"]:hover, QToolButton[role="primary"]:hover { background: $accent_hover; }
QPushButton[role="primary"]:pressed, QToolButton[role="primary"]:pressed { background: $accent_pressed; }
QPushButton[role="primary"]:focus, QToolButton[role="primary"]:focus { border-color: $text; }
QPushButton[role="primary"]:disabled, QToolButton[role="primary"]:disabled {
    background: $line; color: $disabled; border-color: $line;
}
QPushButton[role="quiet"], QToolButton[role="quiet"] { background: transparent; border-color: transparent; }
QPushButton[role="quiet"]:hover, QToolButton[role="quiet"]:hover { background: $raised; }
QPushButton[role="quiet"]:pressed, QToolButton[role="quiet"]:pressed { background: $line; }
QPushButton[role="quiet"]:checked, QToolButton[role="quiet"]:checked { background: $selection; }
QPushButton[role="quiet"]:focus, QToolButton[role="quiet"]:focus { border-color: $accent; }
QPushButton[role="segment"] {
    background: transparent; border-color: transparent; color: $muted; padding: $p2 $p8; min-height: $p20;
}
QPushButton[role="segment"]:hover { color: $text; }
QPushButton[role="segment"]:checked { background: $selection; color: $text; }
QPushButton[role="segment"]:focus { border: 1px solid $accent; padding: $p2 $p8; }
QPushButton[role="segment"]:disabled { color: $disabled; }
QPushButton[role="link"] {
    background: transparent; border-color: transparent; color: $accent; padding: $p2 $p8; min-height: $p16;
}
QPushButton[role="link"]:hover { background: $raised_hover; }
QPushButton[role="link"]:focus { border: 1px solid $accent; padding: $p2 $p8; }
QPushButton[role="expander"] {
    background: transparent; border-color: transparent; color: $muted; text-align: left; padding: $p5 $p4;
}
QPushButton[role="expander"]:hover { color: $text; }
QPushButton[role="expander"]:focus { border-color: $accent; padding: $p5f $p4f; }
QPushButton[role="reason"] {
    background: transparent; border: none; color: $bad; text-align: left; padding: 0; min-height: 0;
}
QPushButton[role="reason"]:hover, QPushButton[role="reason"]:focus { text-decoration: underline; }
QToolButton::menu-indicator { image: none; }
QPushButton::menu-indicator { image: url(marks:chevron-down.svg); width: $p14; height: $p14; }
QCheckBox, QRadioButton { background: transparent; spacing: $p8; padding: $p2; border-radius: $p4; }
QCheckBox:focus, QRadioButton:focus { border: 2px solid $accent; padding: 0; }
QCheckBox::indicator, QRadioButton::indicator {
    width: $p16; height: $p16; border: 1px solid $control; border-radius: $p4; background: $raised;
}
QRadioButton::indicator { border-radius: $dot; }
QCheckBox::indicator:hover, QRadioButton::indicator:hover { border-color: $muted; }
QCheckBox::indicator:checked {
    background: $accent; border-color: $accent; image: url(marks:check.svg);
}
QRadioButton::indicator:checked {
    border: $p5 solid $accent; background: $on_accent; width: $p8; height: $p8;
}
QCheckBox:disabled, QRadioButton:disabled { color: $disabled; }
QCheckBox::indicator:disabled { background: transparent; border-color: $line; image: none; }
QCheckBox::indicator:checked:disabled { background: $disabled; image: url(marks:check.svg); }
"""

_INPUTS = """
QLineEdit, QAbstractSpinBox, QComboBox, QPlainTextEdit, QTextEdit {
    background: $raised; border: 1px solid $control; border-radius: $radius;
    padding: $p4 $p8; selection-background-color: $accent; selection-color: $on_accent;
}
QLineEdit, QAbstractSpinBox, QComboBox { min-height: $p20; }
QAbstractSpinBox > QLineEdit { background: transparent; border: none; min-height: 0; }
QLineEdit:hover, QAbstractSpinBox:hover, QComboBox:hover { border-color: $muted; }
QLineEdit:focus, QAbstractSpinBox:focus, QPlainTextEdit:focus {
    border: 2px solid $accent; padding: $p4f $p8f;
}
QLineEdit[role="narrow"] { padding: $p4 $p2; }
QLineEdit[role="narrow"]:focus { padding: $p4f $p2f; }
/* Qt uses a combo box's padding for its popup, too: with less padding the last entry is cut off. */
QComboBox:focus {
    border: 2px solid $accent; padding: $p4 0 $p4 $p8f; min-height: $p20f;
}
QAbstractSpinBox[role="slider"] {
    background: transparent; border-color: transparent; min-height: $p10; padding: $p2 $p2 $p4 $p2;
}
QAbstractSpinBox[role="slider"]:hover { border-color: $control; }
QAbstractSpinBox[role="slider"]:focus { border-color: $accent; border-width: 1px; padding: $p2 $p2 $p4 $p2; }
QAbstractSpinBox[refused="true"], QComboBox[refused="true"], QCheckBox[refused="true"] { border-color: $bad; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled {
    background: transparent; color: $disabled; border-color: $line;
}
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button {
    background: transparent; border: none; width: $p18; subcontrol-origin: border;
}
QAbstractSpinBox::up-button { subcontrol-position: top right; margin: 2px 2px 0 0; }
QAbstractSpinBox::down-button {
    subcontrol-position: bottom right; margin: 0 2px 2px 0;
}
QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover {
    background: $line; border-radius: $p3;
}
QAbstractSpinBox::up-arrow {
    image: url(marks:chevron-up.svg); width: $p12; height: $p12;
}
QAbstractSpinBox::down-arrow {
    image: url(marks:chevron-down.svg); width: $p12; height: $p12;
}
QAbstractSpinBox[buttonSymbols="2"]::up-button { subcontrol-position: top left; width: 0; margin: 0; }
QAbstractSpinBox[buttonSymbols="2"]::down-button {
    subcontrol-position: bottom left; width: 0; margin: 0;
}
QComboBox { padding-right: 0; combobox-popup: 0; }
QComboBox::drop-down { border: none; width: $p24; subcontrol-position: center right; }
QComboBox::down-arrow { image: url(marks:chevron-down.svg); width: $p14; height: $p14; }
QComboBox QAbstractItemView {
    background: $panel; border: 1px solid $control; outline: none; padding: $p4;
    selection-background-color: $selection; selection-color: $text;
}
QComboBox QAbstractItemView::item { min-height: $p24; padding: 0 $p4; }
QSlider { min-height: $p22; background: transparent; }
QSlider[role="row"] { min-height: $p14; }
QSlider::groove:horizontal { height: $p4; border-radius: $p2; background: $line; }
QSlider::sub-page:horizontal { background: $slider_fill; border-radius: $p2; }
QSlider::handle:horizontal {
    background: $text; border: $p2 solid $panel; border-radius: $knob; width: $p14; height: $p14;
    margin: -$p7 0;
}
QSlider::handle:horizontal:hover { background: $accent; }
QSlider::handle:horizontal:focus { background: $accent; border-color: $focus_halo; }
QSlider::handle:horizontal:pressed { background: $accent; }
QSlider::sub-page:horizontal:disabled { background: $line; }
QSlider::handle:horizontal:disabled { background: $disabled; }
QProgressBar {
    background: $line; border: none; border-radius: $p3; height: $p6; max-height: $p6; text-align: center;
}
QProgressBar::chunk { background: $accent; border-radius: $p3; }
QProgressBar::chunk:disabled { background: $muted; }
"""

_LISTS = """
QAbstractScrollArea { background: $panel; border: none; }
QListView, QTreeView, QTableView {
    background: $panel; alternate-background-color: $stripe; border: none; outline: none;
    gridline-color: $line; selection-background-color: $selection; selection-color: $text;
}
QListView::item, QTreeView::item { padding: $p4; border-radius: $p4; }
QListView::item:hover, QTreeView::item:hover, QTableView::item:hover { background: $raised; }
QListView::item:selected, QTreeView::item:selected, QTableView::item:selected {
    background: $selection; color: $text;
}
QTableView { border: 1px solid $line; }
QTableView::item { padding: 0 $p5; }
QListView:focus, QTreeView:focus, QTableView:focus { border: 1px solid $accent; }
QPlainTextEdit { background: $raised; border: 1px solid $control; }
QPlainTextEdit:focus { border: 2px solid $accent; }
QPlainTextEdit:disabled { background: transparent; border-color: $line; }
QHeaderView { background: $panel; }
QHeaderView::section {
    background: $panel; color: $muted; border: none; border-bottom: 1px solid $line; padding: $p4 $p8;
}
QHeaderView::up-arrow, QHeaderView::down-arrow {
    subcontrol-origin: padding; subcontrol-position: top center; width: $p10; height: $p10; top: -$p2;
}
QHeaderView::up-arrow { image: url(marks:chevron-up.svg); }
QHeaderView::down-arrow { image: url(marks:chevron-down.svg); }
QTableCornerButton::section { background: $panel; border: none; }
QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabBar { background: transparent; }
QTabBar::tab {
    background: transparent; color: $muted; font-size: $label; font-weight: 500;
    padding: $p6 $p10 $p8 $p10; border: none; border-bottom: 2px solid transparent;
    border-top: 2px solid transparent;
}
QTabBar[role="small"]::tab, QTabBar[role="closed"]::tab { font-size: $caption; padding: $p4 $p4 $p6 $p4; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar[role="closed"]::tab:selected { color: $muted; border-bottom-color: transparent; }
QTabBar::tab:focus { background: $selection; color: $text; border-radius: 0; border-top-color: $accent; }
QTabBar::tab:disabled { color: $disabled; }
QMenuBar { background: $panel; color: $text; border-bottom: 1px solid $line; }
QMenuBar::item { background: transparent; padding: $p4 $p10; border-radius: $p4; }
QMenuBar::item:selected { background: $raised; }
QMenu { background: $panel; border: 1px solid $control; padding: $p4; }
QMenu::item { padding: $p5 $p24 $p5 $p12; border-radius: $p4; }
QMenu::item:selected { background: $selection; }
QMenu::item:disabled { color: $disabled; }
QMenu::separator { height: 1px; background: $line; margin: $p4 $p8; }
QScrollBar { background: transparent; border: none; margin: 0; }
QScrollBar:vertical { width: $p12; }
QScrollBar:horizontal { height: $p12; }
QScrollBar::handle { background: $control; border-radius: $p3; margin: $p3; }
QScrollBar::handle:vertical { min-height: $p32; }
QScrollBar::handle:horizontal { min-width: $p32; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QGroupBox {
    border: none; border-top: 1px solid $line; margin-top: $p20; padding-top: $p8; font-weight: 500;
}
QGroupBox::title { subcontrol-origin: margin; left: 0; color: $muted; }
"""

_TEMPLATE = Template(_SURFACES + _BUTTONS + _INPUTS + _LISTS)
_LENGTHS = (2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20, 22, 24, 32)


def style_sheet(theme: Theme) -> str:
    """Return the Qt style sheet of a theme, at its scale.

    A focus ring is one pixel thicker than an outline. The padding is therefore one pixel smaller with the
    focus, so that nothing moves.
    """
    lengths = {f"p{n}": f"{theme.px(n)}px" for n in _LENGTHS}
    focused = {f"p{n}f": f"{theme.px(n) - 1}px" for n in (2, 4, 5, 8, 12)}
    focused["p20f"] = f"{theme.px(20) - 2}px"  # a height: one pixel less above and one below
    # Qt draws a square if a radius exceeds half the side, which rounding could cause.
    radii = {
        "knob": f"{min(theme.px(14) + 2 * theme.px(2), theme.px(4) + 2 * theme.px(7)) // 2}px",
        "dot": f"{(theme.px(16) + 2) // 2}px",
    }
    return _TEMPLATE.substitute(
        lengths | focused | radii,
        window=theme.window,
        panel=theme.panel,
        raised=theme.raised,
        line=theme.line,
        control=theme.control,
        text=theme.text,
        muted=theme.muted,
        disabled=theme.disabled,
        accent=theme.accent,
        on_accent=theme.on_accent,
        good=theme.good,
        warn=theme.warn,
        bad=theme.bad,
        selection=theme.selection,
        raised_hover=mix(theme.raised, theme.muted, 0.18),
        accent_hover=mix(theme.accent, theme.text, 0.15),
        accent_pressed=mix(theme.accent, theme.panel, 0.2),
        slider_fill=mix(theme.line, theme.accent, 0.6),
        focus_halo=mix(theme.panel, theme.accent, 0.45),
        stripe=mix(theme.panel, theme.raised, 0.5),
        radius=f"{theme.px(theme.radius)}px",
        body=f"{theme.px(theme.body_size)}px",
        label=f"{theme.px(theme.label_size)}px",
        heading=f"{theme.px(theme.heading_size)}px",
        caption=f"{theme.px(theme.caption_size)}px",
    )
