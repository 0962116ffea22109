"""The view that compares two to four runs with one difference, and its parts."""
