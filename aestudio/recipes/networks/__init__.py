"""Declarations of networks, one file each."""
