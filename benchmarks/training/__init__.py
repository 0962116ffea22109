"""Loops that train the same models: the tutorials', the plainest fast one, and AE Studio's own."""
