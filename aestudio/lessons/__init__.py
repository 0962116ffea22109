"""Lessons: files that drive real trainings, with guesses that are scored against what is measured."""
