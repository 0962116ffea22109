"""The phases of a recipe in words."""

from aestudio.gui.window.sidebars.phase_facts import phase_lines
from aestudio.recipes.phase import SINGLE, Phase


def test_a_single_phase_needs_no_words():
    assert phase_lines(SINGLE) == []


def test_rate_and_frequency_of_each_phase():
    phases = (Phase("critic", "Critic", learning_rate=0.5), Phase("generator", "Generator", every=5))
    assert phase_lines(phases) == ["Critic: 0.5 × the learning rate, every step", "Generator: every 5 steps"]


def test_a_phase_that_begins_later():
    phases = (Phase("a", "Autoencoder"), Phase("b", "Prior", every=2, begins=1.5), Phase("c", "C", begins=20))
    assert phase_lines(phases)[1:] == [
        "Prior: every 2 steps, after 1.5 epochs",
        "C: every step, after 20 epochs",
    ]
