"""Frames of a map of 70,000 points while the mouse pans and zooms it. Prints one JSON object.

Mouse events go through the widget as the platform sends them; a frame ends when the viewport was painted.
Run as a separate process.
"""

from __future__ import annotations

import argparse
import json
import time
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent

from aestudio.datasets.image_shape import MNIST
from aestudio.gui.app import make_application
from aestudio.gui.theme.holder import ThemeHolder
from aestudio.gui.theme.style import current_theme
from benchmarks.window.driver import run_for, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from PySide6.QtWidgets import QWidget

    from aestudio.gui.plots.class_map import ClassMap
    from aestudio.gui.plots.map_layers import ImagesOnPlane

POINTS, SIZE, FRAMES, WARM_UP = 70_000, (1600, 1000), 120, 10
STEP = (7, 4)  # pixels that the mouse moves in each frame
TURN = 0.02  # radians in each frame
WHEEL_ANGLE = 40  # an eighth of a degree each, a third of a wheel's notch
REVERSE_AFTER = 30  # frames after which the movement changes its direction
# pyqtgraph handles at most a hundred mouse movements a second; faster ones would be skipped.
BETWEEN_SECONDS = 0.011
DIGITS_ZOOM = 0.03  # of the whole map's width, which shows some hundred thumbnails


class PaintCounter(QObject):
    """Counts the paints of a widget."""

    def __init__(self, watched: QWidget) -> None:
        super().__init__(watched)
        self.count = 0
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.count += event.type() == QEvent.Type.Paint
        return False


