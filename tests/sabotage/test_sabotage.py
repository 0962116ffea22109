"""Every kind of sabotage is declared whole, found by its name, and refused where it means nothing."""

from __future__ import annotations

import subprocess
import sys

import pytest

from aestudio.datasets.image_shape import MNIST
from aestudio.errors import BadChoice
from aestudio.recipes.architecture import Architecture
from aestudio.recipes.library import find_recipe
from aestudio.sabotage.diagnostics import DIAGNOSTICS
from aestudio.sabotage.sabotage import AppliedSabotage, sabotage_of_counters
from aestudio.sabotage.sabotage_list import (
    check_sabotage,
    choices_of,
    find_sabotage,
    marked,
    names,
    sabotages,
    title_of_sabotage,
    warning,
)

KINDS = (
    *("dead_relu", "fast_beta_ramp", "fast_learning_rate", "kl_sign", "kl_twice", "leaked_labels"),
    *("no_reparameterisation", "noisy_target", "weak_decoder", "wrong_normalisation"),
)


def architecture(name: str, **settings: object) -> Architecture:
    return Architecture(find_recipe(name).with_settings(dict(settings)), MNIST)


def test_all_kinds_are_found_by_their_files() -> None:
    assert names() == KINDS
    assert all(find_sabotage(name).name == name for name in names())


@pytest.mark.parametrize("name", KINDS)
def test_each_names_its_diagnostic_among_four(name: str) -> None:
    kind = sabotages()[name]
    choices = choices_of(name)
    assert len(choices) == 4
    assert kind.diagnostic in [one.name for one in choices]
    assert [one.name for one in choices] == [one for one in DIAGNOSTICS if one in {c.name for c in choices}]
    assert kind.summary.endswith(".")
    assert kind.symptom.endswith(".")
    assert kind.explanation.endswith(".")
    assert DIAGNOSTICS[kind.diagnostic].title.lower() not in kind.symptom.lower(), "the symptom gives it away"


@pytest.mark.parametrize(
    ("recipe", "possible"),
    [
        ("vae", set(KINDS) - {"leaked_labels"}),
        ("conv-vae", set(KINDS) - {"leaked_labels"}),
        (
            "conv-ae",
            {"dead_relu", "fast_learning_rate", "noisy_target", "weak_decoder", "wrong_normalisation"},
        ),
        ("digit-classifier", {"dead_relu", "fast_learning_rate", "leaked_labels"}),
        ("gan", {"fast_learning_rate"}),
        ("pca", set()),
        ("tied-ae", {"dead_relu", "fast_learning_rate", "noisy_target", "wrong_normalisation"}),
    ],
)
def test_what_cannot_be_done_says_why(recipe: str, possible: set[str]) -> None:
    reasons = {name: kind.applies_to(architecture(recipe)) for name, kind in sabotages().items()}
    assert {name for name, reason in reasons.items() if not reason} == possible, reasons
    assert not any(reason.endswith(".") for reason in reasons.values())


def test_a_kl_without_weight_has_no_sign() -> None:
    assert "β is 0" in find_sabotage("kl_sign").applies_to(architecture("vae", beta=0.0))


def test_a_narrow_decoder_is_weak_already() -> None:
    assert find_sabotage("weak_decoder").applies_to(architecture("vae", hidden=(6,)))


def test_checks_name_what_is_possible() -> None:
    check_sabotage("kl_sign", architecture("vae"))
    with pytest.raises(BadChoice, match="noisy_target"):
        check_sabotage("kl_sign", architecture("conv-ae"))
    with pytest.raises(BadChoice, match="kl_twice"):
        check_sabotage("kl-sign", architecture("vae"))
    with pytest.raises(BadChoice):
        choices_of("nothing")


def test_the_mark_is_put_once() -> None:
    once = marked("VAE, latent 2", "kl_sign")
    assert once == "SABOTAGED (KL sign) VAE, latent 2"
    assert marked(once, "kl_sign") == once
    assert marked("VAE", "") == "VAE"
    assert title_of_sabotage("of_a_later_version") == "of_a_later_version"
    assert "KL sign" in warning("kl_sign")


def test_a_checkpoint_keeps_name_and_step() -> None:
    applied = AppliedSabotage("kl_sign", 1234)
    assert sabotage_of_counters({"step": 9.0, **applied.counters()}) == applied
    assert sabotage_of_counters({"step": 9.0}) is None


def test_the_ramp_rises_to_its_end() -> None:
    values = []
    for since in (0, 99, 199, 5000):
        live = {"beta": 1.0}
        assert find_sabotage("fast_beta_ramp").plan(live, 0.1, since) == 0.1
        values.append(live["beta"])
    assert values == [1.25, 26.0, 51.0, 51.0]


def test_it_imports_without_torch_and_qt() -> None:
    code = (
        "import sys; from aestudio.sabotage.sabotage_list import sabotages; sabotages(); "
        "print([name for name in ('torch', 'PySide6') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[]", done.stderr
