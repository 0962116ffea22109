"""The views in the centre of the window, one folder each: a new folder with NAME_view.py is a new tab."""
