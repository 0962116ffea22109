"""Animations and sheets of decoded images."""
