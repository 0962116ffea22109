"""Mistakes that a training can be given on purpose, to be seen, found and repaired."""
