"""Rows of example images, and the menu that adds one."""
