"""Codes and curves as arrays and tables."""
