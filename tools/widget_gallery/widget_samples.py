"""Sample content of the widgets, by the names of their modules."""

from __future__ import annotations

import numpy as np
from PySide6.QtWidgets import QAbstractSpinBox, QWidget

from aestudio.datasets.image_shape import MNIST, ImageShape
from aestudio.gui.theme.colours import error_image
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.architecture_diagram import ArchitectureDiagram
from aestudio.gui.widgets.class_bar import ClassBar
from aestudio.gui.widgets.drawing_pad import DrawingPad
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.empty_state import EmptyState
from aestudio.gui.widgets.fine_slider import FineSlider
from aestudio.gui.widgets.gauge import Gauge, GaugeReading
from aestudio.gui.widgets.history_slider import HistorySlider
from aestudio.gui.widgets.icon_button import IconButton, TextButton
from aestudio.gui.widgets.image_grid import ImageGrid
from aestudio.gui.widgets.image_view import ImageView
from aestudio.gui.widgets.latent_slider import LatentSlider
from aestudio.gui.widgets.layouts import Item, boxed, column, fill, row
from aestudio.gui.widgets.message_panel import MessagePanel
from aestudio.gui.widgets.number_label import NumberLabel
from aestudio.gui.widgets.plane_view import Frame, PlaneView
from aestudio.gui.widgets.setting_form import SettingForm
from aestudio.gui.widgets.slider_button import SliderButton
from aestudio.gui.widgets.slider_column import SliderColumn
from aestudio.gui.widgets.slider_row import SliderRow
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe
from tools.widget_gallery.sample import Sample
from tools.widget_gallery.sample_images import sample_digits, sample_reconstructions


def _stacked(*items: Item) -> QWidget:
    return boxed(column(*items, gap=None, margins=None))


def _side_by_side(*items: Item) -> QWidget:
    return boxed(row(*items, gap=None, margins=None))


def _architecture_diagram() -> QWidget:
    names = ("vae", "deep-ae", "conv-vae-2d", "row-gru-ae", "digit-classifier")
    return _stacked(*(ArchitectureDiagram(Architecture(find_recipe(name), MNIST)) for name in names))


def _class_bar() -> QWidget:
    digits = ClassBar()
    digits.set_chosen((3, 8))
    clothes = (
        "T-shirt/top",
        "Trouser",
        "Pullover",
        "Dress",
        "Coat",
        "Sandal",
        "Shirt",
        "Sneaker",
        "Bag",
        "Boot",
    )
    return _stacked(digits, ClassBar(clothes))


def _image_grid() -> QWidget:
    grid = ImageGrid()
    images = sample_digits(24)
    blurred = sample_reconstructions(images)
    errors = (blurred.astype(np.int16) - images)[:, 0]
    grid.set_cells(np.stack([images, blurred], axis=1), error_image(errors, current_theme())[:, None])
    grid.set_captions([f"{index * 37.3 + 11:.1f} nats" for index in range(24)])
    grid.set_selected(8)
    return grid


def _image_view() -> QWidget:
    view = ImageView()
    view.set_image(sample_reconstructions(sample_digits(9))[8])
    view.set_caption("z = (0.42, -1.30)")
    return view


def _drawing_pad() -> QWidget:
    two = [
        (80, 95),
        (110, 65),
        (160, 60),
        (195, 95),
        (180, 140),
        (130, 180),
        (85, 220),
        (140, 215),
        (205, 220),
    ]
    drawn, empty, colour = DrawingPad(), DrawingPad(), DrawingPad()
    drawn.draw(two)
    colour.set_shape(ImageShape(3, 32, 32))
    if colour.pens is not None:
        for pen, points in ((4, two), (1, [(60, 130), (220, 130)])):
            colour.pens.choose(pen)
            colour.draw(points)
    return _side_by_side(drawn, empty, colour)


def _elided_label() -> QWidget:
    return _stacked(
        ElidedLabel("/home/someone/.local/share/aestudio/runs/2026-03-01 conv-vae-2d"),
        ElidedLabel("/home/someone/.local/share/aestudio/runs/2026-03-01", muted=True),
        ElidedLabel("short"),
    )


def _empty_state() -> QWidget:
    return EmptyState(
        "map", "Train a recipe or open a run to walk through its latent space.", "Start training"
    )


def _fine_slider() -> QWidget:
    sliders = [FineSlider() for _ in range(3)]
    states = ((300, 0, True), (800, 500, True), (300, 0, False))
    for slider, (position, origin, enabled) in zip(sliders, states, strict=True):
        slider.set_position(position)
        slider.set_origin(origin)
        slider.setEnabled(enabled)
    return _stacked(*sliders)


def _gauge() -> QWidget:
    gauges = [Gauge("Data support", ("unsupported", "unusual", "supported")) for _ in range(4)]
    readings = (GaugeReading(0.86, 0.93, 2), GaugeReading(0.52, 0.8, 1), GaugeReading(0.02, 0.0, 0), None)
    for gauge, reading in zip(gauges, readings, strict=True):
        gauge.set_reading(reading, "" if reading else "Data support needs images to compare with.")
    return _stacked(*gauges)


