"""One training step in slow motion, from the batch to the update, with the numbers of one digit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QSignalBlocker, Qt, QTimer
from PySide6.QtWidgets import QDialog, QScrollArea, QSlider, QWidget

from aestudio.gui.state.slow_motion import Beginning, beginning_of
from aestudio.gui.theme.colours import as_shown
from aestudio.gui.theme.style import current_theme, set_role
from aestudio.gui.widgets.choice_box import ChoiceBox
from aestudio.gui.widgets.elided_label import ElidedLabel
from aestudio.gui.widgets.formula_label import FormulaLabel
from aestudio.gui.widgets.icon_button import IconButton, TextButton
from aestudio.gui.widgets.image_strip import ImageStrip
from aestudio.gui.widgets.image_view import ImageView
from aestudio.gui.widgets.layouts import boxed, column, fill, label, row
from aestudio.gui.window.slow_motion.layer_bars import LayerBars
from aestudio.gui.window.slow_motion.step_flow import StepFlow
from aestudio.gui.window.slow_motion.step_texts import formula_of, numbers_of, sentence_of, title_of
from aestudio.training.step_parts import parts_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtCore import QSize
    from PySide6.QtGui import QKeyEvent

    from aestudio.gui.controllers.session import Session
    from aestudio.gui.workers.messages import TaskDone
    from aestudio.progress import Progress
    from aestudio.training.step_parts import Floats, PhaseRecord, StepPart, StepRecord
    from aestudio.training.step_record import RecordedTraining

TASK = "slow motion"
AHEAD = 4  # steps that are computed at a time
_PICTURE, _SHOWN = 196, 12
_WIDTH, _HEIGHT = 900, 580
_LEAST_ROOM, _AROUND = (1024, 640), 24  # of the smallest window; of any window, what stays free
# Milliseconds between two moves, and whether a move is a whole step.
SPEEDS: dict[str, tuple[int, bool]] = {
    "key": (0, False),
    "part1": (1000, False),
    "part3": (333, False),
    "step1": (1000, True),
    "step4": (250, True),
}


def show_slow_motion(session: Session, window: QWidget) -> None:
    """Open the steps that come next; nothing happens without data."""
    beginning = beginning_of(session.state)
    if beginning is not None:
        SlowMotionWindow(session, window, beginning).show()


class SlowMotionWindow(QDialog):
    """The parts of a step one by one. The steps are those that the training would do; it does not do them."""

    def __init__(self, session: Session, parent: QWidget, beginning: Beginning) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("A training step in slow motion"))
        self._session, self._beginning, self._closed = session, beginning, False
        self._training: RecordedTraining | None = None
        self._computing = False
        self.records: list[StepRecord] = []
        self.at, self.part, self.image = 0, 0, 0
        self.flow = StepFlow()
        self.strip = ImageStrip(300, _SHOWN)
        self.picture = ImageView(smallest=_PICTURE)
        self.picture.set_hint("")
        self.heading, self.sentence = label("", "heading"), label("", "body")
        self.numbers, self.place, self.line = label("", "body"), label("", "caption"), label("", "body")
        self.formula, self.bars = FormulaLabel(), LayerBars()
        self.note = ElidedLabel(muted=True)
        self.note.set_mode(Qt.TextElideMode.ElideRight)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(self.tr("Part of the step"))
        self.back = IconButton("chevron-left", self.tr("One part back (Left)"))
        self.on = IconButton("chevron-right", self.tr("One part on (Right)"))
        self.play = IconButton("play", self.tr("Go on by itself, or stop (Space)"))
        self.speed = ChoiceBox(self.tr("Speed"), self.tr("How fast it goes on by itself"), self._speeds())
        self.close_button = TextButton("close", self.tr("Close"), role="quiet")
        self._clock = QTimer(self)
        self._lay_out()
        self._fit_into(parent.window().size())
        self._connect()
        self._compute()

    def _speeds(self) -> tuple[tuple[str, str], ...]:
        return (
            ("part1", self.tr("1 part a second")),
            ("part3", self.tr("3 parts a second")),
            ("step1", self.tr("1 step a second")),
            ("step4", self.tr("4 steps a second")),
        )

    def _lay_out(self) -> None:
        for text in (self.sentence, self.numbers, self.line):
            text.setWordWrap(True)
        set_role(self.line, "code")
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QScrollArea.Shape.NoFrame)
        set_role(scroll, "bare")
        self.told = boxed(column(self.numbers, self.bars, fill(), gap=8, margins=(0, 0, 8, 0)))
        set_role(self.told, "bare")
        scroll.setWidget(self.told)
        seen = column(self.strip, self.picture, fill(), gap=8)
        read = column(self.heading, self.sentence, self.formula, fill(scroll), self.place, self.line, gap=6)
        column(
            self.flow,
            fill(row(seen, fill(read), gap=24)),
            row(self.back, fill(self.slider), self.on, self.play, self.speed, gap=8),
            row(fill(self.note), self.close_button),
            gap=12,
            margins=16,
            on=self,
        )

    def _fit_into(self, room: QSize) -> None:
        """As large as its type asks for, if the window below has the room."""
        theme = current_theme()
        width, height = max(_LEAST_ROOM[0], room.width()), max(_LEAST_ROOM[1], room.height())
        self.resize(min(theme.px(_WIDTH), width - _AROUND), min(theme.px(_HEIGHT), height - _AROUND))

    def _connect(self) -> None:
        self.flow.chosen.connect(self.show_part)
        self.slider.valueChanged.connect(self.show_part)
        self.back.clicked.connect(lambda: self.move_by(-1))
        self.on.clicked.connect(lambda: self.move_by(1))
        self.play.clicked.connect(self.toggle)
        self.speed.chosen.connect(self._set_speed)
        self._clock.timeout.connect(self._tick)
        self.close_button.clicked.connect(self.accept)
        self.finished.connect(self._note_closed)
        for part in (self.slider, self.back, self.on, self.play, self.close_button):
            part.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keys belong to the window

    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Right | Qt.Key.Key_PageDown:
                self.move_by(1)
            case Qt.Key.Key_Left | Qt.Key.Key_PageUp:
                self.move_by(-1)
            case Qt.Key.Key_Space:
                self.toggle()
            case _:
                super().keyPressEvent(event)

    def _note_closed(self) -> None:
        self._closed = True
        self._clock.stop()

    # ---- what is computed ----------------------------------------------------------------------------

    def _compute(self) -> None:
        """Do some steps more, on a task's thread."""
        if self._computing:
            return
        self._computing = True
        beginning, known = self._beginning, self._training
        self._tell()

        def work(progress: Progress) -> tuple[RecordedTraining, list[StepRecord]]:
            from aestudio.training.step_record import RecordedTraining

            training = known or RecordedTraining(beginning.spec, beginning.dataset, beginning.checkpoint)
            records: list[StepRecord] = []
            for number in range(AHEAD):
                progress(number, AHEAD, "Doing steps")
                if training.loop.step < training.loop.total_steps:
                    records.append(training.step())
            return training, records

        def after(message: TaskDone) -> None:
            if not self._closed:
                self._take(message)

        self._session.run_task(TASK, "steps were being done in slow motion", work, after)

    def _take(self, message: TaskDone) -> None:
        self._computing = False
        if message.problem is not None or message.cancelled:
            self.note.set_text(str(message.problem or self.tr("Cancelled.")))
            self._clock.stop()
            return
        self._training, records = message.value
        first = not self.records
        self.records += records
        if first and self.records:
            self.image = self._like_selected(self.records[0])
        self.show_part(self.part)

    def _like_selected(self, record: StepRecord) -> int:
        """The first image of the batch with the class of the selected one, or the first."""
        place = self._session.state.selected_image
        if place is None or record.labels is None or place[0].labels is None:
            return 0
        same = np.flatnonzero(record.labels == place[0].labels[place[1]])
        return int(same[0]) if len(same) else 0

    # ---- moving --------------------------------------------------------------------------------------

    @property
    def record(self) -> StepRecord | None:
        """The step that is shown."""
        return self.records[self.at] if self.at < len(self.records) else None

    def show_part(self, part: int) -> None:
        """Show a part of the step, by its number."""
        record = self.record
        if record is None:
            self._tell()
            return
        parts = parts_of(record)
        self.part = max(0, min(part, len(parts) - 1))
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, len(parts) - 1)
            self.slider.setValue(self.part)
        self._show_flow(record, parts)
        self._show(record, parts[self.part])
        self._tell()

    def move_by(self, places: int) -> None:
        """Go to the next part, or with -1 to the one before; over the end of a step to the next."""
        record = self.record
        if record is None:
            return
        part, last = self.part + places, len(parts_of(record)) - 1
        if part > last:
            self._next_step(0)
        elif part >= 0:
            self.show_part(part)
        elif self.at > 0:
            self.at -= 1
            self.show_part(len(parts_of(self.records[self.at])) - 1)

    def _next_step(self, part: int) -> None:
        """Show a part of the next step, once it is known."""
        if self.at + 1 < len(self.records):
            self.at += 1
            self.show_part(part)
        if self.at + 2 >= len(self.records):
            self._compute()

    def toggle(self) -> None:
        """Go on by itself, or stop."""
        if self._clock.isActive():
            self._clock.stop()
        else:
            self._set_speed(self.speed.value)
            self._clock.start()
        self.play.set_icon("pause" if self._clock.isActive() else "play")

    def _set_speed(self, name: str) -> None:
        self._clock.setInterval(SPEEDS[name][0])

    def _tick(self) -> None:
        if SPEEDS[self.speed.value][1]:
            self._next_step(self.part)
        else:
            self.move_by(1)

    # ---- showing -------------------------------------------------------------------------------------

    def _show_flow(self, record: StepRecord, parts: tuple[StepPart, ...]) -> None:
        rows: list[tuple[str, tuple[str, ...]]] = []
        for number, phase in enumerate(record.phases):
            own = [part for part in parts if part.phase == number]
            rows.append((phase.title, tuple(title_of(part, record) for part in own)))
        self.flow.set_rows(tuple(rows))
        self.flow.light(self.part)

    def _show(self, record: StepRecord, part: StepPart) -> None:
        phase = record.phases[part.phase]
        title = title_of(part, record)
        self.heading.setText(f"{title}, {phase.title}" if len(record.phases) > 1 else title)
        self.sentence.setText(sentence_of(part, record))
        self.formula.set_formula(formula_of(part, record, self._beginning.spec.recipe))
        terms = self._beginning.spec.recipe.objective.terms()
        self.numbers.setText(numbers_of(part, phase, self.image, self._label(record), terms))
        self.numbers.setVisible(bool(self.numbers.text()))
        lengths = part.kind in ("gradients", "update")
        self.bars.setVisible(lengths)
        if lengths:
            self.bars.set_rows(_lengths(part, phase))
        code = None if self._training is None else self._training.code.get(part.kind)
        self.place.setText("" if code is None else code.place)
        self.line.setText("" if code is None else code.text)
        images = self._images(record, part)
        paper = self._session.state.ink_on_paper
        self.strip.set_images(as_shown(images, paper))
        self.picture.set_image(as_shown(images[self.image], paper))

    def _images(self, record: StepRecord, part: StepPart) -> NDArray[np.uint8]:
        """What is seen: the images, what the encoder takes, or what the decoder gives."""
        phase = record.phases[part.phase]
        order = [one for one in parts_of(record) if one.phase == part.phase]
        decoded = (
            part.kind in [one.kind for one in order[_index(order, "decoder") :]]
            if part.kind != "batch"
            else False
        )
        shape = record.images.shape[1:]
        if decoded and phase.output is not None:
            return _pixels(phase.output)
        if part.kind != "batch" and phase.encoded is not None and phase.encoded.shape[1:] == shape:
            return _pixels(phase.encoded)
        return record.images

    def _label(self, record: StepRecord) -> str:
        if record.labels is None or record.labels[self.image] < 0:
            return ""
        names = self._beginning.dataset.test.class_names
        number = int(record.labels[self.image])
        name = names[number] if number < len(names) else str(number)
        return self.tr("The large image is of the class {}.").format(name)

    def _tell(self) -> None:
        record = self.record
        if record is None:
            self.note.set_text(self.tr("The next steps are being done ..."))
            return
        text = self.tr("The training waits, and will do the same step, bit for bit: step {} of {}")
        self.note.set_text(text.format(f"{record.number + 1:,}", self._beginning.title))


def _index(order: list[StepPart], kind: str) -> int:
    """Where a kind is in a phase; behind its end if it has none."""
    return next((index for index, one in enumerate(order) if one.kind == kind), len(order))


def _lengths(part: StepPart, phase: PhaseRecord) -> list[tuple[str, float | None]]:
    # In the order in which the data go through them: the layers of the code are between the two networks.
    places = ("encoder", "objective", "decoder")
    changes = sorted(phase.changes, key=lambda one: places.index(one.name.partition(".")[0]))
    if part.kind == "gradients":
        return [(one.name, one.gradient) for one in reversed(changes)]
    return [(one.name, one.change) for one in changes]


def _pixels(images: Floats) -> NDArray[np.uint8]:
    """Images float (N, C, H, W) as they are shown, cut to [0, 1]."""
    return np.rint(images.clip(0, 1) * 255).astype(np.uint8)
