"""Readers of the users' file formats, one file each."""
