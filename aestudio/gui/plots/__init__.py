"""Plots: setters in, signals out. Each opens alone: `python -m aestudio.gui.plots.class_map`."""
