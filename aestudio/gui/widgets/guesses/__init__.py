"""Editors of the five kinds of guesses of a lesson, which also show what was measured."""
