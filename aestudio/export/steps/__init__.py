"""A model as plain steps, for what has no torch or none of this program."""
