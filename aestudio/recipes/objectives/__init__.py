"""Declarations of objectives, one file each."""
