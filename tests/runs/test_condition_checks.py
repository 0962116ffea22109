"""What is said when a conditional model was not given its condition."""

from __future__ import annotations

import pytest

from aestudio.errors import StudioError
from aestudio.runs.condition_checks import given_condition
from tests.conditional.models import class_conditional, factor_conditional

TEXTS = {"labels_advice": "Name the class.", "factors_advice": "Name the class of factors."}


def test_the_advice_is_about_what_is_missing() -> None:
    for snapshot, advice, own in (
        (class_conditional(), "Pass `labels` with the class of each, or one class for all.", "labels_advice"),
        (
            factor_conditional(),
            "Pass `factors` with the numbers of each, or one row for all.",
            "factors_advice",
        ),
    ):
        with pytest.raises(StudioError) as caught:
            given_condition(snapshot.architecture, 3)
        assert caught.value.advice == advice
        with pytest.raises(StudioError) as caught:
            given_condition(snapshot.architecture, 3, **TEXTS)
        assert caught.value.advice == TEXTS[own]