def _history_slider() -> QWidget:
    slider = HistorySlider()
    slider.set_checkpoints(57, (31, 37, 43, 47, 50, 52, 54, 55, 56))
    slider.set_position(22)
    return slider


def _icon_button() -> QWidget:
    disabled = IconButton("save", "save")
    disabled.setEnabled(False)
    return _side_by_side(
        TextButton("play", "Start", role="primary", tip="Train with these settings"),
        *(IconButton(name, name, role="") for name in ("pause", "step", "stop", "reset")),
        *(IconButton(name, name) for name in ("fold-left", "dice", "camera")),
        disabled,
        fill(),
    )


def _latent_slider() -> QWidget:
    slider = LatentSlider(
        SliderRow(
            ("axis", 6),
            "z7",
            -3.0,
            3.0,
            name="slant, r = 0.93",
            meter=0.6,
            meter_text="1.53",
            active=True,
            muted=True,
            unit="standard deviations of the prior",
        )
    )
    slider.set_value(-1.25)
    slider.set_sigma(0.4)
    return slider


def _message_panel() -> QWidget:
    problem, note = MessagePanel(), MessagePanel()
    panels = _stacked(problem, note, fill())
    problem.show_message(
        "The file ends before its last image",
        where="/home/someone/.cache/aestudio/MNIST/raw/train-images-idx3-ubyte.gz",
        advice="Delete the file and try again, or choose a folder that has the four files of MNIST.",
        actions=(
            ("retry", "refresh", "Retry"),
            ("folder", "folder", "Choose a folder"),
            ("builtin", "digit", "Use the built-in images"),
        ),
    )
    note.show_message("MNIST could not be fetched, so these are the built-in images", kind="note")
    return panels


def _number_label() -> QWidget:
    labels = []
    for number, role in ((412000, ""), (60, "label"), (1111, "heading"), (4, "muted"), (0, "caption")):
        label = NumberLabel("000,000 images/s", role=role)
        label.set_text(f"{number:,} images/s")
        labels.append(label)
    return _stacked(*labels)


def _plane_view() -> QWidget:
    view, side = PlaneView(), 8
    images = sample_digits(side * side)
    channels, height, width = images.shape[1:]
    tiles = images.reshape(side, side, channels, height, width).transpose(2, 0, 3, 1, 4)
    whole = Frame(0, 0, 1, 1)
    view.set_window(whole, side)
    view.set_image(tiles.reshape(channels, side * height, side * width), whole, (height, width))
    ticks = tuple((share, f"{4 * share - 2:.0f}") for share in (0.0, 0.25, 0.5, 0.75, 1.0))
    view.set_axes((ticks, ticks), ("z1", "z2"))
    view.set_cross((0.6, 0.4))
    return view


def _setting_form() -> QWidget:
    recipe = find_recipe("denoising-conv-ae")
    infos = tuple(info for section in recipe.settings().values() for info in section)
    form = SettingForm(infos)
    form.set_values({info.name: recipe.value(info.name) for info in infos})
    form.set_essential(("latent_size", "channels", "learning_rate", "noise", "noise_strength", "epochs"))
    form.set_expanded(True)
    channels = form.row("channels").editor
    form.set_enabled_names({"learning_rate", "noise_strength", "channels"}, "Locked while training runs")
    if isinstance(channels, QAbstractSpinBox):
        channels.lineEdit().setText("16, none")
        channels.editingFinished.emit()
    return boxed(column(form, fill(), gap=None))


def _slider_button() -> QWidget:
    buttons = [SliderButton(mark) for mark in ("M", "S", "lock", "play", "reset-slider")]
    for button in buttons[1::2]:
        button.setChecked(True)
    return _side_by_side(*buttons)


def _slider_column() -> QWidget:
    sliders = SliderColumn()
    sliders.set_rows(
        [
            SliderRow(("axis", n), f"z{n + 1}", -3, 3, meter=1 / (n + 1), meter_text=f"{2 / (n + 1):.2f}")
            for n in range(8)
        ]
    )
    sliders.set_values([0.4 * n - 1 for n in range(8)], [0.1 * n for n in range(8)])
    return sliders


SAMPLES = {
    "architecture_diagram": Sample(_architecture_diagram, 320, 680),
    "class_bar": Sample(_class_bar, 640, 130),
    "image_grid": Sample(_image_grid, 1000, 700),
    "image_view": Sample(_image_view, 400, 440),
    "drawing_pad": Sample(_drawing_pad, 940, 340),
    "elided_label": Sample(_elided_label, 320, 160),
    "empty_state": Sample(_empty_state, 640, 360),
    "fine_slider": Sample(_fine_slider, 320, 160),
    "gauge": Sample(_gauge, 360, 220),
    "history_slider": Sample(_history_slider, 720, 48),
    "icon_button": Sample(_icon_button, 480, 80),
    "latent_slider": Sample(_latent_slider, 360, 80),
    "message_panel": Sample(_message_panel, 720, 300),
    "number_label": Sample(_number_label, 320, 260),
    "plane_view": Sample(_plane_view, 560, 520),
    "setting_form": Sample(_setting_form, 340, 760),
    "slider_button": Sample(_slider_button, 240, 60),
    "slider_column": Sample(_slider_column, 360, 420),
}
