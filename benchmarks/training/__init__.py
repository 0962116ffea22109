"""Loops that train the same models: the tutorials', a plain fast one, and AE Studio's."""
