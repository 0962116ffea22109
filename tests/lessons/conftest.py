"""A small lesson whose runs train within a second, and its texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from aestudio.lessons.lesson_file import LessonFile, read_lesson

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LESSON = """\
schema = 1
minutes = 3
dataset = "builtin"

[runs.vae]
recipe = "vae"
seed = 3
settings = { hidden = [16], latent_size = 2, epochs = 4, batch_size = 40, validation_images = 60 }

[[steps]]
id = "fresh"
phase = "do"
view = "reconstruct"
actions = [
  { do = "start", run = "vae" },
  { do = "select_digit", index = 4 },
]
values = { error = { measure = "mse_per_pixel" } }

[[steps]]
id = "ask"
phase = "predict"

[steps.guess]
kind = "number"
measure = "mse_per_pixel"
relative_step = 0
low = 0.0
high = 1.0

[[steps]]
id = "train"
phase = "do"
actions = [
  { do = "advance", steps = 6 },
  { do = "change", setting = "beta", value = 4.0 },
  { do = "advance", steps = 6 },
]

[[steps]]
id = "why"
phase = "explain"
values = { left = { measure = "mse_per_pixel", relative_step = 0 } }

[[steps.expect]]
measure = "mse_per_pixel"
relative_step = 0
most = 1.2

[[steps]]
id = "curve"
phase = "predict"

[steps.guess]
kind = "curve"
measure = "validation.loss"
epochs = 2
low = 0.0
high = 600.0

[[steps]]
id = "branch"
phase = "do"
actions = [
  { do = "advance", steps = 14 },
  { do = "go_to", step = 12 },
  { do = "branch", run = "free", settings = { beta = 0.0 } },
  { do = "advance", steps = 12 },
]

[[steps]]
id = "compared"
phase = "explain"
start = { run = "vae", step = 26 }

[[steps]]
id = "where"
phase = "predict"

[steps.guess]
kind = "point"
digit = 4

[[steps]]
id = "there"
phase = "explain"

[[steps]]
id = "order"
phase = "predict"

[steps.guess]
kind = "order"
measure = "class_mse_per_pixel"
run = "free"
items = ["0", "1", "7"]

[[steps]]
id = "ordered"
phase = "explain"

[[steps]]
id = "choice"
phase = "predict"

[steps.guess]
kind = "choice"
measure = "code_spread"
run = "free"
relative_to = "vae"
bounds = [0.5, 1.0]

[[steps]]
id = "chosen"
phase = "explain"
"""
QUESTIONS = {"ask", "curve", "where", "order", "choice"}
STEPS = ("fresh", "ask", "train", "why", "curve", "branch", "compared", "where", "there", "order", "ordered")
ALL = (*STEPS, "choice", "chosen")


def texts_of(steps: tuple[str, ...] = ALL) -> str:
    """Texts for these steps of the small lesson."""
    lines = [
        'language = "en"',
        'title = "A small lesson"',
        'summary = "For tests."',
        "[runs]",
        'vae = "The VAE"',
    ]
    for step in steps:
        lines += [f"[steps.{step}]", f'title = "Step {step}"']
        numbers = {"fresh": " {error}", "why": " **{left}** is left."}.get(step, "")
        lines.append(f'say = "Says {step}.{numbers}"')
        if step in QUESTIONS:
            lines.append(f'question = "What about {step}?"')
        if step == "choice":
            lines.append('options = ["less", "a little less", "more"]')
    return "\n".join(lines)


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """`written(lesson, texts)` -> the path of a lesson with these files."""

    def write(lesson: str = LESSON, texts: str | None = None) -> Path:
        path = tmp_path / "small.lesson.toml"
        path.write_text(lesson, encoding="utf-8")
        path.with_name("small.en.toml").write_text(texts_of() if texts is None else texts, encoding="utf-8")
        return path

    return write


@pytest.fixture
def small_lesson(written: Callable[..., Path]) -> LessonFile:
    """The small lesson."""
    return read_lesson(written())
