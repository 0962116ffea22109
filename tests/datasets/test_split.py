from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from aestudio.datasets.split import digests_of
from aestudio.datasets.split import test_indices as indices_for_testing
from aestudio.datasets.split import test_indices_by_content as indices_by_content


@given(st.lists(st.integers(0, 3), min_size=2, max_size=80))
def test_a_seventh_of_each_class_always_the_same(labels: list[int]) -> None:
    array = np.array(labels, np.int64)
    chosen = indices_for_testing(array, len(array))
    np.testing.assert_array_equal(chosen, indices_for_testing(array, len(array)))
    assert 0 < len(chosen) < len(array)
    assert len(set(chosen.tolist())) == len(chosen)
    for label in set(labels):
        count = labels.count(label)
        share = (array[chosen] == label).sum()
        assert share < count or count == 1
        assert abs(share - count / 7) <= 1


@given(st.integers(2, 1000))
def test_without_labels(count: int) -> None:
    chosen = indices_for_testing(None, count)
    assert len(chosen) == max(round(count / 7), 1)
    assert chosen.max() < count


def test_a_tiny_set_of_classes_with_one_image_each() -> None:
    assert indices_for_testing(np.arange(3), 3).tolist() == [2]


def kept_for_testing(images: np.ndarray, labels: np.ndarray | None = None) -> set[bytes]:
    return {images[index].tobytes() for index in indices_by_content(digests_of(images), labels)}


IMAGES = np.random.default_rng(0).integers(0, 256, (3000, 8, 8), np.uint8)


def test_about_a_seventh_by_content() -> None:
    assert abs(len(kept_for_testing(IMAGES)) / 3000 - 1 / 7) < 0.02


def test_ten_more_images_move_none_from_training_to_testing() -> None:
    few, more = IMAGES[:40], np.concatenate([IMAGES[2000:2010], IMAGES[:40]])
    before = {image.tobytes() for image in few} - kept_for_testing(few)
    assert not before & kept_for_testing(more)


def test_order_and_duplicates_change_nothing() -> None:
    shuffled = np.concatenate([IMAGES[::-1], IMAGES[:500]])
    chosen = indices_by_content(digests_of(shuffled), None)
    assert kept_for_testing(shuffled) == kept_for_testing(IMAGES)
    others = np.setdiff1d(np.arange(len(shuffled)), chosen)
    assert not kept_for_testing(shuffled) & {shuffled[index].tobytes() for index in others}


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 3)), min_size=2, max_size=40))
def test_no_part_is_empty_and_no_class_without_training(pairs: list[tuple[int, int]]) -> None:
    images = IMAGES[[number for number, _ in pairs]]
    labels = np.array([label for _, label in pairs], np.int64)
    chosen = indices_by_content(digests_of(images), labels)
    assert 0 < len(chosen) < len(pairs)
    different = len({number for number, _ in pairs}) > 1
    if different and len(np.unique(np.delete(labels, chosen))) < len(np.unique(labels)):
        # Only where one image, or its equals, had to be tested and is all that its class has.
        assert len(kept_for_testing(images, labels)) == 1
