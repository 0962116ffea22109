"""The digits that views show: the selection of a lasso, or the test set."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from aestudio.datasets.dataset import take
from aestudio.gui.views.shared.selected_digits import SelectedDigits


def test_a_selection_is_gathered_from_test_and_training_digits_once(studio_session):
    session, following = studio_session, SelectedDigits()
    test, train = session.state.image_sets
    assert following.of(session.state) is test
    session.workspace.select(np.array([3, 60 + 7, 59, 10_000]))
    found = following.of(session.state)
    assert found is not None
    np.testing.assert_array_equal(found.images, np.stack([test.images[3], train.images[7], test.images[59]]))
    np.testing.assert_array_equal(found.labels, [test.labels[3], train.labels[7], test.labels[59]])
    assert following.of(replace(session.state, hovered=4)) is found, "the same question again"
    assert following.selected(found)
    assert following.number(session.state, 1) == 67
    session.workspace.undo()
    assert following.of(session.state) is test
    assert not following.selected(test)
    assert following.number(session.state, 5) == 5


def test_a_selection_of_digits_that_are_gone_is_none(studio_session):
    following = SelectedDigits()
    studio_session.workspace.select(np.array([9_999]))
    assert following.of(studio_session.state) is studio_session.state.image_set


def test_labels_are_known_only_where_all_parts_have_them(few_digits):
    from aestudio.datasets.dataset import ImageSet

    bare = ImageSet(few_digits.train.images)
    assert take((few_digits.test, bare), np.array([0, 61])).labels is None
    assert len(take((), np.array([0]))) == 0
