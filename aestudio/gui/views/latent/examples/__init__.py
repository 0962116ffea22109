"""Rows of example images, and the ways to add one."""
