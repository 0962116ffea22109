"""Sentences about what has no meaning for a model."""

from __future__ import annotations

import pytest

from aestudio.recipes.requirements import not_measured
from tests.conditional.models import class_conditional, factor_conditional
from tests.gui.conftest import tiny_snapshot
from tests.latent_models import snapshot_of


@pytest.mark.parametrize("kind", ["codebook", "categorical"])
def test_discrete_codes_have_errors_and_no_gap(kind: str) -> None:
    (sentence,) = not_measured(snapshot_of(kind).architecture)
    assert sentence.endswith("so there is no mutual information gap.")


def test_a_generator_has_neither_errors_nor_a_gap() -> None:
    errors, gap = not_measured(snapshot_of("gan").architecture)
    assert errors == "This model does not encode images, so there is no error of reconstructions."
    assert gap == "This model does not encode images, so there is no mutual information gap."


def test_a_classifier_decodes_nothing() -> None:
    errors, gap = not_measured(tiny_snapshot("digit-classifier").architecture)
    assert errors.startswith("This model decodes nothing")
    assert gap.startswith("This model has no code")


def test_nothing_is_left_out_for_continuous_codes() -> None:
    assert not_measured(tiny_snapshot().architecture) == ()
    assert not_measured(snapshot_of("levels").architecture) == ()


def test_conditional_models_were_told_something() -> None:
    assert not_measured(class_conditional().architecture) == ("The model was told the class of each image.",)
    assert not_measured(factor_conditional().architecture) == (
        "The model was told the factors of each image.",
    )
    assert not_measured(class_conditional(latent_size=1).architecture) == (
        "A code of one number has no mutual information gap.",
        "The model was told the class of each image.",
    )