def main() -> None:
    """Print the milliseconds of each frame by gesture: by the clock, and CPU time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--frames", type=int, default=FRAMES)
    given = parser.parse_args()
    app = make_application()
    holder = ThemeHolder(app, "dark")
    class_map = make_map()
    results: dict[str, list[float]] = {}
    for name, gesture in (("pan", pan), ("zoom", zoom)):
        show_all(class_map)
        results |= frame_times(class_map, name, gesture(class_map), given.frames)
    class_map.set_decoded(decoded_images(class_map))
    for name, gesture in (("pan over images", pan), ("zoom over images", zoom)):
        show_all(class_map)
        results |= frame_times(class_map, name, gesture(class_map), given.frames)
    class_map.set_decoded(None)
    for name, count in (("turn", POINTS), ("turn 10,000", 10_000)):
        show_in_space(class_map, count)
        results |= frame_times(class_map, name, turn(class_map), given.frames)
    class_map.set_points(*points_of(POINTS))
    random = np.random.default_rng(0)
    class_map.set_images(lambda which: random.integers(0, 256, (len(which), *MNIST.image.array), np.uint8))
    show_all(class_map)
    class_map.plot.map_box.scaleBy((DIGITS_ZOOM, DIGITS_ZOOM), center=QPointF(0.2, 0.1))
    run_for(0.3)
    results |= frame_times(class_map, "digits", pan(class_map), given.frames)
    results["digits shown"] = [float(class_map.plot.cloud.images_shown)]
    assert current_theme().name == "dark"
    holder.deleteLater()
    print(json.dumps(results))


def make_map() -> ClassMap:
    """The map with all points, in the size in which it is measured, with the cursor."""
    from aestudio.gui.plots.class_map import ClassMap

    class_map = ClassMap()
    class_map.set_points(*points_of(POINTS))
    class_map.set_cursor(0.8, -0.4)
    class_map.show()
    run_for(0.2)
    class_map.resize(SIZE[0], SIZE[1] + class_map.height() - class_map.plot.height())
    run_for(0.3)
    return class_map


def points_of(count: int) -> tuple[NDArray[np.float32], NDArray[np.int64], tuple[str, ...]]:
    """Positions (N, 2), labels (N,) and the names of the classes."""
    from tools.widget_gallery.sample_curves import sample_map

    xy, labels = sample_map(count)
    return xy, labels, tuple("0123456789")


def show_in_space(class_map: ClassMap, count: int) -> None:
    """Show points with a third coordinate, which is that of another class's point; the map stands still."""
    xy, labels, names = points_of(count)
    class_map.set_points(xy, labels, names, depth=np.roll(xy[:, 0], count // 3))
    class_map.set_axis_titles("z1", "z2", "z3")
    class_map.space.turner.play(False)
    show_all(class_map)


def turn(class_map: ClassMap) -> Callable[[int], None]:
    """Turn the map as it turns by itself, a frame after the other."""
    return lambda _number: class_map.space.turner.turn_by(TURN, 0.0)


def decoded_images(class_map: ClassMap) -> ImagesOnPlane:
    """Images under the points, in whole pixels over the visible part, as the Latent view has them."""
    from aestudio.gui.plots.map_layers import ImagesOnPlane
    from aestudio.gui.views.latent.map.decoded_layer import cells_of, rect_of

    box = class_map.plot.map_box
    size, view = box.sceneBoundingRect().size(), box.viewRect()
    cells = cells_of(view, (size.width(), size.height()), MNIST.image)
    assert cells is not None
    columns, rows = cells.count
    shape = (MNIST.image.channels, rows * MNIST.image.height, columns * MNIST.image.width)
    return ImagesOnPlane(np.random.default_rng(0).integers(0, 256, shape, np.uint8), rect_of(cells))


def show_all(class_map: ClassMap) -> None:
    """Show all points again, so that each gesture starts from the same view."""
    class_map.plot.fit()
    run_for(0.1)


def frame_times(
    class_map: ClassMap, name: str, gesture: Callable[[int], None], count: int
) -> dict[str, list[float]]:
    """Milliseconds from each movement of the gesture to the end of the paint that shows it."""
    paints, passed, cpu = PaintCounter(class_map.plot.viewport()), [], []
    for number in range(WARM_UP + count):
        before, began, used = paints.count, time.perf_counter(), time.thread_time()
        gesture(number)
        while paints.count == before:
            QCoreApplication.sendPostedEvents()
            QCoreApplication.processEvents()
            if time.perf_counter() - began > 1:
                raise TimeoutError("the map was not painted")
        passed.append(1000 * (time.perf_counter() - began))
        cpu.append(1000 * (time.thread_time() - used))
        rest = time.perf_counter() + BETWEEN_SECONDS
        wait_until(lambda until=rest: time.perf_counter() >= until, "the next movement")
    class_map.plot.viewport().removeEventFilter(paints)
    return {name: passed[WARM_UP:], f"{name}, processor": cpu[WARM_UP:]}


def pan(class_map: ClassMap) -> Callable[[int], None]:
    """Hold the right button and move the mouse to and fro."""
    viewport, right = class_map.plot.viewport(), Qt.MouseButton.RightButton
    at = QPoint(SIZE[0] // 2, SIZE[1] // 2)
    _send(viewport, QEvent.Type.MouseButtonPress, at, right, right)

    def move(number: int) -> None:
        nonlocal at
        sign = 1 if number % (2 * REVERSE_AFTER) < REVERSE_AFTER else -1
        at = at + QPoint(sign * STEP[0], sign * STEP[1])
        _send(viewport, QEvent.Type.MouseMove, at, Qt.MouseButton.NoButton, right)

    return move


def _send(
    viewport: QWidget, kind: QEvent.Type, at: QPoint, button: Qt.MouseButton, held: Qt.MouseButton
) -> None:
    position = QPointF(at)
    event = QMouseEvent(
        kind, position, viewport.mapToGlobal(position), button, held, Qt.KeyboardModifier.NoModifier
    )
    QCoreApplication.sendEvent(viewport, event)


def zoom(class_map: ClassMap) -> Callable[[int], None]:
    """Turn the wheel to zoom in and out."""
    viewport, position = class_map.plot.viewport(), QPointF(SIZE[0] * 0.55, SIZE[1] * 0.45)

    def turn_wheel(number: int) -> None:
        sign = 1 if number % (2 * REVERSE_AFTER) < REVERSE_AFTER else -1
        event = QWheelEvent(
            position,
            viewport.mapToGlobal(position),
            QPoint(),
            QPoint(0, sign * WHEEL_ANGLE),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QCoreApplication.sendEvent(viewport, event)

    return turn_wheel


if __name__ == "__main__":
    main()
