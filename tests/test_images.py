"""The small data sets of tests/images.py are what they say, always the same."""

from __future__ import annotations

from tests.images import colour_32, grey_28x20, without_labels


def test_shapes() -> None:
    for make, array, classes in ((colour_32, (3, 32, 32), 4), (grey_28x20, (1, 28, 20), 10)):
        dataset = make()
        assert (dataset.shape.image.array, dataset.shape.classes) == (array, classes)
        assert (len(dataset.train), len(dataset.test)) == (400, 100)
        assert dataset.facts == make.__wrapped__().facts
        assert without_labels(dataset).shape.classes == 0
        for part in (dataset.train, dataset.test):
            assert part.labels is not None
            assert set(part.labels.tolist()) == set(range(classes))


def test_classes_can_be_learned() -> None:
    """The nearest training image, whatever its colour, mostly is of the same class."""
    dataset = colour_32()
    train, test = (
        part.images.max(axis=1).reshape(len(part), -1) / 255 for part in (dataset.train, dataset.test)
    )
    assert dataset.train.labels is not None
    squares = (test**2).sum(axis=1)[:, None] + (train**2).sum(axis=1) - 2 * test @ train.T
    assert (dataset.train.labels[squares.argmin(axis=1)] == dataset.test.labels).mean() > 0.9


def test_colour_is_real() -> None:
    channels = colour_32().train.images.astype(int)
    assert (channels.max(axis=1) - channels.min(axis=1)).mean() > 20
