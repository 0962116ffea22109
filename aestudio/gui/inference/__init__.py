"""Requests to a snapshot, the thread that answers them, and what it keeps between them."""
