"""Objectives, one folder each: settings in config.py (no torch), losses in module.py."""
