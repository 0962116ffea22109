"""Sweeps: the dialog in which one is set up, and the window of those that are kept."""
