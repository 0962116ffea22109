"""Names of axes that settle over several measurements, and are different for different axes."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from aestudio.analysis.attribute_discovery import Association, AxisName
from aestudio.analysis.settled_names import MARGIN, NEWEST, SettledNames, scores_of

MEASURES = ("area", "width", "slant")


def measured(images: int = 4, verdict: str = "", **scores: float) -> AxisName:
    """A measurement in which these measures have these lower bounds of |r|, with effects of one σ."""
    associations = {
        measure: Association(scores.get(measure, 0.0), scores.get(measure, 0.0), 1.0) for measure in MEASURES
    }
    best = max(MEASURES, key=lambda measure: scores.get(measure, 0.0))
    if scores.get(best, 0.0) < 0.5 or verdict:
        return AxisName(verdict or "mixed", "", 0.0, 0.0, associations, images)  # type: ignore[arg-type]
    return AxisName("measure", best, scores[best], 1.0, associations, images)


def shown(names: SettledNames) -> list[str]:
    return ["–" if name is None else name.measure or name.verdict for name in names.names()]


def test_the_score_is_that_by_which_an_axis_is_named() -> None:
    name = measured(area=0.9, width=0.6, slant=0.4)
    assert scores_of(name) == {"area": 0.9, "width": 0.6}
    assert scores_of(measured(verdict="nothing", area=0.9)) == {}


def test_an_axis_is_named_at_once_and_nothing_is_said_before() -> None:
    names = SettledNames(2)
    names.measured(1, measured(area=0.8), "step 1")
    assert shown(names) == ["–", "area"]
    name = names.names()[1]
    assert name is not None
    assert (name.verdict, name.r, name.effect, name.images) == ("measure", 0.8, 1.0, 4)


def test_a_name_does_not_change_for_a_measurement_that_is_a_little_better_for_another() -> None:
    names = SettledNames(1)
    for step in range(20):
        odd = step % 2
        names.measured(0, measured(width=0.80 - 0.02 * odd, area=0.79 + 0.02 * odd), f"step {step}")
        assert shown(names) == ["width"]
    newest = names.names()[0]
    assert newest is not None
    assert newest.r == 0.78, "the number is that of the newest measurement"


def test_a_name_changes_when_another_is_better_by_a_margin_for_a_while() -> None:
    names, seen = SettledNames(1), []
    for step in range(3):
        names.measured(0, measured(width=0.9, area=0.55), f"step {step}")
        names.names()
    for step in range(3, 3 + NEWEST + 1):
        names.measured(0, measured(width=0.55, area=0.95), f"step {step}")
        seen += shown(names)
    assert seen[0] == "width"
    assert seen[-1] == "area"
    assert sum(one != other for one, other in pairwise(seen)) == 1, "it changes once"


def test_one_measurement_makes_no_name_of_mixed_and_several_do() -> None:
    names = SettledNames(1)
    for step in range(NEWEST):
        names.measured(0, measured(), f"step {step}")
    assert shown(names) == ["mixed"]
    names.measured(0, measured(slant=0.51 * 0.7), "step 10")
    names.measured(0, measured(slant=0.6), "step 11")
    names.names()
    for step in range(12, 16):
        names.measured(0, measured(slant=0.7), f"step {step}")
    assert shown(names) == ["slant"]


def test_a_name_that_is_no_longer_measured_goes() -> None:
    names = SettledNames(1)
    names.measured(0, measured(area=0.9), "step 0")
    assert shown(names) == ["area"]
    seen = []
    for step in range(1, NEWEST + 1):
        names.measured(0, measured(verdict="little"), f"step {step}")
        seen += shown(names)
    assert seen[0] == "area"
    assert seen[-1] == "little"


def test_more_images_of_the_same_step_replace_the_measurement_before() -> None:
    names = SettledNames(1)
    names.measured(0, measured(4, area=0.9), "step 1")
    names.measured(0, measured(48, area=0.6, slant=0.95), "step 1")
    assert shown(names) == ["slant"]
    name = names.names()[0]
    assert name is not None
    assert name.images == 48


def test_the_second_best_is_shown_where_the_best_is_taken() -> None:
    names = SettledNames(3)
    names.measured(0, measured(area=0.8, width=0.7), "step 1")
    names.measured(1, measured(area=0.9, width=0.6), "step 1")
    names.measured(2, measured(area=0.7), "step 1")
    assert shown(names) == ["width", "area", "area"], "of the third nothing else is known: it keeps the best"


def test_two_axes_do_not_exchange_a_name_that_both_deserve() -> None:
    names = SettledNames(2)
    for step in range(12):
        odd = step % 2
        names.measured(0, measured(area=0.80 + 0.03 * odd, width=0.7), f"step {step}")
        names.measured(1, measured(area=0.83 - 0.03 * odd, width=0.7), f"step {step}")
        assert shown(names) == ["width", "area"]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 3), st.fixed_dictionaries({measure: st.floats(0, 1) for measure in MEASURES})
        ),
        max_size=40,
    )
)
def test_every_name_was_measured_lately_and_a_repeated_one_has_no_alternative(
    measurements: list[tuple[int, dict[str, float]]],
) -> None:
    names, lately = SettledNames(4), [list[AxisName]() for _ in range(4)]
    for step, (index, scores) in enumerate(measurements):
        name = measured(**scores)
        names.measured(index, name, step)
        lately[index] = [*lately[index], name][-NEWEST:]
        for one, axis in zip(names.names(), lately, strict=True):
            assert (one is None) == (not axis)
            if one is not None and one.verdict == "measure":
                assert any(one.measure in scores_of(name) for name in axis)
    assert 0 < MARGIN < 1
