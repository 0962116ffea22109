"""One-colour icons, drawn in a colour of the theme."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from aestudio.errors import BadChoice
from aestudio.resources import resources_folder

if TYPE_CHECKING:
    from aestudio.gui.theme.tokens import Theme


@lru_cache(maxsize=1)
def icon_names() -> tuple[str, ...]:
    """Names of all icons, sorted."""
    return tuple(sorted(path.stem for path in (resources_folder() / "icons").glob("*.svg")))


@lru_cache(maxsize=128)
def _svg(name: str) -> str:
    if name not in icon_names():
        raise BadChoice("icon", name, icon_names())
    return (resources_folder() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


def icon_pixmap(name: str, colour: str, side: int, ratio: float = 1.0) -> QPixmap:
    """The icon in "#rrggbb", `side` logical pixels wide and high; raises BadChoice for an unknown name."""
    pixmap = _tinted(name, colour, round(side * ratio))
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def icon(name: str, theme: Theme, side: int, colour: str | None = None) -> QIcon:
    """The icon in the theme's text colour, muted where disabled; raises BadChoice for an unknown name.

    side: logical pixels; it is sharp on screens with one or two pixels for each, and scaled down from two
          on those between
    """
    return _coloured_icon(name, side, colour or theme.text, theme.disabled, theme.accent)


@lru_cache(maxsize=256)
def _coloured_icon(name: str, side: int, colour: str, disabled: str, checked: str) -> QIcon:
    result = QIcon()
    for tint, mode, state in (
        (colour, QIcon.Mode.Normal, QIcon.State.Off),
        (disabled, QIcon.Mode.Disabled, QIcon.State.Off),
        (checked, QIcon.Mode.Normal, QIcon.State.On),
    ):
        for pixels in (side, 2 * side):
            result.addPixmap(_tinted(name, tint, pixels), mode, state)
    return result


def _tinted(name: str, colour: str, pixels: int) -> QPixmap:
    """The drawing in one colour: its opacity is kept, so that the file is drawn once for all colours."""
    pixmap = QPixmap(_drawing(name, pixels))
    painter = QPainter(pixmap)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.fillRect(pixmap.rect(), QColor(colour))
    painter.end()
    return pixmap


@lru_cache(maxsize=256)
def _drawing(name: str, pixels: int) -> QPixmap:
    renderer = _renderer(name)
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(pixmap.rect()))
    painter.end()
    return pixmap


@lru_cache(maxsize=128)
def _renderer(name: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(_svg(name).replace("currentColor", "#000000").encode()))
