"""Exceptions as problems that can be shown."""

from __future__ import annotations

import errno

import pytest

from aestudio.errors import BadChoice, StudioError
from aestudio.gui.workers.error_report import as_problem


def test_problems_for_people_stay_what_they_are() -> None:
    for error in (StudioError("no"), BadChoice("recipe", "x", ["y"])):
        assert as_problem(error, "testing") is error


@pytest.mark.parametrize(
    ("error", "words", "advice"),
    [
        (MemoryError(), "Memory ran out while testing", "smaller batch"),
        (RuntimeError("CUDA out of memory. Tried ..."), "Memory ran out while testing", "smaller batch"),
        (OSError(errno.ENOSPC, "No space left on device", "/x/run"), "The disk is full", "Free some space"),
        (KeyError("weight"), "KeyError: 'weight'", "report"),
    ],
)
def test_others_are_put_into_words_and_logged(
    error: Exception, words: str, advice: str, caplog: pytest.LogCaptureFixture
) -> None:
    problem = as_problem(error, "testing")
    assert words in problem.what
    assert advice in problem.advice
    assert len(caplog.records) == 1
    assert caplog.records[0].exc_info is not None
    assert "/x/run" in problem.where or not isinstance(error, OSError)
