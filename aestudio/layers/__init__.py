"""Kinds of layers, one file each: shapes, parameters and memory without torch, and how torch builds them."""
