"""Requests to a snapshot, the thread that computes them, and its cache."""
