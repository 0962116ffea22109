"""Reusable widgets: setters in, signals out. They know nothing about training or files."""
