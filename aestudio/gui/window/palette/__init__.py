"""The palette: a list of everything that can be done or shown, found by typing."""
