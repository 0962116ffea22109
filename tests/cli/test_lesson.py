"""`aestudio lesson`: list, check, prepare, handout and guesses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aestudio.lessons.lesson_record import KeptGuess, LessonRecord, record_path, write_lesson_record
from tests.lessons.conftest import LESSON, texts_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer

STEPS = ("fresh", "ask", "train", "why")
SHORT = LESSON[: LESSON.index('[[steps]]\nid = "curve"')]


def lesson_in(folder: Path, text: str = SHORT) -> Path:
    path = folder / "short.lesson.toml"
    path.write_text(text, encoding="utf-8")
    path.with_name("short.en.toml").write_text(texts_of(STEPS), encoding="utf-8")
    return path


def test_lessons_are_listed(aestudio: Callable[..., Answer]) -> None:
    answer = aestudio("lesson", "list")
    assert answer.code == 0
    assert "what-an-autoencoder-is" in answer.out
    listed = aestudio("lesson", "list", "--json").json
    assert {one["name"] for one in listed} >= {"holes", "what-an-autoencoder-is"}
    assert {step["phase"] for step in listed[0]["steps"]} == {"predict", "do", "explain", "explore"}


def test_a_lesson_is_checked_and_written(aestudio: Callable[..., Answer], tmp_path: Path) -> None:
    path, out = lesson_in(tmp_path), tmp_path / "handout.html"
    answer = aestudio("lesson", "check", path)
    assert answer.code == 0, answer.err
    assert "1 of 1 expectations hold." in answer.out
    checked = aestudio("lesson", "check", path, "--json").json
    assert checked["passed"]
    assert [step["id"] for step in checked["steps"]] == list(STEPS)
    assert "prepared. Its runs train for" in aestudio("lesson", "prepare", path).out
    assert aestudio("lesson", "handout", path, "--out", out).code == 0
    assert "A small lesson" in out.read_text(encoding="utf-8")
    again = aestudio("lesson", "handout", path, "--out", out)
    assert again.code == 1
    assert "This file already exists" in again.line


def test_what_does_not_hold_ends_the_check(aestudio: Callable[..., Answer], tmp_path: Path) -> None:
    answer = aestudio("lesson", "check", lesson_in(tmp_path, SHORT.replace("most = 1.2", "most = 0.01")))
    assert answer.code == 1
    assert "0 of 1 expectations hold." in answer.out
    assert "The lesson expects what was not measured (why: mse_per_pixel of vae" in answer.line


def test_wrong_words_are_refused(aestudio: Callable[..., Answer], tmp_path: Path) -> None:
    path = lesson_in(tmp_path, SHORT.replace('phase = "do"', 'phase = "doo"', 1))
    assert "did you mean do?" in aestudio("lesson", "check", path).line
    assert aestudio("lesson", "teach", path).code == 2
    assert aestudio("lesson", "check").code == 2
    assert aestudio("lesson", "check", "nothing").code == 2
    assert aestudio("lesson", "handout", path, "--out", "a.pdf").code == 2


def test_guesses_become_a_table(aestudio: Callable[..., Answer], tmp_path: Path) -> None:
    record = LessonRecord("small", "2026-11-29T20:00:00+00:00").with_guess(
        KeptGuess("ask", "How much?", "number", 0.4, "2026-11-29T20:01:00+00:00", 0.5, 0.8)
    )
    write_lesson_record(record, record_path(record))
    assert "ask,How much?,number,0.4" in aestudio("lesson", "guesses").out
    out = tmp_path / "guesses.csv"
    assert aestudio("lesson", "guesses", "small", "--out", out).out.startswith("1 guesses of 1 lessons")
    assert out.read_text(encoding="utf-8").count("\n") == 2
