"""The parts of the panel with the sheet of traversals."""
