"""The kinds of sabotage, one file each, found by its name."""
