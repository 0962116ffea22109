"""The images that views show: the selection of a lasso, or the test set."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from aestudio.datasets.dataset import take
from aestudio.gui.views.shared.selected_images import SelectedImages


def test_a_selection_is_copied_once_from_test_and_training_images(studio_session):
    session, selected = studio_session, SelectedImages()
    test, train = session.state.image_sets
    assert selected.of(session.state) is test
    session.workspace.select(np.array([3, 60 + 7, 59, 10_000]))
    images = selected.of(session.state)
    assert images is not None
    np.testing.assert_array_equal(images.images, np.stack([test.images[3], train.images[7], test.images[59]]))
    np.testing.assert_array_equal(images.labels, [test.labels[3], train.labels[7], test.labels[59]])
    assert selected.of(replace(session.state, hovered=4)) is images, "the same set as before"
    assert selected.selected(images)
    assert selected.number(session.state, 1) == 67
    session.workspace.undo()
    assert selected.of(session.state) is test
    assert not selected.selected(test)
    assert selected.number(session.state, 5) == 5


def test_a_selection_of_images_that_do_not_exist_is_ignored(studio_session):
    selected = SelectedImages()
    studio_session.workspace.select(np.array([9_999]))
    assert selected.of(studio_session.state) is studio_session.state.image_set


def test_labels_are_known_only_if_all_parts_have_them(few_digits):
    from aestudio.datasets.dataset import ImageSet

    bare = ImageSet(few_digits.train.images)
    assert take((few_digits.test, bare), np.array([0, 61])).labels is None
    assert len(take((), np.array([0]))) == 0
