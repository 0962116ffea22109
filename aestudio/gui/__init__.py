"""The window.

Layers from the top: window, views, controllers, inference, workers, state, plots, widgets, theme.
"""
