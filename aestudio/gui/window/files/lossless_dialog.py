"""Compress without loss, step by step: what each image pops from the coder's stack, and pushes onto it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QSlider, QWidget

from aestudio.datasets.dataset import part_of
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.theme.style import current_theme
from aestudio.gui.widgets.icon_button import IconButton, TextButton
from aestudio.gui.widgets.image_view import ImageView
from aestudio.gui.widgets.layouts import column, fill, label, row
from aestudio.gui.widgets.stack_bar import Block, StackBar

if TYPE_CHECKING:
    from aestudio.codec.lossless_steps import LosslessSteps
    from aestudio.datasets.dataset import ImageSet
    from aestudio.gui.controllers.session import Session
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.progress import Progress
    from aestudio.training.events import Snapshot

TASK = "lossless steps"
IMAGES = 12
_ACTS = 3  # of each image: pop a code, push the pixels, push the code
_PICTURE = 140
_WIDTH, _HEIGHT, _MOST_WIDTH, _MOST_HEIGHT = 760, 480, 980, 600


class LosslessDialog(QDialog):
    """A slider over the steps; picture, sentence and stack belong to the step that it is at."""

    def __init__(self, session: Session, parent: QWidget, snapshot: Snapshot, images: ImageSet) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Compress without loss, step by step"))
        self._session, self._closed, self._title = session, False, snapshot.recipe.title
        self._of = self.tr("{}, step {}").format(self._title, f"{snapshot.step:,}")
        self.steps: LosslessSteps | None = None
        self.picture = ImageView(smallest=_PICTURE)
        self.picture.set_hint("")
        self.act, self.cost = label("", "heading"), label("", "muted")
        self.total, self.others = label("", "body"), label("", "muted")
        for text in (self.act, self.cost, self.total, self.others):
            text.setWordWrap(True)
        self.stack = StackBar()
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(self.tr("Step"))
        self.slider.setPageStep(_ACTS)
        self.back = IconButton("chevron-left", self.tr("One step back"))
        self.on = IconButton("chevron-right", self.tr("One step on"))
        self.close_button = TextButton("close", self.tr("Close"), role="quiet")
        self._lay_out()
        self._connect()
        self._start(snapshot, images)

    def _lay_out(self) -> None:
        told = column(self.act, self.cost, fill(), gap=6)
        column(
            row(self.picture, fill(told), gap=20),
            self.stack,
            row(self.back, fill(self.slider), self.on, gap=8),
            self.total,
            self.others,
            fill(),
            row(label(self._of, "muted"), fill(), self.close_button),
            gap=12,
            margins=24,
            on=self,
        )
        theme = current_theme()  # large type must not make it larger than the smallest window
        self.resize(min(theme.px(_WIDTH), _MOST_WIDTH), min(theme.px(_HEIGHT), _MOST_HEIGHT))

    def _connect(self) -> None:
        self.slider.valueChanged.connect(self.show_step)
        self.back.clicked.connect(lambda: self.slider.setValue(self.slider.value() - 1))
        self.on.clicked.connect(lambda: self.slider.setValue(self.slider.value() + 1))
        self.close_button.clicked.connect(self.accept)
        self.finished.connect(self._note_closed)

    def _note_closed(self) -> None:
        self._closed = True

    # ---- what is computed --------------------------------------------------------------------------

    def _start(self, snapshot: Snapshot, images: ImageSet) -> None:
        self.act.setText(self.tr("{} images are being compressed ...").format(len(images)))
        for part in (self.slider, self.back, self.on):
            part.setEnabled(False)

        def work(progress: Progress) -> LosslessSteps:
            from aestudio.codec.lossless_steps import lossless_steps
            from aestudio.inference.frozen_model import FrozenModel
            from aestudio.training.threads import use_threads

            use_threads()
            return lossless_steps(FrozenModel(snapshot), images.images, progress)

        def after(message: TaskDone) -> None:
            if not self._closed:
                self._take(message)

        self._session.run_task(TASK, "images were being compressed without loss", work, after)

    def _take(self, message: TaskDone) -> None:
        if message.problem is not None or message.cancelled:
            self.act.setText(str(message.problem or self.tr("Cancelled.")))
            return
        self.steps = message.value
        for part in (self.slider, self.back, self.on):
            part.setEnabled(True)
        self.slider.setRange(0, _ACTS * len(message.value.images))
        self._tell_total(message.value)
        self.slider.setFocus()
        self.show_step(self.slider.value())

    def _tell_total(self, steps: LosslessSteps) -> None:
        count, pixels = len(steps.images), steps.images.size
        net, sizes = steps.file.net_bits, steps.file.container.sizes
        text = self.tr(
            "All {} images: {} bits each, {} per pixel; the bound (−ELBO) says {}. The file has {} bytes: "
            "{} of header, and {} bits for the first message."
        )
        values = (f"{net / count:.1f}", f"{net / pixels:.4f}", f"{steps.elbo / count:.1f}")
        self.total.setText(text.format(count, *values, sizes.total, sizes.header, f"{steps.file.first:.0f}"))
        kind = self.tr("of these black and white images") if steps.binary else self.tr("of these images")
        each = ", ".join(f"{other.name} {other.bits / count:,.0f}" for other in steps.others)
        self.others.setText(self.tr("Other programs, bits each {}: {}.").format(kind, each))

    # ---- one step ----------------------------------------------------------------------------------

    def show_step(self, position: int) -> None:
        """Show the stack after this number of steps: three for each image."""
        steps = self.steps
        if steps is None:
            return
        self.back.setEnabled(position > 0)
        self.on.setEnabled(position < self.slider.maximum())
        done, act = divmod(max(0, position - 1), _ACTS)
        self.picture.set_image(as_shown(steps.images[done], self._session.state.ink_on_paper))
        self.picture.set_caption(self.tr("{} of {}").format(done + 1, len(steps.images)))
        self.act.setText(self._act_text(position, act))
        self.cost.setText(self._cost_text(steps, position, done, act))
        self.stack.set_blocks(self._blocks(steps, position, done, act), _longest(steps))

    def _act_text(self, position: int, act: int) -> str:
        if position == 0:
            return self.tr("Before the first image: random bits")
        return (
            self.tr("1. Pop: bits of the stack choose a code"),
            self.tr("2. Push: the pixels, given the code"),
            self.tr("3. Push: the code, under the prior"),
        )[act]

    def _cost_text(self, steps: LosslessSteps, position: int, done: int, act: int) -> str:
        if position == 0:
            return self.tr("{} bits, by which its code is chosen: the price of the first message").format(
                f"{steps.file.first:.1f}"
            )
        step = steps.file.steps[done]
        if act == 0:
            return self.tr("{} bits fewer, under the posterior; the decoder gets them back").format(
                f"{step.popped:.1f}"
            )
        if act == 1:
            return self.tr("{} bits more, under the likelihood").format(f"{step.pixels:.1f}")
        text = self.tr("{} bits more. Together: −{} + {} + {} = {} bits.")
        terms = (step.code, step.popped, step.pixels, step.code, step.net)
        return text.format(*(f"{value:.1f}" for value in terms))

    def _blocks(self, steps: LosslessSteps, position: int, done: int, act: int) -> list[Block]:
        first = self.tr("The first message: {} bits").format(f"{steps.file.first:.1f}")
        blocks = [Block("first", steps.file.first, first)]
        for number, step in enumerate(steps.file.steps[:done], 1):
            text = self.tr("Image {}: {} bits").format(number, f"{step.net:.1f}")
            blocks.append(Block("image", step.net, text))
        if position == 0:
            return blocks
        step = steps.file.steps[done]
        popped = self.tr("Popped: {} bits").format(f"{step.popped:.1f}")
        blocks = _without(blocks, step.popped)
        if act == 0:
            return [*blocks, Block("popped", step.popped, popped)]
        pixels = Block("pixels", step.pixels, self.tr("Pixels: {} bits").format(f"{step.pixels:.1f}"))
        if act == 1:
            return [*blocks, pixels]
        return [
            *blocks,
            pixels,
            Block("code", step.code, self.tr("Code: {} bits").format(f"{step.code:.1f}")),
        ]


def _without(blocks: list[Block], bits: float) -> list[Block]:
    """The blocks less this number of bits at the top."""
    left = list(blocks)
    while left and bits > 0:
        top = left.pop()
        if top.bits > bits:
            left.append(Block(top.kind, top.bits - bits, top.text))
        bits -= top.bits
    return left


def _longest(steps: LosslessSteps) -> float:
    """The most bits that are ever on the stack."""
    return max(steps.file.first, *(step.stack for step in steps.file.steps))


def show_lossless(session: Session, parent: QWidget) -> None:
    """Open the steps of the selected image and those after it; nothing happens without one."""
    state = session.state
    if state.snapshot is None or state.selected_image is None:
        return
    image_set, index = state.selected_image
    images = part_of(image_set, slice(index, index + IMAGES))
    LosslessDialog(session, parent, state.snapshot, images).open()
